//! Contacts, with an index to match them by LinkedIn ids, addresses and name.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::record::{Record, text};
use crate::schema::CONTACT;
use crate::table::{Row, Table};

/// Kinds of keys in the order in which they are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ContactKeyKind {
    LnMemberId,
    LnId,
    SnId,
    Nickname,
    WorkEmail,
    PersonalEmail,
    NameAndCompany,
}

/// Key by which a contact is matched.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ContactKey {
    kind: ContactKeyKind,
    value: Box<str>,
}

impl ContactKey {
    /// Returns a key; ids are kept as they are, other values are lower case.
    pub(crate) fn new(kind: ContactKeyKind, value: &str) -> ContactKey {
        let exact = matches!(kind, ContactKeyKind::LnMemberId | ContactKeyKind::LnId | ContactKeyKind::SnId);
        let value = if exact { value.to_owned() } else { value.trim().to_lowercase() };
        ContactKey { kind, value: value.into() }
    }

    /// Returns the key of a name within a company.
    pub(crate) fn name_and_company(name: &str, company: &str) -> ContactKey {
        ContactKey::new(ContactKeyKind::NameAndCompany, &format!("{}\n{}", name.trim(), company.trim()))
    }

    /// Returns every key of a contact in the order of matching.
    pub(crate) fn all(record: &Record) -> Vec<ContactKey> {
        let columns = [
            (ContactKeyKind::LnMemberId, "ln_member_id"),
            (ContactKeyKind::LnId, "ln_id"),
            (ContactKeyKind::SnId, "sn_id"),
            (ContactKeyKind::Nickname, "linkedin"),
            (ContactKeyKind::WorkEmail, "work_email"),
            (ContactKeyKind::PersonalEmail, "personal_email"),
        ];
        let key = |(kind, name): &(ContactKeyKind, &str)| Some(ContactKey::new(*kind, text(record, name)?));
        let mut keys: Vec<ContactKey> = columns.iter().filter_map(key).collect();
        if let (Some(name), Some(company)) = (text(record, "name"), text(record, "company_name")) {
            keys.push(ContactKey::name_and_company(name, company));
        }
        keys.retain(|key| !key.value.trim().is_empty());
        keys
    }
}

/// Contacts of a tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "Table", from = "Table")]
pub(crate) struct Contacts {
    table: Table,
    /// Rows by key. Never iterated, since it has no order.
    rows: HashMap<ContactKey, RowNumbers>,
}

/// Row numbers of one key: mostly one, without an allocation for it.
#[derive(Debug, Clone, PartialEq)]
enum RowNumbers {
    One(usize),
    Many(BTreeSet<usize>),
}

impl RowNumbers {
    /// Returns the oldest row.
    fn first(&self) -> Option<usize> {
        match self {
            RowNumbers::One(number) => Some(*number),
            RowNumbers::Many(numbers) => numbers.first().copied(),
        }
    }

    fn add(&mut self, number: usize) {
        match self {
            RowNumbers::One(one) if *one == number => {}
            RowNumbers::One(one) => *self = RowNumbers::Many(BTreeSet::from([*one, number])),
            RowNumbers::Many(numbers) => {
                numbers.insert(number);
            }
        }
    }

    /// Removes a row and returns whether any is left.
    fn remove(&mut self, number: usize) -> bool {
        match self {
            RowNumbers::One(one) => *one != number,
            RowNumbers::Many(numbers) => {
                numbers.remove(&number);
                !numbers.is_empty()
            }
        }
    }
}

impl Default for Contacts {
    fn default() -> Contacts {
        Contacts { table: Table::new(&CONTACT), rows: HashMap::new() }
    }
}

impl From<Contacts> for Table {
    fn from(contacts: Contacts) -> Table {
        contacts.table
    }
}

impl From<Table> for Contacts {
    fn from(table: Table) -> Contacts {
        let mut contacts = Contacts { table, rows: HashMap::new() };
        for uuid in contacts.table.keys(|_| true) {
            contacts.index(&uuid);
        }
        contacts
    }
}

