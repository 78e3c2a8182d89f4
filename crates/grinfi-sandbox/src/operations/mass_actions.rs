//! Mass actions. The API runs them in the background; the sandbox finishes them before the response.

use serde_json::{Value, json};

use super::custom_fields::value_text;
use super::input::Fields;
use super::{companies, contact_changes, enrollment, file_exports, selection};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::{Record, set};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

const TYPES: [&str; 11] = [
    "contact_add_tags",
    "contact_remove_tags",
    "contact_replace_tags",
    "contact_change_list",
    "contact_change_pipeline_stage",
    "contact_change_custom_field",
    "contact_add_to_flow",
    "contact_cancel_from_flows",
    "contact_delete",
    "contact_export_csv",
    "contact_mark_read",
];

/// Action on each contact.
enum MassAction {
    AddTags(Vec<String>),
    RemoveTags(Vec<String>),
    ReplaceTags(Vec<String>),
    ChangeList(String),
    ChangeStage(String),
    ChangeCustomField(String, Option<String>),
    Enroll(String),
    CancelEnrollments(Vec<String>),
    Delete,
    Export,
    MarkRead,
}

const COMPANY_TYPES: [&str; 5] = [
    "company_add_tags",
    "company_remove_tags",
    "company_replace_tags",
    "company_change_pipeline_stage",
    "company_delete",
];

// assumed: background
pub(super) fn on_contacts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let kind = fields.one_of("type", &TYPES, &mut errors);
    let selected = selection::selected(store.contacts.table(), &fields, &mut errors);
    let empty = Record::new();
    let payload = Fields::within(fields.map("payload", &mut errors).unwrap_or(&empty), "payload");
    let action = read(store, kind, &payload, &mut errors)?;
    errors.finish()?;
    match action {
        Some(MassAction::Export) => {
            file_exports::queue(store, "leads", &call.body, selected);
        }
        Some(action) => {
            for contact in selected {
                apply(store, &contact, &action);
            }
        }
        None => {}
    }
    Ok(ApiResponse::empty())
}

pub(super) fn on_companies(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let kind = fields.one_of("type", &COMPANY_TYPES, &mut errors);
    let selected = selection::selected(&store.companies, &fields, &mut errors);
    let empty = Record::new();
    let payload = Fields::within(fields.map("payload", &mut errors).unwrap_or(&empty), "payload");
    let tags = match kind {
        "company_add_tags" | "company_remove_tags" => tag(store, &payload, &mut errors),
        "company_replace_tags" => tags(store, &payload, &mut errors),
        _ => Vec::new(),
    };
    let mut stage = "";
    if kind == "company_change_pipeline_stage" {
        let is_stage = |uuid: &str| companies::is_stage(store, uuid);
        stage = payload.existing("pipeline_stage_uuid", &mut errors, is_stage);
    }
    errors.finish()?;
    for company in selected {
        let Some(row) = store.companies.row(&company) else { continue };
        let mut current = row.texts("tags");
        match kind {
            "company_delete" => {
                companies::remove(store, &company);
                continue;
            }
            "company_change_pipeline_stage" => {
                super::records::put(store, |it| &mut it.companies, &company, "lead_status_uuid", stage);
                continue;
            }
            "company_add_tags" => add(&mut current, &tags),
            "company_remove_tags" => current.retain(|tag| !tags.contains(tag)),
            _ => current.clone_from(&tags),
        }
        super::records::put(store, |it| &mut it.companies, &company, "tags", json!(current));
    }
    Ok(ApiResponse::empty())
}

fn tag(store: &Store, payload: &Fields<'_>, errors: &mut FieldErrors) -> Vec<String> {
    vec![payload.existing("tag_uuid", errors, |uuid| store.tags.contains(uuid)).to_owned()]
}

fn tags(store: &Store, payload: &Fields<'_>, errors: &mut FieldErrors) -> Vec<String> {
    let tags = payload.required_texts("tag_uuids", errors);
    if tags.iter().any(|uuid| !store.tags.contains(uuid)) {
        errors.add("payload.tag_uuids", "The selected payload.tag_uuids do not all exist.");
    }
    tags
}

