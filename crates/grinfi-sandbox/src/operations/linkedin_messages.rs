//! LinkedIn messages. A sent message goes to the outbox once.

use serde_json::{Value, json};

use super::input::{Fields, found};
use super::records;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::events::Event;
use crate::filter::Filter;
use crate::ids::hash;
use crate::jobs::Job;
use crate::outbox::{Channel, OutboxMessage};
use crate::record::{Record, set};
use crate::rejection::{FieldErrors, Rejection};
use crate::schema::LINKEDIN_MESSAGE;
use crate::store::Store;
use crate::table::Row;
use crate::template;

/// Seconds for which a message is `new`.
const NEW_SECONDS: i64 = 1;
/// Seconds after which a message is `done`; in between it is `in_progress`.
const DONE_AFTER_SECONDS: i64 = 2;
/// Longest subject in characters.
const MAX_SUBJECT_CHARS: usize = 511;
const GROUPS: [&str; 4] = ["status", "type", "sender_profile_uuid", "linkedin_account_uuid"];

/// Message to send.
pub(super) struct OutgoingMessage<'a> {
    pub(super) sender: &'a str,
    pub(super) contact: &'a str,
    pub(super) text: String,
    pub(super) subject: Option<String>,
    pub(super) template: Value,
    pub(super) attachments: Value,
    pub(super) automation: &'static str,
    /// `message`, `connection_note` or `InMail`.
    pub(super) kind: &'static str,
    /// UUID of the task that sends it.
    pub(super) task: Option<&'a str>,
}

pub(super) fn send(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let sender =
        fields.existing("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    let contact = fields.existing("lead_uuid", &mut errors, |uuid| store.contacts.contains(uuid));
    let template = fields.text("template_uuid", &mut errors);
    let body = match (fields.given("text"), template) {
        (None, Some(template)) => text_of_template(store, template, sender, contact, &mut errors),
        _ => fields.required_text("text", &mut errors).to_owned(),
    };
    let subject = fields.text("subject", &mut errors).map(str::to_owned);
    if subject.as_ref().is_some_and(|subject| subject.chars().count() > MAX_SUBJECT_CHARS) {
        errors.add("subject", format!("The subject may not be longer than {MAX_SUBJECT_CHARS} characters."));
    }
    fields.text("linkedin_messenger_type", &mut errors);
    let attachments = read_attachments(&fields, &mut errors);
    errors.finish()?;
    let outgoing = OutgoingMessage {
        sender,
        contact,
        text: body,
        subject,
        template: json!(template),
        attachments,
        automation: "manual",
        kind: "message",
        task: None,
    };
    Ok(ApiResponse::created(queue(store, outgoing)))
}

/// Renders the text of a message with a template and without text.
// assumed: template-text
fn text_of_template(
    store: &Store,
    template: &str,
    sender: &str,
    contact: &str,
    errors: &mut FieldErrors,
) -> String {
    let body = store.ai_templates.row(template).and_then(|row| row.text("body")).map(str::to_owned);
    match body {
        Some(body) => rendered(store, &body, contact, sender, contact),
        None => {
            errors.missing("text");
            String::new()
        }
    }
}

/// Reads references to attachments, `[{uuid}]`.
pub(super) fn read_attachments(fields: &Fields<'_>, errors: &mut FieldErrors) -> Value {
    let attachments = fields.list("attachments", errors);
    for (at, attachment) in attachments.into_iter().flatten().enumerate() {
        if attachment.get("uuid").is_none_or(|uuid| !uuid.is_string()) {
            errors.missing(&format!("attachments.{at}.uuid"));
        }
    }
    json!(attachments)
}

/// Fills in a template for a contact and a sender.
pub(super) fn rendered(store: &Store, template: &str, contact: &str, sender: &str, seed: &str) -> String {
    let contact_row = store.contacts.row(contact);
    let profile = store.sender_profiles.row(sender);
    let custom = store.custom_values_by_name(contact);
    let shown = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        value => Some(value.to_string()),
    };
    let lookup = |name: &str| {
        if let Some(name) = name.strip_prefix("sender_") {
            return shown(profile?.value(name));
        }
        let name = name.strip_prefix("lead.").or_else(|| name.strip_prefix("contact.")).unwrap_or(name);
        let column = contact_row.map_or(Value::Null, |row| row.value(name));
        shown(column).or_else(|| custom.get(name).cloned().and_then(shown))
    };
    template::render(template, &lookup, seed)
}

