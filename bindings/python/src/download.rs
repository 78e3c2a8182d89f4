//! A file on its way.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use grinfi::Error;
use pyo3::{prelude::*, types::PyBytes};

use crate::{block::block_on, errors, later::later, process::Here};

/// The bytes of a file, piece by piece.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Download {
    // Empty while a piece is awaited.
    file: Arc<Mutex<Here<grinfi::Download>>>,
}

/// The file while a piece is awaited; it goes back when the wait ends, however it ends.
struct Taken {
    file: Option<grinfi::Download>,
    home: Arc<Mutex<Here<grinfi::Download>>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).put(file);
        }
    }
}

/// Bytes that become `bytes`.
struct Piece(Vec<u8>);

impl<'py> IntoPyObject<'py> for Piece {
    type Target = PyBytes;
    type Output = Bound<'py, PyBytes>;
    type Error = std::convert::Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(PyBytes::new(py, &self.0))
    }
}

impl Taken {
    async fn save(mut self, path: PathBuf) -> Result<u64, Error> {
        match &mut self.file {
            Some(file) => file.save(path).await,
            None => Ok(0),
        }
    }

    async fn next(mut self) -> Result<Option<Piece>, Error> {
        match &mut self.file {
            Some(file) => Ok(file.next().await.transpose()?.map(|bytes| Piece(bytes.to_vec()))),
            None => Ok(None),
        }
    }
}

impl Download {
    pub(crate) fn new(file: grinfi::Download) -> Self {
        Self { file: Arc::new(Mutex::new(Here::new(file))) }
    }

    fn take(&self, py: Python<'_>) -> PyResult<Taken> {
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
    /// The next bytes, `None` at the end.
    fn next(&self, py: Python<'_>) -> PyResult<Option<Piece>> {
        let taken = self.take(py)?;
        block_on(py, taken.next())?.map_err(|error| errors::raise(py, &error))
    }

    /// Writes the rest to a file, and returns how many bytes that were.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<u64> {
        let taken = self.take(py)?;
        block_on(py, taken.save(path))?.map_err(|error| errors::raise(py, &error))
    }

    /// The same, to be awaited.
    fn save_later<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let taken = self.take(py)?;
        later(py, taken.save(path))
    }

    /// The same as `next`, to be awaited.
    fn next_later<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let taken = self.take(py)?;
        later(py, taken.next())
    }
}
