//! The memory of a long listing, which must not grow with it.

use anyhow::Result;

use super::{subject, told};
use crate::bench::{Setting, process::Server, table::Table};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let mut table = Table::new(
        "stream",
        "Memory of a listing read to its end",
        "",
        &[("peak memory", "MB"), ("contacts a second", ""), ("CPU", "µs a contact")],
    );
    let long = setting.pick("50000", "1000000");
    // One search reaches 10,000 rows; beyond that there is `complete`.
    for (name, rows) in [("stream", "10000"), ("complete", "10000"), ("complete", long)] {
        let server = Server::start(&setting.program, &["--rows", rows, "--page", "0"])?;
        let measured = subject(setting, &["stream", name, &server.url, "--rows", rows])?;
        let count = told(&measured, "rows")?;
        let (wall, cpu) = (told(&measured, "wall_s")?, told(&measured, "cpu_s")?);
        table
            .add(&format!("{name}, {rows}"), &[told(&measured, "peak_mb")?, count / wall, cpu / count * 1e6]);
    }
    Ok(vec![table])
}