/// Queues a message: adds it to the outbox and schedules its status changes.
pub(super) fn queue(store: &mut Store, outgoing: OutgoingMessage<'_>) -> Record {
    let uuid = store.new_uuid();
    let sender = store.sender_profiles.row(outgoing.sender);
    let contact = store.contacts.row(outgoing.contact);
    let of = |row: Option<Row<'_>>, name: &str| row.and_then(|row| row.text(name)).map(str::to_owned);
    let account = of(sender, "linkedin_account_uuid");
    store.outbox.push(OutboxMessage {
        uuid: uuid.clone(),
        channel: Channel::LinkedIn,
        sender_profile_uuid: outgoing.sender.to_owned(),
        sender_name: full_name(store, outgoing.sender),
        sender_email: None,
        lead_uuid: outgoing.contact.to_owned(),
        recipient_name: of(contact, "name").unwrap_or_default(),
        recipient_linkedin: of(contact, "linkedin"),
        recipient_email: None,
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: outgoing.subject.clone(),
        text: outgoing.text.clone(),
        queued_at: store.current_time(),
    });
    let conversation = conversation(store, account.as_deref().unwrap_or(outgoing.sender), outgoing.contact);
    let values = json!({
        "sender_profile_uuid": outgoing.sender,
        "linkedin_account_uuid": account,
        "linkedin_conversation_uuid": conversation,
        "lead_uuid": outgoing.contact,
        "task_pipeline_uuid": outgoing.task,
        "template_uuid": outgoing.template,
        "subject": outgoing.subject,
        "text": outgoing.text,
        "attachments": outgoing.attachments,
        "type": "outbox",
        "automation": outgoing.automation,
        "linkedin_type": outgoing.kind,
        "status": "new",
    });
    let record = records::add_as(store, |it| &mut it.messages, &uuid, values);
    schedule_status_changes(store, &uuid);
    record
}

// assumed: message-times
fn schedule_status_changes(store: &mut Store, uuid: &str) {
    store.schedule(NEW_SECONDS, Job::StartMessage { uuid: uuid.to_owned() });
    store.schedule(DONE_AFTER_SECONDS, Job::FinishMessage { uuid: uuid.to_owned() });
}

/// Returns the UUID of the conversation of an account and a contact, and creates it with the first message.
pub(super) fn conversation(store: &mut Store, account: &str, contact: &str) -> String {
    let key = format!("{account}/{contact}");
    if let Some(row) = store.conversations.row(&key) {
        return row.text("uuid").unwrap_or_default().to_owned();
    }
    let row = store.contacts.row(contact);
    let of = |name: &str| row.map_or(Value::Null, |row| row.value(name));
    let values = json!({
        "lead_uuid": contact,
        "linkedin_account_uuid": account,
        "ln_id": of("ln_id"),
        "ln_member_id": of("ln_member_id"),
        "sn_id": of("sn_id"),
        "conversation_hash": format!("{:016x}", hash(&key)),
        "linkedin_messenger_type": "basic",
        "lead_nickname": of("linkedin"),
        "event_count": 0,
        "need_to_sync": false,
        "id": store.ids.number(),
    });
    let uuid = store.new_uuid();
    let record = store.make(&crate::schema::LINKEDIN_CONVERSATION, &uuid, values);
    store.conversations.insert(&key, record);
    uuid
}

