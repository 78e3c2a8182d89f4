//! Custom fields and their values.

use super::form::{Field, Want, must};
use super::input::Fields;
use super::{Answer, Call, OBJECTS, Reply, form, object_exists, records};
use crate::page;
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

/// So many custom fields are allowed for each object.
const MOST_FIELDS: usize = 100;
const CHANGES: &[Field] = &[must("name", Want::Text), must("order", Want::Integer)];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list_unfiltered(&store.custom_fields, &call.query)?.data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let name = fields.required_text("name", &mut faults);
    let object = fields.one_of("object", OBJECTS, &mut faults);
    let order = fields.integer("order", &mut faults);
    let others = store.custom_fields.rows().filter(|field| field.is("object", object)).count();
    if others >= MOST_FIELDS {
        faults.add("object", format!("There are {MOST_FIELDS} custom fields of {object} already."));
    }
    check_name(store, object, name, None, &mut faults);
    faults.finish()?;
    let order = order.unwrap_or_else(|| i64::try_from(others).unwrap_or(0) + 1);
    let values = serde_json::json!({"name": name, "object": object, "order": order});
    Ok(Reply::created(records::add(store, |it| &mut it.custom_fields, values)))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.custom_fields, call)?;
    let key = call.key();
    let mut faults = Faults::default();
    let changes = form::read_changes(CHANGES, &Fields::of(&call.body), &mut faults);
    let row = store.custom_fields.row(&key);
    let object = row.and_then(|row| row.text("object")).unwrap_or_default();
    if let Some(name) = crate::record::text(&changes, "name") {
        check_name(store, object, name, Some(&key), &mut faults);
    }
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.custom_fields, &key, changes)?))
}

/// Its values go with it.
// assumed: custom-field-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
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
    Ok(Reply::no_content())
}

pub(super) fn set_value(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let field = fields.existing("custom_field_uuid", &mut faults, |it| store.custom_fields.contains(it));
    let object_type = fields.one_of("object_type", OBJECTS, &mut faults);
    let object = fields.required_text("object_uuid", &mut faults);
    object_exists(store, &fields, "object_type", &mut faults);
    let value = fields.text("value", &mut faults);
    let own = store.custom_fields.row(field).and_then(|field| field.text("object"));
    if own.is_some_and(|own| own != object_type) {
        faults.add("object_type", "The object_type is not the custom field's.");
    }
    faults.finish()?;
    Ok(Reply::created(store.set_custom_value(object_type, object, field, value.map(str::to_owned))))
}

/// A name that values can be given by, and, assumed, that of no other field of the object.
// assumed: custom-field-taken
fn check_name(store: &Store, object: &str, name: &str, own: Option<&str>, faults: &mut Faults) {
    if !name.is_empty() && !is_name(name) {
        faults.add("name", "The name must be letters, digits and underscores, and not begin with a digit.");
    }
    let other = store.custom_field_named(object, name);
    if other.is_some_and(|other| Some(other.as_str()) != own) {
        faults.add("name", "The name has already been taken.");
    }
}

fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The text that a value given by name is stored as.
///
/// # Errors
/// 422 for an array or an object.
pub(super) fn value_text(value: &serde_json::Value, field: &str) -> Result<Option<String>, Refusal> {
    use serde_json::Value;
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(_) | Value::Bool(_) => Ok(Some(value.to_string())),
        Value::Array(_) | Value::Object(_) => {
            Err(Refusal::invalid(field, format!("The {field} must be a string.")))
        }
    }
}
