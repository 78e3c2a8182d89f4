//! Keeps threads of the runtime out of an interpreter that shuts down.
//!
//! Before 3.14, CPython ends a thread that attaches to the interpreter during its shutdown, wherever that thread is: its stack is
//! unwound through frames that assume they are attached, and the process crashes. Python's own daemon threads have the same
//! problem. Threads of the runtime avoid it: they run Python only through [`enter`], and [`end`], which `atexit` calls, waits
//! until they have left and lets no thread in again.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use pyo3::prelude::*;

use crate::runtime;

/// How long the shutdown waits for other threads. They only deliver an outcome or log a line.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// How many threads of the runtime run Python, or are about to.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// The thread that shuts the interpreter down, once it has started to. It may still enter; others may not.
static ENDING_THREAD: OnceLock<ThreadId> = OnceLock::new();

/// Runs `work` attached to the interpreter, unless it is shutting down.
pub(crate) fn enter<R>(work: impl FnOnce(Python<'_>) -> R) -> Option<R> {
    struct Inside;
    impl Drop for Inside {
        fn drop(&mut self) {
            INSIDE.fetch_sub(1, Ordering::SeqCst);
        }
    }
    // Counted before the check below: `end` sets the thread first and reads the count afterwards.
    INSIDE.fetch_add(1, Ordering::SeqCst);
    let _inside = Inside;
    if ENDING_THREAD.get().is_some_and(|ending| *ending != thread::current().id()) {
        return None;
    }
    Python::try_attach(work)
}

/// Returns whether the interpreter has started to shut down.
pub(crate) fn has_begun() -> bool {
    ENDING_THREAD.get().is_some()
}

/// Resets the count in a forked process, which starts without the threads that were counted.
pub(crate) fn forget_other_threads() {
    INSIDE.store(0, Ordering::SeqCst);
}

/// Registers [`end`] with `atexit`. It runs before the functions registered earlier.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(end, py)?,))?;
    Ok(())
}

/// Stops other threads from entering, and waits until those inside have left.
#[pyfunction]
fn end(py: Python<'_>) {
    ENDING_THREAD.get_or_init(|| thread::current().id());
    if !runtime::is_running(py) {
        return;
    }
    py.detach(|| {
        let began = Instant::now();
        while INSIDE.load(Ordering::SeqCst) > 0 && began.elapsed() < MAX_WAIT {
            thread::sleep(Duration::from_millis(1));
        }
    });
}
