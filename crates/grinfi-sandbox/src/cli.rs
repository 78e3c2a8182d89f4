//! The command line of the sandbox, as a function, so that other programs can offer it as their own.

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

/// The Grinfi API as a server on this machine: nothing that is sent to it reaches anyone.
#[derive(Debug, Parser)]
#[command(name = "grinfi-sandbox", version)]
struct Arguments {
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The sandbox's own key in place of the built-in one; given again, further keys for --only-keys
    #[arg(long)]
    key: Vec<String>,
    /// Answer 401 to every key that --key does not name; otherwise any key has a world of its own
    #[arg(long)]
    only_keys: bool,
    /// What each world holds at its start: none, demo, or a number of contacts
    #[arg(long, default_value_t = Seed::Demo)]
    seed: Seed,
    /// Number that seeded records and new uuids follow from
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed_number: u64,
    /// File that keeps the worlds, whatever ends the sandbox; otherwise they are forgotten at its end
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Time at which the clock stands until it is moved, such as 2026-02-03T12:00:00Z; otherwise it runs
    #[arg(long, value_parser = time, value_name = "TIME")]
    clock: Option<DateTime<Utc>>,
    /// Requests granted to each key in any 60 seconds, or off
    #[arg(long, default_value = "300", value_parser = rate_limit, value_name = "N|off")]
    rate_limit: RateLimit,
    /// observed: as the API has been seen to answer, quirks included; documented: as its description has it, every request
    /// checked against it
    #[arg(long, default_value_t = Mode::Observed)]
    mode: Mode,
    /// Call webhooks on other machines too; otherwise only on this one
    #[arg(long)]
    webhooks_anywhere: bool,
}

/// `None` is off. A type of its own, since an `Option` argument is one that may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RateLimit(Option<u32>);

fn time(text: &str) -> Result<DateTime<Utc>, String> {
    parse_time(text).ok_or_else(|| "not a time such as 2026-02-03T12:00:00Z".to_owned())
}

fn rate_limit(word: &str) -> Result<RateLimit, String> {
    match word {
        "off" => Ok(RateLimit(None)),
        number => {
            number.parse().map(|limit| RateLimit(Some(limit))).map_err(|_| "not a number or off".to_owned())
        }
    }
}

/// Runs the sandbox from a command line, the program's name first, until Ctrl-C.
///
/// `--help` and `--version` are answered on standard output, and are no errors.
///
/// # Errors
/// [`Error::Arguments`] for a command line that is not understood; what [`Builder::start`](crate::Builder::start)
/// answers; [`Error::Output`] if standard output is closed.
pub fn run<I, T>(args: I) -> Result<(), Error>
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(answer) if !answer.use_stderr() => {
            return write!(io::stdout(), "{answer}").map_err(Error::Output);
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
    // Listened for before the greeting: who reads that may stop it at once.
    let told_to_stop = told_to_stop();
    greet(&mut io::stdout(), &sandbox, &arguments).map_err(Error::Output)?;
    told_to_stop.await;
    sandbox.shutdown().await;
    Ok(())
}

fn greet(out: &mut impl Write, sandbox: &Sandbox, arguments: &Arguments) -> io::Result<()> {
    let base_url = sandbox.base_url();
    writeln!(out, "Grinfi sandbox at {base_url}; new worlds begin with the {} data.", arguments.seed)?;
    writeln!(
        out,
        "Nothing that is sent here reaches anyone; see it in a browser, or at {base_url}/_sandbox"
    )?;
    writeln!(out)?;
    writeln!(out, "  base URL  {base_url}")?;
    writeln!(out, "  key       {}", sandbox.key())?;
    match arguments.only_keys {
        true => writeln!(out, "            no key is taken that --key does not name")?,
        false => writeln!(out, "            any other key is taken too, and has a world of its own")?,
    }
    writeln!(out)?;
    match arguments.host.is_loopback() {
        true => writeln!(out, "Only this machine can reach it.")?,
        false => writeln!(
            out,
            "Other machines can reach it, by {}: whoever does can read and change everything.",
            arguments.host
        )?,
    }
    match &arguments.data {
        Some(file) => writeln!(out, "Everything is kept in {}. Ctrl-C stops it.", file.display())?,
        None => writeln!(out, "Everything is kept in memory and forgotten at the end. Ctrl-C stops it.")?,
    }
    out.flush()
}

/// Ctrl-C, or the request of a process manager to end.
fn told_to_stop() -> impl Future<Output = ()> {
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
    fn the_command_line_is_understood() {
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
            let said = parse(wrong).unwrap_err().to_string();
            assert!(said.contains(named), "{said}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error_and_help_is_none() {
        assert!(matches!(run(["x", "--nonsense"]), Err(Error::Arguments(_))));
        assert!(matches!(run(["x", "--port", "0", "--key", "no good"]), Err(Error::Key)));
        assert!(run(["x", "--help"]).is_ok());
    }

    #[tokio::test]
    async fn the_greeting_says_where_and_with_which_key() {
        let sandbox = Sandbox::start().await.unwrap();
        let said = |line: &str| {
            let mut out = Vec::new();
            greet(&mut out, &sandbox, &parse(line).unwrap()).unwrap();
            String::from_utf8(out).unwrap()
        };
        let plain = said("x");
        assert!(plain.contains(sandbox.base_url()) && plain.contains(sandbox.key()), "{plain}");
        assert!(plain.contains("Only this machine") && plain.contains("forgotten"), "{plain}");
        let open = said("x --host 0.0.0.0 --data d.log");
        assert!(open.contains("Other machines") && open.contains("d.log"), "{open}");
    }
}
