//! Companies and their contacts.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::cell::{fold, same_text};
use crate::page;
use crate::record::{Record, set, text};
use crate::rejection::FieldErrors;
use crate::store::Store;
use crate::table::Row;

const NEW: &[FieldSpec] = &[
    optional("name", FieldType::Text),
    optional("domain", FieldType::Text),
    optional("website", FieldType::Text),
    optional("linkedin", FieldType::Text),
    optional("industry", FieldType::Text),
    optional("employees_range", FieldType::Text),
    optional("hq_raw_address", FieldType::Text),
];
const CHANGES: &[FieldSpec] = &[
    required("name", FieldType::Text),
    optional("domain", FieldType::Text),
    optional("website", FieldType::Text),
    optional("linkedin", FieldType::Text),
    optional("ln_id", FieldType::Integer),
    optional("industry", FieldType::Text),
    optional("employees_range", FieldType::Text),
    optional("hq_raw_address", FieldType::Text),
    optional("phone", FieldType::Text),
    optional("about", FieldType::Text),
    optional("lead_status_uuid", FieldType::Text),
];

pub(super) fn list(store: &Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.companies, &call.query)?.plain()))
}

pub(super) fn search(store: &Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(
        page::search(&store.companies, &call.body, store.mode.max_search_rows())?.with_has_more(),
    ))
}

pub(super) fn get(store: &Store, call: &Call) -> ApiResult {
    records::get(&store.companies, call)
}

/// Creates companies and returns them as a bare array in the given order. Nothing is created if any of them is invalid.
// assumed: company-name
pub(super) fn create_many(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    if fields.given("companies").is_none() {
        errors.missing("companies");
    }
    let mut companies = Vec::new();
    for (at, company) in fields.list("companies", &mut errors).into_iter().flatten().enumerate() {
        let path = format!("companies.{at}");
        match company.as_object() {
            Some(company) => {
                let mut company = body_fields::read(NEW, &Fields::within(company, &path), &mut errors);
                // A company without a name is named after another identifier (assumed).
                let known = ["name", "domain", "website", "linkedin"].iter().find_map(|name| {
                    text(&company, name).filter(|text| !text.trim().is_empty()).map(str::to_owned)
                });
                match known {
                    Some(name) => set(&mut company, "name", name),
                    None => errors.missing(&format!("{path}.name")),
                }
                companies.push(company);
            }
            None => errors.add(&path, format!("The {path} must be an object.")),
        }
    }
    let lists = fields.given("list_uuids").map(|_| fields.required_texts("list_uuids", &mut errors));
    if lists.iter().flatten().any(|uuid| !store.lists.contains(uuid)) {
        errors.add("list_uuids", "The selected list_uuids do not all exist.");
    }
    fields.if_given_exists("data_source_uuid", &mut errors, |uuid| store.data_sources.contains(uuid));
    let source = fields.text("data_source_uuid", &mut errors);
    errors.finish()?;
    let mut made = Vec::new();
    for mut company in companies {
        set(&mut company, "lists", json!(lists));
        set(&mut company, "data_source_uuid", source);
        made.push(Value::Object(create(store, company)));
    }
    Ok(ApiResponse::ok(made))
}

/// Adds a company and assigns it to the contacts that have its name and no company.
pub(super) fn create(store: &mut Store, mut company: Record) -> Record {
    set(&mut company, "lead_status_uuid", store.first_stage("company"));
    set(&mut company, "status", "ok");
    let record = records::add(store, |it| &mut it.companies, company.into());
    let uuid = text(&record, "uuid").unwrap_or_default().to_owned();
    if let Some(name) = text(&record, "name").map(fold) {
        let theirs = |row: Row<'_>| {
            row.text("company_uuid").is_none()
                && row.text("company_name").is_some_and(|it| same_text(it, &name))
        };
        for contact in store.contacts.table().keys(theirs) {
            store.contacts.change(&contact, |record| set(record, "company_uuid", uuid.clone()));
        }
    }
    record
}

