//! Tasks: steps of automations, and single tasks.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::{body_fields, engine, records, task_state};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::filter::Filter;
use crate::jobs::Job;
use crate::page;
use crate::record::{Record, parse_time, set, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::schema::TASK;
use crate::store::Store;

const FIELDS: &[FieldSpec] = &[
    required("lead_uuid", FieldType::Text),
    required("sender_profile_uuid", FieldType::Text),
    optional("type", FieldType::Text),
    required("text", FieldType::Text),
    optional("note", FieldType::Text),
    required("schedule_at", FieldType::Time),
    optional("timezone", FieldType::Text),
];
const GROUPS: [&str; 5] = ["flow_uuid", "sender_profile_uuid", "type", "status", "automation_error_code"];

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.tasks, &call.query)?.plain()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.tasks, call)
}

/// Creates a single task, which runs at its time.
pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let body = with_text_of_payload(&call.body);
    let fields = Fields::of(&body);
    let mut values = body_fields::read(FIELDS, &fields, &mut errors);
    fields.if_given_exists("lead_uuid", &mut errors, |uuid| store.contacts.contains(uuid));
    fields.if_given_exists("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    errors.finish()?;
    let message = values.remove("text").unwrap_or(Value::Null);
    set(&mut values, "payload", json!({"template": message, "attachments": [], "stop_on_reply_level": null}));
    values.entry("type").or_insert_with(|| json!("linkedin_send_message"));
    set(&mut values, "flow_origin", "manual");
    // The sandbox runs it, although a person created it.
    set(&mut values, "automation", "auto");
    set(&mut values, "status", task_state::OPEN);
    let task = task_state::make(store, values.into());
    let due = text(&task, "schedule_at").and_then(parse_time).unwrap_or_else(|| store.current_time());
    let uuid = text(&task, "uuid").unwrap_or_default().to_owned();
    let seconds = (due - store.current_time()).num_milliseconds().max(0).div_euclid(1000);
    let rest = (due - store.current_time()).num_milliseconds().max(0).rem_euclid(1000);
    store.schedule(seconds.saturating_add(i64::from(rest > 0)), Job::RunTask { uuid });
    Ok(ApiResponse::created(task))
}

/// Returns the body with `text` and `note` from the payload, where the vendor's own client sends them.
fn with_text_of_payload(body: &Record) -> Record {
    let mut body = body.clone();
    let payload = body.get("payload").and_then(Value::as_object).cloned().unwrap_or_default();
    for (field, of_payload) in [("text", "template"), ("note", "note")] {
        if let (None, Some(value)) = (body.get(field), payload.get(of_payload)) {
            set(&mut body, field, value.clone());
        }
    }
    body
}

pub(super) fn complete(store: &mut Store, call: &Call) -> ApiResult {
    one(store, call, complete_task)
}

pub(super) fn cancel(store: &mut Store, call: &Call) -> ApiResult {
    one(store, call, cancel_task)
}

pub(super) fn fail(store: &mut Store, call: &Call) -> ApiResult {
    one(store, call, |store, uuid| {
        if is_open(store, uuid) {
            engine::fail(store, uuid);
        }
    })
}

pub(super) fn cancel_many(store: &mut Store, call: &Call) -> ApiResult {
    many(store, call, cancel_task)
}

pub(super) fn complete_many(store: &mut Store, call: &Call) -> ApiResult {
    many(store, call, complete_task)
}

pub(super) fn skip_many(store: &mut Store, call: &Call) -> ApiResult {
    many(store, call, skip_task)
}

pub(super) fn retry_many(store: &mut Store, call: &Call) -> ApiResult {
    many(store, call, retry_task)
}

/// Skips an open task; the contact continues with the next step.
pub(super) fn skip_task(store: &mut Store, uuid: &str) {
    if is_open(store, uuid) {
        engine::finish_and_continue(store, uuid, "skipped", 1);
    }
}

/// Retries a failed or canceled task at once, together with its enrollment.
// assumed: task-retry
pub(super) fn retry_task(store: &mut Store, uuid: &str) {
    let Some(row) = store.tasks.row(uuid) else { return };
    if !row.is("status", "failed") && !row.is("status", "canceled") {
        return;
    }
    let enrollment = row.text("flow_lead_uuid").map(str::to_owned);
    let node = row.value("flow_node_id");
    let now = store.now();
    store.tasks.change(uuid, |task| {
        for (name, value) in [
            ("status", json!(task_state::OPEN)),
            ("automation_error_code", Value::Null),
            ("error_msg", Value::Null),
            ("executed_at", Value::Null),
            ("schedule_at", json!(now)),
            ("updated_at", json!(now)),
        ] {
            set(task, name, value);
        }
    });
    if let Some(enrollment) = enrollment {
        let again = Record::from_iter([
            ("status".to_owned(), json!(super::enrollment::ACTIVE)),
            ("flow_node_id".to_owned(), node),
        ]);
        // A deleted enrollment is not restored.
        drop(records::change(store, |it| &mut it.enrollments, &enrollment, again));
    }
    store.schedule(0, Job::RunTask { uuid: uuid.to_owned() });
}

