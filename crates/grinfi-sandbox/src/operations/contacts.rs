//! Contacts, called leads in the API's paths and fields.

use serde_json::{Value, json};

use super::contact_changes;
use super::contact_fields::{ContactFields, Upsert};
use super::input::{Fields, found};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::contacts::{ContactKey, ContactKeyKind};
use crate::filter::Filter;
use crate::linkedin_handle::LinkedinHandle;
use crate::page;
use crate::record::{Record, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::schema::CONTACT;
use crate::store::Store;
use crate::table::Row;

/// Creates or updates contacts in one list, matched like an upsert. Nothing is changed if any of them is invalid.
// assumed: contacts-create-existing
pub(super) fn create_many(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let list = fields.existing("list_uuid", &mut errors, |uuid| store.lists.contains(uuid));
    if fields.given("leads").is_none() {
        errors.missing("leads");
    }
    let mut parsed = Vec::new();
    for (at, contact) in fields.list("leads", &mut errors).into_iter().flatten().enumerate() {
        let path = format!("leads.{at}");
        let Some(contact) = contact.as_object() else {
            errors.add(&path, format!("The {path} must be an object."));
            continue;
        };
        let contact = ContactFields::read(&Fields::within(contact, &path), &mut errors);
        if !contact.identifies_person() {
            errors.missing(&format!("{path}.linkedin_id"));
        }
        parsed.push(contact);
    }
    errors.finish()?;
    let mut contacts: Vec<Value> = Vec::new();
    for contact in parsed {
        let uuid = match store.contacts.find(&contact.keys()) {
            Some(uuid) => {
                contact.update(store, &uuid);
                uuid
            }
            None => contact.create(store, list, None),
        };
        contacts.push(store.contact(&uuid)?.into());
    }
    Ok(ApiResponse::ok(contacts))
}

pub(super) fn upsert(store: &mut Store, call: &Call) -> ApiResult {
    let fields = Fields::of(&call.body);
    let uuid = Upsert::read(store, &fields, "update_if_exists", FieldErrors::default())?.apply(store);
    Ok(ApiResponse::ok(store.contact(&uuid)?))
}

pub(super) fn get(store: &Store, call: &Call) -> ApiResult {
    let contact = store.contact(&call.parameter("uuid"))?;
    Ok(ApiResponse::ok(wrapped(store, contact)))
}

/// Finds a contact by handle, or else by address, or else by name and company.
pub(super) fn find_one(store: &Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let mut given = |name: &str| fields.text(name, &mut errors).filter(|text| !text.trim().is_empty());
    let (handle, email) = (given("linkedin_id"), given("email"));
    let (name, company) = (given("name"), given("company_name"));
    let mut keys = Vec::new();
    match handle.map(LinkedinHandle::parse) {
        Some(Some(LinkedinHandle::Nickname(nickname))) => {
            keys.push(ContactKey::new(ContactKeyKind::Nickname, &nickname))
        }
        Some(Some(LinkedinHandle::LnId(id))) => keys.push(ContactKey::new(ContactKeyKind::LnId, &id)),
        Some(Some(LinkedinHandle::SnId(id))) => keys.push(ContactKey::new(ContactKeyKind::SnId, &id)),
        Some(None) => {
            let message = "The linkedin_id is not a LinkedIn nickname, profile URL or member id.";
            errors.add("linkedin_id", message);
        }
        None => {}
    }
    if let Some(email) = email {
        keys.extend(
            [ContactKeyKind::WorkEmail, ContactKeyKind::PersonalEmail]
                .map(|kind| ContactKey::new(kind, email)),
        );
    }
    if let (Some(name), Some(company)) = (name, company) {
        keys.push(ContactKey::name_and_company(name, company));
    }
    errors.finish()?;
    if keys.is_empty() {
        let message = "Give a linkedin_id, an email, or a name and a company_name.";
        return Err(Rejection::invalid("linkedin_id", message));
    }
    let uuid = found(store.contacts.find(&keys), "Lead")?;
    Ok(ApiResponse::ok(store.contact(&uuid)?))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    let uuid = call.parameter("uuid");
    store.contact(&uuid)?;
    let mut errors = FieldErrors::default();
    let changes = ContactFields::read_update(&Fields::of(&call.body), &mut errors);
    errors.finish()?;
    changes.update(store, &uuid);
    Ok(ApiResponse::ok(store.contact(&uuid)?))
}

// assumed: background
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    let uuid = call.parameter("uuid");
    store.contact(&uuid)?;
    contact_changes::remove(store, &uuid);
    Ok(ApiResponse::no_content())
}

