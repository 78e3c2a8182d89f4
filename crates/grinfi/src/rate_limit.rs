//! Client-side rate limiter of a key, which keeps the API from returning 429.
//!
//! The API allows at most 300 requests in any 60 seconds. A token bucket (the `governor` crate's GCRA) cannot enforce that:
//! with a burst of 300 it allows 300 requests after a quiet minute and refills meanwhile, up to 600 in one window; with a
//! burst of 1 it keeps to the limit but prevents the bursts that the API allows. This limiter uses a sliding-window log
//! instead: a request takes one of 300 slots, and the slot becomes free one window after the API is known to have counted
//! the request.
//!
//! The API counts a request when it arrives, which is some time between sending it and receiving the response. The window
//! of a slot therefore starts at the response. If it started when the request is sent, a slow request and a later one that
//! reuses its slot could arrive within one window. With the response as the start, at most 300 requests arrive in any
//! window of the server: a request that arrived within the window before another was sent has no response yet, or received
//! it less than a window ago, so its slot is still taken.

mod headers;
mod limiter;
mod permit;
mod state;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use headers::parse as reported_limit;
pub(crate) use limiter::{Limiter, for_key};
pub(crate) use permit::{Permit, WaitLimits};

use crate::error::{Error, ErrorKind, Result};

/// Rate limit of a key: the number of requests per window, and the number of concurrent requests.
///
/// All clients in the process with the same key and base URL share it. Waiting calls proceed in the order in which they
/// started.
///
/// The API can still return 429, for example because another program uses the same key. Then all calls of the key pause,
/// and after the pause a single request checks whether the API accepts requests again. The pause is the `Retry-After` of
/// the response. This API sends none, so the pause is 1/60 of the window, doubled with each further 429 up to a quarter of
/// the window. [`RetryPolicy::max_retry_after`](crate::RetryPolicy::max_retry_after) and
/// [`RetryPolicy::max_rate_limit_wait`](crate::RetryPolicy::max_rate_limit_wait) limit how long a call waits.
/// `x-ratelimit-*` headers, which the API does not document, are respected for at most `max_retry_after`, and ignored with
/// [`RateLimit::off`].
///
/// ```
/// use grinfi::RateLimit;
///
/// // Two programs share a key: each uses half of the limit.
/// let shared = RateLimit::default().requests(150);
/// let unlimited = RateLimit::off();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Maximum number of requests in any window; `None` for no limit. Default 300.
    pub requests: Option<u32>,
    /// Length of the window. Default 60 s.
    pub window: Duration,
    /// Maximum number of concurrent requests; `None` for no limit. Default 32: enough to send 300 requests within seconds
    /// even if responses are slow, and few enough not to look like an attack.
    ///
    /// If no request completes for 5 s, one more may start, so that futures that are not polled cannot block all others.
    pub concurrency: Option<u32>,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { requests: Some(300), window: Duration::from_secs(60), concurrency: Some(32) }
    }
}

impl RateLimit {
    /// Returns a rate limit without limits on requests and concurrency. A 429 still pauses all calls of the key.
    #[must_use]
    pub fn off() -> Self {
        Self { requests: None, concurrency: None, ..Self::default() }
    }

    /// Sets the maximum number of requests in any window.
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

    /// Sets the maximum number of concurrent requests.
    #[must_use]
    pub fn concurrency(mut self, concurrency: u32) -> Self {
        self.concurrency = Some(concurrency);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.requests == Some(0) || self.concurrency == Some(0) || self.window.is_zero() {
            let message = "`rate_limit` values must be greater than 0; use RateLimit::off() for no limit";
            return Err(Error::config(ErrorKind::Config, "rate_limit", message));
        }
        Ok(())
    }
}
