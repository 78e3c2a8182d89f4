//! The stages of the pipelines of contacts and of companies.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, form, json_filter, records};
use crate::page;
use crate::record::{Record, set};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

const OBJECTS: &[&str] = &["lead", "company"];
const CATEGORIES: &[&str] = &["cold", "engaging", "positive", "negative"];
const FORM: &[Field] = &[
    must("name", Want::Text),
    must("object", Want::OneOf(OBJECTS)),
    must("category", Want::OneOf(CATEGORIES)),
    may("order", Want::Integer),
];
const CHANGES: &[Field] =
    &[must("name", Want::Text), must("category", Want::OneOf(CATEGORIES)), must("order", Want::Integer)];

/// The stages in their order, of one pipeline or of both. By the description the filter must say which.
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let filter = json_filter(call)?;
    if !store.mode.takes_more_than_described() && filter.get("object").is_none_or(Value::is_null) {
        return Err(Refusal::invalid("filter.object", "The filter.object field is required."));
    }
    let asked = json!({"filter": filter, "limit": 1000, "order_field": "order", "order_type": "asc"});
    let listing = page::list(&store.pipeline_stages, &crate::record::map(asked))?;
    Ok(Reply::ok(listing.data_only()))
}

/// At the end of its pipeline, unless it is told where.
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let mut values = form::read(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    if !values.contains_key("order") {
        let last = store.pipeline_stages.rows().filter_map(|row| row.integer("order")).max();
        set(&mut values, "order", last.unwrap_or(0).saturating_add(1));
    }
    set(&mut values, "type", "custom");
    Ok(Reply::created(records::add(store, |it| &mut it.pipeline_stages, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.pipeline_stages, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(CHANGES, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.pipeline_stages, &call.key(), changes)?))
}

/// Assumed: whoever was in the stage goes back to the first, which therefore cannot be deleted.
// assumed: stage-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    let stage = call.key();
    let object = found(store.pipeline_stages.row(&stage), "Pipeline stage")?;
    let object = object.text("object").unwrap_or_default().to_owned();
    let first = store.first_stage(&object);
    if first == stage.as_str() {
        return Err(Refusal::invalid("uuid", "The stage in which new records start cannot be deleted."));
    }
    store.pipeline_stages.remove(&stage);
    let back = |name: &'static str, first: Value| move |record: &mut Record| set(record, name, first);
    for lead in store.contacts.table().keys(|row| row.is("pipeline_stage_uuid", &stage)) {
        store.change_contact(&lead, back("pipeline_stage_uuid", first.clone()));
    }
    for company in store.companies.keys(|row| row.is("lead_status_uuid", &stage)) {
        store.companies.change(&company, back("lead_status_uuid", first.clone()));
    }
    Ok(Reply::no_content())
}
