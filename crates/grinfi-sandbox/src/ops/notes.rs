//! Notes on contacts and companies.

use super::form::{Field, Want, must};
use super::input::Fields;
use super::{Answer, Call, OBJECTS, Reply, form, object_exists, records};
use crate::page;
use crate::refusal::Faults;
use crate::store::Store;

const FORM: &[Field] =
    &[must("object", Want::OneOf(OBJECTS)), must("object_uuid", Want::Text), must("note", Want::Text)];
const CHANGES: &[Field] = &[must("note", Want::Text)];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list_unfiltered(&store.notes, &call.query)?.data_only()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.notes, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let values = form::read(FORM, &fields, &mut faults);
    object_exists(store, &fields, "object", &mut faults);
    faults.finish()?;
    Ok(Reply::created(records::add(store, |it| &mut it.notes, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.notes, call)?;
    let mut faults = Faults::default();
    let changes = form::read(CHANGES, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.notes, &call.key(), changes)?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.notes, call)
}
