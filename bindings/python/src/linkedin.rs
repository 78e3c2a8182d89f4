//! Normalization of LinkedIn names.

use grinfi::linkedin::{self, Profile};
use pyo3::prelude::*;

use crate::errors;

/// Parses the LinkedIn name of a person. Returns its type and the name.
#[pyfunction]
pub(crate) fn linkedin_profile(py: Python<'_>, text: &str) -> PyResult<(&'static str, String)> {
    let profile = Profile::parse(text).map_err(|error| errors::raise(py, &error))?;
    let sort = match &profile {
        Profile::Nickname(_) => "nickname",
        Profile::Member(_) => "member",
        Profile::SalesNavigator(_) => "sales_navigator",
        Profile::Recruiter(_) => "recruiter",
        Profile::Number(_) => "number",
        // A type that was added after this list.
        _ => "other",
    };
    Ok((sort, profile.into()))
}

/// Normalizes the LinkedIn name of a company. `at` is the name of the argument.
#[pyfunction]
pub(crate) fn linkedin_company(py: Python<'_>, at: &str, text: &str) -> PyResult<String> {
    linkedin::normalize_company(text).map_err(|error| errors::raise_as(py, &error, &[("linkedin", at)]))
}

/// Normalizes a LinkedIn name for a field of a contact. `at` is the name of the argument.
#[pyfunction]
pub(crate) fn linkedin_field(py: Python<'_>, field: &str, at: &str, text: &str) -> PyResult<String> {
    linkedin::normalize_field(field, text).map_err(|error| errors::raise_as(py, &error, &[(field, at)]))
}
