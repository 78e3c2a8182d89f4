//! The values of a filter: checks that a field can have them, and brings them into the form that the API takes.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::{Filterable, Kind, Test, Time, ValueKind};
use crate::{
    error::{Error, Result},
    linkedin,
};

/// Fields with ids of what people know by a name. The API matches nothing if it is given the name, so one is refused.
const NAMED: [&str; 8] = [
    "tags",
    "list_uuid",
    "pipeline_stage_uuid",
    "lead_status_uuid",
    "company_uuid",
    "data_source_uuid",
    "flow_uuid",
    "mailbox_uuid",
];

/// Fields that are searched as a free text.
const SEARCHED: [&str; 2] = ["q", "search"];

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A typed field.
    Typed,
    /// JSON, or Python.
    Json,
}

/// The test with its values checked against the kind of the field, and in the form that the API takes.
pub(super) fn checked<R: Filterable>(field: &str, test: &Test, origin: Origin) -> Result<Test> {
    if SEARCHED.contains(&field) && !matches!(test, Test::Compare("=", _)) {
        return Err(Error::input(super::name::<R>(field), "a free-text search takes one text, with `eq`"));
    }
    let one = |value: &Value| one::<R>(field, value, origin);
    let all = |values: &[Value]| values.iter().map(one).collect::<Result<Vec<_>>>();
    Ok(match test {
        Test::Compare(operator, value) => Test::Compare(operator, one(value)?),
        Test::In(values) => Test::In(all(values)?),
        Test::NotIn(values) => Test::NotIn(all(values)?),
        Test::Null(null) => Test::Null(*null),
    })
}

fn one<R: Filterable>(field: &str, value: &Value, origin: Origin) -> Result<Value> {
    let index = R::FIELDS.iter().position(|known| *known == field);
    let Some(kind) = index.and_then(|index| R::KINDS.get(index)) else { return Ok(value.clone()) };
    let name = super::name::<R>(field);
    let wrong = |expected: &str| Err(Error::input(name, format!("must be {expected}, got {value}")));
    match (kind, value) {
        (ValueKind::Text, Value::String(text)) => match (R::NAME, field) {
            ("contact", "linkedin" | "ln_id" | "sn_id") => {
                linkedin::normalize_field(field, text).map(Value::from)
            }
            ("company", "linkedin") => linkedin::normalize_company_field(field, text).map(Value::from),
            _ => Ok(value.clone()),
        },
        (ValueKind::Text, _) => wrong("a text"),
        (ValueKind::Number, Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(value.clone()),
        (ValueKind::Number, _) => wrong("a whole number"),
        (ValueKind::Id, Value::String(id)) if is_uuid(id) => Ok(value.clone()),
        // A typed id mostly comes from a record. Only what cannot be an id is refused: one has hyphens and digits.
        (ValueKind::Id, Value::String(id))
            if origin == Origin::Typed
                && is_id(id)
                && id.contains('-')
                && id.contains(|c: char| c.is_ascii_digit()) =>
        {
            Ok(value.clone())
        }
        (ValueKind::Id, _) if NAMED.contains(&field) => {
            let message = format!("must be an id (a UUID), got {value}; look up the id if this is a name");
            Err(Error::input(name, message))
        }
        (ValueKind::Id, Value::String(id)) if is_id(id) => Ok(value.clone()),
        (ValueKind::Id, _) => wrong("an id"),
        (ValueKind::Time, Value::String(text)) => match time(text) {
            Some(time) => Ok(Time::spell(time.into())),
            None => wrong("a time with a zone, such as \"2026-02-03T15:55:04Z\""),
        },
        (ValueKind::Time, _) => wrong("a time with a zone, such as \"2026-02-03T15:55:04Z\""),
    }
}

/// Parses a time as the API writes it, which has a zone.
pub(crate) fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    // A blank has been seen in place of the T.
    DateTime::parse_from_rfc3339(&text.trim().replacen(' ', "T", 1)).ok()
}

fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
