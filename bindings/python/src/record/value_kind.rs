//! Kinds of values of attributes.
//!
//! Values with the documented type are decoded here. All others are left to the decoders in `grinfi._record_fields`, which accept
//! some other types and raise errors.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::NaiveDate;
use grinfi::bindings::Elements;
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBool, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyType, PyTzInfo},
};

use super::{Maker, json};

/// How many values of an enumeration are kept.
const KEPT: usize = 64;

pub(super) enum ValueKind {
    Text,
    Integer,
    Number,
    Boolean,
    /// A time, and `datetime.fromisoformat`.
    Time(Py<PyAny>),
    /// An object with any fields.
    Mapping,
    /// Any value.
    Json,
    /// The whole record, for records whose fields are not documented.
    Row,
    /// A string that is a value of an enumeration.
    Choice(Py<PyType>, Mutex<HashMap<Box<str>, Py<PyAny>>>),
    List(Box<ValueKind>),
    /// A record inside another.
    One(Maker),
    /// Decoded in Python.
    Other,
}

impl<'py> FromPyObject<'_, 'py> for ValueKind {
    type Error = PyErr;

    /// `None`, a name, or a name with its type argument.
    fn extract(kind: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if kind.is_none() {
            return Ok(Self::Other);
        }
        if let Ok(parts) = kind.cast::<PyTuple>() {
            let (name, of): (String, Bound<'_, PyAny>) = parts.extract()?;
            return match name.as_str() {
                "choice" => Ok(Self::Choice(of.cast_into()?.unbind(), Mutex::default())),
                "list" => Ok(Self::List(Box::new(of.extract()?))),
                "one" => Ok(Self::One(Maker::new(of.cast()?)?)),
                _ => Err(PyValueError::new_err(name)),
            };
        }
        match kind.extract::<String>()?.as_str() {
            "text" => Ok(Self::Text),
            "integer" => Ok(Self::Integer),
            "number" => Ok(Self::Number),
            "boolean" => Ok(Self::Boolean),
            "time" => {
                let datetime = kind.py().import("datetime")?.getattr("datetime")?;
                Ok(Self::Time(datetime.getattr("fromisoformat")?.unbind()))
            }
            "mapping" => Ok(Self::Mapping),
            "json" => Ok(Self::Json),
            "row" => Ok(Self::Row),
            other => Err(PyValueError::new_err(other.to_owned())),
        }
    }
}

impl ValueKind {
    /// Returns whether decoding a value again is cheaper than keeping it.
    pub(super) fn is_plain(&self) -> bool {
        use ValueKind::{Boolean, Choice, Integer, Number, Text, Time};
        matches!(self, Text | Integer | Number | Boolean | Time(_) | Choice(..))
    }

    /// Decodes JSON; returns `None` if this must be done in Python.
    pub(super) fn read<'py>(&self, py: Python<'py>, json: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(match self {
            Self::Text => match json::text(json) {
                Some(text) => Some(PyString::new(py, text).into_any()),
                None if json.starts_with('"') => {
                    json::unescaped(json).map(|text| PyString::new(py, &text).into_any())
                }
                None => None,
            },
            Self::Integer => json::integer(json).map(|number| PyInt::new(py, number).into_any()),
            Self::Number => json::number(json).map(|number| PyFloat::new(py, number).into_any()),
            Self::Boolean => json::boolean(json).map(|flag| PyBool::new(py, flag).to_owned().into_any()),
            Self::Time(from_text) => match json::text(json).and_then(|text| Some((text, Parts::of(text)?))) {
                // The decoder in Python raises the error for an invalid day.
                Some((text, parts)) => parts.time(py, text, from_text).ok(),
                None => None,
            },
            Self::Mapping if json == "[]" => Some(PyDict::new(py).into_any()),
            Self::Mapping | Self::Row if !json.starts_with('{') => None,
            Self::Mapping | Self::Row | Self::Json => Some(json::value(py, json)?),
            Self::Choice(class, known) => match json::text(json) {
                Some(text) => Some(choice(class.bind(py), known, text)?),
                None => None,
            },
            Self::List(of) => {
                let Some(elements) = Elements::of(json) else { return Ok(None) };
                let list = PyList::empty(py);
                for element in elements.filter(|element| *element != "null") {
                    let Some(value) = of.read(py, element)? else { return Ok(None) };
                    list.append(value)?;
                }
                Some(list.into_any())
            }
            Self::One(maker) if json.starts_with('{') => Some(maker.part(py, json)?),
            Self::One(_) | Self::Other => None,
        })
    }
}

/// Returns a value of an enumeration: the same object for the same string, up to a limit.
fn choice<'py>(
    class: &Bound<'py, PyType>,
    known: &Mutex<HashMap<Box<str>, Py<PyAny>>>,
    text: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    // No Python code runs while the lock is held.
    let found = |known: &HashMap<Box<str>, Py<PyAny>>| known.get(text).map(|value| value.clone_ref(py));
    if let Some(value) = found(&known.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(value.into_bound(py));
    }
    let value = class.call1((text,))?;
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() < KEPT {
        known.insert(text.into(), value.clone().unbind());
    }
    Ok(value)
}

/// The parts of a time in the format of the API, `2026-02-03T15:55:04.000000Z`, with any number of fractional digits.
pub(super) struct Parts {
    year: i32,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    micros: u32,
}

impl Parts {
    pub(super) fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |from: usize, to: usize| {
            bytes.get(from..to)?.iter().try_fold(0_u32, |number, byte| {
                byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
            })
        };
        let two = |from: usize| u8::try_from(digits(from, from + 2)?).ok();
        let marks = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
        let is_marked = marks.iter().all(|(at, mark)| bytes.get(*at) == Some(mark))
            && matches!(bytes.get(10), Some(b'T' | b' '));
        let fraction = text.get(19..)?.strip_suffix('Z')?;
        let mut micros = 0;
        if let Some(fraction) = fraction.strip_prefix('.') {
            if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let six = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
            micros = six.fold(0, |number, byte| number * 10 + u32::from(byte - b'0'));
        } else if !fraction.is_empty() {
            return None;
        }
        is_marked.then_some(())?;
        Some(Self {
            year: i32::try_from(digits(0, 4)?).ok()?,
            month: two(5)?,
            day: two(8)?,
            hour: two(11)?,
            minute: two(14)?,
            second: two(17)?,
            micros,
        })
    }

    /// Returns the time for this text, whose parts these are.
    fn time<'py>(&self, py: Python<'py>, text: &str, from_text: &Py<PyAny>) -> PyResult<Bound<'py, PyAny>> {
        // Parsing by Python is faster than construction from eight numbers. Before 3.11 it accepts only three or six fractional
        // digits, and no Z.
        if let (27, Some(local)) = (text.len(), text.strip_suffix('Z')) {
            return from_text.bind(py).call1((format!("{local}+00:00"),));
        }
        let Self { year, month, day, hour, minute, second, micros } = *self;
        let utc = PyTzInfo::utc(py)?;
        let time = PyDateTime::new(py, year, month, day, hour, minute, second, micros, Some(&utc))?;
        Ok(time.into_any())
    }

    /// Returns microseconds since 1970; `None` for an invalid day or hour.
    pub(super) fn micros_since_1970(&self) -> Option<i64> {
        // Python does not support year 0.
        let year = Some(self.year).filter(|year| *year > 0)?;
        let day = NaiveDate::from_ymd_opt(year, self.month.into(), self.day.into())?;
        let time =
            day.and_hms_micro_opt(self.hour.into(), self.minute.into(), self.second.into(), self.micros)?;
        Some(time.and_utc().timestamp_micros())
    }
}
