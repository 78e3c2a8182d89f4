//! Serialization of tables.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Row, Table};
use crate::cell::Cell;
use crate::schema::Schema;

/// Most rows ever created in one table, as a limit for loaded tables.
const MAX_ROWS: usize = 100_000_000;

/// Serialized form of a table: key, number and values of each row.
#[derive(Serialize, Deserialize)]
struct StoredTable {
    schema: String,
    index: Option<String>,
    columns: Vec<String>,
    created: usize,
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
        let stored = StoredTable {
            schema: self.schema.id.to_owned(),
            index: index.map(|column| column.name.to_owned()),
            columns: columns.iter().map(|column| column.name.to_owned()).collect(),
            created: self.rows.len(),
            rows: self.rows().map(row).collect(),
        };
        stored.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Table, D::Error> {
        let stored = StoredTable::deserialize(from)?;
        let schema = Schema::of_id(&stored.schema)
            .ok_or_else(|| D::Error::custom(format!("{:?} is not a type of record", stored.schema)))?;
        let mut table = match &stored.index {
            Some(column) => Table::indexed(schema, column),
            None => Table::new(schema),
        };
        if stored.created > MAX_ROWS {
            return Err(D::Error::custom(format!("{} has too many rows", stored.schema)));
        }
        for (key, number, values) in stored.rows {
            if number >= stored.created || number < table.rows.len() {
                return Err(D::Error::custom(format!("{} rows are out of order", stored.schema)));
            }
            if table.contains(&key) || values.len() != stored.columns.len() {
                return Err(D::Error::custom(format!(
                    "{} row {key:?} is a duplicate or has another number of columns",
                    stored.schema
                )));
            }
            table.rows.resize_with(number, || None);
            table.insert(&key, stored.columns.iter().cloned().zip(values).collect());
        }
        table.rows.resize_with(stored.created, || None);
        Ok(table)
    }
}
