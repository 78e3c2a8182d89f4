//! Records: JSON objects of the API that are decoded lazily.
//!
//! A row is kept as JSON text. Its first use finds the positions of its fields; using an attribute decodes that field. Decoded lists,
//! objects and records are kept. `grinfi._record` has the other methods of records.

use std::sync::OnceLock;

use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::PyAttributeError,
    intern,
    prelude::*,
    types::{PyDict, PyString, PyTuple, PyType},
};
use serde_json::value::RawValue;

mod attribute;
mod custom;
mod field_span;
mod json;
mod shape;
mod table;
mod value_kind;

pub(crate) use attribute::Attribute;
use field_span::FieldSpan;
pub(crate) use shape::Shape;
pub(crate) use table::{Table, TableBuilder};

/// The base of `grinfi.Record`.
#[pyclass(module = "grinfi._native", subclass, frozen, weakref)]
pub(crate) struct RecordCore {
    shape: OnceLock<Py<Shape>>,
    row: OnceLock<Row>,
    /// All fields, once they were needed.
    data: OnceLock<Py<PyDict>>,
    /// The decoded values of attributes that are lists, objects or records.
    values: OnceLock<Box<[OnceLock<Py<PyAny>>]>>,
}

/// The text of a row, known to be JSON.
struct Row {
    text: Box<str>,
    /// A part of another record has no wrapper, and may be empty.
    is_part: bool,
    spans: OnceLock<Option<Box<[FieldSpan]>>>,
}

impl Row {
    /// Returns the positions of the fields; `None` for an unusual row.
    fn spans(&self, shape: &Shape) -> Option<&[FieldSpan]> {
        let find = || {
            if self.is_part { shape.spans_of_part(&self.text) } else { shape.spans(&self.text) }
        };
        self.spans.get_or_init(find).as_deref()
    }
}

#[pymethods]
impl RecordCore {
    #[new]
    #[pyo3(signature = (*_data, **_options))]
    fn new(_data: &Bound<'_, PyTuple>, _options: Option<&Bound<'_, PyDict>>) -> Self {
        Self { shape: OnceLock::new(), row: OnceLock::new(), data: OnceLock::new(), values: OnceLock::new() }
    }

    /// Raises the error for an unknown attribute. A `__getattr__` in Python would slow down all attributes.
    fn __getattr__<'py>(slf: &Bound<'py, Self>, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        if name.to_str()?.starts_with('_') {
            return Err(PyAttributeError::new_err(name.clone().unbind()));
        }
        slf.call_method1(intern!(slf.py(), "_no_attribute"), (name,))
    }

    /// Sets the fields, unless they are set already.
    fn _keep(&self, data: Py<PyDict>, shape: Py<Shape>) {
        let _ = self.shape.set(shape);
        let _ = self.data.set(data);
    }

    /// Returns all fields; `None` for an unusual row that Python must parse.
    fn _whole<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        if let Some(data) = self.data.get() {
            return Ok(Some(data.bind(py).clone()));
        }
        let (Some(row), Some(shape)) = (self.row.get(), self.shape.get()) else { return Ok(None) };
        let Some(spans) = row.spans(shape.get()) else { return Ok(None) };
        let fields = spans.iter().map(|place| (place.name(&row.text), place.value(&row.text)));
        let Some(data) = json::object(py, fields)? else { return Ok(None) };
        let _ = self.data.set(data.clone().unbind());
        Ok(self.data.get().map(|data| data.bind(py).clone()))
    }

    /// The JSON text of the record, if it was made from text.
    #[getter]
    fn _text(&self) -> Option<&str> {
        self.row.get().map(|row| &*row.text)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(shape) = self.shape.get() {
            visit.call(shape)?;
        }
        if let Some(data) = self.data.get() {
            visit.call(data)?;
        }
        let values = self.values.get().into_iter().flatten();
        values.filter_map(OnceLock::get).try_for_each(|value| visit.call(value))
    }
}

/// Creates records of one class.
pub(crate) struct Maker {
    record: Py<PyType>,
    make: Py<PyAny>,
    shape: Py<Shape>,
}

impl Maker {
    pub(crate) fn new(record: &Bound<'_, PyType>) -> PyResult<Self> {
        let py = record.py();
        Ok(Self {
            record: record.clone().unbind(),
            make: record.getattr(intern!(py, "__new__"))?.unbind(),
            shape: record.getattr(intern!(py, "_shape"))?.cast_into()?.unbind(),
        })
    }

    /// Creates a record for a row of a listing.
    pub(crate) fn row<'py>(&self, py: Python<'py>, text: Box<RawValue>) -> PyResult<Bound<'py, PyAny>> {
        self.make(py, text.into(), false)
    }

    /// Creates a record that is part of another.
    fn part<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        self.make(py, text.into(), true)
    }

    fn make<'py>(&self, py: Python<'py>, text: Box<str>, is_part: bool) -> PyResult<Bound<'py, PyAny>> {
        let record = self.make.bind(py).call1((&self.record,))?;
        let core = record.cast::<RecordCore>()?.get();
        let _ = core.shape.set(self.shape.clone_ref(py));
        let _ = core.row.set(Row { text, is_part, spans: OnceLock::new() });
        Ok(record)
    }
}
