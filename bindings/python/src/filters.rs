//! Validation of filters and orders by the Rust crate.

use grinfi::{
    Error,
    filter::{Filter, Filterable},
    pagination::{Complete, Listed},
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
    Listing::of::<grinfi::activities::Activities>(),
    Listing::of::<grinfi::ai_agents::AiAgents>(),
    Listing::of::<grinfi::ai_templates::AiTemplates>(),
    Listing::of::<grinfi::attachments::Attachments>(),
    Listing::of::<grinfi::automations::Automations>(),
    Listing::complete::<grinfi::companies::Companies>(),
    Listing::of::<grinfi::companies::CompaniesByText>(),
    Listing::of::<grinfi::blacklist::CompanyBlacklist>(),
    Listing::of::<grinfi::blacklist::ContactBlacklist>(),
    Listing::complete::<grinfi::contacts::Contacts>(),
    Listing::of::<grinfi::custom_fields::CustomFields>(),
    Listing::of::<grinfi::custom_tracking_domains::CustomTrackingDomains>(),
    Listing::of::<grinfi::data_sources::DataSources>(),
    Listing::of::<grinfi::email_bodies::EmailBodies>(),
    Listing::complete::<grinfi::emails::Emails>(),
    Listing::of::<grinfi::enrichment::Enrichment>(),
    Listing::of::<grinfi::automations::Enrollments>(),
    Listing::of::<grinfi::linkedin_browsers::LinkedinBrowsers>(),
    Listing::of::<grinfi::linkedin_conversations::LinkedinConversations>(),
    Listing::complete::<grinfi::linkedin_messages::LinkedinMessages>(),
    Listing::of::<grinfi::lists::Lists>(),
    Listing::of::<grinfi::mailbox_errors::MailboxErrors>(),
    Listing::of::<grinfi::mailboxes::Mailboxes>(),
    Listing::of::<grinfi::notes::Notes>(),
    Listing::of::<grinfi::outbound_requests::OutboundRequests>(),
    Listing::of::<grinfi::sender_profiles::SenderProfiles>(),
    Listing::complete::<grinfi::tasks::Tasks>(),
    Listing::of::<grinfi::teams::Teams>(),
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
