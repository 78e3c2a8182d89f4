//! Events of contacts, from which activities and webhook calls are created.

use serde_json::{Value, json};

use crate::json_logic;
use crate::record::{Record, map, set};
use crate::schema::ACTIVITY;
use crate::store::Store;
use crate::webhooks::WebhookCall;

/// Webhook events, and the type of the activity that each creates.
pub(crate) const EVENTS: [(&str, Option<&str>); 19] = [
    ("sender_profile_sent_email", Some("email_sent")),
    ("sender_profile_sent_linkedin_message", Some("linkedin_message_sent")),
    ("sender_profile_sent_linkedin_connection_request", Some("linkedin_connection_request_sent")),
    ("sender_profile_sent_linkedin_inmail", Some("linkedin_inmail_sent")),
    ("contact_accepted_linkedin_connection_request", Some("linkedin_connection_request_accepted")),
    ("contact_replied_email", Some("email_replied")),
    ("contact_replied_linkedin_message", Some("linkedin_message_replied")),
    ("contact_replied_linkedin_inmail", Some("linkedin_inmail_replied")),
    ("contact_opened_email", Some("email_opened")),
    ("contact_clicked_email", Some("email_clicked")),
    ("contact_unsubscribed_email", Some("email_unsubscribed")),
    ("email_bounced", Some("email_bounced")),
    ("contact_enriched", Some("contact_enriched")),
    ("contact_exported", None),
    ("contact_created", None),
    ("contact_updated", None),
    ("contact_deleted", None),
    ("contact_tag_added", None),
    ("contact_pipeline_stage_changed", Some("pipeline_stage_changed")),
];

/// Webhook events that the description does not list. The sandbox never emits them.
pub(crate) const UNDESCRIBED_EVENTS: [&str; 2] = ["account_exported", "sender_profile_issue"];

/// Event of a contact.
#[derive(Debug, Default)]
pub(crate) struct Event {
    name: &'static str,
    contact_uuid: String,
    sender_profile: Option<String>,
    automation: Option<String>,
    /// UUID of a LinkedIn message.
    message: Option<String>,
    email: Option<String>,
    payload: Record,
}

impl Event {
    pub(crate) fn new(name: &'static str, contact_uuid: &str) -> Event {
        Event { name, contact_uuid: contact_uuid.to_owned(), ..Event::default() }
    }

    pub(crate) fn by(mut self, sender_profile: Option<&str>) -> Event {
        self.sender_profile = sender_profile.map(str::to_owned);
        self
    }

    pub(crate) fn in_automation(mut self, automation: Option<&str>) -> Event {
        self.automation = automation.map(str::to_owned);
        self
    }

    pub(crate) fn message(mut self, uuid: &str) -> Event {
        self.message = Some(uuid.to_owned());
        self.detail("linkedin_message_uuid", uuid)
    }

    pub(crate) fn email(mut self, uuid: &str) -> Event {
        self.email = Some(uuid.to_owned());
        self.detail("email_uuid", uuid)
    }

    /// Adds a value to the payload of the activity.
    pub(crate) fn detail(mut self, name: &str, value: impl Into<Value>) -> Event {
        set(&mut self.payload, name, value);
        self
    }
}

