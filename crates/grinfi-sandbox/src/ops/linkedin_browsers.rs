//! The seats in which sender profiles use LinkedIn. No browser runs here; what is kept is their state.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, emails, form, records};
use crate::page;
use crate::record::{Record, set, text};
use crate::refusal::Faults;
use crate::store::Store;

const FORM: &[Field] = &[must("sender_profile_uuid", Want::Text), may("proxy_country_code", Want::Text)];
const PROXY: &[Field] = &[may("proxy_country_code", Want::Text)];

/// Oldest first unless it is asked otherwise.
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let mut asked = call.body.clone();
    asked.entry("order_type").or_insert_with(|| json!("asc"));
    asked.remove("filter");
    let oldest_first = !call.body.contains_key("order_field") && !call.body.contains_key("order_type");
    if oldest_first {
        set(&mut asked, "order_field", "id");
    }
    Ok(Reply::ok(page::list(&store.browsers, &asked)?.with_has_more()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.browsers, call)
}

/// A seat that has never logged in.
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let mut values = form::read(FORM, &fields, &mut faults);
    fields.if_given_exists("sender_profile_uuid", &mut faults, |uuid| store.sender_profiles.contains(uuid));
    faults.finish()?;
    let sender = text(&values, "sender_profile_uuid").unwrap_or_default().to_owned();
    let row = store.sender_profiles.row(&sender);
    let of = |name: &str| row.map_or(Value::Null, |row| row.value(name));
    let (schedule, name) = (of("schedule"), super::linkedin_messages::full_name(store, &sender));
    let id = store.ids.number();
    let external = store.new_uuid();
    for (column, value) in [
        ("id", json!(id)),
        ("external_id", json!(external)),
        ("name", json!(name)),
        ("shared_emails", json!([])),
        ("custom_proxy_config", json!([])),
        ("schedule", schedule),
        ("browser_owner", json!("team")),
        ("status", json!("stopped")),
    ] {
        set(&mut values, column, value);
    }
    let made = records::add_as(store, |it| &mut it.browsers, &id.to_string(), values.into());
    records::put(store, |it| &mut it.sender_profiles, &sender, "linkedin_browser_id", id);
    Ok(Reply::created(made))
}

/// No field is described; the seat comes back as it is.
pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(records::change(store, |it| &mut it.browsers, &call.key(), Record::new())?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    let gone = records::remove(&mut store.browsers, call)?;
    let id = gone.get("id").and_then(Value::as_i64);
    for sender in store.sender_profiles.keys(|row| row.integer("linkedin_browser_id") == id) {
        records::put(store, |it| &mut it.sender_profiles, &sender, "linkedin_browser_id", Value::Null);
    }
    Ok(Reply::no_content())
}

/// A new link, which takes the place of the one before. Assumed: since nobody can follow it here, having it counts as having
/// logged in, and the seat can be run.
// assumed: browser-login
pub(super) fn access_key(store: &mut Store, call: &Call) -> Answer {
    let id = call.key();
    let row = found(store.browsers.row(&id), "LinkedIn browser")?;
    let sender = row.text("sender_profile_uuid").and_then(|uuid| store.sender_profiles.row(uuid));
    let account = sender.map_or(Value::Null, |row| row.value("linkedin_account_uuid"));
    let key = store.new_uuid();
    let changes = Record::from_iter([
        ("external_access_key".to_owned(), json!(key)),
        ("linkedin_account_uuid".to_owned(), account),
        ("error_reason".to_owned(), Value::Null),
    ]);
    records::change(store, |it| &mut it.browsers, &id, changes)?;
    let url = format!("https://browser.example.com/login/{key}");
    Ok(Reply::ok(json!({"external_access_key": key, "cloud_browser_url": url})))
}

/// A seat that never logged in gets a login issue.
pub(super) fn run(store: &mut Store, call: &Call) -> Answer {
    let id = call.key();
    let row = found(store.browsers.row(&id), "LinkedIn browser")?;
    let logged_in = row.text("external_access_key").is_some();
    let (status, reason) =
        if logged_in { ("running", Value::Null) } else { ("login_issue", json!("never_logged_in")) };
    let now = store.now();
    let changes = Record::from_iter([
        ("status".to_owned(), json!(status)),
        ("error_reason".to_owned(), reason),
        ("last_start_at".to_owned(), json!(now)),
    ]);
    records::change(store, |it| &mut it.browsers, &id, changes)?;
    Ok(Reply::no_content())
}

pub(super) fn stop(store: &mut Store, call: &Call) -> Answer {
    let changes = Record::from_iter([("status".to_owned(), json!("stopped"))]);
    records::change(store, |it| &mut it.browsers, &call.key(), changes)?;
    Ok(Reply::no_content())
}

pub(super) fn set_proxy(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.browsers, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(PROXY, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    records::change(store, |it| &mut it.browsers, &call.key(), changes)?;
    Ok(Reply::empty())
}

pub(super) fn share(store: &mut Store, call: &Call) -> Answer {
    let id = call.key();
    let row = found(store.browsers.row(&id), "LinkedIn browser")?;
    let mut faults = Faults::default();
    let recipients = Fields::of(&call.body).required_texts("recipients", &mut faults);
    for (at, recipient) in recipients.iter().enumerate().filter(|(_, it)| !emails::is_address(it)) {
        faults.add(&format!("recipients.{at}"), format!("{recipient:?} is no valid email address."));
    }
    faults.finish()?;
    let mut shared = row.texts("shared_emails");
    for recipient in recipients {
        if !shared.contains(&recipient) {
            shared.push(recipient);
        }
    }
    records::put(store, |it| &mut it.browsers, &id, "shared_emails", json!(shared));
    Ok(Reply::empty())
}
