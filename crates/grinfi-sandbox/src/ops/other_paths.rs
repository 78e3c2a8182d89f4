//! Other paths of described operations whose requests have another shape, as the vendor's own client sends them. Other paths with
//! the same shape share the handler of the described operation.

use serde_json::{Value, json};

use super::input::Fields;
use super::{
    Answer, Call, Reply, ai, attachments, blacklist, contacts, custom_fields, flows, records, tasks, webhooks,
};
use crate::filter::Filter;
use crate::page;
use crate::record::{Record, set};
use crate::refusal::Faults;
use crate::schema::TASK;
use crate::store::Store;

/// Returns a copy of the call with a changed body.
fn with_body(call: &Call, change: impl FnOnce(&mut Record)) -> Call {
    let mut body = call.body.clone();
    change(&mut body);
    Call { parameters: call.parameters.clone(), query: call.query.clone(), body, files: call.files.clone() }
}

/// Returns a copy of the call whose body names in `field` what the path names.
fn named_in_body(call: &Call, field: &str) -> Call {
    with_body(call, |body| set(body, field, call.key()))
}

/// Creates a template; `type` and `is_public` have defaults.
// assumed: other-paths
pub(super) fn create_template(store: &mut Store, call: &Call) -> Answer {
    let call = with_body(call, |body| {
        body.entry("type").or_insert_with(|| json!("message"));
        body.entry("is_public").or_insert_with(|| json!(0));
    });
    ai::create_template(store, &call)
}

pub(super) fn list_flows(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(&store.flows, &call.body)?.with_has_more()))
}

pub(super) fn copy_flow(store: &mut Store, call: &Call) -> Answer {
    flows::copy(store, &named_in_body(call, "flow_uuid"))
}

pub(super) fn list_tasks(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(&store.tasks, &call.body)?.plain()))
}

/// Counts tasks by status; `schedule_at_after` and `schedule_at_before` are filter fields of their own.
pub(super) fn group_counts_of_tasks(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let mut filter = Fields::of(&call.query).map("filter", &mut faults).cloned().unwrap_or_default();
    faults.finish()?;
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
    Ok(Reply::ok(records::group_counts(rows, "status")))
}

pub(super) fn create_webhook(store: &mut Store, call: &Call) -> Answer {
    webhooks::create(store, &with_body(call, filters_from_text))
}

pub(super) fn update_webhook(store: &mut Store, call: &Call) -> Answer {
    webhooks::update(store, &with_body(call, filters_from_text))
}

/// Parses filters that are sent as a text; a text that is not a JSON object is dropped.
fn filters_from_text(body: &mut Record) {
    if let Some(Value::String(text)) = body.get("filters") {
        match serde_json::from_str(text) {
            Ok(Value::Object(filters)) => set(body, "filters", filters),
            _ => drop(body.remove("filters")),
        }
    }
}

pub(super) fn test_webhook(store: &mut Store, call: &Call) -> Answer {
    let call = with_body(call, |body| {
        body.entry("request_method").or_insert_with(|| json!("POST"));
    });
    webhooks::test_any(store, &call)
}

/// Takes the file alone and derives its name, size and type.
pub(super) fn upload_attachment(store: &mut Store, call: &Call) -> Answer {
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

/// Takes `work_email`, `personal_email` and `ln_id` for the described `email` and `linkedin`.
pub(super) fn blacklist_lead(store: &mut Store, call: &Call) -> Answer {
    let call = with_body(call, |body| {
        let email = ["work_email", "personal_email"].iter().find_map(|name| body.get(*name).cloned());
        if let (Some(email), false) = (email, body.contains_key("email")) {
            set(body, "email", email);
        }
        if let (Some(id), false) = (body.get("ln_id").cloned(), body.contains_key("linkedin")) {
            set(body, "linkedin", id);
        }
    });
    blacklist::add_lead(store, &call)
}

pub(super) fn set_custom_value(store: &mut Store, call: &Call) -> Answer {
    custom_fields::set_value(store, &named_in_body(call, "custom_field_uuid"))
}

/// Searches contacts by the search index: `leadFilter` is a filter, and an `elasticQuery` that mentions `unread_counts` selects
/// contacts with unread messages. Nothing else of the query is interpreted, and the order is ignored.
// assumed: search-index
pub(super) fn search_contacts(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let filter = fields.map("filter", &mut faults).cloned().unwrap_or_default();
    faults.finish()?;
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

pub(super) fn retry_task(store: &mut Store, call: &Call) -> Answer {
    tasks::one(store, call, tasks::retry_task)
}

pub(super) fn skip_task(store: &mut Store, call: &Call) -> Answer {
    tasks::one(store, call, tasks::skip_task)
}
