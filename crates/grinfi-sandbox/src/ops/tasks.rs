//! Tasks: the single steps of flows, and what was planned by hand.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, engine, form, records};
use crate::agenda::Job;
use crate::filter::Filter;
use crate::page;
use crate::record::{Record, parse_time, set, text};
use crate::refusal::{Faults, Refusal};
use crate::schema::TASK;
use crate::store::Store;

/// The status of a task that is still to be done.
pub(super) const OPEN: &str = "in_progress";

const FORM: &[Field] = &[
    must("lead_uuid", Want::Text),
    must("sender_profile_uuid", Want::Text),
    may("type", Want::Text),
    must("text", Want::Text),
    may("note", Want::Text),
    must("schedule_at", Want::Time),
    may("timezone", Want::Text),
];
const GROUPS: [&str; 5] = ["flow_uuid", "sender_profile_uuid", "type", "status", "automation_error_code"];

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(&store.tasks, &call.query)?.plain()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.tasks, call)
}

/// A task of nobody's flow; it is carried out at its time.
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let body = with_text_of_payload(&call.body);
    let fields = Fields::of(&body);
    let mut values = form::read(FORM, &fields, &mut faults);
    fields.if_given_exists("lead_uuid", &mut faults, |uuid| store.contacts.contains(uuid));
    fields.if_given_exists("sender_profile_uuid", &mut faults, |uuid| store.sender_profiles.contains(uuid));
    faults.finish()?;
    let words = values.remove("text").unwrap_or(Value::Null);
    set(&mut values, "payload", json!({"template": words, "attachments": [], "stop_on_reply_level": null}));
    values.entry("type").or_insert_with(|| json!("linkedin_send_message"));
    set(&mut values, "flow_origin", "manual");
    // Done by the machine, though planned by a person.
    set(&mut values, "automation", "auto");
    set(&mut values, "status", OPEN);
    let task = make(store, values.into());
    let due = text(&task, "schedule_at").and_then(parse_time).unwrap_or_else(|| store.present());
    let uuid = text(&task, "uuid").unwrap_or_default().to_owned();
    let seconds = (due - store.present()).num_milliseconds().max(0).div_euclid(1000);
    let rest = (due - store.present()).num_milliseconds().max(0).rem_euclid(1000);
    store.plan(seconds.saturating_add(i64::from(rest > 0)), Job::Task { uuid });
    Ok(Reply::created(task))
}

/// Returns the body with `text` and `note` taken from the payload, where the vendor's own client sends them.
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

/// Makes a task with what every task has.
pub(super) fn make(store: &mut Store, values: Value) -> Record {
    let mut task = crate::record::map(json!({
        "assigned_to": crate::record::USER_ID, "attempts": 0, "priority": 2,
    }));
    task.extend(crate::record::map(values));
    records::add(store, |it| &mut it.tasks, task.into())
}

/// Ends a task with that status.
pub(super) fn end(store: &mut Store, uuid: &str, status: &str) {
    let now = store.now();
    store.tasks.change(uuid, |task| {
        set(task, "status", status);
        set(task, "updated_at", now.clone());
        if matches!(status, "closed" | "failed") {
            let attempts = task.get("attempts").and_then(Value::as_i64).unwrap_or(0);
            set(task, "attempts", attempts.saturating_add(1));
            set(task, "taken_to_execute_at", now.clone());
            set(task, "executed_at", now.clone());
        }
    });
}

pub(super) fn complete(store: &mut Store, call: &Call) -> Answer {
    one(store, call, complete_task)
}

pub(super) fn cancel(store: &mut Store, call: &Call) -> Answer {
    one(store, call, cancel_task)
}

pub(super) fn fail(store: &mut Store, call: &Call) -> Answer {
    one(store, call, |store, uuid| {
        if is_open(store, uuid) {
            engine::fail(store, uuid);
        }
    })
}

pub(super) fn cancel_many(store: &mut Store, call: &Call) -> Answer {
    many(store, call, cancel_task)
}

pub(super) fn complete_many(store: &mut Store, call: &Call) -> Answer {
    many(store, call, complete_task)
}

pub(super) fn skip_many(store: &mut Store, call: &Call) -> Answer {
    many(store, call, skip_task)
}

pub(super) fn retry_many(store: &mut Store, call: &Call) -> Answer {
    many(store, call, retry_task)
}

/// Skips an open task; the contact goes on with the next step.
pub(super) fn skip_task(store: &mut Store, uuid: &str) {
    if is_open(store, uuid) {
        engine::go_on(store, uuid, "skipped", 1);
    }
}

/// A failed or canceled task is tried again at once, and the contact's way through its flow with it.
// assumed: task-retry
pub(super) fn retry_task(store: &mut Store, uuid: &str) {
    let Some(row) = store.tasks.row(uuid) else { return };
    if !row.is("status", "failed") && !row.is("status", "canceled") {
        return;
    }
    let place = row.text("flow_lead_uuid").map(str::to_owned);
    let node = row.value("flow_node_id");
    let now = store.now();
    store.tasks.change(uuid, |task| {
        for (name, value) in [
            ("status", json!(OPEN)),
            ("automation_error_code", Value::Null),
            ("error_msg", Value::Null),
            ("executed_at", Value::Null),
            ("schedule_at", json!(now)),
            ("updated_at", json!(now)),
        ] {
            set(task, name, value);
        }
    });
    if let Some(place) = place {
        let again = Record::from_iter([
            ("status".to_owned(), json!(super::flow_leads::ACTIVE)),
            ("flow_node_id".to_owned(), node),
        ]);
        // A place that was deleted is not brought back.
        drop(records::change(store, |it| &mut it.flow_leads, &place, again));
    }
    store.plan(0, Job::Task { uuid: uuid.to_owned() });
}

