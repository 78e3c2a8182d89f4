//! Alternative paths of documented operations with another input, as the vendor's own client sends it. Alternative
//! paths with the same input use the handler of the documented operation.

use serde_json::{Value, json};

use super::input::Fields;
use super::{ai, attachments, automations, blacklist, contacts, custom_fields, records, tasks, webhooks};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::filter::Filter;
use crate::page;
use crate::record::{Record, set};
use crate::rejection::FieldErrors;
use crate::schema::TASK;
use crate::store::Store;

/// Returns a copy of the call with a changed body.
fn with_body(call: &Call, change: impl FnOnce(&mut Record)) -> Call {
    let mut body = call.body.clone();
    change(&mut body);
    Call { parameters: call.parameters.clone(), query: call.query.clone(), body, files: call.files.clone() }
}

/// Returns a copy of the call with the path parameter in the body field `field`.
fn named_in_body(call: &Call, field: &str) -> Call {
    with_body(call, |body| set(body, field, call.key()))
}

/// Creates a template; `type` and `is_public` have defaults.
// assumed: other-paths
pub(super) fn create_template(store: &mut Store, call: &Call) -> ApiResult {
    let call = with_body(call, |body| {
        body.entry("type").or_insert_with(|| json!("message"));
        body.entry("is_public").or_insert_with(|| json!(0));
    });
    ai::create_template(store, &call)
}

pub(super) fn list_automations(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.automations, &call.body)?.with_has_more()))
}

pub(super) fn copy_automation(store: &mut Store, call: &Call) -> ApiResult {
    automations::copy(store, &named_in_body(call, "flow_uuid"))
}

pub(super) fn list_tasks(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.tasks, &call.body)?.plain()))
}

/// Counts tasks by status; `schedule_at_after` and `schedule_at_before` are additional filter fields.
pub(super) fn group_counts_of_tasks(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let mut filter = Fields::of(&call.query).map("filter", &mut errors).cloned().unwrap_or_default();
    errors.finish()?;
    let mut due = Record::new();
    for (field, operator) in [("schedule_at_after", ">="), ("schedule_at_before", "<")] {
        if let Some(time) = filter.remove(field) {
            set(&mut due, operator, time);
        }
    }
    if !due.is_empty() {
        set(&mut filter, "schedule_at", due);
    }
    let filter = Filter::parse(&Value::Object(filter), &TASK)?;
    let rows = store.tasks.rows().filter(|row| filter.matches(*row));
    Ok(ApiResponse::ok(records::group_counts(rows, "status")))
}

pub(super) fn create_webhook(store: &mut Store, call: &Call) -> ApiResult {
    webhooks::create(store, &with_body(call, filters_from_text))
}

pub(super) fn update_webhook(store: &mut Store, call: &Call) -> ApiResult {
    webhooks::update(store, &with_body(call, filters_from_text))
}

/// Parses filters that are sent as a text; a text that is not a JSON object is ignored.
fn filters_from_text(body: &mut Record) {
    if let Some(Value::String(text)) = body.get("filters") {
        match serde_json::from_str(text) {
            Ok(Value::Object(filters)) => set(body, "filters", filters),
            _ => drop(body.remove("filters")),
        }
    }
}

pub(super) fn test_webhook(store: &mut Store, call: &Call) -> ApiResult {
    let call = with_body(call, |body| {
        body.entry("request_method").or_insert_with(|| json!("POST"));
    });
    webhooks::test_any(store, &call)
}

/// Takes only the file and derives its name, size and type.
pub(super) fn upload_attachment(store: &mut Store, call: &Call) -> ApiResult {
    let mut call = with_body(call, |_| {});
    for file in call.files.iter_mut().filter(|file| file.field == "file") {
        file.field = "attachment".to_owned();
        let name = file.name.clone().unwrap_or_else(|| "file".to_owned());
        let size = file.content.len().to_string();
        let payload = json!({"name": name, "size": size, "type": "application/octet-stream"});
        set(&mut call.body, "payload", payload);
    }
    attachments::upload(store, &call)
}

/// Accepts `work_email`, `personal_email` and `ln_id` for the documented `email` and `linkedin`.
pub(super) fn blacklist_contact(store: &mut Store, call: &Call) -> ApiResult {
    let call = with_body(call, |body| {
        let email = ["work_email", "personal_email"].iter().find_map(|name| body.get(*name).cloned());
        if let (Some(email), false) = (email, body.contains_key("email")) {
            set(body, "email", email);
        }
        if let (Some(id), false) = (body.get("ln_id").cloned(), body.contains_key("linkedin")) {
            set(body, "linkedin", id);
        }
    });
    blacklist::add_contact(store, &call)
}

pub(super) fn set_custom_value(store: &mut Store, call: &Call) -> ApiResult {
    custom_fields::set_value(store, &named_in_body(call, "custom_field_uuid"))
}

/// Searches contacts by the search index: `leadFilter` is a filter, and an `elasticQuery` that contains `unread_counts`
/// selects contacts with unread messages. The rest of the query and the order are ignored.
// assumed: search-index
pub(super) fn search_contacts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let filter = fields.map("filter", &mut errors).cloned().unwrap_or_default();
    errors.finish()?;
    let wants_unread =
        filter.get("elasticQuery").is_some_and(|query| query.to_string().contains("unread_counts"));
    let by_columns = filter.get("leadFilter").cloned().unwrap_or(Value::Null);
    let by_columns = Filter::parse(&by_columns, &crate::schema::CONTACT)?;
    contacts::by_index(store, &call.body, |row| {
        by_columns.matches(row) && (!wants_unread || has_unread(&row.value("unread_counts")))
    })
}

fn has_unread(counts: &Value) -> bool {
    let counts = counts.as_array().map(Vec::as_slice).unwrap_or_default();
    counts.iter().any(|count| count["count"].as_i64().is_some_and(|count| count > 0))
}

pub(super) fn retry_task(store: &mut Store, call: &Call) -> ApiResult {
    tasks::one(store, call, tasks::retry_task)
}

pub(super) fn skip_task(store: &mut Store, call: &Call) -> ApiResult {
    tasks::one(store, call, tasks::skip_task)
}
