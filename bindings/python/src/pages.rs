//! The pages of a listing, for both kinds of loops.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use grinfi::Error;
use pyo3::prelude::*;
use serde_json::value::RawValue;

use crate::{block::block_on, errors, later::later, process::Here};

/// A page: the JSON text of each row, then total, limit, offset and has_more where the API says them.
type Row = (Vec<String>, Option<u64>, Option<u64>, Option<u64>, Option<bool>);

type Stream = grinfi::Pages<Box<RawValue>>;

/// Pages, one after another. Nothing is sent before the first is asked for.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Pages {
    // Empty while a page is awaited.
    pages: Arc<Mutex<Here<Stream>>>,
}

/// The pages while one is awaited; they go back when the wait ends, however it ends: a page under way is then asked for again.
struct Taken {
    pages: Option<Stream>,
    home: Arc<Mutex<Here<Stream>>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(pages) = self.pages.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).put(pages);
        }
    }
}

impl Taken {
    async fn next(mut self) -> Result<Option<Row>, Error> {
        let page = match &mut self.pages {
            Some(pages) => pages.next().await.transpose()?,
            None => None,
        };
        Ok(page.map(|page| {
            let rows = page.data.iter().map(|row| row.get().to_owned()).collect();
            (rows, page.total, page.limit, page.offset, page.has_more)
        }))
    }
}

impl Pages {
    pub(crate) fn new(pages: Stream) -> Self {
        Self { pages: Arc::new(Mutex::new(Here::new(pages))) }
    }

    fn take(&self, py: Python<'_>) -> PyResult<Taken> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.is_foreign() {
            let text = "the process that began to read this listing is another one; begin afresh";
            return Err(errors::plain(py, "ListingError", text));
        }
        let taken = pages.take().ok_or_else(|| {
            errors::plain(py, "ListingError", "another thread or task is waiting for a page of this iterator")
        })?;
        Ok(Taken { pages: Some(taken), home: self.pages.clone() })
    }
}

#[pymethods]
impl Pages {
    /// The next page, `None` after the last.
    fn next(&self, py: Python<'_>) -> PyResult<Option<Row>> {
        let taken = self.take(py)?;
        block_on(py, taken.next())?.map_err(|error| errors::raise(py, &error))
    }

    /// The same, to be awaited.
    fn next_later<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let taken = self.take(py)?;
        later(py, taken.next())
    }
}
