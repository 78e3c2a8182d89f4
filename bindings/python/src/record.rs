//! Records: JSON of the API, read when it is looked at, and no more of it than is looked at.
//!
//! A row is kept as the text that it came as. The first look at it finds where its fields are; a look at an attribute reads that
//! one. What is more than a word or a number is kept. `grinfi._record` has the rest of what a record can do.

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
    /// All of it, once something wanted all of it.
    data: OnceLock<Py<PyDict>>,
    /// The values of attributes that were looked at, where they are more than a word or a number.
    values: OnceLock<Box<[OnceLock<Py<PyAny>>]>>,
}

/// The text of a row, known to be JSON.
struct Row {
    text: Box<str>,
    /// A part of another record has no wrapping, and may be empty.
    is_part: bool,
    spans: OnceLock<Option<Box<[FieldSpan]>>>,
}

impl Row {
    /// Where its fields are; `None` for an odd row.
    fn spans(&self, shape: &Shape) -> Option<&[FieldSpan]> {
        let find = || {
            if self.is_part { shape.places_of_part(&self.text) } else { shape.spans(&self.text) }
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

    /// Says that there is no such attribute. ProcessLocal and not in Python, where it would be asked for at every look at any.
    fn __getattr__<'py>(slf: &Bound<'py, Self>, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        if name.to_str()?.starts_with('_') {
            return Err(PyAttributeError::new_err(name.clone().unbind()));
        }
        slf.call_method1(intern!(slf.py(), "_no_attribute"), (name,))
    }

    /// Makes it a record of these fields; what is set once stays.
    fn _keep(&self, data: Py<PyDict>, shape: Py<Shape>) {
        let _ = self.shape.set(shape);
        let _ = self.data.set(data);
    }

    /// The fields, unless they have to be read from the text by other means.
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

    /// The JSON text that it came as, if it came as such.
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

/// Makes records of one class.
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

    /// A record of a row of a listing.
    pub(crate) fn row<'py>(&self, py: Python<'py>, text: Box<RawValue>) -> PyResult<Bound<'py, PyAny>> {
        self.make(py, text.into(), false)
    }

    /// A record that is a part of another; the text is JSON.
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
