//! Webhooks: the URLs that are called when something happens.

use serde_json::json;

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, form, records};
use crate::events::{EVENTS, UNDESCRIBED_EVENTS, WebhookCall};
use crate::page;
use crate::record::{Record, text};
use crate::refusal::Faults;
use crate::store::Store;

const METHODS: &[&str] = &["POST", "GET", "PUT", "PATCH", "DELETE"];
const STATES: &[&str] = &["on", "off"];
const FORM: &[Field] = &[
    must("name", Want::Text),
    must("event", Want::Text),
    // The description leaves it open; the API has been seen to insist.
    must("request_method", Want::OneOf(METHODS)),
    must("target_url", Want::Text),
    may("filters", Want::Map),
    may("status", Want::OneOf(STATES)),
];
const CHANGES: &[Field] = &[
    must("name", Want::Text),
    must("event", Want::Text),
    must("request_method", Want::OneOf(METHODS)),
    must("target_url", Want::Text),
    may("filters", Want::Map),
    must("status", Want::OneOf(STATES)),
];
const TEST: &[Field] = &[
    may("uuid", Want::Text),
    must("event", Want::Text),
    must("request_method", Want::OneOf(METHODS)),
    must("target_url", Want::Text),
];

/// All of them, in an envelope that counts.
pub(super) fn list(store: &mut Store, _: &Call) -> Answer {
    Ok(Reply::ok(page::everything(&store.webhooks).with_has_more()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.webhooks, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let given = form::read(FORM, &Fields::of(&call.body), &mut faults);
    check(&given, &mut faults);
    faults.finish()?;
    let mut values = Record::from_iter([("status".to_owned(), json!("on"))]);
    values.extend(given);
    Ok(Reply::created(records::add(store, |it| &mut it.webhooks, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.webhooks, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(CHANGES, &Fields::of(&call.body), &mut faults);
    check(&changes, &mut faults);
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.webhooks, &call.key(), changes)?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.webhooks, call)
}

/// Makes a call for a webhook that is there, to the URL that is given, on or off.
pub(super) fn test(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    fields.required_text("uuid", &mut faults);
    check(&form::read(TEST, &fields, &mut faults), &mut faults);
    faults.finish()?;
    found(store.webhooks.row(text(&call.body, "uuid").unwrap_or_default()), "Webhook")?;
    test_any(store, call)
}

/// Makes a call to the URL that is given, for a webhook or for none.
pub(super) fn test_any(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let given = form::read(TEST, &Fields::of(&call.body), &mut faults);
    check(&given, &mut faults);
    faults.finish()?;
    let of = |name: &str| text(&given, name).unwrap_or_default().to_owned();
    let event = events().find(|name| *name == of("event")).unwrap_or_default();
    let due = WebhookCall {
        webhook_uuid: of("uuid"),
        event: event.to_owned(),
        request_method: of("request_method"),
        target_url: of("target_url"),
        body: store.webhook_test_body(event),
        at: store.now(),
        refused: None,
    };
    store.calls.push(due);
    Ok(Reply::empty())
}

/// Every event that a webhook can be registered for.
fn events() -> impl Iterator<Item = &'static str> {
    EVENTS.iter().map(|(name, _)| *name).chain(UNDESCRIBED_EVENTS)
}

fn check(given: &Record, faults: &mut Faults) {
    if text(given, "event").is_some_and(|event| !events().any(|name| name == event)) {
        faults.add("event", "The selected event is invalid.");
    }
    let is_url = |url: &str| {
        let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        host.is_some_and(|host| {
            !host.is_empty() && !host.starts_with('/') && !url.contains(char::is_whitespace)
        })
    };
    if text(given, "target_url").is_some_and(|url| !is_url(url)) {
        faults.add("target_url", "The target_url format is invalid.");
    }
}
