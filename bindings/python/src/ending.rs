//! The end of the interpreter.
//!
//! CPython before 3.14 ends a thread that asks for the interpreter while it shuts down, wherever that thread stands: its stack
//! is unwound through frames that believe they hold the interpreter, and the process crashes. A thread that Python started as
//! a daemon takes that risk by itself. The threads of the runtime must not: they run Python only through [`enter`], and before
//! the interpreter ends it waits until they are out of it and lets none in again.

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

/// How long the end waits for others: enough for what they do, which is to hand over an outcome or to log a line.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many threads of the runtime run Python, or are about to.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// The thread that ends the interpreter, once it has begun to. Others may not come in; it may until the last.
static ENDS: OnceLock<ThreadId> = OnceLock::new();

/// Runs `work` with the interpreter, unless it ends.
pub(crate) fn enter<R>(work: impl FnOnce(Python<'_>) -> R) -> Option<R> {
    struct Inside;
    impl Drop for Inside {
        fn drop(&mut self) {
            INSIDE.fetch_sub(1, Ordering::SeqCst);
        }
    }
    // Counted before it looks: the end looks at the count after it has said so.
    INSIDE.fetch_add(1, Ordering::SeqCst);
    let _inside = Inside;
    if ENDS.get().is_some_and(|ends| *ends != thread::current().id()) {
        return None;
    }
    Python::try_attach(work)
}

/// Whether the interpreter has begun to end.
pub(crate) fn has_begun() -> bool {
    ENDS.get().is_some()
}

/// A forked process begins without the threads that were counted.
pub(crate) fn forget_other_threads() {
    INSIDE.store(0, Ordering::SeqCst);
}

/// Has [`end`] called when the interpreter ends, after what others register from now on.
pub(crate) fn watch(py: Python<'_>) -> PyResult<()> {
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(end, py)?,))?;
    Ok(())
}

/// Lets no other thread in any more, and waits until those inside are out.
#[pyfunction]
fn end(py: Python<'_>) {
    ENDS.get_or_init(|| thread::current().id());
    if !runtime::is_running(py) {
        return;
    }
    py.detach(|| {
        let began = Instant::now();
        while INSIDE.load(Ordering::SeqCst) > 0 && began.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
    });
}
