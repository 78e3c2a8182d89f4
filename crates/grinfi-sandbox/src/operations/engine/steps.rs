//! Execution of each type of step.

use serde_json::Value;

use super::super::enrollment::items;
use super::super::{contact_changes, emails, enrichment, enrollment, linkedin_messages, records};
use crate::filter::Filter;
use crate::ids::hash;
use crate::json_logic;
use crate::record::{Record, set, text, texts};
use crate::schema::CONTACT;
use crate::store::Store;
use crate::table::Row;

/// Result of a task.
pub(super) enum TaskOutcome {
    /// Done; continue with that branch.
    Branch(i64),
    /// Waiting for an event, or for a timer in seconds.
    Wait(Option<i64>),
    /// Waiting for a person; the note says why.
    Manual(&'static str),
    /// Failed, together with the enrollment; error code and message.
    Failed(&'static str, &'static str),
}

/// Runs the step of a task.
// assumed: automation-manual
pub(super) fn run(store: &mut Store, task: &Record) -> TaskOutcome {
    let task_text = |name: &str| text(task, name).unwrap_or_default().to_owned();
    let (contact, kind, uuid) = (task_text("lead_uuid"), task_text("type"), task_text("uuid"));
    let payload = task.get("payload").cloned().unwrap_or(Value::Null);
    let of = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if !store.contacts.contains(&contact) {
        return TaskOutcome::Failed("contact_deleted", "The contact was deleted.");
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
        | "gs_continue_automation" => TaskOutcome::Branch(1),
        "trigger_linkedin_connection_request_accepted" => {
            let accepted = |row: Row<'_>| row.is("type", "linkedin_connection_request_accepted");
            if store.activities.of(&contact).any(accepted) { TaskOutcome::Branch(1) } else { wait(&payload) }
        }
        "trigger_message_replied" => {
            let last = store.messages.of(&contact).next_back();
            let replied = last.is_some_and(|message| message.is("type", "inbox"));
            if replied { TaskOutcome::Branch(1) } else { wait(&payload) }
        }
        "trigger_email_opened" | "trigger_link_clicked" | "trigger_website_page_visited" => wait(&payload),
        "rule_ab_test" => ab_test(&payload, &uuid),
        "rule_filter" => rule_filter(store, task, &payload, &contact),
        "util_hodor" => {
            let open = payload.get("is_open").and_then(crate::cell::flag_of).unwrap_or(false);
            if open {
                TaskOutcome::Branch(1)
            } else {
                TaskOutcome::Manual("The gate is closed; complete the task to continue.")
            }
        }
        "email_search_waterflow" => {
            let row = store.contacts.row(&contact);
            let found = row.is_some_and(|row| {
                ["work_email", "personal_email"].iter().any(|name| row.text(name).is_some())
            });
            TaskOutcome::Branch(if found { 2 } else { 1 })
        }
        "gs_add_tag" | "gs_remove_tag" => {
            let tag = of("tag_uuid");
            if !store.tags.contains(&tag) {
                return TaskOutcome::Failed("tag_not_found", "The tag was deleted.");
            }
            contact_changes::change_tags(store, &contact, |tags| {
                tags.retain(|it| *it != tag);
                if kind == "gs_add_tag" {
                    tags.push(tag);
                }
            });
            TaskOutcome::Branch(1)
        }
        "gs_change_list" => {
            if !store.lists.contains(&of("list_uuid")) {
                return TaskOutcome::Failed("list_not_found", "The list was deleted.");
            }
            contact_changes::put(store, &contact, "list_uuid", of("list_uuid"));
            TaskOutcome::Branch(1)
        }
        "gs_change_pipeline_stage" => {
            if !store.pipeline_stages.contains(&of("pipeline_stage_uuid")) {
                return TaskOutcome::Failed("pipeline_stage_not_found", "The pipeline stage was deleted.");
            }
            contact_changes::move_to_stage(store, &contact, &of("pipeline_stage_uuid"));
            TaskOutcome::Branch(1)
        }
        "gs_change_sender_profile" => {
            let sender = of("sender_profile_uuid");
            if !store.sender_profiles.contains(&sender) {
                return TaskOutcome::Failed("sender_profile_not_found", "The sender profile was deleted.");
            }
            let enrollment = task_text("flow_lead_uuid");
            records::put(
                store,
                |it| &mut it.enrollments,
                &enrollment,
                "sender_profile_uuid",
                sender.as_str(),
            );
            contact_changes::put(store, &contact, "sender_profile_uuid", sender);
            TaskOutcome::Branch(1)
        }
        "gs_rotate_sender_profile" => {
            let enrollment = task_text("flow_lead_uuid");
            match rotated(store, &enrollment, &payload) {
                Some(sender) => {
                    records::put(store, |it| &mut it.enrollments, &enrollment, "sender_profile_uuid", sender);
                    TaskOutcome::Branch(1)
                }
                None => TaskOutcome::Failed(
                    "sender_profile_not_found",
                    "There is no sender profile to rotate to.",
                ),
            }
        }
        "gs_remove_from_all_automations" => {
            let (own, named) =
                (task_text("flow_uuid"), payload.get("flow_uuids").map(texts).unwrap_or_default());
            enrollment::leave(store, &contact, |automation| {
                automation != own && (named.is_empty() || named.iter().any(|it| it == automation))
            });
            TaskOutcome::Branch(1)
        }
        "gs_send_to_flow" => {
            if !store.automations.contains(&of("flow_uuid")) {
                return TaskOutcome::Failed("flow_not_found", "The automation was deleted.");
            }
            enrollment::enroll(store, &of("flow_uuid"), &contact, "automation");
            TaskOutcome::Branch(1)
        }
        "gs_enqueue_for_enrichment" => match enrichment::queue(store, "lead", &[contact]) {
            Ok(()) => TaskOutcome::Branch(1),
            Err(_) => TaskOutcome::Failed("payment_required", "There are no credits left."),
        },
        _ => TaskOutcome::Manual("The sandbox cannot run this step; complete the task to continue."),
    }
}

/// Waits for the timer of the first subtask or of the payload; without a timer, waits only for the event.
fn wait(payload: &Value) -> TaskOutcome {
    let timer =
        payload.get("subtasks").and_then(|it| it.get(0)).and_then(|it| it.pointer("/payload/wait_time"));
    let seconds = timer.or_else(|| payload.get("wait_time")).and_then(crate::record::parse_number);
    TaskOutcome::Wait(seconds.map(whole_seconds))
}

/// Selects a branch by its percentage and the UUID of the task.
// assumed: automation-ab-test
fn ab_test(payload: &Value, uuid: &str) -> TaskOutcome {
    let branches = payload.get("branches").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let enabled =
        branches.iter().filter(|it| it.get("is_enabled").and_then(crate::cell::flag_of) != Some(false));
    let shares: Vec<(i64, u64)> = enabled
        .filter_map(|it| {
            let value = it.get("value").and_then(crate::record::parse_number).map_or(0, whole_seconds);
            Some((it.get("branch_id")?.as_i64()?, u64::try_from(value).unwrap_or(0)))
        })
        .collect();
    let all: u64 = shares.iter().map(|(_, share)| share).sum();
    let mut drawn = hash(uuid) % all.max(1);
    for (branch, share) in &shares {
        if drawn < *share {
            return TaskOutcome::Branch(*branch);
        }
        drawn -= share;
    }
    TaskOutcome::Branch(shares.first().map_or(1, |(branch, _)| *branch))
}

/// Continues with branch 1 for contacts that match the filter, with 0 for others. Uses the jsonLogic if there is any,
/// otherwise the filter of searches.
fn rule_filter(store: &Store, task: &Record, payload: &Value, contact: &str) -> TaskOutcome {
    let not_understood = TaskOutcome::Manual(
        "The sandbox cannot evaluate the filter; complete the task to continue with branch 1.",
    );
    let task_text =
        |name: &str| payload.pointer(&format!("/branches/0/filters/{name}")).filter(|it| it.is_object());
    if let Some(condition) = task_text("json_logic") {
        let about = store.condition_data(contact, text(task, "sender_profile_uuid"), text(task, "flow_uuid"));
        return json_logic::holds(condition, &about)
            .map_or(not_understood, |holds| TaskOutcome::Branch(i64::from(holds)));
    }
    let filter = task_text("mass_actions_filter").map(|filter| filter.get("filter").unwrap_or(filter));
    match (filter.map(|filter| Filter::parse(filter, &CONTACT)), store.contacts.row(contact)) {
        (Some(Ok(filter)), Some(row)) => TaskOutcome::Branch(i64::from(filter.matches(row))),
        _ => not_understood,
    }
}

/// Returns the next sender of the rotation.
fn rotated(store: &Store, enrollment: &str, payload: &Value) -> Option<String> {
    let row = store.enrollments.row(enrollment)?;
    let version = store.automation_versions.row(row.text("flow_version_uuid")?)?;
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
    let current = row.text("sender_profile_uuid");
    let at = senders.iter().position(|it| Some(it.as_str()) == current).map_or(0, |at| at + 1);
    if senders.is_empty() { None } else { senders.get(at % senders.len()).cloned() }
}

fn linkedin(store: &mut Store, task: &Record, kind: &str) -> TaskOutcome {
    let task_text = |name: &str| text(task, name).unwrap_or_default().to_owned();
    let (contact, sender) = (task_text("lead_uuid"), task_text("sender_profile_uuid"));
    if !store.sender_profiles.row(&sender).is_some_and(|row| row.is("status", "enabled")) {
        return TaskOutcome::Failed(
            "sender_profile_disabled",
            "The sender profile does not exist or is disabled.",
        );
    }
    let handle = |row: Row<'_>| ["linkedin", "ln_id", "sn_id"].iter().any(|name| row.text(name).is_some());
    if !store.contacts.row(&contact).is_some_and(handle) {
        return TaskOutcome::Failed("contact_has_no_linkedin", "The contact has no LinkedIn profile.");
    }
    let payload = task.get("payload");
    let template = payload_text(payload, "template").or_else(|| payload_text(payload, "rendered_text"));
    let subject = payload_text(payload, "subject");
    let kind = match kind {
        "linkedin_send_inmail" => "InMail",
        "linkedin_send_connection_request" => "connection_note",
        _ => "message",
    };
    let seed = task_text("uuid");
    let outgoing = linkedin_messages::OutgoingMessage {
        sender: &sender,
        contact: &contact,
        text: linkedin_messages::rendered(store, &template.unwrap_or_default(), &contact, &sender, &seed),
        subject: subject.map(|it| linkedin_messages::rendered(store, &it, &contact, &sender, &seed)),
        template: payload.and_then(|it| it.get("template_uuid")).cloned().unwrap_or(Value::Null),
        attachments: payload.and_then(|it| it.get("attachments")).cloned().unwrap_or(Value::Null),
        automation: "auto",
        kind,
        task: Some(&seed),
    };
    let message = linkedin_messages::queue(store, outgoing);
    let rendered = message.get("text").cloned().unwrap_or(Value::Null);
    store.tasks.change(&seed, |task| {
        if let Some(payload) = task.get_mut("payload").and_then(Value::as_object_mut) {
            set(payload, "rendered_text", rendered);
        }
    });
    TaskOutcome::Branch(1)
}

fn payload_text(payload: Option<&Value>, name: &str) -> Option<String> {
    payload.and_then(|it| it.get(name)).and_then(Value::as_str).map(str::to_owned)
}

fn email(store: &mut Store, task: &Record) -> TaskOutcome {
    let task_text = |name: &str| text(task, name).unwrap_or_default().to_owned();
    let (contact, sender) = (task_text("lead_uuid"), task_text("sender_profile_uuid"));
    let payload = task.get("payload");
    let Some(mailbox) = emails::mailbox_of(store, &sender) else {
        return TaskOutcome::Failed("mailbox_not_found", "The sender profile has no active mailbox.");
    };
    let field = payload_text(payload, "email_field").filter(|field| !field.is_empty());
    let fields = field.as_deref().map_or(vec!["work_email", "personal_email"], |field| vec![field]);
    let row = store.contacts.row(&contact);
    let to = fields.iter().find_map(|name| row.and_then(|row| row.text(name)));
    let Some(to_email) = to.map(str::to_owned) else {
        return TaskOutcome::Failed("contact_has_no_email", "The contact has no email address.");
    };
    let to_name = row.and_then(|row| row.text("name")).unwrap_or_default().to_owned();
    let cc =
        payload.and_then(|it| it.get("cc")).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let cc =
        cc.iter().filter_map(|it| it.get("to_email").and_then(Value::as_str).map(str::to_owned)).collect();
    let seed = task_text("uuid");
    let fill = |name: &str| {
        linkedin_messages::rendered(
            store,
            &payload_text(payload, name).unwrap_or_default(),
            &contact,
            &sender,
            &seed,
        )
    };
    let from = store.mailboxes.row(&mailbox);
    let column = |name: &str| from.and_then(|row| row.text(name)).unwrap_or_default().to_owned();
    let outgoing = emails::OutgoingEmail {
        from_name: column("sender_name"),
        from_email: column("email"),
        to_name,
        to_email,
        cc,
        bcc: Vec::new(),
        subject: fill("subject"),
        body: fill("template"),
        attachments: payload.and_then(|it| it.get("attachments")).cloned().unwrap_or(Value::Null),
        automation: text(task, "flow_uuid").map(str::to_owned),
        automation_node: task.get("flow_node_id").cloned().unwrap_or(Value::Null),
        template: payload.and_then(|it| it.get("template_uuid")).cloned().unwrap_or(Value::Null),
        sender,
        contact,
        mailbox,
    };
    emails::send_email(store, outgoing);
    TaskOutcome::Branch(1)
}

/// Converts any number to whole seconds.
pub(super) fn whole_seconds(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "within 100 years")]
    let seconds = number.clamp(0.0, 3_155_760_000.0) as i64;
    seconds
}
