//! The clock of a world: the system's, or one that is held still and moved by hand.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::locks::lock;

/// Where a world takes its time from: the times of its records, the age of its messages, its rate limit, the retries
/// of its webhooks.
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
    /// Tells those who wait for a time that the clock was moved.
    moved: watch::Sender<()>,
}

/// What a clock shows, as it can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Face {
    /// Where it stands still; `None` follows the system.
    fixed: Option<DateTime<Utc>>,
    /// How far it is ahead of that, or of the system.
    #[serde(rename = "ahead_us", with = "microseconds")]
    ahead: TimeDelta,
}

impl Face {
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
    /// A clock that follows the system's.
    pub fn system() -> Clock {
        Clock::showing(Face { fixed: None, ahead: TimeDelta::zero() })
    }

    /// A clock that stands still at `time` until it is moved.
    pub fn fixed(time: DateTime<Utc>) -> Clock {
        Clock::showing(Face { fixed: Some(time), ahead: TimeDelta::zero() })
    }

    pub(crate) fn showing(face: Face) -> Clock {
        Clock { face: Arc::new(Mutex::new(face)), moved: watch::Sender::new(()) }
    }

    /// The present time on this clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.face().now()
    }

    /// Whether it stands still until it is moved.
    pub fn is_frozen(&self) -> bool {
        self.face().is_frozen()
    }

    /// Moves the clock forward, a running one too: it then runs ahead of the system by `duration`.
    ///
    /// A move beyond the end of representable time stops there.
    pub fn advance(&self, duration: Duration) {
        let step = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        self.change(|face| face.ahead = face.ahead.checked_add(&step).unwrap_or(TimeDelta::MAX));
    }

    /// Makes it `time`, earlier or later than now. A frozen clock stays frozen; a running one runs on from there.
    pub fn set(&self, time: DateTime<Utc>) {
        self.change(|face| match &mut face.fixed {
            Some(fixed) => {
                *fixed = time;
                face.ahead = TimeDelta::zero();
            }
            None => face.ahead = time - Utc::now(),
        });
    }

    /// Holds the clock still where it is.
    pub fn freeze(&self) {
        self.change(|face| *face = Face { fixed: Some(face.now()), ahead: TimeDelta::zero() });
    }

    /// Lets the clock run on from where it is, as fast as the system's.
    pub fn resume(&self) {
        self.change(|face| {
            if face.fixed.is_some() {
                *face = Face { fixed: None, ahead: face.now() - Utc::now() };
            }
        });
    }

    pub(crate) fn face(&self) -> Face {
        *self.lock()
    }

    pub(crate) fn show(&self, face: Face) {
        self.change(|present| *present = face);
    }

    /// Returns when it is `time` on this clock, however it gets there.
    ///
    /// Cancel-safe: it keeps nothing.
    pub(crate) async fn until(&self, time: DateTime<Utc>) {
        let mut moved = self.moved.subscribe();
        loop {
            let face = self.face();
            let Ok(left) = (time - face.now()).to_std() else { return };
            if left.is_zero() {
                return;
            }
            tokio::select! {
                changed = moved.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(left), if face.fixed.is_none() => {}
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Face)) {
        change(&mut self.lock());
        self.moved.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, Face> {
        lock(&self.face)
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
    fn a_fixed_clock_moves_only_by_hand_and_for_all_its_clones() {
        let clock = Clock::fixed(noon());
        let other = clock.clone();
        assert_eq!(other.now(), noon());
        clock.advance(Duration::from_millis(1500));
        assert_eq!(other.now() - noon(), TimeDelta::milliseconds(1500));
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
    fn it_is_set_frozen_and_let_go() {
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
    fn what_it_shows_can_be_kept() {
        let clock = Clock::fixed(noon());
        clock.advance(Duration::from_micros(7));
        let kept = serde_json::to_string(&clock.face()).unwrap();
        let read: Face = serde_json::from_str(&kept).unwrap();
        assert_eq!(Clock::showing(read).now(), clock.now());
    }

    #[tokio::test(start_paused = true)]
    async fn a_frozen_clock_is_waited_for_until_it_is_moved() {
        let clock = Clock::fixed(noon());
        let wait = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(noon() + TimeDelta::seconds(10)).await }
        });
        // Real time is no use.
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
