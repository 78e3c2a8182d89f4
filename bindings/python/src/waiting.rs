//! What takes its time and tells of it: waiting for a job, sending a file. Python takes step after step, so that what it is told
//! runs where it waits, and an exception of its own comes up there.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use pyo3::{IntoPyObjectExt, prelude::*};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::{
    block::block_on,
    composed::Outcome,
    errors::{self, Raise},
    later::later,
    process::Here,
    upload::Failure,
};

/// How a step went: the numbers of `grinfi._errors.Progress`, or bytes sent and bytes in all.
pub(crate) enum Told {
    Progress(grinfi::jobs::Progress),
    Sent(grinfi::upload::UploadProgress),
}

impl<'py> IntoPyObject<'py> for Told {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Progress(progress) => errors::progress(&progress).into_bound_py_any(py),
            Self::Sent(sent) => (sent.bytes, sent.total).into_bound_py_any(py),
        }
    }
}

/// What came next: what is told, or, after a `True`, what came of it all.
enum Step {
    Told(Told),
    Done(Outcome),
}

impl<'py> IntoPyObject<'py> for Step {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Told(told) => (false, told.into_pyobject(py)?).into_bound_py_any(py),
            Self::Done(outcome) => (true, outcome.into_pyobject(py)?).into_bound_py_any(py),
        }
    }
}

type Work = BoxFuture<'static, Result<Outcome, Failure>>;

struct Going {
    told: UnboundedReceiver<Told>,
    work: Option<Work>,
    outcome: Option<Result<Outcome, Failure>>,
}

impl Going {
    async fn next(&mut self) -> Result<Option<Step>, Failure> {
        if let Some(work) = &mut self.work {
            tokio::select! {
                biased;
                Some(told) = self.told.recv() => return Ok(Some(Step::Told(told))),
                outcome = work => self.outcome = Some(outcome),
            }
            self.work = None;
        }
        // The last look tells of itself in the moment that ends the work.
        if let Ok(told) = self.told.try_recv() {
            return Ok(Some(Step::Told(told)));
        }
        self.outcome.take().transpose().map(|outcome| outcome.map(Step::Done))
    }
}

/// Something under way. Nothing happens before the first step is asked for; dropping it ends the waiting, or the request.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Waiting {
    // Empty while a step is awaited.
    going: Arc<Mutex<Here<Going>>>,
}

/// What is under way while a step is awaited; it goes back when the wait ends, however it ends.
struct Taken {
    going: Option<Going>,
    home: Arc<Mutex<Here<Going>>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(going) = self.going.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).put(going);
        }
    }
}

impl Taken {
    async fn next(mut self) -> Result<Option<Step>, Failure> {
        match &mut self.going {
            Some(going) => going.next().await,
            None => Ok(None),
        }
    }
}

impl Waiting {
    /// What `work` makes, with something to tell by.
    pub(crate) fn new(work: impl FnOnce(UnboundedSender<Told>) -> Work) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let going = Going { told, work: Some(work(tell)), outcome: None };
        Self { going: Arc::new(Mutex::new(Here::new(going))) }
    }

    fn take(&self, py: Python<'_>) -> PyResult<Taken> {
        let taken = self.going.lock().unwrap_or_else(PoisonError::into_inner).take();
        let taken = taken.ok_or_else(|| {
            errors::plain(py, "GrinfiError", "another thread, task or process is waiting for this")
        })?;
        Ok(Taken { going: Some(taken), home: self.going.clone() })
    }
}

#[pymethods]
impl Waiting {
    /// The next step: whether it is the last, and what is told or came of it. `None` after the last.
    fn next(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let taken = self.take(py)?;
        let step = block_on(py, taken.next())?.map_err(|failure| failure.raise(py))?;
        step.map(|step| Ok(step.into_pyobject(py)?.unbind())).transpose()
    }

    /// The same, to be awaited.
    fn next_later<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let taken = self.take(py)?;
        later(py, taken.next())
    }
}
