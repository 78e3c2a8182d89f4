//! Decides whether a failed attempt is retried, from the effect of the operation and the outcome of the attempt.

use std::time::{Duration, SystemTime};

use grinfi_raw::operation::Effect;

use crate::error::Outcome;

/// When and how often a failed attempt is retried.
///
/// Read-only and idempotent operations are retried after connection errors, timeouts, 408, 502 to 504, and 520 to 530.
/// Non-idempotent operations, such as sending a message, are retried only when the request cannot have taken effect: no
/// connection was made, the server declared the request unprocessed (HTTP/2), or the response was 429. A 500 is never
/// retried; this API returns it for invalid filters.
///
/// A 429 is flow control, not a failure: the call waits until the rate limit allows the request. This wait counts against
/// [`max_rate_limit_wait`](Self::max_rate_limit_wait) and not against [`max_retries`](Self::max_retries).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Maximum number of retries after the first attempt. Default 4.
    pub max_retries: u32,
    /// Longest delay before the first retry; it doubles with each retry. Default 0.5 s.
    pub base_delay: Duration,
    /// Longest delay before any retry. Default 8 s.
    pub max_delay: Duration,
    /// Longest `Retry-After` to wait for. A longer one ends the call at once, and all other calls of the key whose limit it
    /// exceeds. Default 120 s.
    pub max_retry_after: Duration,
    /// How long a key may be rate limited without a break before its waiting calls fail with
    /// [`is_rate_limited`](crate::Error::is_rate_limited). Default 300 s: five windows of 60 s, enough for other programs
    /// with the same key to finish. Zero returns the first 429.
    pub max_rate_limit_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(120),
            max_rate_limit_wait: Duration::from_secs(300),
        }
    }
}

impl RetryPolicy {
    /// Returns a policy that never retries, not even after a 429.
    #[must_use]
    pub fn never() -> Self {
        Self { max_retries: 0, max_rate_limit_wait: Duration::ZERO, ..Self::default() }
    }

    /// Sets the maximum number of retries after the first attempt.
    #[must_use]
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets the longest delay before the first retry.
    #[must_use]
    pub fn base_delay(mut self, base_delay: Duration) -> Self {
        self.base_delay = base_delay;
        self
    }

    /// Sets the longest delay before any retry.
    #[must_use]
    pub fn max_delay(mut self, max_delay: Duration) -> Self {
        self.max_delay = max_delay;
        self
    }

    /// Sets the longest `Retry-After` to wait for.
    #[must_use]
    pub fn max_retry_after(mut self, max_retry_after: Duration) -> Self {
        self.max_retry_after = max_retry_after;
        self
    }

    /// Sets how long a key may be rate limited without a break before its waiting calls fail.
    #[must_use]
    pub fn max_rate_limit_wait(mut self, max_rate_limit_wait: Duration) -> Self {
        self.max_rate_limit_wait = max_rate_limit_wait;
        self
    }

    /// Returns the longest delay after failure number `failures`, counted from 1.
    pub(crate) fn ceiling(&self, failures: u32) -> Duration {
        let doubled = 2u32.saturating_pow(failures.saturating_sub(1));
        self.base_delay.saturating_mul(doubled).min(self.max_delay)
    }
}

/// Outcome of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum AttemptOutcome {
    /// The request could not be built; no attempt can succeed.
    Invalid,
    /// The request never reached the API: no connection was made, or the server declared it unprocessed
    /// ([RFC 9113, 8.7](https://www.rfc-editor.org/rfc/rfc9113#section-8.7)).
    NotSent,
    /// The API rejected the request and did nothing.
    Refused,
    /// 429: the API did nothing, and accepts requests again later.
    RateLimited { retry_after: Option<Duration> },
    /// The request was sent and may have taken effect. A transient failure may not occur again.
    Unknown { is_transient: bool, retry_after: Option<Duration> },
}

impl AttemptOutcome {
    /// The connection broke or the attempt timed out after the request was sent.
    pub(crate) const NO_RESPONSE: Self = Self::Unknown { is_transient: true, retry_after: None };

