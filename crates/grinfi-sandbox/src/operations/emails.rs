//! Emails and their bodies. A sent email goes to the outbox once.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::linkedin_messages::{full_name, read_attachments};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::events::Event;
use crate::outbox::{Channel, OutboxMessage};
use crate::page;
use crate::record::{Record, parse_number, parse_time, set, text, texts};
use crate::rejection::FieldErrors;
use crate::store::Store;
use crate::table::Row;

const FIELDS: &[FieldSpec] = &[
    required("sender_profile_uuid", FieldType::Text),
    required("lead_uuid", FieldType::Text),
    required("from_name", FieldType::Text),
    required("from_email", FieldType::Text),
    required("to_name", FieldType::Text),
    required("to_email", FieldType::Text),
    optional("cc", FieldType::Texts),
    optional("bcc", FieldType::Texts),
    required("subject", FieldType::Text),
    optional("body", FieldType::Text),
];
const THREAD: &[FieldSpec] = &[
    required("sender_profile_uuid", FieldType::Text),
    required("lead_uuid", FieldType::Text),
    required("lead_name", FieldType::Text),
    optional("sent_at_recency_in_days", FieldType::Integer),
];

/// Email to send.
pub(super) struct OutgoingEmail {
    pub(super) sender: String,
    pub(super) contact: String,
    pub(super) mailbox: String,
    pub(super) from_name: String,
    pub(super) from_email: String,
    pub(super) to_name: String,
    pub(super) to_email: String,
    pub(super) cc: Vec<String>,
    pub(super) bcc: Vec<String>,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) attachments: Value,
    pub(super) automation: Option<String>,
    pub(super) automation_node: Value,
    pub(super) template: Value,
}

/// Returns the active mailbox of a sender.
pub(super) fn mailbox_of(store: &Store, sender: &str) -> Option<String> {
    let active = |row: &Row<'_>| row.is("sender_profile_uuid", sender) && row.is("status", "active");
    let own = store.sender_profiles.row(sender).and_then(|row| row.text("mailbox_uuid"));
    let own = own.and_then(|uuid| store.mailboxes.row(uuid)).filter(|row| row.is("status", "active"));
    own.or_else(|| store.mailboxes.rows().find(active)).map(Row::key)
}

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list(&store.emails, &call.query)?.plain()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.emails, call)
}

/// Deletes an email and its body; the outbox keeps the message.
// assumed: email-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    let removed = records::remove(&mut store.emails, call)?;
    if let Some(body) = text(&removed, "email_body_uuid") {
        store.email_bodies.remove(body);
    }
    Ok(ApiResponse::no_content())
}

