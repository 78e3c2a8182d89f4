//! Writing many contacts against a slow server that fails now and then: each is accounted for, and none is written twice.

use anyhow::{Result, ensure};

use super::{grouped, subject, told};
use crate::bench::{
    Setting,
    process::Server,
    table::{Plot, Table},
};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let contacts = setting.pick(100_u64, 500, 10_000);
    let mut table = Table::new(
        "write",
        &format!("{} upserts of 300 ms each, 1 % failing, no quota", grouped(contacts)),
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
    "Half of the failures come before the effect and half after it. Nobody can tell from the answer, so each is reported as \
     an unknown outcome, and none is repeated."
        .clone_into(&mut table.note);
    for concurrency in setting.pick(&["64"][..], &["64", "256"], &["32", "64", "128", "256"]) {
        let arguments = ["--delay-from", "300", "--delay-to", "300", "--failing", "10"];
        let server = Server::start(&setting.program, &arguments)?;
        let count = contacts.to_string();
        let arguments = ["write", &server.url, "--contacts", &count, "--concurrency", concurrency];
        let measured = subject(setting, &arguments)?;
        let counted = server.counted()?;
        let (written, failed, unknown) =
            (told(&measured, "written")?, told(&measured, "failed")?, told(&measured, "unknown")?);
        let (before, after) = (told(&counted, "failed_before")?, told(&counted, "failed_after")?);
        let there = told(&counted, "written")?;
        let twice = told(&counted, "written_twice")?;
        let accounts = written + failed + unknown == contacts as f64
            && failed + unknown == before + after
            && there == written + after
            && twice == 0.0;
        ensure!(accounts, "{measured} does not account for what the server saw: {counted}");
        let values = [told(&measured, "wall_s")?, written, unknown, after, twice, told(&measured, "cpu_s")?];
        table.add(&format!("{concurrency} at a time"), &values);
    }
    Ok(vec![table])
}
