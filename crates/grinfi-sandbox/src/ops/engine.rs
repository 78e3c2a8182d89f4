//! The engine of flows: it walks the contacts of running flows through their nodes, on the sandbox's clock.
//!
//! A contact that comes to a node gets a task. The task is carried out after the node's delay, or for a timer after its
//! time, and leads to the next node by the branch it ended with. What a real account would send goes to the outbox.
//! What a sender does waits for the hours of the schedule and for its mailbox, see [`super::sending`]; any other step is
//! carried out when it is due.
//!
//! Triggers wait for what they are named after and take branch 1, or branch 2 when their timer has run out. What the sandbox
//! cannot do (a call of another system, a decision of a person or of a language model, a search on LinkedIn) stops the
//! contact with a manual task whose note says so; completing the task goes on by branch 1.

mod steps;

use serde_json::{Value, json};

use super::flow_leads::{self, ACTIVE};
use super::sending::{self, When};
use super::{records, tasks};
use crate::agenda::Job;
use crate::cell::Cell;
use crate::record::{Record, set, text, texts};
use crate::store::Store;
use crate::table::Row;

/// How many seconds a contact rests that has come round a circle without any wait in it.
const A_ROUND: i64 = 60;

/// How a task ends.
enum Outcome {
    /// Done; the contact goes on by that branch.
    Branch(i64),
    /// It waits for what happens, or for its timer, in seconds.
    Wait(Option<i64>),
    /// It waits for a person, told why.
    Manual(&'static str),
    /// The task has failed, and with it the contact's way; the code and the words.
    Failed(&'static str, &'static str),
}

/// Starts a contact's way through the flow, from the node at which its source enters.
pub(super) fn set_out(store: &mut Store, place: &str) {
    let Some(row) = store.flow_leads.row(place) else { return };
    let (number, flow) = (row.number, row.text("flow_uuid").unwrap_or_default().to_owned());
    let wanted = row.integer("contact_source_id");
    let version = store.flows.row(&flow).and_then(|flow| flow.text("flow_version_uuid")).map(str::to_owned);
    let Some(version) = version else { return };
    let entry = store.flow_versions.row(&version).and_then(|version| entry(version, number, wanted));
    let Some((source, sender, node)) = entry else { return };
    store.flow_leads.change(place, |record| {
        set(record, "flow_version_uuid", version);
        set(record, "contact_source_id", source);
        set(record, "sender_profile_uuid", sender);
    });
    store.plan(0, Job::Step { place: place.to_owned(), node });
}

/// Whether the version of a flow has a contact source of that id.
pub(super) fn has_source(store: &Store, flow: &str, id: i64) -> bool {
    let version = store.flows.row(flow).and_then(|flow| flow.text("flow_version_uuid"));
    let version = version.and_then(|version| store.flow_versions.row(version));
    version
        .is_some_and(|version| items(version, "contact_sources").iter().any(|source| is_source(source, id)))
}

fn is_source(source: &Value, id: i64) -> bool {
    source.get("id").and_then(Value::as_i64) == Some(id)
}

/// The source of a new contact, the first unless one is wanted, its sender, and the node they enter at. Senders take turns.
// assumed: flow-entry
fn entry(version: Row<'_>, number: usize, wanted: Option<i64>) -> Option<(Value, Value, i64)> {
    let sources = items(version, "contact_sources");
    let source = sources.iter().find(|source| wanted.is_some_and(|id| is_source(source, id)));
    let source = source.or(sources.first())?;
    let senders = source.get("sender_profiles").map(texts).unwrap_or_default();
    let sender = if senders.is_empty() { None } else { senders.get(number % senders.len()).cloned() };
    let nodes = items(version, "nodes");
    let first = || {
        let is_first = |node: &&Value| node.get("before").and_then(Value::as_array).is_none_or(Vec::is_empty);
        nodes.iter().find(is_first).or(nodes.first())?.get("id")?.as_i64()
    };
    let node = source.get("after_id").and_then(Value::as_i64).or_else(first)?;
    Some((source.get("id").cloned().unwrap_or(Value::Null), json!(sender), node))
}

fn items<'a>(row: Row<'a>, column: &str) -> &'a [Value] {
    match row.cell(column) {
        Cell::Json(value) => value.as_array().map(Vec::as_slice).unwrap_or_default(),
        _ => &[],
    }
}