/// Cancels the places of the contacts whose tasks match and enrolls the contacts anew.
// assumed: restart-from-top
pub(super) fn restart_from_top(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let flow = fields.existing("flow_uuid", &mut faults, |uuid| store.flows.contains(uuid)).to_owned();
    fields.if_given_exists("sender_profile_uuid", &mut faults, |uuid| store.sender_profiles.contains(uuid));
    let sender = fields.text("sender_profile_uuid", &mut faults).map(str::to_owned);
    if fields.given("new_contact_source_id").is_none() {
        faults.missing("new_contact_source_id");
    }
    let source = fields.integer("new_contact_source_id", &mut faults);
    if fields.given("filter").is_none() {
        faults.missing("filter");
    }
    faults.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &TASK)?;
    let met = |row: &crate::table::Row<'_>| row.is("flow_uuid", &flow) && filter.matches(*row);
    let mut leads: Vec<String> =
        store.tasks.rows().filter(met).filter_map(|row| row.text("lead_uuid").map(str::to_owned)).collect();
    let mut seen = std::collections::HashSet::new();
    leads.retain(|lead| store.contacts.contains(lead) && seen.insert(lead.clone()));
    for lead in &leads {
        super::flow_leads::leave(store, lead, |it| it == flow);
        let place = super::flow_leads::enrol_by(store, &flow, lead, "restart", source);
        if let (Some(place), Some(sender)) = (place, &sender) {
            records::put(store, |it| &mut it.flow_leads, &place, "sender_profile_uuid", sender.as_str());
        }
    }
    Ok(Reply::ok(json!({"count": leads.len()})))
}

/// Lets everything that waits for a person go on, and notes when it was approved.
pub(super) fn continue_automation(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let lead =
        Fields::of(&call.body).existing("lead_uuid", &mut faults, |uuid| store.contacts.contains(uuid));
    faults.finish()?;
    let now = store.now();
    store.change_contact(lead, |record| set(record, "last_automation_approve_at", now));
    let waits = |task: crate::table::Row<'_>| {
        task.is("automation", "manual") && task.is("status", OPEN) && task.text("flow_uuid").is_some()
    };
    for task in store.tasks.keys_of(lead, waits) {
        engine::go_on(store, &task, "closed", 1);
    }
    Ok(Reply::empty())
}

/// Assumed, as the shape is nowhere described: `{data}` with the tasks of that sender that are planned for or were done on
/// that day (UTC), in the order of their time.
// assumed: tasks-schedule-shape
pub(super) fn schedule(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.query);
    let sender =
        fields.existing("sender_profile_uuid", &mut faults, |uuid| store.sender_profiles.contains(uuid));
    let date = fields.required_text("date", &mut faults);
    let day = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").ok();
    if !date.is_empty() && day.is_none() {
        faults.add("date", "The date is not a valid date.");
    }
    faults.finish()?;
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
    Ok(Reply::ok(json!({"data": tasks})))
}

pub(super) fn group_counts(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let column = Fields::of(&call.body).one_of("group_field", &GROUPS, &mut faults);
    faults.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &TASK)?;
    let rows = store.tasks.rows().filter(|row| filter.matches(*row));
    Ok(Reply::ok(records::group_counts(rows, column)))
}

fn is_open(store: &Store, uuid: &str) -> bool {
    store.tasks.row(uuid).is_some_and(|task| task.is("status", OPEN))
}

fn complete_task(store: &mut Store, uuid: &str) {
    if is_open(store, uuid) {
        engine::go_on(store, uuid, "closed", 1);
    }
}

/// A task of a flow takes its contact's way through it along.
// assumed: task-cancel
fn cancel_task(store: &mut Store, uuid: &str) {
    if !is_open(store, uuid) {
        return;
    }
    end(store, uuid, "canceled");
    let place = store.tasks.row(uuid).and_then(|task| task.text("flow_lead_uuid")).map(str::to_owned);
    if let Some(place) = place {
        super::flow_leads::end(store, &place, "canceled");
    }
}

/// A task that is done already stays as it is.
// assumed: task-ended
pub(super) fn one(store: &mut Store, call: &Call, work: impl Fn(&mut Store, &str)) -> Answer {
    found(store.tasks.row(&call.key()), "Task")?;
    work(store, &call.key());
    Ok(Reply::empty())
}

/// Takes tasks by `uuids` or by `filter`; the vendor's own client sends both.
///
/// # Errors
/// 422 for a task that is not there; then nothing is done.
// assumed: tasks-unknown
fn many(store: &mut Store, call: &Call, work: impl Fn(&mut Store, &str)) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let uuids = match fields.given("filter") {
        Some(filter) if fields.given("uuids").is_none() => {
            let filter = Filter::parse(filter, &TASK)?;
            store.tasks.keys(|row| filter.matches(row))
        }
        _ => fields.required_texts("uuids", &mut faults),
    };
    faults.finish()?;
    if uuids.iter().any(|uuid| !store.tasks.contains(uuid)) {
        return Err(Refusal::invalid("uuids", "The selected uuids do not all exist."));
    }
    for uuid in uuids {
        work(store, &uuid);
    }
    Ok(Reply::empty())
}
