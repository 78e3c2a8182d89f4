//! Mailboxes of sender profiles, and their errors.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::{body_fields, emails, records, sending};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{Record, set, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[
    required("email", FieldType::Text),
    required("sender_name", FieldType::Text),
    required("sender_profile_uuid", FieldType::Text),
    optional("provider", FieldType::Text),
    optional("connection_settings", FieldType::Map),
    optional("automation_daily_limit", FieldType::Integer),
    optional("automation_task_interval", FieldType::Integer),
];
const CHANGES: &[FieldSpec] = &[
    required("sender_name", FieldType::Text),
    required("automation_daily_limit", FieldType::Integer),
    required("automation_task_interval", FieldType::Integer),
    optional("connection_settings", FieldType::Map),
    optional("custom_tracking_domain_uuid", FieldType::Text),
];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.mailboxes, &call.query)?.plain()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.mailboxes, call)
}

/// Creates an active mailbox for its sender. Passwords are not stored.
pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let given = body_fields::read(FIELDS, &fields, &mut errors);
    if text(&given, "email").is_some_and(|address| !emails::is_address(address)) {
        errors.add("email", "The email must be a valid email address.");
    }
    fields.if_given_exists("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    errors.finish()?;
    let sender = text(&given, "sender_profile_uuid").unwrap_or_default().to_owned();
    let mailbox = add(store, given);
    let uuid = text(&mailbox, "uuid").map(str::to_owned);
    records::put(store, |it| &mut it.sender_profiles, &sender, "mailbox_uuid", uuid);
    Ok(ApiResponse::created(mailbox))
}

/// Adds a mailbox with its default values.
// assumed: mailbox-new
pub(crate) fn add(store: &mut Store, given: Record) -> Record {
    let mut values = crate::record::map(json!({
        "provider": "custom",
        "automation_daily_limit": 50,
        "automation_task_interval": 60,
        "connection_settings": [],
        "status": "active",
    }));
    values.extend(given);
    without_passwords(&mut values);
    records::add(store, |it| &mut it.mailboxes, values.into())
}

// assumed: mailbox-passwords
fn without_passwords(values: &mut Record) {
    if let Some(settings) = values.get_mut("connection_settings").and_then(Value::as_object_mut) {
        settings.retain(|name, _| !name.contains("password"));
    }
    if values.get("connection_settings").is_some_and(|it| it.as_object().is_some_and(Record::is_empty)) {
        set(values, "connection_settings", json!([]));
    }
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.mailboxes, call)?;
    let mut errors = FieldErrors::default();
    let mut changes = body_fields::read_changes(CHANGES, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    without_passwords(&mut changes);
    let changed = records::change(store, |it| &mut it.mailboxes, &call.key(), changes)?;
    sending::reschedule(store);
    Ok(ApiResponse::ok(changed))
}

/// Deletes a mailbox; the body states whether another one takes over its automation work. Its emails stay.
// assumed: mailbox-reassign
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    let uuid = call.key();
    found(store.mailboxes.row(&uuid), "Mailbox")?;
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    if fields.given("automation_reassign_mailboxes").is_none() {
        errors.missing("automation_reassign_mailboxes");
    }
    let reassign = fields.flag("automation_reassign_mailboxes", &mut errors).unwrap_or(false);
    let mut heir = None;
    if reassign {
        let other = |it: &str| it != uuid && store.mailboxes.contains(it);
        heir = Some(fields.existing("automation_mailbox_to_reassign", &mut errors, other).to_owned());
    }
    errors.finish()?;
    store.mailboxes.remove(&uuid);
    for sender in store.sender_profiles.keys(|row| row.is("mailbox_uuid", &uuid)) {
        records::put(store, |it| &mut it.sender_profiles, &sender, "mailbox_uuid", heir.clone());
    }
    Ok(ApiResponse::no_content())
}

pub(super) fn activate(store: &mut Store, call: &Call) -> ApiResult {
    become_status(store, call, "active")
}

pub(super) fn deactivate(store: &mut Store, call: &Call) -> ApiResult {
    become_status(store, call, "inactive")
}

fn become_status(store: &mut Store, call: &Call, status: &str) -> ApiResult {
    let changes = Record::from_iter([("status".to_owned(), Value::from(status))]);
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.mailboxes, &call.key(), changes)?))
}

pub(super) fn list_errors(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list_by_text(&store.mailbox_errors, &call.query)?.data_only()))
}

/// # Errors
/// 404 for an unknown mailbox.
#[allow(dead_code, reason = "used by simulations")]
pub(crate) fn fail(store: &mut Store, mailbox: &str, kind: &str, message: &str) -> Result<Record, Rejection> {
    found(store.mailboxes.row(mailbox), "Mailbox")?;
    let values = json!({"mailbox_uuid": mailbox, "error_type": kind, "message": message});
    Ok(records::add(store, |it| &mut it.mailbox_errors, values))
}
