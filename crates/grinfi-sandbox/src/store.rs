//! Everything a sandbox knows, and the making of its records.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::agenda::{Agenda, Job};
use crate::clock::Clock;
use crate::contacts::Contacts;
use crate::events::WebhookCall;
use crate::ids::Ids;
use crate::mode::Mode;
use crate::ops::Places;
use crate::outbox::OutboxMessage;
use crate::record::{Record, TEAM_ID, USER_ID, map, set, stamp};
use crate::refusal::Refusal;
use crate::schema::{self, Schema};
use crate::table::Table;

/// So many jobs are done before one request is answered; the others wait for the next.
const MOST_JOBS: usize = 100_000;

/// The state behind the operations. All of it but the clock is plain data, and the same calls at the same times make the
/// same of it: ids come from [`Store::new_uuid`], times from [`Store::now`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Store {
    #[serde(skip)]
    pub(crate) clock: Clock,
    /// The moment of the job that is being done; `None` is the clock's.
    #[serde(skip)]
    moment: Option<DateTime<Utc>>,
    /// That of its world.
    #[serde(skip)]
    pub(crate) mode: Mode,
    pub(crate) ids: Ids,
    pub(crate) agenda: Agenda,
    pub(crate) user: Record,
    pub(crate) team: Record,
    pub(crate) contacts: Contacts,
    pub(crate) lists: Table,
    pub(crate) tags: Table,
    pub(crate) pipeline_stages: Table,
    pub(crate) custom_fields: Table,
    /// By object and field, not by their own uuid: one contact has one value of a field.
    pub(crate) custom_values: Table,
    pub(crate) companies: Table,
    pub(crate) notes: Table,
    pub(crate) activities: Table,
    pub(crate) lead_blacklist: Table,
    pub(crate) company_blacklist: Table,
    pub(crate) enrichments: Table,
    pub(crate) data_sources: Table,
    pub(crate) file_imports: Table,
    pub(crate) file_exports: Table,
    pub(crate) flows: Table,
    pub(crate) flow_workspaces: Table,
    pub(crate) flow_versions: Table,
    pub(crate) flow_leads: Table,
    pub(crate) tasks: Table,
    pub(crate) attachments: Table,
    pub(crate) sender_profiles: Table,
    pub(crate) messages: Table,
    /// By LinkedIn account and contact, not by their own uuid: a pair has one conversation.
    pub(crate) conversations: Table,
    pub(crate) emails: Table,
    pub(crate) email_bodies: Table,
    pub(crate) mailboxes: Table,
    pub(crate) mailbox_errors: Table,
    pub(crate) ai_agents: Table,
    pub(crate) ai_templates: Table,
    pub(crate) llms: Table,
    pub(crate) llm_logs: Table,
    pub(crate) tracking_domains: Table,
    pub(crate) browsers: Table,
    pub(crate) webhooks: Table,
    pub(crate) api_keys: Table,
    pub(crate) outbox: Vec<OutboxMessage>,
    /// The calls of webhooks that are due, oldest first, until they are taken.
    pub(crate) calls: Vec<WebhookCall>,
    /// When mailboxes send what automations have for them.
    pub(crate) places: Places,
}

