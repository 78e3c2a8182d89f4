//! The filter language of the listings: an AND of fields, each met by a value, one of several values, a range or a
//! null test.
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
//! Columns know how they compare: times as times, numbers as numbers, texts without regard to case. The last is
//! an assumption, taken from the usual collation of MySQL. Null meets no comparison, `!=` included. A value that cannot be
//! compared (a number column asked for `"x"`) is refused rather than matched against nothing.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use crate::cell::{Cell, compare_texts, contains_text, flag_of, fold, same_text};
use crate::columns::{Column as Laid, Columns, NULL, Texts};
use crate::record::{parse_number, parse_time};
use crate::refusal::Refusal;
use crate::schema::{Column, Kind, Schema};
use crate::table::{Row, Table};

/// From so many values on, one of several texts is looked up and not compared one by one.
const MANY: usize = 8;

/// A filter that was understood; the empty one is met by every record. What it compares with was read once, so that
/// meeting it reads no text, number or time anew.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    terms: Vec<Term>,
    search: Option<Search>,
}

#[derive(Debug)]
struct Term {
    /// The place of the column.
    at: usize,
    kind: Kind,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Null(bool),
    OneOf(Vec<Scalar>),
    /// One of many texts, folded.
    OneOfTexts(HashSet<String>),
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
#[derive(Debug, PartialEq)]
enum Scalar {
    /// Folded.
    Text(String),
    Number(f64),
    Flag(bool),
    /// In microseconds since 1970.
    Time(i64),
}

#[derive(Debug)]
struct Search {
    /// The places of the columns that are searched.
    at: Vec<usize>,
    /// Folded.
    wanted: String,
}

impl Filter {
    /// Understands a filter for records of `schema`. Null, an empty text and PHP's empty map, `[]`, are the empty
    /// filter.
    ///
    /// # Errors
    /// 500 for a key the schema does not have, as the API answers it; 422 for a value without sense.
    // assumed: filter-fields
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
            let column = schema.at(name).and_then(|at| Some((at, schema.columns.get(at)?)));
            let column = column.filter(|_| !schema.unfilterable.contains(&name.as_str()));
            let (at, column) = column.ok_or_else(|| Refusal::undefined_column(name))?;
            filter.terms.push(Term { at, kind: column.kind, test: test(column, value)? });
        }
        Ok(filter)
    }

    /// The filter that a text search is.
    pub(crate) fn text(text: &str, schema: &Schema) -> Filter {
        Filter { terms: Vec::new(), search: find(text, schema) }
    }

    /// The numbers of the rows of a table that meet every term, in the order of their making.
    pub(crate) fn select(&self, table: &Table, columns: &Columns) -> Vec<usize> {
        let mut chosen: Option<Vec<usize>> = None;
        // What is laid out by itself is looked at first.
        let (quick, slow): (Vec<&Term>, Vec<&Term>) =
            self.terms.iter().partition(|term| columns.get(term.at).is_some());
        for term in quick {
            if let Some(column) = columns.get(term.at) {
                chosen = Some(term.among(column, chosen, table));
            }
        }
        let mut chosen = chosen.unwrap_or_else(|| (0..table.made()).collect());
        let meets = |term: &Term, row: Row<'_>| row.cells.get(term.at).is_some_and(|cell| term.met_by(cell));
        chosen.retain(|number| {
            table.at(*number).is_some_and(|row| {
                slow.iter().all(|term| meets(term, row))
                    && self.search.as_ref().is_none_or(|search| search.met_by(row))
            })
        });
        chosen
    }

    /// The places of the columns that the terms ask for.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        self.terms.iter().map(|term| term.at)
    }

    /// Whether a record meets every term.
    pub(crate) fn matches(&self, row: Row<'_>) -> bool {
        self.terms.iter().all(|term| row.cells.get(term.at).is_some_and(|cell| term.met_by(cell)))
            && self.search.as_ref().is_none_or(|search| search.met_by(row))
    }
}

fn search(value: &Value, schema: &Schema) -> Result<Option<Search>, Refusal> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(find(text, schema)),
        _ => Err(Refusal::invalid("filter.q", "The filter.q must be a string.")),
    }
}