/// Goes on with everyone in a flow that was started: who has not set out does, who was stopped on the way goes on.
pub(super) fn resume(store: &mut Store, flow: &str) {
    let active = |row: Row<'_>| row.is("flow_uuid", flow) && row.is("status", ACTIVE);
    for place in store.flow_leads.keys(active) {
        let Some(row) = store.flow_leads.row(&place) else { continue };
        let lead = row.text("lead_uuid").unwrap_or_default();
        let open = |task: &Row<'_>| task.is("flow_lead_uuid", &place) && task.is("status", tasks::OPEN);
        let task = store.tasks.of(lead).find(open).map(|task| (task.key(), task.is("automation", "auto")));
        match (task, row.integer("flow_node_id")) {
            (Some((uuid, true)), _) => store.plan(0, Job::Task { uuid }),
            (Some(_), _) => {}
            (None, Some(node)) => store.plan(0, Job::Step { place, node }),
            (None, None) => set_out(store, &place),
        }
    }
}

/// The node of that id in the version that a place follows.
fn node(store: &Store, place: Row<'_>, id: i64) -> Option<Record> {
    let version = store.flow_versions.row(place.text("flow_version_uuid")?)?;
    let found =
        items(version, "nodes").iter().find(|node| node.get("id").and_then(Value::as_i64) == Some(id));
    found?.as_object().cloned()
}

fn is_on(store: &Store, flow: &str) -> bool {
    store.flows.row(flow).is_some_and(|flow| flow.is("status", "on"))
}

/// A contact comes to a node: it gets the task, or its way ends.
// assumed: flow-circles
pub(crate) fn step(store: &mut Store, place: &str, id: i64) {
    let Some(row) = store.flow_leads.row(place).filter(|row| row.is("status", ACTIVE)) else { return };
    let column = |name: &str| row.text(name).map(str::to_owned);
    let (flow, lead, sender) = (column("flow_uuid"), column("lead_uuid"), column("sender_profile_uuid"));
    let found = node(store, row, id);
    let now = crate::cell::Cell::Time(store.present().timestamp_micros());
    let been_here = |task: Row<'_>| {
        task.is("flow_lead_uuid", place)
            && task.integer("flow_node_id") == Some(id)
            && *task.cell("created_at") == now
    };
    if store.tasks.of(lead.as_deref().unwrap_or_default()).any(been_here) {
        store.plan(A_ROUND, Job::Step { place: place.to_owned(), node: id });
        return;
    }
    records::put(store, |it| &mut it.flow_leads, place, "flow_node_id", id);
    if !is_on(store, flow.as_deref().unwrap_or_default()) {
        return;
    }
    let Some(found) = found.filter(|node| text(node, "type") != Some("end")) else {
        flow_leads::end(store, place, "finished");
        return;
    };
    let kind = text(&found, "type").unwrap_or_default().to_owned();
    let payload = found.get("payload").cloned().unwrap_or(Value::Null);
    let seconds = |value: Option<&Value>| value.and_then(crate::record::parse_number).map_or(0, whole);
    let mut delay = seconds(found.get("delay_in_seconds"));
    if kind == "util_timer" {
        delay = delay.saturating_add(seconds(payload.get("wait_time")));
    }
    let at = crate::record::stamp(store.after(delay));
    let values = json!({
        "flow_uuid": flow,
        "flow_lead_uuid": place,
        "flow_origin": "automation",
        "flow_node_id": id,
        "lead_uuid": lead,
        "company_uuid": store.contacts.row(lead.as_deref().unwrap_or_default()).map(|it| it.value("company_uuid")),
        "sender_profile_uuid": sender,
        "type": kind,
        "automation": "auto",
        "status": tasks::OPEN,
        "payload": payload,
        "schedule_at": at,
    });
    let task = tasks::make(store, values);
    let uuid = text(&task, "uuid").unwrap_or_default().to_owned();
    store.plan(delay, Job::Task { uuid });
}

