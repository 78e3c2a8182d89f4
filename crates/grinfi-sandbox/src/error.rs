//! What can go wrong in starting or running a sandbox.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::journal::Trouble;
use crate::refusal::Refusal;

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
    /// The data file cannot be used; why is said by the source.
    Data {
        /// The file.
        path: PathBuf,
        /// Why: the system's word, or that another sandbox has it, or that it is damaged.
        source: io::Error,
    },
    /// What was asked of a world makes no sense, or cannot be written to the data file.
    Refused(Refused),
    /// What is said at the start could not be written.
    Output(io::Error),
}

/// What a world said to something it refused; [`Error`] displays it.
#[derive(Debug)]
pub struct Refused(pub(crate) Box<Refusal>);

impl Refused {
    /// What was wrong, field by field; empty if it was not about fields.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.fields.messages()
    }
}

impl Error {
    pub(crate) fn refused(refusal: Refusal) -> Error {
        Error::Refused(Refused(Box::new(refusal)))
    }

    pub(crate) fn data(path: &Path, trouble: Trouble) -> Error {
        let source = match trouble {
            Trouble::System(error) => error,
            other => io::Error::other(other),
        };
        Error::Data { path: path.to_owned(), source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Bind { address, .. } => write!(f, "cannot listen on {address}"),
            Error::Key => f.write_str("the key must be visible ASCII and not empty"),
            Error::Runtime(_) => f.write_str("no tokio runtime to run on"),
            Error::Arguments(error) => error.fmt(f),
            Error::Data { path, .. } => write!(f, "cannot use the data file {}", path.display()),
            Error::Refused(Refused(refusal)) => f.write_str(&refusal.message),
            Error::Output(_) => f.write_str("cannot write the greeting"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Bind { source, .. }
            | Error::Data { source, .. }
            | Error::Runtime(source)
            | Error::Output(source) => Some(source),
            Error::Key | Error::Arguments(_) | Error::Refused(_) => None,
        }
    }
}
