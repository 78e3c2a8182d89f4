//! Browser seats of sender profiles. No browser runs; only the state is kept.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::{body_fields, emails, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{Record, set, text};
use crate::rejection::FieldErrors;
use crate::store::Store;

const FIELDS: &[FieldSpec] =
    &[required("sender_profile_uuid", FieldType::Text), optional("proxy_country_code", FieldType::Text)];
const PROXY: &[FieldSpec] = &[optional("proxy_country_code", FieldType::Text)];

/// The default order is oldest first.
pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    let mut parameters = call.body.clone();
    parameters.entry("order_type").or_insert_with(|| json!("asc"));
    parameters.remove("filter");
    let oldest_first = !call.body.contains_key("order_field") && !call.body.contains_key("order_type");
    if oldest_first {
        set(&mut parameters, "order_field", "id");
    }
    Ok(ApiResponse::ok(page::list(&store.browsers, &parameters)?.with_has_more()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.browsers, call)
}

/// Creates a seat that has never logged in.
pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let mut values = body_fields::read(FIELDS, &fields, &mut errors);
    fields.if_given_exists("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    errors.finish()?;
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
    Ok(ApiResponse::created(made))
}

/// Returns the seat unchanged, since the description has no fields.
pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.browsers, &call.key(), Record::new())?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    let removed = records::remove(&mut store.browsers, call)?;
    let id = removed.get("id").and_then(Value::as_i64);
    for sender in store.sender_profiles.keys(|row| row.integer("linkedin_browser_id") == id) {
        records::put(store, |it| &mut it.sender_profiles, &sender, "linkedin_browser_id", Value::Null);
    }
    Ok(ApiResponse::no_content())
}

/// Creates a new link, which replaces the previous one. It cannot be followed, so the seat counts as logged in
/// afterwards (assumed).
// assumed: browser-login
pub(super) fn access_key(store: &mut Store, call: &Call) -> ApiResult {
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
    Ok(ApiResponse::ok(json!({"external_access_key": key, "cloud_browser_url": url})))
}

/// Runs a seat; one that never logged in gets a login issue.
pub(super) fn run(store: &mut Store, call: &Call) -> ApiResult {
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
    Ok(ApiResponse::no_content())
}

pub(super) fn stop(store: &mut Store, call: &Call) -> ApiResult {
    let changes = Record::from_iter([("status".to_owned(), json!("stopped"))]);
    records::change(store, |it| &mut it.browsers, &call.key(), changes)?;
    Ok(ApiResponse::no_content())
}

pub(super) fn set_proxy(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.browsers, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(PROXY, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    records::change(store, |it| &mut it.browsers, &call.key(), changes)?;
    Ok(ApiResponse::empty())
}

pub(super) fn share(store: &mut Store, call: &Call) -> ApiResult {
    let id = call.key();
    let row = found(store.browsers.row(&id), "LinkedIn browser")?;
    let mut errors = FieldErrors::default();
    let recipients = Fields::of(&call.body).required_texts("recipients", &mut errors);
    for (at, recipient) in recipients.iter().enumerate().filter(|(_, it)| !emails::is_address(it)) {
        errors.add(&format!("recipients.{at}"), format!("{recipient:?} is not a valid email address."));
    }
    errors.finish()?;
    let mut shared = row.texts("shared_emails");
    for recipient in recipients {
        if !shared.contains(&recipient) {
            shared.push(recipient);
        }
    }
    records::put(store, |it| &mut it.browsers, &id, "shared_emails", json!(shared));
    Ok(ApiResponse::empty())
}
