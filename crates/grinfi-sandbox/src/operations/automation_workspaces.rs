//! Workspaces: folders of automations.

use serde_json::Value;

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::Fields;
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::set;
use crate::rejection::FieldErrors;
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[required("name", FieldType::Text), optional("order", FieldType::Integer)];

/// Lists every workspace in an envelope with `total`.
pub(super) fn list(store: &mut Store, _: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::everything(&store.automation_workspaces).with_has_more()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let mut values = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    if !values.contains_key("order") {
        set(&mut values, "order", store.automation_workspaces.len() + 1);
    }
    Ok(ApiResponse::created(records::add(store, |it| &mut it.automation_workspaces, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.automation_workspaces, call)?;
    let mut errors = FieldErrors::default();
    let mut changes = body_fields::read_changes(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    changes.retain(|_, value| !value.is_null());
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.automation_workspaces, &call.key(), changes)?))
}

/// Deletes a workspace and responds with 200, not 204. Its automations stay without a workspace.
// assumed: workspace-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::remove(&mut store.automation_workspaces, call)?;
    let workspace = call.key();
    for automation in store.automations.keys(|row| row.is("flow_workspace_uuid", &workspace)) {
        records::put(store, |it| &mut it.automations, &automation, "flow_workspace_uuid", Value::Null);
    }
    Ok(ApiResponse::empty())
}
