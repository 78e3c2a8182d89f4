//! Common parts of record operations: read, add, change, remove.

use serde_json::Value;

use super::input::found;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{Record, set};
use crate::rejection::Rejection;
use crate::store::Store;
use crate::table::Table;

/// Selects a table of the store.
pub(super) type TableSelector = fn(&mut Store) -> &mut Table;

/// Returns the record in the path.
pub(super) fn get(table: &Table, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(found(table.show(&call.key()), table.schema().name)?))
}

/// Lists records by the query, with `total` and `has_more`.
pub(super) fn list(table: &Table, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(table, &call.query)?.with_has_more()))
}

/// Lists records by the query without a filter.
pub(super) fn list_unfiltered(table: &Table, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list_unfiltered(table, &call.query)?.with_has_more()))
}

/// Adds a record with the given values.
pub(super) fn add(store: &mut Store, pick: TableSelector, values: Value) -> Record {
    let uuid = store.new_uuid();
    add_as(store, pick, &uuid, values)
}

/// Adds a record with a known UUID.
pub(super) fn add_as(store: &mut Store, pick: TableSelector, uuid: &str, values: Value) -> Record {
    let schema = pick(store).schema();
    let record = store.make(schema, uuid, values);
    pick(store).insert(uuid, record);
    pick(store).show(uuid).unwrap_or_default()
}

/// Changes a record and its `updated_at`.
///
/// # Errors
/// 404 if the record does not exist.
pub(super) fn change(
    store: &mut Store,
    pick: TableSelector,
    key: &str,
    changes: Record,
) -> Result<Record, Rejection> {
    let now = store.now();
    let changed = pick(store).change(key, |record| {
        record.extend(changes);
        set(record, "updated_at", now);
    });
    found(changed, pick(store).schema().name)
}

/// Sets one column of a record, if the record exists.
pub(super) fn put(store: &mut Store, pick: TableSelector, key: &str, name: &str, value: impl Into<Value>) {
    let changes = Record::from_iter([(name.to_owned(), value.into())]);
    // A removed record needs no change.
    drop(change(store, pick, key, changes));
}

/// Removes the record in the path.
///
/// # Errors
/// 404 if it does not exist.
pub(super) fn remove(table: &mut Table, call: &Call) -> Result<Record, Rejection> {
    let name = table.schema().name;
    found(table.remove(&call.key()), name)
}

/// Removes a record without dependent records and responds with 204.
pub(super) fn delete(table: &mut Table, call: &Call) -> ApiResult {
    remove(table, call)?;
    Ok(ApiResponse::no_content())
}

/// Counts rows by the value of a column, without null.
pub(super) fn group_counts<'a>(rows: impl Iterator<Item = crate::table::Row<'a>>, column: &str) -> Value {
    let mut counts: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    for row in rows {
        if let Some(value) = row.text(column) {
            *counts.entry(value.to_owned()).or_default() += 1;
        }
    }
    counted(counts)
}

/// Returns counts as an object.
pub(super) fn counted(counts: impl IntoIterator<Item = (String, u64)>) -> Value {
    counts.into_iter().map(|(name, count)| (name, Value::from(count))).collect()
}
