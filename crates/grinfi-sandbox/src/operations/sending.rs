//! When an automation may send: within working hours, after `hold_tasks_till`, and within the limits of the mailbox.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{emails, task_state};
use crate::jobs::Job;
use crate::mailbox_calendar::{SEARCH_RANGE, SendingLimits, SendingWindow};
use crate::record::{Record, text};
use crate::store::Store;
use crate::working_hours::WorkingHours;

/// When a task may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SendTime {
    Now,
    /// Checked again at that time.
    At(DateTime<Utc>),
}

/// Whether the contact sees the task: only these tasks wait for working hours.
fn is_visible(kind: &str) -> bool {
    kind == "email_send_message" || (kind.starts_with("linkedin_") && kind != "linkedin_find_contact")
}

/// Returns when a task may be sent. Tasks outside automations are sent at their own time.
// assumed: smart-limits
pub(super) fn send_time(store: &mut Store, task: &Record) -> SendTime {
    let part = |name: &str| text(task, name).unwrap_or_default();
    let (Some(automation), true) = (store.automations.row(part("flow_uuid")), is_visible(part("type")))
    else {
        return SendTime::Now;
    };
    let sender = store.sender_profiles.row(part("sender_profile_uuid"));
    let by_sender = automation.cell("use_sender_schedule").flag() == Some(true);
    let schedule = if by_sender { sender } else { Some(automation) };
    let hours = WorkingHours::of(&schedule.map_or(Value::Null, |row| row.value("schedule")));
    let now = store.current_time();
    let hold_until =
        sender.and_then(|row| row.cell("hold_tasks_till").micros()).and_then(DateTime::from_timestamp_micros);
    let from = hold_until.map_or(now, |hold_until| hold_until.max(now));
    let mailbox = match part("type") {
        "email_send_message" => emails::mailbox_of(store, part("sender_profile_uuid")),
        _ => None,
    };
    let uuid = part("uuid");
    let free = match mailbox {
        Some(mailbox) => reserve(store, &mailbox, uuid, &hours, from),
        None => hours.next(from),
    };
    let at = free.or_else(|| now.checked_add_signed(SEARCH_RANGE)).unwrap_or(DateTime::<Utc>::MAX_UTC);
    if at <= now {
        store.mailbox_calendar.stop_waiting(uuid);
        return SendTime::Now;
    }
    store.mailbox_calendar.wait(uuid);
    SendTime::At(at)
}

/// Schedules every waiting task again, after working hours or limits have changed.
pub(super) fn reschedule(store: &mut Store) {
    for uuid in store.mailbox_calendar.take_waiting() {
        store.schedule(0, Job::RunTask { uuid });
    }
}

/// Reserves the next send time of a mailbox for a task.
fn reserve(
    store: &mut Store,
    mailbox: &str,
    task: &str,
    hours: &WorkingHours,
    from: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let row = store.mailboxes.row(mailbox)?;
    let number = |name: &str| row.integer(name).map(|number| number.max(0));
    let limits = SendingLimits {
        // Null means no limit.
        per_day: number("automation_daily_limit")
            .map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        // The unit is not documented; seconds are assumed.
        interval: number("automation_task_interval").unwrap_or(0).saturating_mul(1_000_000),
    };
    let window = SendingWindow { hours, from, now: store.clock.now() };
    let Store { mailbox_calendar, tasks, .. } = store;
    let is_open = |task: &str| tasks.row(task).is_some_and(|task| task.is("status", task_state::OPEN));
    mailbox_calendar.reserve(mailbox, task, limits, window, is_open)
}
