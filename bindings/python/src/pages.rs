//! The pages of a listing, for both kinds of loops.

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

use crate::{block::block_on, errors, later::later, process::Here, record::Maker};

/// The rows, then total, limit, offset and has_more where the API says them.
type Row<'py> = (Bound<'py, PyList>, Option<u64>, Option<u64>, Option<u64>, Option<bool>);

/// The records of a page, and the page without its rows.
type Handed<'py> = (Vec<Bound<'py, PyAny>>, Page<Box<RawValue>>);

type Stream = grinfi::pagination::Pages<Box<RawValue>>;

/// A stream, and the page of it that nobody has taken yet.
///
/// A page stays here until Python has it: a wait that is cancelled when the page has come loses nothing.
struct Source {
    stream: Stream,
    ready: Option<Page<Box<RawValue>>>,
}

/// Where the source is while it is not in use.
struct Home {
    // Empty while a page is awaited.
    source: Mutex<Here<Source>>,
    returned: Notify,
}

/// How often, a millisecond apart, a cancelled wait is given the time to return the source.
const PATIENCE: u32 = 200;

/// Pages, one after another. Nothing is sent before the first is asked for.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Pages {
    home: Arc<Home>,
    operation: &'static str,
    record: Py<PyType>,
}

/// The source while it is in use. It goes back when that ends, however it ends: a page under way is then awaited again, and
/// one that could not be fetched is requested again.
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
    /// Waits until a wait that was cancelled has returned the source.
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

    /// Waits for a page to be ready; says whether there is one.
    async fn fetch(&mut self) -> Result<bool, Error> {
        let Some(source) = &mut self.source else { return Ok(false) };
        if source.ready.is_none() {
            source.ready = source.stream.next().await.transpose()?;
        }
        Ok(source.ready.is_some())
    }
}

impl Home {
    fn lock(&self) -> MutexGuard<'_, Here<Source>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    pub(crate) fn new(stream: Stream, operation: &'static str, record: Py<PyType>) -> Self {
        let source = Source { stream, ready: None };
        let home = Home { source: Mutex::new(Here::new(source)), returned: Notify::new() };
        Self { home: Arc::new(home), operation, record }
    }

    fn take_source(&self, py: Python<'_>) -> PyResult<Taken> {
        // The lock is given back before Python runs: a thread that waits for it may hold the interpreter.
        let (source, foreign) = {
            let mut home = self.home.lock();
            (home.take(), home.is_foreign())
        };
        if source.is_none() {
            let text = match foreign {
                true => "the process that began to read this listing is another one; begin afresh",
                false => "another thread or task is waiting for a page of this iterator",
            };
            return Err(errors::plain(py, "ListingError", text));
        }
        Ok(Taken { source, home: self.home.clone() })
    }

    /// Takes the page that is ready, and its rows as records. A page with a row that is no object stays.
    fn hand_over<'py>(&self, py: Python<'py>, taken: &mut Taken) -> PyResult<Option<Handed<'py>>> {
        let Some(source) = &mut taken.source else { return Ok(None) };
        let odd = source.ready.iter().flat_map(|page| &page.data).find(|row| !row.get().starts_with('{'));
        if let Some(row) = odd {
            return Err(errors::no_row(py, self.operation, row.get()));
        }
        let maker = Maker::new(self.record.bind(py))?;
        let Some(mut page) = source.ready.take() else { return Ok(None) };
        let rows = std::mem::take(&mut page.data).into_iter().map(|row| maker.row(py, row));
        Ok(Some((rows.collect::<PyResult<_>>()?, page)))
    }

    /// Puts the rows of the page that is ready into a list, the first row last. Says how many.
    fn hand_rows_over(&self, taken: &mut Taken, rows: &Bound<'_, PyList>) -> PyResult<Option<usize>> {
        let Some((mut records, _)) = self.hand_over(rows.py(), taken)? else { return Ok(None) };
        records.reverse();
        let count = records.len();
        rows.set_slice(0, 0, PyList::new(rows.py(), records)?.as_any())?;
        Ok(Some(count))
    }

    /// The page that is ready, as a tuple.
    fn page_of<'py>(&self, py: Python<'py>, taken: &mut Taken) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let Some((records, page)) = self.hand_over(py, taken)? else { return Ok(None) };
        let row: Row<'_> = (PyList::new(py, records)?, page.total, page.limit, page.offset, page.has_more);
        Ok(Some(row.into_pyobject(py)?))
    }
}

#[pymethods]
impl Pages {
    /// The next page, `None` after the last.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let mut taken = self.take_source(py)?;
        block_on(py, taken.fetch())?.map_err(|error| errors::raise(py, &error))?;
        self.page_of(py, &mut taken)
    }

    /// Waits for the next page and puts its rows into a list that is empty, the first row last. Says how many; `None` after
    /// the last page. A list that another thread has filled meanwhile stays as it is.
    fn fill(&self, py: Python<'_>, rows: &Bound<'_, PyList>) -> PyResult<Option<usize>> {
        let mut taken = self.take_source(py)?;
        if !rows.is_empty() {
            return Ok(Some(rows.len()));
        }
        block_on(py, taken.fetch())?.map_err(|error| errors::raise(py, &error))?;
        self.hand_rows_over(&mut taken, rows)
    }

    /// Waits for the next page, to be awaited; says whether there is one. `take` and `take_rows` hand it out. After a wait that
    /// was cancelled, `was_cancelled` says that the source may still be on its way back.
    fn fetch_later<'py>(&self, py: Python<'py>, was_cancelled: bool) -> PyResult<Bound<'py, PyAny>> {
        if was_cancelled && !self.home.lock().is_foreign() {
            let home = self.home.clone();
            return later(py, async move { Taken::when_returned(home).await.fetch().await });
        }
        let mut taken = self.take_source(py)?;
        later(py, async move { taken.fetch().await })
    }

    /// The page that `fetch_later` waited for, unless another task has taken it.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let mut taken = self.take_source(py)?;
        self.page_of(py, &mut taken)
    }

    /// Puts the rows of the page that `fetch_later` waited for into a list, as `fill` does.
    fn take_rows(&self, py: Python<'_>, rows: &Bound<'_, PyList>) -> PyResult<Option<usize>> {
        let mut taken = self.take_source(py)?;
        if !rows.is_empty() {
            return Ok(Some(rows.len()));
        }
        self.hand_rows_over(&mut taken, rows)
    }

    /// The position after the first `rows` rows of the page that was handed out last, or after all of them.
    #[pyo3(signature = (rows = None))]
    fn cursor(&self, py: Python<'_>, rows: Option<usize>) -> PyResult<Option<String>> {
        // A wait that was cancelled a moment ago returns the source soon.
        py.detach(|| {
            let is_away = || {
                let home = self.home.lock();
                home.get().is_none() && !home.is_foreign()
            };
            for _ in 0..PATIENCE {
                if !is_away() {
                    break;
                }
                thread::sleep(Duration::from_millis(1));
            }
        });
        let taken = self.take_source(py)?;
        let cursor = taken.source.as_ref().and_then(|source| match rows {
            // What is ready has not been handed out, and is only waited for when everything before it has.
            _ if source.ready.is_some() => source.stream.cursor_after(0),
            Some(rows) => source.stream.cursor_after(rows),
            None => source.stream.cursor(),
        });
        Ok(cursor.map(|cursor| cursor.to_string()))
    }
}