    /// Returns the outcome for an error status.
    ///
    /// Every 5xx leaves the outcome unknown: the API behind a failing gateway may have executed the request, and a 500 may
    /// occur after the work is done. A 302 or 303 is a typical response of a form handler after its work is done.
    pub(crate) fn of_status(code: u16, retry_after: Option<Duration>) -> Self {
        match code {
            429 => Self::RateLimited { retry_after },
            // Cloudflare returns 520 to 530 if the origin or its response failed.
            408 | 502..=504 | 520..=527 | 529 | 530 => Self::Unknown { is_transient: true, retry_after },
            302 | 303 | 500.. => Self::Unknown { is_transient: false, retry_after },
            _ => Self::Refused,
        }
    }

    /// Returns whether the request may have taken effect.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// Returns the outcome of a call whose attempts all ended like this one.
    pub(crate) fn of_call(self) -> Outcome {
        match self {
            Self::Invalid | Self::NotSent => Outcome::NotSent,
            Self::Refused => Outcome::Refused,
            Self::RateLimited { .. } => Outcome::RateLimited,
            Self::Unknown { .. } => Outcome::Unknown,
        }
    }
}

/// Decision after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Decision {
    /// Retry after this delay.
    Retry(Duration),
    /// Retry when the rate limiter allows the request. Does not count as a retry.
    RetryAfterPause,
    /// Return the failure to the caller.
    Stop,
}

/// Decides whether to retry after failure number `failure` of a call, counted from 1 without 429 responses. `random` is
/// from 0 to 1; `is_replayable` is whether the body can be sent again.
pub(crate) fn decide(
    policy: &RetryPolicy,
    effect: Effect,
    failure: u32,
    is_replayable: bool,
    outcome: AttemptOutcome,
    random: f64,
) -> Decision {
    if !is_replayable {
        return Decision::Stop;
    }
    let requested = match outcome {
        AttemptOutcome::RateLimited { retry_after } => {
            let is_allowed = retry_after.is_none_or(|wait| wait <= policy.max_retry_after);
            let waits = is_allowed && !policy.max_rate_limit_wait.is_zero();
            return if waits { Decision::RetryAfterPause } else { Decision::Stop };
        }
        AttemptOutcome::NotSent => None,
        AttemptOutcome::Unknown { is_transient: true, retry_after } if effect != Effect::NonIdempotent => {
            retry_after
        }
        AttemptOutcome::Unknown { .. } | AttemptOutcome::Refused | AttemptOutcome::Invalid => {
            return Decision::Stop;
        }
    };
    if failure > policy.max_retries || requested.is_some_and(|wait| wait > policy.max_retry_after) {
        return Decision::Stop;
    }
    let ceiling = policy.ceiling(failure);
    match requested {
        // For 0 or a date in the past, use the full back-off.
        Some(wait) if wait.is_zero() => Decision::Retry(ceiling),
        Some(wait) => Decision::Retry(wait),
        None => Decision::Retry(ceiling.mul_f64(random.clamp(0.0, 1.0))),
    }
}