/// Returns the oldest company with that name.
// assumed: contact-company
pub(super) fn named(store: &Store, name: &str) -> Option<String> {
    let name = fold(name.trim());
    let same = |row: &Row<'_>| row.text("name").is_some_and(|it| same_text(it, &name));
    store.companies.rows().find(same).map(Row::key)
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.companies, call)?;
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let changes = body_fields::read_changes(CHANGES, &fields, &mut errors);
    fields.if_given_exists("lead_status_uuid", &mut errors, |uuid| is_stage(store, uuid));
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.companies, &call.key(), changes)?))
}

pub(super) fn is_stage(store: &Store, uuid: &str) -> bool {
    store.pipeline_stages.row(uuid).is_some_and(|stage| stage.is("object", "company"))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    found(store.companies.row(&call.key()), "Company")?;
    remove(store, &call.key());
    Ok(ApiResponse::no_content())
}

/// Removes a company with its notes and custom values; its contacts stay without a company.
// assumed: company-delete
pub(super) fn remove(store: &mut Store, uuid: &str) {
    store.companies.remove(uuid);
    for note in store.notes.keys_of(uuid, |_| true) {
        store.notes.remove(&note);
    }
    store.remove_custom_values(uuid);
    for contact in store.contacts.table().keys(|row| row.is("company_uuid", uuid)) {
        store.contacts.change(&contact, |record| set(record, "company_uuid", Value::Null));
    }
}

/// Returns the found companies as a bare array. A company matches a lookup if every given field matches.
// assumed: company-lookup
pub(super) fn lookup(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    if fields.given("lookups").is_none() {
        errors.missing("lookups");
    }
    let mut wanted: Vec<Vec<(&str, String)>> = Vec::new();
    for (at, lookup) in fields.list("lookups", &mut errors).into_iter().flatten().enumerate() {
        let path = format!("lookups.{at}");
        let Some(lookup) = lookup.as_object() else {
            errors.add(&path, format!("The {path} must be an object."));
            continue;
        };
        let lookup = Fields::within(lookup, &path);
        let mut terms = Vec::new();
        for name in ["ln_id", "linkedin", "website", "name"] {
            if let Some(text) = lookup.text(name, &mut errors).filter(|text| !text.trim().is_empty()) {
                terms.push((name, fold(text.trim())));
            }
        }
        if terms.is_empty() {
            errors.add(&path, format!("The {path} must name a company."));
        }
        wanted.push(terms);
    }
    errors.finish()?;
    let meets = |row: Row<'_>, (name, wanted): &(&str, String)| match *name {
        "ln_id" => row.cell("ln_id").value().to_string().trim_matches('"') == wanted,
        "website" => {
            row.text("website").is_some_and(|it| host(it) == host(wanted))
                || row.text("domain").is_some_and(|it| host(it) == host(wanted))
        }
        name => row.text(name).is_some_and(|it| same_text(it, wanted)),
    };
    let rows = store.companies.rows();
    let rows = rows.filter(|row| wanted.iter().any(|terms| terms.iter().all(|term| meets(*row, term))));
    Ok(ApiResponse::ok(rows.map(|row| Value::Object(row.show())).collect::<Value>()))
}

/// Returns the lower-case host of a URL without `www.`.
fn host(address: &str) -> String {
    let address = address.to_lowercase();
    let bare = address.split("://").last().unwrap_or_default();
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.trim_start_matches("www.").to_owned()
}

/// Returns an object of arrays by company; `[]` if it is empty.
pub(super) fn contacts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut errors);
    errors.finish()?;
    let mut contacts = Record::new();
    for row in store.contacts.table().rows() {
        let Some(company) = row.text("company_uuid") else { continue };
        if uuids.iter().any(|uuid| uuid == company)
            && let Some(of_company) = contacts.entry(company).or_insert_with(|| json!([])).as_array_mut()
        {
            of_company.push(Value::Object(row.show()));
        }
    }
    Ok(ApiResponse::ok(if contacts.is_empty() { json!([]) } else { Value::Object(contacts) }))
}
