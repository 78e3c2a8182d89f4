//! The fields that a contact is made from, and upsert: the contact they find, or else a new one.

use serde_json::{Value, json};

use super::custom_fields::value_text;
use super::input::Fields;
use super::{companies, contacts};
use crate::contacts::Key;
use crate::events::Event;
use crate::linkedin::Handle;
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
use crate::schema::CONTACT;
use crate::store::Store;

/// The fields that are stored as they are given.
const STORED: [&str; 10] = [
    "first_name",
    "last_name",
    "company_name",
    "about",
    "headline",
    "position",
    "raw_address",
    "ln_id",
    "sn_id",
    "linkedin",
];
/// Fields that are taken and not stored: a plain address is dropped by the API, `domain` is the company's.
const DROPPED: [&str; 2] = ["email", "domain"];
/// Fields that upsert takes and the update of one contact does not.
const UPSERT_ONLY: [&str; 2] = ["work_email", "personal_email"];

/// The fields of one contact, read and normalised: names of columns and their values.
#[derive(Debug, Default)]
pub(super) struct ContactFields {
    columns: Record,
}

impl ContactFields {
    /// Reads the fields that create and upsert take. Null is the same as absent here (assumed).
    // assumed: contact-null
    pub(super) fn read(fields: &Fields<'_>, faults: &mut Faults) -> ContactFields {
        let mut read = ContactFields::default();
        if let Some(id) = fields.text("linkedin_id", faults).filter(|id| !id.trim().is_empty()) {
            read.place_handle(id, &fields.path("linkedin_id"), faults);
        }
        for name in STORED.iter().chain(&UPSERT_ONLY) {
            if let Some(value) = fields.text(name, faults) {
                read.place(name, value, &fields.path(name), faults);
            }
        }
        for name in DROPPED {
            fields.text(name, faults);
        }
        match fields.given("ln_member_id") {
            Some(Value::String(id)) => set(&mut read.columns, "ln_member_id", id.as_str()),
            Some(Value::Number(id)) => set(&mut read.columns, "ln_member_id", id.to_string()),
            _ => {}
        }
        read
    }

    /// Reads the fields that the update of one contact takes; null clears. Everything else is dropped without a word.
    pub(super) fn read_update(fields: &Fields<'_>, faults: &mut Faults) -> ContactFields {
        let mut read = ContactFields::default();
        for name in STORED {
            match fields.text(name, faults) {
                Some(value) => read.place(name, value, &fields.path(name), faults),
                None if fields.has(name) => set(&mut read.columns, name, Value::Null),
                None => {}
            }
        }
        for name in DROPPED {
            fields.text(name, faults);
        }
        read
    }

    fn place(&mut self, name: &str, value: &str, path: &str, faults: &mut Faults) {
        if name == "linkedin" && !value.trim().is_empty() {
            self.place_handle(value, path, faults);
        } else {
            set(&mut self.columns, name, value);
        }
    }

    // assumed: contact-handle
    fn place_handle(&mut self, given: &str, path: &str, faults: &mut Faults) {
        match Handle::parse(given) {
            Some(Handle::Nickname(nickname)) => set(&mut self.columns, "linkedin", nickname),
            Some(Handle::LnId(id)) => set(&mut self.columns, "ln_id", id),
            Some(Handle::SnId(id)) => set(&mut self.columns, "sn_id", id),
            None => {
                faults
                    .add(path, format!("The {path} is no LinkedIn nickname, profile address or member id."));
            }
        }
    }

    /// The name that the first and the last make, with those of `present` where the fields have none.
    fn name(&self, present: Option<&Record>) -> Option<String> {
        let part = |name: &str| match self.columns.get(name) {
            Some(value) => value.as_str(),
            None => present.and_then(|record| text(record, name)),
        };
        let parts: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|name| part(name)).collect();
        let name = parts.join(" ").trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// What the fields can find a contact by.
    pub(super) fn keys(&self) -> Vec<Key> {
        let mut known = self.columns.clone();
        set(&mut known, "name", self.name(None));
        Key::all(&known)
    }

    /// Whether there is anything to know a person by.
    pub(super) fn is_somebody(&self) -> bool {
        self.name(None).is_some() || !self.keys().is_empty()
    }

