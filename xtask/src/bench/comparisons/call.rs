//! What one small call costs.

use anyhow::Result;

use super::{subject, told};
use crate::bench::{Setting, callgrind, process::Server, table::Table};

const SUBJECTS: [&str; 3] = ["reqwest", "raw", "grinfi"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let server = Server::start(&setting.program, &[])?;
    let counts = callgrind::counts(setting);
    let first = if counts { ("instructions", "") } else { ("CPU", "µs") };
    let mut table = Table::new(
        "call",
        "One small call",
        "reqwest",
        &[first, ("CPU with allocations counted", "µs"), ("allocations", ""), ("allocated", "bytes")],
    );
    "Retries, quota and spans are on in `grinfi`, and nobody reads the spans. The server is on the same machine."
        .clone_into(&mut table.note);
    let calls = setting.pick("20", "2000", "2000");
    for _ in 0..setting.pick(1, 1, 5) {
        for name in SUBJECTS {
            let measured = subject(setting, &["call", name, &server.url, "--calls", calls])?;
            let cpu = told(&measured, "cpu_s")? / told(&measured, "calls")? * 1e6;
            let first = if counts {
                let [less, more] = ["100", "600"].map(|calls| ["call", name, &server.url, "--calls", calls]);
                callgrind::difference(setting, &less, &more)? / 500.0
            } else {
                cpu
            };
            let (allocations, bytes) = (told(&measured, "allocations")?, told(&measured, "allocated_bytes")?);
            table.add(name, &[first, cpu, allocations, bytes]);
        }
    }
    Ok(vec![table])
}
