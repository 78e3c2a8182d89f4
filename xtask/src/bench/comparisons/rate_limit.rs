//! The share of a rate limit of 300 requests per window that callers use. The server counts strictly, and responds within
//! 50 ms to 1.5 s. Both times are scaled down.

use anyhow::Result;

use super::{number_of, workload};
use crate::bench::{Setting, process::Server, table::Table};

/// The factor by which times are scaled down.
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
        "rate-limit",
        "Using a rate limit of 300 requests a minute, with the minute scaled to 3 s",
        "",
        &[("share used", "%"), ("share in the long run", "%"), ("rejected with 429", ""), ("CPU", "s")],
    );
    "The number is that of concurrent callers. Responses take 50 ms to 1.5 s, or up to 150 ms from the quick server. `loop` sends \
     one request after another, `sleep` waits 0.2 s between them, the average of 300 a minute, and `backon` backs off \
     exponentially after a 429, each caller separately. One caller that waits for every response sends about 77 requests a minute at \
     775 ms each, so no client can use more of the limit with it. `grinfi` counts a request until one minute after its response, because \
     the API may count it as late as then; this, and 50 ms for differences between clocks, which are not scaled, is why its share in the \
     long run is below 100 %."
        .clone_into(&mut table.note);
    let callers = [(1_u32, "1, quick server", 150.0), (64, "64", 1500.0), (1, "1", 1500.0), (8, "8", 1500.0)];
    for (callers, label, slowest) in callers.into_iter().take(setting.pick(4, 2, 4)) {
        for name in names {
            // Each workload has its own server, because the limit is shared per server.
            let (from, to) = ((50.0 / SCALE).to_string(), (slowest / SCALE).to_string());
            let arguments = [
                "--rate-limit",
                "300",
                "--window",
                &window.to_string(),
                "--delay-from",
                &from,
                "--delay-to",
                &to,
            ];
            let server = Server::start(&setting.program, &arguments)?;
            let (callers_text, window_text, windows_text) =
                (callers.to_string(), window.to_string(), windows.to_string());
            let arguments =
                ["rate-limit", name, &server.url, "--callers", &callers_text, "--rate-limit", "300"];
            let measured = workload(
                setting,
                &[&arguments[..], &["--window", &window_text, "--windows", &windows_text]].concat(),
            )?;
            let counted = server.counted()?;
            let share = number_of(&counted, "granted")? / (300.0 * windows);
            // If no slot was used a second time, the share so far is the best estimate.
            let lasting = number_of(&counted, "lasting_share").unwrap_or(share);
            let rejected = number_of(&counted, "rejected")?;
            let values = [100.0 * share, 100.0 * lasting, rejected, number_of(&measured, "cpu_s")?];
            table.add(&format!("{name}, {label}"), &values);
        }
    }
    Ok(vec![table, two_processes(setting)?])
}

/// Two processes with one key, unaware of each other, each configured with the whole rate limit.
fn two_processes(setting: &Setting) -> Result<Table> {
    let window = 60.0 / SCALE;
    let windows = setting.pick(0.1, 1.5, 5.0);
    let columns = [("share used", "%"), ("smaller part", "%"), ("rejected with 429", ""), ("failed", "")];
    let mut table =
        Table::new("rate-limit-processes", "Two processes on one key, 8 callers each", "", &columns);
    "The smaller part is the share of the process that got fewer requests. A 429 of this server has no Retry-After. Failed \
     requests returned an error."
        .clone_into(&mut table.note);
    for name in ["grinfi", "backon"] {
        let (from, to) = ((50.0 / SCALE).to_string(), (150.0 / SCALE).to_string());
        let (window_text, windows_text) = (window.to_string(), windows.to_string());
        let arguments =
            ["--rate-limit", "300", "--window", &window_text, "--delay-from", &from, "--delay-to", &to];
        let server = Server::start(&setting.program, &arguments)?;
        let arguments = ["rate-limit", name, &server.url, "--callers", "8", "--rate-limit", "300"];
        let arguments = [&arguments[..], &["--window", &window_text, "--windows", &windows_text]].concat();
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| workload(setting, &arguments));
            (workload(setting, &arguments), first.join())
        });
        let first = first?;
        let second = second.map_err(|_| anyhow::anyhow!("the thread of the second process panicked"))??;
        let succeeded = [number_of(&first, "succeeded")?, number_of(&second, "succeeded")?];
        let failed = number_of(&first, "failed")? + number_of(&second, "failed")?;
        let counted = server.counted()?;
        let granted = number_of(&counted, "granted")?;
        let smaller = succeeded[0].min(succeeded[1]) / (succeeded[0] + succeeded[1]).max(1.0);
        let values =
            [100.0 * granted / (300.0 * windows), 100.0 * smaller, number_of(&counted, "rejected")?, failed];
        table.add(name, &values);
    }
    Ok(table)
}
