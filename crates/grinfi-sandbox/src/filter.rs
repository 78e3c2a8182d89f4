//! The filter language of the listings: an AND of fields, each met by a value, one of several values, a range or a
//! null test.
//!
//! ```text
//! {"company_name": "ExampleCorp"}                        equal
//! {"status": ["new", "done"]}                            one of
//! {"created_at": {">=": "2026-02-01", "<": "2026-03-01"}}  a range
//! {"work_email": "is_not_null"}                          a null test
//! {"q": "example"}                                       free text
//! ```
//!
//! Columns know how they compare: times as times, numbers as numbers, texts without regard to case. The last is
//! an assumption, taken from the usual collation of MySQL. Null meets no comparison, `!=` included. A value that cannot be
//! compared (a number column asked for `"x"`) is refused rather than matched against nothing.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::record::{Record, parse_number, parse_time};
use crate::refusal::Refusal;
use crate::schema::{Column, Kind, Schema};

/// A filter that was understood; the empty one is met by every record.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    terms: Vec<Term>,
    search: Option<Search>,
}

#[derive(Debug)]
struct Term {
    column: &'static Column,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Null(bool),
    OneOf(Vec<Scalar>),
    /// All of them at once.
    Range(Vec<(Comparison, Scalar)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value in the form in which its column compares.
#[derive(Debug, PartialEq, PartialOrd)]
enum Scalar {
    Text(String),
    Number(f64),
    Flag(bool),
    Time(DateTime<Utc>),
}

#[derive(Debug)]
struct Search {
    fields: &'static [&'static str],
    wanted: String,
}

impl Filter {
    /// Understands a filter for records of `schema`. Null, an empty text and PHP's empty map, `[]`, are the empty
    /// filter.
    ///
    /// # Errors
    /// 500 for a key the schema does not have, as the API answers it; 422 for a value without sense.
    pub(crate) fn parse(value: &Value, schema: &Schema) -> Result<Filter, Refusal> {
        let fields = match value {
            Value::Null => return Ok(Filter::default()),
            Value::Array(items) if items.is_empty() => return Ok(Filter::default()),
            Value::String(text) if text.is_empty() => return Ok(Filter::default()),
            Value::Object(fields) => fields,
            _ => return Err(Refusal::invalid("filter", "The filter must be a map of fields.")),
        };
        let mut filter = Filter::default();
        for (name, value) in fields {
            if name == "q" && !schema.searched.is_empty() {
                filter.search = search(value, schema)?;
                continue;
            }
            let column = schema.column(name).filter(|_| !schema.unfilterable.contains(&name.as_str()));
            let column = column.ok_or_else(|| Refusal::undefined_column(name))?;
            filter.terms.push(Term { column, test: test(column, value)? });
        }
        Ok(filter)
    }

    /// Whether a record meets every term.
    pub(crate) fn matches(&self, record: &Record) -> bool {
        self.terms.iter().all(|term| term.met_by(record.get(term.column.name).unwrap_or(&Value::Null)))
            && self.search.as_ref().is_none_or(|search| search.met_by(record))
    }
}

fn search(value: &Value, schema: &Schema) -> Result<Option<Search>, Refusal> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => {
            Ok(Some(Search { fields: schema.searched, wanted: text.trim().to_lowercase() }))
        }
        _ => Err(Refusal::invalid("filter.q", "The filter.q must be a string.")),
    }
}

fn test(column: &'static Column, value: &Value) -> Result<Test, Refusal> {
    match value {
        Value::String(word) if word == "is_null" => Ok(Test::Null(true)),
        Value::String(word) if word == "is_not_null" => Ok(Test::Null(false)),
        Value::Array(values) => {
            Ok(Test::OneOf(values.iter().map(|value| scalar(column, value)).collect::<Result<_, _>>()?))
        }
        Value::Object(bounds) if bounds.is_empty() => Err(fault(column, "needs an operator")),
        Value::Object(bounds) => {
            let bounds = bounds.iter().map(|(sign, value)| {
                let comparison = Comparison::read(sign)
                    .ok_or_else(|| fault(column, &format!("has an unknown operator, {sign:?}")))?;
                if column.kind == Kind::List && !comparison.is_equality() {
                    return Err(fault(
                        column,
                        &format!("holds several values and cannot be compared by {sign}"),
                    ));
                }
                Ok((comparison, scalar(column, value)?))
            });
            Ok(Test::Range(bounds.collect::<Result<_, _>>()?))
        }
        value => Ok(Test::OneOf(vec![scalar(column, value)?])),
    }
}

