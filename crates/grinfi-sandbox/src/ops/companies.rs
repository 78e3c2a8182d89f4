//! Companies, and the contacts that work there.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, form, records};
use crate::cell::{fold, same_text};
use crate::page;
use crate::record::{Record, set, text};
use crate::refusal::Faults;
use crate::store::Store;
use crate::table::Row;

const NEW: &[Field] = &[
    may("name", Want::Text),
    may("domain", Want::Text),
    may("website", Want::Text),
    may("linkedin", Want::Text),
    may("industry", Want::Text),
    may("employees_range", Want::Text),
    may("hq_raw_address", Want::Text),
];
const CHANGES: &[Field] = &[
    must("name", Want::Text),
    may("domain", Want::Text),
    may("website", Want::Text),
    may("linkedin", Want::Text),
    may("ln_id", Want::Integer),
    may("industry", Want::Text),
    may("employees_range", Want::Text),
    may("hq_raw_address", Want::Text),
    may("phone", Want::Text),
    may("about", Want::Text),
    may("lead_status_uuid", Want::Text),
];

pub(super) fn list(store: &Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(&store.companies, &call.query)?.plain()))
}

pub(super) fn search(store: &Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::search(&store.companies, &call.body, store.mode.reach())?.with_has_more()))
}

pub(super) fn get(store: &Store, call: &Call) -> Answer {
    records::get(&store.companies, call)
}

/// A bare array, in the order given. Nothing is done unless all of them are sound.
// assumed: company-name
pub(super) fn create_many(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    if fields.given("companies").is_none() {
        faults.missing("companies");
    }
    let mut companies = Vec::new();
    for (at, company) in fields.list("companies", &mut faults).into_iter().flatten().enumerate() {
        let place = format!("companies.{at}");
        match company.as_object() {
            Some(company) => {
                let mut company = form::read(NEW, &Fields::within(company, &place), &mut faults);
                // A company without a name goes by what else it is known by (assumed).
                let known = ["name", "domain", "website", "linkedin"].iter().find_map(|name| {
                    text(&company, name).filter(|text| !text.trim().is_empty()).map(str::to_owned)
                });
                match known {
                    Some(name) => set(&mut company, "name", name),
                    None => faults.missing(&format!("{place}.name")),
                }
                companies.push(company);
            }
            None => faults.add(&place, format!("The {place} must be an object.")),
        }
    }
    let lists = fields.given("list_uuids").map(|_| fields.required_texts("list_uuids", &mut faults));
    if lists.iter().flatten().any(|uuid| !store.lists.contains(uuid)) {
        faults.add("list_uuids", "The selected list_uuids do not all exist.");
    }
    fields.if_given_exists("data_source_uuid", &mut faults, |uuid| store.data_sources.contains(uuid));
    let source = fields.text("data_source_uuid", &mut faults);
    faults.finish()?;
    let mut made = Vec::new();
    for mut company in companies {
        set(&mut company, "lists", json!(lists));
        set(&mut company, "data_source_uuid", source);
        made.push(Value::Object(create(store, company)));
    }
    Ok(Reply::ok(made))
}

/// Adds a company; the contacts that name it and have none are its own from then on.
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
        for lead in store.contacts.table().keys(theirs) {
            store.contacts.change(&lead, |record| set(record, "company_uuid", uuid.clone()));
        }
    }
    record
}

/// The company of that name, the oldest of several.
// assumed: contact-company
pub(super) fn named(store: &Store, name: &str) -> Option<String> {
    let name = fold(name.trim());
    let same = |row: &Row<'_>| row.text("name").is_some_and(|it| same_text(it, &name));
    store.companies.rows().find(same).map(Row::key)
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.companies, call)?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let changes = form::read_changes(CHANGES, &fields, &mut faults);
    fields.if_given_exists("lead_status_uuid", &mut faults, |uuid| is_stage(store, uuid));
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.companies, &call.key(), changes)?))
}

pub(super) fn is_stage(store: &Store, uuid: &str) -> bool {
    store.pipeline_stages.row(uuid).is_some_and(|stage| stage.is("object", "company"))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    found(store.companies.row(&call.key()), "Company")?;
    remove(store, &call.key());
    Ok(Reply::no_content())
}

/// Removes a company with its notes and custom values; its contacts stay, without it.
// assumed: company-delete
pub(super) fn remove(store: &mut Store, uuid: &str) {
    store.companies.remove(uuid);
    for note in store.notes.keys_of(uuid, |_| true) {
        store.notes.remove(&note);
    }
    let fields: Vec<String> = store
        .custom_values
        .of(uuid)
        .filter_map(|it| it.text("custom_field_uuid").map(str::to_owned))
        .collect();
    for field in fields {
        store.custom_values.remove(&format!("{uuid}/{field}"));
    }
    for lead in store.contacts.table().keys(|row| row.is("company_uuid", uuid)) {
        store.contacts.change(&lead, |record| set(record, "company_uuid", Value::Null));
    }
}

/// Those found, a bare array; of one lookup every field given must be met.
// assumed: company-lookup
pub(super) fn look_up(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    if fields.given("lookups").is_none() {
        faults.missing("lookups");
    }
    let mut wanted: Vec<Vec<(&str, String)>> = Vec::new();
    for (at, lookup) in fields.list("lookups", &mut faults).into_iter().flatten().enumerate() {
        let place = format!("lookups.{at}");
        let Some(lookup) = lookup.as_object() else {
            faults.add(&place, format!("The {place} must be an object."));
            continue;
        };
        let lookup = Fields::within(lookup, &place);
        let mut terms = Vec::new();
        for name in ["ln_id", "linkedin", "website", "name"] {
            if let Some(text) = lookup.text(name, &mut faults).filter(|text| !text.trim().is_empty()) {
                terms.push((name, fold(text.trim())));
            }
        }
        if terms.is_empty() {
            faults.add(&place, format!("The {place} must name a company."));
        }
        wanted.push(terms);
    }
    faults.finish()?;
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
    Ok(Reply::ok(rows.map(|row| Value::Object(row.show())).collect::<Value>()))
}

/// The host of an address without its `www.`, lower case.
fn host(address: &str) -> String {
    let address = address.to_lowercase();
    let bare = address.split("://").last().unwrap_or_default();
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.trim_start_matches("www.").to_owned()
}

/// A map of arrays by company; `[]` when there is none.
pub(super) fn leads(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut faults);
    faults.finish()?;
    let mut leads = Record::new();
    for row in store.contacts.table().rows() {
        let Some(company) = row.text("company_uuid") else { continue };
        if uuids.iter().any(|uuid| uuid == company)
            && let Some(of_company) = leads.entry(company).or_insert_with(|| json!([])).as_array_mut()
        {
            of_company.push(Value::Object(row.show()));
        }
    }
    Ok(Reply::ok(if leads.is_empty() { json!([]) } else { Value::Object(leads) }))
}
