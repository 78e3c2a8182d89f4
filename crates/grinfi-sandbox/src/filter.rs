//! Filter language of listings: an AND of fields, each with a value, a list of values, a range or a null test.
//!
//! ```text
//! {"company_name": "ExampleCorp"}                        equal
//! {"status": ["new", "done"]}                            one of
//! {"status": {"!=": ["new", "done"]}}                    none of
//! {"created_at": {">=": "2026-02-01", "<": "2026-03-01"}}  a range
//! {"work_email": "is_not_null"}                          a null test
//! {"q": "example"}                                       free text
//! ```
//!
//! Values compare by the type of the column: times as times, numbers as numbers, texts without regard to case. The
//! latter is an assumption, taken from the usual collation of MySQL. Null matches no comparison, not even `!=`. A value
//! of the wrong type (`"x"` for a number) is an error.

mod by_column;

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use crate::cell::{Cell, compare_texts, contains_text, flag_of, fold, same_text};
use crate::columns::Columns;
use crate::record::{parse_number, parse_time};
use crate::rejection::Rejection;
use crate::schema::{Column, ColumnKind, Schema};
use crate::table::{Row, Table};

/// From this many values on, text lists use a hash set.
const HASH_SET_FROM: usize = 8;

/// Parsed filter; an empty one matches every record. Values are parsed once, not for every record.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    terms: Vec<Term>,
    search: Option<Search>,
}

#[derive(Debug)]
struct Term {
    /// Position of the column.
    at: usize,
    kind: ColumnKind,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Null(bool),
    OneOf(Vec<Scalar>),
    /// Folded texts.
    OneOfTexts(HashSet<String>),
    /// All of them must hold.
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

/// Value in the form in which its column compares.
#[derive(Debug, PartialEq)]
enum Scalar {
    /// Folded.
    Text(String),
    Number(f64),
    Flag(bool),
    /// Microseconds since 1970.
    Time(i64),
}

#[derive(Debug)]
struct Search {
    /// Positions of the searched columns.
    at: Vec<usize>,
    /// Folded.
    wanted: String,
}

impl Filter {
    /// Parses a filter for records of `schema`. Null, an empty text and PHP's empty object, `[]`, are the empty filter.
    ///
    /// # Errors
    /// 500 for an unknown key, as the API responds; 422 for an invalid value.
    // assumed: filter-fields
    pub(crate) fn parse(value: &Value, schema: &Schema) -> Result<Filter, Rejection> {
        let fields = match value {
            Value::Null => return Ok(Filter::default()),
            Value::Array(items) if items.is_empty() => return Ok(Filter::default()),
            Value::String(text) if text.is_empty() => return Ok(Filter::default()),
            Value::Object(fields) => fields,
            _ => return Err(Rejection::invalid("filter", "The filter must be an object of fields.")),
        };
        let mut filter = Filter::default();
        for (name, value) in fields {
            if name == "q" && !schema.searched.is_empty() {
                filter.search = search(value, schema)?;
                continue;
            }
            let column = schema.at(name).and_then(|at| Some((at, schema.columns.get(at)?)));
            let column = column.filter(|_| !schema.unfilterable.contains(&name.as_str()));
            let (at, column) = column.ok_or_else(|| Rejection::undefined_column(name))?;
            filter.terms.push(Term { at, kind: column.kind, test: test(column, value)? });
        }
        Ok(filter)
    }

    /// Returns the filter of a text search.
    pub(crate) fn text(text: &str, schema: &Schema) -> Filter {
        Filter { terms: Vec::new(), search: find(text, schema) }
    }

