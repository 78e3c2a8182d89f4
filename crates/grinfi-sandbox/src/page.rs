//! Listings: the filter, the order and the page that a request asks for.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::filter::Filter;
use crate::record::{Record, parse_number, parse_time};
use crate::refusal::{Faults, Refusal};
use crate::schema::{Column, Kind, Schema};

const DEFAULT_LIMIT: usize = 20;
/// More rows than these are granted to nobody, whatever is asked.
const LARGEST_LIMIT: usize = 1000;
/// How far into a listing the API looks: offset and limit together.
const REACH: usize = 10_000;

/// A record on its way into a listing, with the order in which it was made.
pub(crate) struct Entry<'a> {
    pub(crate) number: u64,
    pub(crate) record: Cow<'a, Record>,
}

/// One page of a listing.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) data: Vec<Record>,
    limit: usize,
    offset: usize,
    total: usize,
}

impl Listing {
    /// `{data, limit, offset, total}`, the envelope of search and lists.
    pub(crate) fn plain(self) -> Value {
        let Listing { data, limit, offset, total } = self;
        json!({"data": data, "limit": limit, "offset": offset, "total": total})
    }

    /// The same with `has_more`.
    pub(crate) fn with_has_more(self) -> Value {
        let has_more = self.offset + self.data.len() < self.total;
        let mut body = self.plain();
        body["has_more"] = Value::from(has_more);
        body
    }

    /// `{data}` alone.
    pub(crate) fn data_only(self) -> Value {
        json!({"data": self.data})
    }
}

/// What a request asks for: the page of a `GET`'s query or of a `POST`'s body.
struct Paging {
    limit: usize,
    offset: usize,
    /// `None` is the order of making.
    order: Option<&'static Column>,
    descending: bool,
}

/// Reads `limit`, `offset`, `order_field`, `order_type` and `filter` from `asked` and lists `entries` by them.
///
/// # Errors
/// 422 for a page or an order without sense; what [`Filter::parse`] refuses.
pub(crate) fn list<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    schema: &'static Schema,
    asked: &Record,
) -> Result<Listing, Refusal> {
    let filter = Filter::parse(asked.get("filter").unwrap_or(&Value::Null), schema)?;
    let paging = Paging::read(asked, schema)?;
    let matching = entries.filter(|entry| filter.matches(&entry.record));
    let sorted = paging.sort(matching);
    let total = sorted.len();
    let data =
        sorted.into_iter().skip(paging.offset).take(paging.limit).map(|entry| entry.record.into_owned());
    Ok(Listing { data: data.collect(), limit: paging.limit, offset: paging.offset, total })
}

impl Paging {
    fn read(asked: &Record, schema: &'static Schema) -> Result<Paging, Refusal> {
        let mut faults = Faults::default();
        let limit = match whole(given(asked, "limit")) {
            Ok(None) => DEFAULT_LIMIT,
            Ok(Some(limit)) if limit >= 1 => limit.min(LARGEST_LIMIT),
            _ => {
                faults.add("limit", "The limit must be a whole number of at least 1.");
                DEFAULT_LIMIT
            }
        };
        let offset = whole(given(asked, "offset")).map(Option::unwrap_or_default).unwrap_or_else(|()| {
            faults.add("offset", "The offset must be a whole number of at least 0.");
            0
        });
        if offset.saturating_add(limit) > REACH {
            faults.add("offset", format!("The offset and the limit reach beyond {REACH} rows."));
        }
        // Pipeline stages and custom fields have no created_at; theirs is the order of making alone.
        let order = match given(asked, "order_field") {
            None => schema.column("created_at"),
            Some(name) => {
                let order = name.as_str().and_then(|name| schema.column(name));
                let order = order.filter(|column| column.kind != Kind::Json);
                if order.is_none() {
                    faults.add("order_field", "The order_field is not a field to order by.");
                }
                order
            }
        };
        let descending = match given(asked, "order_type") {
            None => true,
            Some(word) if word == "desc" => true,
            Some(word) if word == "asc" => false,
            Some(_) => {
                faults.add("order_type", "The order_type must be asc or desc.");
                true
            }
        };
        faults.finish()?;
        Ok(Paging { limit, offset, order, descending })
    }

    /// Nulls come before everything, as in MySQL; of equals the newest comes first, in either direction.
    fn sort<'a>(&self, entries: impl Iterator<Item = Entry<'a>>) -> Vec<Entry<'a>> {
        let mut keyed: Vec<(Key, Entry<'a>)> = entries
            .map(|entry| (self.order.map_or(Key::Null, |it| Key::of(it, &entry.record)), entry))
            .collect();
        keyed.sort_by(|(a, first), (b, second)| {
            let order = a.compare(b);
            let order = if self.descending { order.reverse() } else { order };
            order.then(second.number.cmp(&first.number))
        });
        keyed.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// What is asked; null and an empty text, as in `?limit=`, are nothing.
fn given<'a>(asked: &'a Record, name: &str) -> Option<&'a Value> {
    asked.get(name).filter(|value| !value.is_null() && *value != "")
}

