//! The cost of one small request.

use anyhow::Result;

use super::{number_of, workload};
use crate::bench::{Setting, callgrind, process::Server, table::Table};

const SUBJECTS: [&str; 3] = ["reqwest", "raw", "grinfi"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let server = Server::start(&setting.program, &[])?;
    let counts = callgrind::counts(setting);
    let first = if counts { ("instructions", "") } else { ("CPU", "µs") };
    let mut table = Table::new(
        "call",
        "One small request",
        "reqwest",
        &[first, ("CPU with allocations counted", "µs"), ("allocations", ""), ("allocated", "bytes")],
    );
    "`grinfi` has retries, rate limit and spans enabled, without a subscriber for the spans. The server is on the same machine."
        .clone_into(&mut table.note);
    let calls = setting.pick("20", "2000", "2000");
    for _ in 0..setting.pick(1, 1, 5) {
        for name in SUBJECTS {
            let measured = workload(setting, &["call", name, &server.url, "--calls", calls])?;
            let cpu = number_of(&measured, "cpu_s")? / number_of(&measured, "calls")? * 1e6;
            let first = if counts {
                let [less, more] = ["100", "600"].map(|calls| ["call", name, &server.url, "--calls", calls]);
                callgrind::difference(setting, &less, &more)? / 500.0
            } else {
                cpu
            };
            let (allocations, bytes) =
                (number_of(&measured, "allocations")?, number_of(&measured, "allocated_bytes")?);
            table.add(name, &[first, cpu, allocations, bytes]);
        }
    }
    Ok(vec![table])
}
