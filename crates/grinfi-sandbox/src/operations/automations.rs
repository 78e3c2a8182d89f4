//! Automations, called flows in the API: create, update, start, stop, archive.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::{automation_versions, body_fields, engine, records, sending};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::{Record, set, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[
    required("name", FieldType::Text),
    required("use_sender_schedule", FieldType::Flag),
    required("schedule", FieldType::Schedule),
    optional("description", FieldType::Text),
    optional("priority", FieldType::Integer),
    optional("is_public", FieldType::Flag),
    optional("flow_workspace_uuid", FieldType::Text),
];
const CHANGES: &[FieldSpec] = &[
    required("name", FieldType::Text),
    optional("description", FieldType::Text),
    required("schedule", FieldType::Schedule),
];
const COPY: &[FieldSpec] = &[
    required("flow_uuid", FieldType::Text),
    required("name", FieldType::Text),
    optional("flow_workspace_uuid", FieldType::Text),
];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    records::list(&store.automations, call)
}

/// Creates a draft. The schedule is required even if the sender's is used.
pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let given = body_fields::read(FIELDS, &fields, &mut errors);
    fields.if_given_exists("flow_workspace_uuid", &mut errors, |uuid| {
        store.automation_workspaces.contains(uuid)
    });
    errors.finish()?;
    let mut values = crate::record::map(json!({"priority": 2, "is_public": false}));
    values.extend(given);
    set(&mut values, "status", "draft");
    Ok(ApiResponse::created(records::add(store, |it| &mut it.automations, values.into())))
}

/// Creates a draft with another name from the current version; enrollments are not copied.
// assumed: automation-copy
pub(super) fn copy(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let given = body_fields::read(COPY, &fields, &mut errors);
    fields.if_given_exists("flow_uuid", &mut errors, |uuid| store.automations.contains(uuid));
    fields.if_given_exists("flow_workspace_uuid", &mut errors, |uuid| {
        store.automation_workspaces.contains(uuid)
    });
    errors.finish()?;
    let source = text(&given, "flow_uuid").unwrap_or_default();
    let mut values = found(store.automations.get(source), "Flow")?;
    let version = text(&values, "flow_version_uuid").and_then(|uuid| store.automation_versions.get(uuid));
    for own in ["uuid", "public_uuid", "flow_version_uuid", "created_at", "updated_at"] {
        values.remove(own);
    }
    set(&mut values, "name", text(&given, "name"));
    if let Some(workspace) = text(&given, "flow_workspace_uuid") {
        set(&mut values, "flow_workspace_uuid", workspace);
    }
    set(&mut values, "status", "draft");
    let automation = records::add(store, |it| &mut it.automations, values.into());
    let uuid = text(&automation, "uuid").unwrap_or_default();
    if let Some(version) = version {
        let saved = store.new_uuid();
        automation_versions::save(store, uuid, &saved, &version);
    }
    Ok(ApiResponse::created(store.automations.show(uuid).unwrap_or_default()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.automations, call)
}

/// Updates the name, the description and the schedule; other fields are ignored.
pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.automations, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(CHANGES, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    let changed = records::change(store, |it| &mut it.automations, &call.key(), changes)?;
    sending::reschedule(store);
    Ok(ApiResponse::ok(changed))
}

/// Deletes an automation with its versions and enrollments, and cancels its open tasks.
// assumed: automation-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::remove(&mut store.automations, call)?;
    let uuid = call.key();
    for version in store.automation_versions.keys_of(&uuid, |_| true) {
        store.automation_versions.remove(&version);
    }
    for enrollment in store.enrollments.keys(|row| row.is("flow_uuid", &uuid)) {
        super::enrollment::end(store, &enrollment, "canceled");
        store.enrollments.remove(&enrollment);
    }
    Ok(ApiResponse::no_content())
}

/// Starts an automation and continues with every waiting or stopped contact.
// assumed: automation-start
pub(super) fn start(store: &mut Store, call: &Call) -> ApiResult {
    let automation = call.key();
    let row = found(store.automations.row(&automation), "Flow")?;
    if row.text("flow_version_uuid").is_none() {
        return Err(Rejection::invalid("flow_version_uuid", "The automation has no saved version to start."));
    }
    let was_on = row.is("status", "on");
    let response = set_status(store, call, "on")?;
    if !was_on {
        engine::resume(store, &automation);
    }
    Ok(response)
}

pub(super) fn stop(store: &mut Store, call: &Call) -> ApiResult {
    set_status(store, call, "off")
}

pub(super) fn archive(store: &mut Store, call: &Call) -> ApiResult {
    set_status(store, call, "archived")
}

// assumed: automation-stopped
pub(super) fn unarchive(store: &mut Store, call: &Call) -> ApiResult {
    set_status(store, call, "off")
}

fn set_status(store: &mut Store, call: &Call, status: &str) -> ApiResult {
    let changes = Record::from_iter([("status".to_owned(), Value::from(status))]);
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.automations, &call.key(), changes)?))
}
