//! Forms: which fields an operation reads, and of what kind they are.

use serde_json::Value;

use super::input::{self, Fields};
use crate::record::{Record, parse_time, set, stamp, texts};
use crate::refusal::Faults;

/// What a field must hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Want {
    Text,
    Integer,
    Flag,
    Map,
    Texts,
    Time,
    Schedule,
    OneOf(&'static [&'static str]),
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    name: &'static str,
    want: Want,
    required: bool,
}

/// A field that must be there and hold more than blanks.
pub(super) const fn must(name: &'static str, want: Want) -> Field {
    Field { name, want, required: true }
}

/// A field that may be left out, or be null.
pub(super) const fn may(name: &'static str, want: Want) -> Field {
    Field { name, want, required: false }
}

/// Reads the form of something new: what is required must be there. Null and absent are the same.
pub(super) fn read(form: &[Field], fields: &Fields<'_>, faults: &mut Faults) -> Record {
    let mut read = Record::new();
    for field in form {
        let missing = field.required && blank(fields.given(field.name));
        if missing {
            faults.missing(&fields.path(field.name));
        } else if let Some(value) = field.read(fields, faults) {
            set(&mut read, field.name, value);
        }
    }
    read
}

/// Reads the form of a change: what is there. Null clears what is not required.
pub(super) fn read_changes(form: &[Field], fields: &Fields<'_>, faults: &mut Faults) -> Record {
    let mut read = Record::new();
    for field in form.iter().filter(|field| fields.has(field.name)) {
        let given = fields.given(field.name);
        if field.required && blank(given) {
            faults.missing(&fields.path(field.name));
        } else if given.is_none() {
            set(&mut read, field.name, Value::Null);
        } else if let Some(value) = field.read(fields, faults) {
            set(&mut read, field.name, value);
        }
    }
    read
}

fn blank(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty()))
}

impl Field {
    fn read(self, fields: &Fields<'_>, faults: &mut Faults) -> Option<Value> {
        let name = self.name;
        match self.want {
            Want::Text => fields.text(name, faults).map(Value::from),
            Want::Integer => fields.integer(name, faults).map(Value::from),
            Want::Flag => fields.flag(name, faults).map(Value::from),
            Want::Map => fields.map(name, faults).cloned().map(Value::Object),
            Want::Texts => {
                let list = fields.list(name, faults)?;
                let members = texts(&Value::Array(list.clone()));
                if members.len() != list.len() {
                    let field = fields.path(name);
                    faults.add(&field, format!("The {field} must hold strings alone."));
                }
                Some(members.into())
            }
            Want::Time => {
                let text = fields.text(name, faults)?;
                let time = parse_time(text);
                if time.is_none() {
                    let field = fields.path(name);
                    faults.add(&field, format!("The {field} is not a valid date."));
                }
                time.map(|time| stamp(time).into())
            }
            Want::Schedule => input::schedule(fields, name, faults),
            Want::OneOf(words) => {
                fields.given(name)?;
                Some(fields.one_of(name, words, faults).into())
            }
        }
    }
}
