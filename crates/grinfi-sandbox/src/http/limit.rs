//! The rate limit: so many requests in any 60 seconds, by the sandbox's clock.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use crate::refusal::Refusal;

const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// A strict sliding window. Refused requests take no place in it.
#[derive(Debug)]
pub(crate) struct Limit {
    /// `None` lets everything through.
    requests: Option<u32>,
    granted: VecDeque<DateTime<Utc>>,
}

impl Limit {
    pub(crate) fn new(requests: Option<u32>) -> Limit {
        Limit { requests, granted: VecDeque::new() }
    }

    /// The requests granted in a minute.
    pub(crate) fn requests(&self) -> Option<u32> {
        self.requests
    }

    /// Takes a place for a request at `now`.
    ///
    /// # Errors
    /// 429 with the whole seconds until a place is free.
    // assumed: rate-window
    pub(crate) fn take(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
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
        // Rounded up, or a client that waits as told would come a moment too early.
        let seconds = u64::try_from(wait).unwrap_or(0).div_ceil(1000).max(1);
        Err(Refusal::too_many_requests(requests, seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_frees_when_its_minute_is_over() {
        let start: DateTime<Utc> = "2026-02-03T12:00:00Z".parse().unwrap();
        let at = |milliseconds| start + TimeDelta::milliseconds(milliseconds);
        let mut limit = Limit::new(Some(2));
        assert!(limit.take(at(0)).is_ok());
        assert!(limit.take(at(30_000)).is_ok());
        let refused = |limit: &mut Limit, time| limit.take(time).unwrap_err().retry_after;
        assert_eq!(refused(&mut limit, at(30_001)), Some(30));
        assert_eq!(refused(&mut limit, at(59_999)), Some(1));
        assert!(limit.take(at(60_000)).is_ok());
        assert_eq!(refused(&mut limit, at(60_000)), Some(30));
        assert!(limit.take(at(90_000)).is_ok());
    }

    #[test]
    fn none_is_no_limit_and_nought_is_no_request() {
        let now = Utc::now();
        let mut off = Limit::new(None);
        assert!((0..10_000).all(|_| off.take(now).is_ok()));
        assert_eq!(Limit::new(Some(0)).take(now).unwrap_err().retry_after, Some(60));
    }
}
