//! Saved versions of an automation: its nodes and contact sources.

use serde_json::Value;

use super::input::{Fields, found};
use super::records;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::{Record, set, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

/// Returns a bare array, newest first.
pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    let automation = call.parameter("flowUuid");
    found(store.automations.row(&automation), "Flow")?;
    let versions: Vec<Value> =
        store.automation_versions.of(&automation).rev().map(|row| Value::Object(row.show())).collect();
    Ok(ApiResponse::ok(versions))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.automation_versions, call)
}

/// Deletes a version. The automation then uses the newest remaining version.
// assumed: automation-version-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    let removed = records::remove(&mut store.automation_versions, call)?;
    let automation = text(&removed, "flow_uuid").unwrap_or_default();
    let current =
        store.automations.row(automation).and_then(|row| row.text("flow_version_uuid")).map(str::to_owned);
    if current == Some(call.key()) {
        let left = store.automation_versions.of(automation).next_back().map(crate::table::Row::key);
        records::put(store, |it| &mut it.automations, automation, "flow_version_uuid", left);
    }
    Ok(ApiResponse::no_content())
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let automation = call.parameter("flowUuid");
    found(store.automations.row(&automation), "Flow")?;
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    for required in ["nodes", "contact_sources"] {
        let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        if fields.given(required).is_none_or(empty) {
            errors.missing(required);
        }
    }
    let nodes = fields.list("nodes", &mut errors);
    for (at, node) in nodes.into_iter().flatten().enumerate() {
        let path = format!("nodes.{at}");
        match node.as_object() {
            Some(node) => check_node(&Fields::within(node, &path), true, &mut errors),
            None => errors.add(&path, format!("The {path} must be an object.")),
        }
    }
    check_edges(nodes.map(Vec::as_slice).unwrap_or_default(), &mut errors);
    for (at, source) in fields.list("contact_sources", &mut errors).into_iter().flatten().enumerate() {
        let path = format!("contact_sources.{at}");
        match source.as_object() {
            Some(source) => {
                let source = Fields::within(source, &path);
                source.integer("id", &mut errors);
                source.integer("after_id", &mut errors);
                source.list("sender_profiles", &mut errors);
            }
            None => errors.add(&path, format!("The {path} must be an object.")),
        }
    }
    fields.integer("first_common_node_id", &mut errors);
    errors.finish()?;
    let uuid = store.new_uuid();
    let version = save(store, &automation, &uuid, &call.body);
    Ok(ApiResponse::created(version))
}

/// Saves a validated version and makes it the current one.
pub(crate) fn save(store: &mut Store, automation: &str, uuid: &str, body: &Record) -> Record {
    let part = |name: &str| body.get(name).cloned().unwrap_or(Value::Null);
    let mut version = Record::new();
    set(&mut version, "flow_uuid", automation);
    for name in ["nodes", "contact_sources", "first_common_node_id"] {
        set(&mut version, name, part(name));
    }
    let version = records::add_as(store, |it| &mut it.automation_versions, uuid, version.into());
    records::put(store, |it| &mut it.automations, automation, "flow_version_uuid", uuid);
    version
}

/// # Errors
/// 500 without `before` or `after`, as the API responds instead of a 422; 422 for any other invalid field.
pub(super) fn validate_node(_: &mut Store, call: &Call) -> ApiResult {
    let fields = Fields::of(&call.body);
    for side in ["before", "after"] {
        if !fields.has(side) {
            return Err(Rejection::undefined_key(side));
        }
    }
    let mut errors = FieldErrors::default();
    check_node(&fields, false, &mut errors);
    errors.finish()?;
    Ok(ApiResponse::no_content())
}

pub(super) fn validate_contact_source(_: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    if fields.given("id").is_none() {
        errors.missing("id");
    }
    fields.integer("id", &mut errors);
    fields.text("type", &mut errors);
    fields.map("options", &mut errors);
    errors.finish()?;
    Ok(ApiResponse::empty())
}

/// Validates a node: its edges must be present even if empty, and its times if it is `saved`.
fn check_node(fields: &Fields<'_>, saved: bool, errors: &mut FieldErrors) {
    for required in ["id", "before", "after"] {
        if fields.given(required).is_none() {
            errors.missing(&fields.path(required));
        }
    }
    fields.integer("id", errors);
    fields.required_text("type", errors);
    if saved {
        for required in ["created_at", "updated_at"] {
            fields.required_text(required, errors);
        }
    }
    if fields.given("payload").is_some_and(|payload| !payload.is_object() && !payload.is_array()) {
        let field = fields.path("payload");
        errors.add(&field, format!("The {field} must be an object."));
    }
    for side in ["before", "after"] {
        for (at, edge) in fields.list(side, errors).into_iter().flatten().enumerate() {
            for end in ["node_id", "branch_id"] {
                if edge.get(end).is_none_or(|id| !id.is_i64()) {
                    let field = format!("{}.{at}.{end}", fields.path(side));
                    errors.add(&field, format!("The {field} must be an integer."));
                }
            }
        }
    }
}

/// Rejects edges to missing nodes and duplicate node ids.
// assumed: automation-version-checks
fn check_edges(nodes: &[Value], errors: &mut FieldErrors) {
    let id = |node: &Value| node.get("id").and_then(Value::as_i64);
    let ids: std::collections::BTreeSet<i64> = nodes.iter().filter_map(id).collect();
    let mut seen = std::collections::BTreeSet::new();
    for (at, node) in nodes.iter().enumerate() {
        if id(node).is_some_and(|id| !seen.insert(id)) {
            errors.add(&format!("nodes.{at}.id"), format!("The nodes.{at}.id has a duplicate value."));
        }
        for side in ["before", "after"] {
            let edges = node.get(side).and_then(Value::as_array);
            for (edge, to) in edges.into_iter().flatten().enumerate() {
                let to = to.get("node_id").and_then(Value::as_i64);
                if to.is_some_and(|to| !ids.contains(&to)) {
                    let field = format!("nodes.{at}.{side}.{edge}.node_id");
                    errors.add(&field, format!("The {field} is not the id of a node."));
                }
            }
        }
    }
}
