//! What a class of records is, and where the fields of a row are.

use std::{collections::HashSet, ops::Range};

use grinfi::Fields;
use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyType};

use super::attribute::Attribute;

/// What the API adds beside a record that it wraps, and what then goes before the record's own.
const EXTRAS: [&str; 3] = ["markers", "flows", "custom_fields"];

/// A class of records.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Shape {
    /// The class.
    pub(super) record: Py<PyType>,
    /// The names of its fields on the wire.
    names: HashSet<String>,
    wrapped_under: Option<String>,
    attributes: Vec<Py<Attribute>>,
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
        Self { record, names, wrapped_under, attributes }
    }

    #[allow(clippy::missing_errors_doc, reason = "it is how Python finds cycles")]
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.record)?;
        self.attributes.iter().try_for_each(|attribute| visit.call(attribute))
    }
}

/// Where a field is in the text of its row.
pub(super) struct Place {
    name: Range<usize>,
    value: Range<usize>,
}

impl Place {
    pub(super) fn name<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.name.clone()).unwrap_or_default()
    }

    pub(super) fn value<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.value.clone()).unwrap_or_default()
    }
}

impl Shape {
    pub(super) fn attributes(&self) -> &[Py<Attribute>] {
        &self.attributes
    }

    /// Whether the attribute with this number is this one.
    pub(super) fn has(&self, number: usize, attribute: &Bound<'_, Attribute>) -> bool {
        self.attributes.get(number).is_some_and(|known| known.is(attribute))
    }

    /// The fields of a record, out of their wrapping; `None` for what is odd: no such record, a name that comes twice or has
    /// escapes.
    pub(super) fn places(&self, text: &str) -> Option<Box<[Place]>> {
        self.unwrapped(text, text).map(Vec::into_boxed_slice)
    }

    fn unwrapped(&self, text: &str, object: &str) -> Option<Vec<Place>> {
        let beside = places(text, object)?;
        for key in self.wrapped_under.iter().flat_map(|under| [under.as_str(), "data"]) {
            if let Some(wrapped) = beside.iter().find(|place| place.name(text) == key) {
                let inner = self.unwrapped(text, wrapped.value(text))?;
                return Some(merged(text, beside, inner, key));
            }
        }
        beside.iter().any(|place| self.names.contains(place.name(text))).then_some(beside)
    }
}

/// The fields of an object that is a part of the text.
pub(super) fn places(text: &str, object: &str) -> Option<Vec<Place>> {
    let start = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let range = |part: &str| start(part)..start(part) + part.len();
    let mut found = Vec::with_capacity(48);
    // A bit for each name, by a few of its letters: the same bit twice may be the same name.
    let mut seen = [0_u64; 16];
    for (name, value) in Fields::of(object)? {
        let hash = name.bytes().fold(0_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
        let (word, bit) = (hash / 64 % 16, 1 << (hash % 64));
        let same = |place: &Place| place.name(text) == name;
        if name.contains('\\') || seen[word] & bit != 0 && found.iter().any(same) {
            return None;
        }
        seen[word] |= bit;
        found.push(Place { name: range(name), value: range(value) });
    }
    Some(found)
}

/// The record's own fields before those beside it, but for the extras.
fn merged(text: &str, beside: Vec<Place>, inner: Vec<Place>, key: &str) -> Vec<Place> {
    let mut fields = inner;
    for place in beside {
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
