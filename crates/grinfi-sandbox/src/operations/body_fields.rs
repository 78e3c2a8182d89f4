//! Declarative descriptions of the fields in a body.

use serde_json::Value;

use super::input::{self, Fields};
use crate::record::{Record, format_time, parse_time, set, texts};
use crate::rejection::FieldErrors;

/// Type of a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldType {
    Text,
    Integer,
    Flag,
    Map,
    Texts,
    Time,
    Schedule,
    OneOf(&'static [&'static str]),
}

/// Field of a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldSpec {
    name: &'static str,
    want: FieldType,
    required: bool,
}

/// Returns a field that must be present and not blank.
pub(super) const fn required(name: &'static str, want: FieldType) -> FieldSpec {
    FieldSpec { name, want, required: true }
}

/// Returns a field that may be absent or null.
pub(super) const fn optional(name: &'static str, want: FieldType) -> FieldSpec {
    FieldSpec { name, want, required: false }
}

/// Reads the fields of a new record. Null equals absent.
pub(super) fn read(form: &[FieldSpec], fields: &Fields<'_>, errors: &mut FieldErrors) -> Record {
    let mut read = Record::new();
    for field in form {
        let missing = field.required && blank(fields.given(field.name));
        if missing {
            errors.missing(&fields.path(field.name));
        } else if let Some(value) = field.read(fields, errors) {
            set(&mut read, field.name, value);
        }
    }
    read
}

/// Reads the fields of an update: only the present ones. Null clears optional fields.
pub(super) fn read_changes(form: &[FieldSpec], fields: &Fields<'_>, errors: &mut FieldErrors) -> Record {
    let mut read = Record::new();
    for field in form.iter().filter(|field| fields.has(field.name)) {
        let given = fields.given(field.name);
        if field.required && blank(given) {
            errors.missing(&fields.path(field.name));
        } else if given.is_none() {
            set(&mut read, field.name, Value::Null);
        } else if let Some(value) = field.read(fields, errors) {
            set(&mut read, field.name, value);
        }
    }
    read
}

fn blank(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty()))
}

impl FieldSpec {
    fn read(self, fields: &Fields<'_>, errors: &mut FieldErrors) -> Option<Value> {
        let name = self.name;
        match self.want {
            FieldType::Text => fields.text(name, errors).map(Value::from),
            FieldType::Integer => fields.integer(name, errors).map(Value::from),
            FieldType::Flag => fields.flag(name, errors).map(Value::from),
            FieldType::Map => fields.map(name, errors).cloned().map(Value::Object),
            FieldType::Texts => {
                let list = fields.list(name, errors)?;
                let members = texts(&Value::Array(list.clone()));
                if members.len() != list.len() {
                    let field = fields.path(name);
                    errors.add(&field, format!("The {field} must contain only strings."));
                }
                Some(members.into())
            }
            FieldType::Time => {
                let text = fields.text(name, errors)?;
                let time = parse_time(text);
                if time.is_none() {
                    let field = fields.path(name);
                    errors.add(&field, format!("The {field} is not a valid date."));
                }
                time.map(|time| format_time(time).into())
            }
            FieldType::Schedule => input::schedule(fields, name, errors),
            FieldType::OneOf(options) => {
                fields.given(name)?;
                Some(fields.one_of(name, options, errors).into())
            }
        }
    }
}
