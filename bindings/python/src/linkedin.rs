//! Names on LinkedIn, brought into their one form.

use grinfi::linkedin::{self, Profile};
use pyo3::prelude::*;

use crate::errors;

/// A person: what sort of name it is, and the name.
#[pyfunction]
pub(crate) fn linkedin_profile(py: Python<'_>, text: &str) -> PyResult<(&'static str, String)> {
    let profile = Profile::parse(text).map_err(|error| errors::raise(py, &error))?;
    let sort = match &profile {
        Profile::Nickname(_) => "nickname",
        Profile::Member(_) => "member",
        Profile::SalesNavigator(_) => "sales_navigator",
        Profile::Recruiter(_) => "recruiter",
        Profile::Number(_) => "number",
        // A sort that is newer than this list.
        _ => "other",
    };
    Ok((sort, profile.into()))
}

/// A company's name; `at` is what the argument is called.
#[pyfunction]
pub(crate) fn linkedin_company(py: Python<'_>, at: &str, text: &str) -> PyResult<String> {
    linkedin::normalize_company(text).map_err(|error| errors::raise_as(py, &error, &[("linkedin", at)]))
}

/// A name for a field of a contact, of the sort that the field holds; `at` is what the argument is called.
#[pyfunction]
pub(crate) fn linkedin_field(py: Python<'_>, field: &str, at: &str, text: &str) -> PyResult<String> {
    linkedin::normalize_field(field, text).map_err(|error| errors::raise_as(py, &error, &[(field, at)]))
}
