//! The blacklists of contacts and of companies. An import leaves out who is on them.

use super::form::{Field, Want, may};
use super::input::Fields;
use super::{Answer, Call, Reply, form, records};
use crate::cell::{fold, same_text};
use crate::linkedin::Handle;
use crate::record::{Record, text};
use crate::refusal::Faults;
use crate::store::Store;
use crate::table::Row;

const LEAD: &[Field] = &[
    may("linkedin", Want::Text),
    may("email", Want::Text),
    may("name", Want::Text),
    may("company_name", Want::Text),
];
const COMPANY: &[Field] = &[may("linkedin", Want::Text), may("domain", Want::Text), may("name", Want::Text)];

pub(super) fn list_leads(store: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&store.lead_blacklist, call)
}

pub(super) fn list_companies(store: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&store.company_blacklist, call)
}

pub(super) fn add_lead(store: &mut Store, call: &Call) -> Answer {
    let values = read(call, LEAD, &["linkedin", "email", "name"])?;
    Ok(Reply::created(records::add(store, |it| &mut it.lead_blacklist, values.into())))
}

pub(super) fn add_company(store: &mut Store, call: &Call) -> Answer {
    let values = read(call, COMPANY, &["linkedin", "domain", "name"])?;
    Ok(Reply::created(records::add(store, |it| &mut it.company_blacklist, values.into())))
}

pub(super) fn delete_lead(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.lead_blacklist, call)
}

pub(super) fn delete_company(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.company_blacklist, call)
}

/// At least one of the fields that name somebody must be given.
fn read(call: &Call, form: &[Field], naming: &[&str]) -> Result<Record, crate::refusal::Refusal> {
    let mut faults = Faults::default();
    let values = form::read(form, &Fields::of(&call.body), &mut faults);
    let named = |name: &&&str| text(&values, name).is_some_and(|text| !text.trim().is_empty());
    if naming.iter().find(named).is_none() {
        faults
            .add(naming.first().copied().unwrap_or_default(), format!("Give one of {}.", naming.join(", ")));
    }
    faults.finish()?;
    Ok(values)
}

/// Whether a contact with those columns is on the list: by its nickname, an address, or its name, with the company's where
/// the entry has one.
// assumed: blacklist-match
pub(super) fn holds_lead(store: &Store, lead: &Record) -> bool {
    let is = |entry: Row<'_>, column: &str, name: &str| matches!((entry.text(column), text(lead, name)), (Some(a), Some(b)) if same_text(a, &fold(b)));
    let by_handle = |entry: Row<'_>| match entry.text("linkedin").and_then(Handle::parse) {
        Some(Handle::Nickname(nickname)) => text(lead, "linkedin") == Some(nickname.as_str()),
        Some(Handle::LnId(id)) => text(lead, "ln_id") == Some(id.as_str()),
        Some(Handle::SnId(id)) => text(lead, "sn_id") == Some(id.as_str()),
        None => false,
    };
    store.lead_blacklist.rows().any(|entry| {
        by_handle(entry)
            || is(entry, "email", "work_email")
            || is(entry, "email", "personal_email")
            || (is(entry, "name", "name")
                && (entry.text("company_name").is_none() || is(entry, "company_name", "company_name")))
    }) || store.company_blacklist.rows().any(|entry| is(entry, "name", "company_name"))
}
