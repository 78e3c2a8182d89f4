//! Activity log of contacts and companies. Most activities are written by [`Store::emit`].

use serde_json::json;

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::Fields;
use super::input::{OBJECTS, json_filter, object_exists};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{set, text};
use crate::rejection::FieldErrors;
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[
    required("object_uuid", FieldType::Text),
    required("object_type", FieldType::OneOf(OBJECTS)),
    required("type", FieldType::Text),
    optional("payload", FieldType::Map),
];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    let mut parameters = call.query.clone();
    let mut filter = json_filter(call)?;
    // The vendor's own client sends this name in brackets.
    if let Some(object) = filter.remove("object") {
        set(&mut filter, "object_type", object);
    }
    set(&mut parameters, "filter", filter);
    Ok(ApiResponse::ok(page::list(&store.activities, &parameters)?.data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let mut values = body_fields::read(FIELDS, &fields, &mut errors);
    object_exists(store, &fields, "object_type", &mut errors);
    errors.finish()?;
    values.entry("payload").or_insert_with(|| json!({}));
    if text(&values, "object_type") == Some("lead") {
        let contact = values.get("object_uuid").cloned().unwrap_or_default();
        set(&mut values, "lead_uuid", contact);
    }
    Ok(ApiResponse::created(records::add(store, |it| &mut it.activities, values.into())))
}
