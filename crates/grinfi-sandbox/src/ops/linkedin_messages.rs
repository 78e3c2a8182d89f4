//! Messages on LinkedIn. What is sent goes to the outbox, once, and to nobody else.

use std::borrow::Cow;

use chrono::TimeDelta;
use serde_json::json;

use super::input::{Fields, found};
use super::{Answer, Call, Reply};
use crate::outbox::{Channel, OutboxMessage};
use crate::page::{self, Entry};
use crate::record::{Record, parse_time, set, stamp, text};
use crate::refusal::{Faults, Refusal};
use crate::schema::LINKEDIN_MESSAGE;
use crate::store::{Store, new_uuid};

/// How long a message is `new`.
const NEW_FOR: TimeDelta = TimeDelta::seconds(1);
/// How long until it is `done`; in between it is `in_progress`.
const DONE_AFTER: TimeDelta = TimeDelta::seconds(2);

pub(super) fn send(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let sender_uuid =
        fields.existing("sender_profile_uuid", &mut faults, |uuid| store.sender_profiles.contains(uuid));
    let lead_uuid = fields.existing("lead_uuid", &mut faults, |uuid| store.contacts.contains(uuid));
    let words = fields.required_text("text", &mut faults);
    let template = fields.text("template_uuid", &mut faults);
    let attachments = fields.list("attachments", &mut faults);
    for (at, attachment) in attachments.into_iter().flatten().enumerate() {
        if attachment.get("uuid").is_none_or(|uuid| !uuid.is_string()) {
            faults.missing(&format!("attachments.{at}.uuid"));
        }
    }
    faults.finish()?;
    let sender = found(store.sender_profiles.get(sender_uuid), "Sender profile")?;
    let lead = store.contact(lead_uuid)?;
    let recipient = OutboxMessage {
        uuid: new_uuid(),
        channel: Channel::LinkedIn,
        sender_profile_uuid: sender_uuid.to_owned(),
        sender_name: full_name(sender),
        lead_uuid: lead_uuid.to_owned(),
        recipient_name: text(lead, "name").unwrap_or_default().to_owned(),
        recipient_linkedin: text(lead, "linkedin").map(str::to_owned),
        text: words.to_owned(),
        queued_at: store.clock.now(),
    };
    let account = sender.get("linkedin_account_uuid").cloned();
    let pair = (sender_uuid.to_owned(), lead_uuid.to_owned());
    let conversation = store.conversations.entry(pair).or_insert_with(new_uuid).clone();
    let values = json!({
        "sender_profile_uuid": sender_uuid,
        "linkedin_account_uuid": account,
        "linkedin_conversation_uuid": conversation,
        "lead_uuid": lead_uuid,
        "template_uuid": template,
        "text": words,
        "attachments": attachments,
        "type": "outbox",
        "automation": "manual",
        "linkedin_type": "message",
        "status": "new",
    });
    let record = store.make(&LINKEDIN_MESSAGE, &recipient.uuid, values);
    store.messages.insert(&recipient.uuid, record.clone());
    store.outbox.push(recipient);
    Ok(Reply::created(record))
}

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    if call.query.get("filter").and_then(|filter| filter.get("q")).is_some() {
        return Err(Refusal::invalid("filter.q", "The filter.q is not supported."));
    }
    let entries = store
        .messages
        .entries()
        .map(|Entry { number, record }| Entry { number, record: Cow::Owned(as_of_now(store, &record)) });
    Ok(Reply::ok(page::list(entries, &LINKEDIN_MESSAGE, &call.query)?.with_has_more()))
}

/// The message goes from the listing. The outbox keeps it: it was handed over when it was queued.
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    found(store.messages.remove(&call.parameter("uuid")), "LinkedIn message")?;
    Ok(Reply::no_content())
}

/// A message on its way, as its age on the clock says.
fn as_of_now(store: &Store, message: &Record) -> Record {
    let mut message = message.clone();
    let queued = text(&message, "created_at").and_then(parse_time);
    if let Some(queued) = queued.filter(|_| text(&message, "status") == Some("new")) {
        let age = store.clock.now() - queued;
        if age >= DONE_AFTER {
            let sent = stamp(queued + DONE_AFTER);
            set(&mut message, "status", "done");
            set(&mut message, "sent_at", sent.clone());
            set(&mut message, "updated_at", sent);
        } else if age >= NEW_FOR {
            set(&mut message, "status", "in_progress");
            set(&mut message, "updated_at", stamp(queued + NEW_FOR));
        }
    }
    message
}

fn full_name(profile: &Record) -> String {
    let names = ["first_name", "last_name"].map(|name| text(profile, name).unwrap_or_default());
    names.join(" ").trim().to_owned()
}
