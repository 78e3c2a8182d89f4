//! The one way to wait.

use std::{future::Future, pin::pin, time::Duration};

use pyo3::prelude::*;
use tokio::time::{MissedTickBehavior, interval};

use crate::runtime::runtime;

/// How often a call that waits looks for Ctrl-C.
const TICK: Duration = Duration::from_millis(50);

/// Waits for `future` with the interpreter released, so that other Python threads run meanwhile.
///
/// A signal whose handler raises, such as Ctrl-C, ends the wait with that exception; the future is dropped, and with it the
/// request under way.
pub(crate) fn block_on<F>(py: Python<'_>, future: F) -> PyResult<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    let runtime = runtime(py)?;
    py.detach(|| {
        runtime.block_on(async {
            let mut future = pin!(future);
            let mut tick = interval(TICK);
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    biased;
                    output = &mut future => return Ok(output),
                    // While the interpreter shuts down there is nobody to interrupt.
                    _ = tick.tick() => Python::try_attach(|py| py.check_signals()).unwrap_or(Ok(()))?,
                }
            }
        })
    })
}
