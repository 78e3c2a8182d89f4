//! Listings: filter, order and page of a request.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::filter::Filter;
use crate::record::Record;
use crate::rejection::{FieldErrors, Rejection};
use crate::schema::{ColumnKind, Schema};
use crate::table::{Row, Table};

const DEFAULT_LIMIT: usize = 20;
/// Largest page; larger limits are reduced.
// assumed: page-cap
const MAX_LIMIT: usize = 1000;

/// One page of a listing.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) data: Vec<Record>,
    limit: usize,
    offset: usize,
    total: usize,
}

impl Listing {
    /// Returns the envelope `{data, limit, offset, total}`.
    pub(crate) fn plain(self) -> Value {
        Value::Object(self.envelope())
    }

    fn envelope(self) -> Record {
        let Listing { data, limit, offset, total } = self;
        let data = data.into_iter().map(Value::Object).collect();
        [("data", data), ("limit", limit.into()), ("offset", offset.into()), ("total", total.into())]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Returns the envelope with `has_more`.
    pub(crate) fn with_has_more(self) -> Value {
        let has_more = self.offset + self.data.len() < self.total;
        let mut body = self.envelope();
        body.insert("has_more".to_owned(), has_more.into());
        Value::Object(body)
    }

    /// Returns `{data}`.
    pub(crate) fn data_only(self) -> Value {
        json!({"data": self.data.into_iter().map(Value::Object).collect::<Value>()})
    }

    /// Returns the rows as a bare array.
    pub(crate) fn into_array(self) -> Value {
        self.data.into_iter().map(Value::Object).collect()
    }
}

/// Page and order of a request.
struct Paging {
    limit: usize,
    offset: usize,
    /// Position and type of the order column; `None` is the order of creation.
    order: Option<(usize, ColumnKind)>,
    descending: bool,
}

/// Lists a table by `limit`, `offset`, `order_field`, `order_type` and `filter` of `parameters`.
///
/// # Errors
/// 422 for an invalid page or order; the errors of [`Filter::parse`].
pub(crate) fn list(table: &Table, parameters: &Record) -> Result<Listing, Rejection> {
    let filter = Filter::parse(parameters.get("filter").unwrap_or(&Value::Null), table.schema())?;
    select(table, parameters, &filter, usize::MAX)
}

/// Lists a table like [`list`], but only its first `reach` matching rows.
///
/// # Errors
/// As [`list`]; 422 for a page beyond `reach`.
pub(crate) fn search(table: &Table, parameters: &Record, max_rows: usize) -> Result<Listing, Rejection> {
    let filter = Filter::parse(parameters.get("filter").unwrap_or(&Value::Null), table.schema())?;
    select(table, parameters, &filter, max_rows)
}

/// Lists a table by `search`, a text, without a filter.
///
/// # Errors
/// 422 for an invalid page or order.
pub(crate) fn list_by_text(table: &Table, parameters: &Record) -> Result<Listing, Rejection> {
    let wanted = parameters.get("search").and_then(Value::as_str).unwrap_or_default();
    select(table, parameters, &Filter::text(wanted, table.schema()), usize::MAX)
}

/// Lists a table and ignores a filter.
///
/// # Errors
/// 422 for an invalid page or order.
pub(crate) fn list_unfiltered(table: &Table, parameters: &Record) -> Result<Listing, Rejection> {
    select(table, parameters, &Filter::default(), usize::MAX)
}

/// Returns all rows, newest first.
pub(crate) fn everything(table: &Table) -> Listing {
    let data: Vec<Record> = table.rows().rev().map(Row::show).collect();
    let total = data.len();
    Listing { data, limit: total.max(DEFAULT_LIMIT), offset: 0, total }
}

fn select(
    table: &Table,
    parameters: &Record,
    filter: &Filter,
    max_rows: usize,
) -> Result<Listing, Rejection> {
    let FoundRows { rows, limit, offset, total } = find(table, parameters, filter, max_rows)?;
    let data = rows.into_iter().filter_map(|number| table.at(number)).map(Row::show).collect();
    Ok(Listing { data, limit, offset, total })
}

/// Rows of a page by number.
pub(crate) struct FoundRows {
    pub(crate) rows: Vec<usize>,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) total: usize,
}

