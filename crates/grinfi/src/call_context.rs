//! What the transport knows of a call once it is over.

use std::time::Duration;

use grinfi_raw::{Operation, operation::Effect};

use crate::error::{Error, Outcome, UnconfirmedRequest};

/// What the transport knows of a call once it is over.
#[derive(Clone, Default)]
pub(crate) struct CallContext {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) attempts: u32,
    pub(crate) waited: Duration,
    pub(crate) status: Option<u16>,
    /// What was sent, for a non-idempotent operation.
    pub(crate) sent: Option<UnconfirmedRequest>,
}

impl CallContext {
    /// Adds what is known of the call to an error about its response.
    ///
    /// The API accepted a non-idempotent operation even if its response does not decode: the outcome is then unknown.
    pub(crate) fn describe(&self, error: Error, effect: Effect) -> Error {
        let mut error = error.with_attempts(self.attempts, self.waited);
        error.set_status(self.status);
        if let Some(operation) = self.operation {
            error = error.with_call(Some(operation), operation.method, operation.path);
        }
        if effect != Effect::NonIdempotent || !error.is_decode() {
            return error;
        }
        let error = error.with_outcome(Outcome::Unknown, false);
        match &self.sent {
            Some(sent) => error.with_unconfirmed_request(sent.clone()),
            None => error,
        }
    }
}
