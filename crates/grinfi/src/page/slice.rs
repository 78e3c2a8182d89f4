//! Slices of a listing by the time of its rows, and the conditions that select them.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{
    error::{Error, Result},
    filter::{self, Kind},
};

/// A part of a listing, selected by the time of its rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Slice {
    /// Rows without a time.
    Timeless,
    /// Rows with a time.
    Timed,
    /// Rows of this time and later.
    From(DateTime<Utc>),
    /// Rows of this time and earlier.
    UpTo(DateTime<Utc>),
    /// Rows of this time.
    At(DateTime<Utc>),
    /// Rows later than this time.
    After(DateTime<Utc>),
}

/// The caller's own conditions on the time that a listing is sliced by.
///
/// They are combined with the condition of each slice. A bound of a slice replaces the caller's bound in that direction: it
/// is the time of a row that met the caller's, and so is the tighter one.
#[derive(Debug, Clone)]
pub(crate) enum TimeConditions {
    /// None.
    Any,
    /// Only rows without a time.
    Null,
    /// Operators with their values; all must hold, and rows have a time.
    Range(Map<String, Value>),
    /// One of these times.
    OneOf(Vec<(DateTime<Utc>, Value)>),
}

impl TimeConditions {
    /// Takes the conditions on `field` out of a filter.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a condition that is none of the API's, and for a list of values that are no times.
    pub(crate) fn take(field: &str, filter: &mut Map<String, Value>) -> Result<Self> {
        let one_of = |values: &[Value]| {
            let time = |value: &Value| {
                let time = value.as_str().and_then(filter::time).map(|time| (time.to_utc(), value.clone()));
                time.ok_or_else(|| Error::input(field, format!("must be a time with a zone, got {value}")))
            };
            values.iter().map(time).collect::<Result<Vec<_>>>().map(Self::OneOf)
        };
        match filter.shift_remove(field) {
            None => Ok(Self::Any),
            Some(Value::String(test)) if test == "is_null" => Ok(Self::Null),
            Some(Value::String(test)) if test == "is_not_null" => Ok(Self::Range(Map::new())),
            Some(Value::Object(range)) => Ok(Self::Range(range)),
            Some(Value::Array(values)) => one_of(&values),
            Some(value) => one_of(&[value]),
        }
    }

    /// The condition that selects the slice; `None` if no row of the slice meets the caller's conditions.
    pub(crate) fn select(&self, slice: Slice) -> Option<Value> {
        let spell = |time: DateTime<Utc>| <filter::Time as Kind>::spell(time.into());
        match (self, slice) {
            (Self::Any | Self::Null, Slice::Timeless) => Some("is_null".into()),
            (Self::Null, _) | (Self::Range(_) | Self::OneOf(_), Slice::Timeless) => None,
            (_, Slice::At(time)) => Some(spell(time)),
            (Self::OneOf(times), slice) => {
                let is_in = |time: &DateTime<Utc>| match slice {
                    Slice::From(from) => *time >= from,
                    Slice::UpTo(to) => *time <= to,
                    Slice::After(after) => *time > after,
                    Slice::Timeless | Slice::Timed | Slice::At(_) => true,
                };
                let chosen: Vec<Value> =
                    times.iter().filter(|(time, _)| is_in(time)).map(|(_, value)| value.clone()).collect();
                (!chosen.is_empty()).then_some(Value::Array(chosen))
            }
            (Self::Any, slice) => Some(bounded(Map::new(), slice)),
            (Self::Range(range), slice) => Some(bounded(range.clone(), slice)),
        }
    }
}

/// The range with the bound of a slice in it.
fn bounded(mut range: Map<String, Value>, slice: Slice) -> Value {
    let (operator, time, replaced) = match slice {
        Slice::From(time) => (">=", time, [">", ">="]),
        Slice::After(time) => (">", time, [">", ">="]),
        Slice::UpTo(time) => ("<=", time, ["<", "<="]),
        Slice::Timeless | Slice::Timed | Slice::At(_) if range.is_empty() => return "is_not_null".into(),
        Slice::Timeless | Slice::Timed | Slice::At(_) => return Value::Object(range),
    };
    range.retain(|known, _| !replaced.contains(&known.as_str()));
    range.insert(operator.to_owned(), <filter::Time as Kind>::spell(time.into()));
    Value::Object(range)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn selected(own: Value, slice: Slice) -> Option<Value> {
        let mut filter = json!({"at": own, "other": 1}).as_object().cloned().unwrap();
        let conditions = TimeConditions::take("at", &mut filter).unwrap();
        assert_eq!(Value::Object(filter), json!({"other": 1}));
        conditions.select(slice)
    }

    #[test]
    fn combines_slices_with_conditions_of_the_caller() {
        let time = |second| DateTime::from_timestamp(second, 0).unwrap();
        let text = |second| <filter::Time as Kind>::spell(time(second).into());
        let (from, to) = (Slice::From(time(5)), Slice::UpTo(time(5)));
        for (own, slice, expected) in [
            (json!("is_null"), Slice::Timeless, Some(json!("is_null"))),
            (json!("is_null"), Slice::Timed, None),
            (json!("is_not_null"), Slice::Timeless, None),
            (json!("is_not_null"), Slice::Timed, Some(json!("is_not_null"))),
            (json!("is_not_null"), from, Some(json!({">=": text(5)}))),
            (json!({">=": text(1), "<": text(9)}), Slice::Timeless, None),
            (json!({">=": text(1), "<": text(9)}), Slice::Timed, Some(json!({">=": text(1), "<": text(9)}))),
            (json!({">=": text(1), "<": text(9)}), from, Some(json!({"<": text(9), ">=": text(5)}))),
            (
                json!({">": text(1), "!=": [text(2)]}),
                Slice::After(time(5)),
                Some(json!({"!=": [text(2)], ">": text(5)})),
            ),
            (json!({">=": text(1), "<": text(9)}), to, Some(json!({">=": text(1), "<=": text(5)}))),
            (json!({">=": text(1)}), Slice::At(time(5)), Some(text(5))),
            (json!([text(3), text(5), text(7)]), from, Some(json!([text(5), text(7)]))),
            (json!([text(3), text(5), text(7)]), to, Some(json!([text(3), text(5)]))),
            (json!([text(3)]), Slice::After(time(3)), None),
            (text(3), Slice::Timed, Some(json!([text(3)]))),
        ] {
            assert_eq!(selected(own.clone(), slice), expected, "{own} {slice:?}");
        }
        let mut filter = json!({"at": ["soon"]}).as_object().cloned().unwrap();
        assert!(TimeConditions::take("at", &mut filter).unwrap_err().is_invalid_input());
    }
}
