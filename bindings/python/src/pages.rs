//! Iterators over the pages of a listing.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use futures_util::StreamExt;
use grinfi::{Error, Page};
use pyo3::{
    prelude::*,
    types::{PyList, PyTuple, PyType},
};
use serde_json::value::RawValue;
use tokio::sync::Notify;

use crate::{asyncio::into_asyncio, block_on::block_on, errors, process::ProcessLocal, record::Maker};

/// A page as a tuple: the records, then `total`, `limit`, `offset` and `has_more` where the API gives them.
type PageTuple<'py> = (Bound<'py, PyList>, Option<u64>, Option<u64>, Option<u64>, Option<bool>);

/// The records of a page, and the page without its rows.
type Records<'py> = (Vec<Bound<'py, PyAny>>, Page<Box<RawValue>>);

type Stream = grinfi::pagination::Pages<Box<RawValue>>;

/// A stream, and the page of it that was fetched and not taken yet.
///
/// A page stays here until Python takes it, so that no page is lost when a wait is canceled.
struct Source {
    stream: Stream,
    ready: Option<Page<Box<RawValue>>>,
}

/// Where the source is while it is not in use.
struct Home {
    // Empty while a page is awaited.
    source: Mutex<ProcessLocal<Source>>,
    returned: Notify,
}

/// How many milliseconds `cursor` waits for a canceled wait to return the source.
const RETURN_MILLIS: u32 = 200;

/// An iterator over pages. It sends its first request when the first page is fetched.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Pages {
    home: Arc<Home>,
    operation: &'static str,
    record: Py<PyType>,
}

/// The source while it is in use. Dropping this returns the source: a pending page is awaited again by the next wait, and a
/// page that failed is requested again.
struct Taken {
    source: Option<Source>,
    home: Arc<Home>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(source) = self.source.take() {
            self.home.lock().put(source);
            self.home.returned.notify_one();
        }
    }
}

impl Taken {
    /// Waits until a canceled wait has returned the source.
    async fn when_returned(home: Arc<Home>) -> Self {
        loop {
            let returned = home.returned.notified();
            let source = home.lock().take();
            if source.is_some() {
                return Self { source, home: home.clone() };
            }
            returned.await;
        }
    }

    /// Waits until a page is ready, and returns whether there is one.
    async fn fetch(&mut self) -> Result<bool, Error> {
        let Some(source) = &mut self.source else { return Ok(false) };
        if source.ready.is_none() {
            source.ready = source.stream.next().await.transpose()?;
        }
        Ok(source.ready.is_some())
    }
}

impl Home {
    fn lock(&self) -> MutexGuard<'_, ProcessLocal<Source>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    pub(crate) fn new(stream: Stream, operation: &'static str, record: Py<PyType>) -> Self {
        let source = Source { stream, ready: None };
        let home = Home { source: Mutex::new(ProcessLocal::new(source)), returned: Notify::new() };
        Self { home: Arc::new(home), operation, record }
    }

    fn take_source(&self, py: Python<'_>) -> PyResult<Taken> {
        // The lock is released before Python runs: a thread that waits for it may hold the interpreter.
        let (source, foreign) = {
            let mut home = self.home.lock();
            (home.take(), home.is_foreign())
        };
        if source.is_none() {
            let text = match foreign {
                true => "another process started this iteration; start a new one in this process",
                false => "another thread or task is waiting for a page of this iterator",
            };
            return Err(errors::plain(py, "ListingError", text));
        }
        Ok(Taken { source, home: self.home.clone() })
    }

    /// Takes the page that is ready, with its rows as records. A page with a row that is not an object stays.
    fn take_records<'py>(&self, py: Python<'py>, taken: &mut Taken) -> PyResult<Option<Records<'py>>> {
        let Some(source) = &mut taken.source else { return Ok(None) };
        let odd = source.ready.iter().flat_map(|page| &page.data).find(|row| !row.get().starts_with('{'));
        if let Some(row) = odd {
            return Err(errors::not_a_record(py, self.operation, row.get()));
        }
        let maker = Maker::new(self.record.bind(py))?;
        let Some(mut page) = source.ready.take() else { return Ok(None) };
        let rows = std::mem::take(&mut page.data).into_iter().map(|row| maker.row(py, row));
        Ok(Some((rows.collect::<PyResult<_>>()?, page)))
    }
}

#[pymethods]
impl Pages {
    /// Waits for the next page, and returns whether there is one. `take` and `take_rows` return it.
    fn fetch(&self, py: Python<'_>) -> PyResult<bool> {
        let mut taken = self.take_source(py)?;
        block_on(py, taken.fetch())?.map_err(|error| errors::raise(py, &error))
    }

    /// Asynchronous version of [`fetch`](Self::fetch). `was_canceled`: the last wait was canceled and may not have returned
    /// the source yet.
    fn fetch_async<'py>(&self, py: Python<'py>, was_canceled: bool) -> PyResult<Bound<'py, PyAny>> {
        if was_canceled && !self.home.lock().is_foreign() {
            let home = self.home.clone();
            return into_asyncio(py, async move { Taken::when_returned(home).await.fetch().await });
        }
        let mut taken = self.take_source(py)?;
        into_asyncio(py, async move { taken.fetch().await })
    }

    /// Returns the page that was fetched, unless another thread or task has taken it.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let mut taken = self.take_source(py)?;
        let Some((records, page)) = self.take_records(py, &mut taken)? else { return Ok(None) };
        let page: PageTuple<'_> =
            (PyList::new(py, records)?, page.total, page.limit, page.offset, page.has_more);
        Ok(Some(page.into_pyobject(py)?))
    }

    /// Puts the rows of the page that was fetched into an empty list, the first row last, and returns their number. Leaves a
    /// list as it is that another thread has filled in the meantime.
    fn take_rows(&self, py: Python<'_>, rows: &Bound<'_, PyList>) -> PyResult<Option<usize>> {
        let mut taken = self.take_source(py)?;
        if !rows.is_empty() {
            return Ok(Some(rows.len()));
        }
        let Some((mut records, _)) = self.take_records(py, &mut taken)? else { return Ok(None) };
        records.reverse();
        let count = records.len();
        rows.set_slice(0, 0, PyList::new(py, records)?.as_any())?;
        Ok(Some(count))
    }

    /// Returns the cursor after the first `rows` rows of the page that was taken last, or after all of them.
    #[pyo3(signature = (rows = None))]
    fn cursor(&self, py: Python<'_>, rows: Option<usize>) -> PyResult<Option<String>> {
        // A wait that was just canceled returns the source soon.
        py.detach(|| {
            let is_away = || {
                let home = self.home.lock();
                home.get().is_none() && !home.is_foreign()
            };
            for _ in 0..RETURN_MILLIS {
                if !is_away() {
                    break;
                }
                thread::sleep(Duration::from_millis(1));
            }
        });
        let taken = self.take_source(py)?;
        let cursor = taken.source.as_ref().and_then(|source| match rows {
            // A page that is ready was not taken; all rows before it were.
            _ if source.ready.is_some() => source.stream.cursor_after(0),
            Some(rows) => source.stream.cursor_after(rows),
            None => source.stream.cursor(),
        });
        Ok(cursor.map(|cursor| cursor.to_string()))
    }
}
