//! Reading 20,000 contacts in Python: one attribute of each contact, and all of them.

use anyhow::Result;

use super::{all_numbers, script};
use crate::bench::{Setting, process::Server, table::Table};

const SUBJECTS: [&str; 5] =
    ["grinfi", "httpx+msgspec", "httpx+pydantic", "requests+json", "openapi-python-client"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let (rows, times) = setting.pick(("200", "1"), ("5000", "1"), ("10000", "2"));
    let server = Server::start(&setting.program, &["--rows", rows, "--flat"])?;
    let mut tables = Vec::new();
    for (reads, what) in [("one", "one attribute"), ("all", "all 47 attributes")] {
        let count = setting.pick("200", "5,000", "20,000");
        let mut table = Table::new(
            &format!("python-{reads}"),
            &format!("Reading {count} contacts in pages of 100 and {what} of each, Python"),
            "httpx+msgspec",
            &[("CPU", "s"), ("wall", "s"), ("peak memory", "MB")],
        );
        for _ in 0..setting.pick(1, 2, 9) {
            for name in setting.python()?.workloads(&SUBJECTS) {
                let measured = script(setting, "decode.py", &[name, &server.url, rows, times, reads])?;
                table.add(name, &all_numbers(&measured, &["cpu_s", "wall_s", "peak_mb"])?);
            }
        }
        tables.push(table);
    }
    Ok(tables)
}
