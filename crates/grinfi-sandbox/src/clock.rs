//! The clock of a sandbox: the system's, or one that a test holds still and moves by hand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Where a sandbox takes its time from: the times of its records, the age of its messages and its rate limit.
///
/// Clones share one time, so a clock handed to a [`Builder`](crate::Builder) can be moved afterwards.
///
/// ```
/// use std::time::Duration;
/// use grinfi_sandbox::Clock;
///
/// let noon = "2026-02-03T12:00:00Z".parse().unwrap();
/// let clock = Clock::fixed(noon);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now().to_rfc3339(), "2026-02-03T12:01:00+00:00");
/// ```
#[derive(Debug, Clone)]
pub struct Clock {
    face: Arc<Mutex<Face>>,
}

#[derive(Debug)]
struct Face {
    /// `None` follows the system.
    fixed: Option<DateTime<Utc>>,
    ahead: TimeDelta,
}

impl Clock {
    /// A clock that follows the system's.
    pub fn system() -> Clock {
        Clock::new(None)
    }

    /// A clock that stands still at `time` until it is moved.
    pub fn fixed(time: DateTime<Utc>) -> Clock {
        Clock::new(Some(time))
    }

    fn new(fixed: Option<DateTime<Utc>>) -> Clock {
        Clock { face: Arc::new(Mutex::new(Face { fixed, ahead: TimeDelta::zero() })) }
    }

    /// The present time on this clock.
    pub fn now(&self) -> DateTime<Utc> {
        let face = self.face.lock().unwrap_or_else(PoisonError::into_inner);
        let base = face.fixed.unwrap_or_else(Utc::now);
        base.checked_add_signed(face.ahead).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves the clock forward, a system clock too: it then runs ahead of the system by `duration`.
    ///
    /// A move beyond the end of representable time stops there.
    pub fn advance(&self, duration: Duration) {
        let mut face = self.face.lock().unwrap_or_else(PoisonError::into_inner);
        let step = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        face.ahead = face.ahead.checked_add(&step).unwrap_or(TimeDelta::MAX);
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::system()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_by_hand_and_for_all_its_clones() {
        let start = "2026-02-03T15:55:04Z".parse().unwrap();
        let clock = Clock::fixed(start);
        let other = clock.clone();
        assert_eq!(other.now(), start);
        clock.advance(Duration::from_millis(1500));
        assert_eq!(other.now() - start, TimeDelta::milliseconds(1500));
    }

    #[test]
    fn a_system_clock_can_run_ahead() {
        let clock = Clock::system();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() - Utc::now() > TimeDelta::minutes(59));
    }

    #[test]
    fn the_end_of_time_is_not_a_panic() {
        let clock = Clock::fixed(Utc::now());
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), DateTime::<Utc>::MAX_UTC);
    }
}
