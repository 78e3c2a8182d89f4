//! Command line program of the sandbox; see `grinfi-sandbox --help`.

use std::io::Write;
use std::process::ExitCode;

use grinfi_sandbox::{Error, cli};

fn main() -> ExitCode {
    let Err(error) = cli::run(std::env::args_os()) else { return ExitCode::SUCCESS };
    let mut stderr = std::io::stderr();
    // Nothing is left to do if standard error is closed.
    drop(match &error {
        Error::Arguments(explained) => write!(stderr, "{explained}"),
        other => match std::error::Error::source(other) {
            Some(source) => writeln!(stderr, "grinfi-sandbox: {other}: {source}"),
            None => writeln!(stderr, "grinfi-sandbox: {other}"),
        },
    });
    ExitCode::from(if matches!(error, Error::Arguments(_)) { 2 } else { 1 })
}
