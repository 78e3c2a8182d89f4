//! Reading of body fields. Errors are collected, so that a rejection contains all of them.

use serde_json::Value;

use crate::call::Call;
use crate::record::Record;
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

/// Objects that have notes, activities and custom fields.
pub(super) const OBJECTS: &[&str] = &["lead", "company"];

/// JSON object of a body, with its path.
pub(super) struct Fields<'a> {
    map: &'a Record,
    /// Empty, or the path with a dot: `lead.`
    prefix: String,
}

impl<'a> Fields<'a> {
    /// Returns the fields of the body.
    pub(super) fn of(map: &'a Record) -> Fields<'a> {
        Fields { map, prefix: String::new() }
    }

    /// Returns the fields of an object within the body.
    pub(super) fn within(map: &'a Record, path: &str) -> Fields<'a> {
        Fields { map, prefix: format!("{path}.") }
    }

    /// Returns the path of a field.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Returns a field that is present and not null.
    pub(super) fn given(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Whether a field is present, even if null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Reads an optional text.
    pub(super) fn text(&self, name: &str, errors: &mut FieldErrors) -> Option<&'a str> {
        self.read(name, "a string", errors, Value::as_str)
    }

    /// Reads a required text that is not blank.
    // assumed: blank
    pub(super) fn required_text(&self, name: &str, errors: &mut FieldErrors) -> &'a str {
        if self.given(name).is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty())) {
            errors.missing(&self.path(name));
            return "";
        }
        self.text(name, errors).unwrap_or_default()
    }

    /// Reads a boolean; PHP's 0 and 1 are accepted.
    pub(super) fn flag(&self, name: &str, errors: &mut FieldErrors) -> Option<bool> {
        self.read(name, "true or false", errors, |value| match value {
            Value::Bool(flag) => Some(*flag),
            value => match value.as_u64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
        })
    }

    pub(super) fn integer(&self, name: &str, errors: &mut FieldErrors) -> Option<i64> {
        self.read(name, "an integer", errors, Value::as_i64)
    }

    /// Reads an object; PHP's empty object, `[]`, counts as absent.
    pub(super) fn map(&self, name: &str, errors: &mut FieldErrors) -> Option<&'a Record> {
        if self.given(name).is_some_and(|value| value.as_array().is_some_and(Vec::is_empty)) {
            return None;
        }
        self.read(name, "an object", errors, Value::as_object)
    }

    pub(super) fn list(&self, name: &str, errors: &mut FieldErrors) -> Option<&'a Vec<Value>> {
        self.read(name, "an array", errors, Value::as_array)
    }

    /// Reads a required array of texts, which may be empty.
    pub(super) fn required_texts(&self, name: &str, errors: &mut FieldErrors) -> Vec<String> {
        if self.given(name).is_none() {
            errors.missing(&self.path(name));
        }
        let mut texts = Vec::new();
        for (at, value) in self.list(name, errors).into_iter().flatten().enumerate() {
            match value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => {
                    let field = format!("{}.{at}", self.path(name));
                    errors.add(&field, format!("The {field} must be a string."));
                }
            }
        }
        texts
    }

    /// Reads a required text with fixed values.
    pub(super) fn one_of(&self, name: &str, options: &[&str], errors: &mut FieldErrors) -> &'a str {
        let value = self.required_text(name, errors);
        if !value.is_empty() && !options.contains(&value) {
            let field = self.path(name);
            errors.add(&field, format!("The {field} must be one of {}.", options.join(", ")));
        }
        value
    }

    /// Checks that the record exists, if the field is given.
    // assumed: named-exists
    pub(super) fn if_given_exists(
        &self,
        name: &str,
        errors: &mut FieldErrors,
        exists: impl FnOnce(&str) -> bool,
    ) {
        if let Some(uuid) = self.given(name).and_then(Value::as_str)
            && !exists(uuid)
        {
            let field = self.path(name);
            errors.add(&field, format!("The selected {field} does not exist."));
        }
    }

    /// Reads the required UUID of an existing record.
    pub(super) fn existing(
        &self,
        name: &str,
        errors: &mut FieldErrors,
        exists: impl FnOnce(&str) -> bool,
    ) -> &'a str {
        let uuid = self.required_text(name, errors);
        if !uuid.is_empty() && !exists(uuid) {
            let field = self.path(name);
            errors.add(&field, format!("The selected {field} does not exist."));
        }
        uuid
    }

    fn read<T>(
        &self,
        name: &str,
        wanted: &str,
        errors: &mut FieldErrors,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.given(name)?;
        let read = read(value);
        if read.is_none() {
            let field = self.path(name);
            errors.add(&field, format!("The {field} must be {wanted}."));
        }
        read
    }
}

