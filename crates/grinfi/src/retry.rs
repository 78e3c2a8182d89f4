//! Whether to try again: a pure decision from what the operation does and what came of the attempt.

use std::time::{Duration, SystemTime};

use grinfi_raw::operation::Effect;

/// When and how often a failed attempt is repeated.
///
/// What only reads or leaves the same state a second time is repeated after connection errors, time-outs, 408, 429, 502,
/// 503 and 504. What acts, such as sending a message, is repeated only when it surely did not reach the API: no connection
/// came about, or the answer was 429. A 500 is never repeated; this API means a bad filter by it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Retry {
    /// How many times to try again after the first attempt. Default 4.
    pub max_retries: u32,
    /// The longest wait before the first retry; it doubles with each. Default 0.5 s.
    pub base_delay: Duration,
    /// The longest wait before any retry. Default 8 s.
    pub max_delay: Duration,
    /// The longest `Retry-After` to wait for; a longer one ends the call at once. Default 120 s.
    pub max_retry_after: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            max_retries: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(120),
        }
    }
}

impl Retry {
    /// Never repeats anything.
    #[must_use]
    pub fn never() -> Self {
        Self { max_retries: 0, ..Self::default() }
    }

    /// Sets how many times to try again after the first attempt.
    #[must_use]
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets the longest wait before the first retry.
    #[must_use]
    pub fn base_delay(mut self, base_delay: Duration) -> Self {
        self.base_delay = base_delay;
        self
    }

    /// Sets the longest wait before any retry.
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

    /// The longest wait after failure number `failures`, the first being 1.
    pub(crate) fn ceiling(&self, failures: u32) -> Duration {
        let doubled = 2u32.saturating_pow(failures.saturating_sub(1));
        self.base_delay.saturating_mul(doubled).min(self.max_delay)
    }
}

/// What came of an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    /// No connection: nothing can have arrived.
    NotSent,
    /// Sent, at least in part, and no whole answer came.
    NoAnswer,
    /// An answer that is not a success.
    Status { code: u16, retry_after: Option<Duration> },
}

impl Outcome {
    /// Whether the request may have had its effect.
    pub(crate) fn is_doubtful(self) -> bool {
        match self {
            Self::NotSent => false,
            Self::NoAnswer => true,
            // A gateway's word says nothing of what the API behind it did.
            Self::Status { code, .. } => matches!(code, 408 | 502..=504),
        }
    }
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    /// Try again after this wait.
    Again(Duration),
    /// Give the failure to the caller.
    Stop,
    /// Give it to the caller and say that the request may have had its effect.
    Unknown,
}

/// Decides after attempt number `attempt`, the first being 1. `random` is from 0 to 1; `replayable` says whether the body
/// can be sent again.
pub(crate) fn decide(
    policy: &Retry,
    effect: Effect,
    attempt: u32,
    replayable: bool,
    outcome: Outcome,
    random: f64,
) -> Verdict {
    if outcome.is_doubtful() && effect == Effect::Acts {
        return Verdict::Unknown;
    }
    let never_done = matches!(outcome, Outcome::NotSent | Outcome::Status { code: 429, .. });
    let passing = never_done || outcome.is_doubtful();
    if !passing || !replayable || attempt > policy.max_retries {
        return Verdict::Stop;
    }
    if let Outcome::Status { retry_after: Some(wait), .. } = outcome {
        return if wait > policy.max_retry_after { Verdict::Stop } else { Verdict::Again(wait) };
    }
    Verdict::Again(policy.ceiling(attempt).mul_f64(random.clamp(0.0, 1.0)))
}

/// Reads `Retry-After`: seconds, with a fraction or not, or an HTTP date (RFC 9110, 10.2.3).
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

    fn status(code: u16) -> Outcome {
        Outcome::Status { code, retry_after: None }
    }

    fn first(effect: Effect, outcome: Outcome) -> Verdict {
        decide(&Retry::default(), effect, 1, true, outcome, 1.0)
    }

    const AGAIN: Verdict = Verdict::Again(Duration::from_millis(500));

    #[test]
    fn what_does_no_harm_is_repeated() {
        for effect in [Effect::Reads, Effect::Idempotent] {
            for outcome in
                [Outcome::NotSent, Outcome::NoAnswer, status(408), status(429), status(502), status(504)]
            {
                assert_eq!(first(effect, outcome), AGAIN, "{effect:?} {outcome:?}");
            }
            for code in [400, 401, 402, 403, 404, 422, 500, 501] {
                assert_eq!(first(effect, status(code)), Verdict::Stop, "{code}");
            }
        }
    }

    #[test]
    fn what_acts_is_repeated_only_if_it_never_arrived() {
        assert_eq!(first(Effect::Acts, Outcome::NotSent), AGAIN);
        assert_eq!(first(Effect::Acts, status(429)), AGAIN);
        for outcome in [Outcome::NoAnswer, status(408), status(502), status(503), status(504)] {
            assert_eq!(first(Effect::Acts, outcome), Verdict::Unknown, "{outcome:?}");
        }
        assert_eq!(first(Effect::Acts, status(500)), Verdict::Stop);
        assert_eq!(first(Effect::Acts, status(422)), Verdict::Stop);
    }

    #[test]
    fn a_body_that_cannot_be_replayed_is_not() {
        let verdict = decide(&Retry::default(), Effect::Acts, 1, false, Outcome::NotSent, 1.0);
        assert_eq!(verdict, Verdict::Stop);
    }

    #[test]
    fn waits_double_up_to_the_cap_and_attempts_end() {
        let policy = Retry::default().max_retries(7);
        let wait = |attempt| decide(&policy, Effect::Reads, attempt, true, status(503), 1.0);
        let seconds = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0];
        for (attempt, seconds) in (1..).zip(seconds) {
            assert_eq!(wait(attempt), Verdict::Again(Duration::from_secs_f64(seconds)));
        }
        assert_eq!(wait(8), Verdict::Stop);
        let half = decide(&policy, Effect::Reads, 2, true, status(503), 0.5);
        assert_eq!(half, Verdict::Again(Duration::from_millis(500)));
    }

    #[test]
    fn the_servers_wait_is_kept_to_or_ends_the_call() {
        let asked = |seconds| {
            let outcome = Outcome::Status { code: 429, retry_after: Some(Duration::from_secs(seconds)) };
            decide(&Retry::default(), Effect::Acts, 1, true, outcome, 0.0)
        };
        assert_eq!(asked(120), Verdict::Again(Duration::from_secs(120)));
        assert_eq!(asked(121), Verdict::Stop);
    }

    #[test]
    fn every_form_of_retry_after_is_read() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let read = |value| retry_after(value, now);
        assert_eq!(read("3"), Some(Duration::from_secs(3)));
        assert_eq!(read(" 0.25 "), Some(Duration::from_millis(250)));
        assert_eq!(read("-1"), Some(Duration::ZERO));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:47 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
        for odd in ["", "soon", "NaN", "inf", "1e400"] {
            assert!(read(odd).is_none_or(|wait| wait.is_zero()), "{odd}: {:?}", read(odd));
        }
    }
}
