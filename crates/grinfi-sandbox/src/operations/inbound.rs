//! Simulated prospect events: replies, accepted requests, opened emails. No API operation causes them.

use serde_json::{Value, json};

use super::input::found;
use super::{emails, engine, enrollment, linkedin_messages, records, task_state};
use crate::call::{ApiResponse, ApiResult};
use crate::cell::Cell;
use crate::events::Event;
use crate::prospect_event::ProspectEvent;
use crate::record::{Record, set, text};
use crate::rejection::Rejection;
use crate::store::Store;
use crate::table::Row;

/// Events of a sent email: webhook event, trigger that waits for it, new status.
const EMAIL_EVENTS: [(&str, &str, Option<&str>); 4] = [
    ("contact_opened_email", "trigger_email_opened", None),
    ("contact_clicked_email", "trigger_link_clicked", None),
    ("contact_unsubscribed_email", "", None),
    ("email_bounced", "", Some("bounced")),
];

/// Applies an event and returns the record that it creates, or `{}`.
///
/// # Errors
/// 404 for a record that does not exist, 422 for an event that cannot happen to the record.
pub(crate) fn simulate(store: &mut Store, event: &ProspectEvent) -> ApiResult {
    let created = match event {
        ProspectEvent::LinkedinReply { lead_uuid, sender_profile_uuid, text } => {
            linkedin_reply(store, lead_uuid, sender_profile_uuid, text)?
        }
        ProspectEvent::ConnectionAccepted { lead_uuid, sender_profile_uuid } => {
            accept_connection(store, lead_uuid, sender_profile_uuid)?;
            Record::new()
        }
        ProspectEvent::EmailReply { email_uuid, text } => email_reply(store, email_uuid, text)?,
        ProspectEvent::EmailEvent { email_uuid, event } => {
            email_event(store, email_uuid, event)?;
            Record::new()
        }
        ProspectEvent::MessageFailed { message_uuid, reason } => {
            fail_message(store, message_uuid, reason)?;
            Record::new()
        }
    };
    Ok(ApiResponse::ok(created))
}

/// Creates a message from a contact to a sender profile.
///
/// # Errors
/// 404 for an unknown contact or sender profile.
pub(crate) fn linkedin_reply(
    store: &mut Store,
    contact: &str,
    sender: &str,
    content: &str,
) -> Result<Record, Rejection> {
    store.contact(contact)?;
    let profile = found(store.sender_profiles.row(sender), "Sender profile")?;
    let account = profile.text("linkedin_account_uuid").map(str::to_owned);
    let pair = account.clone().unwrap_or_else(|| sender.to_owned());
    let last = store.messages.of(contact).rev().find(|row| row.is("type", "outbox"));
    let inmail = last.is_some_and(|row| row.is("linkedin_type", "InMail"));
    let automation = automation_of(store, contact);
    let conversation = linkedin_messages::conversation(store, &pair, contact);
    let values = json!({
        "sender_profile_uuid": sender,
        "linkedin_account_uuid": account,
        "linkedin_conversation_uuid": conversation,
        "lead_uuid": contact,
        "text": content,
        "type": "inbox",
        "automation": "synced",
        "linkedin_type": if inmail { "InMail" } else { "message" },
        "status": "done",
        "sent_at": store.now(),
    });
    let message = records::add(store, |it| &mut it.messages, values);
    linkedin_messages::count_in_conversation(store, &pair, contact);
    unread(store, contact, "linkedin");
    let name = if inmail { "contact_replied_linkedin_inmail" } else { "contact_replied_linkedin_message" };
    let uuid = text(&message, "uuid").unwrap_or_default();
    store.emit(Event::new(name, contact).by(Some(sender)).in_automation(automation.as_deref()).message(uuid));
    replied(store, contact);
    Ok(message)
}

/// Records that a contact accepted a connection request.
///
/// # Errors
/// 404 for an unknown contact or sender profile.
pub(crate) fn accept_connection(store: &mut Store, contact: &str, sender: &str) -> Result<(), Rejection> {
    store.contact(contact)?;
    found(store.sender_profiles.row(sender), "Sender profile")?;
    let automation = automation_of(store, contact);
    let event = Event::new("contact_accepted_linkedin_connection_request", contact);
    store.emit(event.by(Some(sender)).in_automation(automation.as_deref()));
    engine::complete_triggers(store, contact, "trigger_linkedin_connection_request_accepted");
    Ok(())
}

