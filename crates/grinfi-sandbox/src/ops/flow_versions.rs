//! The saved versions of a flow: its steps and where its contacts come from.

use serde_json::{Value, json};

use super::input::{Fields, found};
use super::{Answer, Call, Reply};
use crate::record::{Record, set, text};
use crate::refusal::Faults;
use crate::store::{Store, new_uuid};

/// A bare array, newest first.
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let flow = call.parameter("flowUuid");
    found(store.flows.get(&flow), "Flow")?;
    let mut versions: Vec<_> = store
        .flow_versions
        .entries()
        .filter(|entry| text(&entry.record, "flow_uuid") == Some(&flow))
        .collect();
    versions.sort_by_key(|entry| std::cmp::Reverse(entry.number));
    let versions: Vec<Value> =
        versions.into_iter().map(|entry| Value::Object(entry.record.into_owned())).collect();
    Ok(Reply::ok(versions))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let flow = call.parameter("flowUuid");
    found(store.flows.get(&flow), "Flow")?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    for required in ["nodes", "contact_sources"] {
        let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        if fields.given(required).is_none_or(empty) {
            faults.missing(required);
        }
    }
    for (at, node) in fields.list("nodes", &mut faults).into_iter().flatten().enumerate() {
        check_node(node, &format!("nodes.{at}"), &mut faults);
    }
    for (at, source) in fields.list("contact_sources", &mut faults).into_iter().flatten().enumerate() {
        let place = format!("contact_sources.{at}");
        match source.as_object() {
            Some(source) => {
                let source = Fields::within(source, &place);
                source.integer("id", &mut faults);
                source.integer("after_id", &mut faults);
            }
            None => faults.add(&place, format!("The {place} must be an object.")),
        }
    }
    fields.integer("first_common_node_id", &mut faults);
    faults.finish()?;
    let version = save(store, &flow, &new_uuid(), &call.body);
    Ok(Reply::created(version))
}

/// Saves a version that was found sound, as the one the flow has from now on.
pub(crate) fn save(store: &mut Store, flow: &str, uuid: &str, body: &Record) -> Record {
    let part = |name: &str| body.get(name).cloned().unwrap_or(Value::Null);
    let mut version = Record::new();
    set(&mut version, "uuid", uuid);
    set(&mut version, "flow_uuid", flow);
    for name in ["nodes", "contact_sources", "first_common_node_id"] {
        set(&mut version, name, part(name));
    }
    set(&mut version, "created_at", json!(store.now()));
    store.flow_versions.insert(uuid, version.clone());
    if let Some(flow) = store.flows.get_mut(flow) {
        set(flow, "flow_version_uuid", uuid);
        Store::touch(&store.clock, flow);
    }
    version
}

/// What a node must have to be saved; its edges and times even where they are empty.
fn check_node(node: &Value, place: &str, faults: &mut Faults) {
    let Some(node) = node.as_object() else {
        faults.add(place, format!("The {place} must be an object."));
        return;
    };
    let fields = Fields::within(node, place);
    for required in ["id", "before", "after"] {
        if fields.given(required).is_none() {
            faults.missing(&fields.path(required));
        }
    }
    fields.integer("id", faults);
    for required in ["type", "created_at", "updated_at"] {
        fields.required_text(required, faults);
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
