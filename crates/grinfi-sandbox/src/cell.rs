//! Values of stored records, in a compact form that compares without parsing.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::io::Write;

use chrono::DateTime;
use serde_json::Value;

use crate::record::{format_time, parse_number, parse_time};
use crate::schema::ColumnKind;

/// One value of a record. [`Cell::value`] returns it exactly as it was stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Flag(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
    /// Microseconds since 1970, for a time in the format of the API.
    Time(i64),
    /// An array or an object.
    Json(Box<Value>),
}

impl Cell {
    pub(crate) fn of(kind: ColumnKind, value: Value) -> Cell {
        match value {
            Value::Null => Cell::Null,
            Value::Bool(flag) => Cell::Flag(flag),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => Cell::Int(number),
                (None, Some(number)) => Cell::Float(number),
                (None, None) => Cell::Null,
            },
            Value::String(text) => match parse_time(&text).filter(|_| kind == ColumnKind::Time) {
                Some(time) if format_time(time) == text => Cell::Time(time.timestamp_micros()),
                _ => Cell::Text(text.into()),
            },
            value @ (Value::Array(_) | Value::Object(_)) => Cell::Json(Box::new(value)),
        }
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Cell::Null => Value::Null,
            Cell::Flag(flag) => Value::Bool(*flag),
            Cell::Int(number) => Value::from(*number),
            Cell::Float(number) => Value::from(*number),
            Cell::Text(text) => Value::String(text.as_ref().to_owned()),
            Cell::Time(micros) => DateTime::from_timestamp_micros(*micros).map(format_time).into(),
            Cell::Json(value) => Value::clone(value),
        }
    }

    /// Serializes the value as JSON, as [`Cell::value`] would be.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        // Writing to memory cannot fail.
        let wrote = match self {
            Cell::Null => out.write_all(b"null"),
            Cell::Int(number) => write!(out, "{number}"),
            Cell::Text(text) => serde_json::to_writer(&mut *out, text.as_ref()).map_err(Into::into),
            Cell::Json(value) => serde_json::to_writer(&mut *out, value).map_err(Into::into),
            Cell::Time(micros) => match DateTime::from_timestamp_micros(*micros).map(format_time) {
                Some(time) => write!(out, "\"{time}\""),
                None => out.write_all(b"null"),
            },
            cell => serde_json::to_writer(&mut *out, &cell.value()).map_err(Into::into),
        };
        drop(wrote);
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value as text.
    fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Cell::Null => None,
            Cell::Text(text) => Some(Cow::Borrowed(text)),
            cell => Some(Cow::Owned(cell.value().to_string())),
        }
    }

    /// Returns the number, or the number in the text.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "compared as JavaScript and PHP do, in 53 bits")]
            Cell::Int(number) => Some(*number as f64),
            Cell::Float(number) => Some(*number),
            Cell::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// Returns the time in microseconds since 1970.
    pub(crate) fn micros(&self) -> Option<i64> {
        match self {
            Cell::Time(micros) => Some(*micros),
            Cell::Text(text) => parse_time(text).map(|time| time.timestamp_micros()),
            _ => None,
        }
    }

    /// Returns the boolean; PHP's 0 and 1 are accepted.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Cell::Flag(flag) => Some(*flag),
            Cell::Int(0) => Some(false),
            Cell::Int(1) => Some(true),
            Cell::Text(text) => flag_of(&Value::from(text.as_ref())),
            Cell::Float(number) => flag_of(&Value::from(*number)),
            _ => None,
        }
    }

    /// Compares two cells of a column: nulls first, then by the type of the column.
    // assumed: order-nulls
    pub(crate) fn compare(&self, other: &Cell, kind: ColumnKind) -> Ordering {
        match kind {
            ColumnKind::Number => compare_some(self.number(), other.number(), |a, b| a.total_cmp(b)),
            ColumnKind::Time => compare_some(self.micros(), other.micros(), Ord::cmp),
            ColumnKind::Flag => compare_some(self.flag(), other.flag(), Ord::cmp),
            ColumnKind::Text | ColumnKind::List => {
                compare_some(self.text(), other.text(), |a, b| compare_texts(a, b))
            }
            ColumnKind::Json => Ordering::Equal,
        }
    }
}

fn compare_some<T>(a: Option<T>, b: Option<T>, compare: impl FnOnce(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(&a, &b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Returns a boolean from true, false, 0, 1 or their texts.
pub(crate) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) if word == "true" => Some(true),
        Value::String(word) if word == "false" => Some(false),
        value => match parse_number(value)? {
            0.0 => Some(false),
            1.0 => Some(true),
            _ => None,
        },
    }
}

/// Returns the lower-case form in which texts are compared.
// assumed: filter-case
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Compares two texts without regard to case.
pub(crate) fn compare_texts(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        return a.bytes().map(lower).cmp(b.bytes().map(lower));
    }
    a.chars().flat_map(char::to_lowercase).cmp(b.chars().flat_map(char::to_lowercase))
}

/// Whether a text equals a folded text, without regard to case.
pub(crate) fn same_text(text: &str, folded: &str) -> bool {
    text == folded
        || (if text.is_ascii() {
            text.len() == folded.len() && text.eq_ignore_ascii_case(folded)
        } else {
            text.chars().flat_map(char::to_lowercase).eq(folded.chars())
        })
}

/// Whether a text contains a folded text, without regard to case.
pub(crate) fn contains_text(text: &str, folded: &str) -> bool {
    if text.is_ascii() {
        let (text, wanted) = (text.as_bytes(), folded.as_bytes());
        return wanted.is_empty()
            || text.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted));
    }
    fold(text).contains(folded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn stored_values_are_returned_unchanged() {
        for value in [
            json!(null),
            json!(true),
            json!(0),
            json!(-7),
            json!(u64::MAX),
            json!(1.5),
            json!("2026-02-03T15:55:04.000000Z"),
            json!("2026-02-03 15:55:04"),
            json!("x"),
            json!([1, "a"]),
            json!({"a": [null]}),
        ] {
            for kind in [
                ColumnKind::Text,
                ColumnKind::Number,
                ColumnKind::Flag,
                ColumnKind::Time,
                ColumnKind::List,
                ColumnKind::Json,
            ] {
                let shown = Cell::of(kind, value.clone()).value();
                // Numbers beyond 64 bits become floating point.
                assert_eq!(shown.as_f64(), value.as_f64());
                assert!(shown == value || value == json!(u64::MAX), "{value} became {shown}");
                let mut written = Vec::new();
                Cell::of(kind, value.clone()).write(&mut written);
                assert_eq!(String::from_utf8(written).unwrap(), shown.to_string());
            }
        }
        assert!(size_of::<Cell>() <= 24);
    }

    proptest! {
        #[test]
        fn texts_compare_like_folded_texts(a in "[a-cA-CÄäßİ ]{0,4}", b in "[a-cA-CÄäßİ ]{0,4}") {
            prop_assert_eq!(compare_texts(&a, &b), fold(&a).cmp(&fold(&b)));
            prop_assert_eq!(same_text(&a, &fold(&b)), fold(&a) == fold(&b));
            prop_assert_eq!(contains_text(&a, &fold(&b)), fold(&a).contains(&fold(&b)));
        }
    }
}
