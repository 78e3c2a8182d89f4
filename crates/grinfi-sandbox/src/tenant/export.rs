//! Export of a tenant as a JSON document, and validation of documents that are loaded.

use serde_json::Value;

use super::core::TenantCore;
use super::state::unknown_snapshot;
use crate::action::Action;
use crate::clock::Clock;
use crate::locks::read;
use crate::rejection::Rejection;
use crate::snapshot::Snapshot;
use crate::store::Store;

impl TenantCore {
    pub(super) fn export(&self, snapshot: Option<&str>) -> Result<Value, Rejection> {
        let state = read(&self.state);
        let snapshot = match snapshot {
            None => self.snapshot(&state),
            Some(name) => state.snapshots.get(name).cloned().ok_or_else(|| unknown_snapshot(name))?,
        };
        drop(state);
        serde_json::to_value(snapshot).map_err(|_| Rejection::server_error())
    }
}

/// Parses an exported document.
///
/// # Errors
/// 422 for a document that is not a complete export.
pub(super) fn parse(exported: Value) -> Result<Action, Rejection> {
    let invalid =
        |why: String| Rejection::invalid("state", format!("The state is not a valid export: {why}."));
    let empty = Store::new(Clock::system());
    check_parts(&exported, &empty).map_err(invalid)?;
    let saved: Snapshot =
        serde_path_to_error::deserialize(exported).map_err(|error| invalid(error.to_string()))?;
    saved.store.validate(&empty).map_err(invalid)?;
    Ok(Action::Load { saved: Box::new(saved) })
}

/// Rejects missing and unknown parts, which deserialization would ignore.
fn check_parts(exported: &Value, empty: &Store) -> Result<(), String> {
    let given = exported.get("store").and_then(Value::as_object).ok_or("the field `store` is missing")?;
    let known = serde_json::to_value(empty).map_err(|error| error.to_string())?;
    let known = known.as_object().ok_or("the store cannot be serialized")?;
    if let Some(name) = given.keys().find(|name| !known.contains_key(*name)) {
        return Err(format!("store.{name} is unknown"));
    }
    match known.keys().find(|name| !given.contains_key(*name)) {
        Some(name) => Err(format!("store.{name} is missing")),
        None => Ok(()),
    }
}
