//! The saved versions of a flow: its steps and where its contacts come from.

use serde_json::Value;

use super::input::{Fields, found};
use super::{Answer, Call, Reply, records};
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

/// A bare array, newest first.
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let flow = call.parameter("flowUuid");
    found(store.flows.row(&flow), "Flow")?;
    let versions: Vec<Value> =
        store.flow_versions.of(&flow).rev().map(|row| Value::Object(row.show())).collect();
    Ok(Reply::ok(versions))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.flow_versions, call)
}

/// The flow goes back to the newest version that is left.
// assumed: flow-version-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    let gone = records::remove(&mut store.flow_versions, call)?;
    let flow = text(&gone, "flow_uuid").unwrap_or_default();
    let present = store.flows.row(flow).and_then(|row| row.text("flow_version_uuid")).map(str::to_owned);
    if present == Some(call.key()) {
        let left = store.flow_versions.of(flow).next_back().map(crate::table::Row::key);
        records::put(store, |it| &mut it.flows, flow, "flow_version_uuid", left);
    }
    Ok(Reply::no_content())
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let flow = call.parameter("flowUuid");
    found(store.flows.row(&flow), "Flow")?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    for required in ["nodes", "contact_sources"] {
        let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        if fields.given(required).is_none_or(empty) {
            faults.missing(required);
        }
    }
    let nodes = fields.list("nodes", &mut faults);
    for (at, node) in nodes.into_iter().flatten().enumerate() {
        let place = format!("nodes.{at}");
        match node.as_object() {
            Some(node) => check_node(&Fields::within(node, &place), true, &mut faults),
            None => faults.add(&place, format!("The {place} must be an object.")),
        }
    }
    check_edges(nodes.map(Vec::as_slice).unwrap_or_default(), &mut faults);
    for (at, source) in fields.list("contact_sources", &mut faults).into_iter().flatten().enumerate() {
        let place = format!("contact_sources.{at}");
        match source.as_object() {
            Some(source) => {
                let source = Fields::within(source, &place);
                source.integer("id", &mut faults);
                source.integer("after_id", &mut faults);
                source.list("sender_profiles", &mut faults);
            }
            None => faults.add(&place, format!("The {place} must be an object.")),
        }
    }
    fields.integer("first_common_node_id", &mut faults);
    faults.finish()?;
    let uuid = store.new_uuid();
    let version = save(store, &flow, &uuid, &call.body);
    Ok(Reply::created(version))
}

/// Saves a version that was found sound, as the one the flow has from now on.
pub(crate) fn save(store: &mut Store, flow: &str, uuid: &str, body: &Record) -> Record {
    let part = |name: &str| body.get(name).cloned().unwrap_or(Value::Null);
    let mut version = Record::new();
    set(&mut version, "flow_uuid", flow);
    for name in ["nodes", "contact_sources", "first_common_node_id"] {
        set(&mut version, name, part(name));
    }
    let version = records::add_as(store, |it| &mut it.flow_versions, uuid, version.into());
    records::put(store, |it| &mut it.flows, flow, "flow_version_uuid", uuid);
    version
}

/// # Errors
/// 500 without `before` or `after`, where a 422 is due, as the API does; 422 for anything else that is wrong.
pub(super) fn validate_node(_: &mut Store, call: &Call) -> Answer {
    let fields = Fields::of(&call.body);
    for side in ["before", "after"] {
        if !fields.has(side) {
            return Err(Refusal::undefined_key(side));
        }
    }
    let mut faults = Faults::default();
    check_node(&fields, false, &mut faults);
    faults.finish()?;
    Ok(Reply::no_content())
}

pub(super) fn validate_contact_source(_: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    if fields.given("id").is_none() {
        faults.missing("id");
    }
    fields.integer("id", &mut faults);
    fields.text("type", &mut faults);
    fields.map("options", &mut faults);
    faults.finish()?;
    Ok(Reply::empty())
}

/// What a node must have; its edges even where they are empty, and its times if it is to be saved.
fn check_node(fields: &Fields<'_>, saved: bool, faults: &mut Faults) {
    for required in ["id", "before", "after"] {
        if fields.given(required).is_none() {
            faults.missing(&fields.path(required));
        }
    }
    fields.integer("id", faults);
    fields.required_text("type", faults);
    if saved {
        for required in ["created_at", "updated_at"] {
            fields.required_text(required, faults);
        }
    }
    if fields.given("payload").is_some_and(|payload| !payload.is_object() && !payload.is_array()) {
        let field = fields.path("payload");
        faults.add(&field, format!("The {field} must be an object."));
    }
    for side in ["before", "after"] {
        for (at, edge) in fields.list(side, faults).into_iter().flatten().enumerate() {
            for end in ["node_id", "branch_id"] {
                if edge.get(end).is_none_or(|id| !id.is_i64()) {
                    let field = format!("{}.{at}.{end}", fields.path(side));
                    faults.add(&field, format!("The {field} must be an integer."));
                }
            }
        }
    }
}

/// Edges must lead to nodes that are there, and no two nodes have one id.
// assumed: flow-version-checks
fn check_edges(nodes: &[Value], faults: &mut Faults) {
    let id = |node: &Value| node.get("id").and_then(Value::as_i64);
    let ids: std::collections::BTreeSet<i64> = nodes.iter().filter_map(id).collect();
    let mut seen = std::collections::BTreeSet::new();
    for (at, node) in nodes.iter().enumerate() {
        if id(node).is_some_and(|id| !seen.insert(id)) {
            faults.add(&format!("nodes.{at}.id"), format!("The nodes.{at}.id has a duplicate value."));
        }
        for side in ["before", "after"] {
            let edges = node.get(side).and_then(Value::as_array);
            for (edge, to) in edges.into_iter().flatten().enumerate() {
                let to = to.get("node_id").and_then(Value::as_i64);
                if to.is_some_and(|to| !ids.contains(&to)) {
                    let field = format!("nodes.{at}.{side}.{edge}.node_id");
                    faults.add(&field, format!("The {field} names no node."));
                }
            }
        }
    }
}
