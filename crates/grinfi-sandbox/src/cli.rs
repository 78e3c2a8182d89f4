//! The command line of the sandbox, as a function, so that other programs can offer it as their own.

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};

use clap::Parser;

use crate::error::Error;
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
    /// Key to accept instead of the built-in one
    #[arg(long)]
    key: Option<String>,
    /// What to hold at the start: demo or empty
    #[arg(long, default_value_t = Seed::Demo)]
    seed: Seed,
    /// Requests granted in any 60 seconds, or off
    #[arg(long, default_value = "300", value_parser = rate_limit, value_name = "N|off")]
    rate_limit: RateLimit,
}

/// `None` is off. A type of its own, since an `Option` argument is one that may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RateLimit(Option<u32>);

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
    let builder = Sandbox::builder()
        .host(arguments.host)
        .port(arguments.port)
        .seed(arguments.seed)
        .rate_limit(arguments.rate_limit.0);
    let builder = match arguments.key {
        Some(key) => builder.key(key),
        None => builder,
    };
    let sandbox = builder.start().await?;
    greet(&mut io::stdout(), &sandbox, arguments.seed).map_err(Error::Output)?;
    told_to_stop().await;
    sandbox.shutdown().await;
    Ok(())
}

fn greet(out: &mut impl Write, sandbox: &Sandbox, seed: Seed) -> io::Result<()> {
    let base_url = sandbox.base_url();
    writeln!(out, "Grinfi sandbox at {base_url} with the {seed} data.")?;
    writeln!(out, "Nothing that is sent here reaches anyone; see it at {base_url}/_sandbox/outbox")?;
    writeln!(out)?;
    writeln!(out, "  base URL  {base_url}")?;
    writeln!(out, "  key       {}", sandbox.key())?;
    writeln!(out)?;
    writeln!(out, "Everything is kept in memory and forgotten at the end. Ctrl-C stops it.")?;
    out.flush()
}

/// Ctrl-C, or the request of a process manager to end.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
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
        let arguments = parse("x --host ::1 --port 0 --key k --seed empty --rate-limit off").unwrap();
        assert_eq!((arguments.seed, arguments.rate_limit), (Seed::Empty, RateLimit(None)));
        assert_eq!(arguments.key.as_deref(), Some("k"));
        assert!(parse("x --seed full").is_err());
        assert!(parse("x --rate-limit many").is_err());
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
        let mut out = Vec::new();
        greet(&mut out, &sandbox, Seed::Demo).unwrap();
        let said = String::from_utf8(out).unwrap();
        assert!(said.contains(sandbox.base_url()) && said.contains(sandbox.key()), "{said}");
    }
}
