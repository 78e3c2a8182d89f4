//! Errors of starting and using a sandbox.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::journal::JournalError;
use crate::rejection::Rejection;

/// Error of starting or using a sandbox.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The sandbox cannot listen on the address; most often the port is in use.
    Bind {
        /// Requested address.
        address: SocketAddr,
        /// Error of the operating system.
        source: io::Error,
    },
    /// The key is empty, or contains characters other than visible ASCII.
    Key,
    /// There is no tokio runtime, or none could be created.
    Runtime(io::Error),
    /// Invalid command line. The message is for the person who typed it.
    Arguments(clap::Error),
    /// The data file cannot be used.
    Data {
        /// Path of the file.
        path: PathBuf,
        /// Why: an I/O error, a lock of another sandbox, or damage.
        source: io::Error,
    },
    /// A tenant rejected the request, or the data file cannot be written.
    Rejected(Rejected),
    /// Standard output cannot be written.
    Output(io::Error),
}

/// Details of a request that a tenant rejected; [`Error`] displays the message.
#[derive(Debug)]
pub struct Rejected(pub(crate) Box<Rejection>);

impl Rejected {
    /// Returns the invalid fields and their messages; empty if the error is not about fields.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.fields.messages()
    }
}

impl Error {
    pub(crate) fn rejected(rejection: Rejection) -> Error {
        Error::Rejected(Rejected(Box::new(rejection)))
    }

    pub(crate) fn data(path: &Path, error: JournalError) -> Error {
        let source = match error {
            JournalError::Io(error) => error,
            other => io::Error::other(other),
        };
        Error::Data { path: path.to_owned(), source }
    }
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Rejection {
        match error {
            Error::Rejected(Rejected(rejection)) => *rejection,
            other => Rejection::bad_request(other.to_string()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Bind { address, .. } => write!(f, "cannot listen on {address}"),
            Error::Key => f.write_str("the API key must not be empty and must be visible ASCII"),
            Error::Runtime(_) => f.write_str("no tokio runtime to run on"),
            Error::Arguments(error) => error.fmt(f),
            Error::Data { path, .. } => write!(f, "cannot use the data file {}", path.display()),
            Error::Rejected(Rejected(rejection)) => f.write_str(&rejection.message),
            Error::Output(_) => f.write_str("cannot write to standard output"),
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
            Error::Key | Error::Arguments(_) | Error::Rejected(_) => None,
        }
    }
}
