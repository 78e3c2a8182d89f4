//! Uploads from memory, from disk, or from a Python file object that is read while the request is sent.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use grinfi::{Error, upload::Upload};
use pyo3::{prelude::*, types::PyBytes};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    errors::{self, Raise},
    progress::Event,
    shutdown,
};

/// How many bytes of a file are read at once.
const CHUNK: usize = 64 * 1024;

/// Names of arguments in Rust and in Python.
const NAMES: [(&str, &str); 5] =
    [("path", "file"), ("contents", "file"), ("stream", "file"), ("file_name", "name"), ("name", "name")];

/// The error of a call that uploads a file or waits.
pub(crate) enum Failure {
    Core(Error),
    /// An exception of the file object.
    File(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl Raise for Failure {
    fn raise(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Core(error) => errors::raise_as(py, &error, &NAMES),
            Self::File(error) => error,
        }
    }
}

type Raised = Arc<Mutex<Option<PyErr>>>;

/// A file to upload, as validated by Python.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct File {
    /// `bytes`, a path as a string, or an object with `read`.
    source: Py<PyAny>,
    name: String,
    media_type: Option<String>,
    /// How many bytes there are to read, if known.
    length: Option<u64>,
}

/// An upload, with the exception that reading the file raised.
pub(crate) struct Outgoing {
    pub(crate) upload: Upload,
    raised: Raised,
}

impl File {
    /// Returns the upload, which reports its progress to `events`.
    pub(crate) fn outgoing(self, py: Python<'_>, events: UnboundedSender<Event>) -> Outgoing {
        let raised = Raised::default();
        let source = self.source.bind(py);
        let mut upload = if let Ok(bytes) = source.cast::<PyBytes>() {
            Upload::bytes(self.name, bytes.as_bytes().to_vec())
        } else if let Ok(path) = source.extract::<String>() {
            Upload::path(path).name(self.name)
        } else {
            Upload::stream(self.name, read(self.source, raised.clone()), self.length)
        };
        if let Some(media_type) = self.media_type {
            upload = upload.media_type(media_type);
        }
        // Sending fails once the caller has stopped waiting.
        let upload = upload.on_progress(move |progress| drop(events.send(Event::Upload(progress))));
        Outgoing { upload, raised }
    }
}

impl Outgoing {
    /// Sends the file. An exception of the file takes precedence over the error of the request.
    pub(crate) async fn send<T, F>(self, send: impl FnOnce(Upload) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let sent = send(self.upload).await;
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner).take();
        sent.map_err(|error| raised.map_or(Failure::Core(error), Failure::File))
    }
}

/// Returns the contents of a Python file object, read on another thread as needed.
fn read(file: Py<PyAny>, raised: Raised) -> impl Stream<Item = Result<Bytes, io::Error>> + Send {
    stream::unfold(Some((file, raised)), |file| async {
        let (file, raised) = file?;
        let read = tokio::task::spawn_blocking(move || {
            let chunk = shutdown::enter(|py| {
                let chunk = file.bind(py).call_method1("read", (CHUNK,))?;
                let chunk = chunk.cast::<PyBytes>().map_err(|_| {
                    errors::wrong_input(py, "file", "`file` must return bytes; open it with \"rb\"", None)
                })?;
                PyResult::Ok(Bytes::copy_from_slice(chunk.as_bytes()))
            });
            (chunk, file, raised)
        });
        match read.await {
            Ok((Some(Ok(chunk)), _, _)) if chunk.is_empty() => None,
            Ok((Some(Ok(chunk)), file, raised)) => Some((Ok(chunk), Some((file, raised)))),
            Ok((Some(Err(error)), _, raised)) => {
                *raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Some((Err(io::Error::other("reading the file raised an exception")), None))
            }
            Ok((None, _, _)) => Some((Err(io::Error::other("the interpreter is shutting down")), None)),
            Err(error) => Some((Err(io::Error::other(error)), None)),
        }
    })
}
