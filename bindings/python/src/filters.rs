//! Validation of filters and orders by the Rust crate.

use grinfi::{
    Complete, Error, Listed,
    filter::{Filter, Filterable},
};
use pyo3::{exceptions::PyValueError, prelude::*};
use serde_json::{Map, Value};

use crate::errors;

/// Properties of a listing.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    operation: &'static str,
    fields: &'static [&'static str],
    max_page_size: u32,
    ordered: bool,
    /// The time that a complete listing is ordered by.
    pub(crate) time: Option<&'static str>,
    check: Check,
    check_order: fn(&str) -> Result<(), Error>,
}

/// Joins conditions into one filter.
type Check = fn(&[Object]) -> Result<Object, Error>;
type Object = Map<String, Value>;

impl Listing {
    const fn of<R: Listed>() -> Self {
        Self {
            operation: R::OPERATION,
            fields: R::FIELDS,
            max_page_size: R::MAX_PAGE_SIZE,
            ordered: R::ORDERED,
            time: None,
            check: join::<R>,
            check_order: R::check_order,
        }
    }

    const fn complete<R: Complete>() -> Self {
        let time = Some(R::TIME);
        Self { time, ..Self::of::<R>() }
    }

    pub(crate) fn by_operation(operation: &str) -> PyResult<&'static Self> {
        let found = LISTINGS.iter().find(|listing| listing.operation == operation);
        found.ok_or_else(|| PyValueError::new_err(format!("`{operation}` is not a listing")))
    }
}

/// All listings. A test of the package compares them with the generated ones.
static LISTINGS: &[Listing] = &[
    Listing::of::<grinfi::Activities>(),
    Listing::of::<grinfi::AiAgents>(),
    Listing::of::<grinfi::AiTemplates>(),
    Listing::of::<grinfi::Attachments>(),
    Listing::of::<grinfi::Automations>(),
    Listing::complete::<grinfi::Companies>(),
    Listing::of::<grinfi::CompaniesByText>(),
    Listing::of::<grinfi::CompanyBlacklist>(),
    Listing::of::<grinfi::ContactBlacklist>(),
    Listing::complete::<grinfi::Contacts>(),
    Listing::of::<grinfi::CustomFields>(),
    Listing::of::<grinfi::CustomTrackingDomains>(),
    Listing::of::<grinfi::DataSources>(),
    Listing::of::<grinfi::EmailBodies>(),
    Listing::complete::<grinfi::Emails>(),
    Listing::of::<grinfi::Enrichment>(),
    Listing::of::<grinfi::Enrollments>(),
    Listing::of::<grinfi::LinkedinBrowsers>(),
    Listing::of::<grinfi::LinkedinConversations>(),
    Listing::complete::<grinfi::LinkedinMessages>(),
    Listing::of::<grinfi::Lists>(),
    Listing::of::<grinfi::MailboxErrors>(),
    Listing::of::<grinfi::Mailboxes>(),
    Listing::of::<grinfi::Notes>(),
    Listing::of::<grinfi::OutboundRequests>(),
    Listing::of::<grinfi::SenderProfiles>(),
    Listing::complete::<grinfi::Tasks>(),
    Listing::of::<grinfi::Teams>(),
];

fn join<R: Filterable>(conditions: &[Object]) -> Result<Object, Error> {
    let all = Filter::<R>::all();
    conditions.iter().try_fold(all, |all, one| Ok::<_, Error>(all & Filter::from_json(one)?))?.to_json()
}

/// Returns the fields that a listing can be filtered by, its largest page size, whether it can be ordered, and the time that a
/// complete listing is ordered by.
#[pyfunction]
#[allow(clippy::type_complexity, reason = "a tuple is what Python gets")]
pub(crate) fn listing(operation: &str) -> PyResult<(Vec<&'static str>, u32, bool, Option<&'static str>)> {
    let Listing { fields, max_page_size, ordered, time, .. } = *Listing::by_operation(operation)?;
    Ok((fields.to_vec(), max_page_size, ordered, time))
}

/// Validates conditions, a JSON array of filters, and joins them into one filter.
#[pyfunction]
pub(crate) fn check_filter(py: Python<'_>, operation: &str, conditions: &str) -> PyResult<String> {
    let listing = Listing::by_operation(operation)?;
    let conditions: Vec<Object> = serde_json::from_str(conditions).map_err(|error| {
        errors::plain(py, "InvalidInputError", &format!("the filter cannot be sent as JSON: {error}"))
    })?;
    let filter = (listing.check)(&conditions).map_err(|error| errors::raise(py, &error))?;
    Ok(Value::Object(filter).to_string())
}

/// Validates that the rows of a listing can be ordered by a column.
#[pyfunction]
pub(crate) fn check_order(py: Python<'_>, operation: &str, column: &str) -> PyResult<()> {
    let listing = Listing::by_operation(operation)?;
    (listing.check_order)(column).map_err(|error| errors::raise(py, &error))
}
