//! Waiting for futures on the calling thread.

use std::{
    cell::RefCell,
    future::Future,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use pyo3::{exceptions::PyRuntimeError, prelude::*};

use crate::{errors, runtime::runtime};

/// How often a waiting call checks for signals, Ctrl-C among them.
const TICK: Duration = Duration::from_millis(50);

thread_local! {
    /// The interruption of the wait of this thread; `None` if the thread does not wait.
    static WAIT: RefCell<Option<Interruption>> = const { RefCell::new(None) };
}

/// The exception that ends a wait, once there is one.
type Interruption = Option<PyErr>;

/// Ends the wait of this thread with `error` after the current poll. Returns the error if the thread does not wait.
///
/// Python code that runs during a poll, such as a `logging` handler, also runs the handlers of pending signals, and gets their
/// exceptions.
pub(crate) fn interrupt(error: PyErr) -> Result<(), PyErr> {
    WAIT.with_borrow_mut(|wait| match wait {
        Some(interruption) => {
            // The first error counts.
            interruption.get_or_insert(error);
            Ok(())
        }
        None => Err(error),
    })
}

/// Marks the thread as waiting. Dropping it restores the state of an outer wait, since a `logging` handler may make calls.
struct Waits {
    outer: Option<Interruption>,
}

impl Waits {
    fn begin() -> Self {
        Self { outer: WAIT.replace(Some(None)) }
    }

    /// Takes the exception that interrupts this wait.
    fn interruption(&self) -> Interruption {
        WAIT.with_borrow_mut(|wait| wait.as_mut().and_then(Option::take))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        WAIT.set(mem::take(&mut self.outer));
    }
}

/// Wakes the thread that waits.
struct Alarm {
    thread: Thread,
    rang: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.rang.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}

impl Alarm {
    /// Sleeps until the alarm rings or the time has come, and returns whether it rang.
    fn wait(&self, until: Instant) -> bool {
        while !self.rang.swap(false, Ordering::Acquire) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            thread::park_timeout(left);
        }
        true
    }
}

/// Waits for `future` with the interpreter released, so that other Python threads can run.
///
/// A signal whose handler raises, such as Ctrl-C, ends the wait with that exception within [`TICK`], and cancels the request by
/// dropping the future. A panic of the future becomes an exception.
///
/// Fails on a thread of the runtime, where `logging` handlers of asynchronous calls run: such a wait would never end.
///
/// Signals are checked without a timer of the runtime, which would wake one of its threads for every call.
pub(crate) fn block_on<F>(py: Python<'_>, future: F) -> PyResult<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    if tokio::task::try_id().is_some() {
        return Err(PyRuntimeError::new_err(
            "a blocking call cannot be made inside an asynchronous one, such as in a `logging` handler; make it in another \
             thread, for example with `logging.handlers.QueueHandler`",
        ));
    }
    let runtime = runtime(py)?;
    let waited = py.detach(|| {
        let _runtime = runtime.enter();
        // The future runs Python when it logs and when it is dropped.
        catch_unwind(AssertUnwindSafe(|| wait(future)))
    });
    waited.unwrap_or_else(|panic| Err(errors::panicked(py, &*panic)))
}

fn wait<F: Future>(future: F) -> PyResult<F::Output> {
    let waits = Waits::begin();
    let alarm = Arc::new(Alarm { thread: thread::current(), rang: AtomicBool::new(false) });
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    let mut check = Instant::now() + TICK;
    loop {
        let polled = future.as_mut().poll(&mut context);
        if let Some(error) = waits.interruption() {
            return Err(error);
        }
        if let Poll::Ready(output) = polled {
            return Ok(output);
        }
        // A future that is woken constantly must not delay the handling of signals.
        while Instant::now() >= check || !alarm.wait(check) {
            // Fails while the interpreter shuts down.
            Python::try_attach(|py| py.check_signals()).unwrap_or(Ok(()))?;
            check = Instant::now() + TICK;
        }
    }
}
