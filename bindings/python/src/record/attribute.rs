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

use super::{FieldSpan, RecordCore, value_kind::ValueKind};

/// The base of `grinfi._record_fields.Field`: a descriptor.
#[pyclass(module = "grinfi._native", subclass, frozen)]
pub(crate) struct Attribute {
    known: OnceLock<Known>,
    /// The index of the attribute in its class.
    number: AtomicUsize,
    /// The index of the field in the row that was decoded last, which is mostly the same in the next row.
    hint: AtomicUsize,
}

/// Properties of an attribute, set once it has a name.
pub(super) struct Known {
    pub(super) kind: ValueKind,
    /// The name of the attribute.
    pub(super) attribute: String,
    /// The name of its field.
    name: String,
    wire: Py<PyString>,
    pub(super) is_needed: bool,
}

/// What the text of a row contains for an attribute.
pub(super) enum Found<'a> {
    Json(&'a str),
    /// The field is absent or null.
    Nothing,
    /// The row cannot be decoded from its text.
    Elsewhere,
}

#[pymethods]
impl Attribute {
    #[new]
    #[pyo3(signature = (*_read, **_options))]
    fn new(_read: &Bound<'_, PyTuple>, _options: Option<&Bound<'_, PyDict>>) -> Self {
        Self { known: OnceLock::new(), number: AtomicUsize::new(usize::MAX), hint: AtomicUsize::new(0) }
    }

    /// Sets how the value is decoded, the names of the attribute and of the field, and whether the field is required.
    fn _bind(
        &self,
        kind: ValueKind,
        attribute: String,
        wire: Bound<'_, PyString>,
        is_needed: bool,
    ) -> PyResult<()> {
        let name = wire.to_str()?.to_owned();
        let _ = self.known.set(Known { kind, attribute, name, wire: wire.unbind(), is_needed });
        Ok(())
    }

    /// Sets the index of the attribute in its class.
    fn _place(&self, number: usize) {
        self.number.store(number, Ordering::Relaxed);
    }

    fn __get__<'py>(
        slf: &Bound<'py, Self>,
        record: &Bound<'py, PyAny>,
        _owner: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if record.is_none() { Ok(slf.clone().into_any()) } else { Self::get(slf, record) }
    }
}

impl Attribute {
    pub(super) fn known(&self) -> PyResult<&Known> {
        self.known.get().ok_or_else(|| PyRuntimeError::new_err("an attribute without a name"))
    }

    /// Returns the value, decoded at most once unless that is cheap.
    pub(super) fn get<'py>(
        slf: &Bound<'py, Self>,
        record: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let core = record.cast::<RecordCore>()?.get();
        let attribute = slf.get();
        // Strings and numbers are decoded each time.
        if core.data.get().is_none() && attribute.known()?.kind.is_plain() {
            return attribute.value(slf, record, core);
        }
        let Some(kept) = attribute.kept(slf, core) else { return attribute.value(slf, record, core) };
        if let Some(value) = kept.get() {
            return Ok(value.bind(slf.py()).clone());
        }
        let value = attribute.value(slf, record, core)?;
        // Another thread may have been faster.
        let _ = kept.set(value.clone().unbind());
        kept.get().map_or(Ok(value), |value| Ok(value.bind(slf.py()).clone()))
    }

    /// Returns where the value is kept, unless the class of the record has another attribute with this index.
    fn kept<'a>(&self, slf: &Bound<'_, Self>, core: &'a RecordCore) -> Option<&'a OnceLock<Py<PyAny>>> {
        let shape = core.shape.get()?.get();
        let number = self.number.load(Ordering::Relaxed);
        if !shape.has(number, slf) {
            return None;
        }
        let values = || shape.attributes().iter().map(|_| OnceLock::new()).collect();
        core.values.get_or_init(values).get(number)
    }

    /// Decodes the value.
    fn value<'py>(
        &self,
        slf: &Bound<'py, Self>,
        record: &Bound<'py, PyAny>,
        core: &RecordCore,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let known = self.known()?;
        let raw = match self.find(known, core) {
            Found::Json(json) => match known.kind.read(py, json)? {
                Some(value) => return Ok(value),
                None => Some(super::json::value(py, json)?),
            },
            Found::Nothing => None,
            Found::Elsewhere => {
                let data = record.call_method0(intern!(py, "_read"))?.cast_into::<PyDict>()?;
                match known.kind {
                    ValueKind::Row => Some(data.into_any()),
                    _ => data.get_item(&known.wire)?.filter(|value| !value.is_none()),
                }
            }
        };
        match raw {
            Some(raw) => slf.call_method1(intern!(py, "_value"), (record, raw)),
            None if known.is_needed => slf.call_method1(intern!(py, "_missing"), (record,)),
            None => Ok(py.None().into_bound(py)),
        }
    }

    /// Finds the field in the text of a row.
    pub(super) fn find<'a>(&self, known: &Known, core: &'a RecordCore) -> Found<'a> {
        let (None, Some(row), Some(shape)) = (core.data.get(), core.row.get(), core.shape.get()) else {
            return Found::Elsewhere;
        };
        let Some(spans) = row.spans(shape.get()) else { return Found::Elsewhere };
        if matches!(known.kind, ValueKind::Row) {
            return Found::Json(&row.text);
        }
        let is_here = |place: &&FieldSpan| place.name(&row.text) == known.name;
        let hinted = spans.get(self.hint.load(Ordering::Relaxed)).filter(is_here);
        let place = hinted.or_else(|| {
            let (at, place) = spans.iter().enumerate().find(|(_, place)| is_here(place))?;
            self.hint.store(at, Ordering::Relaxed);
            Some(place)
        });
        match place.map(|place| place.value(&row.text)) {
            None | Some("null") => Found::Nothing,
            Some(json) => Found::Json(json),
        }
    }
}
