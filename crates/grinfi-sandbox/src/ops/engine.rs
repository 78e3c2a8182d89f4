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

use serde_json::{Value, json};

use super::flow_leads::{self, ACTIVE};
use super::sending::{self, When};
use super::{contacts, emails, enrichment, linkedin_messages, records, tasks};
use crate::agenda::Job;
use crate::cell::Cell;
use crate::filter::Filter;
use crate::ids::hash;
use crate::record::{Record, set, text, texts};
use crate::rule;
use crate::schema::CONTACT;
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
    let version = store.flows.row(&flow).and_then(|flow| flow.text("flow_version_uuid")).map(str::to_owned);
    let Some(version) = version else { return };
    let entry = store.flow_versions.row(&version).and_then(|version| entry(version, number));
    let Some((source, sender, node)) = entry else { return };
    store.flow_leads.change(place, |record| {
        set(record, "flow_version_uuid", version);
        set(record, "contact_source_id", source);
        set(record, "sender_profile_uuid", sender);
    });
    store.plan(0, Job::Step { place: place.to_owned(), node });
}

/// The source of a new contact, its sender, and the node they enter at. Senders take turns.
// assumed: flow-entry
fn entry(version: Row<'_>, number: usize) -> Option<(Value, Value, i64)> {
    let sources = items(version, "contact_sources");
    let source = sources.first()?;
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
    match act(store, &task) {
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

/// Does what a task is for.
// assumed: flow-manual
fn act(store: &mut Store, task: &Record) -> Outcome {
    let part = |name: &str| text(task, name).unwrap_or_default().to_owned();
    let (lead, kind, uuid) = (part("lead_uuid"), part("type"), part("uuid"));
    let payload = task.get("payload").cloned().unwrap_or(Value::Null);
    let of = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if !store.contacts.contains(&lead) {
        return Outcome::Failed("contact_deleted", "The contact is no more.");
    }
    match kind.as_str() {
        "linkedin_send_message" | "linkedin_send_inmail" | "linkedin_send_connection_request" => {
            linkedin(store, task, &kind)
        }
        "email_send_message" => email(store, task),
        "util_timer"
        | "linkedin_visit_profile"
        | "linkedin_like_latest_post"
        | "linkedin_endorse_skills"
        | "linkedin_comment_latest_post"
        | "linkedin_withdraw_connection_request"
        | "gs_continue_automation" => Outcome::Branch(1),
        "trigger_linkedin_connection_request_accepted" => {
            let accepted = |row: Row<'_>| row.is("type", "linkedin_connection_request_accepted");
            if store.activities.of(&lead).any(accepted) { Outcome::Branch(1) } else { wait(&payload) }
        }
        "trigger_message_replied" => {
            let last = store.messages.of(&lead).next_back();
            let replied = last.is_some_and(|message| message.is("type", "inbox"));
            if replied { Outcome::Branch(1) } else { wait(&payload) }
        }
        "trigger_email_opened" | "trigger_link_clicked" | "trigger_website_page_visited" => wait(&payload),
        "rule_ab_test" => ab_test(&payload, &uuid),
        "rule_filter" => rule_filter(store, task, &payload, &lead),
        "util_hodor" => {
            let open = payload.get("is_open").and_then(crate::cell::flag_of).unwrap_or(false);
            if open { Outcome::Branch(1) } else { Outcome::Manual("The gate is closed; continue to go on.") }
        }
        "email_search_waterflow" => {
            let row = store.contacts.row(&lead);
            let found = row.is_some_and(|row| {
                ["work_email", "personal_email"].iter().any(|name| row.text(name).is_some())
            });
            Outcome::Branch(if found { 2 } else { 1 })
        }
        "gs_add_tag" | "gs_remove_tag" => {
            let tag = of("tag_uuid");
            if !store.tags.contains(&tag) {
                return Outcome::Failed("tag_not_found", "The tag is no more.");
            }
            contacts::change_tags(store, &lead, |tags| {
                tags.retain(|it| *it != tag);
                if kind == "gs_add_tag" {
                    tags.push(tag);
                }
            });
            Outcome::Branch(1)
        }
        "gs_change_list" => {
            if !store.lists.contains(&of("list_uuid")) {
                return Outcome::Failed("list_not_found", "The list is no more.");
            }
            contacts::put(store, &lead, "list_uuid", of("list_uuid"));
            Outcome::Branch(1)
        }
        "gs_change_pipeline_stage" => {
            if !store.pipeline_stages.contains(&of("pipeline_stage_uuid")) {
                return Outcome::Failed("pipeline_stage_not_found", "The pipeline stage is no more.");
            }
            contacts::move_to_stage(store, &lead, &of("pipeline_stage_uuid"));
            Outcome::Branch(1)
        }
        "gs_change_sender_profile" => {
            let sender = of("sender_profile_uuid");
            if !store.sender_profiles.contains(&sender) {
                return Outcome::Failed("sender_profile_not_found", "The sender profile is no more.");
            }
            let place = part("flow_lead_uuid");
            records::put(store, |it| &mut it.flow_leads, &place, "sender_profile_uuid", sender.as_str());
            contacts::put(store, &lead, "sender_profile_uuid", sender);
            Outcome::Branch(1)
        }
        "gs_rotate_sender_profile" => {
            let place = part("flow_lead_uuid");
            match rotated(store, &place, &payload) {
                Some(sender) => {
                    records::put(store, |it| &mut it.flow_leads, &place, "sender_profile_uuid", sender);
                    Outcome::Branch(1)
                }
                None => {
                    Outcome::Failed("sender_profile_not_found", "There is no sender profile to rotate to.")
                }
            }
        }
        "gs_remove_from_all_automations" => {
            let (own, named) = (part("flow_uuid"), payload.get("flow_uuids").map(texts).unwrap_or_default());
            flow_leads::leave(store, &lead, |flow| {
                flow != own && (named.is_empty() || named.iter().any(|it| it == flow))
            });
            Outcome::Branch(1)
        }
        "gs_send_to_flow" => {
            if !store.flows.contains(&of("flow_uuid")) {
                return Outcome::Failed("flow_not_found", "The automation is no more.");
            }
            flow_leads::enrol(store, &of("flow_uuid"), &lead, "automation");
            Outcome::Branch(1)
        }
        "gs_enqueue_for_enrichment" => match enrichment::queue(store, "lead", &[lead]) {
            Ok(()) => Outcome::Branch(1),
            Err(_) => Outcome::Failed("payment_required", "There are no credits left."),
        },
        _ => Outcome::Manual("The sandbox does not do this by itself; complete the task to go on."),
    }
}

/// Waits for as long as the timer among the subtasks says, or the payload; without either for good.
fn wait(payload: &Value) -> Outcome {
    let timer =
        payload.get("subtasks").and_then(|it| it.get(0)).and_then(|it| it.pointer("/payload/wait_time"));
    let seconds = timer.or_else(|| payload.get("wait_time")).and_then(crate::record::parse_number);
    Outcome::Wait(seconds.map(whole))
}

/// Each branch gets its share of a hundred, by the task's uuid.
// assumed: flow-ab-test
fn ab_test(payload: &Value, uuid: &str) -> Outcome {
    let branches = payload.get("branches").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let enabled =
        branches.iter().filter(|it| it.get("is_enabled").and_then(crate::cell::flag_of) != Some(false));
    let shares: Vec<(i64, u64)> = enabled
        .filter_map(|it| {
            let value = it.get("value").and_then(crate::record::parse_number).map_or(0, whole);
            Some((it.get("branch_id")?.as_i64()?, u64::try_from(value).unwrap_or(0)))
        })
        .collect();
    let all: u64 = shares.iter().map(|(_, share)| share).sum();
    let mut drawn = hash(uuid) % all.max(1);
    for (branch, share) in &shares {
        if drawn < *share {
            return Outcome::Branch(*branch);
        }
        drawn -= share;
    }
    Outcome::Branch(shares.first().map_or(1, |(branch, _)| *branch))
}

/// Branch 1 for who meets the filter, 0 for the others: the jsonLogic if there is any, else the filter that searches take.
fn rule_filter(store: &Store, task: &Record, payload: &Value, lead: &str) -> Outcome {
    let not_understood = Outcome::Manual(
        "The sandbox does not understand the filter; complete the task to go on by branch 1.",
    );
    let part =
        |name: &str| payload.pointer(&format!("/branches/0/filters/{name}")).filter(|it| it.is_object());
    if let Some(condition) = part("json_logic") {
        let about = store.surroundings_of(lead, text(task, "sender_profile_uuid"), text(task, "flow_uuid"));
        return rule::holds(condition, &about)
            .map_or(not_understood, |holds| Outcome::Branch(i64::from(holds)));
    }
    let filter = part("mass_actions_filter").map(|filter| filter.get("filter").unwrap_or(filter));
    match (filter.map(|filter| Filter::parse(filter, &CONTACT)), store.contacts.row(lead)) {
        (Some(Ok(filter)), Some(row)) => Outcome::Branch(i64::from(filter.matches(row))),
        _ => not_understood,
    }
}

/// Another sender of the sources that are rotated over.
fn rotated(store: &Store, place: &str, payload: &Value) -> Option<String> {
    let row = store.flow_leads.row(place)?;
    let version = store.flow_versions.row(row.text("flow_version_uuid")?)?;
    let rotations = payload.get("rotations").and_then(Value::as_array)?;
    let wanted: Vec<&Value> = rotations.iter().filter_map(|it| it.get("contact_source_id")).collect();
    let sources = items(version, "contact_sources");
    let of_source = |source: &&Value| source.get("id").is_some_and(|id| wanted.contains(&id));
    let senders: Vec<String> = sources
        .iter()
        .filter(of_source)
        .flat_map(|source| source.get("sender_profiles").map(texts).unwrap_or_default())
        .filter(|sender| store.sender_profiles.contains(sender))
        .collect();
    let present = row.text("sender_profile_uuid");
    let at = senders.iter().position(|it| Some(it.as_str()) == present).map_or(0, |at| at + 1);
    if senders.is_empty() { None } else { senders.get(at % senders.len()).cloned() }
}

fn linkedin(store: &mut Store, task: &Record, kind: &str) -> Outcome {
    let part = |name: &str| text(task, name).unwrap_or_default().to_owned();
    let (lead, sender) = (part("lead_uuid"), part("sender_profile_uuid"));
    if !store.sender_profiles.row(&sender).is_some_and(|row| row.is("status", "enabled")) {
        return Outcome::Failed("sender_profile_disabled", "There is no sender profile that could send it.");
    }
    let handle = |row: Row<'_>| ["linkedin", "ln_id", "sn_id"].iter().any(|name| row.text(name).is_some());
    if !store.contacts.row(&lead).is_some_and(handle) {
        return Outcome::Failed("contact_has_no_linkedin", "The contact has no profile on LinkedIn.");
    }
    let payload = task.get("payload");
    let template = words(payload, "template").or_else(|| words(payload, "rendered_text"));
    let subject = words(payload, "subject");
    let kind = match kind {
        "linkedin_send_inmail" => "InMail",
        "linkedin_send_connection_request" => "connection_note",
        _ => "message",
    };
    let seed = part("uuid");
    let letter = linkedin_messages::Letter {
        sender: &sender,
        lead: &lead,
        text: linkedin_messages::rendered(store, &template.unwrap_or_default(), &lead, &sender, &seed),
        subject: subject.map(|it| linkedin_messages::rendered(store, &it, &lead, &sender, &seed)),
        template: payload.and_then(|it| it.get("template_uuid")).cloned().unwrap_or(Value::Null),
        attachments: payload.and_then(|it| it.get("attachments")).cloned().unwrap_or(Value::Null),
        automation: "auto",
        kind,
        task: Some(&seed),
    };
    let message = linkedin_messages::queue(store, letter);
    let rendered = message.get("text").cloned().unwrap_or(Value::Null);
    store.tasks.change(&seed, |task| {
        if let Some(payload) = task.get_mut("payload").and_then(Value::as_object_mut) {
            set(payload, "rendered_text", rendered);
        }
    });
    Outcome::Branch(1)
}

fn words(payload: Option<&Value>, name: &str) -> Option<String> {
    payload.and_then(|it| it.get(name)).and_then(Value::as_str).map(str::to_owned)
}

fn email(store: &mut Store, task: &Record) -> Outcome {
    let part = |name: &str| text(task, name).unwrap_or_default().to_owned();
    let (lead, sender) = (part("lead_uuid"), part("sender_profile_uuid"));
    let payload = task.get("payload");
    let Some(mailbox) = emails::mailbox_of(store, &sender) else {
        return Outcome::Failed("mailbox_not_found", "The sender profile has no active mailbox.");
    };
    let field = words(payload, "email_field").filter(|field| !field.is_empty());
    let fields = field.as_deref().map_or(vec!["work_email", "personal_email"], |field| vec![field]);
    let row = store.contacts.row(&lead);
    let to = fields.iter().find_map(|name| row.and_then(|row| row.text(name)));
    let Some(to_email) = to.map(str::to_owned) else {
        return Outcome::Failed("contact_has_no_email", "The contact has no address to write to.");
    };
    let to_name = row.and_then(|row| row.text("name")).unwrap_or_default().to_owned();
    let cc =
        payload.and_then(|it| it.get("cc")).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let cc =
        cc.iter().filter_map(|it| it.get("to_email").and_then(Value::as_str).map(str::to_owned)).collect();
    let seed = part("uuid");
    let fill = |name: &str| {
        linkedin_messages::rendered(store, &words(payload, name).unwrap_or_default(), &lead, &sender, &seed)
    };
    let from = store.mailboxes.row(&mailbox);
    let column = |name: &str| from.and_then(|row| row.text(name)).unwrap_or_default().to_owned();
    let letter = emails::Letter {
        from_name: column("sender_name"),
        from_email: column("email"),
        to_name,
        to_email,
        cc,
        bcc: Vec::new(),
        subject: fill("subject"),
        body: fill("template"),
        attachments: payload.and_then(|it| it.get("attachments")).cloned().unwrap_or(Value::Null),
        flow: text(task, "flow_uuid").map(str::to_owned),
        flow_node: task.get("flow_node_id").cloned().unwrap_or(Value::Null),
        template: payload.and_then(|it| it.get("template_uuid")).cloned().unwrap_or(Value::Null),
        sender,
        lead,
        mailbox,
    };
    emails::send_letter(store, letter);
    Outcome::Branch(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::ops::inbound;
    use crate::seed::{self, Seed};

    const SENDER: &str = "00000002-0000-4000-8000-000000000001";
    const FLOW: &str = "00000008-0000-4000-8000-000000000002";

    fn lead(number: usize) -> String {
        format!("00000005-0000-4000-8000-{number:012x}")
    }

    fn world() -> Store {
        let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
        seed::fill(&mut store, Seed::Demo);
        // Only what a test enrols is on its way.
        store.flow_leads.retain(|_| false);
        store
    }

    fn node(id: i64, kind: &str, payload: Value, after: &[(i64, i64)]) -> Value {
        let after: Value =
            after.iter().map(|(branch, node)| json!({"node_id": node, "branch_id": branch})).collect();
        json!({"id": id, "type": kind, "payload": payload, "before": [], "after": after})
    }

    fn message(id: i64, words: &str, next: i64) -> Value {
        let payload = json!({"template": words, "attachments": [], "stop_on_reply_level": null});
        node(id, "linkedin_send_message", payload, &[(1, next)])
    }

    fn run(store: &mut Store, nodes: Value) {
        let version = json!({
            "nodes": nodes,
            "contact_sources": [{"id": 1, "after_id": 1, "sender_profiles": [SENDER]}],
            "first_common_node_id": null,
        });
        crate::ops::save_version(store, FLOW, "v", version.as_object().unwrap());
        records::put(store, |it| &mut it.flows, FLOW, "status", "on");
    }

    fn enrol(store: &mut Store, number: usize) -> String {
        let place = flow_leads::enrol(store, FLOW, &lead(number), "api").unwrap();
        store.settle();
        place
    }

    fn wait(store: &mut Store, seconds: u64) {
        store.clock.advance(std::time::Duration::from_secs(seconds));
        store.settle();
    }

    fn sent(store: &Store) -> Vec<String> {
        store.outbox.iter().map(|it| it.text.clone()).collect()
    }

    fn status(store: &Store, place: &str) -> String {
        store.flow_leads.row(place).unwrap().text("status").unwrap().to_owned()
    }

    #[test]
    fn a_trigger_takes_the_branch_of_what_happened_or_that_of_its_timer() {
        let timer = json!({"subtasks": [{"type": "util_timer", "payload": {"wait_time": 3600}}],
            "check_period_type": "last_response"});
        for (kind, happens) in
            [("trigger_message_replied", 0), ("trigger_linkedin_connection_request_accepted", 1)]
        {
            let mut store = world();
            run(
                &mut store,
                json!([
                    message(1, "first", 2),
                    node(2, kind, timer.clone(), &[(1, 3), (2, 4)]),
                    message(3, "in time", 5),
                    message(4, "too late", 5),
                    node(5, "end", json!([]), &[]),
                ]),
            );
            let (quick, slow) = (enrol(&mut store, 1), enrol(&mut store, 2));
            wait(&mut store, 1800);
            match happens {
                0 => drop(inbound::linkedin_reply(&mut store, &lead(1), SENDER, "Yes!").unwrap()),
                _ => inbound::accept_connection(&mut store, &lead(1), SENDER).unwrap(),
            }
            store.settle();
            assert_eq!(sent(&store), ["first", "first", "in time"], "{kind}");
            wait(&mut store, 1799);
            assert_eq!(store.outbox.len(), 3);
            wait(&mut store, 1);
            assert_eq!(sent(&store)[3], "too late");
            assert_eq!([status(&store, &quick), status(&store, &slow)], ["finished", "finished"]);
            let ada = lead(1);
            let told = store.activities.of(&ada).filter(|row| row.text("type").unwrap().ends_with("ed"));
            assert_eq!(told.count(), 1);
        }
    }

    #[test]
    fn a_reply_stops_who_is_told_to_stop_on_one() {
        let mut store = world();
        let payload = json!({"template": "Hi", "stop_on_reply_level": "lead"});
        run(
            &mut store,
            json!([
                node(1, "linkedin_send_message", payload, &[(1, 2)]),
                node(2, "util_timer", json!({"wait_time": 3600}), &[(1, 3)]),
                message(3, "again", 4),
                node(4, "end", json!([]), &[]),
            ]),
        );
        let (one, other) = (enrol(&mut store, 1), enrol(&mut store, 2));
        wait(&mut store, 60);
        inbound::linkedin_reply(&mut store, &lead(1), SENDER, "No.").unwrap();
        wait(&mut store, 3600);
        assert_eq!(sent(&store), ["Hi", "Hi", "again"]);
        assert_eq!([status(&store, &one), status(&store, &other)], ["finished", "finished"]);
        let contact = store.contacts.show(&lead(1)).unwrap();
        assert_eq!(contact["unread_counts"], json!([{"category": "linkedin", "count": 1}]));
    }

    #[test]
    fn an_ab_test_shares_by_its_values() {
        let mut store = world();
        let branches = json!({"branches": [
            {"value": 70, "branch_id": 1, "is_enabled": true}, {"value": 30, "branch_id": 2, "is_enabled": true},
        ]});
        run(
            &mut store,
            json!([
                node(1, "rule_ab_test", branches, &[(1, 2), (2, 3)]),
                node(2, "gs_add_tag", json!({"tag_uuid": "00000006-0000-4000-8000-000000000001"}), &[(1, 4)]),
                node(
                    3,
                    "gs_change_list",
                    json!({"list_uuid": "00000004-0000-4000-8000-000000000001"}),
                    &[(1, 4)]
                ),
                node(4, "end", json!([]), &[]),
            ]),
        );
        for number in 1..=200 {
            flow_leads::enrol(&mut store, FLOW, &lead(number), "api");
        }
        store.settle();
        let took = |id: i64| store.tasks.rows().filter(|row| row.integer("flow_node_id") == Some(id)).count();
        assert_eq!((took(1), took(2) + took(3)), (200, 200));
        assert!((120..160).contains(&took(2)), "{}", took(2));
    }

    #[test]
    fn what_cannot_be_sent_fails_and_is_tried_again_when_told() {
        let mut store = world();
        let email = json!({"subject": "Hi {{first_name}}", "template": "Hello", "email_field": "personal_email", "cc": []});
        run(
            &mut store,
            json!([node(1, "email_send_message", email, &[(1, 2)]), node(2, "end", json!([]), &[]),]),
        );
        let place = enrol(&mut store, 1);
        assert_eq!((status(&store, &place).as_str(), store.outbox.len()), ("failed", 0));
        let task = store.tasks.of(&lead(1)).next_back().unwrap();
        assert_eq!(task.text("automation_error_code"), Some("contact_has_no_email"));
        let uuid = task.key();
        store.change_contact(&lead(1), |record| set(record, "personal_email", "ada@example.com"));
        let body = json!({"uuids": [uuid]});
        let call = super::super::Call { body: body.as_object().cloned().unwrap(), ..Default::default() };
        tasks::retry_many(&mut store, &call).unwrap();
        store.settle();
        assert_eq!(status(&store, &place), "finished");
        let sent = store.outbox[0].clone();
        assert_eq!(
            (sent.subject.as_deref(), sent.recipient_email.as_deref()),
            (Some("Hi Ada"), Some("ada@example.com"))
        );
        let reply = inbound::email_reply(&mut store, &sent.uuid, "Hello yourself").unwrap();
        let ada = lead(1);
        let thread = store.emails.of(&ada).map(|row| row.text("thread_uuid").unwrap().to_owned());
        let thread: std::collections::BTreeSet<String> = thread.collect();
        assert_eq!((thread.len(), reply["to_email"].as_str()), (1, Some("sam@example.com")));
    }

    #[test]
    fn a_circle_does_not_hang() {
        let mut store = world();
        run(
            &mut store,
            json!([
                node(1, "gs_continue_automation", json!({}), &[(1, 2)]),
                node(2, "gs_continue_automation", json!({}), &[(1, 1)]),
            ]),
        );
        let place = enrol(&mut store, 1);
        assert_eq!((status(&store, &place).as_str(), store.tasks.len()), ("in_progress", 2));
        wait(&mut store, 600);
        assert_eq!(store.tasks.len(), 22);
    }

    #[test]
    fn a_filter_that_searches_take_chooses_the_branch() {
        let mut store = world();
        let branches = json!({"branches": [
            {"branch_id": 1, "filters": {"mass_actions_filter": {"filter": {"first_name": "Ada"}}}}, {"branch_id": 0},
        ]});
        run(
            &mut store,
            json!([
                node(1, "rule_filter", branches, &[(1, 2), (0, 3)]),
                message(2, "Ada", 4),
                message(3, "not Ada", 4),
                node(4, "end", json!([]), &[]),
            ]),
        );
        enrol(&mut store, 1);
        enrol(&mut store, 2);
        assert_eq!(sent(&store), ["Ada", "not Ada"]);
    }

    #[test]
    fn a_filter_in_jsonlogic_comes_first() {
        let mut store = world();
        store.set_custom_value("lead", &lead(2), "00000009-0000-4000-8000-000000000002", None);
        let filters = json!({
            "json_logic": {"or": [
                {"==": [{"var": "contact.first_name"}, "Ada"]}, {"==": [{"var": "custom_fields.persona"}, "decider"]},
            ]},
            "mass_actions_filter": {"filter": {"first_name": "Nobody"}},
        });
        let steps = |filters: &Value| {
            let branches = json!({"branches": [{"branch_id": 1, "filters": filters}, {"branch_id": 0}]});
            json!([
                node(1, "rule_filter", branches, &[(1, 2), (0, 3)]),
                message(2, "met", 4),
                message(3, "unmet", 4),
                node(4, "end", json!([]), &[]),
            ])
        };
        run(&mut store, steps(&filters));
        for number in [1, 2, 13] {
            enrol(&mut store, number);
        }
        let lead_13 = store.contacts.show(&lead(13)).unwrap();
        assert_ne!(lead_13["first_name"], "Ada");
        assert_eq!(sent(&store), ["met", "unmet", "met"]);
        // What nobody understands waits for a person.
        let mut store = world();
        run(&mut store, steps(&json!({"json_logic": {"matches": [1, 2]}})));
        enrol(&mut store, 1);
        let task = store.tasks.of(&lead(1)).next_back().unwrap();
        assert!(task.text("note").unwrap().contains("does not understand the filter"));
        assert!(store.outbox.is_empty());
    }

    /// When each that is in the outbox was sent.
    fn times(store: &Store) -> Vec<String> {
        store.outbox.iter().map(|it| it.queued_at.format("%d %H:%M:%S").to_string()).collect()
    }

    fn mail() -> Value {
        json!([
            node(
                1,
                "email_send_message",
                json!({"subject": "Hi", "template": "Hello", "email_field": "", "cc": []}),
                &[(1, 2)]
            ),
            node(2, "end", json!([]), &[]),
        ])
    }

    #[test]
    fn messages_wait_for_the_hours_of_the_flow_or_of_the_sender() {
        // It is Tuesday, 16:55:04 in Berlin.
        let mondays =
            json!({"timezone": "Europe/Berlin", "timeblocks": [{"dow": 1, "min": 540, "max": 1020}]});
        let evenings = json!({"timezone": "UTC", "timeblocks": [{"dow": 2, "min": 1200, "max": 1260}]});
        for (by_sender, sent_at) in [(false, "09 08:00:00"), (true, "03 20:00:00")] {
            let mut store = world();
            records::put(&mut store, |it| &mut it.flows, FLOW, "schedule", mondays.clone());
            records::put(&mut store, |it| &mut it.flows, FLOW, "use_sender_schedule", by_sender);
            records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "schedule", evenings.clone());
            let steps = json!([
                node(1, "gs_add_tag", json!({"tag_uuid": "00000006-0000-4000-8000-000000000002"}), &[(1, 2)]),
                message(2, "Hi", 3),
                node(3, "end", json!([]), &[]),
            ]);
            run(&mut store, steps);
            let place = enrol(&mut store, 1);
            // What nobody sees is done at once.
            assert!(store.contacts.row(&lead(1)).unwrap().texts("tags").iter().any(|tag| tag.ends_with("2")));
            let task = store.tasks.of(&lead(1)).next_back().unwrap();
            let told = task.value("schedule_at").as_str().unwrap()[8..19].replace('T', " ");
            assert_eq!((told.as_str(), task.is("status", tasks::OPEN)), (sent_at, true));
            wait(&mut store, 3600);
            assert_eq!((status(&store, &place).as_str(), store.outbox.len()), ("in_progress", 0));
            wait(&mut store, 7 * 24 * 3600);
            assert_eq!(
                (status(&store, &place).as_str(), times(&store)),
                ("finished", vec![sent_at.to_owned()])
            );
        }
    }

    #[test]
    fn who_works_at_no_time_sends_nothing_and_a_hold_ends() {
        let mut store = world();
        let never = json!({"timezone": "UTC", "timeblocks": []});
        records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "schedule", never);
        records::put(&mut store, |it| &mut it.flows, FLOW, "use_sender_schedule", true);
        run(&mut store, json!([message(1, "Hi", 2), node(2, "end", json!([]), &[])]));
        enrol(&mut store, 1);
        wait(&mut store, 300 * 24 * 3600);
        assert!(store.outbox.is_empty());
        let always = crate::ops::any_time();
        records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "schedule", always);
        let until = "2026-12-24T00:00:00.000000Z";
        records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "hold_tasks_till", until);
        // Nothing is waited for any longer than it must be.
        sending::reconsider(&mut store);
        wait(&mut store, 40 * 24 * 3600);
        assert_eq!(times(&store), ["24 00:00:00"]);
    }

    #[test]
    fn a_mailbox_sends_so_many_a_day_and_each_after_a_while() {
        let mut store = world();
        let mailbox = store.sender_profiles.row(SENDER).unwrap().text("mailbox_uuid").unwrap().to_owned();
        let hours: Value = (1..=5).map(|day| json!({"dow": day, "min": 540, "max": 1020})).collect();
        let hours = json!({"timezone": "Europe/Berlin", "timeblocks": hours});
        records::put(&mut store, |it| &mut it.flows, FLOW, "schedule", hours);
        records::put(&mut store, |it| &mut it.flows, FLOW, "use_sender_schedule", false);
        for (name, number) in [("automation_daily_limit", 3), ("automation_task_interval", 120)] {
            records::put(&mut store, |it| &mut it.mailboxes, &mailbox, name, number);
        }
        run(&mut store, mail());
        for number in [1, 2, 4, 5, 7, 8, 10] {
            flow_leads::enrol(&mut store, FLOW, &lead(number), "api");
        }
        store.settle();
        assert_eq!(times(&store), ["03 15:55:04"]);
        wait(&mut store, 120);
        assert_eq!(store.outbox.len(), 2);
        // The last of the day would be at 16:59:04; who leaves makes room for who comes later.
        flow_leads::leave(&mut store, &lead(4), |_| true);
        wait(&mut store, 8 * 24 * 3600);
        let wanted =
            ["03 15:55:04", "03 15:57:04", "04 08:00:00", "04 08:02:00", "04 08:04:00", "05 08:00:00"];
        assert_eq!(times(&store), wanted);
        // What is sent by a call does not wait and does not count.
        flow_leads::enrol(&mut store, FLOW, &lead(4), "api");
        store.settle();
        assert_eq!(times(&store)[6], "11 15:57:04");
    }

    #[test]
    fn it_is_all_the_same_when_one_looks() {
        let steps = json!([
            node(1, "util_timer", json!({"wait_time": 10}), &[(1, 2)]),
            message(2, "{{ \"Hi|Hello\" | spintax }}", 3),
            node(3, "util_timer", json!({"wait_time": 10}), &[(1, 4)]),
            node(4, "end", json!([]), &[]),
        ]);
        let after = |looks: &[u64]| {
            let mut store = world();
            run(&mut store, steps.clone());
            (1..5).for_each(|number| drop(enrol(&mut store, number)));
            looks.iter().for_each(|seconds| wait(&mut store, *seconds));
            serde_json::to_string(&store).unwrap()
        };
        assert_eq!(after(&[60]), after(&[1, 9, 3, 30, 17]));
    }
}
