//! Calls that report progress: waiting for a job, uploading a file.
//!
//! Python asks for one step after the other. So callbacks run on the thread or task that waits, and their exceptions are raised
//! there.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use pyo3::{IntoPyObjectExt, prelude::*};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::{
    asyncio::into_asyncio,
    block_on::block_on,
    errors::{self, Raise},
    process::ProcessLocal,
    resource_calls::Outcome,
    upload::Failure,
};

/// A progress report: the fields of `grinfi.Progress`, or of `grinfi.UploadProgress`.
pub(crate) enum Event {
    Progress(grinfi::jobs::Progress),
    Upload(grinfi::upload::UploadProgress),
}

impl<'py> IntoPyObject<'py> for Event {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Progress(progress) => errors::progress(&progress).into_bound_py_any(py),
            Self::Upload(progress) => (progress.bytes, progress.total).into_bound_py_any(py),
        }
    }
}

/// One step: a progress report, or the result of the call.
enum Step {
    Event(Event),
    Done(Outcome),
}

impl<'py> IntoPyObject<'py> for Step {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Event(event) => (false, event.into_pyobject(py)?).into_bound_py_any(py),
            Self::Done(outcome) => (true, outcome.into_pyobject(py)?).into_bound_py_any(py),
        }
    }
}

type Work = BoxFuture<'static, Result<Outcome, Failure>>;

struct State {
    events: UnboundedReceiver<Event>,
    work: Option<Work>,
    outcome: Option<Result<Outcome, Failure>>,
}

impl State {
    async fn next(&mut self) -> Result<Option<Step>, Failure> {
        if let Some(work) = &mut self.work {
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => return Ok(Some(Step::Event(event))),
                outcome = work => self.outcome = Some(outcome),
            }
            self.work = None;
        }
        // The last report is sent in the same poll that ends the work.
        if let Ok(event) = self.events.try_recv() {
            return Ok(Some(Step::Event(event)));
        }
        self.outcome.take().transpose().map(|outcome| outcome.map(Step::Done))
    }
}

/// A call that reports progress. It starts with the first step; dropping it cancels the call.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct ProgressCall {
    // Empty while a step is awaited.
    state: Arc<Mutex<ProcessLocal<State>>>,
}

/// The state while a step is awaited. Dropping this puts it back.
struct Taken {
    state: Option<State>,
    home: Arc<Mutex<ProcessLocal<State>>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(state) = self.state.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).put(state);
        }
    }
}

impl Taken {
    async fn next(mut self) -> Result<Option<Step>, Failure> {
        match &mut self.state {
            Some(state) => state.next().await,
            None => Ok(None),
        }
    }
}

impl ProgressCall {
    /// Prepares the call that `work` returns; `work` gets a sender for its progress reports.
    pub(crate) fn new(work: impl FnOnce(UnboundedSender<Event>) -> Work) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let state = State { events, work: Some(work(sender)), outcome: None };
        Self { state: Arc::new(Mutex::new(ProcessLocal::new(state))) }
    }

    fn take(&self, py: Python<'_>) -> PyResult<Taken> {
        let taken = self.state.lock().unwrap_or_else(PoisonError::into_inner).take();
        let taken = taken.ok_or_else(|| {
            errors::plain(
                py,
                "GrinfiError",
                "another thread, task or process is already waiting for this call",
            )
        })?;
        Ok(Taken { state: Some(taken), home: self.state.clone() })
    }
}

#[pymethods]
impl ProgressCall {
    /// Waits for the next step: `(False, report)`, or `(True, result)` for the last one, then `None`.
    fn next(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let taken = self.take(py)?;
        let step = block_on(py, taken.next())?.map_err(|failure| failure.raise(py))?;
        step.map(|step| Ok(step.into_pyobject(py)?.unbind())).transpose()
    }

    /// Asynchronous version of [`next`](Self::next).
    fn next_async<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let taken = self.take(py)?;
        into_asyncio(py, taken.next())
    }
}