impl Store {
    pub(crate) fn new(clock: Clock) -> Store {
        Store {
            clock,
            moment: None,
            mode: Mode::default(),
            ids: Ids::default(),
            agenda: Agenda::default(),
            user: Record::new(),
            team: Record::new(),
            contacts: Contacts::default(),
            lists: Table::new(&schema::LIST),
            tags: Table::new(&schema::TAG),
            pipeline_stages: Table::new(&schema::PIPELINE_STAGE),
            custom_fields: Table::new(&schema::CUSTOM_FIELD),
            custom_values: Table::indexed(&schema::CUSTOM_FIELD_VALUE, "object_uuid"),
            companies: Table::new(&schema::COMPANY),
            notes: Table::indexed(&schema::NOTE, "object_uuid"),
            activities: Table::indexed(&schema::ACTIVITY, "object_uuid"),
            lead_blacklist: Table::new(&schema::LEAD_BLACKLIST),
            company_blacklist: Table::new(&schema::COMPANY_BLACKLIST),
            enrichments: Table::indexed(&schema::ENRICHMENT, "object_uuid"),
            data_sources: Table::new(&schema::DATA_SOURCE),
            file_imports: Table::new(&schema::FILE_IMPORT),
            file_exports: Table::new(&schema::FILE_EXPORT),
            flows: Table::new(&schema::FLOW),
            flow_workspaces: Table::new(&schema::FLOW_WORKSPACE),
            flow_versions: Table::indexed(&schema::FLOW_VERSION, "flow_uuid"),
            flow_leads: Table::indexed(&schema::FLOW_LEAD, "lead_uuid"),
            tasks: Table::indexed(&schema::TASK, "lead_uuid"),
            attachments: Table::new(&schema::ATTACHMENT),
            sender_profiles: Table::new(&schema::SENDER_PROFILE),
            messages: Table::indexed(&schema::LINKEDIN_MESSAGE, "lead_uuid"),
            conversations: Table::indexed(&schema::LINKEDIN_CONVERSATION, "lead_uuid"),
            emails: Table::indexed(&schema::EMAIL, "lead_uuid"),
            email_bodies: Table::new(&schema::EMAIL_BODY),
            mailboxes: Table::new(&schema::MAILBOX),
            mailbox_errors: Table::indexed(&schema::MAILBOX_ERROR, "mailbox_uuid"),
            ai_agents: Table::new(&schema::AI_AGENT),
            ai_templates: Table::new(&schema::AI_TEMPLATE),
            llms: Table::new(&schema::LLM),
            llm_logs: Table::new(&schema::LLM_LOG),
            tracking_domains: Table::new(&schema::CUSTOM_TRACKING_DOMAIN),
            browsers: Table::new(&schema::LINKEDIN_BROWSER),
            webhooks: Table::new(&schema::WEBHOOK),
            api_keys: Table::new(&schema::API_KEY),
            outbox: Vec::new(),
            calls: Vec::new(),
            places: Places::default(),
        }
    }

    /// The tables by their names, but for the contacts.
    fn tables(&self) -> [(&'static str, &Table); 35] {
        [
            ("lists", &self.lists),
            ("tags", &self.tags),
            ("pipeline_stages", &self.pipeline_stages),
            ("custom_fields", &self.custom_fields),
            ("custom_values", &self.custom_values),
            ("companies", &self.companies),
            ("notes", &self.notes),
            ("activities", &self.activities),
            ("lead_blacklist", &self.lead_blacklist),
            ("company_blacklist", &self.company_blacklist),
            ("enrichments", &self.enrichments),
            ("data_sources", &self.data_sources),
            ("file_imports", &self.file_imports),
            ("file_exports", &self.file_exports),
            ("flows", &self.flows),
            ("flow_workspaces", &self.flow_workspaces),
            ("flow_versions", &self.flow_versions),
            ("flow_leads", &self.flow_leads),
            ("tasks", &self.tasks),
            ("attachments", &self.attachments),
            ("sender_profiles", &self.sender_profiles),
            ("messages", &self.messages),
            ("conversations", &self.conversations),
            ("emails", &self.emails),
            ("email_bodies", &self.email_bodies),
            ("mailboxes", &self.mailboxes),
            ("mailbox_errors", &self.mailbox_errors),
            ("ai_agents", &self.ai_agents),
            ("ai_templates", &self.ai_templates),
            ("llms", &self.llms),
            ("llm_logs", &self.llm_logs),
            ("tracking_domains", &self.tracking_domains),
            ("browsers", &self.browsers),
            ("webhooks", &self.webhooks),
            ("api_keys", &self.api_keys),
        ]
    }

    /// Whether a store that came from elsewhere is one: each table what it is in an empty store, each row under its own key,
    /// and a team and a user that own it all.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(&self, empty: &Store) -> Result<(), String> {
        for (name, owner) in [("team", &self.team), ("user", &self.user)] {
            if !owner.get("id").is_some_and(Value::is_u64) {
                return Err(format!("store.{name}.id is missing"));
            }
        }
        let contacts = [(("contacts", self.contacts.table()), ("contacts", empty.contacts.table()))];
        for ((name, table), (_, wanted)) in self.tables().into_iter().zip(empty.tables()).chain(contacts) {
            if !table.is_like(wanted) {
                return Err(format!("store.{name} holds other records than it should"));
            }
            // These two go by what they belong to.
            let by_owner = ["custom_values", "conversations"].contains(&name);
            if let Some(key) = table.mislaid().filter(|_| !by_owner) {
                return Err(format!("store.{name} has another record under the key {key:?}"));
            }
        }
        Ok(())
    }