/// Finds the rows of [`search`].
///
/// # Errors
/// As [`search`].
pub(crate) fn find_rows(table: &Table, parameters: &Record, max_rows: usize) -> Result<FoundRows, Rejection> {
    let filter = Filter::parse(parameters.get("filter").unwrap_or(&Value::Null), table.schema())?;
    find(table, parameters, &filter, max_rows)
}

fn find(
    table: &Table,
    parameters: &Record,
    filter: &Filter,
    max_rows: usize,
) -> Result<FoundRows, Rejection> {
    let paging = Paging::read(parameters, table.schema(), max_rows)?;
    let positions = filter.positions().chain(paging.order.map(|(at, _)| at));
    let (rows, total) = table.with_columns(positions, |columns| {
        let mut rows = filter.select(table, columns);
        let total = rows.len();
        let end = paging.offset.saturating_add(paging.limit).min(total);
        let column = paging.order.and_then(|(at, _)| columns.get(at));
        first(&mut rows, end, |a, b| match column {
            Some(column) => paging.directed(column.compare(a, b), a, b),
            None => paging.directed(paging.by_cells(table, a, b), a, b),
        });
        rows.drain(..paging.offset.min(rows.len()));
        (rows, total)
    });
    Ok(FoundRows { rows, limit: paging.limit, offset: paging.offset, total })
}

impl Paging {
    // assumed: page-errors
    fn read(parameters: &Record, schema: &Schema, max_rows: usize) -> Result<Paging, Rejection> {
        let mut errors = FieldErrors::default();
        let limit = match parse_integer(parameter(parameters, "limit")) {
            Ok(None) => DEFAULT_LIMIT,
            Ok(Some(limit)) if limit >= 1 => limit.min(MAX_LIMIT),
            _ => {
                errors.add("limit", "The limit must be a whole number of at least 1.");
                DEFAULT_LIMIT
            }
        };
        let offset = parse_integer(parameter(parameters, "offset"))
            .map(Option::unwrap_or_default)
            .unwrap_or_else(|()| {
                errors.add("offset", "The offset must be a whole number of at least 0.");
                0
            });
        if offset.saturating_add(limit) > max_rows {
            errors.add("offset", format!("The offset plus the limit must not exceed {max_rows}."));
        }
        let column = |name: &str| schema.at(name).and_then(|at| Some((at, schema.columns.get(at)?.kind)));
        // Pipeline stages and custom fields have no created_at; they are in order of creation.
        let order = match parameter(parameters, "order_field") {
            None => column("created_at"),
            Some(name) if name == "created_at" => column("created_at"),
            Some(name) => {
                let order = name.as_str().and_then(column).filter(|(_, kind)| *kind != ColumnKind::Json);
                if order.is_none() {
                    errors.add("order_field", "The order_field is not a field to order by.");
                }
                order
            }
        };
        let descending = match parameter(parameters, "order_type") {
            None => true,
            Some(word) if word == "desc" => true,
            Some(word) if word == "asc" => false,
            Some(_) => {
                errors.add("order_type", "The order_type must be asc or desc.");
                true
            }
        };
        errors.finish()?;
        Ok(Paging { limit, offset, order, descending })
    }

    /// Nulls sort first, as in MySQL.
    fn by_cells(&self, table: &Table, first: usize, second: usize) -> Ordering {
        let cell = |number: usize, at: usize| table.at(number).and_then(|row| row.cells.get(at));
        let order = self.order.and_then(|(at, kind)| Some(cell(first, at)?.compare(cell(second, at)?, kind)));
        order.unwrap_or(Ordering::Equal)
    }

    /// Equal rows are sorted newest first, in both directions.
    // assumed: order-ties
    fn directed(&self, order: Ordering, first: usize, second: usize) -> Ordering {
        let order = if self.descending { order.reverse() } else { order };
        order.then(second.cmp(&first))
    }
}

/// Keeps the first `count` rows, sorted.
fn first(rows: &mut Vec<usize>, count: usize, compare: impl Fn(usize, usize) -> Ordering) {
    let compare = |a: &usize, b: &usize| compare(*a, *b);
    // Rows beyond the page need no order among themselves.
    if 0 < count && count < rows.len() {
        rows.select_nth_unstable_by(count - 1, compare);
    }
    rows.truncate(count);
    rows.sort_unstable_by(compare);
}

