//! A table: the records of one kind by their key, in the order in which they were made.
//!
//! Records are kept as rows of [`Cell`]s, a fifth of the size of a map of names and values. Every change goes through
//! [`Table::insert`], [`Table::change`] and [`Table::remove`].

use std::collections::HashMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::cell::Cell;
use crate::columns::{Columns, LaidOut};
use crate::record::Record;
use crate::schema::{Column, Schema};

/// More rows than these have never been made in one table.
const MOST: usize = 100_000_000;

/// The records of one kind. The key of a record is its first column, a uuid or a number.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    schema: &'static Schema,
    /// By the number in which they were made; `None` were removed.
    rows: Vec<Option<Box<[Cell]>>>,
    /// The numbers by key. Never iterated: it has no order.
    numbers: HashMap<Box<str>, usize>,
    index: Option<Index>,
    columns: LaidOut,
}

/// The numbers of the rows by the text of a column that never changes, such as the contact a message is of.
#[derive(Debug, Clone)]
struct Index {
    at: usize,
    numbers: HashMap<Box<str>, Vec<usize>>,
}

/// A record in its table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) schema: &'static Schema,
    /// The order of making.
    pub(crate) number: usize,
    pub(crate) cells: &'a [Cell],
}

impl Table {
    pub(crate) fn new(schema: &'static Schema) -> Table {
        Table { schema, rows: Vec::new(), numbers: HashMap::new(), index: None, columns: LaidOut::default() }
    }

    /// A table that finds its rows by a column, see [`Table::of`]. The column's value must never change.
    pub(crate) fn indexed(schema: &'static Schema, column: &str) -> Table {
        let index = schema.at(column).map(|at| Index { at, numbers: HashMap::new() });
        Table { index, ..Table::new(schema) }
    }

    /// Whether the other holds the same kind of record, found by the same column.
    pub(crate) fn is_like(&self, other: &Table) -> bool {
        let index = |table: &Table| table.index.as_ref().map(|index| index.at);
        std::ptr::eq(self.schema, other.schema) && index(self) == index(other)
    }

    /// A row whose key is not what its first column says.
    pub(crate) fn mislaid(&self) -> Option<&str> {
        let mut keys = self.numbers.iter().map(|(key, number)| (key.as_ref(), *number));
        keys.find(|(key, number)| self.at(*number).is_none_or(|row| row.key() != *key)).map(|(key, _)| key)
    }

    pub(crate) fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// Adds a record, or puts it in the place of the one of that key. What is no column is dropped.
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

    /// A record with every column, those the API does not show included.
    pub(crate) fn get(&self, key: &str) -> Option<Record> {
        self.row(key).map(|row| row.record())
    }

    /// A record as the API shows it.
    pub(crate) fn show(&self, key: &str) -> Option<Record> {
        self.row(key).map(|row| row.show())
    }

    pub(crate) fn row(&self, key: &str) -> Option<Row<'_>> {
        self.at(*self.numbers.get(key)?)
    }

    /// Looks at some columns by themselves, see [`crate::columns`].
    pub(crate) fn with_columns<T>(
        &self,
        places: impl Iterator<Item = usize>,
        look: impl FnOnce(&Columns) -> T,
    ) -> T {
        let places: Vec<usize> = places.collect();
        loop {
            let columns = self.columns.read();
            if columns.are_ready(self.schema, &places) {
                return look(&columns);
            }
            drop(columns);
            let mut columns = self.columns.write();
            places.iter().for_each(|at| columns.ready(self.schema, &self.rows, *at));
        }
    }

    /// How many rows were ever made.
    pub(crate) fn made(&self) -> usize {
        self.rows.len()
    }

    /// The row of that number, if it is still there.
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

    /// Changes a record; its new form as the API shows it, or `None` if there is no such record.
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

    /// Removes what is not kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(Row<'_>) -> bool) {
        let gone: Vec<String> = self.rows().filter(|row| !keep(*row)).map(|row| row.key()).collect();
        for key in gone {
            self.remove(&key);
        }
    }

    /// The rows in the order of their making.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> {
        self.rows.iter().enumerate().filter_map(|(number, row)| {
            row.as_deref().map(|cells| Row { schema: self.schema, number, cells })
        })
    }

    /// The keys of the rows that meet a condition.
    pub(crate) fn keys(&self, wanted: impl Fn(Row<'_>) -> bool) -> Vec<String> {
        self.rows().filter(|row| wanted(*row)).map(|row| row.key()).collect()
    }

    /// The rows whose indexed column is that text, in the order of their making; none if the table has no index.
    pub(crate) fn of(&self, text: &str) -> impl DoubleEndedIterator<Item = Row<'_>> {
        let numbers = self.index.as_ref().and_then(|index| index.numbers.get(text));
        numbers.into_iter().flatten().filter_map(|number| self.at(*number))
    }

    /// The keys of the rows whose indexed column is that text and that meet a condition.
    pub(crate) fn keys_of(&self, text: &str, wanted: impl Fn(Row<'_>) -> bool) -> Vec<String> {
        self.of(text).filter(|row| wanted(*row)).map(|row| row.key()).collect()
    }
}

