//! Tags.

use serde_json::json;

use super::input::Fields;
use super::{Answer, Call, Reply};
use crate::page;
use crate::record::Record;
use crate::refusal::Faults;
use crate::schema::TAG;
use crate::store::{Store, new_uuid};

/// All of them: the listing takes no page, no order and no filter.
pub(super) fn list(store: &mut Store, _: &Call) -> Answer {
    let everything = Record::from_iter([("limit".to_owned(), json!(1000))]);
    Ok(Reply::ok(page::list(store.tags.entries(), &TAG, &everything)?.data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let name = fields.required_text("name", &mut faults);
    let color = fields.text("color", &mut faults);
    faults.finish()?;
    let uuid = new_uuid();
    let record = store.make(&TAG, &uuid, json!({"name": name, "color": color}));
    store.tags.insert(&uuid, record.clone());
    Ok(Reply::created(record))
}
