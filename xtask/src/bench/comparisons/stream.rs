//! The memory of a long listing, which must be constant, and the effect of prefetching.

use anyhow::Result;

use super::{grouped, number_of, script, workload};
use crate::bench::{Setting, process::Server, table::Table};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    Ok(vec![memory(setting)?, prefetch(setting)?])
}

fn memory(setting: &Setting) -> Result<Table> {
    let mut table = Table::new(
        "stream",
        "Peak memory of a whole listing",
        "",
        &[("peak memory", "MB"), ("contacts a second", ""), ("CPU", "µs a contact")],
    );
    let (short, long) = setting.pick((100, 400), (10_000, 50_000), (10_000, 1_000_000));
    "One search returns 10,000 contacts; `complete` returns more.".clone_into(&mut table.note);
    for (workload_name, how, rows) in [
        ("stream", "stream", short),
        ("complete", "complete", short),
        ("complete", "complete", long),
        ("Python", "stream", short),
        ("Python complete", "complete", short),
        ("Python complete", "complete", long),
    ] {
        let count = rows.to_string();
        let server = Server::start(&setting.program, &["--rows", &count, "--page", "0"])?;
        let measured = if workload_name.starts_with("Python") {
            script(setting, "stream.py", &[how, &server.url, &count])?
        } else {
            workload(setting, &["stream", how, &server.url, "--rows", &count])?
        };
        let rows = number_of(&measured, "rows")?;
        let (wall, cpu) = (number_of(&measured, "wall_s")?, number_of(&measured, "cpu_s")?);
        let values = [number_of(&measured, "peak_mb")?, rows / wall, cpu / rows * 1e6];
        table.add(&format!("{workload_name}, {}", grouped(rows as u64)), &values);
    }
    Ok(table)
}

fn prefetch(setting: &Setting) -> Result<Table> {
    let rows = setting.pick("200", "1000", "10000");
    let mut table = Table::new(
        "prefetch",
        "Reading pages of 100 that take 100 ms each, with prefetching",
        "",
        &[("contacts a second, rows used at once", ""), ("contacts a second, 100 ms of work a page", "")],
    );
    "The start of a page is known after the page before it, so pages are requested one after another: prefetching only \
     overlaps requests with the work on the rows."
        .clone_into(&mut table.note);
    let server =
        Server::start(&setting.program, &["--rows", rows, "--delay-from", "100", "--delay-to", "100"])?;
    for ahead in ["0", "1", "4"] {
        let mut values = Vec::new();
        for work in ["0", "100"] {
            let arguments =
                ["stream", "stream", &server.url, "--rows", rows, "--prefetch", ahead, "--work", work];
            let measured = workload(setting, &arguments)?;
            values.push(number_of(&measured, "rows")? / number_of(&measured, "wall_s")?);
        }
        table.add(&format!("{ahead} ahead"), &values);
    }
    Ok(table)
}
