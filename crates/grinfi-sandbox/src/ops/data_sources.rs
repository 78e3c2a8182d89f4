//! Data sources. Nothing is collected from LinkedIn here, so that none ever starts; one without a sender profile does not
//! anywhere.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::Fields;
use super::{Answer, Call, Reply, form, records};
use crate::page;
use crate::record::{Record, set};
use crate::refusal::Faults;
use crate::store::Store;

const TYPES: &[&str] = &[
    "csv_leads",
    "sn_leads_search",
    "sn_leads_saved_search",
    "sn_leads_list",
    "sn_accounts_search",
    "sn_accounts_saved_search",
    "sn_accounts_list",
    "ln_leads_search",
    "ln_accounts_search",
    "ln_my_network",
    "ln_my_messenger",
    "post_engagement",
    "recruiter_leads_search",
];
const FORM: &[Field] = &[
    must("type", Want::OneOf(TYPES)),
    must("list_uuid", Want::Text),
    may("payload", Want::Map),
    may("tags", Want::Texts),
];
const COUNTS: [&str; 8] = [
    "queued_records",
    "saved_records",
    "duplicate_records",
    "blacklisted_records",
    "error_records",
    "child_queued_records",
    "child_saved_records",
    "child_duplicate_records",
];

/// A bare array, as it has been seen, or the envelope that is described.
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let listing = page::list_unfiltered(&store.data_sources, &call.query)?;
    Ok(Reply::ok(if store.mode.lists_data_sources_bare() { listing.bare() } else { listing.with_has_more() }))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.data_sources, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let given = form::read(FORM, &fields, &mut faults);
    fields.if_given_exists("list_uuid", &mut faults, |uuid| store.lists.contains(uuid));
    faults.finish()?;
    let record = add(store, given);
    Ok(Reply::created(record))
}

/// Adds a data source with what every one has.
// assumed: data-source-runs
pub(super) fn add(store: &mut Store, given: Record) -> Record {
    let mut values = crate::record::map(json!({"payload": [], "status": "not_started", "errors": []}));
    values.extend(given);
    records::add(store, |it| &mut it.data_sources, values.into())
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.data_sources, call)?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let changes = form::read_changes(FORM, &fields, &mut faults);
    fields.if_given_exists("list_uuid", &mut faults, |uuid| store.lists.contains(uuid));
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.data_sources, &call.key(), changes)?))
}

/// Answers 200, not 204. Its contacts and companies stay.
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::remove(&mut store.data_sources, call)?;
    Ok(Reply::empty())
}

pub(super) fn metrics(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut faults);
    faults.finish()?;
    let mut metrics = Record::new();
    for uuid in uuids {
        let Some(row) = store.data_sources.row(&uuid) else { continue };
        let count = |name: &&str| ((*name).to_owned(), json!(row.integer(name).unwrap_or(0)));
        set(&mut metrics, &uuid, COUNTS.iter().map(count).collect::<Value>());
    }
    Ok(Reply::ok(metrics))
}
