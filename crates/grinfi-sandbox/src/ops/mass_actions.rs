//! One action on many contacts. The API runs these in the background; here they are done when it answers.

use serde_json::{Value, json};

use super::custom_fields::value_text;
use super::input::Fields;
use super::{Answer, Call, Reply, contact_fields, contacts, flow_leads};
use crate::generated::OPERATIONS;
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
use crate::store::{Store, new_uuid};

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

/// What is done to each contact.
enum Action {
    AddTags(Vec<String>),
    RemoveTags(Vec<String>),
    ReplaceTags(Vec<String>),
    ChangeList(String),
    ChangeStage(String),
    ChangeCustomField(String, Option<String>),
    AddToFlow(String),
    CancelFromFlows(Vec<String>),
    Delete,
    MarkRead,
}

pub(super) fn on_contacts(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let kind = fields.one_of("type", &TYPES, &mut faults);
    let chosen = chosen(store, &fields, &mut faults);
    let empty = Record::new();
    let payload = Fields::within(fields.map("payload", &mut faults).unwrap_or(&empty), "payload");
    let action = read(store, kind, &payload, &mut faults)?;
    faults.finish()?;
    if let Some(action) = action {
        for lead in chosen {
            apply(store, &lead, &action);
        }
    }
    Ok(Reply::empty())
}

/// The contacts that are there of `{ids}`, or of `{all: true}` without `{excludeIds}`.
fn chosen(store: &Store, fields: &Fields<'_>, faults: &mut Faults) -> Vec<String> {
    if fields.given("filter").is_none() {
        faults.missing("filter");
    }
    let Some(filter) = fields.map("filter", faults) else { return Vec::new() };
    let filter = Fields::within(filter, "filter");
    let all = filter.flag("all", faults).unwrap_or(false);
    let mut texts = |name: &str| filter.given(name).map(|_| filter.required_texts(name, faults));
    let (ids, excluded) = (texts("ids"), texts("excludeIds").unwrap_or_default());
    if !all && ids.is_none() {
        faults.add("filter", "The filter must hold ids or all.");
    }
    let everyone = store.contacts.entries().filter_map(|it| text(&it.record, "uuid").map(str::to_owned));
    let mut chosen: Vec<String> = if all { everyone.collect() } else { ids.unwrap_or_default() };
    chosen.retain(|uuid| store.contacts.contains(uuid) && !excluded.contains(uuid));
    chosen
}

/// # Errors
/// 501 for the export, since exports are not built.
fn read(
    store: &Store,
    kind: &str,
    payload: &Fields<'_>,
    faults: &mut Faults,
) -> Result<Option<Action>, Refusal> {
    let tag = |faults: &mut Faults| {
        vec![payload.existing("tag_uuid", faults, |uuid| store.tags.contains(uuid)).to_owned()]
    };
    let flow_exists = |uuid: &str| store.flows.contains(uuid);
    Ok(Some(match kind {
        "contact_add_tags" => Action::AddTags(tag(faults)),
        "contact_remove_tags" => Action::RemoveTags(tag(faults)),
        "contact_replace_tags" => {
            let tags = payload.required_texts("tag_uuids", faults);
            if tags.iter().any(|uuid| !store.tags.contains(uuid)) {
                faults.add("payload.tag_uuids", "The selected payload.tag_uuids do not all exist.");
            }
            Action::ReplaceTags(tags)
        }
        "contact_change_list" => {
            let list = payload.existing("list_uuid", faults, |uuid| store.lists.contains(uuid));
            Action::ChangeList(list.to_owned())
        }
        "contact_change_pipeline_stage" => {
            let is_stage = |uuid: &str| {
                store.pipeline_stages.get(uuid).is_some_and(|stage| text(stage, "object") == Some("lead"))
            };
            Action::ChangeStage(payload.existing("pipeline_stage_uuid", faults, is_stage).to_owned())
        }
        "contact_change_custom_field" => {
            let is_field = |uuid: &str| {
                store.custom_fields.get(uuid).is_some_and(|field| text(field, "object") == Some("lead"))
            };
            let field = payload.existing("custom_field_uuid", faults, is_field);
            let value = value_text(payload.given("value").unwrap_or(&Value::Null), "payload.value")?;
            Action::ChangeCustomField(field.to_owned(), value)
        }
        "contact_add_to_flow" => {
            Action::AddToFlow(payload.existing("flow_uuid", faults, flow_exists).to_owned())
        }
        "contact_cancel_from_flows" => Action::CancelFromFlows(payload.required_texts("flow_uuids", faults)),
        "contact_delete" => Action::Delete,
        "contact_mark_read" => Action::MarkRead,
        "contact_export_csv" => {
            let export = OPERATIONS.iter().find(|operation| operation.id == "exportLeadsToCsv");
            return Err(export.map_or_else(Refusal::server_error, Refusal::not_built));
        }
        _ => return Ok(None),
    }))
}

fn apply(store: &mut Store, lead: &str, action: &Action) {
    match action {
        Action::AddTags(added) => change_tags(store, lead, |tags| {
            for tag in added.iter().filter(|tag| !tags.contains(tag)).cloned().collect::<Vec<_>>() {
                tags.push(tag);
            }
        }),
        Action::RemoveTags(removed) => {
            change_tags(store, lead, |tags| tags.retain(|tag| !removed.contains(tag)))
        }
        Action::ReplaceTags(new) => change_tags(store, lead, |tags| tags.clone_from(new)),
        Action::ChangeList(list) => contact_fields::move_to_list(store, lead, list),
        Action::ChangeStage(stage) => change(store, lead, "pipeline_stage_uuid", json!(stage)),
        Action::ChangeCustomField(field, value) => {
            store.set_custom_value(lead, field, value.clone());
        }
        Action::AddToFlow(flow) => flow_leads::enrol(store, flow, lead, &new_uuid()),
        Action::CancelFromFlows(flows) => {
            flow_leads::leave(store, lead, |flow| flows.iter().any(|it| it == flow));
        }
        Action::Delete => contacts::remove(store, lead),
        Action::MarkRead => change(store, lead, "unread_counts", json!([])),
    }
}

fn change_tags(store: &mut Store, lead: &str, change_them: impl FnOnce(&mut Vec<String>)) {
    let present = store.contacts.get(lead).and_then(|record| record.get("tags")).and_then(Value::as_array);
    let mut tags: Vec<String> =
        present.into_iter().flatten().filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
    change_them(&mut tags);
    change(store, lead, "tags", json!(tags));
}

fn change(store: &mut Store, lead: &str, name: &str, value: Value) {
    let clock = store.clock.clone();
    store.contacts.change(lead, |record| {
        set(record, name, value);
        Store::touch(&clock, record);
    });
}
