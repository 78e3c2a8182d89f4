//! Who gets how much of a quota of 300 in a window, from a server that counts strictly and takes 50 ms to 1.5 s to answer.
//! The minute is scaled down, and the answers with it.

use anyhow::Result;

use super::{subject, told};
use crate::bench::{Setting, process::Server, table::Table};

/// How much faster than life the whole goes.
const SCALE: f64 = 20.0;

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let window = 60.0 / SCALE;
    let windows = setting.pick(2.0, 5.0);
    let mut table = Table::new(
        "quota",
        "Using a quota of 300 a minute, the minute scaled to 3 s",
        "",
        &[("share used", "%"), ("refused with 429", ""), ("CPU", "s")],
    );
    "`loop` calls one after another, `sleep` does so with the pause that 300 a minute allow, `backoff` waits exponentially after \
     a 429, each caller for itself. The number is of concurrent callers."
        .clone_into(&mut table.note);
    for callers in [1_u32, 8, 64] {
        for name in ["loop", "sleep", "backoff", "grinfi"] {
            // A server for each, so that nobody finds the quota used by somebody else.
            let (from, to) = ((50.0 / SCALE).to_string(), (1500.0 / SCALE).to_string());
            let arguments =
                ["--quota", "300", "--window", &window.to_string(), "--delay-from", &from, "--delay-to", &to];
            let server = Server::start(&setting.program, &arguments)?;
            let (callers_text, window_text, windows_text) =
                (callers.to_string(), window.to_string(), windows.to_string());
            let arguments = ["quota", name, &server.url, "--callers", &callers_text, "--quota", "300"];
            let measured = subject(
                setting,
                &[&arguments[..], &["--window", &window_text, "--windows", &windows_text]].concat(),
            )?;
            let counted = server.counted()?;
            let share = 100.0 * told(&counted, "granted")? / (300.0 * windows);
            table.add(
                &format!("{name}, {callers}"),
                &[share, told(&counted, "refused")?, told(&measured, "cpu_s")?],
            );
        }
    }
    Ok(vec![table])
}
