//! Tags of contacts and companies.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::Fields;
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{Record, set, texts};
use crate::rejection::FieldErrors;
use crate::store::Store;
use crate::table::{Row, Table};

const FIELDS: &[FieldSpec] = &[required("name", FieldType::Text), optional("color", FieldType::Text)];
const METRICS: [&str; 2] = ["leads_count", "companies_count"];

/// Lists every tag: the listing has no page, order or filter.
pub(super) fn list(store: &mut Store, _: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::everything(&store.tags).data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let values = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::created(records::add(store, |it| &mut it.tags, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.tags, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.tags, &call.key(), changes)?))
}

/// Deletes a tag and removes it from every record.
// assumed: tag-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::remove(&mut store.tags, call)?;
    let tag = call.key();
    for contact in keys_with_tag(store.contacts.table(), &tag) {
        store.contacts.change(&contact, |record| without(record, &tag));
    }
    for company in keys_with_tag(&store.companies, &tag) {
        store.companies.change(&company, |record| without(record, &tag));
    }
    Ok(ApiResponse::no_content())
}

fn without(record: &mut Record, tag: &str) {
    let mut tags = record.get("tags").map(texts).unwrap_or_default();
    tags.retain(|it| it != tag);
    set(record, "tags", json!(tags));
}

fn has_tag(row: Row<'_>, tag: &str) -> bool {
    row.texts("tags").iter().any(|it| it == tag)
}

fn keys_with_tag(table: &Table, tag: &str) -> Vec<String> {
    table.keys(|row| has_tag(row, tag))
}

/// Returns the requested counts by tag. The shape is assumed.
// assumed: tag-metrics-shape
pub(super) fn metrics(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let uuids = fields.required_texts("uuids", &mut errors);
    let parameters = fields.required_texts("metrics", &mut errors);
    for (at, metric) in
        parameters.iter().enumerate().filter(|(_, metric)| !METRICS.contains(&metric.as_str()))
    {
        errors.add(&format!("metrics.{at}"), format!("{metric:?} is not a metric of tags."));
    }
    errors.finish()?;
    let counts = uuids.into_iter().filter(|uuid| store.tags.contains(uuid)).map(|uuid| {
        let mut counts = Record::new();
        for metric in &parameters {
            let table = if metric == "leads_count" { store.contacts.table() } else { &store.companies };
            set(&mut counts, metric, table.rows().filter(|row| has_tag(*row, &uuid)).count());
        }
        (uuid, Value::Object(counts))
    });
    Ok(ApiResponse::ok(counts.collect::<Value>()))
}
