//! Sender profiles of messages and emails.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::Fields;
use super::{body_fields, records, sending};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::{Record, set, text};
use crate::rejection::FieldErrors;
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[
    required("first_name", FieldType::Text),
    required("last_name", FieldType::Text),
    required("assignee_user_id", FieldType::Integer),
    optional("label", FieldType::Text),
    optional("linkedin_schedule", FieldType::Schedule),
    optional("email_schedule", FieldType::Schedule),
];
const CHANGES: &[FieldSpec] = &[
    required("first_name", FieldType::Text),
    required("last_name", FieldType::Text),
    optional("label", FieldType::Text),
    required("schedule", FieldType::Schedule),
];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    records::list(&store.sender_profiles, call)
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.sender_profiles, call)
}

/// Creates a profile with a LinkedIn account, since logging in is not possible.
// assumed: sender-new
pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let mut values = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    let schedule = values.remove("linkedin_schedule").unwrap_or_else(any_time);
    set(&mut values, "schedule", schedule);
    set(&mut values, "linkedin_account_uuid", store.new_uuid());
    set(&mut values, "smart_limits_enabled", true);
    set(&mut values, "status", "enabled");
    Ok(ApiResponse::created(records::add(store, |it| &mut it.sender_profiles, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.sender_profiles, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(CHANGES, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    let changed = records::change(store, |it| &mut it.sender_profiles, &call.key(), changes)?;
    sending::reschedule(store);
    Ok(ApiResponse::ok(changed))
}

/// Deletes a profile with its mailboxes and browser seats; contacts and sent messages stay.
// assumed: sender-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    let removed = records::remove(&mut store.sender_profiles, call)?;
    let sender = text(&removed, "uuid").unwrap_or_default();
    store.mailboxes.retain(|row| !row.is("sender_profile_uuid", sender));
    store.browsers.retain(|row| !row.is("sender_profile_uuid", sender));
    for contact in store.contacts.table().keys(|row| row.is("sender_profile_uuid", sender)) {
        store.contacts.change(&contact, |record| set(record, "sender_profile_uuid", Value::Null));
    }
    Ok(ApiResponse::no_content())
}

pub(super) fn enable(store: &mut Store, call: &Call) -> ApiResult {
    become_status(store, call, "enabled")
}

pub(super) fn disable(store: &mut Store, call: &Call) -> ApiResult {
    become_status(store, call, "disabled")
}

fn become_status(store: &mut Store, call: &Call, status: &str) -> ApiResult {
    let changes = Record::from_iter([("status".to_owned(), Value::from(status))]);
    records::change(store, |it| &mut it.sender_profiles, &call.key(), changes)?;
    Ok(ApiResponse::empty())
}

/// Returns a schedule around the clock, so that tests do not depend on the time of day.
pub(crate) fn any_time() -> Value {
    let blocks: Vec<Value> = (1..=7).map(|day| json!({"dow": day, "min": 0, "max": 1440})).collect();
    json!({"timezone": "Europe/Berlin", "use_lead_timezone": false, "timeblocks": blocks})
}
