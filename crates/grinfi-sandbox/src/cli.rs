//! Command line of the sandbox, as a function that other programs can call.

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Parser;

use crate::clock::Clock;
use crate::error::Error;
use crate::mode::Mode;
use crate::record::parse_time;
use crate::sandbox::Sandbox;
use crate::seed::Seed;

/// Run the Grinfi API as a local server; no message is delivered.
#[derive(Debug, Parser)]
#[command(name = "grinfi-sandbox", version)]
struct Arguments {
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Port to listen on; 0 selects a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Default API key instead of the built-in one; repeat it to add keys for --only-keys
    #[arg(long)]
    key: Vec<String>,
    /// Accept only the keys of --key; by default, every key is accepted and has its own tenant
    #[arg(long)]
    only_keys: bool,
    /// Records with which each tenant starts: none, demo, or a number of contacts
    #[arg(long, default_value_t = Seed::Demo)]
    seed: Seed,
    /// Number from which seeded records and new UUIDs are derived
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed_number: u64,
    /// File that stores the tenants; by default, they are lost at the end
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Freeze the clock at a time such as 2026-02-03T12:00:00Z; by default, it runs
    #[arg(long, value_parser = time, value_name = "TIME")]
    clock: Option<DateTime<Utc>>,
    /// Requests per key in any 60 seconds, or off
    #[arg(long, default_value = "300", value_parser = rate_limit, value_name = "N|off")]
    rate_limit: RateLimit,
    /// observed: respond as the API was observed to; documented: respond as described, and validate every request
    #[arg(long, default_value_t = Mode::Observed)]
    mode: Mode,
    /// Call webhooks on other machines too
    #[arg(long)]
    webhooks_anywhere: bool,
}

/// Value of `--rate-limit`; `None` is off. A separate type, since clap treats an `Option` as an optional argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RateLimit(Option<u32>);

fn time(text: &str) -> Result<DateTime<Utc>, String> {
    parse_time(text).ok_or_else(|| "use a time such as 2026-02-03T12:00:00Z".to_owned())
}

fn rate_limit(word: &str) -> Result<RateLimit, String> {
    match word {
        "off" => Ok(RateLimit(None)),
        number => {
            number.parse().map(|limit| RateLimit(Some(limit))).map_err(|_| "use a number or off".to_owned())
        }
    }
}

/// Runs the sandbox with command line arguments, of which the first is the program name, until Ctrl-C.
///
/// Prints `--help` and `--version` to standard output and returns without an error.
///
/// # Errors
/// [`Error::Arguments`] for an invalid command line; the errors of [`Builder::start`](crate::Builder::start);
/// [`Error::Output`] if standard output cannot be written.
pub fn run<I, T>(args: I) -> Result<(), Error>
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(help) if !help.use_stderr() => {
            return write!(io::stdout(), "{help}").map_err(Error::Output);
        }
        Err(error) => return Err(Error::Arguments(error)),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> Result<(), Error> {
    let mut builder = Sandbox::builder()
        .host(arguments.host)
        .port(arguments.port)
        .seed(arguments.seed)
        .seed_number(arguments.seed_number)
        .rate_limit(arguments.rate_limit.0)
        .mode(arguments.mode)
        .webhooks_anywhere(arguments.webhooks_anywhere)
        .clock(arguments.clock.map_or_else(Clock::system, Clock::fixed));
    if let Some(key) = arguments.key.first() {
        builder = builder.key(key);
    }
    if arguments.only_keys {
        builder = builder.only_keys(&arguments.key);
    }
    if let Some(file) = &arguments.data {
        builder = builder.data(file);
    }
    let sandbox = builder.start().await?;
    // Installed before the greeting, since a reader of the greeting may stop the sandbox at once.
    let stop_requested = stop_requested();
    greet(&mut io::stdout(), &sandbox, &arguments).map_err(Error::Output)?;
    stop_requested.await;
    sandbox.shutdown().await;
    Ok(())
}

