//! Tables: records of one type by key, in order of creation.
//!
//! Records are rows of [`Cell`]s, a fifth of the size of JSON objects. Every change goes through [`Table::insert`],
//! [`Table::change`] and [`Table::remove`].

mod stored;

use std::collections::HashMap;

use serde_json::Value;

use crate::cell::Cell;
use crate::columns::{ColumnCache, Columns};
use crate::record::Record;
use crate::schema::{Column, Schema};

/// Records of one type. The key of a record is its first column, a UUID or a number.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    schema: &'static Schema,
    /// By number; `None` were removed.
    rows: Vec<Option<Box<[Cell]>>>,
    /// Row numbers by key. Never iterated, since it has no order.
    numbers: HashMap<Box<str>, usize>,
    index: Option<Index>,
    columns: ColumnCache,
}

/// Row numbers by the text of a column that never changes, such as the contact of a message.
#[derive(Debug, Clone)]
struct Index {
    at: usize,
    numbers: HashMap<Box<str>, Vec<usize>>,
}

/// Record of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) schema: &'static Schema,
    /// Position in the order of creation.
    pub(crate) number: usize,
    pub(crate) cells: &'a [Cell],
}

impl Table {
    pub(crate) fn new(schema: &'static Schema) -> Table {
        Table {
            schema,
            rows: Vec::new(),
            numbers: HashMap::new(),
            index: None,
            columns: ColumnCache::default(),
        }
    }

    /// Returns a table with an index on a column, see [`Table::of`]. Values of the column must never change.
    pub(crate) fn indexed(schema: &'static Schema, column: &str) -> Table {
        let index = schema.at(column).map(|at| Index { at, numbers: HashMap::new() });
        Table { index, ..Table::new(schema) }
    }

    /// Whether two tables have the same schema and index.
    pub(crate) fn is_like(&self, other: &Table) -> bool {
        let index = |table: &Table| table.index.as_ref().map(|index| index.at);
        std::ptr::eq(self.schema, other.schema) && index(self) == index(other)
    }

    /// Returns a key that differs from the first column of its row.
    pub(crate) fn mismatched_key(&self) -> Option<&str> {
        let mut keys = self.numbers.iter().map(|(key, number)| (key.as_ref(), *number));
        keys.find(|(key, number)| self.at(*number).is_none_or(|row| row.key() != *key)).map(|(key, _)| key)
    }

    pub(crate) fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// Adds a record, or replaces the one with that key. Unknown properties are dropped.
    pub(crate) fn insert(&mut self, key: &str, record: Record) {
        let cells = self.cells(record);
        match self.numbers.get(key) {
            Some(&number) => {
                if let Some(row) = self.rows.get_mut(number) {
                    *row = Some(cells);
                }
                self.columns.change().changed(number);
            }
            None => {
                let number = self.rows.len();
                self.numbers.insert(key.into(), number);
                if let Some(index) = &mut self.index
                    && let Some(text) = cells.get(index.at).and_then(Cell::as_str)
                {
                    index.numbers.entry(text.into()).or_default().push(number);
                }
                self.rows.push(Some(cells));
                self.columns.change().changed(number);
            }
        }
    }

    fn cells(&self, mut record: Record) -> Box<[Cell]> {
        let take = |column: &Column| {
            Cell::of(column.kind, record.get_mut(column.name).map_or(Value::Null, Value::take))
        };
        self.schema.columns.iter().map(take).collect()
    }

    /// Returns a record with every column, internal ones included.
    pub(crate) fn get(&self, key: &str) -> Option<Record> {
        self.row(key).map(|row| row.record())
    }

    /// Returns a record as the API shows it.
    pub(crate) fn show(&self, key: &str) -> Option<Record> {
        self.row(key).map(|row| row.show())
    }

