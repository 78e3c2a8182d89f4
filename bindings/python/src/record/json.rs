//! Conversion of JSON text into Python values.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use grinfi::bindings::{Elements, Fields};
use pyo3::{
    intern,
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString},
};

/// How deep lists and objects are parsed here. Deeper ones are left to Python, which has its own limit.
const DEEPEST: u8 = 64;

/// Parses a value like `json.loads`, which is used for rare values: half a surrogate pair, a number with a hundred digits.
pub(super) fn value<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    match plain(py, json, DEEPEST)? {
        Some(value) => Ok(value),
        None => py.import(intern!(py, "json"))?.call_method1(intern!(py, "loads"), (json,)),
    }
}

/// Returns an object with these fields; `None` if one has a rare value.
pub(super) fn object<'py, 'a>(
    py: Python<'py>,
    fields: impl Iterator<Item = (&'a str, &'a str)>,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    object_of(py, fields, DEEPEST)
}

fn object_of<'py, 'a>(
    py: Python<'py>,
    fields: impl Iterator<Item = (&'a str, &'a str)>,
    depth: u8,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let object = PyDict::new(py);
    for (name, value) in fields {
        let (Some(name), Some(value)) = (key(py, name), plain(py, value, depth)?) else { return Ok(None) };
        object.set_item(name, value)?;
    }
    Ok(Some(object))
}

/// Parses a value; `None` for a rare one.
fn plain<'py>(py: Python<'py>, json: &str, depth: u8) -> PyResult<Option<Bound<'py, PyAny>>> {
    let value = match json.as_bytes().first() {
        Some(b'"') => match text(json) {
            Some(text) => Some(PyString::new(py, text).into_any()),
            None => unescaped(json).map(|text| PyString::new(py, &text).into_any()),
        },
        Some(b'{') => match (Fields::of(json), depth.checked_sub(1)) {
            (Some(fields), Some(depth)) => object_of(py, fields, depth)?.map(Bound::into_any),
            _ => None,
        },
        Some(b'[') => match (Elements::of(json), depth.checked_sub(1)) {
            (Some(elements), Some(depth)) => {
                let list = PyList::empty(py);
                for element in elements {
                    let Some(value) = plain(py, element, depth)? else { return Ok(None) };
                    list.append(value)?;
                }
                Some(list.into_any())
            }
            _ => None,
        },
        Some(b'n') => Some(py.None().into_bound(py)),
        Some(b't') => Some(PyBool::new(py, true).to_owned().into_any()),
        Some(b'f') => Some(PyBool::new(py, false).to_owned().into_any()),
        _ => match integer(json) {
            Some(number) => Some(PyInt::new(py, number).into_any()),
            None => float(json).map(|number| PyFloat::new(py, number).into_any()),
        },
    };
    Ok(value)
}

/// Returns the text of a JSON string without escapes.
pub(super) fn text(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    (!text.as_bytes().contains(&b'\\')).then_some(text)
}

pub(super) fn unescaped(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// Parses a whole number.
pub(super) fn integer(json: &str) -> Option<i64> {
    json.parse().ok()
}

/// Parses a number with a decimal point or an exponent.
pub(super) fn float(json: &str) -> Option<f64> {
    if json.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) { json.parse().ok() } else { None }
}

/// Parses any number.
pub(super) fn number(json: &str) -> Option<f64> {
    // Larger whole numbers cannot be represented exactly.
    let whole = || integer(json).filter(|number| number.unsigned_abs() < 1 << 53);
    float(json).or_else(|| whole().map(|number| number as f64))
}

/// Parses a boolean, also 1 or 0.
pub(super) fn boolean(json: &str) -> Option<bool> {
    match json {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// How many names are cached, and up to which length.
const KEPT: usize = 1024;
const LONGEST: usize = 64;

static KEYS: LazyLock<Mutex<HashMap<Box<str>, Py<PyString>>>> = LazyLock::new(Mutex::default);

/// Returns the name of a field, mostly the same object for the same name, which saves memory in large lists.
fn key<'py>(py: Python<'py>, name: &str) -> Option<Bound<'py, PyString>> {
    if name.as_bytes().contains(&b'\\') {
        return unescaped(&format!("\"{name}\"")).map(|name| PyString::new(py, &name));
    }
    // No Python code runs while the lock is held.
    let known = |keys: &HashMap<Box<str>, Py<PyString>>| keys.get(name).map(|key| key.clone_ref(py));
    if let Some(key) = known(&KEYS.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Some(key.into_bound(py));
    }
    let key = PyString::new(py, name);
    let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    if keys.len() < KEPT && name.len() <= LONGEST {
        keys.insert(name.into(), key.clone().unbind());
    }
    Some(key)
}