/// Reads a schedule: a time zone, and blocks of minutes on days of the week.
pub(super) fn schedule(fields: &Fields<'_>, name: &str, errors: &mut FieldErrors) -> Option<Value> {
    let map = fields.map(name, errors)?;
    let inner = Fields::within(map, &fields.path(name));
    inner.required_text("timezone", errors);
    inner.flag("use_lead_timezone", errors);
    if inner.given("timeblocks").is_none() {
        errors.missing(&inner.path("timeblocks"));
    }
    for (at, block) in inner.list("timeblocks", errors).into_iter().flatten().enumerate() {
        let path = format!("{}.{at}", inner.path("timeblocks"));
        let Some(block) = block.as_object() else {
            errors.add(&path, format!("The {path} must be an object."));
            continue;
        };
        let block = Fields::within(block, &path);
        for part in ["dow", "min", "max"] {
            block.integer(part, errors);
        }
    }
    Some(Value::Object(map.clone()))
}

/// Returns 404 if the record does not exist.
// assumed: unknown-uuid
pub(super) fn found<T>(record: Option<T>, what: &str) -> Result<T, Rejection> {
    record.ok_or_else(|| Rejection::not_found(what))
}

/// Reads a filter that is documented as a JSON text. The vendor's own client sends it in brackets, or omits it.
pub(super) fn json_filter(call: &Call) -> Result<Record, Rejection> {
    let Some(text) = call.query.get("filter") else { return Ok(Record::new()) };
    if let Value::Object(in_brackets) = text {
        return Ok(in_brackets.clone());
    }
    match text.as_str().and_then(|text| serde_json::from_str(text).ok()) {
        Some(Value::Object(filter)) => Ok(filter),
        Some(Value::Array(items)) if items.is_empty() => Ok(Record::new()),
        _ => {
            Err(Rejection::invalid("filter", "The filter must be a JSON object in a string, or in brackets."))
        }
    }
}

/// Checks that `object_uuid` is the UUID of an existing contact or company, by the type in the field `kind`.
pub(super) fn object_exists(store: &Store, fields: &Fields<'_>, kind: &str, errors: &mut FieldErrors) {
    let object = fields.given(kind).and_then(Value::as_str).unwrap_or_default();
    if OBJECTS.contains(&object) {
        fields.if_given_exists("object_uuid", errors, |uuid| {
            if object == "lead" { store.contacts.contains(uuid) } else { store.companies.contains(uuid) }
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults_of(body: Value, read: impl FnOnce(&Fields<'_>, &mut FieldErrors)) -> Value {
        let map = body.as_object().cloned().unwrap();
        let mut errors = FieldErrors::default();
        read(&Fields::of(&map), &mut errors);
        errors.finish().map_or_else(|rejection| rejection.body()["error"]["data"].clone(), |()| json!({}))
    }

    #[test]
    fn errors_contain_field_paths() {
        let data =
            faults_of(json!({"schedule": {"timeblocks": [{"dow": "x"}, 7]}, "on": 2}), |fields, errors| {
                schedule(fields, "schedule", errors);
                fields.flag("on", errors);
                fields.required_text("name", errors);
            });
        let named: Vec<&String> = data.as_object().unwrap().keys().collect();
        let wanted =
            ["schedule.timezone", "schedule.timeblocks.0.dow", "schedule.timeblocks.1", "on", "name"];
        assert_eq!(named, wanted);
    }

    #[test]
    fn null_is_absent_and_blank_is_missing() {
        let data = faults_of(json!({"a": null, "b": " ", "c": null}), |fields, errors| {
            assert_eq!(fields.text("a", errors), None);
            fields.required_text("b", errors);
            fields.required_texts("c", errors);
        });
        assert_eq!(data.as_object().unwrap().len(), 2);
    }
}
