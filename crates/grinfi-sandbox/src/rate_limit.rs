//! Rate limit: a number of requests in any 60 seconds of the tenant's clock.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use crate::rejection::Rejection;

const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// Sliding-window rate limiter. Rejected requests do not count.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    /// `None` allows every request.
    requests: Option<u32>,
    granted: VecDeque<DateTime<Utc>>,
}

impl RateLimiter {
    pub(crate) fn new(requests: Option<u32>) -> RateLimiter {
        RateLimiter { requests, granted: VecDeque::new() }
    }

    /// Returns the number of requests allowed per minute.
    pub(crate) fn requests(&self) -> Option<u32> {
        self.requests
    }

    /// Counts a request at `now`.
    ///
    /// # Errors
    /// 429 with the seconds until the next request is allowed.
    // assumed: rate-window
    pub(crate) fn acquire(&mut self, now: DateTime<Utc>) -> Result<(), Rejection> {
        let Some(requests) = self.requests else { return Ok(()) };
        while self.granted.front().is_some_and(|&oldest| now - oldest >= WINDOW) {
            self.granted.pop_front();
        }
        if self.granted.len() < usize::try_from(requests).unwrap_or(usize::MAX) {
            self.granted.push_back(now);
            return Ok(());
        }
        let oldest = self.granted.front().copied().unwrap_or(now);
        let wait = (WINDOW - (now - oldest)).num_milliseconds();
        // Rounded up, so that a client that waits this long is not rejected again.
        let seconds = u64::try_from(wait).unwrap_or(0).div_ceil(1000).max(1);
        Err(Rejection::too_many_requests(requests, seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_next_request_after_a_minute() {
        let start: DateTime<Utc> = "2026-02-03T12:00:00Z".parse().unwrap();
        let at = |milliseconds| start + TimeDelta::milliseconds(milliseconds);
        let mut limiter = RateLimiter::new(Some(2));
        assert!(limiter.acquire(at(0)).is_ok());
        assert!(limiter.acquire(at(30_000)).is_ok());
        let refused = |limiter: &mut RateLimiter, time| limiter.acquire(time).unwrap_err().retry_after;
        assert_eq!(refused(&mut limiter, at(30_001)), Some(30));
        assert_eq!(refused(&mut limiter, at(59_999)), Some(1));
        assert!(limiter.acquire(at(60_000)).is_ok());
        assert_eq!(refused(&mut limiter, at(60_000)), Some(30));
        assert!(limiter.acquire(at(90_000)).is_ok());
    }

    #[test]
    fn none_is_unlimited_and_zero_rejects_everything() {
        let now = Utc::now();
        let mut off = RateLimiter::new(None);
        assert!((0..10_000).all(|_| off.acquire(now).is_ok()));
        assert_eq!(RateLimiter::new(Some(0)).acquire(now).unwrap_err().retry_after, Some(60));
    }
}
