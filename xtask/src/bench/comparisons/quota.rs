//! Who gets how much of a quota of 300 in a window, from a server that counts strictly and takes 50 ms to 1.5 s to answer.
//! The minute is scaled down, and the answers with it.

use anyhow::Result;

use super::{subject, told};
use crate::bench::{Setting, process::Server, table::Table};

/// How much faster than life the whole goes.
const SCALE: f64 = 20.0;

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let window = 60.0 / SCALE;
    let windows = setting.pick(0.1, 1.5, 5.0);
    let names = setting.pick(
        &["grinfi", "loop", "sleep", "backon"][..],
        &["grinfi", "backon"],
        &["grinfi", "loop", "sleep", "backon"],
    );
    let mut table = Table::new(
        "quota",
        "Using a quota of 300 a minute, the minute scaled to 3 s",
        "",
        &[("share used", "%"), ("share in the long run", "%"), ("refused with 429", ""), ("CPU", "s")],
    );
    "The number is of concurrent callers; answers take 50 ms to 1.5 s, or up to 150 ms from the quick server. `loop` calls \
     one after another, `sleep` does so with the 0.2 s between them that 300 a minute allow, `backon` waits exponentially \
     after a 429, each caller for itself. One caller that waits for every answer makes some 77 calls a minute at 775 ms \
     each: no client can use more of the quota for it. `grinfi` keeps a place until a minute after its answer, since the \
     API may count a request as late as then; that is what its share in the long run is short of 100 %, with the 50 ms \
     that it adds for clocks, and which are not scaled."
        .clone_into(&mut table.note);
    let callers = [(1_u32, "1, quick server", 150.0), (64, "64", 1500.0), (1, "1", 1500.0), (8, "8", 1500.0)];
    for (callers, label, slowest) in callers.into_iter().take(setting.pick(4, 2, 4)) {
        for name in names {
            // A server for each, so that nobody finds the quota used by somebody else.
            let (from, to) = ((50.0 / SCALE).to_string(), (slowest / SCALE).to_string());
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
            let share = told(&counted, "granted")? / (300.0 * windows);
            // Where no place was used a second time, the share so far is all there is to go by.
            let lasting = told(&counted, "lasting_share").unwrap_or(share);
            let refused = told(&counted, "refused")?;
            let values = [100.0 * share, 100.0 * lasting, refused, told(&measured, "cpu_s")?];
            table.add(&format!("{name}, {label}"), &values);
        }
    }
    Ok(vec![table, two_processes(setting)?])
}

/// Two processes on one key, neither of which knows of the other, each with the whole quota as its setting.
fn two_processes(setting: &Setting) -> Result<Table> {
    let window = 60.0 / SCALE;
    let windows = setting.pick(0.1, 1.5, 5.0);
    let columns = [("share used", "%"), ("smaller part", "%"), ("refused with 429", ""), ("failed", "")];
    let mut table = Table::new("quota-processes", "Two processes on one key, 8 callers each", "", &columns);
    "The smaller part is that of the process that got less of what was granted. A 429 of this server does not say how long to \
     wait. Failed are the calls that ended in an error."
        .clone_into(&mut table.note);
    for name in ["grinfi", "backon"] {
        let (from, to) = ((50.0 / SCALE).to_string(), (150.0 / SCALE).to_string());
        let (window_text, windows_text) = (window.to_string(), windows.to_string());
        let arguments =
            ["--quota", "300", "--window", &window_text, "--delay-from", &from, "--delay-to", &to];
        let server = Server::start(&setting.program, &arguments)?;
        let arguments = ["quota", name, &server.url, "--callers", "8", "--quota", "300"];
        let arguments = [&arguments[..], &["--window", &window_text, "--windows", &windows_text]].concat();
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| subject(setting, &arguments));
            (subject(setting, &arguments), first.join())
        });
        let first = first?;
        let second = second.map_err(|_| anyhow::anyhow!("the thread of the second process panicked"))??;
        let answered = [told(&first, "answered")?, told(&second, "answered")?];
        let failed = told(&first, "failed")? + told(&second, "failed")?;
        let counted = server.counted()?;
        let granted = told(&counted, "granted")?;
        let smaller = answered[0].min(answered[1]) / (answered[0] + answered[1]).max(1.0);
        let values =
            [100.0 * granted / (300.0 * windows), 100.0 * smaller, told(&counted, "refused")?, failed];
        table.add(name, &values);
    }
    Ok(table)
}