/// Counts a message in its conversation.
pub(super) fn count_in_conversation(store: &mut Store, account: &str, contact: &str) {
    let now = store.now();
    store.conversations.change(&format!("{account}/{contact}"), |record| {
        let count = record.get("event_count").and_then(Value::as_i64).unwrap_or(0);
        set(record, "event_count", count.saturating_add(1));
        for name in ["last_activity_at", "last_stored_message_at", "last_msg_sync_at", "updated_at"] {
            set(record, name, now.clone());
        }
    });
}

/// Changes a message from `new` to `in_progress`.
pub(crate) fn start_sending(store: &mut Store, uuid: &str) {
    if store.messages.row(uuid).is_some_and(|row| row.is("status", "new")) {
        records::put(store, |it| &mut it.messages, uuid, "status", "in_progress");
    }
}

/// Changes a message from `in_progress` to `done`.
pub(crate) fn finish_sending(store: &mut Store, uuid: &str) {
    let Some(row) = store.messages.row(uuid).filter(|row| row.is("status", "in_progress")) else { return };
    let of = |name: &str| row.text(name).unwrap_or_default().to_owned();
    let (contact, sender, kind) = (of("lead_uuid"), of("sender_profile_uuid"), of("linkedin_type"));
    let account = row.text("linkedin_account_uuid").map_or_else(|| sender.clone(), str::to_owned);
    let task = row.text("task_pipeline_uuid").and_then(|task| store.tasks.row(task));
    let automation = task.and_then(|task| task.text("flow_uuid")).map(str::to_owned);
    let now = store.now();
    store.messages.change(uuid, |record| {
        set(record, "status", "done");
        set(record, "sent_at", now.clone());
        set(record, "updated_at", now);
    });
    count_in_conversation(store, &account, &contact);
    let name = match kind.as_str() {
        "connection_note" => "sender_profile_sent_linkedin_connection_request",
        "InMail" => "sender_profile_sent_linkedin_inmail",
        _ => "sender_profile_sent_linkedin_message",
    };
    if store.contacts.contains(&contact) {
        store.emit(
            Event::new(name, &contact).by(Some(&sender)).in_automation(automation.as_deref()).message(uuid),
        );
    }
}

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    if call.query.get("filter").and_then(|filter| filter.get("q")).is_some() {
        return Err(Rejection::invalid("filter.q", "The filter.q is not supported."));
    }
    records::list(&store.messages, call)
}

/// Deletes the record of a message; the outbox keeps the message.
pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.messages, call)
}

/// Sends a failed message again. Others are not changed, so that no message is sent twice.
// assumed: message-retry
pub(super) fn retry(store: &mut Store, call: &Call) -> ApiResult {
    let uuid = call.key();
    let row = found(store.messages.row(&uuid), "LinkedIn message")?;
    if row.is("status", "failed") {
        let again =
            Record::from_iter([("status".to_owned(), json!("new")), ("fail_reason".to_owned(), Value::Null)]);
        records::change(store, |it| &mut it.messages, &uuid, again)?;
        schedule_status_changes(store, &uuid);
    }
    Ok(ApiResponse::empty())
}

pub(super) fn group_counts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let column = Fields::of(&call.body).one_of("group_field", &GROUPS, &mut errors);
    errors.finish()?;
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), &LINKEDIN_MESSAGE)?;
    let rows = store.messages.rows().filter(|row| filter.matches(*row));
    Ok(ApiResponse::ok(records::group_counts(rows, column)))
}

/// Lists the conversations of accounts and contacts.
pub(super) fn conversations(store: &mut Store, call: &Call) -> ApiResult {
    records::list(&store.conversations, call)
}

/// Returns the first and last name of a sender.
pub(super) fn full_name(store: &Store, sender: &str) -> String {
    let Some(row) = store.sender_profiles.row(sender) else { return String::new() };
    let names = ["first_name", "last_name"].map(|name| row.text(name).unwrap_or_default());
    names.join(" ").trim().to_owned()
}
