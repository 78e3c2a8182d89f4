//! Log of outbound requests: the webhook calls.

use serde_json::{Value, json};

use super::input::Fields;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::{TEAM_ID, format_time, map};
use crate::rejection::FieldErrors;
use crate::schema::OUTBOUND_REQUEST;
use crate::table::Table;
use crate::webhooks::{Delivery, DeliveryState};

/// Lists the webhook calls, by default newest first.
// assumed: outbound-request-shape
pub(super) fn list(deliveries: &[Delivery], call: &Call) -> ApiResult {
    let mut table = Table::new(&OUTBOUND_REQUEST);
    for delivery in deliveries {
        let uuid = format!("ffff0001-0000-4000-8000-{:012x}", delivery.id);
        let mut record = OUTBOUND_REQUEST.blank();
        record.extend(map(row(delivery, &uuid)));
        table.insert(&uuid, record);
    }
    Ok(ApiResponse::ok(page::list(&table, &call.query)?.with_has_more()))
}

fn row(delivery: &Delivery, uuid: &str) -> Value {
    let status = match delivery.state {
        DeliveryState::Waiting if delivery.attempts.is_empty() => "pending",
        DeliveryState::Waiting => "in_progress",
        DeliveryState::Delivered => "done",
        DeliveryState::Failed | DeliveryState::Blocked => "failed",
    };
    let failed = delivery.attempts.iter().filter_map(|attempt| match (&attempt.error, attempt.status) {
        (Some(error), _) => Some(error.clone()),
        (None, Some(status)) if !(200..300).contains(&status) => Some(format!("HTTP status {status}")),
        (None, _) => None,
    });
    let errors: Vec<String> = failed.chain(delivery.reason.clone()).collect();
    let last =
        delivery.attempts.last().map_or_else(|| delivery.at.clone(), |attempt| format_time(attempt.at));
    json!({
        "uuid": uuid,
        "team_id": TEAM_ID,
        "status": status,
        "executor_type": "webhook",
        "executor_key": delivery.event,
        "request_method": delivery.method,
        "request_url": delivery.url,
        "request_headers": {"content-type": "application/json"},
        "request_body": delivery.body,
        "retry_count": delivery.attempts.len().saturating_sub(1),
        "errors": errors,
        "created_at": delivery.at,
        "updated_at": last,
    })
}

/// Counts the calls of each webhook by UUID.
// assumed: webhook-metrics-shape
pub(super) fn webhook_metrics(deliveries: &[Delivery], call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut errors);
    errors.finish()?;
    let counts = uuids.into_iter().map(|uuid| {
        let count = |state: Option<DeliveryState>| {
            let of_webhook = deliveries.iter().filter(|delivery| delivery.webhook_uuid == uuid);
            of_webhook.filter(|delivery| state.is_none_or(|state| delivery.state == state)).count()
        };
        let counts = json!({
            "requests_count": count(None),
            "done_count": count(Some(DeliveryState::Delivered)),
            "failed_count": count(Some(DeliveryState::Failed)),
        });
        (uuid, counts)
    });
    Ok(ApiResponse::ok(counts.collect::<Value>()))
}