    /// The columns that a new contact would have from them.
    pub(super) fn columns(&self) -> Record {
        let mut columns = self.columns.clone();
        set(&mut columns, "name", self.name(None));
        columns
    }

    /// Makes the contact; its uuid.
    // assumed: contact-new
    pub(super) fn create(self, store: &mut Store, list: &str, source: Option<&str>) -> String {
        let uuid = store.new_uuid();
        let mut values = self.columns();
        let company = text(&values, "company_name").and_then(|name| companies::named(store, name));
        set(&mut values, "company_uuid", company);
        set(&mut values, "list_uuid", list);
        set(&mut values, "data_source_uuid", source);
        set(&mut values, "pipeline_stage_uuid", store.first_stage("lead"));
        set(&mut values, "status", "ok");
        set(&mut values, "linkedin_status", "active");
        set(&mut values, "unread_counts", json!([]));
        let record = store.make(&CONTACT, &uuid, Value::Object(values));
        store.contacts.insert(&uuid, record);
        store.emit(Event::new("contact_created", &uuid));
        uuid
    }

    /// Changes the contact.
    pub(super) fn update(self, store: &mut Store, uuid: &str) {
        let renamed = self.columns.contains_key("first_name") || self.columns.contains_key("last_name");
        let company = self
            .columns
            .get("company_name")
            .map(|name| name.as_str().and_then(|name| companies::named(store, name)));
        store.change_contact(uuid, |record| {
            if renamed {
                let name = self.name(Some(record));
                set(record, "name", name);
            }
            if let Some(company) = company {
                set(record, "company_uuid", company);
            }
            record.extend(self.columns.clone());
        });
        store.emit(Event::new("contact_updated", uuid));
    }
}

/// An upsert that was read and found sound.
#[derive(Debug)]
pub(super) struct Upsert {
    lead: ContactFields,
    /// By the uuid of their field.
    custom_values: Vec<(String, Option<String>)>,
    list: String,
    update: bool,
    move_to_list: bool,
}

impl Upsert {
    /// Reads `{lead, custom_fields, list_uuid, move_to_list}` and the flag that allows an update.
    ///
    /// # Errors
    /// 422 for what is missing or wrong, together with the faults found so far.
    pub(super) fn read(
        store: &Store,
        fields: &Fields<'_>,
        update_flag: &str,
        mut faults: Faults,
    ) -> Result<Upsert, Refusal> {
        let empty = Record::new();
        let lead = fields.map("lead", &mut faults).unwrap_or(&empty);
        let lead = Fields::within(lead, &fields.path("lead"));
        lead.required_text("linkedin_id", &mut faults);
        let lead = ContactFields::read(&lead, &mut faults);
        let list = fields.existing("list_uuid", &mut faults, |uuid| store.lists.contains(uuid));
        let update = fields.flag(update_flag, &mut faults).unwrap_or(true);
        let move_to_list = fields.flag("move_to_list", &mut faults).unwrap_or(false);
        let custom = fields.map("custom_fields", &mut faults);
        faults.finish()?;
        let mut custom_values = Vec::new();
        for (name, value) in custom.into_iter().flatten() {
            // A name that is no custom field's is dropped without a word.
            if let Some(field) = store.custom_field_named("lead", name) {
                custom_values.push((field, value_text(value, &format!("custom_fields.{name}"))?));
            }
        }
        Ok(Upsert { lead, custom_values, list: list.to_owned(), update, move_to_list })
    }

    /// The contact that is there already.
    pub(super) fn existing(&self, store: &Store) -> Option<String> {
        store.contacts.find(&self.lead.keys())
    }

    /// Does it; answers the contact's uuid.
    // assumed: custom-field-unknown
    pub(super) fn apply(self, store: &mut Store) -> String {
        let existing = self.existing(store);
        let write = self.update || existing.is_none();
        let uuid = match existing {
            None => self.lead.create(store, &self.list, None),
            Some(uuid) => {
                if self.update {
                    self.lead.update(store, &uuid);
                }
                if self.move_to_list {
                    contacts::put(store, &uuid, "list_uuid", self.list);
                }
                uuid
            }
        };
        for (field, value) in self.custom_values.into_iter().filter(|_| write) {
            store.set_custom_value("lead", &uuid, &field, value);
        }
        uuid
    }
}
