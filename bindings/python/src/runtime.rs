//! The tokio runtime behind all clients and sandboxes of the process.

use std::sync::{Mutex, PoisonError};

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::runtime::{Builder, Runtime};

use crate::shutdown;

/// One serves all connections: the threads that wait poll their own calls, and a second would mostly be woken for nothing.
const WORKERS: usize = 1;

struct Running {
    process: u32,
    runtime: &'static Runtime,
}

static RUNNING: Mutex<Option<Running>> = Mutex::new(None);

/// The runtime of this process, made at first use.
///
/// After a fork the child gets one of its own: the threads of the copied one stayed with the parent. No runtime is ever
/// dropped, since that would wait for its threads.
///
/// The lock is only held while attached to the interpreter. A fork from Python is attached too, so that none can happen with
/// the lock taken.
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
        .map_err(|error| PyRuntimeError::new_err(format!("no threads for grinfi can be started: {error}")))?;
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    shutdown::forget_other_threads();
    *running = Some(Running { process, runtime });
    Ok(runtime)
}

/// Whether this process has a runtime.
pub(crate) fn is_running(_py: Python<'_>) -> bool {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running.as_ref().is_some_and(|running| running.process == std::process::id())
}