fn add(tags: &mut Vec<String>, added: &[String]) {
    for tag in added {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
}

/// # Errors
/// 422 for a value that a custom field cannot have.
fn read(
    store: &Store,
    kind: &str,
    payload: &Fields<'_>,
    errors: &mut FieldErrors,
) -> Result<Option<MassAction>, Rejection> {
    let automation_exists = |uuid: &str| store.automations.contains(uuid);
    Ok(Some(match kind {
        "contact_add_tags" => MassAction::AddTags(tag(store, payload, errors)),
        "contact_remove_tags" => MassAction::RemoveTags(tag(store, payload, errors)),
        "contact_replace_tags" => MassAction::ReplaceTags(tags(store, payload, errors)),
        "contact_change_list" => {
            let list = payload.existing("list_uuid", errors, |uuid| store.lists.contains(uuid));
            MassAction::ChangeList(list.to_owned())
        }
        "contact_change_pipeline_stage" => {
            let is_stage =
                |uuid: &str| store.pipeline_stages.row(uuid).is_some_and(|stage| stage.is("object", "lead"));
            MassAction::ChangeStage(payload.existing("pipeline_stage_uuid", errors, is_stage).to_owned())
        }
        "contact_change_custom_field" => {
            let is_field =
                |uuid: &str| store.custom_fields.row(uuid).is_some_and(|field| field.is("object", "lead"));
            let field = payload.existing("custom_field_uuid", errors, is_field);
            let value = value_text(payload.given("value").unwrap_or(&Value::Null), "payload.value")?;
            MassAction::ChangeCustomField(field.to_owned(), value)
        }
        "contact_add_to_flow" => {
            MassAction::Enroll(payload.existing("flow_uuid", errors, automation_exists).to_owned())
        }
        "contact_cancel_from_flows" => {
            MassAction::CancelEnrollments(payload.required_texts("flow_uuids", errors))
        }
        "contact_delete" => MassAction::Delete,
        "contact_mark_read" => MassAction::MarkRead,
        "contact_export_csv" => MassAction::Export,
        _ => return Ok(None),
    }))
}

fn apply(store: &mut Store, contact: &str, action: &MassAction) {
    match action {
        MassAction::AddTags(added) => contact_changes::change_tags(store, contact, |tags| add(tags, added)),
        MassAction::RemoveTags(removed) => {
            contact_changes::change_tags(store, contact, |tags| tags.retain(|tag| !removed.contains(tag)));
        }
        MassAction::ReplaceTags(new) => {
            contact_changes::change_tags(store, contact, |tags| tags.clone_from(new))
        }
        MassAction::ChangeList(list) => contact_changes::put(store, contact, "list_uuid", list.as_str()),
        MassAction::ChangeStage(stage) => contact_changes::move_to_stage(store, contact, stage),
        MassAction::ChangeCustomField(field, value) => {
            store.set_custom_value("lead", contact, field, value.clone());
        }
        MassAction::Enroll(automation) => {
            enrollment::enroll(store, automation, contact, "mass_action");
        }
        MassAction::CancelEnrollments(automations) => {
            enrollment::leave(store, contact, |automation| automations.iter().any(|it| it == automation));
        }
        MassAction::Delete => contact_changes::remove(store, contact),
        MassAction::MarkRead => mark_read(store, contact),
        // One export contains all contacts.
        MassAction::Export => {}
    }
}

/// Marks the messages of a contact as read.
fn mark_read(store: &mut Store, contact: &str) {
    let now = store.now();
    for message in
        store.messages.keys_of(contact, |row| row.is("type", "inbox") && row.value("read_at").is_null())
    {
        store.messages.change(&message, |record| set(record, "read_at", now.clone()));
    }
    contact_changes::put(store, contact, "unread_counts", json!([]));
}
