//! What one small call costs. Instructions are counted by callgrind, where there is one: the same each time, whatever else
//! the machine does.

use std::process::Command;

use anyhow::{Context, Result};

use super::{subject, told};
use crate::bench::{
    Setting,
    process::{Server, output},
    table::Table,
};

const SUBJECTS: [&str; 3] = ["reqwest", "raw", "grinfi"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let server = Server::start(&setting.program, &[])?;
    let counts =
        Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success());
    let first = if counts { ("instructions", "") } else { ("CPU", "µs") };
    let mut table = Table::new(
        "call",
        "One small call",
        "reqwest",
        &[first, ("CPU with allocations counted", "µs"), ("allocations", ""), ("allocated", "bytes")],
    );
    "Retries, quota and spans are on in `grinfi`, and nobody reads the spans. The server is on the same machine.".clone_into(&mut table.note);
    for _ in 0..setting.pick(2, 7) {
        for name in SUBJECTS {
            let calls = 2000.0;
            let measured = subject(setting, &["call", name, &server.url, "--calls", "2000"])?;
            let cpu = told(&measured, "cpu_s")? / calls * 1e6;
            let first = if counts { instructions(setting, name, &server.url)? } else { cpu };
            let (allocations, bytes) = (told(&measured, "allocations")?, told(&measured, "allocated_bytes")?);
            table.add(name, &[first, cpu, allocations, bytes]);
        }
    }
    Ok(vec![table])
}

/// The instructions of one call: the difference of two runs, so that starting and connecting fall out.
fn instructions(setting: &Setting, name: &str, url: &str) -> Result<f64> {
    let count = |calls: &str| -> Result<f64> {
        let out = setting.root.join("target/bench/callgrind.out");
        let mut command = Command::new("valgrind");
        command
            .args(["--tool=callgrind", "--log-fd=1", &format!("--callgrind-out-file={}", out.display())])
            .arg(&setting.program)
            .args(["call", name, url, "--calls", calls]);
        let text = output(&mut command)?;
        text.lines()
            .find_map(|line| line.split("Collected :").nth(1)?.trim().parse().ok())
            .with_context(|| format!("callgrind counted nothing: {text}"))
    };
    Ok((count("600")? - count("100")?) / 500.0)
}
