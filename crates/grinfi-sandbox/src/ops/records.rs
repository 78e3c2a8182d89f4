//! What the operations on records have in common: read, added, changed, removed.

use serde_json::Value;

use super::input::found;
use super::{Answer, Call, Reply};
use crate::page;
use crate::record::{Record, set};
use crate::refusal::Refusal;
use crate::store::Store;
use crate::table::Table;

/// Which table of the store.
pub(super) type Pick = fn(&mut Store) -> &mut Table;

/// The record that the path names.
pub(super) fn get(table: &Table, call: &Call) -> Answer {
    Ok(Reply::ok(found(table.show(&call.key()), table.schema().name)?))
}

/// A listing of the query, counted, with `has_more`.
pub(super) fn list(table: &Table, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(table, &call.query)?.with_has_more()))
}

/// The same for those that take no filter.
pub(super) fn list_unfiltered(table: &Table, call: &Call) -> Answer {
    Ok(Reply::ok(page::list_unfiltered(table, &call.query)?.with_has_more()))
}

/// Makes a record with the values given and adds it.
pub(super) fn add(store: &mut Store, pick: Pick, values: Value) -> Record {
    let uuid = store.new_uuid();
    add_as(store, pick, &uuid, values)
}

/// The same under a uuid that is known before.
pub(super) fn add_as(store: &mut Store, pick: Pick, uuid: &str, values: Value) -> Record {
    let schema = pick(store).schema();
    let record = store.make(schema, uuid, values);
    pick(store).insert(uuid, record);
    pick(store).show(uuid).unwrap_or_default()
}

/// Changes a record and its time.
///
/// # Errors
/// 404 if there is none of that key.
pub(super) fn change(store: &mut Store, pick: Pick, key: &str, changes: Record) -> Result<Record, Refusal> {
    let now = store.now();
    let changed = pick(store).change(key, |record| {
        record.extend(changes);
        set(record, "updated_at", now);
    });
    found(changed, pick(store).schema().name)
}

/// Changes one column of a record, if the record is there.
pub(super) fn put(store: &mut Store, pick: Pick, key: &str, name: &str, value: impl Into<Value>) {
    let changes = Record::from_iter([(name.to_owned(), value.into())]);
    // What is gone needs no change.
    drop(change(store, pick, key, changes));
}

/// Removes the record that the path names.
///
/// # Errors
/// 404 if there is none.
pub(super) fn remove(table: &mut Table, call: &Call) -> Result<Record, Refusal> {
    let name = table.schema().name;
    found(table.remove(&call.key()), name)
}

/// The same as an answer, for records that nothing else hangs on.
pub(super) fn delete(table: &mut Table, call: &Call) -> Answer {
    remove(table, call)?;
    Ok(Reply::no_content())
}

/// How many rows there are of each value of a column; rows without a value are left out.
pub(super) fn group_counts<'a>(rows: impl Iterator<Item = crate::table::Row<'a>>, column: &str) -> Value {
    let mut counts: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    for row in rows {
        if let Some(value) = row.text(column) {
            *counts.entry(value.to_owned()).or_default() += 1;
        }
    }
    counted(counts)
}

/// Counts by name.
pub(super) fn counted(counts: impl IntoIterator<Item = (String, u64)>) -> Value {
    counts.into_iter().map(|(name, count)| (name, Value::from(count))).collect()
}
