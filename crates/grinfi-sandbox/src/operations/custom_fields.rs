//! Custom fields and their values.

use super::body_fields::{FieldSpec, FieldType, required};
use super::input::Fields;
use super::input::{OBJECTS, object_exists};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

/// Most custom fields per object.
const MAX_FIELDS: usize = 100;
const CHANGES: &[FieldSpec] = &[required("name", FieldType::Text), required("order", FieldType::Integer)];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list_unfiltered(&store.custom_fields, &call.query)?.data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let name = fields.required_text("name", &mut errors);
    let object = fields.one_of("object", OBJECTS, &mut errors);
    let order = fields.integer("order", &mut errors);
    let others = store.custom_fields.rows().filter(|field| field.is("object", object)).count();
    if others >= MAX_FIELDS {
        errors
            .add("object", format!("There are already {MAX_FIELDS} custom fields of {object}, the maximum."));
    }
    check_name(store, object, name, None, &mut errors);
    errors.finish()?;
    let order = order.unwrap_or_else(|| i64::try_from(others).unwrap_or(0) + 1);
    let values = serde_json::json!({"name": name, "object": object, "order": order});
    Ok(ApiResponse::created(records::add(store, |it| &mut it.custom_fields, values)))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.custom_fields, call)?;
    let key = call.key();
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(CHANGES, &Fields::of(&call.body), &mut errors);
    let row = store.custom_fields.row(&key);
    let object = row.and_then(|row| row.text("object")).unwrap_or_default();
    if let Some(name) = crate::record::text(&changes, "name") {
        check_name(store, object, name, Some(&key), &mut errors);
    }
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.custom_fields, &key, changes)?))
}

/// Deletes a custom field with its values.
// assumed: custom-field-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::remove(&mut store.custom_fields, call)?;
    let field = call.key();
    let of_field: Vec<String> = store
        .custom_values
        .rows()
        .filter(|value| value.is("custom_field_uuid", &field))
        .filter_map(|value| Some(format!("{}/{field}", value.text("object_uuid")?)))
        .collect();
    for key in of_field {
        store.custom_values.remove(&key);
    }
    Ok(ApiResponse::no_content())
}

pub(super) fn set_value(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let field = fields.existing("custom_field_uuid", &mut errors, |it| store.custom_fields.contains(it));
    let object_type = fields.one_of("object_type", OBJECTS, &mut errors);
    let object = fields.required_text("object_uuid", &mut errors);
    object_exists(store, &fields, "object_type", &mut errors);
    let value = fields.text("value", &mut errors);
    let own = store.custom_fields.row(field).and_then(|field| field.text("object"));
    if own.is_some_and(|own| own != object_type) {
        errors.add("object_type", "The object_type must be that of the custom field.");
    }
    errors.finish()?;
    Ok(ApiResponse::created(store.set_custom_value(object_type, object, field, value.map(str::to_owned))))
}

/// Validates a name: its format, and that no other field of the object has it (assumed).
// assumed: custom-field-taken
fn check_name(store: &Store, object: &str, name: &str, own: Option<&str>, errors: &mut FieldErrors) {
    if !name.is_empty() && !is_name(name) {
        errors.add(
            "name",
            "The name must consist of letters, digits and underscores, and must not start with a digit.",
        );
    }
    let other = store.custom_field_named(object, name);
    if other.is_some_and(|other| Some(other.as_str()) != own) {
        errors.add("name", "The name has already been taken.");
    }
}

fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns a custom value as stored text.
///
/// # Errors
/// 422 for an array or an object.
pub(super) fn value_text(value: &serde_json::Value, field: &str) -> Result<Option<String>, Rejection> {
    use serde_json::Value;
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(_) | Value::Bool(_) => Ok(Some(value.to_string())),
        Value::Array(_) | Value::Object(_) => {
            Err(Rejection::invalid(field, format!("The {field} must be a string.")))
        }
    }
}
