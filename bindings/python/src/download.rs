//! Downloads of files.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use grinfi::Error;
use pyo3::{prelude::*, types::PyBytes};

use crate::{asyncio::into_asyncio, block_on::block_on, errors, process::ProcessLocal};

/// A download, and the bytes of it that were received and not taken yet.
///
/// They stay here until Python takes them, so that none are lost when a wait is canceled.
struct Source {
    file: grinfi::download::Download,
    ready: Option<Bytes>,
}

/// The bytes of a file, chunk by chunk.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Download {
    // Empty while a chunk is awaited.
    file: Arc<Mutex<ProcessLocal<Source>>>,
}

/// The source while a chunk is awaited. Dropping this puts it back.
struct Taken {
    file: Option<Source>,
    home: Arc<Mutex<ProcessLocal<Source>>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).put(file);
        }
    }
}

impl Taken {
    async fn save(mut self, path: PathBuf) -> Result<u64, Error> {
        match &mut self.file {
            Some(source) => {
                if let Some(bytes) = source.ready.take() {
                    source.file.unread(bytes);
                }
                source.file.save(path).await
            }
            None => Ok(0),
        }
    }

    /// Waits until a chunk is ready, and returns whether there is one.
    async fn fetch(&mut self) -> Result<bool, Error> {
        let Some(source) = &mut self.file else { return Ok(false) };
        if source.ready.is_none() {
            source.ready = source.file.next().await.transpose()?;
        }
        Ok(source.ready.is_some())
    }

    fn ready(&mut self) -> Option<Bytes> {
        self.file.as_mut().and_then(|source| source.ready.take())
    }
}

impl Download {
    pub(crate) fn new(file: grinfi::download::Download) -> Self {
        Self { file: Arc::new(Mutex::new(ProcessLocal::new(Source { file, ready: None }))) }
    }

    fn take_source(&self, py: Python<'_>) -> PyResult<Taken> {
        let taken = self.file.lock().unwrap_or_else(PoisonError::into_inner).take();
        let taken = taken.ok_or_else(|| {
            let text = "another thread, task or process is reading this download";
            errors::plain(py, "ListingError", text)
        })?;
        Ok(Taken { file: Some(taken), home: self.file.clone() })
    }
}

#[pymethods]
impl Download {
    /// Waits for the next bytes, and returns whether there are any. `take` returns them.
    fn fetch(&self, py: Python<'_>) -> PyResult<bool> {
        let mut taken = self.take_source(py)?;
        block_on(py, taken.fetch())?.map_err(|error| errors::raise(py, &error))
    }

    /// Asynchronous version of [`fetch`](Self::fetch).
    fn fetch_async<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut taken = self.take_source(py)?;
        into_asyncio(py, async move { taken.fetch().await })
    }

    /// Returns the bytes that were fetched.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        Ok(self.take_source(py)?.ready().map(|bytes| PyBytes::new(py, &bytes)))
    }

    /// Writes the rest to a file, and returns the number of bytes.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<u64> {
        let taken = self.take_source(py)?;
        block_on(py, taken.save(path))?.map_err(|error| errors::raise(py, &error))
    }

    /// Asynchronous version of [`save`](Self::save).
    fn save_async<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let taken = self.take_source(py)?;
        into_asyncio(py, taken.save(path))
    }
}
