//! Enrichment: costs one credit per record and finishes a second later. It adds no data; it changes the queue, the time
//! of the last enrichment of a company, and the activity log of a contact.

use chrono::Datelike;
use serde_json::{Value, json};

use super::input::Fields;
use super::records;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::events::Event;
use crate::filter::Filter;
use crate::jobs::Job;
use crate::page;
use crate::record::{parse_time, set};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;
use crate::table::Table;

/// Seconds that an enrichment takes.
const DURATION_SECONDS: i64 = 1;

pub(super) fn contacts(store: &mut Store, call: &Call) -> ApiResult {
    let selected = selected(store.contacts.table(), call)?;
    queue(store, "lead", &selected)?;
    Ok(ApiResponse::empty())
}

pub(super) fn companies(store: &mut Store, call: &Call) -> ApiResult {
    let selected = selected(&store.companies, call)?;
    queue(store, "company", &selected)?;
    Ok(ApiResponse::ok(json!({"count": selected.len()})))
}

/// Returns the records in `{uuids}`, or those that match `{filter}`.
fn selected(table: &Table, call: &Call) -> Result<Vec<String>, Rejection> {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    if fields.given("uuids").is_none() && fields.given("filter").is_none() {
        errors.missing("uuids");
    }
    let uuids = fields.given("uuids").map(|_| fields.required_texts("uuids", &mut errors));
    errors.finish()?;
    let Some(uuids) = uuids else {
        let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), table.schema())?;
        return Ok(table.keys(|row| filter.matches(row)));
    };
    if uuids.iter().any(|uuid| !table.contains(uuid)) {
        return Err(Rejection::invalid("uuids", "The selected uuids do not all exist."));
    }
    Ok(uuids)
}

/// Charges one credit per record and queues the enrichments.
///
/// # Errors
/// 402 if there are not enough credits; nothing is queued then.
// assumed: enrichment-cost
pub(super) fn queue(store: &mut Store, object: &str, uuids: &[String]) -> Result<(), Rejection> {
    let credits = store.team.get_mut("credits").and_then(|it| it.get_mut("advanced_enrichment"));
    let cost = i64::try_from(uuids.len()).unwrap_or(i64::MAX);
    if let Some(credits) = credits {
        let left = credits.as_i64().unwrap_or(0);
        if left < cost {
            return Err(Rejection::payment_required(&format!(
                "{cost} credits are needed and {left} are left."
            )));
        }
        *credits = Value::from(left - cost);
    }
    for uuid in uuids {
        let values = json!({"object_type": object, "object_uuid": uuid, "status": "in_progress"});
        let entry = records::add(store, |it| &mut it.enrichments, values);
        let entry = crate::record::text(&entry, "uuid").unwrap_or_default().to_owned();
        store.schedule(DURATION_SECONDS, Job::FinishEnrichment { uuid: entry });
    }
    Ok(())
}

/// Finishes an enrichment.
// assumed: enrichment-result
pub(crate) fn finish(store: &mut Store, entry: &str) {
    records::put(store, |it| &mut it.enrichments, entry, "status", "done");
    let Some(row) = store.enrichments.row(entry) else { return };
    let object = row.text("object_uuid").unwrap_or_default().to_owned();
    if row.is("object_type", "company") {
        let now = store.now();
        store.companies.change(&object, |record| set(record, "last_enrich_at", now));
    } else if store.contacts.contains(&object) {
        store.emit(Event::new("contact_enriched", &object));
    }
}

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list_unfiltered(&store.enrichments, &call.query)?.data_only()))
}

pub(super) fn metrics(store: &mut Store, _: &Call) -> ApiResult {
    let month = |time: chrono::DateTime<chrono::Utc>| (time.year(), time.month());
    let current = month(store.current_time());
    let this_month = store.enrichments.rows().filter(|row| {
        row.value("created_at").as_str().and_then(parse_time).is_some_and(|time| month(time) == current)
    });
    Ok(ApiResponse::ok(json!({"this_month_count": this_month.count()})))
}
