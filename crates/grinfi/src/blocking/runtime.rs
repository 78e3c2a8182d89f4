//! Thread of the connections of a blocking client.

use std::{
    fmt,
    future::Future,
    sync::{Arc, mpsc},
    thread,
};

use tokio::{runtime::Handle, sync::oneshot};

use crate::error::{Error, ErrorKind, Result};

/// Handle of the thread, which ends when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Runtime {
    inner: Arc<Inner>,
}

struct Inner {
    handle: Handle,
    // Dropping it ends the thread.
    _stop: oneshot::Sender<()>,
}

impl Runtime {
    /// Starts the thread. The runtime is created, run and dropped on it, so that a client can be dropped on any thread.
    pub(super) fn start() -> Result<Self> {
        let failed = |source: std::io::Error| {
            Error::config(ErrorKind::Config, "runtime", "cannot start a thread").with_source(source)
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let (started, start) = mpsc::sync_channel(1);
        let run = move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                let _ = started.send(Ok(runtime.handle().clone()));
                let _ = runtime.block_on(stopped);
            }
            Err(error) => {
                let _ = started.send(Err(error));
            }
        };
        thread::Builder::new().name("grinfi".to_owned()).spawn(run).map_err(failed)?;
        let handle = start
            .recv()
            .unwrap_or_else(|_| Err(std::io::Error::other("the thread ended unexpectedly")))
            .map_err(failed)?;
        Ok(Self { inner: Arc::new(Inner { handle, _stop: stop }) })
    }

    pub(super) fn wait<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        if Handle::try_current().is_ok() {
            let message = "the blocking client cannot be used inside an async runtime, because it would block its tasks; use \
                           `grinfi::Client` there, or a separate thread";
            return Err(Error::config(ErrorKind::Config, "runtime", message));
        }
        self.inner.handle.block_on(call)
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}