    /// Returns the matching rows by number, in order of creation.
    pub(crate) fn select(&self, table: &Table, columns: &Columns) -> Vec<usize> {
        let mut chosen: Option<Vec<usize>> = None;
        // Terms on built columns are evaluated first.
        let (quick, slow): (Vec<&Term>, Vec<&Term>) =
            self.terms.iter().partition(|term| columns.get(term.at).is_some());
        for term in quick {
            if let Some(column) = columns.get(term.at) {
                chosen = Some(term.among(column, chosen, table));
            }
        }
        let mut chosen = chosen.unwrap_or_else(|| (0..table.created()).collect());
        let meets =
            |term: &Term, row: Row<'_>| row.cells.get(term.at).is_some_and(|cell| term.matches_cell(cell));
        chosen.retain(|number| {
            table.at(*number).is_some_and(|row| {
                slow.iter().all(|term| meets(term, row))
                    && self.search.as_ref().is_none_or(|search| search.matches_cell(row))
            })
        });
        chosen
    }

    /// Returns the positions of the filtered columns.
    pub(crate) fn positions(&self) -> impl Iterator<Item = usize> {
        self.terms.iter().map(|term| term.at)
    }

    /// Whether a record matches.
    pub(crate) fn matches(&self, row: Row<'_>) -> bool {
        self.terms.iter().all(|term| row.cells.get(term.at).is_some_and(|cell| term.matches_cell(cell)))
            && self.search.as_ref().is_none_or(|search| search.matches_cell(row))
    }
}

fn search(value: &Value, schema: &Schema) -> Result<Option<Search>, Rejection> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(find(text, schema)),
        _ => Err(Rejection::invalid("filter.q", "The filter.q must be a string.")),
    }
}

fn find(text: &str, schema: &Schema) -> Option<Search> {
    let wanted = fold(text.trim());
    let at = schema.searched.iter().filter_map(|name| schema.at(name)).collect();
    (!wanted.is_empty()).then_some(Search { at, wanted })
}

fn test(column: &Column, value: &Value) -> Result<Test, Rejection> {
    match value {
        Value::String(word) if word == "is_null" => Ok(Test::Null(true)),
        Value::String(word) if word == "is_not_null" => Ok(Test::Null(false)),
        Value::Array(values) => {
            let values = values.iter().map(|value| scalar(column, value));
            Ok(one_of(values.collect::<Result<_, _>>()?, column.kind))
        }
        Value::Object(bounds) if bounds.is_empty() => Err(fault(column, "needs an operator")),
        Value::Object(bounds) => {
            let mut range = Vec::new();
            for (sign, value) in bounds {
                let comparison = Comparison::read(sign)
                    .ok_or_else(|| fault(column, &format!("has an unknown operator, {sign:?}")))?;
                if column.kind == ColumnKind::List && !comparison.is_equality() {
                    return Err(fault(
                        column,
                        &format!("contains several values and cannot be compared with {sign}"),
                    ));
                }
                match value {
                    // NOT IN: different from each of them.
                    Value::Array(values) if comparison == Comparison::NotEqual => {
                        for value in values {
                            range.push((comparison, scalar(column, value)?));
                        }
                    }
                    value => range.push((comparison, scalar(column, value)?)),
                }
            }
            Ok(Test::Range(range))
        }
        value => Ok(Test::OneOf(vec![scalar(column, value)?])),
    }
}

fn one_of(wanted: Vec<Scalar>, kind: ColumnKind) -> Test {
    if kind != ColumnKind::Text || wanted.len() < HASH_SET_FROM {
        return Test::OneOf(wanted);
    }
    let text = |scalar| match scalar {
        Scalar::Text(text) => Some(text),
        _ => None,
    };
    Test::OneOfTexts(wanted.into_iter().filter_map(text).collect())
}

fn fault(column: &Column, what: &str) -> Rejection {
    Rejection::invalid(&format!("filter.{}", column.name), format!("The filter.{} {what}.", column.name))
}

// assumed: filter-value
fn scalar(column: &Column, value: &Value) -> Result<Scalar, Rejection> {
    if column.kind == ColumnKind::Json {
        return Err(fault(column, "supports only is_null and is_not_null"));
    }
    if value.is_null() {
        return Err(fault(column, "cannot be compared with null; use is_null or is_not_null"));
    }
    read(column.kind, value).ok_or_else(|| {
        let wanted = match column.kind {
            ColumnKind::Number => "a number",
            ColumnKind::Flag => "true, false, 1 or 0",
            ColumnKind::Time => "a time",
            ColumnKind::Text | ColumnKind::List | ColumnKind::Json => "a text",
        };
        fault(column, &format!("must be {wanted}"))
    })
}

