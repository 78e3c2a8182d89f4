//! Columns for custom fields of records.

use arrow_array::{
    ArrayRef,
    builder::{ArrayBuilder, StringBuilder},
};
use arrow_schema::{DataType, Field};
use grinfi::bindings::Fields;
use pyo3::{
    exceptions::PyValueError,
    intern,
    prelude::*,
    types::{PyDict, PyString},
};

use super::{Attribute, RecordCore, Shape, attribute::Found, json};

/// The attribute with the values by the names of the custom fields.
const ATTRIBUTE: &str = "custom_fields";

/// Columns of strings, one for each custom field: strings unchanged, other values as JSON.
pub(super) struct CustomFields {
    attribute: Py<Attribute>,
    columns: Vec<Column>,
}

struct Column {
    field: String,
    values: StringBuilder,
}

impl Column {
    /// Returns the name of the column. It cannot equal that of an attribute, which has no double underscores.
    fn name(&self) -> String {
        format!("{ATTRIBUTE}__{}", self.field)
    }
}

impl CustomFields {
    /// Returns the columns for these custom fields; `None` without fields.
    ///
    /// # Errors
    ///
    /// `ValueError` for a class of records without custom fields.
    pub(super) fn new(py: Python<'_>, shape: &Shape, fields: Vec<String>) -> PyResult<Option<Self>> {
        if fields.is_empty() {
            return Ok(None);
        }
        let attributes = shape.attributes().iter();
        let mut found = attributes.filter_map(|attribute| {
            let known = attribute.get().known().ok()?;
            (known.attribute == ATTRIBUTE).then(|| attribute.clone_ref(py))
        });
        let attribute =
            found.next().ok_or_else(|| PyValueError::new_err("these records have no custom fields"))?;
        let columns =
            fields.into_iter().map(|field| Column { field, values: StringBuilder::new() }).collect();
        Ok(Some(Self { attribute, columns }))
    }

    /// Returns the schema of the columns.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.columns.iter().map(|column| Field::new(column.name(), DataType::Utf8, true))
    }

    /// Returns the values of the columns, and resets them.
    pub(super) fn finish(&mut self) -> impl Iterator<Item = ArrayRef> + '_ {
        self.columns.iter_mut().map(|column| ArrayBuilder::finish(&mut column.values))
    }

    /// Adds the values of a row, and returns their approximate size in bytes. An error has the name of its column.
    pub(super) fn add(
        &mut self,
        row: &Bound<'_, PyAny>,
        core: &RecordCore,
    ) -> Result<usize, (String, PyErr)> {
        let whole = |error| (ATTRIBUTE.to_owned(), error);
        let attribute = self.attribute.bind(row.py());
        let known = attribute.get().known().map_err(whole)?;
        let plain = match attribute.get().find(known, core) {
            Found::Nothing => Some(Vec::new()),
            Found::Json(json) => fields_of(json),
            Found::Elsewhere => None,
        };
        if let Some(plain) = plain {
            return Ok(self.columns.iter_mut().map(|column| column.add_json(&plain)).sum());
        }
        let values = Attribute::get(attribute, row).map_err(whole)?;
        let values = values.cast::<PyDict>().ok();
        let mut bytes = 0;
        for column in &mut self.columns {
            bytes += column.add_value(values).map_err(|error| (column.name(), error))?;
        }
        Ok(bytes)
    }
}

/// Returns the names and values of an object; `None` for escapes in names or half surrogate pairs.
fn fields_of(json: &str) -> Option<Vec<(&str, &str)>> {
    if json == "[]" {
        return Some(Vec::new());
    }
    let fields: Vec<(&str, &str)> = Fields::of(json)?.collect();
    let reads = |(name, value): &(&str, &str)| {
        !name.contains('\\') && (!value.starts_with('"') || json::unescaped(value).is_some())
    };
    fields.iter().all(reads).then_some(fields)
}

impl Column {
    fn add_json(&mut self, fields: &[(&str, &str)]) -> usize {
        // The last of several fields with one name counts, as in Python.
        let found = fields.iter().rfind(|(name, _)| *name == self.field);
        let Some((_, value)) = found.filter(|(_, value)| *value != "null") else {
            self.values.append_null();
            return 1;
        };
        match json::text(value) {
            Some(text) => self.values.append_value(text),
            None if value.starts_with('"') => self.values.append_option(json::unescaped(value)),
            None => self.values.append_value(value),
        }
        value.len()
    }

    fn add_value(&mut self, values: Option<&Bound<'_, PyDict>>) -> PyResult<usize> {
        let value = values.map(|values| values.get_item(&self.field)).transpose()?.flatten();
        let Some(value) = value.filter(|value| !value.is_none()) else {
            self.values.append_null();
            return Ok(1);
        };
        let py = value.py();
        let text = match value.cast::<PyString>() {
            Ok(text) => text.to_str()?.to_owned(),
            Err(_) => {
                let tables = py.import(intern!(py, "grinfi._tables"))?;
                tables.call_method1(intern!(py, "as_json"), (&value,))?.extract()?
            }
        };
        self.values.append_value(&text);
        Ok(text.len())
    }
}
