//! Everything a sandbox knows, and the making of its records.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::contacts::Contacts;
use crate::outbox::OutboxMessage;
use crate::record::{Record, TEAM_ID, USER_ID, set, stamp, text};
use crate::refusal::Refusal;
use crate::schema::{self, Schema};
use crate::table::Table;

/// The state behind the operations.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) clock: Clock,
    pub(crate) user: Record,
    pub(crate) lists: Table,
    pub(crate) contacts: Contacts,
    pub(crate) tags: Table,
    pub(crate) pipeline_stages: Table,
    pub(crate) custom_fields: Table,
    /// By contact and field, not by their own uuid: one contact has one value of a field.
    pub(crate) custom_values: HashMap<String, HashMap<String, Record>>,
    pub(crate) sender_profiles: Table,
    pub(crate) flows: Table,
    pub(crate) flow_versions: Table,
    pub(crate) flow_leads: Table,
    pub(crate) messages: Table,
    /// The conversation of each pair of sender profile and contact.
    pub(crate) conversations: HashMap<(String, String), String>,
    pub(crate) outbox: Vec<OutboxMessage>,
}

impl Store {
    pub(crate) fn new(clock: Clock) -> Store {
        Store {
            clock,
            user: Record::new(),
            lists: Table::default(),
            contacts: Contacts::default(),
            tags: Table::default(),
            pipeline_stages: Table::default(),
            custom_fields: Table::default(),
            custom_values: HashMap::new(),
            sender_profiles: Table::default(),
            flows: Table::default(),
            flow_versions: Table::default(),
            flow_leads: Table::default(),
            messages: Table::default(),
            conversations: HashMap::new(),
            outbox: Vec::new(),
        }
    }

    /// The present time, as records carry it.
    pub(crate) fn now(&self) -> String {
        stamp(self.clock.now())
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
        let given = match values {
            Value::Object(values) => values,
            _ => Record::new(),
        };
        for (name, value) in common.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(given) {
            if let Some(slot) = record.get_mut(&name) {
                *slot = value;
            }
        }
        record
    }

    /// Marks a record as changed now.
    pub(crate) fn touch(clock: &Clock, record: &mut Record) {
        set(record, "updated_at", stamp(clock.now()));
    }

    /// The first pipeline stage of an object, where new contacts start.
    pub(crate) fn first_stage(&self, object: &str) -> Value {
        let stages = self.pipeline_stages.records();
        let mut stages = stages.filter(|stage| text(stage, "object") == Some(object));
        let first = stages.find(|stage| text(stage, "type") == Some("new"));
        first.and_then(|stage| stage.get("uuid")).cloned().unwrap_or(Value::Null)
    }

    /// A contact.
    ///
    /// # Errors
    /// 404 if there is none of that uuid.
    pub(crate) fn contact(&self, uuid: &str) -> Result<&Record, Refusal> {
        self.contacts.get(uuid).ok_or_else(|| Refusal::not_found("Lead"))
    }

    /// Sets the value of a custom field of a contact; `None` clears it. Answers the value's record.
    pub(crate) fn set_custom_value(&mut self, lead: &str, field: &str, value: Option<String>) -> Record {
        let values = json!({"custom_field_uuid": field, "object_type": "lead", "object_uuid": lead});
        let fresh = self.make(&schema::CUSTOM_FIELD_VALUE, &new_uuid(), values);
        let of_lead = self.custom_values.entry(lead.to_owned()).or_default();
        let record = of_lead.entry(field.to_owned()).or_insert(fresh);
        set(record, "value", value);
        Store::touch(&self.clock, record);
        record.clone()
    }

    /// The values of a contact's custom fields by name; PHP's empty map, `[]`, when there are none.
    pub(crate) fn custom_values_by_name(&self, lead: &str) -> Value {
        let Some(values) = self.custom_values.get(lead) else { return json!([]) };
        let mut by_name = Record::new();
        for field in self.custom_fields.records() {
            let value =
                text(field, "uuid").and_then(|uuid| values.get(uuid)).and_then(|it| text(it, "value"));
            if let (Some(name), Some(value)) = (text(field, "name"), value) {
                set(&mut by_name, name, value);
            }
        }
        if by_name.is_empty() { json!([]) } else { Value::Object(by_name) }
    }

    /// The custom field of contacts with that name.
    pub(crate) fn custom_field_named(&self, name: &str) -> Option<String> {
        let fields = self.custom_fields.records();
        let mut fields = fields.filter(|field| text(field, "object") == Some("lead"));
        let found = fields.find(|field| text(field, "name") == Some(name))?;
        text(found, "uuid").map(str::to_owned)
    }
}

/// A new random uuid.
pub(crate) fn new_uuid() -> String {
    uuid::Uuid::new_v4().to_string()
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
        store.set_custom_value("c", "f", Some("buyer".to_owned()));
        assert_eq!(store.custom_values_by_name("c"), json!({"persona": "buyer"}));
        store.set_custom_value("c", "f", None);
        assert_eq!(store.custom_values_by_name("c"), json!([]));
    }
}