    pub(crate) fn row(&self, key: &str) -> Option<Row<'_>> {
        self.at(*self.numbers.get(key)?)
    }

    /// Runs `look` with the given columns built and up to date, see [`crate::columns`].
    pub(crate) fn with_columns<T>(
        &self,
        positions: impl Iterator<Item = usize>,
        read: impl FnOnce(&Columns) -> T,
    ) -> T {
        let positions: Vec<usize> = positions.collect();
        loop {
            let columns = self.columns.read();
            if columns.are_built(self.schema, &positions) {
                return read(&columns);
            }
            drop(columns);
            let mut columns = self.columns.write();
            positions.iter().for_each(|at| columns.build(self.schema, &self.rows, *at));
        }
    }

    /// Returns the number of rows ever created.
    pub(crate) fn created(&self) -> usize {
        self.rows.len()
    }

    /// Returns a row by number, if it was not removed.
    pub(crate) fn at(&self, number: usize) -> Option<Row<'_>> {
        let cells = self.rows.get(number)?.as_deref()?;
        Some(Row { schema: self.schema, number, cells })
    }

    fn keys_by_number(&self) -> Vec<Option<&str>> {
        let mut keys = vec![None; self.rows.len()];
        for (key, number) in &self.numbers {
            if let Some(slot) = keys.get_mut(*number) {
                *slot = Some(key.as_ref());
            }
        }
        keys
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.numbers.contains_key(key)
    }

    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Changes a record and returns it as the API shows it, or `None` if it does not exist.
    pub(crate) fn change(&mut self, key: &str, change: impl FnOnce(&mut Record)) -> Option<Record> {
        let number = *self.numbers.get(key)?;
        let mut record = self.at(number)?.record();
        change(&mut record);
        let cells = self.cells(record);
        *self.rows.get_mut(number)? = Some(cells);
        self.columns.change().changed(number);
        self.at(number).map(|row| row.show())
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Record> {
        let number = self.numbers.remove(key)?;
        let record = self.at(number)?.record();
        if let Some(index) = &mut self.index
            && let Some(text) = record.get(self.schema.columns.get(index.at)?.name).and_then(Value::as_str)
            && let Some(numbers) = index.numbers.get_mut(text)
        {
            numbers.retain(|it| *it != number);
            if numbers.is_empty() {
                index.numbers.remove(text);
            }
        }
        *self.rows.get_mut(number)? = None;
        Some(record)
    }

    /// Removes the rows for which `keep` is false.
    pub(crate) fn retain(&mut self, keep: impl Fn(Row<'_>) -> bool) {
        let removed: Vec<String> = self.rows().filter(|row| !keep(*row)).map(|row| row.key()).collect();
        for key in removed {
            self.remove(&key);
        }
    }

    /// Returns the rows in order of creation.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> {
        self.rows.iter().enumerate().filter_map(|(number, row)| {
            row.as_deref().map(|cells| Row { schema: self.schema, number, cells })
        })
    }

    /// Returns the keys of the matching rows.
    pub(crate) fn keys(&self, wanted: impl Fn(Row<'_>) -> bool) -> Vec<String> {
        self.rows().filter(|row| wanted(*row)).map(|row| row.key()).collect()
    }

    /// Returns the rows with that text in the indexed column, in order of creation; none without an index.
    pub(crate) fn of(&self, text: &str) -> impl DoubleEndedIterator<Item = Row<'_>> {
        let numbers = self.index.as_ref().and_then(|index| index.numbers.get(text));
        numbers.into_iter().flatten().filter_map(|number| self.at(*number))
    }

    /// Returns the keys of the matching rows with that text in the indexed column.
    pub(crate) fn keys_of(&self, text: &str, wanted: impl Fn(Row<'_>) -> bool) -> Vec<String> {
        self.of(text).filter(|row| wanted(*row)).map(|row| row.key()).collect()
    }
}

impl<'a> Row<'a> {
    pub(crate) fn cell(self, name: &str) -> &'a Cell {
        self.schema.at(name).and_then(|at| self.cells.get(at)).unwrap_or(&Cell::Null)
    }

    /// Returns the text of a column; `None` if it is null, another type or a time.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.cell(name).as_str()
    }

    pub(crate) fn is(self, name: &str, text: &str) -> bool {
        self.text(name) == Some(text)
    }

    pub(crate) fn value(self, name: &str) -> Value {
        self.cell(name).value()
    }

    pub(crate) fn integer(self, name: &str) -> Option<i64> {
        match self.cell(name) {
            Cell::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the members of an array of texts.
    pub(crate) fn texts(self, name: &str) -> Vec<String> {
        match self.cell(name) {
            Cell::Json(value) => crate::record::texts(value),
            _ => Vec::new(),
        }
    }

    pub(crate) fn key(self) -> String {
        match self.cells.first() {
            Some(Cell::Text(text)) => text.to_string(),
            Some(cell) => cell.value().to_string(),
            None => String::new(),
        }
    }

    /// Returns every column.
    pub(crate) fn record(self) -> Record {
        self.map(|_| true)
    }

    /// Returns the columns that the API shows.
    pub(crate) fn show(self) -> Record {
        self.map(|column| column.shown)
    }

    /// Serializes the columns that the API shows.
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        let mut sign = b'{';
        for (column, cell) in self.schema.columns.iter().zip(self.cells).filter(|(column, _)| column.shown) {
            out.extend([sign, b'"']);
            out.extend(column.name.as_bytes());
            out.extend(b"\":");
            cell.write(out);
            sign = b',';
        }
        out.push(b'}');
    }

    fn map(self, wanted: impl Fn(&Column) -> bool) -> Record {
        // Allocated once: listings create many records.
        let mut record = Record::with_capacity(self.cells.len());
        for (column, cell) in self.schema.columns.iter().zip(self.cells).filter(|(column, _)| wanted(column))
        {
            record.insert(column.name.to_owned(), cell.value());
        }
        record
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{LIST, NOTE};

    fn record(value: Value) -> Record {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn rows_keep_order_of_creation() {
        let mut table = Table::new(&LIST);
        for uuid in ["a", "b", "c"] {
            table.insert(uuid, record(json!({"uuid": uuid, "name": uuid, "shade": "red"})));
        }
        assert_eq!(table.get("b").unwrap().len(), LIST.columns.len());
        let mut written = Vec::new();
        table.row("b").unwrap().write(&mut written);
        assert_eq!(serde_json::from_slice::<Record>(&written).unwrap(), table.show("b").unwrap());
        table.remove("a").unwrap();
        table.insert("b", record(json!({"uuid": "b", "name": "B"})));
        let keys = |table: &Table| table.keys(|_| true).join("");
        assert_eq!((keys(&table).as_str(), table.len()), ("bc", 2));
        let shown = table.change("b", |it| crate::record::set(it, "name", "renamed")).unwrap();
        assert_eq!(shown["name"], "renamed");
        table.retain(|row| row.is("name", "c"));
        assert_eq!(keys(&table), "c");
        assert!(table.remove("b").is_none() && table.change("b", |_| ()).is_none());
    }

    #[test]
    fn table_round_trips_through_json() {
        let mut table = Table::indexed(&NOTE, "object_uuid");
        for (uuid, object) in [("1", "x"), ("2", "y"), ("3", "x"), ("4", "x")] {
            let note =
                json!({"uuid": uuid, "object_uuid": object, "created_at": "2026-02-03T15:55:04.000000Z"});
            table.insert(&format!("key {uuid}"), record(note));
        }
        table.remove("key 1");
        table.remove("key 4");
        let stored = serde_json::to_string(&table).unwrap();
        let mut read: Table = serde_json::from_str(&stored).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), stored);
        read.insert("key 5", record(json!({"uuid": "5", "object_uuid": "x"})));
        let numbers: Vec<usize> = read.of("x").map(|row| row.number).collect();
        assert_eq!(numbers, [2, 4]);
        assert!(serde_json::from_str::<Table>(&stored.replace("NOTE", "NOTES")).is_err());
        for (was, is) in [
            ("\"created\":4", "\"created\":2"),
            ("\"created\":4", "\"created\":18446744073709551615"),
            ("key 3", "key 2"),
            ("\"y\",", "\"y\",7,"),
        ] {
            assert!(stored.contains(was), "{was} {stored}");
            assert!(serde_json::from_str::<Table>(&stored.replace(was, is)).is_err(), "{is}");
        }
    }

    #[test]
    fn index_follows_inserts_and_removals() {
        let mut table = Table::indexed(&NOTE, "object_uuid");
        for (uuid, object) in [("1", "x"), ("2", "y"), ("3", "x")] {
            table.insert(uuid, record(json!({"uuid": uuid, "object_uuid": object})));
        }
        let of = |table: &Table, object: &str| table.keys_of(object, |_| true).join("");
        assert_eq!(of(&table, "x"), "13");
        table.remove("1");
        assert_eq!(
            (of(&table, "x").as_str(), of(&table, "y").as_str(), of(&table, "z").as_str()),
            ("3", "2", "")
        );
    }
}
