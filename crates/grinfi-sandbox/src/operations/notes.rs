//! Notes on contacts and companies.

use super::body_fields::{FieldSpec, FieldType, required};
use super::input::Fields;
use super::input::{OBJECTS, object_exists};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::rejection::FieldErrors;
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[
    required("object", FieldType::OneOf(OBJECTS)),
    required("object_uuid", FieldType::Text),
    required("note", FieldType::Text),
];
const CHANGES: &[FieldSpec] = &[required("note", FieldType::Text)];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list_unfiltered(&store.notes, &call.query)?.data_only()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.notes, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let values = body_fields::read(FIELDS, &fields, &mut errors);
    object_exists(store, &fields, "object", &mut errors);
    errors.finish()?;
    Ok(ApiResponse::created(records::add(store, |it| &mut it.notes, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.notes, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read(CHANGES, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.notes, &call.key(), changes)?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.notes, call)
}
