//! Writing many contacts to a slow server with failures: each result is reported, and no contact is written twice.

use anyhow::{Result, ensure};

use super::{grouped, number_of, workload};
use crate::bench::{
    Setting,
    process::Server,
    table::{Plot, Table},
};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let contacts = setting.pick(100_u64, 500, 10_000);
    let mut table = Table::new(
        "write",
        &format!("{} upserts of 300 ms each, 1 % failing, no rate limit", grouped(contacts)),
        "",
        &[
            ("wall", "s"),
            ("written", ""),
            ("unknown outcome", ""),
            ("of these written", ""),
            ("written twice", ""),
            ("CPU", "s"),
        ],
    );
    table.plot = Plot::Curve { across: "upserts at a time".to_owned() };
    "Half of the failures happen before the write and half after it. The response does not show which, so each is reported as \
     an unknown outcome and not retried."
        .clone_into(&mut table.note);
    for concurrency in setting.pick(&["64"][..], &["64", "256"], &["32", "64", "128", "256"]) {
        let arguments = ["--delay-from", "300", "--delay-to", "300", "--failing", "10"];
        let server = Server::start(&setting.program, &arguments)?;
        let count = contacts.to_string();
        let arguments = ["write", &server.url, "--contacts", &count, "--concurrency", concurrency];
        let measured = workload(setting, &arguments)?;
        let counted = server.counted()?;
        let (written, failed, unknown) = (
            number_of(&measured, "written")?,
            number_of(&measured, "failed")?,
            number_of(&measured, "unknown")?,
        );
        let (before, after) = (number_of(&counted, "failed_before")?, number_of(&counted, "failed_after")?);
        let there = number_of(&counted, "written")?;
        let twice = number_of(&counted, "written_twice")?;
        let accounts = written + failed + unknown == contacts as f64
            && failed + unknown == before + after
            && there == written + after
            && twice == 0.0;
        ensure!(accounts, "{measured} does not account for what the server saw: {counted}");
        let values =
            [number_of(&measured, "wall_s")?, written, unknown, after, twice, number_of(&measured, "cpu_s")?];
        table.add(&format!("{concurrency} at a time"), &values);
    }
    Ok(vec![table])
}