impl Contacts {
    /// Returns the contacts as a read-only table.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    pub(crate) fn row(&self, uuid: &str) -> Option<Row<'_>> {
        self.table.row(uuid)
    }

    /// Returns a contact as the API shows it.
    pub(crate) fn show(&self, uuid: &str) -> Option<Record> {
        self.table.show(uuid)
    }

    pub(crate) fn contains(&self, uuid: &str) -> bool {
        self.table.contains(uuid)
    }

    /// Returns the UUID of the contact that matches the first of the keys; of several, the oldest.
    pub(crate) fn find(&self, keys: &[ContactKey]) -> Option<String> {
        keys.iter().find_map(|key| self.table.at(self.rows.get(key)?.first()?).map(Row::key))
    }

    pub(crate) fn insert(&mut self, uuid: &str, record: Record) {
        self.unindex(uuid);
        self.table.insert(uuid, record);
        self.index(uuid);
    }

    /// Changes a contact and its keys. Returns the changed record as the API shows it, or `None` if it does not exist.
    pub(crate) fn change(&mut self, uuid: &str, change: impl FnOnce(&mut Record)) -> Option<Record> {
        let number = self.table.row(uuid)?.number;
        let mut keys = (Vec::new(), Vec::new());
        let changed = self.table.change(uuid, |record| {
            keys.0 = ContactKey::all(record);
            change(record);
            keys.1 = ContactKey::all(record);
        });
        if keys.0 != keys.1 {
            self.remove_keys(keys.0, number);
            self.add_keys(keys.1, number);
        }
        changed
    }

    pub(crate) fn remove(&mut self, uuid: &str) -> Option<Record> {
        self.unindex(uuid);
        self.table.remove(uuid)
    }

    fn index(&mut self, uuid: &str) {
        let Some(row) = self.table.row(uuid) else { return };
        let (keys, number) = (ContactKey::all(&row.record()), row.number);
        self.add_keys(keys, number);
    }

    fn unindex(&mut self, uuid: &str) {
        let Some(row) = self.table.row(uuid) else { return };
        let (keys, number) = (ContactKey::all(&row.record()), row.number);
        self.remove_keys(keys, number);
    }

    fn add_keys(&mut self, keys: Vec<ContactKey>, number: usize) {
        for key in keys {
            self.rows.entry(key).and_modify(|rows| rows.add(number)).or_insert(RowNumbers::One(number));
        }
    }

    fn remove_keys(&mut self, keys: Vec<ContactKey>, number: usize) {
        for key in keys {
            if self.rows.get_mut(&key).is_some_and(|rows| !rows.remove(number)) {
                self.rows.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: serde_json::Value) -> Record {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn keys_are_in_order_of_matching() {
        let contact = record(json!({
            "name": "Ada Ivers", "company_name": "ExampleCorp", "ln_id": "ACoA", "sn_id": "ACwA",
            "linkedin": "ada", "work_email": "Ada@example.com", "personal_email": "ada@example.org",
            "ln_member_id": "7",
        }));
        let keys = ContactKey::all(&contact);
        let kinds: Vec<ContactKeyKind> = keys.iter().map(|key| key.kind).collect();
        assert!(kinds.is_sorted());
        assert_eq!(kinds.len(), 7);
    }

    #[test]
    fn deserialized_contacts_are_found_again() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"uuid": "1", "linkedin": "ada", "ln_member_id": "77"})));
        contacts.insert("2", record(json!({"uuid": "2", "linkedin": "ada"})));
        contacts.remove("1");
        let stored = serde_json::to_string(&contacts).unwrap();
        let read: Contacts = serde_json::from_str(&stored).unwrap();
        // A key that was shared by two contacts has another representation, with the same result.
        assert_eq!(read.rows.len(), contacts.rows.len());
        assert_eq!(read.find(&[ContactKey::new(ContactKeyKind::Nickname, "ada")]).as_deref(), Some("2"));
    }

    #[test]
    fn finds_oldest_of_several_matches() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"uuid": "1", "linkedin": "ada"})));
        contacts.insert("2", record(json!({"uuid": "2", "linkedin": "ada"})));
        for _ in 0..3 {
            let found = contacts.find(&[ContactKey::new(ContactKeyKind::Nickname, "ada")]).unwrap();
            assert_eq!(found, "1");
            contacts.change(&found, |record| crate::record::set(record, "position", "CTO"));
        }
    }

    #[test]
    fn changed_contact_has_only_new_keys() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"uuid": "1", "linkedin": "ada", "name": null})));
        contacts.insert("2", record(json!({"uuid": "2", "linkedin": "ada", "ln_member_id": "77"})));
        let nick = |nick| vec![ContactKey::new(ContactKeyKind::Nickname, nick)];
        assert_eq!(contacts.find(&nick("ADA")).as_deref(), Some("1"));
        contacts.change("1", |record| crate::record::set(record, "linkedin", "grace"));
        assert_eq!(contacts.find(&nick("ada")).as_deref(), Some("2"));
        assert_eq!(contacts.find(&nick("grace")).as_deref(), Some("1"));
        assert!(contacts.remove("2").is_some());
        assert_eq!(contacts.find(&nick("ada")), None);
        assert_eq!(contacts.find(&[ContactKey::new(ContactKeyKind::LnMemberId, "77")]), None);
        assert!(contacts.change("2", |_| ()).is_none());
    }
}
