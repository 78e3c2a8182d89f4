//! The request of a call with an unknown outcome.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

/// Request that may have taken effect.
///
/// It contains personal data, so `Debug` shows only the time.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnconfirmedRequest {
    /// Start of the call, by the local clock.
    pub started_at: DateTime<Utc>,
    /// Path, including ids.
    pub path: String,
    /// Body, unless it was sent as a stream.
    pub body: Option<Bytes>,
}

impl fmt::Debug for UnconfirmedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnconfirmedRequest").field("started_at", &self.started_at).finish_non_exhaustive()
    }
}
