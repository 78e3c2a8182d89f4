//! Tables in the Arrow memory format.
//!
//! They are exported by the `PyCapsule` interface of Arrow (`__arrow_c_stream__`), which requires no Arrow package.

use std::{mem, sync::Arc};

use arrow_array::{
    Array, ArrayRef, RecordBatch, RecordBatchIterator,
    builder::{
        ArrayBuilder, BooleanBuilder, Float64Builder, Int64Builder, StringBuilder,
        TimestampMicrosecondBuilder,
    },
    cast::AsArray,
    ffi_stream::FFI_ArrowArrayStream,
    types::{Float64Type, Int64Type, TimestampMicrosecondType},
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit, ffi::FFI_ArrowSchema};
use pyo3::{
    exceptions::PyRuntimeError,
    intern,
    prelude::*,
    types::{PyCapsule, PyList},
};

use super::{
    Attribute, RecordCore, Shape,
    attribute::Found,
    custom::CustomFields,
    json,
    value_kind::{Parts, ValueKind},
};

/// The maximum number of rows and bytes in one batch: a column of a batch cannot contain more than 2 GB.
const BATCH_ROWS: usize = 65_536;
const BATCH_BYTES: usize = 1 << 30;

/// A builder for tables.
#[pyclass(module = "grinfi._native")]
pub(crate) struct TableBuilder {
    columns: Vec<Column>,
    custom: Option<CustomFields>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    rows: usize,
    pending_rows: usize,
    pending_bytes: usize,
}

#[pymethods]
impl TableBuilder {
    /// Creates a builder with a column for each attribute of a class of records and for each of these custom fields.
    #[new]
    #[pyo3(signature = (shape, custom_fields = vec![]))]
    fn new(py: Python<'_>, shape: &Bound<'_, Shape>, custom_fields: Vec<String>) -> PyResult<Self> {
        let columns: Vec<Column> = shape
            .get()
            .attributes()
            .iter()
            .map(|attribute| Column::new(py, attribute))
            .collect::<PyResult<_>>()?;
        let custom = CustomFields::new(py, shape.get(), custom_fields)?;
        let mut fields: Vec<Field> = columns.iter().map(Column::field).collect();
        fields.extend(custom.iter().flat_map(CustomFields::fields));
        Ok(Self {
            columns,
            custom,
            schema: Arc::new(Schema::new(fields)),
            batches: Vec::new(),
            rows: 0,
            pending_rows: 0,
            pending_bytes: 0,
        })
    }

    /// Adds records of the class.
    fn extend(&mut self, rows: &Bound<'_, PyList>) -> PyResult<()> {
        for row in rows {
            let core = row.cast::<RecordCore>()?.get();
            for column in &mut self.columns {
                let added = column.add(&row, core);
                self.pending_bytes +=
                    added.map_err(|error| in_row(row.py(), self.rows, &column.name, error))?;
            }
            if let Some(custom) = &mut self.custom {
                let added = custom.add(&row, core);
                self.pending_bytes +=
                    added.map_err(|(column, error)| in_row(row.py(), self.rows, &column, error))?;
            }
            self.rows += 1;
            self.pending_rows += 1;
            if self.pending_rows == BATCH_ROWS || self.pending_bytes >= BATCH_BYTES {
                self.flush().map_err(|error| failed(&error))?;
            }
        }
        Ok(())
    }

    /// Returns the table, and resets the builder.
    fn finish(&mut self) -> PyResult<Table> {
        if self.pending_rows > 0 {
            self.flush().map_err(|error| failed(&error))?;
        }
        let rows = mem::take(&mut self.rows);
        Ok(Table { schema: self.schema.clone(), batches: mem::take(&mut self.batches), rows })
    }
}

