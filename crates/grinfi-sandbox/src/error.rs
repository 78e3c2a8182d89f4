//! What can go wrong in starting or running a sandbox.

use std::fmt;
use std::io;
use std::net::SocketAddr;

/// A sandbox that could not be started or run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address could not be listened on; most often the port is taken.
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The key cannot stand in an `Authorization` header: it is empty, or holds more than visible ASCII.
    Key,
    /// There is no tokio runtime to spawn the server on, or none could be made.
    Runtime(io::Error),
    /// The command line was not understood. Its message is meant for the person who typed it.
    Arguments(clap::Error),
    /// What is said at the start could not be written.
    Output(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Bind { address, .. } => write!(f, "cannot listen on {address}"),
            Error::Key => f.write_str("the key must be visible ASCII and not empty"),
            Error::Runtime(_) => f.write_str("no tokio runtime to run on"),
            Error::Arguments(error) => error.fmt(f),
            Error::Output(_) => f.write_str("cannot write the greeting"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Bind { source, .. } | Error::Runtime(source) | Error::Output(source) => Some(source),
            Error::Key | Error::Arguments(_) => None,
        }
    }
}