/// Sends at once. A sender without an active mailbox gets a 422 (assumed).
// assumed: email-mailbox
pub(super) fn send(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let given = body_fields::read(FIELDS, &fields, &mut errors);
    fields.if_given_exists("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    fields.if_given_exists("lead_uuid", &mut errors, |uuid| store.contacts.contains(uuid));
    for name in ["from_email", "to_email"] {
        if text(&given, name).is_some_and(|address| !is_address(address)) {
            errors.add(name, format!("The {name} must be a valid email address."));
        }
    }
    let attachments = read_attachments(&fields, &mut errors);
    let of = |name: &str| text(&given, name).unwrap_or_default().to_owned();
    let sender = of("sender_profile_uuid");
    let mailbox = mailbox_of(store, &sender);
    if store.sender_profiles.contains(&sender) && mailbox.is_none() {
        errors.add("sender_profile_uuid", "The sender profile has no active mailbox.");
    }
    errors.finish()?;
    let all = |name: &str| given.get(name).map(texts).unwrap_or_default();
    let outgoing = OutgoingEmail {
        contact: of("lead_uuid"),
        mailbox: mailbox.unwrap_or_default(),
        from_name: of("from_name"),
        from_email: of("from_email"),
        to_name: of("to_name"),
        to_email: of("to_email"),
        cc: all("cc"),
        bcc: all("bcc"),
        subject: of("subject"),
        body: of("body"),
        attachments,
        automation: None,
        automation_node: Value::Null,
        template: Value::Null,
        sender,
    };
    let (email, body) = send_email(store, outgoing);
    Ok(ApiResponse::created(json!({"emailDomain": email, "emailBodyDomain": body})))
}

/// Whether a text looks like an email address: a local part and a host.
pub(super) fn is_address(text: &str) -> bool {
    let sound = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    text.split_once('@').is_some_and(|(name, host)| sound(name) && sound(host) && !host.contains('@'))
}

/// Sends an email and creates its record and the record of its body.
pub(super) fn send_email(store: &mut Store, outgoing: OutgoingEmail) -> (Record, Record) {
    let uuid = store.new_uuid();
    store.outbox.push(OutboxMessage {
        uuid: uuid.clone(),
        channel: Channel::Email,
        sender_profile_uuid: outgoing.sender.clone(),
        sender_name: if outgoing.from_name.is_empty() {
            full_name(store, &outgoing.sender)
        } else {
            outgoing.from_name.clone()
        },
        sender_email: Some(outgoing.from_email.clone()),
        lead_uuid: outgoing.contact.clone(),
        recipient_name: outgoing.to_name.clone(),
        recipient_linkedin: None,
        recipient_email: Some(outgoing.to_email.clone()),
        cc: outgoing.cc.clone(),
        bcc: outgoing.bcc.clone(),
        subject: Some(outgoing.subject.clone()),
        text: outgoing.body.clone(),
        queued_at: store.current_time(),
    });
    let attachments = if outgoing.attachments.is_null() { json!([]) } else { outgoing.attachments };
    let body = json!({"body": outgoing.body, "attachments": attachments, "subject": outgoing.subject});
    let body = records::add(store, |it| &mut it.email_bodies, body);
    let thread = thread_of(store, &outgoing.contact, &outgoing.mailbox);
    let now = store.now();
    let values = json!({
        "sender_profile_uuid": outgoing.sender,
        "mailbox_uuid": outgoing.mailbox,
        "email_body_uuid": text(&body, "uuid"),
        "flow_uuid": outgoing.automation,
        "flow_node_id": outgoing.automation_node,
        "template_uuid": outgoing.template,
        "lead_uuid": outgoing.contact,
        "status": "sent",
        "type": "outbox",
        "from_name": outgoing.from_name,
        "from_email": outgoing.from_email,
        "to_name": outgoing.to_name,
        "to_email": outgoing.to_email,
        "cc": outgoing.cc,
        "bcc": outgoing.bcc,
        "subject": outgoing.subject,
        "sent_at": now,
        "thread_uuid": thread,
        "folder": "sent",
    });
    let email = records::add_as(store, |it| &mut it.emails, &uuid, values);
    let event = Event::new("sender_profile_sent_email", &outgoing.contact).by(Some(&outgoing.sender));
    store.emit(event.in_automation(outgoing.automation.as_deref()).email(&uuid));
    (email, body)
}

/// Returns the thread of a contact and a mailbox, and creates it with the first email.
pub(super) fn thread_of(store: &mut Store, contact: &str, mailbox: &str) -> String {
    let first = store.emails.of(contact).find(|row| row.is("mailbox_uuid", mailbox));
    let current = first.and_then(|row| row.text("thread_uuid")).map(str::to_owned);
    current.unwrap_or_else(|| store.new_uuid())
}

/// Returns `{data}`, the emails of the thread, oldest first, each with its body. The shape is assumed.
// assumed: email-thread-shape
pub(super) fn thread(store: &mut Store, call: &Call) -> ApiResult {
    let row = found(store.emails.row(&call.key()), "Email")?;
    let (contact, thread) = (row.text("lead_uuid").unwrap_or_default(), row.text("thread_uuid"));
    let mut emails: Vec<Value> = store
        .emails
        .of(contact)
        .filter(|it| it.text("thread_uuid") == thread)
        .map(|it| with_body(store, it))
        .collect();
    if emails.is_empty() {
        emails.push(with_body(store, row));
    }
    Ok(ApiResponse::ok(json!({"data": emails})))
}

fn with_body(store: &Store, row: Row<'_>) -> Value {
    let mut email = row.show();
    let body = row.text("email_body_uuid").and_then(|uuid| store.email_bodies.show(uuid));
    set(&mut email, "email_body", body.map_or(Value::Null, Value::Object));
    Value::Object(email)
}

/// Returns the latest email of each contact by UUID; `[]` without emails. The shape is assumed.
// assumed: latest-emails-shape
pub(super) fn latest_by_contacts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let contacts = Fields::of(&call.body).required_texts("lead_uuids", &mut errors);
    errors.finish()?;
    let mut latest = Record::new();
    for contact in contacts {
        let at = |row: &Row<'_>| {
            (row.cell("sent_at").micros().or_else(|| row.cell("created_at").micros()), row.number)
        };
        if let Some(row) = store.emails.of(&contact).max_by_key(at) {
            set(&mut latest, &contact, row.show());
        }
    }
    Ok(ApiResponse::ok(if latest.is_empty() { json!([]) } else { Value::Object(latest) }))
}

/// Returns `{thread}`, one text of all emails of the thread, oldest first. The shape is assumed.
// assumed: llm-thread-shape
pub(super) fn llm_thread(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let given = body_fields::read(THREAD, &fields, &mut errors);
    let limit = fields.given("limit").map(parse_number);
    if limit.is_some_and(|limit| limit.is_none_or(|limit| limit < 1.0)) {
        errors.add("limit", "The limit must be a whole number of at least 1.");
    }
    errors.finish()?;
    let of = |name: &str| text(&given, name).unwrap_or_default();
    let days = given.get("sent_at_recency_in_days").and_then(Value::as_i64);
    let since =
        days.and_then(TimeDelta::try_days).and_then(|age| store.current_time().checked_sub_signed(age));
    let recent = |row: &Row<'_>| {
        let sent = row.text("sent_at").map_or_else(|| row.value("sent_at"), Value::from);
        let sent = sent.as_str().and_then(parse_time);
        since.is_none_or(|since| sent.is_some_and(|sent| sent >= since))
    };
    let mut emails: Vec<Row<'_>> = store
        .emails
        .of(of("lead_uuid"))
        .filter(|row| row.is("sender_profile_uuid", of("sender_profile_uuid")) && recent(row))
        .collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be at least 1")]
    let most = limit.flatten().map_or(usize::MAX, |limit| limit as usize);
    emails.drain(..emails.len().saturating_sub(most));
    let line = |row: Row<'_>| {
        let who =
            if row.is("type", "inbox") { of("lead_name") } else { row.text("from_name").unwrap_or_default() };
        let body = row.text("email_body_uuid").and_then(|uuid| store.email_bodies.row(uuid));
        let body = body.and_then(|body| body.text("body")).unwrap_or_default();
        format!(
            "{who} ({}): {}\n{body}",
            row.value("sent_at").as_str().unwrap_or_default(),
            row.text("subject").unwrap_or_default()
        )
    };
    let lines: Vec<String> = emails.into_iter().map(line).collect();
    Ok(ApiResponse::ok(json!({"thread": lines.join("\n\n")})))
}

pub(super) fn list_bodies(store: &mut Store, call: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::list_by_text(&store.email_bodies, &call.query)?.data_only()))
}

pub(super) fn get_body(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.email_bodies, call)
}
