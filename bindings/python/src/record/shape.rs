//! Classes of records, and the positions of fields in their rows.

use std::collections::HashSet;

use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyType};

use super::{
    attribute::Attribute,
    field_span::{FieldSpan, Form, Layout, Layouts},
};

/// Fields that the API adds next to a wrapped record, which take precedence over fields of the record.
const EXTRAS: [&str; 3] = ["markers", "flows", "custom_fields"];

/// A class of records.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Shape {
    /// The class.
    pub(super) record: Py<PyType>,
    /// The names of its fields in the API.
    names: HashSet<String>,
    wrapped_under: Option<String>,
    attributes: Vec<Py<Attribute>>,
    /// The layouts of the last rows, at each depth of wrapping.
    layouts: [Layouts; 2],
}

#[pymethods]
impl Shape {
    #[new]
    fn new(
        record: Py<PyType>,
        names: HashSet<String>,
        wrapped_under: Option<String>,
        attributes: Vec<Py<Attribute>>,
    ) -> Self {
        Self { record, names, wrapped_under, attributes, layouts: Default::default() }
    }

    #[allow(clippy::missing_errors_doc, reason = "it is how Python finds cycles")]
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.record)?;
        self.attributes.iter().try_for_each(|attribute| visit.call(attribute))
    }
}

impl Shape {
    pub(super) fn attributes(&self) -> &[Py<Attribute>] {
        &self.attributes
    }

    /// Returns whether the attribute with this index is this one.
    pub(super) fn has(&self, number: usize, attribute: &Bound<'_, Attribute>) -> bool {
        self.attributes.get(number).is_some_and(|known| known.is(attribute))
    }

    /// Returns the fields of a record without its wrappers; `None` if it is unusual: not such a record, a name that occurs twice or
    /// has escapes.
    pub(super) fn spans(&self, text: &str) -> Option<Box<[FieldSpan]>> {
        self.unwrapped(text, text, 0).map(Vec::into_boxed_slice)
    }

    /// Like [`spans`](Self::spans), for a part of another record, which has no wrapper and may be empty.
    pub(super) fn spans_of_part(&self, text: &str) -> Option<Box<[FieldSpan]>> {
        let (found, _) = self.layouts[0].spans(text, text, |layout| self.form(layout))?;
        Some(found.into_boxed_slice())
    }

    fn unwrapped(&self, text: &str, object: &str, depth: usize) -> Option<Vec<FieldSpan>> {
        let layouts = &self.layouts[depth.min(1)];
        let (siblings, form) = layouts.spans(text, object, |layout| self.form(layout))?;
        match form {
            Form::Record => Some(siblings),
            Form::Wrapping(number) => {
                let wrapped = siblings.get(number)?;
                let key = wrapped.name(text);
                let inner = self.unwrapped(text, wrapped.value(text), depth + 1)?;
                let has_id = |fields: &[FieldSpan]| fields.iter().any(|place| place.name(text) == "uuid");
                if key == "data" && has_id(&siblings) && !has_id(&inner) {
                    // A bare record with a field of this name.
                    return Some(siblings);
                }
                Some(merged(text, siblings, inner, key))
            }
            Form::Other => None,
        }
    }

    fn form(&self, layout: &Layout) -> Form {
        for key in self.wrapped_under.iter().flat_map(|under| [under.as_str(), "data"]) {
            if let Some(number) = layout.names().position(|name| name == key) {
                return Form::Wrapping(number);
            }
        }
        // Without documented fields, any object is such a record.
        let is_record = self.names.is_empty() || layout.names().any(|name| self.names.contains(name));
        if is_record { Form::Record } else { Form::Other }
    }
}

/// Merges the fields of a record with those next to its wrapper. Fields of the record take precedence, except over the extras.
fn merged(text: &str, siblings: Vec<FieldSpan>, inner: Vec<FieldSpan>, key: &str) -> Vec<FieldSpan> {
    let mut fields = inner;
    for place in siblings {
        let name = place.name(text);
        let goes_before = EXTRAS.contains(&name) && place.value(text) != "null";
        match fields.iter_mut().find(|own| own.name(text) == name) {
            _ if name == key => {}
            Some(own) if goes_before => *own = place,
            Some(_) => {}
            None => fields.push(place),
        }
    }
    fields
}
