//! The filter language: what Python wrote goes through the filters of the core, with their checks and their messages.

use grinfi::{
    Automations, Contacts, Error, LinkedinMessages, Listed, Lists, SenderProfiles,
    filter::{Filter, Filterable},
};
use pyo3::{exceptions::PyValueError, prelude::*};
use serde_json::{Map, Value};

use crate::errors;

/// What there is to know of a listing.
struct Listing {
    operation: &'static str,
    fields: &'static [&'static str],
    max_page_size: u32,
    check: Check,
}

/// Joins conditions into one filter.
type Check = fn(&[Object]) -> Result<Object, Error>;
type Object = Map<String, Value>;

impl Listing {
    const fn of<R: Listed>() -> Self {
        Self { operation: R::OPERATION, fields: R::FIELDS, max_page_size: R::MAX_PAGE_SIZE, check: join::<R> }
    }

    fn by_name(resource: &str) -> PyResult<Self> {
        match resource {
            "automations" => Ok(Self::of::<Automations>()),
            "contacts" => Ok(Self::of::<Contacts>()),
            "linkedin_messages" => Ok(Self::of::<LinkedinMessages>()),
            "lists" => Ok(Self::of::<Lists>()),
            "sender_profiles" => Ok(Self::of::<SenderProfiles>()),
            other => Err(PyValueError::new_err(format!("`{other}` is no listing"))),
        }
    }
}

fn join<R: Filterable>(conditions: &[Object]) -> Result<Object, Error> {
    let all = Filter::<R>::all();
    conditions.iter().try_fold(all, |all, one| Ok::<_, Error>(all & Filter::from_json(one)?))?.to_json()
}

/// What there is to know of the listing of a resource: its operation, the fields it filters by, the largest page.
#[pyfunction]
pub(crate) fn listing(resource: &str) -> PyResult<(&'static str, Vec<&'static str>, u32)> {
    let Listing { operation, fields, max_page_size, .. } = Listing::by_name(resource)?;
    Ok((operation, fields.to_vec(), max_page_size))
}

/// Joins conditions, a JSON array of filters, into one filter that the API takes.
#[pyfunction]
pub(crate) fn check_filter(py: Python<'_>, resource: &str, conditions: &str) -> PyResult<String> {
    let listing = Listing::by_name(resource)?;
    let conditions: Vec<Object> = serde_json::from_str(conditions).map_err(|error| {
        errors::plain(py, "InvalidInputError", &format!("the filter cannot be sent as JSON: {error}"))
    })?;
    let filter = (listing.check)(&conditions).map_err(|error| errors::raise(py, &error))?;
    Ok(Value::Object(filter).to_string())
}
