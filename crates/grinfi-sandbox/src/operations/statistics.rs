//! Statistics, computed from the current state.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional};
use super::input::{Fields, found};
use super::records::counted;
use super::{body_fields, task_state};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::filter::Filter;
use crate::record::{Record, parse_time, set, texts};
use crate::rejection::FieldErrors;
use crate::schema::TASK;
use crate::store::Store;
use crate::table::Row;

/// Contact metrics, and the activity type that each counts.
const METRICS: [(&str, &str); 13] = [
    ("linkedin_connection_request_sent_count", "linkedin_connection_request_sent"),
    ("linkedin_connection_request_accepted_count", "linkedin_connection_request_accepted"),
    ("linkedin_sent_count", "linkedin_message_sent"),
    ("linkedin_opened_count", "linkedin_message_opened"),
    ("linkedin_inbox_count", "linkedin_message_replied"),
    ("linkedin_inmail_sent_count", "linkedin_inmail_sent"),
    ("linkedin_inmail_replied_count", "linkedin_inmail_replied"),
    ("email_sent_count", "email_sent"),
    ("email_opened_count", "email_opened"),
    ("email_clicked_count", "email_clicked"),
    ("email_bounced_count", "email_bounced"),
    ("email_unsubscribed_count", "email_unsubscribed"),
    ("email_inbox_count", "email_replied"),
];
/// Responses of contacts to a step.
const CONVERSIONS: [&str; 6] = [
    "linkedin_connection_request_accepted",
    "linkedin_message_replied",
    "linkedin_inmail_replied",
    "email_opened",
    "email_clicked",
    "email_replied",
];
const LEAD_METRICS: &[FieldSpec] = &[
    optional("period_from", FieldType::Time),
    optional("period_to", FieldType::Time),
    optional("flows", FieldType::Texts),
    optional("metrics", FieldType::Texts),
];

/// Returns totals of the team for a period, or of all time; `filter` and `group_by` are ignored. The vendor's own
/// client omits the period, and omits the metrics to get all of them.
pub(super) fn of_contacts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let given = body_fields::read(LEAD_METRICS, &Fields::of(&call.body), &mut errors);
    let every = || METRICS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let parameters = given.get("metrics").map_or_else(every, texts);
    for (at, metric) in parameters.iter().enumerate() {
        if !METRICS.iter().any(|(name, _)| name == metric) {
            errors.add(&format!("metrics.{at}"), format!("{metric:?} is not a metric of contacts."));
        }
    }
    errors.finish()?;
    let micros = |name: &str| {
        given.get(name).and_then(Value::as_str).and_then(parse_time).map(|time| time.timestamp_micros())
    };
    let (from, to) = (micros("period_from"), micros("period_to"));
    // Null means no limit.
    let automations = given.get("flows").map(texts).filter(|automations| !automations.is_empty());
    let within = |row: &Row<'_>| {
        let at = row.cell("created_at").micros();
        let in_automation = |automations: &Vec<String>| {
            row.text("flow_uuid").is_some_and(|automation| automations.iter().any(|it| it == automation))
        };
        from.is_none_or(|from| at >= Some(from))
            && to.is_none_or(|to| at <= Some(to))
            && automations.as_ref().is_none_or(in_automation)
    };
    let mut by_type: BTreeMap<&str, u64> = BTreeMap::new();
    for row in store.activities.rows().filter(within) {
        *by_type.entry(row.text("type").unwrap_or_default()).or_default() += 1;
    }
    let mut total = Record::new();
    for metric in &parameters {
        let kind = METRICS.iter().find(|(name, _)| name == metric).map(|(_, kind)| *kind).unwrap_or_default();
        set(&mut total, metric, by_type.get(kind).copied().unwrap_or(0));
    }
    Ok(ApiResponse::ok(json!({"total": total})))
}

/// Counts contacts by status, and open tasks by type.
pub(super) fn of_automations(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut errors);
    errors.finish()?;
    let mut metrics = Record::new();
    for uuid in uuids.iter().filter(|uuid| store.automations.contains(uuid)) {
        let enrollments = || store.enrollments.rows().filter(|row| row.is("flow_uuid", uuid));
        let count = |status: &str| enrollments().filter(|row| row.is("status", status)).count();
        let queue =
            store.tasks.rows().filter(|row| row.is("flow_uuid", uuid) && row.is("status", task_state::OPEN));
        let of_flow = json!({
            "leads_count": enrollments().count(),
            "in_progress_leads_count": count("in_progress"),
            "finished_leads_count": count("finished"),
            "failed_leads_count": count("failed"),
            "task_counts": super::records::group_counts(queue, "type"),
        });
        set(&mut metrics, uuid, of_flow);
    }
    Ok(ApiResponse::ok(metrics))
}

