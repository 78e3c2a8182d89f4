//! State of a tenant on which operations work.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::contacts::Contacts;
use crate::ids::Ids;
use crate::jobs::{Job, JobQueue};
use crate::mailbox_calendar::MailboxCalendar;
use crate::mode::Mode;
use crate::outbox::OutboxMessage;
use crate::record::{Record, TEAM_ID, USER_ID, format_time, map, set};
use crate::rejection::Rejection;
use crate::schema::{self, Schema};
use crate::table::Table;
use crate::webhooks::WebhookCall;

/// Defines the store from its tables: field and empty table.
macro_rules! store {
    ($($(#[$doc:meta])? $table:ident = $empty:expr,)*) => {
        /// State of a tenant. Everything but the clock is plain data, and the same calls at the same times give the same
        /// state: ids come from [`Store::new_uuid`], times from [`Store::now`].
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(default)]
        pub(crate) struct Store {
            #[serde(skip)]
            pub(crate) clock: Clock,
            /// Due time of the running job; `None` is the clock's time.
            #[serde(skip)]
            due_time: Option<DateTime<Utc>>,
            /// Mode of the tenant.
            #[serde(skip)]
            pub(crate) mode: Mode,
            pub(crate) ids: Ids,
            pub(crate) jobs: JobQueue,
            pub(crate) user: Record,
            pub(crate) team: Record,
            pub(crate) contacts: Contacts,
            $($(#[$doc])? pub(crate) $table: Table,)*
            pub(crate) outbox: Vec<OutboxMessage>,
            /// Webhook calls that are due, oldest first.
            pub(crate) calls: Vec<WebhookCall>,
            /// Send times of mailboxes.
            pub(crate) mailbox_calendar: MailboxCalendar,
        }

        impl Store {
            pub(crate) fn new(clock: Clock) -> Store {
                Store {
                    clock,
                    due_time: None,
                    mode: Mode::default(),
                    ids: Ids::default(),
                    jobs: JobQueue::default(),
                    user: Record::new(),
                    team: Record::new(),
                    contacts: Contacts::default(),
                    $($table: $empty,)*
                    outbox: Vec::new(),
                    calls: Vec::new(),
                    mailbox_calendar: MailboxCalendar::default(),
                }
            }

            /// Returns the tables except the contacts, by name.
            fn tables(&self) -> Vec<(&'static str, &Table)> {
                vec![$((stringify!($table), &self.$table),)*]
            }
        }
    };
}

store! {
    lists = Table::new(&schema::LIST),
    tags = Table::new(&schema::TAG),
    pipeline_stages = Table::new(&schema::PIPELINE_STAGE),
    custom_fields = Table::new(&schema::CUSTOM_FIELD),
    /// By object and field, not by UUID: a contact has one value per field.
    custom_values = Table::indexed(&schema::CUSTOM_FIELD_VALUE, "object_uuid"),
    companies = Table::new(&schema::COMPANY),
    notes = Table::indexed(&schema::NOTE, "object_uuid"),
    activities = Table::indexed(&schema::ACTIVITY, "object_uuid"),
    contact_blacklist = Table::new(&schema::LEAD_BLACKLIST),
    company_blacklist = Table::new(&schema::COMPANY_BLACKLIST),
    enrichments = Table::indexed(&schema::ENRICHMENT, "object_uuid"),
    data_sources = Table::new(&schema::DATA_SOURCE),
    file_imports = Table::new(&schema::FILE_IMPORT),
    file_exports = Table::new(&schema::FILE_EXPORT),
    automations = Table::new(&schema::FLOW),
    automation_workspaces = Table::new(&schema::FLOW_WORKSPACE),
    automation_versions = Table::indexed(&schema::FLOW_VERSION, "flow_uuid"),
    enrollments = Table::indexed(&schema::FLOW_LEAD, "lead_uuid"),
    tasks = Table::indexed(&schema::TASK, "lead_uuid"),
    attachments = Table::new(&schema::ATTACHMENT),
    sender_profiles = Table::new(&schema::SENDER_PROFILE),
    messages = Table::indexed(&schema::LINKEDIN_MESSAGE, "lead_uuid"),
    /// By LinkedIn account and contact, not by UUID: a pair has one conversation.
    conversations = Table::indexed(&schema::LINKEDIN_CONVERSATION, "lead_uuid"),
    emails = Table::indexed(&schema::EMAIL, "lead_uuid"),
    email_bodies = Table::new(&schema::EMAIL_BODY),
    mailboxes = Table::new(&schema::MAILBOX),
    mailbox_errors = Table::indexed(&schema::MAILBOX_ERROR, "mailbox_uuid"),
    ai_agents = Table::new(&schema::AI_AGENT),
    ai_templates = Table::new(&schema::AI_TEMPLATE),
    llms = Table::new(&schema::LLM),
    llm_logs = Table::new(&schema::LLM_LOG),
    tracking_domains = Table::new(&schema::CUSTOM_TRACKING_DOMAIN),
    browsers = Table::new(&schema::LINKEDIN_BROWSER),
    webhooks = Table::new(&schema::WEBHOOK),
    api_keys = Table::new(&schema::API_KEY),
}

impl Store {
    /// Validates a loaded store: each table has the type of the same table in an empty store, each row is under its own
    /// key, and team and user exist.
    ///
    /// # Errors
    /// What is invalid.
    pub(crate) fn validate(&self, empty: &Store) -> Result<(), String> {
        for (name, owner) in [("team", &self.team), ("user", &self.user)] {
            if !owner.get("id").is_some_and(Value::is_u64) {
                return Err(format!("store.{name}.id is missing"));
            }
        }
        let contacts = [(("contacts", self.contacts.table()), ("contacts", empty.contacts.table()))];
        for ((name, table), (_, wanted)) in self.tables().into_iter().zip(empty.tables()).chain(contacts) {
            if !table.is_like(wanted) {
                return Err(format!("store.{name} contains records of another type"));
            }
            // These two are keyed by their owner.
            let by_owner = ["custom_values", "conversations"].contains(&name);
            if let Some(key) = table.mismatched_key().filter(|_| !by_owner) {
                return Err(format!("store.{name} has another record with the key {key:?}"));
            }
        }
        Ok(())
    }

    /// Runs `work` at one time. Returns `None` if it panicked.
    pub(crate) fn run_at<T>(&mut self, now: DateTime<Utc>, work: impl FnOnce(&mut Store) -> T) -> Option<T> {
        self.clock = Clock::fixed(now);
        let done = catch_unwind(AssertUnwindSafe(|| work(self)));
        self.due_time = None;
        done.ok()
    }

    /// Runs `work` as of a time other than the clock's.
    pub(crate) fn as_of<T>(&mut self, at: DateTime<Utc>, work: impl FnOnce(&mut Store) -> T) -> T {
        self.due_time = Some(at);
        let result = work(self);
        self.due_time = None;
        result
    }

    /// Returns when the next job is due.
    pub(crate) fn next_job(&self) -> Option<DateTime<Utc>> {
        self.jobs.next_due()
    }

    /// Returns the current time: the clock's, or the due time of the running job.
    pub(crate) fn current_time(&self) -> DateTime<Utc> {
        self.due_time.unwrap_or_else(|| self.clock.now())
    }

    /// Returns the current time in the format of records.
    pub(crate) fn now(&self) -> String {
        format_time(self.current_time())
    }

    /// Returns the time that many seconds from now.
    pub(crate) fn after(&self, seconds: i64) -> DateTime<Utc> {
        let step = TimeDelta::try_seconds(seconds.max(0)).unwrap_or(TimeDelta::MAX);
        self.current_time().checked_add_signed(step).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Returns a new UUID, the next one of a fixed sequence.
    pub(crate) fn new_uuid(&mut self) -> String {
        self.ids.uuid()
    }

    /// Schedules a job that many seconds from now.
    pub(crate) fn schedule(&mut self, seconds: i64, job: Job) {
        let at = self.after(seconds);
        self.jobs.add(at, job);
    }

    /// Returns a record with the given values, and its uuid, team, user and times.
    pub(crate) fn make(&self, schema: &Schema, uuid: &str, values: Value) -> Record {
        let now = self.now();
        let mut record = schema.blank();
        let common = [
            ("uuid", json!(uuid)),
            ("team_id", json!(TEAM_ID)),
            ("user_id", json!(USER_ID)),
            ("created_at", json!(now)),
            ("updated_at", json!(now)),
        ];
        for (name, value) in
            common.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(map(values))
        {
            if let Some(slot) = record.get_mut(&name) {
                *slot = value;
            }
        }
        record
    }

    /// Returns the first pipeline stage of an object, in which new contacts start.
    pub(crate) fn first_stage(&self, object: &str) -> Value {
        let mut stages = self.pipeline_stages.rows().filter(|stage| stage.is("object", object));
        stages.find(|stage| stage.is("type", "new")).map_or(Value::Null, |stage| stage.key().into())
    }

    /// Returns a contact as the API shows it.
    ///
    /// # Errors
    /// 404 if it does not exist.
    pub(crate) fn contact(&self, uuid: &str) -> Result<Record, Rejection> {
        self.contacts.show(uuid).ok_or_else(|| Rejection::not_found("Lead"))
    }

    /// Changes a contact and its `updated_at`.
    pub(crate) fn change_contact(&mut self, uuid: &str, change: impl FnOnce(&mut Record)) -> Option<Record> {
        let now = self.now();
        self.contacts.change(uuid, |record| {
            change(record);
            set(record, "updated_at", now);
        })
    }

    /// Sets the value of a custom field; `None` clears it. Returns the record of the value.
    pub(crate) fn set_custom_value(
        &mut self,
        object_type: &str,
        object: &str,
        field: &str,
        value: Option<String>,
    ) -> Record {
        let key = format!("{object}/{field}");
        let now = self.now();
        if let Some(changed) = self.custom_values.change(&key, |record| {
            set(record, "value", value.clone());
            set(record, "updated_at", now);
        }) {
            return changed;
        }
        let values = json!({
            "custom_field_uuid": field, "object_type": object_type, "object_uuid": object, "value": value,
        });
        let uuid = self.new_uuid();
        let record = self.make(&schema::CUSTOM_FIELD_VALUE, &uuid, values);
        self.custom_values.insert(&key, record.clone());
        record
    }

    /// Removes the custom field values of an object.
    pub(crate) fn remove_custom_values(&mut self, object: &str) {
        let fields: Vec<String> = self
            .custom_values
            .of(object)
            .filter_map(|value| value.text("custom_field_uuid").map(str::to_owned))
            .collect();
        for field in fields {
            self.custom_values.remove(&format!("{object}/{field}"));
        }
    }

    /// Returns custom field values by name; PHP's empty object, `[]`, if it has no values.
    pub(crate) fn custom_values_by_name(&self, object: &str) -> Value {
        // The last value of each field. Records have few values, so a scan is faster than a map.
        let values: Vec<(&str, &str)> = self
            .custom_values
            .of(object)
            .filter_map(|value| Some((value.text("custom_field_uuid")?, value.text("value")?)))
            .collect();
        let mut by_name = Record::new();
        if !values.is_empty() {
            for field in self.custom_fields.rows() {
                let uuid = field.text("uuid");
                let value = values.iter().rev().find(|(field, _)| uuid == Some(*field));
                if let (Some(name), Some((_, value))) = (field.text("name"), value) {
                    set(&mut by_name, name, *value);
                }
            }
        }
        if by_name.is_empty() { json!([]) } else { Value::Object(by_name) }
    }

    /// Returns the custom field of an object with that name.
    pub(crate) fn custom_field_named(&self, object: &str, name: &str) -> Option<String> {
        let mut fields = self.custom_fields.rows().filter(|field| field.is("object", object));
        fields.find(|field| field.is("name", name)).map(|field| field.key())
    }
}

impl Default for Store {
    fn default() -> Store {
        Store::new(Clock::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_record_has_only_schema_properties() {
        let store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
        let record = store.make(&schema::LIST, "u", json!({"name": "Leads", "shade": "red"}));
        let wanted = json!({
            "uuid": "u", "team_id": 134, "name": "Leads",
            "created_at": "2026-02-03T15:55:04.000000Z", "updated_at": "2026-02-03T15:55:04.000000Z",
        });
        assert_eq!(Value::Object(record), wanted);
    }

    #[test]
    fn cleared_values_give_empty_list() {
        let mut store = Store::new(Clock::system());
        let field = store.make(&schema::CUSTOM_FIELD, "f", json!({"name": "persona", "object": "lead"}));
        store.custom_fields.insert("f", field);
        store.set_custom_value("lead", "c", "f", Some("buyer".to_owned()));
        assert_eq!(store.custom_values_by_name("c"), json!({"persona": "buyer"}));
        store.set_custom_value("lead", "c", "f", None);
        assert_eq!(store.custom_values_by_name("c"), json!([]));
    }
}