/// Converts a value of a filter, or of a list in a record, to its comparable form.
fn read(kind: ColumnKind, value: &Value) -> Option<Scalar> {
    match kind {
        ColumnKind::Number => parse_number(value).map(Scalar::Number),
        ColumnKind::Time => {
            value.as_str().and_then(parse_time).map(|time| Scalar::Time(time.timestamp_micros()))
        }
        ColumnKind::Flag => flag_of(value).map(Scalar::Flag),
        ColumnKind::Text | ColumnKind::List => match value {
            Value::String(text) => Some(Scalar::Text(fold(text))),
            Value::Number(number) => Some(Scalar::Text(number.to_string())),
            Value::Bool(flag) => Some(Scalar::Text(flag.to_string())),
            _ => None,
        },
        ColumnKind::Json => None,
    }
}

impl Term {
    fn matches_cell(&self, cell: &Cell) -> bool {
        let members = match cell {
            Cell::Json(value) if self.kind == ColumnKind::List => value.as_array().map(Vec::as_slice),
            _ => None,
        };
        let null = *cell == Cell::Null || members.is_some_and(<[Value]>::is_empty);
        match &self.test {
            Test::Null(wanted) => null == *wanted,
            _ if *cell == Cell::Null => false,
            Test::OneOf(wanted) => match members {
                Some(members) => wanted.iter().any(|wanted| holds(members, wanted)),
                None => wanted.iter().any(|wanted| order(self.kind, cell, wanted) == Some(Ordering::Equal)),
            },
            Test::OneOfTexts(wanted) => match cell.as_str() {
                Some(text_value) => wanted.contains(text_value) || wanted.contains(&fold(text_value)),
                None => read(self.kind, &cell.value()).is_some_and(|text_value| match text_value {
                    Scalar::Text(text_value) => wanted.contains(&text_value),
                    _ => false,
                }),
            },
            Test::Range(bounds) => bounds.iter().all(|(comparison, bound)| match members {
                // Membership: `=` requires a member, `!=` its absence.
                Some(members) => holds(members, bound) == (*comparison == Comparison::Equal),
                None => order(self.kind, cell, bound).is_some_and(|order| comparison.holds(order)),
            }),
        }
    }
}

/// Whether a list contains a value.
fn holds(members: &[Value], wanted: &Scalar) -> bool {
    members.iter().any(|member| read(ColumnKind::List, member).as_ref() == Some(wanted))
}

/// Compares a cell with a value of a filter; `None` if they are not comparable.
fn order(kind: ColumnKind, cell: &Cell, wanted: &Scalar) -> Option<Ordering> {
    match (wanted, cell) {
        (Scalar::Number(wanted), cell) => cell.number()?.partial_cmp(wanted),
        (Scalar::Time(wanted), cell) => Some(cell.micros()?.cmp(wanted)),
        (Scalar::Flag(wanted), cell) => Some(cell.flag()?.cmp(wanted)),
        (Scalar::Text(wanted), Cell::Text(text_value)) if same_text(text_value, wanted) => {
            Some(Ordering::Equal)
        }
        (Scalar::Text(wanted), Cell::Text(text_value)) => Some(compare_texts(text_value, wanted)),
        (Scalar::Text(wanted), cell) => match read(kind, &cell.value())? {
            Scalar::Text(text_value) => Some(text_value.as_str().cmp(wanted)),
            _ => None,
        },
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

    fn holds(self, order: Ordering) -> bool {
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
    fn matches_cell(&self, row: Row<'_>) -> bool {
        let texts = self.at.iter().filter_map(|at| row.cells.get(*at).and_then(Cell::as_str));
        texts.into_iter().any(|text| contains_text(text, &self.wanted))
    }
}

#[cfg(test)]
mod tests;