fn find(text: &str, schema: &Schema) -> Option<Search> {
    let wanted = fold(text.trim());
    let at = schema.searched.iter().filter_map(|name| schema.at(name)).collect();
    (!wanted.is_empty()).then_some(Search { at, wanted })
}

fn test(column: &Column, value: &Value) -> Result<Test, Refusal> {
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
                if column.kind == Kind::List && !comparison.is_equality() {
                    return Err(fault(
                        column,
                        &format!("holds several values and cannot be compared by {sign}"),
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

fn one_of(wanted: Vec<Scalar>, kind: Kind) -> Test {
    if kind != Kind::Text || wanted.len() < MANY {
        return Test::OneOf(wanted);
    }
    let text = |scalar| match scalar {
        Scalar::Text(text) => Some(text),
        _ => None,
    };
    Test::OneOfTexts(wanted.into_iter().filter_map(text).collect())
}

fn fault(column: &Column, what: &str) -> Refusal {
    Refusal::invalid(&format!("filter.{}", column.name), format!("The filter.{} {what}.", column.name))
}

// assumed: filter-value
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

/// A value of a filter, or of a list of a record, in the form in which it compares.
fn read(kind: Kind, value: &Value) -> Option<Scalar> {
    match kind {
        Kind::Number => parse_number(value).map(Scalar::Number),
        Kind::Time => value.as_str().and_then(parse_time).map(|time| Scalar::Time(time.timestamp_micros())),
        Kind::Flag => flag_of(value).map(Scalar::Flag),
        Kind::Text | Kind::List => match value {
            Value::String(text) => Some(Scalar::Text(fold(text))),
            Value::Number(number) => Some(Scalar::Text(number.to_string())),
            Value::Bool(flag) => Some(Scalar::Text(flag.to_string())),
            _ => None,
        },
        Kind::Json => None,
    }
}

/// Those of the rows chosen before, or of all, whose value passes.
fn passing<T: Copy>(values: &[T], chosen: Option<Vec<usize>>, pass: impl Fn(T, usize) -> bool) -> Vec<usize> {
    match chosen {
        Some(mut chosen) => {
            chosen.retain(|row| values.get(*row).is_some_and(|value| pass(*value, *row)));
            chosen
        }
        None => {
            values.iter().enumerate().filter(|(row, value)| pass(**value, *row)).map(|(row, _)| row).collect()
        }
    }
}

impl Term {
    /// The rows that meet the term, by its column.
    fn among(&self, column: &Laid, chosen: Option<Vec<usize>>, table: &Table) -> Vec<usize> {
        let by_cell = |row: usize| {
            table.at(row).and_then(|row| row.cells.get(self.at)).is_some_and(|cell| self.met_by(cell))
        };
        match column {
            Laid::Texts(texts) => self.among_texts(texts, chosen),
            // What is no number may be null or not; the cell knows.
            Laid::Numbers(values) => passing(values, chosen, |value, row| {
                if value.is_nan() {
                    by_cell(row)
                } else {
                    self.passes(|wanted| match wanted {
                        Scalar::Number(wanted) => value.partial_cmp(wanted),
                        _ => None,
                    })
                }
            }),
            Laid::Times(values) => passing(values, chosen, |value, row| match value {
                None => by_cell(row),
                Some(value) => self.passes(|wanted| match wanted {
                    Scalar::Time(wanted) => Some(value.cmp(wanted)),
                    _ => None,
                }),
            }),
            Laid::Flags(values) => passing(values, chosen, |value, row| match value {
                None => by_cell(row),
                Some(value) => self.passes(|wanted| match wanted {
                    Scalar::Flag(wanted) => Some(value.cmp(wanted)),
                    _ => None,
                }),
            }),
        }
    }

    /// Whether a value that is not null passes; `order` tells how it compares.
    fn passes(&self, order: impl Fn(&Scalar) -> Option<Ordering>) -> bool {
        match &self.test {
            Test::Null(wanted) => !*wanted,
            Test::OneOf(wanted) => wanted.iter().any(|wanted| order(wanted) == Some(Ordering::Equal)),
            Test::OneOfTexts(_) => false,
            Test::Range(bounds) => bounds
                .iter()
                .all(|(comparison, bound)| order(bound).is_some_and(|order| comparison.holds(order))),
        }
    }

    /// A text is asked once for all rows that have it.
    fn among_texts(&self, texts: &Texts, chosen: Option<Vec<usize>>) -> Vec<usize> {
        let mut wanted = match &self.test {
            Test::Null(wanted) => return passing(&texts.codes, chosen, |code, _| (code == NULL) == *wanted),
            Test::OneOf(wanted) => {
                let code = |wanted: &Scalar| match wanted {
                    Scalar::Text(text) => texts.code(text),
                    _ => None,
                };
                wanted.iter().filter_map(code).collect()
            }
            Test::OneOfTexts(wanted) => {
                wanted.iter().filter_map(|text| texts.code(text)).collect::<Vec<u32>>()
            }
            Test::Range(_) => {
                let passes = |held: &str| {
                    self.passes(|wanted| match wanted {
                        Scalar::Text(wanted) => Some(held.cmp(wanted.as_str())),
                        _ => None,
                    })
                };
                // The first two codes are those of no text at all.
                let passing: Vec<bool> =
                    texts.folded.iter().enumerate().map(|(code, text)| code > 1 && passes(text)).collect();
                let pass = |code: u32| usize::try_from(code).ok().and_then(|code| passing.get(code)).copied();
                return self::passing(&texts.codes, chosen, |code, _| pass(code) == Some(true));
            }
        };
        wanted.sort_unstable();
        match wanted.as_slice() {
            [] => Vec::new(),
            [one] => passing(&texts.codes, chosen, |code, _| code == *one),
            many => passing(&texts.codes, chosen, |code, _| many.binary_search(&code).is_ok()),
        }
    }

    fn met_by(&self, cell: &Cell) -> bool {
        let members = match cell {
            Cell::Json(value) if self.kind == Kind::List => value.as_array().map(Vec::as_slice),
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
                Some(held) => wanted.contains(held) || wanted.contains(&fold(held)),
                None => read(self.kind, &cell.value()).is_some_and(|held| match held {
                    Scalar::Text(held) => wanted.contains(&held),
                    _ => false,
                }),
            },
            Test::Range(bounds) => bounds.iter().all(|(comparison, bound)| match members {
                // Membership: `=` asks for a member, `!=` for its absence.
                Some(members) => holds(members, bound) == (*comparison == Comparison::Equal),
                None => order(self.kind, cell, bound).is_some_and(|order| comparison.holds(order)),
            }),
        }
    }
}

/// Whether a list has that member.
fn holds(members: &[Value], wanted: &Scalar) -> bool {
    members.iter().any(|member| read(Kind::List, member).as_ref() == Some(wanted))
}

/// How a cell compares with a value of a filter; `None` if they do not.
fn order(kind: Kind, cell: &Cell, wanted: &Scalar) -> Option<Ordering> {
    match (wanted, cell) {
        (Scalar::Number(wanted), cell) => cell.number()?.partial_cmp(wanted),
        (Scalar::Time(wanted), cell) => Some(cell.micros()?.cmp(wanted)),
        (Scalar::Flag(wanted), cell) => Some(cell.flag()?.cmp(wanted)),
        (Scalar::Text(wanted), Cell::Text(held)) if same_text(held, wanted) => Some(Ordering::Equal),
        (Scalar::Text(wanted), Cell::Text(held)) => Some(compare_texts(held, wanted)),
        (Scalar::Text(wanted), cell) => match read(kind, &cell.value())? {
            Scalar::Text(held) => Some(held.as_str().cmp(wanted)),
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
    fn met_by(&self, row: Row<'_>) -> bool {
        let texts = self.at.iter().filter_map(|at| row.cells.get(*at).and_then(Cell::as_str));
        texts.into_iter().any(|text| contains_text(text, &self.wanted))
    }
}

#[cfg(test)]
mod tests;
