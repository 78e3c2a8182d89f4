//! The attributes of records.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use pyo3::{
    exceptions::PyRuntimeError,
    intern,
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};

use super::{Place, RecordCore, plan::Plan};

/// The base of `grinfi._fields.Field`: a descriptor.
#[pyclass(module = "grinfi._native", subclass, frozen)]
pub(crate) struct Attribute {
    known: OnceLock<Known>,
    /// Which of the attributes of its class it is.
    number: AtomicUsize,
    /// Where the field stood in the row that was read last; in the next one it mostly stands there too.
    hint: AtomicUsize,
}

/// What is known once it has a name.
struct Known {
    plan: Plan,
    /// Its field.
    wire: Py<PyString>,
    name: String,
    is_needed: bool,
}

#[pymethods]
impl Attribute {
    #[new]
    #[pyo3(signature = (*_read, **_options))]
    fn new(_read: &Bound<'_, PyTuple>, _options: Option<&Bound<'_, PyDict>>) -> Self {
        Self { known: OnceLock::new(), number: AtomicUsize::new(usize::MAX), hint: AtomicUsize::new(0) }
    }

    /// Says how it is read, from which field, and whether a record without it does not fit.
    fn _bind(&self, plan: Plan, wire: Bound<'_, PyString>, is_needed: bool) -> PyResult<()> {
        let name = wire.to_str()?.to_owned();
        let _ = self.known.set(Known { plan, wire: wire.unbind(), name, is_needed });
        Ok(())
    }

    /// Says which of the attributes of its class it is.
    fn _place(&self, number: usize) {
        self.number.store(number, Ordering::Relaxed);
    }

    fn __get__<'py>(
        slf: &Bound<'py, Self>,
        record: &Bound<'py, PyAny>,
        _owner: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if record.is_none() {
            return Ok(slf.clone().into_any());
        }
        let core = record.cast::<RecordCore>()?.get();
        let attribute = slf.get();
        let Some(kept) = attribute.kept(slf, core) else { return attribute.value(slf, record, core) };
        let py = slf.py();
        if let Some(value) = kept.get() {
            return Ok(value.bind(py).clone());
        }
        let value = attribute.value(slf, record, core)?;
        // Another thread may have been quicker.
        let _ = kept.set(value.clone().unbind());
        kept.get().map_or(Ok(value), |value| Ok(value.bind(py).clone()))
    }
}

impl Attribute {
    /// Where the value is kept, unless the record is one of a class that has another attribute under this number.
    fn kept<'a>(&self, slf: &Bound<'_, Self>, core: &'a RecordCore) -> Option<&'a OnceLock<Py<PyAny>>> {
        let shape = core.shape.get()?.get();
        let number = self.number.load(Ordering::Relaxed);
        if !shape.has(number, slf) {
            return None;
        }
        core.values.get_or_init(|| (0..shape.size()).map(|_| OnceLock::new()).collect()).get(number)
    }

    /// Reads the value.
    fn value<'py>(
        &self,
        slf: &Bound<'py, Self>,
        record: &Bound<'py, PyAny>,
        core: &RecordCore,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let known = self.known.get().ok_or_else(|| PyRuntimeError::new_err("an attribute without a name"))?;
        let raw = match (core.data.get(), core.row.get(), core.shape.get()) {
            (None, Some(row), Some(shape)) => match row.places(shape.get()) {
                Some(places) => match self.find(places, &row.text, &known.name) {
                    None | Some("null") => None,
                    Some(json) => {
                        if let Some(value) = known.plan.read(py, json)? {
                            return Ok(value);
                        }
                        Some(super::json::value(py, json)?)
                    }
                },
                None => from_data(record, known.wire.bind(py))?,
            },
            _ => from_data(record, known.wire.bind(py))?,
        };
        match raw {
            Some(raw) => slf.call_method1(intern!(py, "_value"), (record, raw)),
            None if known.is_needed => slf.call_method1(intern!(py, "_missing"), (record,)),
            None => Ok(py.None().into_bound(py)),
        }
    }

    fn find<'a>(&self, places: &[Place], text: &'a str, wire: &str) -> Option<&'a str> {
        let hint = self.hint.load(Ordering::Relaxed);
        if let Some(place) = places.get(hint).filter(|place| place.name(text) == wire) {
            return Some(place.value(text));
        }
        let at = places.iter().position(|place| place.name(text) == wire)?;
        self.hint.store(at, Ordering::Relaxed);
        Some(places[at].value(text))
    }
}

/// The JSON value as Python has it, by way of all of the record; `None` for null.
fn from_data<'py>(
    record: &Bound<'py, PyAny>,
    wire: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let data = record.call_method0(intern!(record.py(), "_read"))?.cast_into::<PyDict>()?;
    Ok(data.get_item(wire)?.filter(|value| !value.is_none()))
}
