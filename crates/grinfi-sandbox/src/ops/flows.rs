//! Automations, called flows in the API: made as drafts, started, stopped, put away.

use serde_json::{Value, json};

use super::input::{Fields, found, schedule};
use super::{Answer, Call, Reply};
use crate::page;
use crate::record::{set, text};
use crate::refusal::{Faults, Refusal};
use crate::schema::FLOW;
use crate::store::{Store, new_uuid};

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(store.flows.entries(), &FLOW, &call.query)?.with_has_more()))
}

/// A draft. The schedule is required even if the sender's is used.
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let name = fields.required_text("name", &mut faults);
    let senders = fields.flag("use_sender_schedule", &mut faults);
    for required in ["use_sender_schedule", "schedule"] {
        if fields.given(required).is_none() {
            faults.missing(required);
        }
    }
    let schedule = schedule(&fields, "schedule", &mut faults);
    let description = fields.text("description", &mut faults);
    let priority = fields.integer("priority", &mut faults);
    let is_public = fields.flag("is_public", &mut faults);
    let workspace = fields.text("flow_workspace_uuid", &mut faults);
    faults.finish()?;
    let uuid = new_uuid();
    let values = json!({
        "name": name,
        "use_sender_schedule": senders,
        "schedule": schedule,
        "description": description,
        "priority": priority.unwrap_or(2),
        "is_public": is_public.unwrap_or(false),
        "flow_workspace_uuid": workspace,
        "status": "draft",
    });
    let record = store.make(&FLOW, &uuid, values);
    store.flows.insert(&uuid, record.clone());
    Ok(Reply::created(record))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    let record = found(store.flows.get(&call.parameter("flowUuid")), "Flow")?;
    Ok(Reply::ok(record.clone()))
}

/// Changes the name, the description and the schedule; whatever else is given is dropped without a word.
pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    let record = found(store.flows.get_mut(&call.parameter("flowUuid")), "Flow")?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let mut changes: Vec<(&str, Value)> = Vec::new();
    if fields.has("name") {
        changes.push(("name", json!(fields.required_text("name", &mut faults))));
    }
    if fields.has("description") {
        changes.push(("description", json!(fields.text("description", &mut faults))));
    }
    if let Some(schedule) = schedule(&fields, "schedule", &mut faults) {
        changes.push(("schedule", schedule));
    }
    faults.finish()?;
    for (name, value) in changes {
        set(record, name, value);
    }
    Store::touch(&store.clock, record);
    Ok(Reply::ok(record.clone()))
}

/// Its versions and the places of contacts in it go with it.
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    let uuid = call.parameter("flowUuid");
    found(store.flows.remove(&uuid), "Flow")?;
    store.flow_versions.retain(|version| text(version, "flow_uuid") != Some(uuid.as_str()));
    store.flow_leads.retain(|place| text(place, "flow_uuid") != Some(uuid.as_str()));
    Ok(Reply::no_content())
}

pub(super) fn start(store: &mut Store, call: &Call) -> Answer {
    let record = found(store.flows.get(&call.parameter("flowUuid")), "Flow")?;
    if text(record, "flow_version_uuid").is_none() {
        return Err(Refusal::invalid("flow_version_uuid", "The flow has no saved version to start."));
    }
    become_status(store, call, "on")
}

pub(super) fn stop(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "off")
}

pub(super) fn archive(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "archived")
}

pub(super) fn unarchive(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "off")
}

fn become_status(store: &mut Store, call: &Call, status: &str) -> Answer {
    let record = found(store.flows.get_mut(&call.parameter("flowUuid")), "Flow")?;
    set(record, "status", status);
    Store::touch(&store.clock, record);
    Ok(Reply::ok(record.clone()))
}
