//! The pages of a listing, for both kinds of loops.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use grinfi::{Error, Page};
use pyo3::{
    prelude::*,
    types::{PyList, PyTuple, PyType},
};
use serde_json::value::RawValue;

use crate::{block::block_on, errors, later::later, process::Here, record::Maker};

/// A page, and what its rows are.
struct Rows {
    page: Page<Box<RawValue>>,
    operation: &'static str,
    record: Py<PyType>,
}

/// The rows, then total, limit, offset and has_more where the API says them.
type Row<'py> = (Bound<'py, PyList>, Option<u64>, Option<u64>, Option<u64>, Option<bool>);

impl<'py> IntoPyObject<'py> for Rows {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let Self { page, operation, record } = self;
        let maker = Maker::new(record.bind(py))?;
        let rows = PyList::empty(py);
        for row in page.data {
            if !row.get().starts_with('{') {
                return Err(errors::no_row(py, operation, row.get()));
            }
            rows.append(maker.row(py, row)?)?;
        }
        let row: Row<'_> = (rows, page.total, page.limit, page.offset, page.has_more);
        row.into_pyobject(py)
    }
}

type Stream = grinfi::Pages<Box<RawValue>>;

/// Pages, one after another. Nothing is sent before the first is asked for.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Pages {
    // Empty while a page is awaited.
    pages: Arc<Mutex<Here<Stream>>>,
    operation: &'static str,
    record: Py<PyType>,
}

/// The pages while one is awaited; they go back when the wait ends, however it ends: a page under way is then asked for again.
struct Taken {
    pages: Option<Stream>,
    home: Arc<Mutex<Here<Stream>>>,
    operation: &'static str,
    record: Option<Py<PyType>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(pages) = self.pages.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).put(pages);
        }
    }
}

impl Taken {
    async fn next(mut self) -> Result<Option<Rows>, Error> {
        let page = match &mut self.pages {
            Some(pages) => pages.next().await.transpose()?,
            None => None,
        };
        let (operation, record) = (self.operation, self.record.take());
        Ok(page.zip(record).map(|(page, record)| Rows { page, operation, record }))
    }
}

impl Pages {
    pub(crate) fn new(pages: Stream, operation: &'static str, record: Py<PyType>) -> Self {
        Self { pages: Arc::new(Mutex::new(Here::new(pages))), operation, record }
    }

    fn take(&self, py: Python<'_>) -> PyResult<Taken> {
        // The lock is given back before Python runs: a thread that waits for it may hold the interpreter.
        let (taken, foreign) = {
            let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
            (pages.take(), pages.is_foreign())
        };
        let Some(taken) = taken else {
            let text = match foreign {
                true => "the process that began to read this listing is another one; begin afresh",
                false => "another thread or task is waiting for a page of this iterator",
            };
            return Err(errors::plain(py, "ListingError", text));
        };
        let record = Some(self.record.clone_ref(py));
        Ok(Taken { pages: Some(taken), home: self.pages.clone(), operation: self.operation, record })
    }
}

#[pymethods]
impl Pages {
    /// The next page, `None` after the last.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let taken = self.take(py)?;
        let rows = block_on(py, taken.next())?.map_err(|error| errors::raise(py, &error))?;
        rows.map(|rows| rows.into_pyobject(py)).transpose()
    }

    /// The same, to be awaited.
    fn next_later<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let taken = self.take(py)?;
        later(py, taken.next())
    }
}
