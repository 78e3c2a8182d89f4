//! Conversion of tokio futures into asyncio futures.

use std::{
    any::Any,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

use futures_util::FutureExt;
use pyo3::{BoundObject, exceptions::PyRuntimeError, prelude::*};
use tokio::sync::oneshot;

use crate::{
    block_on::block_on,
    errors::{self, Raise},
    runtime::runtime,
    shutdown,
};

/// Starts `future`, and returns an asyncio future of the running loop that its outcome goes to.
///
/// Canceling the asyncio future drops `future`, and with it the request under way. A panic becomes an exception: overrides
/// the asyncio future would never be done. A loop that is closed meanwhile learns nothing more. In a loop that runs while the interpreter ends, in a function that `atexit` calls for instance, it waits at
/// once.
pub(crate) fn into_asyncio<'py, F, T, E: Raise>(py: Python<'py>, future: F) -> PyResult<Bound<'py, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
{
    let event_loop = py.import("asyncio")?.call_method0("get_running_loop");
    let event_loop = event_loop.map_err(|error| {
        let text = "an asynchronous client needs a running asyncio event loop (anyio and uvloop use one)";
        let explained = PyRuntimeError::new_err(text);
        explained.set_cause(py, Some(error));
        explained
    })?;
    let waiter = event_loop.call_method0("create_future")?;
    if shutdown::has_begun() {
        let outcome = block_on(py, future)?;
        let (value, error) = outcome_in_python(py, Ok(outcome));
        settle(&waiter, value, error)?;
        return Ok(waiter);
    }
    let (cancel, canceled) = oneshot::channel();
    waiter.call_method1("add_done_callback", (WhenDone { cancel: Mutex::new(Some(cancel)) },))?;
    let (event_loop, outcome_of) = (event_loop.unbind(), waiter.clone().unbind());
    runtime(py)?.spawn(async move {
        let outcome = tokio::select! {
            biased;
            _ = canceled => return,
            outcome = AssertUnwindSafe(future).catch_unwind() => outcome,
        };
        // Dropped while the interpreter shuts down.
        shutdown::enter(|py| deliver(py, event_loop.bind(py), outcome_of.bind(py), outcome));
    });
    Ok(waiter)
}

/// Creates the Python type now: creating it at its first use could deadlock with a fork.
pub(crate) fn prepare(py: Python<'_>) {
    let _ = py.get_type::<WhenDone>();
}

/// The result of a future, or its panic.
type Outcome<T, E> = Result<Result<T, E>, Box<dyn Any + Send>>;

/// Delivers the outcome on the thread of the loop.
fn deliver<'py, T: IntoPyObject<'py>, E: Raise>(
    py: Python<'py>,
    event_loop: &Bound<'py, PyAny>,
    waiter: &Bound<'py, PyAny>,
    outcome: Outcome<T, E>,
) {
    let (value, error) = outcome_in_python(py, outcome);
    let settle = wrap_pyfunction!(settle, py);
    // Fails for a closed loop, on which nothing waits any more.
    let _ = settle
        .and_then(|settle| event_loop.call_method1("call_soon_threadsafe", (settle, waiter, value, error)));
}

/// Converts the outcome into a value, or into `None` and an exception.
fn outcome_in_python<'py, T: IntoPyObject<'py>, E: Raise>(
    py: Python<'py>,
    outcome: Outcome<T, E>,
) -> (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>) {
    let convert = |outcome: Result<T, E>| match outcome {
        Ok(value) => value.into_pyobject(py).map(|value| value.into_any().into_bound()).map_err(Into::into),
        Err(error) => Err(error.raise(py)),
    };
    let converted = outcome.and_then(|outcome| catch_unwind(AssertUnwindSafe(|| convert(outcome))));
    match converted.unwrap_or_else(|panic| Err(errors::panicked(py, &*panic))) {
        Ok(value) => (value, None),
        Err(error) => (py.None().into_bound(py), Some(error.into_value(py).into_bound(py).into_any())),
    }
}

/// Sets the result of an asyncio future, unless it was canceled in the meantime.
#[pyfunction]
fn settle(
    waiter: &Bound<'_, PyAny>,
    value: Bound<'_, PyAny>,
    error: Option<Bound<'_, PyAny>>,
) -> PyResult<()> {
    if waiter.call_method0("done")?.extract()? {
        return Ok(());
    }
    match error {
        Some(error) => waiter.call_method1("set_exception", (error,)),
        None => waiter.call_method1("set_result", (value,)),
    }?;
    Ok(())
}

/// Callback of an asyncio future that is done or canceled.
#[pyclass(module = "grinfi._native", frozen)]
struct WhenDone {
    cancel: Mutex<Option<oneshot::Sender<()>>>,
}

#[pymethods]
impl WhenDone {
    fn __call__(&self, _waiter: &Bound<'_, PyAny>) {
        if let Some(cancel) = self.cancel.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // Fails if the outcome was there first.
            let _ = cancel.send(());
        }
    }
}
