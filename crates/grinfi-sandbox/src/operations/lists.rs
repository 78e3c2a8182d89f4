//! Lists of contacts.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, required};
use super::input::Fields;
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::rejection::FieldErrors;
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[required("name", FieldType::Text)];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.lists, &call.query)?.plain()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let values = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::created(records::add(store, |it| &mut it.lists, values.into())))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.lists, call)
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.lists, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.lists, &call.key(), changes)?))
}

/// Deletes a list, even with contacts, which keep its UUID (assumed).
// assumed: list-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.lists, call)
}

/// Returns the number of contacts by list. The shape is assumed.
// assumed: list-metrics-shape
pub(super) fn metrics(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut errors);
    errors.finish()?;
    let counts = uuids.into_iter().filter(|uuid| store.lists.contains(uuid)).map(|uuid| {
        let count = store.contacts.table().rows().filter(|row| row.is("list_uuid", &uuid)).count();
        (uuid, json!({"leads_count": count}))
    });
    Ok(ApiResponse::ok(counts.collect::<Value>()))
}
