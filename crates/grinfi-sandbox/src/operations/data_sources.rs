//! Data sources. They never run, since the sandbox cannot search LinkedIn; without a sender profile they do not run in
//! the API either.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::Fields;
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{Record, set};
use crate::rejection::FieldErrors;
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
const FIELDS: &[FieldSpec] = &[
    required("type", FieldType::OneOf(TYPES)),
    required("list_uuid", FieldType::Text),
    optional("payload", FieldType::Map),
    optional("tags", FieldType::Texts),
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

/// Returns a bare array in observed mode, the documented envelope in documented mode.
pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    let listing = page::list_unfiltered(&store.data_sources, &call.query)?;
    Ok(ApiResponse::ok(if store.mode.lists_data_sources_bare() {
        listing.into_array()
    } else {
        listing.with_has_more()
    }))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.data_sources, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let given = body_fields::read(FIELDS, &fields, &mut errors);
    fields.if_given_exists("list_uuid", &mut errors, |uuid| store.lists.contains(uuid));
    errors.finish()?;
    let record = add(store, given);
    Ok(ApiResponse::created(record))
}

/// Adds a data source with its default values.
// assumed: data-source-runs
pub(super) fn add(store: &mut Store, given: Record) -> Record {
    let mut values = crate::record::map(json!({"payload": [], "status": "not_started", "errors": []}));
    values.extend(given);
    records::add(store, |it| &mut it.data_sources, values.into())
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.data_sources, call)?;
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let changes = body_fields::read_changes(FIELDS, &fields, &mut errors);
    fields.if_given_exists("list_uuid", &mut errors, |uuid| store.lists.contains(uuid));
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.data_sources, &call.key(), changes)?))
}

/// Deletes a data source and responds with 200, not 204. Its contacts and companies stay.
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::remove(&mut store.data_sources, call)?;
    Ok(ApiResponse::empty())
}

pub(super) fn metrics(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut errors);
    errors.finish()?;
    let mut metrics = Record::new();
    for uuid in uuids {
        let Some(row) = store.data_sources.row(&uuid) else { continue };
        let count = |name: &&str| ((*name).to_owned(), json!(row.integer(name).unwrap_or(0)));
        set(&mut metrics, &uuid, COUNTS.iter().map(count).collect::<Value>());
    }
    Ok(ApiResponse::ok(metrics))
}
