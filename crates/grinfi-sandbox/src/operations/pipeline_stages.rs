//! Pipeline stages of contacts and companies.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::json_filter;
use super::input::{Fields, found};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{Record, set};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

const OBJECTS: &[&str] = &["lead", "company"];
const CATEGORIES: &[&str] = &["cold", "engaging", "positive", "negative"];
const FIELDS: &[FieldSpec] = &[
    required("name", FieldType::Text),
    required("object", FieldType::OneOf(OBJECTS)),
    required("category", FieldType::OneOf(CATEGORIES)),
    optional("order", FieldType::Integer),
];
const CHANGES: &[FieldSpec] = &[
    required("name", FieldType::Text),
    required("category", FieldType::OneOf(CATEGORIES)),
    required("order", FieldType::Integer),
];

/// Lists the stages of one pipeline or both, in their order. In the description, the pipeline is required.
pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    let filter = json_filter(call)?;
    if !store.mode.accepts_undocumented() && filter.get("object").is_none_or(Value::is_null) {
        return Err(Rejection::invalid("filter.object", "The filter.object field is required."));
    }
    let parameters = json!({"filter": filter, "limit": 1000, "order_field": "order", "order_type": "asc"});
    let listing = page::list(&store.pipeline_stages, &crate::record::map(parameters))?;
    Ok(ApiResponse::ok(listing.data_only()))
}

/// Creates a stage, by default at the end of its pipeline.
pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let mut values = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    if !values.contains_key("order") {
        let last = store.pipeline_stages.rows().filter_map(|row| row.integer("order")).max();
        set(&mut values, "order", last.unwrap_or(0).saturating_add(1));
    }
    set(&mut values, "type", "custom");
    Ok(ApiResponse::created(records::add(store, |it| &mut it.pipeline_stages, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.pipeline_stages, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(CHANGES, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.pipeline_stages, &call.key(), changes)?))
}

/// Deletes a stage and moves its records to the first stage, which therefore cannot be deleted (assumed).
// assumed: stage-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    let stage = call.key();
    let object = found(store.pipeline_stages.row(&stage), "Pipeline stage")?;
    let object = object.text("object").unwrap_or_default().to_owned();
    let first = store.first_stage(&object);
    if first == stage.as_str() {
        return Err(Rejection::invalid("uuid", "The stage in which new records start cannot be deleted."));
    }
    store.pipeline_stages.remove(&stage);
    let back = |name: &'static str, first: Value| move |record: &mut Record| set(record, name, first);
    for contact in store.contacts.table().keys(|row| row.is("pipeline_stage_uuid", &stage)) {
        store.change_contact(&contact, back("pipeline_stage_uuid", first.clone()));
    }
    for company in store.companies.keys(|row| row.is("lead_status_uuid", &stage)) {
        store.companies.change(&company, back("lead_status_uuid", first.clone()));
    }
    Ok(ApiResponse::no_content())
}