/// Creates an email that replies to another.
///
/// # Errors
/// 404 for an unknown email.
pub(crate) fn email_reply(store: &mut Store, email: &str, content: &str) -> Result<Record, Rejection> {
    let sent = found(store.emails.get(email), "Email")?;
    let of = |name: &str| text(&sent, name).unwrap_or_default().to_owned();
    let subject = format!("Re: {}", of("subject"));
    let body = json!({"body": content, "attachments": [], "subject": subject});
    let body = records::add(store, |it| &mut it.email_bodies, body);
    let (contact, sender) = (of("lead_uuid"), of("sender_profile_uuid"));
    let values = json!({
        "sender_profile_uuid": sender,
        "mailbox_uuid": of("mailbox_uuid"),
        "email_body_uuid": text(&body, "uuid"),
        "flow_uuid": sent.get("flow_uuid"),
        "lead_uuid": contact,
        "status": "sync",
        "type": "inbox",
        "from_name": of("to_name"),
        "from_email": of("to_email"),
        "to_name": of("from_name"),
        "to_email": of("from_email"),
        "cc": [],
        "bcc": [],
        "subject": subject,
        "sent_at": store.now(),
        "thread_uuid": emails::thread_of(store, &contact, &of("mailbox_uuid")),
        "folder": "inbox",
    });
    let reply = records::add(store, |it| &mut it.emails, values);
    let uuid = text(&reply, "uuid").unwrap_or_default();
    records::put(store, |it| &mut it.emails, email, "replied_to_uuid", uuid);
    unread(store, &contact, "email");
    if store.contacts.contains(&contact) {
        let event = Event::new("contact_replied_email", &contact).by(Some(&sender));
        store.emit(event.in_automation(text(&sent, "flow_uuid")).email(uuid));
        replied(store, &contact);
    }
    Ok(reply)
}

/// Records that an email was opened, clicked, unsubscribed from, or bounced.
///
/// # Errors
/// 404 for an unknown email, 422 for another event.
pub(crate) fn email_event(store: &mut Store, email: &str, name: &str) -> Result<(), Rejection> {
    let sent = found(store.emails.get(email), "Email")?;
    let event = EMAIL_EVENTS.iter().find(|(event, _, _)| *event == name);
    let (event, trigger, status) =
        event.ok_or_else(|| Rejection::invalid("event", "The event is not an event of an email."))?;
    if let Some(status) = status {
        records::put(store, |it| &mut it.emails, email, "status", *status);
    }
    let contact = text(&sent, "lead_uuid").unwrap_or_default();
    if store.contacts.contains(contact) {
        let event = Event::new(event, contact).by(text(&sent, "sender_profile_uuid"));
        store.emit(event.in_automation(text(&sent, "flow_uuid")).email(email));
        engine::complete_triggers(store, contact, trigger);
    }
    Ok(())
}

/// Lets a message fail.
///
/// # Errors
/// 404 for an unknown message, 422 for one that was sent already.
pub(crate) fn fail_message(store: &mut Store, uuid: &str, reason: &str) -> Result<(), Rejection> {
    let row = found(store.messages.row(uuid), "LinkedIn message")?;
    if !row.is("status", "new") && !row.is("status", "in_progress") {
        return Err(Rejection::invalid("uuid", "The message was sent already."));
    }
    let changes = Record::from_iter([
        ("status".to_owned(), json!("failed")),
        ("fail_reason".to_owned(), json!(reason)),
    ]);
    records::change(store, |it| &mut it.messages, uuid, changes).map(drop)
}

/// Returns the automation of the newest active enrollment.
fn automation_of(store: &Store, contact: &str) -> Option<String> {
    let active = store.enrollments.of(contact).rev().find(|row| row.is("status", enrollment::ACTIVE));
    active.and_then(|row| row.text("flow_uuid")).map(str::to_owned)
}

/// Increments the unread messages of a contact.
fn unread(store: &mut Store, contact: &str, category: &str) {
    store.change_contact(contact, |record| {
        let mut counts = record.get("unread_counts").and_then(Value::as_array).cloned().unwrap_or_default();
        match counts.iter_mut().find(|count| count["category"] == category) {
            Some(count) => count["count"] = json!(count["count"].as_i64().unwrap_or(0).saturating_add(1)),
            None => counts.push(json!({"category": category, "count": 1})),
        }
        set(record, "unread_counts", counts);
    });
}

/// Completes the triggers that wait for a reply, and ends enrollments whose messages stop on a reply.
// assumed: automation-reply
fn replied(store: &mut Store, contact: &str) {
    let waits =
        |task: &Row<'_>| task.is("type", "trigger_message_replied") && task.is("status", task_state::OPEN);
    let waiting: Vec<String> = store
        .tasks
        .of(contact)
        .filter(waits)
        .filter_map(|task| task.text("flow_lead_uuid").map(str::to_owned))
        .collect();
    let stops = |task: Row<'_>| match task.cell("payload") {
        Cell::Json(payload) => {
            payload.get("stop_on_reply_level").is_some_and(|level| !level.is_null() && level != "")
        }
        _ => false,
    };
    let stopped: Vec<String> = store
        .tasks
        .of(contact)
        .filter(|task| task.is("status", "closed") && stops(*task))
        .filter_map(|task| task.text("flow_lead_uuid").map(str::to_owned))
        .filter(|enrollment| !waiting.contains(enrollment))
        .collect();
    engine::complete_triggers(store, contact, "trigger_message_replied");
    for enrollment in stopped {
        if store.enrollments.row(&enrollment).is_some_and(|row| row.is("status", enrollment::ACTIVE)) {
            enrollment::end(store, &enrollment, "finished");
        }
    }
}
