//! Contacts, called leads in the API's paths and fields.

use serde_json::{Value, json};

use super::contact_fields::{ContactFields, Upsert};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, tasks};
use crate::contacts::{Key, KeyKind};
use crate::events::Event;
use crate::filter::Filter;
use crate::linkedin::Handle;
use crate::page;
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
use crate::schema::CONTACT;
use crate::store::Store;
use crate::table::Row;

/// Many contacts into one list, each matched as upsert does. Nothing is done unless all of them are sound.
// assumed: contacts-create-existing
pub(super) fn create_many(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let list = fields.existing("list_uuid", &mut faults, |uuid| store.lists.contains(uuid));
    if fields.given("leads").is_none() {
        faults.missing("leads");
    }
    let mut leads = Vec::new();
    for (at, lead) in fields.list("leads", &mut faults).into_iter().flatten().enumerate() {
        let place = format!("leads.{at}");
        let Some(lead) = lead.as_object() else {
            faults.add(&place, format!("The {place} must be an object."));
            continue;
        };
        let lead = ContactFields::read(&Fields::within(lead, &place), &mut faults);
        if !lead.is_somebody() {
            faults.missing(&format!("{place}.linkedin_id"));
        }
        leads.push(lead);
    }
    faults.finish()?;
    let mut contacts: Vec<Value> = Vec::new();
    for lead in leads {
        let uuid = match store.contacts.find(&lead.keys()) {
            Some(uuid) => {
                lead.update(store, &uuid);
                uuid
            }
            None => lead.create(store, list, None),
        };
        contacts.push(store.contact(&uuid)?.into());
    }
    Ok(Reply::ok(contacts))
}

pub(super) fn upsert(store: &mut Store, call: &Call) -> Answer {
    let fields = Fields::of(&call.body);
    let uuid = Upsert::read(store, &fields, "update_if_exists", Faults::default())?.apply(store);
    Ok(Reply::ok(store.contact(&uuid)?))
}

pub(super) fn get(store: &Store, call: &Call) -> Answer {
    let contact = store.contact(&call.parameter("uuid"))?;
    Ok(Reply::ok(with_surroundings(store, contact)))
}

/// The contact that is known by what is given: a handle, or else an address, or else a name within a company.
pub(super) fn find_one(store: &Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let mut given = |name: &str| fields.text(name, &mut faults).filter(|text| !text.trim().is_empty());
    let (handle, email) = (given("linkedin_id"), given("email"));
    let (name, company) = (given("name"), given("company_name"));
    let mut keys = Vec::new();
    match handle.map(Handle::parse) {
        Some(Some(Handle::Nickname(nickname))) => keys.push(Key::new(KeyKind::Nickname, &nickname)),
        Some(Some(Handle::LnId(id))) => keys.push(Key::new(KeyKind::LnId, &id)),
        Some(Some(Handle::SnId(id))) => keys.push(Key::new(KeyKind::SnId, &id)),
        Some(None) => {
            let message = "The linkedin_id is no LinkedIn nickname, profile address or member id.";
            faults.add("linkedin_id", message);
        }
        None => {}
    }
    if let Some(email) = email {
        keys.extend([KeyKind::WorkEmail, KeyKind::PersonalEmail].map(|kind| Key::new(kind, email)));
    }
    if let (Some(name), Some(company)) = (name, company) {
        keys.push(Key::name_and_company(name, company));
    }
    faults.finish()?;
    if keys.is_empty() {
        let message = "Give a linkedin_id, an email, or a name and a company_name.";
        return Err(Refusal::invalid("linkedin_id", message));
    }
    let uuid = found(store.contacts.find(&keys), "Lead")?;
    Ok(Reply::ok(store.contact(&uuid)?))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    let uuid = call.parameter("uuid");
    store.contact(&uuid)?;
    let mut faults = Faults::default();
    let changes = ContactFields::read_update(&Fields::of(&call.body), &mut faults);
    faults.finish()?;
    changes.update(store, &uuid);
    Ok(Reply::ok(store.contact(&uuid)?))
}

// assumed: background
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    let uuid = call.parameter("uuid");
    store.contact(&uuid)?;
    remove(store, &uuid);
    Ok(Reply::no_content())
}

/// Removes a contact with its places in flows, its notes and the values of its custom fields; its open tasks are
/// canceled. Its messages, emails and activities stay.
// assumed: contact-delete
pub(super) fn remove(store: &mut Store, uuid: &str) {
    if !store.contacts.contains(uuid) {
        return;
    }
    store.emit(Event::new("contact_deleted", uuid));
    store.contacts.remove(uuid);
    let fields: Vec<String> = store
        .custom_values
        .of(uuid)
        .filter_map(|it| it.text("custom_field_uuid").map(str::to_owned))
        .collect();
    for field in fields {
        store.custom_values.remove(&format!("{uuid}/{field}"));
    }
    for place in store.flow_leads.keys_of(uuid, |_| true) {
        store.flow_leads.remove(&place);
    }
    for note in store.notes.keys_of(uuid, |_| true) {
        store.notes.remove(&note);
    }
    for task in store.tasks.keys_of(uuid, |task| task.is("status", "in_progress")) {
        tasks::end(store, &task, "canceled");
    }
}

