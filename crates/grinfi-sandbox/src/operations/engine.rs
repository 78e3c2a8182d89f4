//! Automation engine: moves enrolled contacts through the nodes of running automations on the tenant's clock.
//!
//! A contact that enters a node gets a task. The task runs after the delay of the node, or for a timer after its time,
//! and the branch that it ends with selects the next node. Messages go to the outbox. Steps that the contact sees wait
//! for working hours and the mailbox, see [`super::sending`]; other steps run when they are due.
//!
//! Triggers wait for their event and continue with branch 1, or with branch 2 after their timer. At a step that the
//! sandbox cannot do (a call of another system, a decision of a person or language model, a LinkedIn search), the
//! contact waits at a manual task with a note; completing the task continues with branch 1.

mod steps;

use serde_json::{Value, json};

use self::steps::{TaskOutcome, whole_seconds};
use super::enrollment::{self, ACTIVE, items, start};
use super::sending::{self, SendTime};
use super::{records, task_state};
use crate::jobs::Job;
use crate::record::{Record, set, text};
use crate::store::Store;
use crate::table::Row;

/// Seconds that a contact pauses after it returns to a node without any wait in between.
const CYCLE_PAUSE_SECONDS: i64 = 60;

/// Continues with every active contact of a started automation.
pub(super) fn resume(store: &mut Store, automation: &str) {
    let active = |row: Row<'_>| row.is("flow_uuid", automation) && row.is("status", ACTIVE);
    for enrollment in store.enrollments.keys(active) {
        let Some(row) = store.enrollments.row(&enrollment) else { continue };
        let contact = row.text("lead_uuid").unwrap_or_default();
        let open =
            |task: &Row<'_>| task.is("flow_lead_uuid", &enrollment) && task.is("status", task_state::OPEN);
        let task = store.tasks.of(contact).find(open).map(|task| (task.key(), task.is("automation", "auto")));
        match (task, row.integer("flow_node_id")) {
            (Some((uuid, true)), _) => store.schedule(0, Job::RunTask { uuid }),
            (Some(_), _) => {}
            (None, Some(node)) => store.schedule(0, Job::EnterNode { enrollment, node }),
            (None, None) => start(store, &enrollment),
        }
    }
}

/// Returns a node of the version that an enrollment follows.
fn node(store: &Store, enrollment: Row<'_>, id: i64) -> Option<Record> {
    let version = store.automation_versions.row(enrollment.text("flow_version_uuid")?)?;
    let found =
        items(version, "nodes").iter().find(|node| node.get("id").and_then(Value::as_i64) == Some(id));
    found?.as_object().cloned()
}

fn is_on(store: &Store, automation: &str) -> bool {
    store.automations.row(automation).is_some_and(|automation| automation.is("status", "on"))
}

/// Creates the task of a node for a contact, or ends the enrollment.
// assumed: automation-cycles
pub(crate) fn enter_node(store: &mut Store, enrollment: &str, id: i64) {
    let Some(row) = store.enrollments.row(enrollment).filter(|row| row.is("status", ACTIVE)) else { return };
    let column = |name: &str| row.text(name).map(str::to_owned);
    let (automation, contact, sender) =
        (column("flow_uuid"), column("lead_uuid"), column("sender_profile_uuid"));
    let found = node(store, row, id);
    let now = crate::cell::Cell::Time(store.current_time().timestamp_micros());
    let entered_now = |task: Row<'_>| {
        task.is("flow_lead_uuid", enrollment)
            && task.integer("flow_node_id") == Some(id)
            && *task.cell("created_at") == now
    };
    if store.tasks.of(contact.as_deref().unwrap_or_default()).any(entered_now) {
        store.schedule(CYCLE_PAUSE_SECONDS, Job::EnterNode { enrollment: enrollment.to_owned(), node: id });
        return;
    }
    records::put(store, |it| &mut it.enrollments, enrollment, "flow_node_id", id);
    if !is_on(store, automation.as_deref().unwrap_or_default()) {
        return;
    }
    let Some(found) = found.filter(|node| text(node, "type") != Some("end")) else {
        enrollment::end(store, enrollment, "finished");
        return;
    };
    let kind = text(&found, "type").unwrap_or_default().to_owned();
    let payload = found.get("payload").cloned().unwrap_or(Value::Null);
    let seconds =
        |value: Option<&Value>| value.and_then(crate::record::parse_number).map_or(0, whole_seconds);
    let mut delay = seconds(found.get("delay_in_seconds"));
    if kind == "util_timer" {
        delay = delay.saturating_add(seconds(payload.get("wait_time")));
    }
    let at = crate::record::format_time(store.after(delay));
    let values = json!({
        "flow_uuid": automation,
        "flow_lead_uuid": enrollment,
        "flow_origin": "automation",
        "flow_node_id": id,
        "lead_uuid": contact,
        "company_uuid": store.contacts.row(contact.as_deref().unwrap_or_default()).map(|it| it.value("company_uuid")),
        "sender_profile_uuid": sender,
        "type": kind,
        "automation": "auto",
        "status": task_state::OPEN,
        "payload": payload,
        "schedule_at": at,
    });
    let task = task_state::make(store, values);
    let uuid = text(&task, "uuid").unwrap_or_default().to_owned();
    store.schedule(delay, Job::RunTask { uuid });
}