/// Counts the contacts that match both `ids` and `filter` (assumed), or all contacts without either.
// assumed: contacts-count
pub(super) fn count(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let all = fields.flag("all", &mut errors).unwrap_or(false);
    let ids = fields.given("ids").map(|_| fields.required_texts("ids", &mut errors));
    errors.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &CONTACT)?;
    let ids = ids.filter(|ids| !(all && ids.is_empty()));
    let ids: Option<std::collections::HashSet<String>> = ids.map(|ids| ids.into_iter().collect());
    let named =
        |row: Row<'_>| ids.as_ref().is_none_or(|ids| row.text("uuid").is_some_and(|uuid| ids.contains(uuid)));
    let total = store.contacts.table().rows().filter(|row| named(*row) && filter.matches(*row)).count();
    Ok(ApiResponse::ok(json!({"total": total})))
}

/// Contacts are wrapped with their enrollments and custom fields unless `disable_aggregation` is set.
pub(super) fn search(store: &Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let flat = Fields::of(&call.body).flag("disable_aggregation", &mut errors).unwrap_or(false);
    errors.finish()?;
    let table = store.contacts.table();
    let found = page::find_rows(table, &call.body, store.mode.max_search_rows())?;
    // Serialized directly from the rows: this is the most frequent operation with the largest responses.
    let mut out = b"{\"data\":[".to_vec();
    for (at, row) in found.rows.iter().filter_map(|number| table.at(*number)).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if flat {
            row.write(&mut out);
        } else {
            write_wrapped(store, row, &mut out);
        }
    }
    let page::FoundRows { limit, offset, total, .. } = found;
    out.extend(format!("],\"limit\":{limit},\"offset\":{offset},\"total\":{total}}}").into_bytes());
    Ok(ApiResponse::json(String::from_utf8(out).unwrap_or_default()))
}

/// Returns a page of the matching contacts, newest first, each wrapped.
pub(super) fn by_index(store: &Store, parameters: &Record, is_met: impl Fn(Row<'_>) -> bool) -> ApiResult {
    let matching: Vec<Row<'_>> = store.contacts.table().rows().rev().filter(|row| is_met(*row)).collect();
    let whole = |name: &str, default: usize| {
        let number =
            parameters.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        number.unwrap_or(default)
    };
    let (limit, offset) = (whole("limit", 20), whole("offset", 0));
    let data: Vec<Value> =
        matching.iter().skip(offset).take(limit).map(|row| wrapped(store, row.show())).collect();
    Ok(ApiResponse::ok(json!({"data": data, "limit": limit, "offset": offset, "total": matching.len()})))
}

/// Serializes what [`wrapped`] returns.
fn write_wrapped(store: &Store, contact: Row<'_>, out: &mut Vec<u8>) {
    let uuid = contact.text("uuid").unwrap_or_default();
    out.extend(b"{\"lead\":");
    contact.write(out);
    out.extend(b",\"markers\":[],\"flows\":[");
    for (at, enrollment) in store.enrollments.of(uuid).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        enrollment.write(out);
    }
    out.extend(b"],\"custom_fields\":");
    // Writing to memory cannot fail.
    drop(serde_json::to_writer(&mut *out, &store.custom_values_by_name(uuid)));
    out.push(b'}');
}

/// Returns a contact with its markers, enrollments and custom fields.
fn wrapped(store: &Store, contact: Record) -> Value {
    let uuid = text(&contact, "uuid").unwrap_or_default();
    let automations: Vec<Value> = store.enrollments.of(uuid).map(|row| Value::Object(row.show())).collect();
    let custom_fields = store.custom_values_by_name(uuid);
    let parts = [
        ("lead", Value::Object(contact)),
        ("markers", Value::Array(Vec::new())),
        ("flows", Value::Array(automations)),
        ("custom_fields", custom_fields),
    ];
    Value::Object(parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