/// Changes one column of a contact.
pub(super) fn put(store: &mut Store, uuid: &str, name: &str, value: impl Into<Value>) {
    let value = value.into();
    if store.change_contact(uuid, |record| set(record, name, value)).is_some() {
        store.emit(Event::new("contact_updated", uuid));
    }
}

/// Moves a contact to a stage of its pipeline.
pub(super) fn move_to_stage(store: &mut Store, uuid: &str, stage: &str) {
    let before = store.contacts.row(uuid).and_then(|row| row.text("pipeline_stage_uuid")).map(str::to_owned);
    if before.as_deref() == Some(stage) {
        return;
    }
    store.change_contact(uuid, |record| set(record, "pipeline_stage_uuid", stage));
    let event = Event::new("contact_pipeline_stage_changed", uuid);
    store.emit(event.detail("from_pipeline_stage_uuid", before).detail("to_pipeline_stage_uuid", stage));
}

/// Changes the tags of a contact.
pub(super) fn change_tags(store: &mut Store, uuid: &str, change: impl FnOnce(&mut Vec<String>)) {
    let Some(row) = store.contacts.row(uuid) else { return };
    let before = row.texts("tags");
    let mut tags = before.clone();
    change(&mut tags);
    if tags == before {
        return;
    }
    store.change_contact(uuid, |record| set(record, "tags", json!(tags)));
    for tag in tags.iter().filter(|tag| !before.contains(tag)) {
        store.emit(Event::new("contact_tag_added", uuid).detail("tag_uuid", tag.as_str()));
    }
}

/// Counts what is named by `ids`, or met by `filter`, or everything for `all`; what of these is given together
/// must all be met (assumed). Nothing of these counts everything.
// assumed: contacts-count
pub(super) fn count(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let all = fields.flag("all", &mut faults).unwrap_or(false);
    let ids = fields.given("ids").map(|_| fields.required_texts("ids", &mut faults));
    faults.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &CONTACT)?;
    let ids = ids.filter(|ids| !(all && ids.is_empty()));
    let ids: Option<std::collections::HashSet<String>> = ids.map(|ids| ids.into_iter().collect());
    let named =
        |row: Row<'_>| ids.as_ref().is_none_or(|ids| row.text("uuid").is_some_and(|uuid| ids.contains(uuid)));
    let total = store.contacts.table().rows().filter(|row| named(*row) && filter.matches(*row)).count();
    Ok(Reply::ok(json!({"total": total})))
}

/// Each contact comes with its surroundings unless `disable_aggregation` is asked for.
pub(super) fn search(store: &Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let flat = Fields::of(&call.body).flag("disable_aggregation", &mut faults).unwrap_or(false);
    faults.finish()?;
    let table = store.contacts.table();
    let found = page::look_up(table, &call.body, store.mode.reach())?;
    // Written straight from the rows: this is what a sandbox is asked most, with the largest answers.
    let mut out = b"{\"data\":[".to_vec();
    for (at, row) in found.rows.iter().filter_map(|number| table.at(*number)).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if flat {
            row.write(&mut out);
        } else {
            write_with_surroundings(store, row, &mut out);
        }
    }
    let page::Found { limit, offset, total, .. } = found;
    out.extend(format!("],\"limit\":{limit},\"offset\":{offset},\"total\":{total}}}").into_bytes());
    Ok(Reply::json(String::from_utf8(out).unwrap_or_default()))
}

/// A page of the contacts that are met, newest first, each with its surroundings.
pub(super) fn by_index(store: &Store, asked: &Record, is_met: impl Fn(Row<'_>) -> bool) -> Answer {
    let met: Vec<Row<'_>> = store.contacts.table().rows().rev().filter(|row| is_met(*row)).collect();
    let whole = |name: &str, default: usize| {
        let number = asked.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        number.unwrap_or(default)
    };
    let (limit, offset) = (whole("limit", 20), whole("offset", 0));
    let data: Vec<Value> =
        met.iter().skip(offset).take(limit).map(|row| with_surroundings(store, row.show())).collect();
    Ok(Reply::ok(json!({"data": data, "limit": limit, "offset": offset, "total": met.len()})))
}

/// Writes what [`with_surroundings`] is.
fn write_with_surroundings(store: &Store, contact: Row<'_>, out: &mut Vec<u8>) {
    let uuid = contact.text("uuid").unwrap_or_default();
    out.extend(b"{\"lead\":");
    contact.write(out);
    out.extend(b",\"markers\":[],\"flows\":[");
    for (at, place) in store.flow_leads.of(uuid).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        place.write(out);
    }
    out.extend(b"],\"custom_fields\":");
    // Writing to memory does not fail.
    drop(serde_json::to_writer(&mut *out, &store.custom_values_by_name(uuid)));
    out.push(b'}');
}

/// A contact with its markers, its places in flows and its custom fields.
fn with_surroundings(store: &Store, contact: Record) -> Value {
    let uuid = text(&contact, "uuid").unwrap_or_default();
    let flows: Vec<Value> = store.flow_leads.of(uuid).map(|row| Value::Object(row.show())).collect();
    let custom_fields = store.custom_values_by_name(uuid);
    let parts = [
        ("lead", Value::Object(contact)),
        ("markers", Value::Array(Vec::new())),
        ("flows", Value::Array(flows)),
        ("custom_fields", custom_fields),
    ];
    Value::Object(parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
