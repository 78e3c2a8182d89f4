//! When an automation may send: within the hours of the schedule, no sooner than the sender's tasks are held for, and as
//! often as the mailbox lets it. Who has to wait gets a place on the calendar of the mailbox, in the order of asking.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{emails, tasks};
use crate::agenda::Job;
use crate::hours::Hours;
use crate::record::{Record, text};
use crate::store::Store;

/// How far ahead a place is looked for. A task that finds none asks again after so long.
const REACH: TimeDelta = TimeDelta::days(30);
/// A day in microseconds.
const DAY: i64 = 24 * 3600 * 1_000_000;

/// Who waits to be sent, and when mailboxes send.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Places {
    /// The places that mailboxes have given: by the mailbox, the moment and the task.
    of: BTreeMap<String, BTreeMap<i64, String>>,
    /// The tasks that wait.
    waiting: BTreeSet<String>,
}

/// What a task of a flow has to do with time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum When {
    Now,
    /// Not before that moment, at which it asks again.
    At(DateTime<Utc>),
}

/// Whether it is something that the sender does and the contact sees.
fn is_seen(kind: &str) -> bool {
    kind == "email_send_message" || (kind.starts_with("linkedin_") && kind != "linkedin_find_contact")
}

/// When a task may be carried out. Only what flows send has to wait; what a person planned is done at its time.
// assumed: smart-limits
pub(super) fn when(store: &mut Store, task: &Record) -> When {
    let part = |name: &str| text(task, name).unwrap_or_default();
    let (Some(flow), true) = (store.flows.row(part("flow_uuid")), is_seen(part("type"))) else {
        return When::Now;
    };
    let sender = store.sender_profiles.row(part("sender_profile_uuid"));
    let by_sender = flow.cell("use_sender_schedule").flag() == Some(true);
    let schedule = if by_sender { sender } else { Some(flow) };
    let hours = Hours::of(&schedule.map_or(Value::Null, |row| row.value("schedule")));
    let now = store.present();
    let held =
        sender.and_then(|row| row.cell("hold_tasks_till").micros()).and_then(DateTime::from_timestamp_micros);
    let from = held.map_or(now, |held| held.max(now));
    let mailbox = match part("type") {
        "email_send_message" => emails::mailbox_of(store, part("sender_profile_uuid")),
        _ => None,
    };
    let free = match mailbox {
        Some(mailbox) => place(store, &mailbox, part("uuid"), &hours, from),
        None => hours.next(from),
    };
    let at = free.or_else(|| now.checked_add_signed(REACH)).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let uuid = part("uuid");
    if at <= now {
        store.places.waiting.remove(uuid);
        return When::Now;
    }
    store.places.waiting.insert(uuid.to_owned());
    When::At(at)
}

/// Everyone who waits asks again: hours or limits are others by now.
pub(super) fn reconsider(store: &mut Store) {
    for uuid in std::mem::take(&mut store.places.waiting) {
        store.plan(0, Job::Task { uuid });
    }
}

/// The first moment at which a mailbox may send once more, taken for that task.
// assumed: mailbox-limits
fn place(
    store: &mut Store,
    mailbox: &str,
    task: &str,
    hours: &Hours,
    from: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let row = store.mailboxes.row(mailbox)?;
    let number = |name: &str| row.integer(name).map(|number| number.max(0));
    // What is null is no limit.
    let most = number("automation_daily_limit")
        .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    // The unit is not documented; seconds are assumed.
    let reach = REACH.num_microseconds().unwrap_or(i64::MAX);
    let between = number("automation_task_interval").unwrap_or(0).saturating_mul(1_000_000).min(reach);
    let (today, _) = hours.day(from)?;
    let first = from.timestamp_micros();
    let past = store.clock.now().timestamp_micros().min(first);
    let open = &store.tasks;
    let taken = store.places.of.entry(mailbox.to_owned()).or_default();
    // Days that are over count no more, and who will not come leaves the place.
    let counts_from = today.timestamp_micros().saturating_sub(2 * DAY);
    taken.retain(|at, of| {
        let comes = || open.row(of).is_some_and(|task| task.is("status", tasks::OPEN));
        of != task && if *at <= past { *at >= counts_from } else { comes() }
    });
    let mut at = first;
    let found = loop {
        let next = hours.next(DateTime::from_timestamp_micros(at)?)?;
        at = next.timestamp_micros();
        if at.saturating_sub(first) > reach {
            return None;
        }
        let (begins, ends) = hours.day(next)?;
        let (begins, ends) = (begins.timestamp_micros(), ends.timestamp_micros());
        if begins < ends && taken.range(begins..ends).count() >= most {
            at = ends;
            continue;
        }
        let mut near = taken.range(at.saturating_sub(between)..at.saturating_add(between));
        match near.rfind(|(near, _)| at.abs_diff(**near) < between.unsigned_abs()) {
            Some((near, _)) => at = near.saturating_add(between),
            None => break at,
        }
    };
    // Without an interval several may have one moment; each stands by itself.
    let mut key = found;
    while taken.contains_key(&key) {
        key = key.saturating_add(1);
    }
    taken.insert(key, task.to_owned());
    DateTime::from_timestamp_micros(found)
}
