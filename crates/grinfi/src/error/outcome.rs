//! What became of a request.

use std::{fmt, time::Duration};

/// What became of the request of a call that failed: the worst of its attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// No attempt reached the API.
    NotSent,
    /// The API refused the request, and did nothing.
    Refused,
    /// The API refused the request for the rate limit, and did nothing.
    RateLimited,
    /// An attempt was sent, and whether it took effect is not known: no response came, or a 5xx.
    Unknown,
}

/// How often and how long a call looked for what it had sent, without finding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lookups {
    /// How many times the listing was read.
    pub attempts: u32,
    /// How many of these readings failed.
    pub failed: u32,
    /// From the end of the request to the last reading.
    pub elapsed: Duration,
}

impl fmt::Display for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = if self.attempts == 1 { "time" } else { "times" };
        write!(
            f,
            "looked for it {} {times} within {:.1} s without finding it",
            self.attempts,
            self.elapsed.as_secs_f64()
        )?;
        if self.failed > 0 {
            write!(f, " ({} of them failed)", self.failed)?;
        }
        Ok(())
    }
}
