//! Lists, which contacts are kept in.

use serde_json::{Value, json};

use super::form::{Field, Want, must};
use super::input::Fields;
use super::{Answer, Call, Reply, form, records};
use crate::page;
use crate::refusal::Faults;
use crate::store::Store;

const FORM: &[Field] = &[must("name", Want::Text)];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(&store.lists, &call.query)?.plain()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let values = form::read(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::created(records::add(store, |it| &mut it.lists, values.into())))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.lists, call)
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.lists, call)?;
    let mut faults = Faults::default();
    let changes = form::read(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.lists, &call.key(), changes)?))
}

/// Assumed: a list goes even if contacts are in it, and they keep its uuid.
// assumed: list-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.lists, call)
}

/// Assumed, as the shape is nowhere described: a map by uuid of how many contacts are in each list.
// assumed: list-metrics-shape
pub(super) fn metrics(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut faults);
    faults.finish()?;
    let counts = uuids.into_iter().filter(|uuid| store.lists.contains(uuid)).map(|uuid| {
        let count = store.contacts.table().rows().filter(|row| row.is("list_uuid", &uuid)).count();
        (uuid, json!({"leads_count": count}))
    });
    Ok(Reply::ok(counts.collect::<Value>()))
}
