//! Lists, which contacts are kept in.

use serde_json::json;

use super::input::{Fields, found};
use super::{Answer, Call, Reply};
use crate::page;
use crate::record::set;
use crate::refusal::Faults;
use crate::schema::LIST;
use crate::store::{Store, new_uuid};

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(store.lists.entries(), &LIST, &call.query)?.plain()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let name = name(call)?;
    let uuid = new_uuid();
    let record = store.make(&LIST, &uuid, json!({"name": name}));
    store.lists.insert(&uuid, record.clone());
    Ok(Reply::created(record))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    let record = found(store.lists.get(&call.parameter("uuid")), "List")?;
    Ok(Reply::ok(record.clone()))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    let record = found(store.lists.get_mut(&call.parameter("uuid")), "List")?;
    set(record, "name", name(call)?);
    Store::touch(&store.clock, record);
    Ok(Reply::ok(record.clone()))
}

/// Assumed: a list goes even if contacts are in it, and they keep its uuid.
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    found(store.lists.remove(&call.parameter("uuid")), "List")?;
    Ok(Reply::no_content())
}

fn name(call: &Call) -> Result<&str, crate::refusal::Refusal> {
    let mut faults = Faults::default();
    let name = Fields::of(&call.body).required_text("name", &mut faults);
    faults.finish()?;
    Ok(name)
}