/// Reads a required array of integers.
fn numbers(fields: &Fields<'_>, name: &str, errors: &mut FieldErrors) -> Vec<i64> {
    if fields.given(name).is_none() {
        errors.missing(name);
    }
    let mut numbers = Vec::new();
    for (at, value) in fields.list(name, errors).into_iter().flatten().enumerate() {
        match value.as_i64() {
            Some(number) => numbers.push(number),
            None => errors.add(&format!("{name}.{at}"), format!("The {name}.{at} must be an integer.")),
        }
    }
    numbers
}

/// Counts the tasks of each node by status and branch, and the responses of their contacts.
pub(super) fn of_nodes(store: &mut Store, call: &Call) -> ApiResult {
    let automation = call.parameter("flowUuid");
    found(store.automations.row(&automation), "Flow")?;
    let mut errors = FieldErrors::default();
    let nodes = numbers(&Fields::of(&call.body), "node_ids", &mut errors);
    errors.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &TASK)?;
    let mut statistics = Record::new();
    for node in nodes {
        let mut statuses = BTreeMap::new();
        let mut branches = BTreeMap::new();
        let mut conversions = BTreeMap::new();
        let of_node =
            |row: &Row<'_>| row.is("flow_uuid", &automation) && row.integer("flow_node_id") == Some(node);
        for task in store.tasks.rows().filter(|row| of_node(row) && filter.matches(*row)) {
            count(&mut statuses, task.text("status"));
            count(&mut branches, task.integer("fork_result").map(|branch| branch.to_string()).as_deref());
            if task.is("status", "closed") {
                follow(store, task, &automation, &mut conversions);
            }
        }
        let of_node = json!({
            "node_statuses": counted(statuses),
            // PHP's empty object.
            "node_conversions": if conversions.is_empty() { json!([]) } else { counted(conversions) },
            "node_branches": counted(branches),
        });
        set(&mut statistics, &node.to_string(), of_node);
    }
    Ok(ApiResponse::ok(statistics))
}

fn count(counts: &mut BTreeMap<String, u64>, name: Option<&str>) {
    if let Some(name) = name {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
}

/// Counts each kind of response of a contact after a task once.
fn follow(store: &Store, task: Row<'_>, automation: &str, conversions: &mut BTreeMap<String, u64>) {
    let done = task.cell("executed_at").micros();
    let sends = task.text("type").is_some_and(|kind| kind.contains("_send_"));
    let Some(contact) = task.text("lead_uuid").filter(|_| sends) else { return };
    for kind in CONVERSIONS {
        let after = |row: Row<'_>| {
            row.is("type", kind)
                && row.cell("created_at").micros() >= done
                && row.text("flow_uuid").is_none_or(|it| it == automation)
        };
        if store.activities.of(contact).any(after) {
            count(conversions, Some(kind));
        }
    }
}

/// Counts the contacts of each source by status and by how they were added, and their responses.
pub(super) fn of_contact_sources(store: &mut Store, call: &Call) -> ApiResult {
    let automation = call.parameter("flowUuid");
    found(store.automations.row(&automation), "Flow")?;
    let mut errors = FieldErrors::default();
    let sources = numbers(&Fields::of(&call.body), "contact_source_ids", &mut errors);
    errors.finish()?;
    let mut statistics = Record::new();
    for source in sources {
        let mut statuses = BTreeMap::new();
        let mut added = BTreeMap::new();
        let mut conversions = BTreeMap::new();
        let of_source = |row: &Row<'_>| {
            row.is("flow_uuid", &automation) && row.integer("contact_source_id") == Some(source)
        };
        for enrollment in store.enrollments.rows().filter(of_source) {
            count(&mut statuses, enrollment.text("status"));
            count(&mut added, enrollment.text("added_by"));
            let contact = enrollment.text("lead_uuid").unwrap_or_default();
            for kind in CONVERSIONS {
                let of_flow =
                    |row: Row<'_>| row.is("type", kind) && row.text("flow_uuid") == Some(automation.as_str());
                if store.activities.of(contact).any(of_flow) {
                    count(&mut conversions, Some(kind));
                }
            }
        }
        let of_source = json!({
            "statuses": counted(statuses),
            "added_by": counted(added),
            "conversions": counted(conversions),
        });
        set(&mut statistics, &source.to_string(), of_source);
    }
    Ok(ApiResponse::ok(statistics))
}