fn greet(out: &mut impl Write, sandbox: &Sandbox, arguments: &Arguments) -> io::Result<()> {
    let base_url = sandbox.base_url();
    writeln!(out, "Grinfi sandbox at {base_url}; new tenants start with the {} data.", arguments.seed)?;
    writeln!(
        out,
        "No message is delivered. Open {base_url} in a browser, or use the control API at {base_url}/_sandbox"
    )?;
    writeln!(out)?;
    writeln!(out, "  base URL  {base_url}")?;
    writeln!(out, "  key       {}", sandbox.key())?;
    match arguments.only_keys {
        true => writeln!(out, "            other keys are rejected, except those of --key")?,
        false => writeln!(out, "            every other key is accepted too, with its own tenant")?,
    }
    writeln!(out)?;
    match arguments.host.is_loopback() {
        true => writeln!(out, "Only this machine can connect.")?,
        false => writeln!(
            out,
            "Other machines can connect on {}, and read and change everything.",
            arguments.host
        )?,
    }
    match &arguments.data {
        Some(file) => writeln!(out, "Data is stored in {}. Press Ctrl-C to stop.", file.display())?,
        None => writeln!(out, "Data is kept in memory and lost at the end. Press Ctrl-C to stop.")?,
    }
    out.flush()
}

/// Waits for Ctrl-C or SIGTERM.
fn stop_requested() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async move {
        #[cfg(unix)]
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        drop(tokio::signal::ctrl_c().await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn parses_arguments_and_names_invalid_ones() {
        let arguments = parse("grinfi-sandbox").unwrap();
        assert_eq!((arguments.port, arguments.seed), (8787, Seed::Demo));
        assert!(arguments.host.is_loopback());
        assert_eq!(arguments.rate_limit, RateLimit(Some(300)));
        let line = "x --host ::1 --port 0 --key k --key l --only-keys --seed empty --seed-number 7 --rate-limit off \
                    --data d.log --mode documented --clock 2026-02-03T12:00:00Z";
        let arguments = parse(line).unwrap();
        assert_eq!((arguments.seed, arguments.rate_limit), (Seed::Empty, RateLimit(None)));
        assert_eq!(arguments.key, ["k", "l"]);
        assert_eq!(arguments.mode, Mode::Documented);
        assert!(arguments.only_keys && arguments.seed_number == 7);
        assert_eq!(arguments.data.unwrap().to_str(), Some("d.log"));
        assert_eq!(arguments.clock.unwrap().to_rfc3339(), "2026-02-03T12:00:00+00:00");
        for (wrong, named) in [
            ("x --seed full", "--seed"),
            ("x --mode strict", "--mode"),
            ("x --rate-limit many", "--rate-limit"),
            ("x --clock noon", "--clock"),
            ("x --host nowhere", "--host"),
            ("x --seed-number -1", "-1"),
            ("x --nonsense", "--nonsense"),
        ] {
            let message = parse(wrong).unwrap_err().to_string();
            assert!(message.contains(named), "{message}");
        }
    }

    #[test]
    fn invalid_arguments_are_errors_and_help_is_not() {
        assert!(matches!(run(["x", "--nonsense"]), Err(Error::Arguments(_))));
        assert!(matches!(run(["x", "--port", "0", "--key", "no good"]), Err(Error::Key)));
        assert!(run(["x", "--help"]).is_ok());
    }

    #[tokio::test]
    async fn greeting_contains_url_and_key() {
        let sandbox = Sandbox::start().await.unwrap();
        let greeting = |line: &str| {
            let mut out = Vec::new();
            greet(&mut out, &sandbox, &parse(line).unwrap()).unwrap();
            String::from_utf8(out).unwrap()
        };
        let plain = greeting("x");
        assert!(plain.contains(sandbox.base_url()) && plain.contains(sandbox.key()), "{plain}");
        assert!(plain.contains("Only this machine") && plain.contains("lost at the end"), "{plain}");
        let open = greeting("x --host 0.0.0.0 --data d.log");
        assert!(open.contains("Other machines") && open.contains("d.log"), "{open}");
    }
}
