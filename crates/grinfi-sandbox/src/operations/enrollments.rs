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
    let (automation, contact) = (call.parameter("flowUuid"), call.parameter("leadUuid"));
    found(store.automations.row(&automation), "Flow")?;
    store.contact(&contact)?;
    let source = contact_source(store, &automation, &Fields::of(&call.body))?;
    enrollment::enroll_from(store, &automation, &contact, "api", source);
    Ok(ApiResponse::no_content())
}

/// Returns the requested contact source, which the sister product accepts.
fn contact_source(store: &Store, automation: &str, fields: &Fields<'_>) -> Result<Option<i64>, Rejection> {
    let mut errors = FieldErrors::default();
    let source = fields.integer("contact_source_id", &mut errors);
    if source.is_some_and(|source| !enrollment::has_source(store, automation, source)) {
        errors.add("contact_source_id", "The selected contact_source_id does not exist.");
    }
    errors.finish()?;
    Ok(source)
}

/// Creates or updates the contact like an upsert, and enrolls it.
pub(super) fn add_new(store: &mut Store, call: &Call) -> ApiResult {
    let automation = call.parameter("flowUuid");
    found(store.automations.row(&automation), "Flow")?;
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let skip = fields.flag("skip_if_lead_exists", &mut errors).unwrap_or(false);
    fields.integer("flow_segment_id", &mut errors);
    let source = contact_source(store, &automation, &fields)?;
    let upsert = contact_fields::Upsert::read(store, &fields, "update_lead_if_exists", errors)?;
    if skip && upsert.existing(store).is_some() {
        return Ok(ApiResponse::ok(json!({"reason": "skipped"})));
    }
    let contact = upsert.apply(store);
    enrollment::enroll_from(store, &automation, &contact, "api", source);
    Ok(ApiResponse::no_content())
}

pub(super) fn cancel(store: &mut Store, call: &Call) -> ApiResult {
    let contact = call.parameter("leadUuid");
    store.contact(&contact)?;
    let mut errors = FieldErrors::default();
    let automations = Fields::of(&call.body).required_texts("flow_uuids", &mut errors);
    errors.finish()?;
    enrollment::leave(store, &contact, |automation| automations.iter().any(|it| it == automation));
    Ok(ApiResponse::no_content())
}

pub(super) fn cancel_all(store: &mut Store, call: &Call) -> ApiResult {
    let contact = call.parameter("leadUuid");
    store.contact(&contact)?;
    enrollment::leave(store, &contact, |_| true);
    Ok(ApiResponse::no_content())
}

/// Deletes the enrollments of the contact and the tasks of automations.
// assumed: enrollment-history
pub(super) fn delete_history(store: &mut Store, call: &Call) -> ApiResult {
    let contact = call.parameter("leadUuid");
    store.contact(&contact)?;
    for enrollment in store.enrollments.keys_of(&contact, |_| true) {
        store.enrollments.remove(&enrollment);
    }
    for task in store.tasks.keys_of(&contact, |task| task.text("flow_uuid").is_some()) {
        store.tasks.remove(&task);
    }
    Ok(ApiResponse::no_content())
}
