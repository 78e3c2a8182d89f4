//! Enrollments of contacts in automations.

use serde_json::json;

use super::input::{Fields, found};
use super::{contact_fields, enrollment};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.enrollments, &call.body)?.with_has_more()))
}

pub(super) fn add(store: &mut Store, call: &Call) -> ApiResult {
    let (flow, lead) = (call.parameter("flowUuid"), call.parameter("leadUuid"));
    found(store.automations.row(&flow), "Flow")?;
    store.contact(&lead)?;
    let source = contact_source(store, &flow, &Fields::of(&call.body))?;
    enrollment::enroll_from(store, &flow, &lead, "api", source);
    Ok(ApiResponse::no_content())
}

/// Returns the requested contact source, which the sister product accepts.
fn contact_source(store: &Store, flow: &str, fields: &Fields<'_>) -> Result<Option<i64>, Rejection> {
    let mut errors = FieldErrors::default();
    let source = fields.integer("contact_source_id", &mut errors);
    if source.is_some_and(|source| !enrollment::has_source(store, flow, source)) {
        errors.add("contact_source_id", "The selected contact_source_id does not exist.");
    }
    errors.finish()?;
    Ok(source)
}

/// Creates or updates the contact like an upsert, and enrolls it.
pub(super) fn add_new(store: &mut Store, call: &Call) -> ApiResult {
    let flow = call.parameter("flowUuid");
    found(store.automations.row(&flow), "Flow")?;
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let skip = fields.flag("skip_if_lead_exists", &mut errors).unwrap_or(false);
    fields.integer("flow_segment_id", &mut errors);
    let source = contact_source(store, &flow, &fields)?;
    let upsert = contact_fields::Upsert::read(store, &fields, "update_lead_if_exists", errors)?;
    if skip && upsert.existing(store).is_some() {
        return Ok(ApiResponse::ok(json!({"reason": "skipped"})));
    }
    let lead = upsert.apply(store);
    enrollment::enroll_from(store, &flow, &lead, "api", source);
    Ok(ApiResponse::no_content())
}

pub(super) fn cancel(store: &mut Store, call: &Call) -> ApiResult {
    let lead = call.parameter("leadUuid");
    store.contact(&lead)?;
    let mut errors = FieldErrors::default();
    let flows = Fields::of(&call.body).required_texts("flow_uuids", &mut errors);
    errors.finish()?;
    enrollment::leave(store, &lead, |flow| flows.iter().any(|it| it == flow));
    Ok(ApiResponse::no_content())
}

pub(super) fn cancel_all(store: &mut Store, call: &Call) -> ApiResult {
    let lead = call.parameter("leadUuid");
    store.contact(&lead)?;
    enrollment::leave(store, &lead, |_| true);
    Ok(ApiResponse::no_content())
}

/// Deletes the enrollments of the contact and the tasks of automations.
// assumed: enrollment-history
pub(super) fn delete_history(store: &mut Store, call: &Call) -> ApiResult {
    let lead = call.parameter("leadUuid");
    store.contact(&lead)?;
    for place in store.enrollments.keys_of(&lead, |_| true) {
        store.enrollments.remove(&place);
    }
    for task in store.tasks.keys_of(&lead, |task| task.text("flow_uuid").is_some()) {
        store.tasks.remove(&task);
    }
    Ok(ApiResponse::no_content())
}
