//! Automations, called flows in the API: made as drafts, started, stopped, put away.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, engine, flow_versions, form, records, sending};
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

const FORM: &[Field] = &[
    must("name", Want::Text),
    must("use_sender_schedule", Want::Flag),
    must("schedule", Want::Schedule),
    may("description", Want::Text),
    may("priority", Want::Integer),
    may("is_public", Want::Flag),
    may("flow_workspace_uuid", Want::Text),
];
const CHANGES: &[Field] =
    &[must("name", Want::Text), may("description", Want::Text), must("schedule", Want::Schedule)];
const COPY: &[Field] =
    &[must("flow_uuid", Want::Text), must("name", Want::Text), may("flow_workspace_uuid", Want::Text)];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    records::list(&store.flows, call)
}

/// A draft. The schedule is required even if the sender's is used.
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let given = form::read(FORM, &fields, &mut faults);
    fields.if_given_exists("flow_workspace_uuid", &mut faults, |uuid| store.flow_workspaces.contains(uuid));
    faults.finish()?;
    let mut values = crate::record::map(json!({"priority": 2, "is_public": false}));
    values.extend(given);
    set(&mut values, "status", "draft");
    Ok(Reply::created(records::add(store, |it| &mut it.flows, values.into())))
}

/// The same flow, its version included, as a draft of another name; nobody is in it.
// assumed: flow-copy
pub(super) fn copy(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let given = form::read(COPY, &fields, &mut faults);
    fields.if_given_exists("flow_uuid", &mut faults, |uuid| store.flows.contains(uuid));
    fields.if_given_exists("flow_workspace_uuid", &mut faults, |uuid| store.flow_workspaces.contains(uuid));
    faults.finish()?;
    let source = text(&given, "flow_uuid").unwrap_or_default();
    let mut values = found(store.flows.get(source), "Flow")?;
    let version = text(&values, "flow_version_uuid").and_then(|uuid| store.flow_versions.get(uuid));
    for own in ["uuid", "public_uuid", "flow_version_uuid", "created_at", "updated_at"] {
        values.remove(own);
    }
    set(&mut values, "name", text(&given, "name"));
    if let Some(workspace) = text(&given, "flow_workspace_uuid") {
        set(&mut values, "flow_workspace_uuid", workspace);
    }
    set(&mut values, "status", "draft");
    let flow = records::add(store, |it| &mut it.flows, values.into());
    let uuid = text(&flow, "uuid").unwrap_or_default();
    if let Some(version) = version {
        let saved = store.new_uuid();
        flow_versions::save(store, uuid, &saved, &version);
    }
    Ok(Reply::created(store.flows.show(uuid).unwrap_or_default()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.flows, call)
}

/// Changes the name, the description and the schedule; whatever else is given is dropped without a word.
pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.flows, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(CHANGES, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    let changed = records::change(store, |it| &mut it.flows, &call.key(), changes)?;
    sending::reconsider(store);
    Ok(Reply::ok(changed))
}

/// Its versions, the places of contacts in it and its open tasks go with it.
// assumed: flow-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::remove(&mut store.flows, call)?;
    let uuid = call.key();
    for version in store.flow_versions.keys_of(&uuid, |_| true) {
        store.flow_versions.remove(&version);
    }
    for place in store.flow_leads.keys(|row| row.is("flow_uuid", &uuid)) {
        super::flow_leads::end(store, &place, "canceled");
        store.flow_leads.remove(&place);
    }
    Ok(Reply::no_content())
}

/// Sets out with every contact that waits at the start or was stopped on its way.
// assumed: flow-start
pub(super) fn start(store: &mut Store, call: &Call) -> Answer {
    let flow = call.key();
    let row = found(store.flows.row(&flow), "Flow")?;
    if row.text("flow_version_uuid").is_none() {
        return Err(Refusal::invalid("flow_version_uuid", "The flow has no saved version to start."));
    }
    let was_on = row.is("status", "on");
    let answer = become_status(store, call, "on")?;
    if !was_on {
        engine::resume(store, &flow);
    }
    Ok(answer)
}

pub(super) fn stop(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "off")
}

pub(super) fn archive(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "archived")
}

// assumed: flow-stopped
pub(super) fn unarchive(store: &mut Store, call: &Call) -> Answer {
    become_status(store, call, "off")
}

fn become_status(store: &mut Store, call: &Call, status: &str) -> Answer {
    let changes = Record::from_iter([("status".to_owned(), Value::from(status))]);
    Ok(Reply::ok(records::change(store, |it| &mut it.flows, &call.key(), changes)?))
}
