//! The context of one call. The raw client can only carry `reqwest::Error` from the transport up to the caller, so what the
//! transport knows travels beside it, in a task-local.

use std::{cell::RefCell, future::Future, time::Duration};

use grinfi_raw::Operation;

use crate::error::{Error, Outcome, UnconfirmedRequest};

/// What the transport knows of a call once it is over.
#[derive(Default)]
pub(crate) struct CallContext {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) attempts: u32,
    pub(crate) waited: Duration,
    pub(crate) status: Option<u16>,
    /// What was sent, for a non-idempotent operation.
    pub(crate) sent: Option<UnconfirmedRequest>,
    /// The failure, if the transport found one.
    pub(crate) error: Option<Error>,
}

impl CallContext {
    /// Returns a copy of the context of a call that succeeded.
    pub(crate) fn of_success(&self) -> Self {
        let Self { operation, attempts, waited, status, ref sent, .. } = *self;
        Self { operation, attempts, waited, status, sent: sent.clone(), error: None }
    }

    /// Makes an unknown outcome of an error about the response to a non-idempotent operation: the API accepted the request, and
    /// whoever takes this for a failure sends it again.
    pub(crate) fn accepted(&self, error: Error) -> Error {
        let error = error.with_outcome(Outcome::Unknown, false);
        match &self.sent {
            Some(sent) => error.with_unconfirmed_request(sent.clone()),
            None => error,
        }
    }

    /// Adds what is known of the call to an error that came up above the transport.
    pub(crate) fn describe(&self, error: Error) -> Error {
        let mut error = error.with_attempts(self.attempts, self.waited);
        error.set_status(self.status);
        match self.operation {
            Some(operation) => error.with_call(Some(operation), operation.method, operation.path),
            None => error,
        }
    }
}

tokio::task_local! {
    static RECORD: RefCell<CallContext>;
}

/// Runs `call` with a context of its own and hands both back.
pub(crate) async fn with<F: Future>(call: F) -> (F::Output, CallContext) {
    RECORD
        .scope(RefCell::new(CallContext::default()), async {
            let output = call.await;
            (output, RECORD.with(|context| context.take()))
        })
        .await
}

/// Keeps the context of the call under way. Answers with the context where nobody asked for one: the raw client is used by
/// itself then.
pub(crate) fn keep(new: CallContext) -> Option<CallContext> {
    let mut new = Some(new);
    let _ = RECORD.try_with(|context| {
        if let Some(new) = new.take() {
            context.replace(new);
        }
    });
    new
}
