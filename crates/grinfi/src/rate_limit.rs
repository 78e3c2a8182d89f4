//! The limit on requests for a key, kept on this side so that the API need not refuse.
//!
//! The API counts strictly: no more than 300 requests in any 60 seconds. A token bucket (the `governor` crate's GCRA) does not
//! keep to that: with a burst of 300 it lets 300 go after a quiet minute and refills meanwhile, up to 600 in one window;
//! with a burst of 1 it keeps to it and refuses the bursts that the API allows. So this keeps a log: a request takes one
//! of 300 places and gives it back a window after it is known to have been counted.
//!
//! *Known to have been counted* is the point: the API counts on arrival, which is somewhere between departure and answer. A
//! place that came free a window after departure would let a slow request and its successor's successor arrive within one
//! window. Counted from the answer, no window of the server's can hold more: whatever arrived in the window before a
//! request had its answer, if at all, less than a window before that request left, and still held its place then.

mod headers;
mod limiter;
mod place;
mod state;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use headers::read as told;
pub(crate) use limiter::{Limiter, for_key};
pub(crate) use place::{Patience, Permit};

use crate::error::{Error, ErrorKind, Result};

/// Rate limit of a key: how many requests may be sent, and how many at a time.
///
/// It belongs to the key and not to the client: all clones, and all clients in the process that were built for the same key
/// and base URL, share it. Waiting calls are served in the order in which they came.
///
/// When the API answers 429 all the same, because another program uses the key, all calls of the key pause, and then one goes
/// ahead to find out whether the API takes requests again. The pause is as long as the response asks (`Retry-After`), or,
/// since this API asks for none, 1/60 of the window, doubled with each further 429 up to a quarter of it. See
/// [`RetryPolicy::max_retry_after`](crate::RetryPolicy::max_retry_after) and
/// [`RetryPolicy::max_rate_limit_wait`](crate::RetryPolicy::max_rate_limit_wait) for how long a call waits. `x-ratelimit-*` headers, which
/// the API does not document, are believed for at most `max_retry_after`, and ignored with [`RateLimit::off`].
///
/// ```
/// use grinfi::RateLimit;
///
/// // Two programs share a key: each takes a half.
/// let rate limit = RateLimit::default().requests(150);
/// let unlimited = RateLimit::off();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The most requests in any one window; `None` counts nothing. Default 300.
    pub requests: Option<u32>,
    /// The length of the window. Default 60 s.
    pub window: Duration,
    /// The most requests under way at a time; `None` sets no bound. Default 32: enough to use up the 300 within seconds
    /// even of slow answers, and few enough not to look like an attack.
    ///
    /// The bound is a soft one: where nothing was answered for 5 s, one more may go, so that requests which nobody polls
    /// cannot lock out the others.
    pub concurrency: Option<u32>,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { requests: Some(300), window: Duration::from_secs(60), concurrency: Some(32) }
    }
}

impl RateLimit {
    /// No limit of this side's on requests or concurrency. A 429 still makes all callers of the key wait.
    #[must_use]
    pub fn off() -> Self {
        Self { requests: None, concurrency: None, ..Self::default() }
    }

    /// Sets the most requests in any one window.
    #[must_use]
    pub fn requests(mut self, requests: u32) -> Self {
        self.requests = Some(requests);
        self
    }

    /// Sets the length of the window.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Sets the most requests under way at a time.
    #[must_use]
    pub fn concurrency(mut self, concurrency: u32) -> Self {
        self.concurrency = Some(concurrency);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.requests == Some(0) || self.concurrency == Some(0) || self.window.is_zero() {
            let message = "a rate_limit of zero lets nothing through; RateLimit::off() sets no limit";
            return Err(Error::config(ErrorKind::Config, "rate_limit", message));
        }
        Ok(())
    }
}
