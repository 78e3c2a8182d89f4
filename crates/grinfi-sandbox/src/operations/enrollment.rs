//! State of enrollments: which contact is in which automation, and at which node.

use serde_json::{Value, json};

use super::{records, task_state};
use crate::cell::Cell;
use crate::jobs::Job;
use crate::record::{set, text, texts};
use crate::store::Store;
use crate::table::Row;

/// Status of an active enrollment.
pub(super) const ACTIVE: &str = "in_progress";

/// Enrolls a contact unless it has an active enrollment in the automation. Starts at once if the automation is on.
// assumed: enrollment-new
pub(crate) fn enroll(store: &mut Store, automation: &str, contact: &str, added_by: &str) -> Option<String> {
    enroll_from(store, automation, contact, added_by, None)
}

/// Enrolls a contact through a contact source; the first one if `source` is `None`.
pub(super) fn enroll_from(
    store: &mut Store,
    automation: &str,
    contact: &str,
    added_by: &str,
    source: Option<i64>,
) -> Option<String> {
    let active =
        |enrollment: Row<'_>| enrollment.is("flow_uuid", automation) && enrollment.is("status", ACTIVE);
    if store.enrollments.of(contact).any(active) {
        return None;
    }
    let row = store.automations.row(automation)?;
    let (version, on) = (row.text("flow_version_uuid").map(str::to_owned), row.is("status", "on"));
    let values = json!({
        "flow_uuid": automation,
        "lead_uuid": contact,
        "status": ACTIVE,
        "flow_version_uuid": version,
        "added_by": added_by,
        "contact_source_id": source,
    });
    let record = records::add(store, |it| &mut it.enrollments, values);
    let enrollment = text(&record, "uuid")?.to_owned();
    if on {
        start(store, &enrollment);
    }
    Some(enrollment)
}

/// Ends the active enrollments of a contact in the matching automations, with their tasks.
pub(super) fn leave(store: &mut Store, contact: &str, from: impl Fn(&str) -> bool) {
    let active = |enrollment: Row<'_>| {
        enrollment.is("status", ACTIVE) && enrollment.text("flow_uuid").is_some_and(&from)
    };
    for enrollment in store.enrollments.keys_of(contact, active) {
        end(store, &enrollment, "canceled");
    }
}

/// Ends an enrollment with that status and cancels its open tasks.
// assumed: enrollment-end
pub(super) fn end(store: &mut Store, enrollment: &str, status: &str) {
    let now = store.now();
    let changed = store.enrollments.change(enrollment, |record| {
        set(record, "status", status);
        set(record, "flow_node_id", Value::Null);
        set(record, "updated_at", now);
    });
    let contact = changed.as_ref().and_then(|it| text(it, "lead_uuid")).unwrap_or_default();
    let open = |task: Row<'_>| task.is("flow_lead_uuid", enrollment) && task.is("status", task_state::OPEN);
    for task in store.tasks.keys_of(contact, open) {
        task_state::end(store, &task, "canceled");
    }
}

/// Starts an enrollment at the entry node of its contact source.
pub(super) fn start(store: &mut Store, enrollment: &str) {
    let Some(row) = store.enrollments.row(enrollment) else { return };
    let (number, automation) = (row.number, row.text("flow_uuid").unwrap_or_default().to_owned());
    let wanted = row.integer("contact_source_id");
    let version = store
        .automations
        .row(&automation)
        .and_then(|automation| automation.text("flow_version_uuid"))
        .map(str::to_owned);
    let Some(version) = version else { return };
    let entry = store.automation_versions.row(&version).and_then(|version| entry(version, number, wanted));
    let Some((source, sender, node)) = entry else { return };
    store.enrollments.change(enrollment, |record| {
        set(record, "flow_version_uuid", version);
        set(record, "contact_source_id", source);
        set(record, "sender_profile_uuid", sender);
    });
    store.schedule(0, Job::EnterNode { enrollment: enrollment.to_owned(), node });
}

/// Whether the current version of an automation has a contact source with that id.
pub(super) fn has_source(store: &Store, automation: &str, id: i64) -> bool {
    let version =
        store.automations.row(automation).and_then(|automation| automation.text("flow_version_uuid"));
    let version = version.and_then(|version| store.automation_versions.row(version));
    version
        .is_some_and(|version| items(version, "contact_sources").iter().any(|source| is_source(source, id)))
}

fn is_source(source: &Value, id: i64) -> bool {
    source.get("id").and_then(Value::as_i64) == Some(id)
}

/// Returns the contact source of a new contact, its sender, and its entry node. Senders alternate.
// assumed: automation-entry
fn entry(version: Row<'_>, number: usize, wanted: Option<i64>) -> Option<(Value, Value, i64)> {
    let sources = items(version, "contact_sources");
    let source = sources.iter().find(|source| wanted.is_some_and(|id| is_source(source, id)));
    let source = source.or(sources.first())?;
    let senders = source.get("sender_profiles").map(texts).unwrap_or_default();
    let sender = if senders.is_empty() { None } else { senders.get(number % senders.len()).cloned() };
    let nodes = items(version, "nodes");
    let first = || {
        let is_first = |node: &&Value| node.get("before").and_then(Value::as_array).is_none_or(Vec::is_empty);
        nodes.iter().find(is_first).or(nodes.first())?.get("id")?.as_i64()
    };
    let node = source.get("after_id").and_then(Value::as_i64).or_else(first)?;
    Some((source.get("id").cloned().unwrap_or(Value::Null), json!(sender), node))
}

pub(super) fn items<'a>(row: Row<'a>, column: &str) -> &'a [Value] {
    match row.cell(column) {
        Cell::Json(value) => value.as_array().map(Vec::as_slice).unwrap_or_default(),
        _ => &[],
    }
}
