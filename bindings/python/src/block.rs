//! The one way to wait.

use std::{
    future::Future,
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

use crate::runtime::runtime;

/// How often a call that waits looks for Ctrl-C.
const TICK: Duration = Duration::from_millis(50);

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
    /// Sleeps until the alarm rings, or that moment comes; says whether it rang.
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

/// Waits for `future` with the interpreter released, so that other Python threads run meanwhile.
///
/// A signal whose handler raises, such as Ctrl-C, ends the wait with that exception; the future is dropped, and with it the
/// request under way.
///
/// It cannot wait on a thread that serves the connections, where the `logging` handlers of asynchronous calls run: nothing would
/// come.
///
/// The looks for signals are no timer of the runtime: each would wake one of its threads for every call.
pub(crate) fn block_on<F>(py: Python<'_>, future: F) -> PyResult<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    if tokio::task::try_id().is_some() {
        return Err(PyRuntimeError::new_err(
            "a call cannot be waited for where an asynchronous call is at work, such as in a handler of `logging`; \
             hand it to a thread, by `logging.handlers.QueueHandler` for instance",
        ));
    }
    let runtime = runtime(py)?;
    py.detach(|| {
        let _runtime = runtime.enter();
        let alarm = Arc::new(Alarm { thread: thread::current(), rang: AtomicBool::new(false) });
        let waker = Waker::from(alarm.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        let mut look = Instant::now() + TICK;
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return Ok(output);
            }
            while !alarm.wait(look) {
                // While the interpreter shuts down there is nobody to interrupt.
                Python::try_attach(|py| py.check_signals()).unwrap_or(Ok(()))?;
                look = Instant::now() + TICK;
            }
        }
    })
}
