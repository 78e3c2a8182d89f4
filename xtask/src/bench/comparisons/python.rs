//! The same from Python: one attribute of each contact, and all of them.

use anyhow::Result;

use super::all_told;
use crate::bench::{
    Setting,
    process::{Server, measure},
    table::Table,
};

const SUBJECTS: [&str; 5] =
    ["grinfi", "httpx+msgspec", "httpx+pydantic", "requests+json", "openapi-python-client"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let server = Server::start(&setting.program, &["--rows", "10000", "--flat"])?;
    let script = setting.root.join("tests/bench/python/decode.py");
    let mut tables = Vec::new();
    for (reads, what) in [("one", "one attribute"), ("all", "all 47 attributes")] {
        let mut table = Table::new(
            &format!("python-{reads}"),
            &format!("Reading 20,000 contacts in pages of 100 and {what} of each, Python"),
            "httpx+msgspec",
            &[("CPU", "s"), ("wall", "s"), ("peak memory", "MB")],
        );
        for _ in 0..setting.pick(2, 9) {
            for name in SUBJECTS {
                let mut command = setting.peers()?.python();
                command.arg(&script).args([name, &server.url, "10000", "2", reads]);
                table.add(name, &all_told(&measure(&mut command)?, &["cpu_s", "wall_s", "peak_mb"])?);
            }
        }
        tables.push(table);
    }
    Ok(tables)
}
