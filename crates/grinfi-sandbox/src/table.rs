//! A table: the records of one kind, by uuid, each with the number in which it was made.

use std::borrow::Cow;

use indexmap::IndexMap;

use crate::page::Entry;
use crate::record::Record;

/// The records of one kind.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: IndexMap<String, Row>,
    made: u64,
}

#[derive(Debug)]
struct Row {
    number: u64,
    record: Record,
}

impl Table {
    /// Adds a record.
    pub(crate) fn insert(&mut self, uuid: &str, record: Record) {
        self.made += 1;
        self.rows.insert(uuid.to_owned(), Row { number: self.made, record });
    }

    pub(crate) fn get(&self, uuid: &str) -> Option<&Record> {
        self.rows.get(uuid).map(|row| &row.record)
    }

    pub(crate) fn get_mut(&mut self, uuid: &str) -> Option<&mut Record> {
        self.rows.get_mut(uuid).map(|row| &mut row.record)
    }

    /// The number in which a record was made.
    pub(crate) fn number(&self, uuid: &str) -> Option<u64> {
        self.rows.get(uuid).map(|row| row.number)
    }

    pub(crate) fn contains(&self, uuid: &str) -> bool {
        self.rows.contains_key(uuid)
    }

    pub(crate) fn remove(&mut self, uuid: &str) -> Option<Record> {
        // The order of a table is in its numbers, so a hole may be filled by any row.
        self.rows.swap_remove(uuid).map(|row| row.record)
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&Record) -> bool) {
        self.rows.retain(|_, row| keep(&row.record));
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        self.rows.values().map(|row| &row.record)
    }

    pub(crate) fn records_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        self.rows.values_mut().map(|row| &mut row.record)
    }

    /// The records for a listing.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.rows.values().map(|row| Entry { number: row.number, record: Cow::Borrowed(&row.record) })
    }
}
