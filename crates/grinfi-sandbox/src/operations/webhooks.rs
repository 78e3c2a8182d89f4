//! Webhooks: URLs that are called for an event.

use serde_json::json;

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::events::{EVENTS, UNDESCRIBED_EVENTS};
use crate::page;
use crate::record::{Record, text};
use crate::rejection::FieldErrors;
use crate::store::Store;
use crate::webhooks::WebhookCall;

const METHODS: &[&str] = &["POST", "GET", "PUT", "PATCH", "DELETE"];
const STATES: &[&str] = &["on", "off"];
const FIELDS: &[FieldSpec] = &[
    required("name", FieldType::Text),
    required("event", FieldType::Text),
    // Optional in the description, but the API was observed to require it.
    required("request_method", FieldType::OneOf(METHODS)),
    required("target_url", FieldType::Text),
    optional("filters", FieldType::Map),
    optional("status", FieldType::OneOf(STATES)),
];
const CHANGES: &[FieldSpec] = &[
    required("name", FieldType::Text),
    required("event", FieldType::Text),
    required("request_method", FieldType::OneOf(METHODS)),
    required("target_url", FieldType::Text),
    optional("filters", FieldType::Map),
    required("status", FieldType::OneOf(STATES)),
];
const TEST: &[FieldSpec] = &[
    optional("uuid", FieldType::Text),
    required("event", FieldType::Text),
    required("request_method", FieldType::OneOf(METHODS)),
    required("target_url", FieldType::Text),
];

/// Lists every webhook in an envelope with `total`.
pub(super) fn list(store: &mut Store, _: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::everything(&store.webhooks).with_has_more()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.webhooks, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let given = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    check(&given, &mut errors);
    errors.finish()?;
    let mut values = Record::from_iter([("status".to_owned(), json!("on"))]);
    values.extend(given);
    Ok(ApiResponse::created(records::add(store, |it| &mut it.webhooks, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.webhooks, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(CHANGES, &Fields::of(&call.body), &mut errors);
    check(&changes, &mut errors);
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.webhooks, &call.key(), changes)?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.webhooks, call)
}

/// Sends a test call for an existing webhook to the given URL, even if the webhook is off.
pub(super) fn test(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    fields.required_text("uuid", &mut errors);
    check(&body_fields::read(TEST, &fields, &mut errors), &mut errors);
    errors.finish()?;
    found(store.webhooks.row(text(&call.body, "uuid").unwrap_or_default()), "Webhook")?;
    test_any(store, call)
}

/// Sends a test call to the given URL, with or without a webhook.
pub(super) fn test_any(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let given = body_fields::read(TEST, &Fields::of(&call.body), &mut errors);
    check(&given, &mut errors);
    errors.finish()?;
    let of = |name: &str| text(&given, name).unwrap_or_default().to_owned();
    let event = events().find(|name| *name == of("event")).unwrap_or_default();
    let due = WebhookCall {
        webhook_uuid: of("uuid"),
        event: event.to_owned(),
        request_method: of("request_method"),
        target_url: of("target_url"),
        body: store.webhook_test_body(event),
        at: store.now(),
        blocked: None,
    };
    store.calls.push(due);
    Ok(ApiResponse::empty())
}

/// Returns every event that a webhook can have.
fn events() -> impl Iterator<Item = &'static str> {
    EVENTS.iter().map(|(name, _)| *name).chain(UNDESCRIBED_EVENTS)
}

fn check(given: &Record, errors: &mut FieldErrors) {
    if text(given, "event").is_some_and(|event| !events().any(|name| name == event)) {
        errors.add("event", "The selected event is invalid.");
    }
    let is_url = |url: &str| {
        let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        host.is_some_and(|host| {
            !host.is_empty() && !host.starts_with('/') && !url.contains(char::is_whitespace)
        })
    };
    if text(given, "target_url").is_some_and(|url| !is_url(url)) {
        errors.add("target_url", "The target_url format is invalid.");
    }
}