impl TableBuilder {
    fn flush(&mut self) -> Result<(), ArrowError> {
        let columns = self.columns.iter_mut().map(|column| column.values.finish());
        let columns = columns.chain(self.custom.iter_mut().flat_map(CustomFields::finish)).collect();
        self.batches.push(RecordBatch::try_new(self.schema.clone(), columns)?);
        (self.pending_rows, self.pending_bytes) = (0, 0);
        Ok(())
    }
}

struct Column {
    attribute: Py<Attribute>,
    name: String,
    values: Values,
}

enum Values {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
    /// Lists, objects, and values of any type.
    Json(StringBuilder),
}

impl Values {
    fn of(kind: &ValueKind) -> Self {
        match kind {
            ValueKind::Text | ValueKind::Choice(..) => Self::Text(StringBuilder::new()),
            ValueKind::Integer => Self::Integer(Int64Builder::new()),
            ValueKind::Number => Self::Number(Float64Builder::new()),
            ValueKind::Boolean => Self::Boolean(BooleanBuilder::new()),
            ValueKind::Time(_) => Self::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            ValueKind::Mapping
            | ValueKind::Json
            | ValueKind::Row
            | ValueKind::List(_)
            | ValueKind::One(_)
            | ValueKind::Other => Self::Json(StringBuilder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(values) | Self::Json(values) => ArrayBuilder::finish(values),
            Self::Integer(values) => ArrayBuilder::finish(values),
            Self::Number(values) => ArrayBuilder::finish(values),
            Self::Boolean(values) => ArrayBuilder::finish(values),
            Self::Time(values) => ArrayBuilder::finish(values),
        }
    }

    fn add_null(&mut self) {
        match self {
            Self::Text(values) | Self::Json(values) => values.append_null(),
            Self::Integer(values) => values.append_null(),
            Self::Number(values) => values.append_null(),
            Self::Boolean(values) => values.append_null(),
            Self::Time(values) => values.append_null(),
        }
    }

    /// Adds a value with the documented type and returns its size; `None` for other types.
    fn add_json(&mut self, kind: &ValueKind, json: &str) -> Option<usize> {
        match (self, kind) {
            (Self::Text(values), _) => match json::text(json) {
                Some(text) => {
                    values.append_value(text);
                    return Some(text.len());
                }
                None if json.starts_with('"') => values.append_value(json::unescaped(json)?),
                None => return None,
            },
            (Self::Integer(values), _) => values.append_value(json::integer(json)?),
            (Self::Number(values), _) => values.append_value(json::number(json)?),
            (Self::Boolean(values), _) => values.append_value(json::boolean(json)?),
            (Self::Time(values), _) => {
                values.append_value(Parts::of(json::text(json)?)?.micros_since_1970()?)
            }
            // The API returns an empty object as an empty list.
            (Self::Json(values), ValueKind::Mapping | ValueKind::One(_)) if json == "[]" => {
                values.append_value("{}")
            }
            (Self::Json(values), kind) => {
                let fits = match kind {
                    ValueKind::Mapping | ValueKind::Row | ValueKind::One(_) => json.starts_with('{'),
                    ValueKind::List(_) => json.starts_with('['),
                    kind => matches!(kind, ValueKind::Json),
                };
                fits.then(|| values.append_value(json))?;
            }
        }
        Some(json.len())
    }

    /// Adds a value that Python decoded.
    fn add_value(&mut self, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        let helper =
            |name| value.py().import(intern!(value.py(), "grinfi._tables"))?.call_method1(name, (value,));
        match self {
            Self::Text(values) => {
                let text = value.str()?;
                let text = text.to_str()?;
                values.append_value(text);
                Ok(text.len())
            }
            Self::Json(values) => {
                let text: String = helper(intern!(value.py(), "as_json"))?.extract()?;
                values.append_value(&text);
                Ok(text.len())
            }
            Self::Integer(values) => {
                values.append_value(value.extract()?);
                Ok(8)
            }
            Self::Number(values) => {
                values.append_value(value.extract()?);
                Ok(8)
            }
            Self::Boolean(values) => {
                values.append_value(value.extract()?);
                Ok(1)
            }
            Self::Time(values) => {
                values.append_value(helper(intern!(value.py(), "as_micros"))?.extract()?);
                Ok(8)
            }
        }
    }
}

impl Column {
    fn new(py: Python<'_>, attribute: &Py<Attribute>) -> PyResult<Self> {
        let known = attribute.get().known()?;
        let (name, values) = (known.attribute.clone(), Values::of(&known.kind));
        Ok(Self { attribute: attribute.clone_ref(py), name, values })
    }