impl Store {
    /// Creates the activity of an event, and queues the calls of enabled webhooks whose filters match.
    pub(crate) fn emit(&mut self, event: Event) {
        let activity =
            EVENTS.iter().find(|(name, _)| *name == event.name).and_then(|(_, activity)| *activity);
        if let Some(kind) = activity {
            let mut payload = event.payload.clone();
            for (name, value) in
                [("sender_profile_uuid", &event.sender_profile), ("flow_uuid", &event.automation)]
            {
                if let Some(value) = value {
                    set(&mut payload, name, value.clone());
                }
            }
            let values = json!({
                "object_type": "lead",
                "object_uuid": event.contact_uuid,
                "lead_uuid": event.contact_uuid,
                "type": kind,
                "payload": payload,
                "sender_profile_uuid": event.sender_profile,
                "flow_uuid": event.automation,
            });
            let uuid = self.new_uuid();
            let record = self.make(&ACTIVITY, &uuid, values);
            self.activities.insert(&uuid, record);
        }
        let wanted = |hook: crate::table::Row<'_>| hook.is("event", event.name) && hook.is("status", "on");
        let hooks = self.webhooks.keys(wanted);
        if hooks.is_empty() {
            return;
        }
        let body = self.webhook_body(&event);
        for hook in hooks {
            let Some(row) = self.webhooks.row(&hook) else { continue };
            let blocked = match json_logic::holds(&row.value("filters"), &body) {
                Ok(true) => None,
                Ok(false) => continue,
                Err(why) => Some(format!("its filters are not valid jsonLogic: {why}")),
            };
            let text = |name: &str| row.text(name).unwrap_or_default().to_owned();
            self.calls.push(WebhookCall {
                webhook_uuid: hook.clone(),
                event: event.name.to_owned(),
                request_method: text("request_method"),
                target_url: text("target_url"),
                body: body.clone(),
                at: self.now(),
                blocked,
            });
        }
    }

    /// Returns the data for conditions in automations: the body of a webhook, and the custom fields.
    // assumed: automation-logic
    pub(crate) fn condition_data(
        &self,
        contact_uuid: &str,
        sender: Option<&str>,
        automation: Option<&str>,
    ) -> Value {
        let mut data =
            map(self.webhook_body(&Event::new("", contact_uuid).by(sender).in_automation(automation)));
        let contact = data.get("contact").cloned();
        set(&mut data, "lead", contact);
        set(&mut data, "custom_fields", self.custom_values_by_name(contact_uuid));
        Value::Object(data)
    }

    /// Returns the body of a test call, with the oldest contact if there is one.
    pub(crate) fn webhook_test_body(&self, event: &'static str) -> Value {
        let contact_uuid = self.contacts.table().rows().next().map(|row| row.key()).unwrap_or_default();
        self.webhook_body(&Event::new(event, &contact_uuid))
    }

    /// Returns the documented body of a webhook. Empty objects are PHP's `[]`.
    // assumed: webhook-filters
    fn webhook_body(&self, event: &Event) -> Value {
        let or_empty = |record: Option<Record>| record.map_or_else(|| json!([]), Value::Object);
        let contact = self.contacts.show(&event.contact_uuid);
        let text = |name: &str| contact.as_ref().and_then(|it| it.get(name)?.as_str().map(str::to_owned));
        let sender = event.sender_profile.clone().or_else(|| text("sender_profile_uuid"));
        let company = text("company_uuid").and_then(|uuid| self.companies.show(&uuid));
        let message = event.message.as_ref().and_then(|uuid| self.messages.show(uuid));
        let email = event.email.as_ref().and_then(|uuid| self.emails.show(uuid));
        let thread: Vec<Value> =
            self.messages.of(&event.contact_uuid).map(|row| Value::Object(row.show())).collect();
        let emails: Vec<Value> =
            self.emails.of(&event.contact_uuid).map(|row| Value::Object(row.show())).collect();
        let mut body = map(json!({
            "event_name": event.name,
            "contact": or_empty(contact),
            "account": or_empty(company),
            "sender_profile": or_empty(sender.and_then(|uuid| self.sender_profiles.show(&uuid))),
            "automation": or_empty(event.automation.as_ref().and_then(|uuid| self.automations.show(uuid))),
            "contact_markers": [],
        }));
        match event.name {
            "contact_accepted_linkedin_connection_request" => {
                set(&mut body, "linkedin_connection", event.payload.clone());
            }
            "sender_profile_sent_linkedin_connection_request" => {
                set(&mut body, "linkedin_connection_request", event.payload.clone());
            }
            _ => {}
        }
        if let Some(message) = message {
            set(&mut body, "linkedin_message", message);
            set(&mut body, "latest_linkedin_conversation_thread", json!({"messages": thread}));
        }
        if let Some(email) = email {
            set(&mut body, "email", email);
            set(&mut body, "latest_email_conversation_thread", json!({"emails": emails}));
        }
        Value::Object(body)
    }
}