/// Parses `Retry-After`: seconds, optionally with a fraction, or an HTTP date (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds.max(0.0)).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16) -> AttemptOutcome {
        AttemptOutcome::of_status(code, None)
    }

    fn first(effect: Effect, outcome: AttemptOutcome) -> Decision {
        decide(&RetryPolicy::default(), effect, 1, true, outcome, 1.0)
    }

    const RETRY_AFTER_BASE_DELAY: Decision = Decision::Retry(Duration::from_millis(500));
    const TRANSIENT: [u16; 8] = [408, 502, 503, 504, 520, 524, 527, 530];

    #[test]
    fn retries_reads_and_idempotent_writes_after_transient_failures() {
        for effect in [Effect::ReadOnly, Effect::Idempotent] {
            for outcome in [AttemptOutcome::NotSent, AttemptOutcome::NO_RESPONSE] {
                assert_eq!(first(effect, outcome), RETRY_AFTER_BASE_DELAY, "{effect:?} {outcome:?}");
            }
            for code in TRANSIENT {
                assert_eq!(first(effect, status(code)), RETRY_AFTER_BASE_DELAY, "{effect:?} {code}");
            }
            for code in [302, 400, 401, 402, 403, 404, 422, 500, 501, 505] {
                assert_eq!(first(effect, status(code)), Decision::Stop, "{code}");
            }
        }
    }

    #[test]
    fn retries_non_idempotent_operations_only_if_nothing_was_sent() {
        assert_eq!(first(Effect::NonIdempotent, AttemptOutcome::NotSent), RETRY_AFTER_BASE_DELAY);
        assert_eq!(first(Effect::NonIdempotent, AttemptOutcome::NO_RESPONSE), Decision::Stop);
        for code in (300..600).filter(|code| *code != 429) {
            assert_eq!(first(Effect::NonIdempotent, status(code)), Decision::Stop, "{code}");
        }
    }

    #[test]
    fn status_5xx_is_unknown_and_4xx_is_refused() {
        for code in (500..600).chain([302, 303, 408]) {
            assert_eq!(status(code).of_call(), Outcome::Unknown, "{code}");
        }
        for code in (400..500).filter(|code| !matches!(code, 408 | 429)).chain([301, 307, 308]) {
            assert_eq!(status(code).of_call(), Outcome::Refused, "{code}");
        }
        assert_eq!(status(429).of_call(), Outcome::RateLimited);
    }

    #[test]
    fn never_retries_invalid_requests_and_consumed_bodies() {
        assert_eq!(first(Effect::ReadOnly, AttemptOutcome::Invalid), Decision::Stop);
        for outcome in [AttemptOutcome::NotSent, AttemptOutcome::NO_RESPONSE, status(429)] {
            let decision = decide(&RetryPolicy::default(), Effect::ReadOnly, 1, false, outcome, 1.0);
            assert_eq!(decision, Decision::Stop, "{outcome:?}");
        }
    }

    #[test]
    fn backs_off_exponentially_and_stops_after_max_retries() {
        let policy = RetryPolicy::default().max_retries(7);
        let wait = |failure| decide(&policy, Effect::ReadOnly, failure, true, status(503), 1.0);
        let seconds = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0];
        for (failure, seconds) in (1..).zip(seconds) {
            assert_eq!(wait(failure), Decision::Retry(Duration::from_secs_f64(seconds)));
        }
        assert_eq!(wait(8), Decision::Stop);
        let half = decide(&policy, Effect::ReadOnly, 2, true, status(503), 0.5);
        assert_eq!(half, Decision::Retry(Duration::from_millis(500)));
    }

    #[test]
    fn status_429_does_not_use_retries() {
        let unhinted = decide(&RetryPolicy::default(), Effect::NonIdempotent, 1000, true, status(429), 0.0);
        assert_eq!(unhinted, Decision::RetryAfterPause);
        assert_eq!(
            decide(&RetryPolicy::never(), Effect::ReadOnly, 1, true, status(429), 0.0),
            Decision::Stop
        );
    }

    #[test]
    fn respects_retry_after_up_to_the_maximum() {
        let requested = |code, seconds| {
            let outcome = AttemptOutcome::of_status(code, Some(Duration::from_secs(seconds)));
            decide(&RetryPolicy::default(), Effect::ReadOnly, 1, true, outcome, 0.0)
        };
        assert_eq!(requested(429, 120), Decision::RetryAfterPause);
        assert_eq!(requested(503, 120), Decision::Retry(Duration::from_secs(120)));
        assert_eq!(requested(503, 0), RETRY_AFTER_BASE_DELAY);
        assert_eq!((requested(429, 121), requested(503, 121)), (Decision::Stop, Decision::Stop));
    }

    #[test]
    fn parses_every_form_of_retry_after() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let parse = |value| retry_after(value, now);
        assert_eq!(parse("3"), Some(Duration::from_secs(3)));
        assert_eq!(parse(" 0.25 "), Some(Duration::from_millis(250)));
        assert_eq!(parse("-1"), Some(Duration::ZERO));
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:47 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
        for invalid in ["", "soon", "NaN", "inf", "1e400"] {
            assert!(parse(invalid).is_none_or(|wait| wait.is_zero()), "{invalid}: {:?}", parse(invalid));
        }
    }
}
