//! Contact fields in request bodies, and the upsert of contacts.

use serde_json::{Value, json};

use super::custom_fields::value_text;
use super::input::Fields;
use super::{companies, contact_changes};
use crate::contacts::ContactKey;
use crate::events::Event;
use crate::linkedin_handle::LinkedinHandle;
use crate::record::{Record, set, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::schema::CONTACT;
use crate::store::Store;

/// Fields that are stored as given.
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
/// Fields that are accepted and not stored: the API drops `email`, and `domain` belongs to the company.
const DROPPED: [&str; 2] = ["email", "domain"];
/// Fields that upsert accepts and the update of one contact ignores.
const UPSERT_ONLY: [&str; 2] = ["work_email", "personal_email"];

/// Normalized contact fields: values by column.
#[derive(Debug, Default)]
pub(super) struct ContactFields {
    columns: Record,
}

impl ContactFields {
    /// Reads the fields of create and upsert. Null equals absent (assumed).
    // assumed: contact-null
    pub(super) fn read(fields: &Fields<'_>, errors: &mut FieldErrors) -> ContactFields {
        let mut read = ContactFields::default();
        if let Some(id) = fields.text("linkedin_id", errors).filter(|id| !id.trim().is_empty()) {
            read.set_handle(id, &fields.path("linkedin_id"), errors);
        }
        for name in STORED.iter().chain(&UPSERT_ONLY) {
            if let Some(value) = fields.text(name, errors) {
                read.set_field(name, value, &fields.path(name), errors);
            }
        }
        for name in DROPPED {
            fields.text(name, errors);
        }
        match fields.given("ln_member_id") {
            Some(Value::String(id)) => set(&mut read.columns, "ln_member_id", id.as_str()),
            Some(Value::Number(id)) => set(&mut read.columns, "ln_member_id", id.to_string()),
            _ => {}
        }
        read
    }

    /// Reads the fields of an update; null clears. Other fields are ignored.
    pub(super) fn read_update(fields: &Fields<'_>, errors: &mut FieldErrors) -> ContactFields {
        let mut read = ContactFields::default();
        for name in STORED {
            match fields.text(name, errors) {
                Some(value) => read.set_field(name, value, &fields.path(name), errors),
                None if fields.has(name) => set(&mut read.columns, name, Value::Null),
                None => {}
            }
        }
        for name in DROPPED {
            fields.text(name, errors);
        }
        read
    }

    fn set_field(&mut self, name: &str, value: &str, path: &str, errors: &mut FieldErrors) {
        if name == "linkedin" && !value.trim().is_empty() {
            self.set_handle(value, path, errors);
        } else {
            set(&mut self.columns, name, value);
        }
    }

    // assumed: contact-handle
    fn set_handle(&mut self, given: &str, path: &str, errors: &mut FieldErrors) {
        match LinkedinHandle::parse(given) {
            Some(LinkedinHandle::Nickname(nickname)) => set(&mut self.columns, "linkedin", nickname),
            Some(LinkedinHandle::LnId(id)) => set(&mut self.columns, "ln_id", id),
            Some(LinkedinHandle::SnId(id)) => set(&mut self.columns, "sn_id", id),
            None => {
                errors.add(path, format!("The {path} is not a LinkedIn nickname, profile URL or member id."));
            }
        }
    }

    /// Returns the full name, taking missing parts from `present`.
    fn name(&self, current: Option<&Record>) -> Option<String> {
        let part = |name: &str| match self.columns.get(name) {
            Some(value) => value.as_str(),
            None => current.and_then(|record| text(record, name)),
        };
        let parts: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|name| part(name)).collect();
        let name = parts.join(" ").trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// Returns the keys by which the fields match a contact.
    pub(super) fn keys(&self) -> Vec<ContactKey> {
        let mut known = self.columns.clone();
        set(&mut known, "name", self.name(None));
        ContactKey::all(&known)
    }

    /// Whether the fields identify a person.
    pub(super) fn identifies_person(&self) -> bool {
        self.name(None).is_some() || !self.keys().is_empty()
    }

    /// Returns the columns of a new contact.
    pub(super) fn columns(&self) -> Record {
        let mut columns = self.columns.clone();
        set(&mut columns, "name", self.name(None));
        columns
    }

    /// Creates the contact and returns its UUID.
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

    /// Updates the contact.
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

/// Validated upsert.
#[derive(Debug)]
pub(super) struct Upsert {
    contact: ContactFields,
    /// Values by UUID of the custom field.
    custom_values: Vec<(String, Option<String>)>,
    list: String,
    update: bool,
    move_to_list: bool,
}

impl Upsert {
    /// Reads `{lead, custom_fields, list_uuid, move_to_list}` and the flag that allows an update.
    ///
    /// # Errors
    /// 422 for missing or invalid fields, together with the errors found before.
    pub(super) fn read(
        store: &Store,
        fields: &Fields<'_>,
        update_flag: &str,
        mut errors: FieldErrors,
    ) -> Result<Upsert, Rejection> {
        let empty = Record::new();
        let contact = fields.map("lead", &mut errors).unwrap_or(&empty);
        let contact = Fields::within(contact, &fields.path("lead"));
        contact.required_text("linkedin_id", &mut errors);
        let contact = ContactFields::read(&contact, &mut errors);
        let list = fields.existing("list_uuid", &mut errors, |uuid| store.lists.contains(uuid));
        let update = fields.flag(update_flag, &mut errors).unwrap_or(true);
        let move_to_list = fields.flag("move_to_list", &mut errors).unwrap_or(false);
        let custom = fields.map("custom_fields", &mut errors);
        errors.finish()?;
        let mut custom_values = Vec::new();
        for (name, value) in custom.into_iter().flatten() {
            // Unknown custom fields are ignored.
            if let Some(field) = store.custom_field_named("lead", name) {
                custom_values.push((field, value_text(value, &format!("custom_fields.{name}"))?));
            }
        }
        Ok(Upsert { contact, custom_values, list: list.to_owned(), update, move_to_list })
    }

    /// Returns the matching contact.
    pub(super) fn existing(&self, store: &Store) -> Option<String> {
        store.contacts.find(&self.contact.keys())
    }

    /// Applies the upsert and returns the UUID of the contact.
    // assumed: custom-field-unknown
    pub(super) fn apply(self, store: &mut Store) -> String {
        let existing = self.existing(store);
        let write = self.update || existing.is_none();
        let uuid = match existing {
            None => self.contact.create(store, &self.list, None),
            Some(uuid) => {
                if self.update {
                    self.contact.update(store, &uuid);
                }
                if self.move_to_list {
                    contact_changes::put(store, &uuid, "list_uuid", self.list);
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