/// Cancels the enrollments of the contacts with matching tasks and enrolls them again.
// assumed: restart-from-top
pub(super) fn restart_from_top(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let automation =
        fields.existing("flow_uuid", &mut errors, |uuid| store.automations.contains(uuid)).to_owned();
    fields.if_given_exists("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    let sender = fields.text("sender_profile_uuid", &mut errors).map(str::to_owned);
    if fields.given("new_contact_source_id").is_none() {
        errors.missing("new_contact_source_id");
    }
    let source = fields.integer("new_contact_source_id", &mut errors);
    if fields.given("filter").is_none() {
        errors.missing("filter");
    }
    errors.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &TASK)?;
    let matching = |row: &crate::table::Row<'_>| row.is("flow_uuid", &automation) && filter.matches(*row);
    let mut contacts: Vec<String> = store
        .tasks
        .rows()
        .filter(matching)
        .filter_map(|row| row.text("lead_uuid").map(str::to_owned))
        .collect();
    let mut seen = std::collections::HashSet::new();
    contacts.retain(|contact| store.contacts.contains(contact) && seen.insert(contact.clone()));
    for contact in &contacts {
        super::enrollment::leave(store, contact, |it| it == automation);
        let enrollment = super::enrollment::enroll_from(store, &automation, contact, "restart", source);
        if let (Some(enrollment), Some(sender)) = (enrollment, &sender) {
            records::put(
                store,
                |it| &mut it.enrollments,
                &enrollment,
                "sender_profile_uuid",
                sender.as_str(),
            );
        }
    }
    Ok(ApiResponse::ok(json!({"count": contacts.len()})))
}

/// Completes every manual task of a contact, and records the time of the approval.
pub(super) fn continue_automation(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let contact =
        Fields::of(&call.body).existing("lead_uuid", &mut errors, |uuid| store.contacts.contains(uuid));
    errors.finish()?;
    let now = store.now();
    store.change_contact(contact, |record| set(record, "last_automation_approve_at", now));
    let waits = |task: crate::table::Row<'_>| {
        task.is("automation", "manual")
            && task.is("status", task_state::OPEN)
            && task.text("flow_uuid").is_some()
    };
    for task in store.tasks.keys_of(contact, waits) {
        engine::finish_and_continue(store, &task, "closed", 1);
    }
    Ok(ApiResponse::empty())
}

/// Returns `{data}`, the tasks of a sender that are scheduled for or were executed on a day (UTC), by time. The shape
/// is assumed.
// assumed: tasks-schedule-shape
pub(super) fn schedule(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.query);
    let sender =
        fields.existing("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    let date = fields.required_text("date", &mut errors);
    let day = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").ok();
    if !date.is_empty() && day.is_none() {
        errors.add("date", "The date is not a valid date.");
    }
    errors.finish()?;
    let day_of = |row: &crate::table::Row<'_>| {
        let at = row.cell("executed_at").micros().or_else(|| row.cell("schedule_at").micros());
        at.and_then(chrono::DateTime::from_timestamp_micros).map(|time| time.date_naive())
    };
    let mut rows: Vec<_> = store
        .tasks
        .rows()
        .filter(|row| row.is("sender_profile_uuid", sender) && day_of(row) == day)
        .collect();
    rows.sort_by_key(|row| (row.cell("schedule_at").micros(), row.number));
    let tasks: Value = rows.into_iter().map(|row| Value::Object(row.show())).collect();
    Ok(ApiResponse::ok(json!({"data": tasks})))
}

pub(super) fn group_counts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let column = Fields::of(&call.body).one_of("group_field", &GROUPS, &mut errors);
    errors.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &TASK)?;
    let rows = store.tasks.rows().filter(|row| filter.matches(*row));
    Ok(ApiResponse::ok(records::group_counts(rows, column)))
}

fn is_open(store: &Store, uuid: &str) -> bool {
    store.tasks.row(uuid).is_some_and(|task| task.is("status", task_state::OPEN))
}

fn complete_task(store: &mut Store, uuid: &str) {
    if is_open(store, uuid) {
        engine::finish_and_continue(store, uuid, "closed", 1);
    }
}

/// Cancels an open task, together with its enrollment.
// assumed: task-cancel
fn cancel_task(store: &mut Store, uuid: &str) {
    if !is_open(store, uuid) {
        return;
    }
    task_state::end(store, uuid, "canceled");
    let enrollment = store.tasks.row(uuid).and_then(|task| task.text("flow_lead_uuid")).map(str::to_owned);
    if let Some(enrollment) = enrollment {
        super::enrollment::end(store, &enrollment, "canceled");
    }
}

/// Runs `work` on the task in the path. Ended tasks are not changed.
// assumed: task-ended
pub(super) fn one(store: &mut Store, call: &Call, work: impl Fn(&mut Store, &str)) -> ApiResult {
    found(store.tasks.row(&call.key()), "Task")?;
    work(store, &call.key());
    Ok(ApiResponse::empty())
}

/// Runs `work` on tasks selected by `uuids` or by `filter`; the vendor's own client sends both.
///
/// # Errors
/// 422 for an unknown task; nothing is changed then.
// assumed: tasks-unknown
fn many(store: &mut Store, call: &Call, work: impl Fn(&mut Store, &str)) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let uuids = match fields.given("filter") {
        Some(filter) if fields.given("uuids").is_none() => {
            let filter = Filter::parse(filter, &TASK)?;
            store.tasks.keys(|row| filter.matches(row))
        }
        _ => fields.required_texts("uuids", &mut errors),
    };
    errors.finish()?;
    if uuids.iter().any(|uuid| !store.tasks.contains(uuid)) {
        return Err(Rejection::invalid("uuids", "The selected uuids do not all exist."));
    }
    for uuid in uuids {
        work(store, &uuid);
    }
    Ok(ApiResponse::empty())
}