/// A whole number of at least 0, as a number or a numeric string.
fn whole(value: Option<&Value>) -> Result<Option<usize>, ()> {
    match value {
        None => Ok(None),
        Some(Value::Number(number)) => {
            number.as_u64().and_then(|number| usize::try_from(number).ok()).map(Some).ok_or(())
        }
        Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| ()),
        Some(_) => Err(()),
    }
}

enum Key {
    Null,
    Number(f64),
    Time(i64),
    Text(String),
}

impl Key {
    fn of(column: &Column, record: &Record) -> Key {
        let value = record.get(column.name).unwrap_or(&Value::Null);
        let key = match (column.kind, value) {
            (_, Value::Null) => None,
            (Kind::Number, value) => parse_number(value).map(Key::Number),
            (Kind::Time, value) => {
                value.as_str().and_then(parse_time).map(|time| Key::Time(time.timestamp_micros()))
            }
            (Kind::Flag, Value::Bool(flag)) => Some(Key::Number(f64::from(u8::from(*flag)))),
            (Kind::Flag, value) => parse_number(value).map(Key::Number),
            (_, Value::String(text)) => Some(Key::Text(text.to_lowercase())),
            (_, value) => Some(Key::Text(value.to_string())),
        };
        key.unwrap_or(Key::Null)
    }

    fn compare(&self, other: &Key) -> Ordering {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => a.total_cmp(b),
            (Key::Time(a), Key::Time(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            (Key::Null, Key::Null) => Ordering::Equal,
            (Key::Null, _) => Ordering::Less,
            (_, Key::Null) => Ordering::Greater,
            // One column has one kind; were it otherwise, any fixed order would do.
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Key::Null => 0,
            Key::Number(_) => 1,
            Key::Time(_) => 2,
            Key::Text(_) => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{CONTACT, PIPELINE_STAGE};

    fn rows(values: Value) -> Vec<Record> {
        values.as_array().unwrap().iter().map(|value| value.as_object().cloned().unwrap()).collect()
    }

    fn listed(records: &[Record], asked: Value) -> Result<Listing, Refusal> {
        let entries = (0u64..).zip(records).map(|(number, it)| Entry { number, record: Cow::Borrowed(it) });
        list(entries, &CONTACT, asked.as_object().unwrap())
    }

    fn names(listing: &Listing) -> Vec<&str> {
        listing.data.iter().map(|record| record["name"].as_str().unwrap()).collect()
    }

    #[test]
    fn newest_first_unless_asked_and_stable() {
        let records = rows(json!([
            {"name": "a", "created_at": "2026-02-01T00:00:00.000000Z", "position": "z"},
            {"name": "b", "created_at": "2026-02-02T00:00:00.000000Z", "position": null},
            {"name": "c", "created_at": "2026-02-02T00:00:00.000000Z", "position": "Y"},
        ]));
        let order = |asked| names(&listed(&records, asked).unwrap()).join("");
        assert_eq!(order(json!({})), "cba");
        assert_eq!(order(json!({"order_type": "asc"})), "acb");
        assert_eq!(order(json!({"order_field": "position", "order_type": "asc"})), "bca");
        assert_eq!(order(json!({"order_field": "position"})), "acb");
        assert_eq!(order(json!({"order-field": "position", "order-type": "asc"})), "cba");
    }

    #[test]
    fn limits_are_granted_or_refused() {
        let records = rows(json!([{"name": "a"}, {"name": "b"}, {"name": "c"}]));
        let body = listed(&records, json!({"limit": 2, "offset": "1"})).unwrap().with_has_more();
        assert_eq!(body["total"], 3);
        assert_eq!(body["limit"], 2);
        assert_eq!(body["has_more"], false);
        assert_eq!(body["data"].as_array().unwrap().len(), 2);
        assert_eq!(listed(&records, json!({"limit": 5000})).unwrap().plain()["limit"], 1000);
        assert_eq!(listed(&records, json!({"limit": null})).unwrap().plain()["limit"], 20);
        assert_eq!(listed(&records, json!({"limit": "", "order_type": ""})).unwrap().plain()["limit"], 20);
        assert!(listed(&records, json!({"limit": 1000, "offset": 9000})).is_ok());
        for (asked, field) in [
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
            let refusal = listed(&records, asked.clone()).unwrap_err();
            assert_eq!(refusal.status, 422);
            assert!(refusal.body()["error"]["data"].get(field).is_some(), "{asked}");
        }
    }

    #[test]
    fn records_without_times_can_be_listed() {
        let records = rows(json!([{"name": "new", "order": 2}, {"name": "replied", "order": 1}]));
        let entries = (0u64..).zip(&records).map(|(number, it)| Entry { number, record: Cow::Borrowed(it) });
        let asked = json!({"order_field": "order", "order_type": "asc"});
        let listing = list(entries, &PIPELINE_STAGE, asked.as_object().unwrap()).unwrap();
        assert_eq!(names(&listing), ["replied", "new"]);
    }
}
