//! State of tasks.

use serde_json::{Value, json};

use super::records;
use crate::record::{Record, USER_ID, map, set};
use crate::store::Store;

/// Status of an open task.
pub(super) const OPEN: &str = "in_progress";

/// Creates a task with its default values.
pub(super) fn make(store: &mut Store, values: Value) -> Record {
    let mut task = map(json!({
        "assigned_to": USER_ID, "attempts": 0, "priority": 2,
    }));
    task.extend(map(values));
    records::add(store, |it| &mut it.tasks, task.into())
}

/// Ends a task with that status.
pub(super) fn end(store: &mut Store, uuid: &str, status: &str) {
    let now = store.now();
    store.tasks.change(uuid, |task| {
        set(task, "status", status);
        set(task, "updated_at", now.clone());
        if matches!(status, "closed" | "failed") {
            let attempts = task.get("attempts").and_then(Value::as_i64).unwrap_or(0);
            set(task, "attempts", attempts.saturating_add(1));
            set(task, "taken_to_execute_at", now.clone());
            set(task, "executed_at", now.clone());
        }
    });
}
