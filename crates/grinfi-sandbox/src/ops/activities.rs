//! The activity log of contacts and companies. Most of it is written by what happens, see
//! [`Store::emit`].

use serde_json::json;

use super::form::{Field, Want, may, must};
use super::input::Fields;
use super::{Answer, Call, OBJECTS, Reply, form, json_filter, object_exists, records};
use crate::page;
use crate::record::{set, text};
use crate::refusal::Faults;
use crate::store::Store;

const FORM: &[Field] = &[
    must("object_uuid", Want::Text),
    must("object_type", Want::OneOf(OBJECTS)),
    must("type", Want::Text),
    may("payload", Want::Map),
];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let mut asked = call.query.clone();
    let mut filter = json_filter(call)?;
    // In brackets the vendor's own client calls it so.
    if let Some(object) = filter.remove("object") {
        set(&mut filter, "object_type", object);
    }
    set(&mut asked, "filter", filter);
    Ok(Reply::ok(page::list(&store.activities, &asked)?.data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let mut values = form::read(FORM, &fields, &mut faults);
    object_exists(store, &fields, "object_type", &mut faults);
    faults.finish()?;
    values.entry("payload").or_insert_with(|| json!({}));
    if text(&values, "object_type") == Some("lead") {
        let lead = values.get("object_uuid").cloned().unwrap_or_default();
        set(&mut values, "lead_uuid", lead);
    }
    Ok(Reply::created(records::add(store, |it| &mut it.activities, values.into())))
}