fn fault(column: &Column, what: &str) -> Refusal {
    Refusal::invalid(&format!("filter.{}", column.name), format!("The filter.{} {what}.", column.name))
}

fn scalar(column: &Column, value: &Value) -> Result<Scalar, Refusal> {
    if column.kind == Kind::Json {
        return Err(fault(column, "can only be asked for is_null or is_not_null"));
    }
    if value.is_null() {
        return Err(fault(column, "cannot be compared with null; say is_null or is_not_null"));
    }
    read(column.kind, value).ok_or_else(|| {
        let wanted = match column.kind {
            Kind::Number => "a number",
            Kind::Flag => "true, false, 1 or 0",
            Kind::Time => "a time",
            Kind::Text | Kind::List | Kind::Json => "a text",
        };
        fault(column, &format!("must be {wanted}"))
    })
}

/// A value of a record, or of a filter, in the form in which it compares.
fn read(kind: Kind, value: &Value) -> Option<Scalar> {
    match kind {
        Kind::Number => parse_number(value).map(Scalar::Number),
        Kind::Time => value.as_str().and_then(parse_time).map(Scalar::Time),
        Kind::Flag => match value {
            Value::Bool(flag) => Some(Scalar::Flag(*flag)),
            Value::String(word) if word == "true" => Some(Scalar::Flag(true)),
            Value::String(word) if word == "false" => Some(Scalar::Flag(false)),
            value => match parse_number(value)? {
                0.0 => Some(Scalar::Flag(false)),
                1.0 => Some(Scalar::Flag(true)),
                _ => None,
            },
        },
        Kind::Text | Kind::List => match value {
            Value::String(text) => Some(Scalar::Text(text.to_lowercase())),
            Value::Number(number) => Some(Scalar::Text(number.to_string())),
            Value::Bool(flag) => Some(Scalar::Text(flag.to_string())),
            _ => None,
        },
        Kind::Json => None,
    }
}

impl Term {
    fn met_by(&self, value: &Value) -> bool {
        let null = value.is_null()
            || (self.column.kind == Kind::List && value.as_array().is_some_and(Vec::is_empty));
        match &self.test {
            Test::Null(wanted) => null == *wanted,
            _ if value.is_null() => false,
            Test::OneOf(wanted) => {
                self.held(value).iter().any(|held| wanted.iter().any(|wanted| held == wanted))
            }
            Test::Range(bounds) => {
                let held = self.held(value);
                bounds.iter().all(|(comparison, bound)| match self.column.kind {
                    // Membership: `=` asks for a member, `!=` for its absence.
                    Kind::List => held.contains(bound) == (*comparison == Comparison::Equal),
                    _ => held.first().is_some_and(|held| comparison.holds(held, bound)),
                })
            }
        }
    }

    /// The values a record holds in this column: one, or the members of a list.
    fn held(&self, value: &Value) -> Vec<Scalar> {
        match value {
            Value::Array(members) if self.column.kind == Kind::List => {
                members.iter().filter_map(|member| read(self.column.kind, member)).collect()
            }
            value => read(self.column.kind, value).into_iter().collect(),
        }
    }
}

impl Comparison {
    fn read(sign: &str) -> Option<Comparison> {
        Some(match sign {
            "=" => Comparison::Equal,
            "!=" | "<>" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }

    fn is_equality(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }

    fn holds(self, held: &Scalar, bound: &Scalar) -> bool {
        let Some(order) = held.partial_cmp(bound) else { return false };
        match self {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::NotEqual => order != Ordering::Equal,
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::GreaterOrEqual => order != Ordering::Less,
        }
    }
}

impl Search {
    fn met_by(&self, record: &Record) -> bool {
        self.fields
            .iter()
            .filter_map(|field| record.get(*field).and_then(Value::as_str))
            .any(|text| text.to_lowercase().contains(&self.wanted))
    }
}

#[cfg(test)]
mod tests;
