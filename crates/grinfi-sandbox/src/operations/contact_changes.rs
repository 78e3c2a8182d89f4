//! Changes of contacts that several operations make.

use serde_json::{Value, json};

use super::task_state;
use crate::events::Event;
use crate::record::set;
use crate::store::Store;

/// Removes a contact with its enrollments, notes and custom values, and cancels its open tasks. Messages, emails and
/// activities stay.
// assumed: contact-delete
pub(super) fn remove(store: &mut Store, uuid: &str) {
    if !store.contacts.contains(uuid) {
        return;
    }
    store.emit(Event::new("contact_deleted", uuid));
    store.contacts.remove(uuid);
    store.remove_custom_values(uuid);
    for enrollment in store.enrollments.keys_of(uuid, |_| true) {
        store.enrollments.remove(&enrollment);
    }
    for note in store.notes.keys_of(uuid, |_| true) {
        store.notes.remove(&note);
    }
    for task in store.tasks.keys_of(uuid, |task| task.is("status", task_state::OPEN)) {
        task_state::end(store, &task, "canceled");
    }
}

/// Sets one column of a contact.
pub(super) fn put(store: &mut Store, uuid: &str, name: &str, value: impl Into<Value>) {
    let value = value.into();
    if store.change_contact(uuid, |record| set(record, name, value)).is_some() {
        store.emit(Event::new("contact_updated", uuid));
    }
}

/// Moves a contact to a pipeline stage.
pub(super) fn move_to_stage(store: &mut Store, uuid: &str, stage: &str) {
    let before = store.contacts.row(uuid).and_then(|row| row.text("pipeline_stage_uuid")).map(str::to_owned);
    if before.as_deref() == Some(stage) {
        return;
    }
    store.change_contact(uuid, |record| set(record, "pipeline_stage_uuid", stage));
    let event = Event::new("contact_pipeline_stage_changed", uuid);
    store.emit(event.detail("from_pipeline_stage_uuid", before).detail("to_pipeline_stage_uuid", stage));
}

/// Changes the tags of a contact.
pub(super) fn change_tags(store: &mut Store, uuid: &str, change: impl FnOnce(&mut Vec<String>)) {
    let Some(row) = store.contacts.row(uuid) else { return };
    let before = row.texts("tags");
    let mut tags = before.clone();
    change(&mut tags);
    if tags == before {
        return;
    }
    store.change_contact(uuid, |record| set(record, "tags", json!(tags)));
    for tag in tags.iter().filter(|tag| !before.contains(tag)) {
        store.emit(Event::new("contact_tag_added", uuid).detail("tag_uuid", tag.as_str()));
    }
}
