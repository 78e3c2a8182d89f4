//! One action on many contacts. The API runs these in the background; here they are done when it answers.

use serde_json::{Value, json};

use super::custom_fields::value_text;
use super::input::Fields;
use super::{Answer, Call, Reply, companies, contacts, file_exports, flow_leads};
use crate::record::{Record, set};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;
use crate::table::Table;

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
pub(super) fn on_contacts(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let kind = fields.one_of("type", &TYPES, &mut faults);
    let chosen = chosen(store.contacts.table(), &fields, &mut faults);
    let empty = Record::new();
    let payload = Fields::within(fields.map("payload", &mut faults).unwrap_or(&empty), "payload");
    let action = read(store, kind, &payload, &mut faults)?;
    faults.finish()?;
    match action {
        Some(Action::Export) => {
            file_exports::queue(store, "leads", &call.body, chosen);
        }
        Some(action) => {
            for lead in chosen {
                apply(store, &lead, &action);
            }
        }
        None => {}
    }
    Ok(Reply::empty())
}

pub(super) fn on_companies(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let kind = fields.one_of("type", &COMPANY_TYPES, &mut faults);
    let chosen = chosen(&store.companies, &fields, &mut faults);
    let empty = Record::new();
    let payload = Fields::within(fields.map("payload", &mut faults).unwrap_or(&empty), "payload");
    let tags = match kind {
        "company_add_tags" | "company_remove_tags" => tag(store, &payload, &mut faults),
        "company_replace_tags" => tags(store, &payload, &mut faults),
        _ => Vec::new(),
    };
    let mut stage = "";
    if kind == "company_change_pipeline_stage" {
        let is_stage = |uuid: &str| companies::is_stage(store, uuid);
        stage = payload.existing("pipeline_stage_uuid", &mut faults, is_stage);
    }
    faults.finish()?;
    for company in chosen {
        let Some(row) = store.companies.row(&company) else { continue };
        let mut present = row.texts("tags");
        match kind {
            "company_delete" => {
                companies::remove(store, &company);
                continue;
            }
            "company_change_pipeline_stage" => {
                super::records::put(store, |it| &mut it.companies, &company, "lead_status_uuid", stage);
                continue;
            }
            "company_add_tags" => add(&mut present, &tags),
            "company_remove_tags" => present.retain(|tag| !tags.contains(tag)),
            _ => present.clone_from(&tags),
        }
        super::records::put(store, |it| &mut it.companies, &company, "tags", json!(present));
    }
    Ok(Reply::empty())
}

/// What is there of `{ids}`, or of `{all: true}` without `{excludeIds}`.
// assumed: mass-action-unknown
pub(super) fn chosen(table: &Table, fields: &Fields<'_>, faults: &mut Faults) -> Vec<String> {
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
    let excluded: std::collections::HashSet<String> = excluded.into_iter().collect();
    let mut chosen = if all { table.keys(|_| true) } else { ids.unwrap_or_default() };
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|uuid| table.contains(uuid) && !excluded.contains(uuid) && seen.insert(uuid.clone()));
    chosen
}

fn tag(store: &Store, payload: &Fields<'_>, faults: &mut Faults) -> Vec<String> {
    vec![payload.existing("tag_uuid", faults, |uuid| store.tags.contains(uuid)).to_owned()]
}

fn tags(store: &Store, payload: &Fields<'_>, faults: &mut Faults) -> Vec<String> {
    let tags = payload.required_texts("tag_uuids", faults);
    if tags.iter().any(|uuid| !store.tags.contains(uuid)) {
        faults.add("payload.tag_uuids", "The selected payload.tag_uuids do not all exist.");
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
/// 422 for a value that no custom field can have.
fn read(
    store: &Store,
    kind: &str,
    payload: &Fields<'_>,
    faults: &mut Faults,
) -> Result<Option<Action>, Refusal> {
    let flow_exists = |uuid: &str| store.flows.contains(uuid);
    Ok(Some(match kind {
        "contact_add_tags" => Action::AddTags(tag(store, payload, faults)),
        "contact_remove_tags" => Action::RemoveTags(tag(store, payload, faults)),
        "contact_replace_tags" => Action::ReplaceTags(tags(store, payload, faults)),
        "contact_change_list" => {
            let list = payload.existing("list_uuid", faults, |uuid| store.lists.contains(uuid));
            Action::ChangeList(list.to_owned())
        }
        "contact_change_pipeline_stage" => {
            let is_stage =
                |uuid: &str| store.pipeline_stages.row(uuid).is_some_and(|stage| stage.is("object", "lead"));
            Action::ChangeStage(payload.existing("pipeline_stage_uuid", faults, is_stage).to_owned())
        }
        "contact_change_custom_field" => {
            let is_field =
                |uuid: &str| store.custom_fields.row(uuid).is_some_and(|field| field.is("object", "lead"));
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
        "contact_export_csv" => Action::Export,
        _ => return Ok(None),
    }))
}

fn apply(store: &mut Store, lead: &str, action: &Action) {
    match action {
        Action::AddTags(added) => contacts::change_tags(store, lead, |tags| add(tags, added)),
        Action::RemoveTags(removed) => {
            contacts::change_tags(store, lead, |tags| tags.retain(|tag| !removed.contains(tag)));
        }
        Action::ReplaceTags(new) => contacts::change_tags(store, lead, |tags| tags.clone_from(new)),
        Action::ChangeList(list) => contacts::put(store, lead, "list_uuid", list.as_str()),
        Action::ChangeStage(stage) => contacts::move_to_stage(store, lead, stage),
        Action::ChangeCustomField(field, value) => {
            store.set_custom_value("lead", lead, field, value.clone());
        }
        Action::AddToFlow(flow) => {
            flow_leads::enrol(store, flow, lead, "mass_action");
        }
        Action::CancelFromFlows(flows) => {
            flow_leads::leave(store, lead, |flow| flows.iter().any(|it| it == flow));
        }
        Action::Delete => contacts::remove(store, lead),
        Action::MarkRead => mark_read(store, lead),
        // Exports are one job, not one for each.
        Action::Export => {}
    }
}

/// What a contact wrote is read from now on.
fn mark_read(store: &mut Store, lead: &str) {
    let now = store.now();
    for message in
        store.messages.keys_of(lead, |row| row.is("type", "inbox") && row.value("read_at").is_null())
    {
        store.messages.change(&message, |record| set(record, "read_at", now.clone()));
    }
    contacts::put(store, lead, "unread_counts", json!([]));
}
