//! The pages of a listing as an iterator.

use std::sync::{Mutex, PoisonError};

use futures_util::StreamExt;
use pyo3::prelude::*;
use serde_json::value::RawValue;

use crate::{block::block_on, errors, process::Here};

/// A page: the JSON text of each row, then total, limit, offset and has_more where the API says them.
type Row = (Vec<String>, Option<u64>, Option<u64>, Option<u64>, Option<bool>);

/// An iterator over pages. Nothing is sent before the first is asked for.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Pages {
    // Empty while a page is awaited.
    pages: Mutex<Here<grinfi::Pages<Box<RawValue>>>>,
}

impl Pages {
    pub(crate) fn new(pages: grinfi::Pages<Box<RawValue>>) -> Self {
        Self { pages: Mutex::new(Here::new(pages)) }
    }

    fn take(&self, py: Python<'_>) -> PyResult<grinfi::Pages<Box<RawValue>>> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.is_foreign() {
            let text = "the process that began to read this listing is another one; begin afresh";
            return Err(errors::plain(py, "ListingError", text));
        }
        pages.take().ok_or_else(|| {
            errors::plain(py, "ListingError", "another thread is waiting for a page of this iterator")
        })
    }
}

#[pymethods]
impl Pages {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Row>> {
        let mut pages = self.take(py)?;
        let page = block_on(py, pages.next());
        // Put back after an interruption too: the page under way is then asked for again.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).put(pages);
        let Some(page) = page?.transpose().map_err(|error| errors::raise(py, &error))? else {
            return Ok(None);
        };
        let rows = page.data.iter().map(|row| row.get().to_owned()).collect();
        Ok(Some((rows, page.total, page.limit, page.offset, page.has_more)))
    }
}
