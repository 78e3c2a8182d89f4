//! Send times of mailboxes: which task sends at which time, and which tasks wait.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::working_hours::WorkingHours;

/// How far ahead a send time is searched. A task that finds none searches again after this time.
pub(crate) const SEARCH_RANGE: TimeDelta = TimeDelta::days(30);
/// A day in microseconds.
const DAY: i64 = 24 * 3600 * 1_000_000;

/// Reserved send times by mailbox, and the tasks that wait for their send time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct MailboxCalendar {
    /// By mailbox: the task by its time in microseconds since 1970.
    #[serde(rename = "of")]
    reserved: BTreeMap<String, BTreeMap<i64, String>>,
    waiting: BTreeSet<String>,
}

/// Sending limits of a mailbox.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendingLimits {
    pub(crate) per_day: usize,
    /// Least microseconds between two emails.
    pub(crate) interval: i64,
}

/// Range of time in which a task may be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendingWindow<'a> {
    pub(crate) hours: &'a WorkingHours,
    pub(crate) from: DateTime<Utc>,
    pub(crate) now: DateTime<Utc>,
}

impl MailboxCalendar {
    pub(crate) fn wait(&mut self, task: &str) {
        self.waiting.insert(task.to_owned());
    }

    pub(crate) fn stop_waiting(&mut self, task: &str) {
        self.waiting.remove(task);
    }

    /// Removes and returns the tasks that wait.
    pub(crate) fn take_waiting(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.waiting)
    }

    /// Reserves the first time at which the mailbox may send, and returns it; `None` without one within
    /// [`SEARCH_RANGE`]. Reservations of tasks that are not open any more are released.
    // assumed: mailbox-limits
    pub(crate) fn reserve(
        &mut self,
        mailbox: &str,
        task: &str,
        limits: SendingLimits,
        window: SendingWindow<'_>,
        is_open: impl Fn(&str) -> bool,
    ) -> Option<DateTime<Utc>> {
        let SendingWindow { hours, from, now } = window;
        let range = SEARCH_RANGE.num_microseconds().unwrap_or(i64::MAX);
        let interval = limits.interval.min(range);
        let (today, _) = hours.day(from)?;
        let first = from.timestamp_micros();
        let past = now.timestamp_micros().min(first);
        let reserved = self.reserved.entry(mailbox.to_owned()).or_default();
        // Only the days that still count towards a daily limit are kept.
        let counts_from = today.timestamp_micros().saturating_sub(2 * DAY);
        reserved.retain(|at, of| of != task && if *at <= past { *at >= counts_from } else { is_open(of) });
        let mut at = first;
        let found = loop {
            let next = hours.next(DateTime::from_timestamp_micros(at)?)?;
            at = next.timestamp_micros();
            if at.saturating_sub(first) > range {
                return None;
            }
            let (begins, ends) = hours.day(next)?;
            let (begins, ends) = (begins.timestamp_micros(), ends.timestamp_micros());
            if begins < ends && reserved.range(begins..ends).count() >= limits.per_day {
                at = ends;
                continue;
            }
            let mut near = reserved.range(at.saturating_sub(interval)..at.saturating_add(interval));
            match near.rfind(|(near, _)| at.abs_diff(**near) < interval.unsigned_abs()) {
                Some((near, _)) => at = near.saturating_add(interval),
                None => break at,
            }
        };
        // Without an interval several tasks may share a time, but keys must differ.
        let mut key = found;
        while reserved.contains_key(&key) {
            key = key.saturating_add(1);
        }
        reserved.insert(key, task.to_owned());
        DateTime::from_timestamp_micros(found)
    }
}
