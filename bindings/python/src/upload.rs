//! Files that go out, from memory, from disk or from an object of Python that is read as the connection takes it.

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
    ending,
    errors::{self, Raise},
    waiting::Told,
};

/// How much of a file is read at once.
const CHUNK: usize = 64 * 1024;

/// What an upload calls its arguments, and what they are called in Python.
const NAMES: [(&str, &str); 5] =
    [("path", "file"), ("contents", "file"), ("stream", "file"), ("file_name", "name"), ("name", "name")];

/// Why a call failed that hands out a file, or waits.
pub(crate) enum Failure {
    Core(Error),
    /// What the file itself raised when it was read.
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

/// What is uploaded, as Python hands it over.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct File {
    /// `bytes`, a text that is a path, or an object with `read`.
    source: Py<PyAny>,
    name: String,
    media_type: Option<String>,
    /// How many bytes there are to read, if that is known.
    length: Option<u64>,
}

/// A file on its way, and where to find what reading it raised.
pub(crate) struct Outgoing {
    pub(crate) upload: Upload,
    raised: Raised,
}

impl File {
    /// The file, to be sent; what goes out is told.
    pub(crate) fn outgoing(self, py: Python<'_>, tell: UnboundedSender<Told>) -> Outgoing {
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
        // Nobody listens any more once the call is given up.
        let upload = upload.on_progress(move |sent| drop(tell.send(Told::Sent(sent))));
        Outgoing { upload, raised }
    }
}

impl Outgoing {
    /// Sends it; an exception of the file comes before what became of the request for it.
    pub(crate) async fn send<T, F>(self, send: impl FnOnce(Upload) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let sent = send(self.upload).await;
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner).take();
        sent.map_err(|error| raised.map_or(Failure::Core(error), Failure::File))
    }
}

/// An object of Python, read on another thread as it is asked for.
fn read(file: Py<PyAny>, raised: Raised) -> impl Stream<Item = Result<Bytes, io::Error>> + Send {
    stream::unfold(Some((file, raised)), |file| async {
        let (file, raised) = file?;
        let read = tokio::task::spawn_blocking(move || {
            let chunk = ending::enter(|py| {
                let chunk = file.bind(py).call_method1("read", (CHUNK,))?;
                let chunk = chunk.cast::<PyBytes>().map_err(|_| {
                    errors::wrong_input(py, "file", "file: it gives no bytes; open it with \"rb\"", None)
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
                Some((Err(io::Error::other("reading it raised")), None))
            }
            // The interpreter shuts down.
            Ok((None, _, _)) => Some((Err(io::Error::other("there is nobody to read it")), None)),
            Err(error) => Some((Err(io::Error::other(error)), None)),
        }
    })
}