    /// Does something as one turn, at one time. `None` if it panicked.
    pub(crate) fn turn<T>(&mut self, now: DateTime<Utc>, work: impl FnOnce(&mut Store) -> T) -> Option<T> {
        self.clock = Clock::fixed(now);
        let done = catch_unwind(AssertUnwindSafe(|| work(self)));
        self.moment = None;
        done.ok()
    }

    /// When the next planned job is due.
    pub(crate) fn next_job(&self) -> Option<DateTime<Utc>> {
        self.agenda.next()
    }

    /// The present: the clock's, or the moment for which a job was planned while it is being done.
    pub(crate) fn present(&self) -> DateTime<Utc> {
        self.moment.unwrap_or_else(|| self.clock.now())
    }

    /// The present time, as records carry it.
    pub(crate) fn now(&self) -> String {
        stamp(self.present())
    }

    /// The time after a number of seconds.
    pub(crate) fn after(&self, seconds: i64) -> DateTime<Utc> {
        let step = TimeDelta::try_seconds(seconds.max(0)).unwrap_or(TimeDelta::MAX);
        self.present().checked_add_signed(step).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// A uuid that no record has; the next of a fixed sequence.
    pub(crate) fn new_uuid(&mut self) -> String {
        self.ids.uuid()
    }

    /// Plans a job so many seconds from now.
    pub(crate) fn plan(&mut self, seconds: i64, job: Job) {
        let at = self.after(seconds);
        self.agenda.add(at, job);
    }

    /// Does every job that is due by the clock, each as of the moment for which it was planned. Whoever looks at the store
    /// settles it first, and then it is all the same when one looks.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        for _ in 0..MOST_JOBS {
            let Some((at, job)) = self.agenda.take_due(now) else { break };
            self.moment = Some(at);
            job.run(self);
        }
        self.moment = None;
    }

    /// A record of `schema` with the values given, and those that every record has: its uuid, team, user and times.
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

    /// The first pipeline stage of an object, where new contacts start.
    pub(crate) fn first_stage(&self, object: &str) -> Value {
        let mut stages = self.pipeline_stages.rows().filter(|stage| stage.is("object", object));
        stages.find(|stage| stage.is("type", "new")).map_or(Value::Null, |stage| stage.key().into())
    }

    /// A contact as the API shows it.
    ///
    /// # Errors
    /// 404 if there is none of that uuid.
    pub(crate) fn contact(&self, uuid: &str) -> Result<Record, Refusal> {
        self.contacts.show(uuid).ok_or_else(|| Refusal::not_found("Lead"))
    }

    /// Changes columns of a contact and its time.
    pub(crate) fn change_contact(&mut self, uuid: &str, change: impl FnOnce(&mut Record)) -> Option<Record> {
        let now = self.now();
        self.contacts.change(uuid, |record| {
            change(record);
            set(record, "updated_at", now);
        })
    }

    /// Sets the value of a custom field of a contact or company; `None` clears it. Answers the value's record.
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

    /// The values of an object's custom fields by name; PHP's empty map, `[]`, when there are none.
    pub(crate) fn custom_values_by_name(&self, object: &str) -> Value {
        // By their fields, the last of each; of few, so that looking through them is quicker than a map.
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

    /// The custom field of an object with that name.
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
    fn a_made_record_has_its_own_properties_only() {
        let store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
        let record = store.make(&schema::LIST, "u", json!({"name": "Leads", "colour": "red"}));
        let wanted = json!({
            "uuid": "u", "team_id": 134, "name": "Leads",
            "created_at": "2026-02-03T15:55:04.000000Z", "updated_at": "2026-02-03T15:55:04.000000Z",
        });
        assert_eq!(Value::Object(record), wanted);
    }

    #[test]
    fn cleared_values_leave_an_empty_list() {
        let mut store = Store::new(Clock::system());
        let field = store.make(&schema::CUSTOM_FIELD, "f", json!({"name": "persona", "object": "lead"}));
        store.custom_fields.insert("f", field);
        store.set_custom_value("lead", "c", "f", Some("buyer".to_owned()));
        assert_eq!(store.custom_values_by_name("c"), json!({"persona": "buyer"}));
        store.set_custom_value("lead", "c", "f", None);
        assert_eq!(store.custom_values_by_name("c"), json!([]));
    }
}