/// Returns a parameter; null and an empty text, as in `?limit=`, count as absent.
fn parameter<'a>(parameters: &'a Record, name: &str) -> Option<&'a Value> {
    parameters.get(name).filter(|value| !value.is_null() && *value != "")
}

/// Parses an integer of at least 0 from a number or a text.
fn parse_integer(value: Option<&Value>) -> Result<Option<usize>, ()> {
    match value {
        None => Ok(None),
        Some(Value::Number(number)) => {
            number.as_u64().and_then(|number| usize::try_from(number).ok()).map(Some).ok_or(())
        }
        Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| ()),
        Some(_) => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{CONTACT, PIPELINE_STAGE};

    fn rows(schema: &'static Schema, values: Value) -> Table {
        let mut table = Table::new(schema);
        for (number, value) in values.as_array().unwrap().iter().enumerate() {
            table.insert(&number.to_string(), value.as_object().cloned().unwrap());
        }
        table
    }

    fn listed(records: &Table, parameters: Value) -> Result<Listing, Rejection> {
        search(records, parameters.as_object().unwrap(), 10_000)
    }

    fn names(listing: &Listing) -> Vec<&str> {
        listing.data.iter().map(|record| record["name"].as_str().unwrap()).collect()
    }

    #[test]
    fn default_order_is_newest_first() {
        let records = rows(
            &CONTACT,
            json!([
                {"name": "a", "created_at": "2026-02-01T00:00:00.000000Z", "position": "z"},
                {"name": "b", "created_at": "2026-02-02T00:00:00.000000Z", "position": null},
                {"name": "c", "created_at": "2026-02-02T00:00:00.000000Z", "position": "Y"},
            ]),
        );
        let order = |parameters| names(&listed(&records, parameters).unwrap()).join("");
        assert_eq!(order(json!({})), "cba");
        assert_eq!(order(json!({"order_type": "asc"})), "acb");
        assert_eq!(order(json!({"order_field": "position", "order_type": "asc"})), "bca");
        assert_eq!(order(json!({"order_field": "position"})), "acb");
        assert_eq!(order(json!({"order-field": "position", "order-type": "asc"})), "cba");
    }

    #[test]
    fn limits_are_applied_or_rejected() {
        let records = rows(&CONTACT, json!([{"name": "a"}, {"name": "b"}, {"name": "c"}]));
        let body = listed(&records, json!({"limit": 2, "offset": "1"})).unwrap().with_has_more();
        assert_eq!(body["total"], 3);
        assert_eq!(body["limit"], 2);
        assert_eq!(body["has_more"], false);
        assert_eq!(body["data"].as_array().unwrap().len(), 2);
        assert_eq!(listed(&records, json!({"limit": 5000})).unwrap().plain()["limit"], 1000);
        assert_eq!(listed(&records, json!({"limit": null})).unwrap().plain()["limit"], 20);
        assert_eq!(listed(&records, json!({"limit": "", "order_type": ""})).unwrap().plain()["limit"], 20);
        assert!(listed(&records, json!({"limit": 1000, "offset": 9000})).is_ok());
        for (parameters, field) in [
            (json!({"limit": 0}), "limit"),
            (json!({"limit": -1}), "limit"),
            (json!({"limit": "many"}), "limit"),
            (json!({"limit": 1.5}), "limit"),
            (json!({"offset": -1}), "offset"),
            (json!({"offset": 9_981}), "offset"),
            (json!({"offset": u64::MAX}), "offset"),
            (json!({"order_field": "nickname"}), "order_field"),
            (json!({"order_field": "posts"}), "order_field"),
            (json!({"order_type": "up"}), "order_type"),
        ] {
            let rejection = listed(&records, parameters.clone()).unwrap_err();
            assert_eq!(rejection.status, 422);
            assert!(rejection.body()["error"]["data"].get(field).is_some(), "{parameters}");
        }
    }

    #[test]
    fn lists_records_without_creation_time() {
        let records =
            rows(&PIPELINE_STAGE, json!([{"name": "new", "order": 2}, {"name": "replied", "order": 1}]));
        let parameters = json!({"order_field": "order", "order_type": "asc"});
        let listing = list(&records, parameters.as_object().unwrap()).unwrap();
        assert_eq!(names(&listing), ["replied", "new"]);
    }
}
