//! Mailboxes, which sender profiles send emails from, and the errors in them.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, emails, form, records, sending};
use crate::page;
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

const FORM: &[Field] = &[
    must("email", Want::Text),
    must("sender_name", Want::Text),
    must("sender_profile_uuid", Want::Text),
    may("provider", Want::Text),
    may("connection_settings", Want::Map),
    may("automation_daily_limit", Want::Integer),
    may("automation_task_interval", Want::Integer),
];
const CHANGES: &[Field] = &[
    must("sender_name", Want::Text),
    must("automation_daily_limit", Want::Integer),
    must("automation_task_interval", Want::Integer),
    may("connection_settings", Want::Map),
    may("custom_tracking_domain_uuid", Want::Text),
];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(&store.mailboxes, &call.query)?.plain()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.mailboxes, call)
}

/// Active at once, and its sender's. Passwords are not kept: nobody logs in here.
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let given = form::read(FORM, &fields, &mut faults);
    if text(&given, "email").is_some_and(|address| !emails::is_address(address)) {
        faults.add("email", "The email must be a valid email address.");
    }
    fields.if_given_exists("sender_profile_uuid", &mut faults, |uuid| store.sender_profiles.contains(uuid));
    faults.finish()?;
    let sender = text(&given, "sender_profile_uuid").unwrap_or_default().to_owned();
    let mailbox = add(store, given);
    let uuid = text(&mailbox, "uuid").map(str::to_owned);
    records::put(store, |it| &mut it.sender_profiles, &sender, "mailbox_uuid", uuid);
    Ok(Reply::created(mailbox))
}

/// Adds a mailbox with what every mailbox has.
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

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.mailboxes, call)?;
    let mut faults = Faults::default();
    let mut changes = form::read_changes(CHANGES, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    without_passwords(&mut changes);
    let changed = records::change(store, |it| &mut it.mailboxes, &call.key(), changes)?;
    sending::reconsider(store);
    Ok(Reply::ok(changed))
}

/// Says whether another mailbox takes over its automation work. Its emails stay.
// assumed: mailbox-reassign
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    let uuid = call.key();
    found(store.mailboxes.row(&uuid), "Mailbox")?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    if fields.given("automation_reassign_mailboxes").is_none() {
        faults.missing("automation_reassign_mailboxes");
    }
    let reassign = fields.flag("automation_reassign_mailboxes", &mut faults).unwrap_or(false);
    let mut heir = None;
    if reassign {
        let other = |it: &str| it != uuid && store.mailboxes.contains(it);
        heir = Some(fields.existing("automation_mailbox_to_reassign", &mut faults, other).to_owned());
    }
    faults.finish()?;
    store.mailboxes.remove(&uuid);
    for sender in store.sender_profiles.keys(|row| row.is("mailbox_uuid", &uuid)) {
        records::put(store, |it| &mut it.sender_profiles, &sender, "mailbox_uuid", heir.clone());
    }
    Ok(Reply::no_content())
}

pub(super) fn activate(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "active")
}

pub(super) fn deactivate(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "inactive")
}

fn become_status(store: &mut Store, call: &Call, status: &str) -> Answer {
    let changes = Record::from_iter([("status".to_owned(), Value::from(status))]);
    Ok(Reply::ok(records::change(store, |it| &mut it.mailboxes, &call.key(), changes)?))
}

pub(super) fn list_errors(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list_by_text(&store.mailbox_errors, &call.query)?.data_only()))
}

/// # Errors
/// 404 if there is no such mailbox.
#[allow(dead_code, reason = "for those who simulate what comes in")]
pub(crate) fn fail(store: &mut Store, mailbox: &str, kind: &str, message: &str) -> Result<Record, Refusal> {
    found(store.mailboxes.row(mailbox), "Mailbox")?;
    let values = json!({"mailbox_uuid": mailbox, "error_type": kind, "message": message});
    Ok(records::add(store, |it| &mut it.mailbox_errors, values))
}
