//! What helps to find out after an unknown outcome.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

/// The request that may or may not have had its effect: what to look for, and from when on.
///
/// It holds people's data, so `Debug` shows only the time.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnconfirmedRequest {
    /// When the call began, by this machine's clock.
    pub started_at: DateTime<Utc>,
    /// The path, ids included.
    pub path: String,
    /// The body, unless it was handed over as a stream.
    pub body: Option<Bytes>,
}

impl fmt::Debug for UnconfirmedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnconfirmedRequest").field("started_at", &self.started_at).finish_non_exhaustive()
    }
}
