//! The tokio runtime behind all clients and sandboxes of the process.

use std::sync::{Mutex, PoisonError};

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::runtime::{Builder, Runtime};

use crate::shutdown;

/// One is enough for all connections, since waiting threads poll their own calls.
const WORKERS: usize = 1;

struct Running {
    process: u32,
    runtime: &'static Runtime,
}

static RUNNING: Mutex<Option<Running>> = Mutex::new(None);

/// Returns the runtime of this process, which is created at the first use.
///
/// A forked process gets a new one, since it does not have the threads of the old one. No runtime is dropped, since that would
/// wait for its threads.
///
/// The lock is only held while the thread is attached to the interpreter. Python forks while it is attached, so it cannot fork
/// while the lock is held.
pub(crate) fn runtime(_py: Python<'_>) -> PyResult<&'static Runtime> {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some(Running { runtime, .. }) = running.as_ref().filter(|running| running.process == process) {
        return Ok(runtime);
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("grinfi")
        .enable_all()
        .build()
        .map_err(|error| PyRuntimeError::new_err(format!("cannot start threads: {error}")))?;
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    shutdown::forget_other_threads();
    *running = Some(Running { process, runtime });
    Ok(runtime)
}

/// Returns whether this process has a runtime.
pub(crate) fn is_running(_py: Python<'_>) -> bool {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running.as_ref().is_some_and(|running| running.process == std::process::id())
}