/// Whole seconds of a number that may be anything.
fn whole(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "within 100 years")]
    let seconds = number.clamp(0.0, 3_155_760_000.0) as i64;
    seconds
}

/// Carries out a task, of a flow or one that was made by hand.
pub(crate) fn carry_out(store: &mut Store, uuid: &str) {
    let Some(row) = store.tasks.row(uuid).filter(|row| row.is("status", tasks::OPEN)) else { return };
    let flow = row.text("flow_uuid").map(str::to_owned);
    if flow.as_deref().is_some_and(|flow| !is_on(store, flow)) {
        // Starting the flow again plans it again.
        return;
    }
    let task = row.record();
    match sending::when(store, &task) {
        When::Now => {}
        When::At(at) => {
            let shown = crate::record::stamp(at);
            store.tasks.change(uuid, |task| set(task, "schedule_at", shown));
            store.agenda.add(at, Job::Task { uuid: uuid.to_owned() });
            return;
        }
    }
    match steps::act(store, &task) {
        Outcome::Branch(branch) => go_on(store, uuid, "closed", branch),
        Outcome::Wait(Some(seconds)) => store.plan(seconds, Job::Expire { task: uuid.to_owned() }),
        Outcome::Wait(None) => {}
        Outcome::Manual(note) => {
            store.tasks.change(uuid, |task| {
                set(task, "automation", "manual");
                set(task, "note", note);
            });
        }
        Outcome::Failed(code, message) => {
            store.tasks.change(uuid, |task| {
                set(task, "automation_error_code", code);
                set(task, "error_msg", message);
            });
            fail(store, uuid);
        }
    }
}

/// A trigger has waited long enough.
pub(crate) fn expire(store: &mut Store, uuid: &str) {
    if store.tasks.row(uuid).is_some_and(|task| task.is("status", tasks::OPEN)) {
        go_on(store, uuid, "closed", 2);
    }
}

/// Ends a task, and leads its contact on by that branch; to the end of its way where there is none.
pub(super) fn go_on(store: &mut Store, uuid: &str, status: &str, branch: i64) {
    tasks::end(store, uuid, status);
    let Some(row) = store.tasks.row(uuid) else { return };
    let (place, at) = (row.text("flow_lead_uuid").map(str::to_owned), row.integer("flow_node_id"));
    store.tasks.change(uuid, |task| set(task, "fork_result", branch));
    let (Some(place), Some(at)) = (place, at) else { return };
    let Some(row) = store.flow_leads.row(&place).filter(|row| row.is("status", ACTIVE)) else { return };
    let edges = node(store, row, at).and_then(|mut node| node.remove("after"));
    let edges = edges.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let number = |edge: &Value, name: &str| edge.get(name).and_then(Value::as_i64);
    let by_branch = edges.iter().find(|edge| number(edge, "branch_id") == Some(branch));
    // A linear step has one way on, whatever it is called.
    let only = if edges.len() == 1 && branch == 1 { edges.first() } else { None };
    match by_branch.or(only).and_then(|edge| number(edge, "node_id")) {
        Some(next) => store.plan(0, Job::Step { place, node: next }),
        None => flow_leads::end(store, &place, "finished"),
    }
}

/// Ends a task as failed, and its contact's way with it.
pub(super) fn fail(store: &mut Store, uuid: &str) {
    tasks::end(store, uuid, "failed");
    let place = store.tasks.row(uuid).and_then(|task| task.text("flow_lead_uuid")).map(str::to_owned);
    if let Some(place) = place {
        flow_leads::end(store, &place, "failed");
    }
}

/// Something happened to a contact that a trigger may wait for.
pub(crate) fn happened(store: &mut Store, lead: &str, trigger: &str) {
    let waiting = |task: Row<'_>| task.is("type", trigger) && task.is("status", tasks::OPEN);
    for task in store.tasks.keys_of(lead, waiting) {
        go_on(store, &task, "closed", 1);
    }
}

#[cfg(test)]
mod tests;
