//! Writing many contacts against a slow server that fails now and then: each is accounted for, and none is written twice.

use anyhow::{Result, ensure};

use super::{subject, told};
use crate::bench::{Setting, process::Server, table::Table};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let contacts = setting.pick("500", "10000");
    let mut table = Table::new(
        "write",
        &format!("{contacts} upserts of 300 ms each, 1 % failing, no quota"),
        "",
        &[
            ("wall", "s"),
            ("written", ""),
            ("failed", ""),
            ("unknown outcome", ""),
            ("written twice", ""),
            ("CPU", "s"),
        ],
    );
    for concurrency in setting.pick(&["64"][..], &["16", "64", "256"][..]) {
        let arguments = ["--delay-from", "300", "--delay-to", "300", "--failing", "10"];
        let server = Server::start(&setting.program, &arguments)?;
        let arguments = ["write", &server.url, "--contacts", contacts, "--concurrency", concurrency];
        let measured = subject(setting, &arguments)?;
        let counted = server.counted()?;
        let (written, failed, unknown) =
            (told(&measured, "written")?, told(&measured, "failed")?, told(&measured, "unknown")?);
        let all: f64 = contacts.parse()?;
        ensure!(written + failed + unknown == all, "{measured} does not account for {contacts} contacts");
        let twice = told(&counted, "written_twice")?;
        let values = [told(&measured, "wall_s")?, written, failed, unknown, twice, told(&measured, "cpu_s")?];
        table.add(&format!("{concurrency} at a time"), &values);
    }
    Ok(vec![table])
}
