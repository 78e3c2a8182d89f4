//! The thread that connections live on.

use std::{
    fmt,
    future::Future,
    sync::{Arc, mpsc},
    thread,
};

use tokio::{runtime::Handle, sync::oneshot};

use crate::error::{Error, ErrorKind, Result};

/// A handle on the thread, which ends with the last of them.
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
    /// Starts the thread. The runtime is made, run and dropped there, so that a client may be dropped anywhere.
    pub(super) fn start() -> Result<Self> {
        let refused = |source: std::io::Error| {
            Error::config(ErrorKind::Config, "runtime", "no thread can be started").with_source(source)
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
        thread::Builder::new().name("grinfi".to_owned()).spawn(run).map_err(refused)?;
        let handle = start
            .recv()
            .unwrap_or_else(|_| Err(std::io::Error::other("the thread ended at once")))
            .map_err(refused)?;
        Ok(Self { inner: Arc::new(Inner { handle, _stop: stop }) })
    }

    pub(super) fn wait<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        if Handle::try_current().is_ok() {
            let message = "the blocking client was called inside an async runtime, whose tasks it would hold up: use \
                           grinfi::Client there, or a thread of its own";
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
