//! Clock of a tenant: the system's, or one that is frozen and moved by tests.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::locks::lock;

/// Clock of a tenant. It determines the times of records, the states of messages, the rate limit and webhook retries.
///
/// Clones share one time, so a clock that was passed to a [`Builder`](crate::Builder) can be moved afterwards.
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
    state: Arc<Mutex<ClockState>>,
    /// Wakes tasks that wait for a time when the clock is moved.
    moved: watch::Sender<()>,
}

/// Serializable state of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClockState {
    /// Time at which the clock is frozen; `None` follows the system.
    fixed: Option<DateTime<Utc>>,
    /// Offset from that time, or from the system.
    #[serde(rename = "ahead_us", with = "microseconds")]
    ahead: TimeDelta,
}

impl ClockState {
    pub(crate) fn is_frozen(self) -> bool {
        self.fixed.is_some()
    }

    fn now(self) -> DateTime<Utc> {
        let base = self.fixed.unwrap_or_else(Utc::now);
        let end =
            if self.ahead < TimeDelta::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        base.checked_add_signed(self.ahead).unwrap_or(end)
    }
}

impl Clock {
    /// Returns a clock that follows the system's clock.
    pub fn system() -> Clock {
        Clock::of_state(ClockState { fixed: None, ahead: TimeDelta::zero() })
    }

    /// Returns a clock that is frozen at `time`.
    pub fn fixed(time: DateTime<Utc>) -> Clock {
        Clock::of_state(ClockState { fixed: Some(time), ahead: TimeDelta::zero() })
    }

    pub(crate) fn of_state(state: ClockState) -> Clock {
        Clock { state: Arc::new(Mutex::new(state)), moved: watch::Sender::new(()) }
    }

    /// Returns the current time of this clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.state().now()
    }

    /// Returns whether the clock is frozen.
    pub fn is_frozen(&self) -> bool {
        self.state().is_frozen()
    }

    /// Moves the clock forward by `duration`. A running clock then runs ahead of the system.
    ///
    /// Stops at the end of the representable time.
    pub fn advance(&self, duration: Duration) {
        let step = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        self.change(|state| state.ahead = state.ahead.checked_add(&step).unwrap_or(TimeDelta::MAX));
    }

    /// Sets the time, earlier or later than now. A frozen clock stays frozen; a running one continues from there.
    pub fn set(&self, time: DateTime<Utc>) {
        self.change(|state| match &mut state.fixed {
            Some(fixed) => {
                *fixed = time;
                state.ahead = TimeDelta::zero();
            }
            None => state.ahead = time - Utc::now(),
        });
    }

    /// Freezes the clock at the current time.
    pub fn freeze(&self) {
        self.change(|state| *state = ClockState { fixed: Some(state.now()), ahead: TimeDelta::zero() });
    }

    /// Lets the clock run from its current time.
    pub fn resume(&self) {
        self.change(|state| {
            if state.fixed.is_some() {
                *state = ClockState { fixed: None, ahead: state.now() - Utc::now() };
            }
        });
    }

    pub(crate) fn state(&self) -> ClockState {
        *self.lock()
    }

    pub(crate) fn set_state(&self, state: ClockState) {
        self.change(|current| *current = state);
    }

    /// Waits until it is `time` on this clock.
    ///
    /// Cancel-safe.
    pub(crate) async fn until(&self, time: DateTime<Utc>) {
        let mut moved = self.moved.subscribe();
        loop {
            let state = self.state();
            let Ok(left) = (time - state.now()).to_std() else { return };
            if left.is_zero() {
                return;
            }
            tokio::select! {
                changed = moved.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(left), if state.fixed.is_none() => {}
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut ClockState)) {
        change(&mut self.lock());
        self.moved.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, ClockState> {
        lock(&self.state)
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::system()
    }
}

mod microseconds {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(delta: &TimeDelta, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(delta.num_microseconds().unwrap_or(i64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<TimeDelta, D::Error> {
        i64::deserialize(from).map(TimeDelta::microseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-02-03T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn clones_of_fixed_clock_share_moves() {
        let clock = Clock::fixed(noon());
        let other = clock.clone();
        assert_eq!(other.now(), noon());
        clock.advance(Duration::from_millis(1500));
        assert_eq!(other.now() - noon(), TimeDelta::milliseconds(1500));
    }

    #[test]
    fn system_clock_can_run_ahead() {
        let clock = Clock::system();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() - Utc::now() > TimeDelta::minutes(59));
    }

    #[test]
    fn end_of_time_does_not_panic() {
        let clock = Clock::fixed(Utc::now());
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), DateTime::<Utc>::MAX_UTC);
        clock.freeze();
        clock.resume();
        assert!(clock.now() > Utc::now());
        for extreme in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let clock = Clock::system();
            clock.set(extreme);
            assert!((clock.now() - extreme).abs() < TimeDelta::minutes(1));
        }
    }

    #[test]
    fn sets_freezes_and_resumes() {
        let clock = Clock::system();
        clock.set(noon());
        assert!(!clock.is_frozen());
        assert!(clock.now() - noon() < TimeDelta::minutes(1));
        clock.freeze();
        let frozen = clock.now();
        assert!(clock.is_frozen() && clock.now() == frozen);
        clock.set(noon());
        assert_eq!((clock.is_frozen(), clock.now()), (true, noon()));
        clock.resume();
        assert!(!clock.is_frozen() && clock.now() >= noon());
        assert!(clock.now() - noon() < TimeDelta::minutes(1));
    }

    #[test]
    fn state_round_trips_through_json() {
        let clock = Clock::fixed(noon());
        clock.advance(Duration::from_micros(7));
        let stored = serde_json::to_string(&clock.state()).unwrap();
        let read: ClockState = serde_json::from_str(&stored).unwrap();
        assert_eq!(Clock::of_state(read).now(), clock.now());
    }

    #[tokio::test(start_paused = true)]
    async fn waits_until_frozen_clock_is_moved() {
        let clock = Clock::fixed(noon());
        let wait = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(noon() + TimeDelta::seconds(10)).await }
        });
        // Real time must not matter.
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert!(!wait.is_finished());
        clock.advance(Duration::from_secs(9));
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert!(!wait.is_finished());
        clock.advance(Duration::from_secs(1));
        wait.await.unwrap();
        clock.until(noon()).await;
    }
}