    fn field(&self) -> Field {
        let kind = match self.values {
            Values::Text(_) | Values::Json(_) => DataType::Utf8,
            Values::Integer(_) => DataType::Int64,
            Values::Number(_) => DataType::Float64,
            Values::Boolean(_) => DataType::Boolean,
            Values::Time(_) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        };
        Field::new(&self.name, kind, true)
    }

    /// Adds the value of a row, and returns its approximate size in bytes.
    fn add(&mut self, row: &Bound<'_, PyAny>, core: &RecordCore) -> PyResult<usize> {
        let known = self.attribute.get().known()?;
        let found = self.attribute.get().find(known, core);
        match found {
            Found::Nothing if !known.is_needed => {
                self.values.add_null();
                return Ok(1);
            }
            Found::Json(json) => {
                if let Some(size) = self.values.add_json(&known.kind, json) {
                    return Ok(size);
                }
            }
            Found::Nothing | Found::Elsewhere => {}
        }
        let value = Attribute::get(self.attribute.bind(row.py()), row)?;
        if value.is_none() {
            self.values.add_null();
            return Ok(1);
        }
        self.values.add_value(&value)
    }
}

/// Adds the number of the row to an error.
fn in_row(py: Python<'_>, row: usize, column: &str, error: PyErr) -> PyErr {
    let explain = || py.import("grinfi._tables")?.call_method1("in_row", (row, column, error.value(py)));
    explain().map_or_else(|failure| failure, PyErr::from_value)
}

fn failed(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// A table.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    rows: usize,
}

#[pymethods]
impl Table {
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    #[getter]
    fn num_rows(&self) -> usize {
        self.rows
    }

    /// Returns a capsule with the schema.
    fn schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*self.schema).map_err(|error| failed(&error))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// Returns a capsule with a stream of batches, which shares the memory.
    fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let batches = self.batches.clone().into_iter().map(Ok);
        let stream =
            FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new(batches, self.schema.clone())));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// Returns the columns: name, type, and values; times in microseconds since 1970.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Vec<(&str, &'static str, Bound<'py, PyList>)>> {
        let column = |number: usize| {
            let list = PyList::empty(py);
            for batch in &self.batches {
                append(&list, batch.column(number))?;
            }
            PyResult::Ok(list)
        };
        let fields = self.schema.fields().iter().enumerate();
        fields.map(|(number, field)| Ok((field.name().as_str(), kind(field), column(number)?))).collect()
    }
}

fn kind(field: &Field) -> &'static str {
    match field.data_type() {
        DataType::Int64 => "integer",
        DataType::Float64 => "number",
        DataType::Boolean => "boolean",
        DataType::Timestamp(..) => "time",
        _ => "text",
    }
}

fn append(list: &Bound<'_, PyList>, values: &dyn Array) -> PyResult<()> {
    match values.data_type() {
        DataType::Int64 => values.as_primitive::<Int64Type>().iter().try_for_each(|value| list.append(value)),
        DataType::Float64 => {
            values.as_primitive::<Float64Type>().iter().try_for_each(|value| list.append(value))
        }
        DataType::Boolean => values.as_boolean().iter().try_for_each(|value| list.append(value)),
        DataType::Timestamp(..) => {
            values.as_primitive::<TimestampMicrosecondType>().iter().try_for_each(|value| list.append(value))
        }
        _ => values.as_string::<i32>().iter().try_for_each(|value| list.append(value)),
    }
}
