//! A world as a document: written out, checked, read in.

use serde_json::Value;

use super::{Act, Inner, Saved, unknown_snapshot};
use crate::clock::Clock;
use crate::locks::read;
use crate::refusal::Refusal;
use crate::store::Store;

/// Parts that came later; documents from before do not have them.
const NEWER: [&str; 1] = ["places"];

impl Inner {
    pub(crate) fn export(&self, snapshot: Option<&str>) -> Result<Value, Refusal> {
        let saved = match snapshot {
            None => self.saved(),
            Some(name) => {
                let state = read(&self.state);
                state.snapshots.get(name).cloned().ok_or_else(|| unknown_snapshot(name))?
            }
        };
        serde_json::to_value(saved).map_err(|_| Refusal::server_error())
    }

    /// # Errors
    /// 422 for a document that is not a whole world: nothing is changed by it.
    pub(crate) fn read_export(exported: Value) -> Result<Act, Refusal> {
        let refused =
            |why: String| Refusal::invalid("state", format!("The state is no exported world: {why}."));
        let empty = Store::new(Clock::system());
        parts(&exported, &empty).map_err(refused)?;
        let saved: Saved =
            serde_path_to_error::deserialize(exported).map_err(|error| refused(error.to_string()))?;
        saved.store.check(&empty).map_err(refused)?;
        Ok(Act::Load { saved: Box::new(saved) })
    }
}

/// Reading takes what is missing for nothing and passes over what it does not know; a document must be neither.
fn parts(exported: &Value, empty: &Store) -> Result<(), String> {
    let given = exported.get("store").and_then(Value::as_object).ok_or("it has no store")?;
    let known = serde_json::to_value(empty).map_err(|error| error.to_string())?;
    let known = known.as_object().ok_or("there is no store")?;
    if let Some(name) = given.keys().find(|name| !known.contains_key(*name)) {
        return Err(format!("store.{name} is not known"));
    }
    match known.keys().find(|name| !given.contains_key(*name) && !NEWER.contains(&name.as_str())) {
        Some(name) => Err(format!("store.{name} is missing")),
        None => Ok(()),
    }
}
