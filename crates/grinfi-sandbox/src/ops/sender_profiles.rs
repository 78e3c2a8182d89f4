//! Sender profiles: the people in whose name messages go out.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::Fields;
use super::{Answer, Call, Reply, form, records, sending};
use crate::record::{Record, set, text};
use crate::refusal::Faults;
use crate::store::Store;

const FORM: &[Field] = &[
    must("first_name", Want::Text),
    must("last_name", Want::Text),
    must("assignee_user_id", Want::Integer),
    may("label", Want::Text),
    may("linkedin_schedule", Want::Schedule),
    may("email_schedule", Want::Schedule),
];
const CHANGES: &[Field] = &[
    must("first_name", Want::Text),
    must("last_name", Want::Text),
    may("label", Want::Text),
    must("schedule", Want::Schedule),
];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    records::list(&store.sender_profiles, call)
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.sender_profiles, call)
}

/// A new profile can send at once: nobody can log in to LinkedIn here, so that it gets an account right away.
// assumed: sender-new
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let mut values = form::read(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    let schedule = values.remove("linkedin_schedule").unwrap_or_else(any_time);
    set(&mut values, "schedule", schedule);
    set(&mut values, "linkedin_account_uuid", store.new_uuid());
    set(&mut values, "smart_limits_enabled", true);
    set(&mut values, "status", "enabled");
    Ok(Reply::created(records::add(store, |it| &mut it.sender_profiles, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.sender_profiles, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(CHANGES, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    let changed = records::change(store, |it| &mut it.sender_profiles, &call.key(), changes)?;
    sending::reconsider(store);
    Ok(Reply::ok(changed))
}

/// Its mailboxes and browser seats go with it; contacts and what was sent stay.
// assumed: sender-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    let gone = records::remove(&mut store.sender_profiles, call)?;
    let sender = text(&gone, "uuid").unwrap_or_default();
    store.mailboxes.retain(|row| !row.is("sender_profile_uuid", sender));
    store.browsers.retain(|row| !row.is("sender_profile_uuid", sender));
    for lead in store.contacts.table().keys(|row| row.is("sender_profile_uuid", sender)) {
        store.contacts.change(&lead, |record| set(record, "sender_profile_uuid", Value::Null));
    }
    Ok(Reply::no_content())
}

pub(super) fn enable(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "enabled")
}

pub(super) fn disable(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "disabled")
}

fn become_status(store: &mut Store, call: &Call, status: &str) -> Answer {
    let changes = Record::from_iter([("status".to_owned(), Value::from(status))]);
    records::change(store, |it| &mut it.sender_profiles, &call.key(), changes)?;
    Ok(Reply::empty())
}

/// Around the clock: what is tried out must not depend on the day and the hour it is tried at.
pub(crate) fn any_time() -> Value {
    let blocks: Vec<Value> = (1..=7).map(|day| json!({"dow": day, "min": 0, "max": 1440})).collect();
    json!({"timezone": "Europe/Berlin", "use_lead_timezone": false, "timeblocks": blocks})
}
