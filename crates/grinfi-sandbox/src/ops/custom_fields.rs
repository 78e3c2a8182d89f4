//! Custom fields and their values.

use serde_json::json;

use super::input::Fields;
use super::{Answer, Call, Reply};
use crate::page;
use crate::record::{Record, text};
use crate::refusal::{Faults, Refusal};
use crate::schema::CUSTOM_FIELD;
use crate::store::{Store, new_uuid};

const OBJECTS: [&str; 2] = ["lead", "company"];
/// So many custom fields are allowed for each object.
const MOST_FIELDS: usize = 100;

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    // The listing is described without a filter.
    let mut asked = call.query.clone();
    asked.remove("filter");
    Ok(Reply::ok(page::list(store.custom_fields.entries(), &CUSTOM_FIELD, &asked)?.data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let name = fields.required_text("name", &mut faults);
    if !name.is_empty() && !is_name(name) {
        faults.add("name", "The name must be letters, digits and underscores, and not begin with a digit.");
    }
    let object = fields.one_of("object", &OBJECTS, &mut faults);
    let order = fields.integer("order", &mut faults);
    let others: Vec<&Record> =
        store.custom_fields.records().filter(|field| text(field, "object") == Some(object)).collect();
    if others.len() >= MOST_FIELDS {
        faults.add("object", format!("There are {MOST_FIELDS} custom fields of {object} already."));
    }
    // Assumed: a name stands for one field, since values are given by name.
    if others.iter().any(|field| text(field, "name") == Some(name)) {
        faults.add("name", "The name has already been taken.");
    }
    faults.finish()?;
    let order = order.unwrap_or_else(|| i64::try_from(others.len()).unwrap_or(0) + 1);
    let uuid = new_uuid();
    let record = store.make(&CUSTOM_FIELD, &uuid, json!({"name": name, "object": object, "order": order}));
    store.custom_fields.insert(&uuid, record.clone());
    Ok(Reply::created(record))
}

/// Companies are not built, so that every company is unknown here.
pub(super) fn set_value(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let field = fields.existing("custom_field_uuid", &mut faults, |it| store.custom_fields.contains(it));
    let object_type = fields.one_of("object_type", &OBJECTS, &mut faults);
    let object = fields.existing("object_uuid", &mut faults, |uuid| {
        object_type != "company" && store.contacts.contains(uuid)
    });
    let value = fields.text("value", &mut faults);
    let own = store.custom_fields.get(field).and_then(|field| text(field, "object"));
    if own.is_some_and(|own| own != object_type) {
        faults.add("object_type", "The object_type is not the custom field's.");
    }
    faults.finish()?;
    Ok(Reply::created(store.set_custom_value(object, field, value.map(str::to_owned))))
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
