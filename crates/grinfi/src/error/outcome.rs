//! Outcome of a failed call.

use std::{fmt, time::Duration};

/// Outcome of a failed call: the worst of its attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// No attempt was sent.
    NotSent,
    /// The API rejected the request; it had no effect.
    Refused,
    /// The API rejected the request because of the rate limit; it had no effect.
    RateLimited,
    /// An attempt was sent and may have taken effect: there was no response, or a 5xx.
    Unknown,
}

/// Searches for a sent message that did not find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lookups {
    /// Number of times the listing was read.
    pub attempts: u32,
    /// Number of those that failed.
    pub failed: u32,
    /// Time from the end of the request to the last search.
    pub elapsed: Duration,
}

impl fmt::Display for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let searches = if self.attempts == 1 { "search" } else { "searches" };
        write!(f, "not found by {} {searches} within {:.1} s", self.attempts, self.elapsed.as_secs_f64())?;
        if self.failed > 0 {
            write!(f, " ({} of them failed)", self.failed)?;
        }
        Ok(())
    }
}
