//! The sandbox compared with Prism, a generic mock server, on the same description under the same load.

use std::process::Command;

use anyhow::Result;

use super::{number_of, workload};
use crate::bench::{
    Setting, Size,
    process::{KEY, Measured},
    table::Table,
};

/// A filter on two fields, which about a fifth of the seeded contacts match.
const SEARCH: &str =
    r#"{"filter": {"company_name": "ExampleCorp", "created_at": {">=": "2020-01-01"}}, "limit": 20}"#;
const MEASURES: [(&str, &str); 5] = [
    ("searches a second", ""),
    ("CPU", "µs a search"),
    ("start", "ms"),
    ("memory, idle", "MB"),
    ("memory, 100,000 contacts", "MB"),
];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let title = "The sandbox: searching 10,000 contacts by two fields, pages of 20";
    let mut table = Table::new("sandbox", title, "Prism", &MEASURES);
    "Prism returns the same example row for each search, and stores no contacts. The start is until the first \
     response."
        .clone_into(&mut table.note);
    let seconds = setting.pick("0.05", "0.5", "2");
    for _ in 0..setting.pick(1, 2, 9) {
        let idle = Measured::start(|port| sandbox(setting, port, "demo"))?;
        let idle_memory = idle.memory_mb()?;
        let full = Measured::start(|port| sandbox(setting, port, setting.pick("1000", "100000", "100000")))?;
        load(setting, &full, "0.05", "20")?;
        let full_memory = full.memory_mb()?;
        drop(full);
        let searched =
            Measured::start(|port| sandbox(setting, port, setting.pick("1000", "10000", "10000")))?;
        let [rate, cpu] = load(setting, &searched, seconds, "20")?;
        table.add("grinfi-sandbox", &[rate, cpu, idle.start * 1e3, idle_memory, full_memory]);
        drop((idle, searched));
        if let Some(prism) = &setting.prism {
            let server = Measured::start(|port| prism.command(port))?;
            let memory = server.memory_mb()?;
            // The first requests warm up servers with a JIT compiler.
            if setting.size == Size::Whole {
                load(setting, &server, "3", "1")?;
            }
            let [rate, cpu] = load(setting, &server, seconds, "1")?;
            table.add("Prism", &[rate, cpu, server.start * 1e3, memory]);
        }
    }
    Ok(vec![table])
}

/// The sandbox as a program, without the rate limit.
pub fn sandbox(setting: &Setting, port: u16, seed: &str) -> Command {
    let mut command = Command::new(&setting.sandbox);
    command.args(["--port", &port.to_string(), "--seed", seed, "--rate-limit", "off", "--key", KEY]);
    command
}

/// Searches for a while: searches per second, and the server's CPU time for each in microseconds.
pub fn load(setting: &Setting, server: &Measured, seconds: &str, rows: &str) -> Result<[f64; 2]> {
    let before = server.cpu_s()?;
    let arguments = ["load", &server.url, "--body", SEARCH, "--seconds", seconds, "--rows", rows];
    let measured = workload(setting, &arguments)?;
    let searches = number_of(&measured, "searches")?;
    let cpu = server.cpu_s()? - before;
    Ok([searches / number_of(&measured, "wall_s")?, cpu / searches * 1e6])
}