impl<'a> Row<'a> {
    pub(crate) fn cell(self, name: &str) -> &'a Cell {
        self.schema.at(name).and_then(|at| self.cells.get(at)).unwrap_or(&Cell::Null)
    }

    /// The text of a column; `None` when it is null, no text or a time.
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

    /// The members of a column that is an array of texts.
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

    /// Every column.
    pub(crate) fn record(self) -> Record {
        self.map(|_| true)
    }

    /// The columns that the API shows.
    pub(crate) fn show(self) -> Record {
        self.map(|column| column.shown)
    }

    /// Writes the columns that the API shows as a JSON map.
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
        // Of its final size from the start: listings make many.
        let mut record = Record::with_capacity(self.cells.len());
        for (column, cell) in self.schema.columns.iter().zip(self.cells).filter(|(column, _)| wanted(column))
        {
            record.insert(column.name.to_owned(), cell.value());
        }
        record
    }
}

/// A table as it is kept: the key, the number and the values of each row.
#[derive(Serialize, Deserialize)]
struct Kept {
    schema: String,
    index: Option<String>,
    columns: Vec<String>,
    made: usize,
    rows: Vec<(String, usize, Vec<Value>)>,
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let keys = self.keys_by_number();
        let columns = self.schema.columns;
        let row = |row: Row<'_>| {
            let key = keys.get(row.number).copied().flatten().unwrap_or_default().to_owned();
            (key, row.number, row.cells.iter().map(Cell::value).collect())
        };
        let index = self.index.as_ref().and_then(|index| columns.get(index.at));
        let kept = Kept {
            schema: self.schema.id.to_owned(),
            index: index.map(|column| column.name.to_owned()),
            columns: columns.iter().map(|column| column.name.to_owned()).collect(),
            made: self.rows.len(),
            rows: self.rows().map(row).collect(),
        };
        kept.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Table, D::Error> {
        let kept = Kept::deserialize(from)?;
        let schema = Schema::of_id(&kept.schema)
            .ok_or_else(|| D::Error::custom(format!("{:?} is no kind of record", kept.schema)))?;
        let mut table = match &kept.index {
            Some(column) => Table::indexed(schema, column),
            None => Table::new(schema),
        };
        if kept.made > MOST {
            return Err(D::Error::custom(format!("{} rows beyond counting", kept.schema)));
        }
        for (key, number, values) in kept.rows {
            if number >= kept.made || number < table.rows.len() {
                return Err(D::Error::custom(format!("{} rows out of order", kept.schema)));
            }
            if table.contains(&key) || values.len() != kept.columns.len() {
                return Err(D::Error::custom(format!(
                    "{} row {key:?} twice, or not of its columns",
                    kept.schema
                )));
            }
            table.rows.resize_with(number, || None);
            table.insert(&key, kept.columns.iter().cloned().zip(values).collect());
        }
        table.rows.resize_with(kept.made, || None);
        Ok(table)
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
    fn rows_stay_in_the_order_of_their_making() {
        let mut table = Table::new(&LIST);
        for uuid in ["a", "b", "c"] {
            table.insert(uuid, record(json!({"uuid": uuid, "name": uuid, "colour": "red"})));
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
    fn a_table_is_kept_and_read_back() {
        let mut table = Table::indexed(&NOTE, "object_uuid");
        for (uuid, object) in [("1", "x"), ("2", "y"), ("3", "x"), ("4", "x")] {
            let note =
                json!({"uuid": uuid, "object_uuid": object, "created_at": "2026-02-03T15:55:04.000000Z"});
            table.insert(&format!("key {uuid}"), record(note));
        }
        table.remove("key 1");
        table.remove("key 4");
        let kept = serde_json::to_string(&table).unwrap();
        let mut read: Table = serde_json::from_str(&kept).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), kept);
        read.insert("key 5", record(json!({"uuid": "5", "object_uuid": "x"})));
        let numbers: Vec<usize> = read.of("x").map(|row| row.number).collect();
        assert_eq!(numbers, [2, 4]);
        assert!(serde_json::from_str::<Table>(&kept.replace("NOTE", "NOTES")).is_err());
        for (was, is) in [
            ("\"made\":4", "\"made\":2"),
            ("\"made\":4", "\"made\":18446744073709551615"),
            ("key 3", "key 2"),
            ("\"y\",", "\"y\",7,"),
        ] {
            assert!(kept.contains(was), "{was} {kept}");
            assert!(serde_json::from_str::<Table>(&kept.replace(was, is)).is_err(), "{is}");
        }
    }

    #[test]
    fn an_index_follows_what_comes_and_goes() {
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