/// Runs a task, of an automation or a single one.
pub(crate) fn run_task(store: &mut Store, uuid: &str) {
    let Some(row) = store.tasks.row(uuid).filter(|row| row.is("status", task_state::OPEN)) else { return };
    let automation = row.text("flow_uuid").map(str::to_owned);
    if automation.as_deref().is_some_and(|automation| !is_on(store, automation)) {
        // `resume` schedules it again.
        return;
    }
    let task = row.record();
    match sending::send_time(store, &task) {
        SendTime::Now => {}
        SendTime::At(at) => {
            let shown = crate::record::format_time(at);
            store.tasks.change(uuid, |task| set(task, "schedule_at", shown));
            store.jobs.add(at, Job::RunTask { uuid: uuid.to_owned() });
            return;
        }
    }
    match steps::run(store, &task) {
        TaskOutcome::Branch(branch) => finish_and_continue(store, uuid, "closed", branch),
        TaskOutcome::Wait(Some(seconds)) => {
            store.schedule(seconds, Job::ExpireTrigger { task: uuid.to_owned() })
        }
        TaskOutcome::Wait(None) => {}
        TaskOutcome::Manual(note) => {
            store.tasks.change(uuid, |task| {
                set(task, "automation", "manual");
                set(task, "note", note);
            });
        }
        TaskOutcome::Failed(code, message) => {
            store.tasks.change(uuid, |task| {
                set(task, "automation_error_code", code);
                set(task, "error_msg", message);
            });
            fail(store, uuid);
        }
    }
}

/// Ends the wait of a trigger.
pub(crate) fn expire_trigger(store: &mut Store, uuid: &str) {
    if store.tasks.row(uuid).is_some_and(|task| task.is("status", task_state::OPEN)) {
        finish_and_continue(store, uuid, "closed", 2);
    }
}

/// Ends a task and continues with a branch; ends the enrollment if there is no such branch.
pub(super) fn finish_and_continue(store: &mut Store, uuid: &str, status: &str, branch: i64) {
    task_state::end(store, uuid, status);
    let Some(row) = store.tasks.row(uuid) else { return };
    let (enrollment, at) = (row.text("flow_lead_uuid").map(str::to_owned), row.integer("flow_node_id"));
    store.tasks.change(uuid, |task| set(task, "fork_result", branch));
    let (Some(enrollment), Some(at)) = (enrollment, at) else { return };
    let Some(row) = store.enrollments.row(&enrollment).filter(|row| row.is("status", ACTIVE)) else { return };
    let edges = node(store, row, at).and_then(|mut node| node.remove("after"));
    let edges = edges.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let number = |edge: &Value, name: &str| edge.get(name).and_then(Value::as_i64);
    let by_branch = edges.iter().find(|edge| number(edge, "branch_id") == Some(branch));
    // A linear step has only one edge, whatever its branch id.
    let only = if edges.len() == 1 && branch == 1 { edges.first() } else { None };
    match by_branch.or(only).and_then(|edge| number(edge, "node_id")) {
        Some(next) => store.schedule(0, Job::EnterNode { enrollment, node: next }),
        None => enrollment::end(store, &enrollment, "finished"),
    }
}

/// Ends a task as failed, together with its enrollment.
pub(super) fn fail(store: &mut Store, uuid: &str) {
    task_state::end(store, uuid, "failed");
    let enrollment = store.tasks.row(uuid).and_then(|task| task.text("flow_lead_uuid")).map(str::to_owned);
    if let Some(enrollment) = enrollment {
        enrollment::end(store, &enrollment, "failed");
    }
}

/// Completes the triggers of a contact that wait for an event.
pub(crate) fn complete_triggers(store: &mut Store, contact: &str, trigger: &str) {
    let waiting = |task: Row<'_>| task.is("type", trigger) && task.is("status", task_state::OPEN);
    for task in store.tasks.keys_of(contact, waiting) {
        finish_and_continue(store, &task, "closed", 1);
    }
}

#[cfg(test)]
mod tests;
