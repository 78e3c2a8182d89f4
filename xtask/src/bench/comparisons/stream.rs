//! The memory of a long listing, which must not grow with it, and what fetching ahead brings.

use anyhow::Result;

use super::{grouped, script, subject, told};
use crate::bench::{Setting, process::Server, table::Table};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    Ok(vec![memory(setting)?, prefetch(setting)?])
}

fn memory(setting: &Setting) -> Result<Table> {
    let mut table = Table::new(
        "stream",
        "Memory of a listing read to its end",
        "",
        &[("peak memory", "MB"), ("contacts a second", ""), ("CPU", "µs a contact")],
    );
    let (short, long) = setting.pick((100, 400), (10_000, 50_000), (10_000, 1_000_000));
    "One search reaches 10,000 contacts; past them there is `complete`.".clone_into(&mut table.note);
    for (subject_name, how, rows) in [
        ("stream", "stream", short),
        ("complete", "complete", short),
        ("complete", "complete", long),
        ("Python", "stream", short),
        ("Python complete", "complete", short),
        ("Python complete", "complete", long),
    ] {
        let count = rows.to_string();
        let server = Server::start(&setting.program, &["--rows", &count, "--page", "0"])?;
        let measured = if subject_name.starts_with("Python") {
            script(setting, "stream.py", &[how, &server.url, &count])?
        } else {
            subject(setting, &["stream", how, &server.url, "--rows", &count])?
        };
        let rows = told(&measured, "rows")?;
        let (wall, cpu) = (told(&measured, "wall_s")?, told(&measured, "cpu_s")?);
        let values = [told(&measured, "peak_mb")?, rows / wall, cpu / rows * 1e6];
        table.add(&format!("{subject_name}, {}", grouped(rows as u64)), &values);
    }
    Ok(table)
}

fn prefetch(setting: &Setting) -> Result<Table> {
    let rows = setting.pick("200", "1000", "10000");
    let mut table = Table::new(
        "prefetch",
        "Reading pages of 100 that take 100 ms each, with pages fetched ahead",
        "",
        &[("contacts a second, rows used at once", ""), ("contacts a second, 100 ms of work a page", "")],
    );
    "Where a page begins is only known when the one before has come, so pages come one after another: fetching ahead hides \
     them behind the work on the rows, and no more than that."
        .clone_into(&mut table.note);
    let server =
        Server::start(&setting.program, &["--rows", rows, "--delay-from", "100", "--delay-to", "100"])?;
    for ahead in ["0", "1", "4"] {
        let mut values = Vec::new();
        for work in ["0", "100"] {
            let arguments =
                ["stream", "stream", &server.url, "--rows", rows, "--prefetch", ahead, "--work", work];
            let measured = subject(setting, &arguments)?;
            values.push(told(&measured, "rows")? / told(&measured, "wall_s")?);
        }
        table.add(&format!("{ahead} ahead"), &values);
    }
    Ok(table)
}
