//! Workspaces, the folders of flows.

use serde_json::Value;

use super::form::{Field, Want, may, must};
use super::input::Fields;
use super::{Answer, Call, Reply, form, records};
use crate::page;
use crate::record::set;
use crate::refusal::Faults;
use crate::store::Store;

const FORM: &[Field] = &[must("name", Want::Text), may("order", Want::Integer)];

/// All of them, in an envelope that counts.
pub(super) fn list(store: &mut Store, _: &Call) -> Answer {
    Ok(Reply::ok(page::everything(&store.flow_workspaces).with_has_more()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let mut values = form::read(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    if !values.contains_key("order") {
        set(&mut values, "order", store.flow_workspaces.len() + 1);
    }
    Ok(Reply::created(records::add(store, |it| &mut it.flow_workspaces, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.flow_workspaces, call)?;
    let mut faults = Faults::default();
    let mut changes = form::read_changes(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    changes.retain(|_, value| !value.is_null());
    Ok(Reply::ok(records::change(store, |it| &mut it.flow_workspaces, &call.key(), changes)?))
}

/// Answers 200, not 204. Its flows stay, in no workspace.
// assumed: workspace-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::remove(&mut store.flow_workspaces, call)?;
    let workspace = call.key();
    for flow in store.flows.keys(|row| row.is("flow_workspace_uuid", &workspace)) {
        records::put(store, |it| &mut it.flows, &flow, "flow_workspace_uuid", Value::Null);
    }
    Ok(Reply::empty())
}
