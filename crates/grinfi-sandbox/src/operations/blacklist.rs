//! Blacklists of contacts and companies. Imports skip blacklisted contacts.

use super::body_fields::{FieldSpec, FieldType, optional};
use super::input::Fields;
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::cell::{fold, same_text};
use crate::linkedin_handle::LinkedinHandle;
use crate::record::{Record, text};
use crate::rejection::FieldErrors;
use crate::store::Store;
use crate::table::Row;

const LEAD: &[FieldSpec] = &[
    optional("linkedin", FieldType::Text),
    optional("email", FieldType::Text),
    optional("name", FieldType::Text),
    optional("company_name", FieldType::Text),
];
const COMPANY: &[FieldSpec] = &[
    optional("linkedin", FieldType::Text),
    optional("domain", FieldType::Text),
    optional("name", FieldType::Text),
];

pub(super) fn list_contacts(store: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&store.contact_blacklist, call)
}

pub(super) fn list_companies(store: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&store.company_blacklist, call)
}

pub(super) fn add_contact(store: &mut Store, call: &Call) -> ApiResult {
    let values = read(call, LEAD, &["linkedin", "email", "name"])?;
    Ok(ApiResponse::created(records::add(store, |it| &mut it.contact_blacklist, values.into())))
}

pub(super) fn add_company(store: &mut Store, call: &Call) -> ApiResult {
    let values = read(call, COMPANY, &["linkedin", "domain", "name"])?;
    Ok(ApiResponse::created(records::add(store, |it| &mut it.company_blacklist, values.into())))
}

pub(super) fn delete_contact(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.contact_blacklist, call)
}

pub(super) fn delete_company(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.company_blacklist, call)
}

/// Requires at least one identifying field.
fn read(call: &Call, form: &[FieldSpec], naming: &[&str]) -> Result<Record, crate::rejection::Rejection> {
    let mut errors = FieldErrors::default();
    let values = body_fields::read(form, &Fields::of(&call.body), &mut errors);
    let named = |name: &&&str| text(&values, name).is_some_and(|text| !text.trim().is_empty());
    if naming.iter().find(named).is_none() {
        errors
            .add(naming.first().copied().unwrap_or_default(), format!("Give one of {}.", naming.join(", ")));
    }
    errors.finish()?;
    Ok(values)
}

/// Whether a contact with these columns is blacklisted: by nickname, address, or name, together with the company if the
/// entry has one.
// assumed: blacklist-match
pub(super) fn has_contact(store: &Store, contact: &Record) -> bool {
    let is = |entry: Row<'_>, column: &str, name: &str| matches!((entry.text(column), text(contact, name)), (Some(a), Some(b)) if same_text(a, &fold(b)));
    let by_handle = |entry: Row<'_>| match entry.text("linkedin").and_then(LinkedinHandle::parse) {
        Some(LinkedinHandle::Nickname(nickname)) => text(contact, "linkedin") == Some(nickname.as_str()),
        Some(LinkedinHandle::LnId(id)) => text(contact, "ln_id") == Some(id.as_str()),
        Some(LinkedinHandle::SnId(id)) => text(contact, "sn_id") == Some(id.as_str()),
        None => false,
    };
    store.contact_blacklist.rows().any(|entry| {
        by_handle(entry)
            || is(entry, "email", "work_email")
            || is(entry, "email", "personal_email")
            || (is(entry, "name", "name")
                && (entry.text("company_name").is_none() || is(entry, "company_name", "company_name")))
    }) || store.company_blacklist.rows().any(|entry| is(entry, "name", "company_name"))
}
