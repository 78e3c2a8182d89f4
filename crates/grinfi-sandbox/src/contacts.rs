//! The contacts, and how one is found again: by what it is known for on LinkedIn, by its addresses, by its name.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::record::{Record, text};
use crate::schema::CONTACT;
use crate::table::{Row, Table};

/// What a contact can be matched by; the order is the order of matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum KeyKind {
    LnMemberId,
    LnId,
    SnId,
    Nickname,
    WorkEmail,
    PersonalEmail,
    NameAndCompany,
}

/// One thing a contact is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    kind: KeyKind,
    value: Box<str>,
}

impl Key {
    /// A key of the value; ids are kept as they are, everything else is folded to lower case.
    pub(crate) fn new(kind: KeyKind, value: &str) -> Key {
        let exact = matches!(kind, KeyKind::LnMemberId | KeyKind::LnId | KeyKind::SnId);
        let value = if exact { value.to_owned() } else { value.trim().to_lowercase() };
        Key { kind, value: value.into() }
    }

    /// The key of a name within a company.
    pub(crate) fn name_and_company(name: &str, company: &str) -> Key {
        Key::new(KeyKind::NameAndCompany, &format!("{}\n{}", name.trim(), company.trim()))
    }

    /// Every key of a contact's record, in the order of matching.
    pub(crate) fn all(record: &Record) -> Vec<Key> {
        let columns = [
            (KeyKind::LnMemberId, "ln_member_id"),
            (KeyKind::LnId, "ln_id"),
            (KeyKind::SnId, "sn_id"),
            (KeyKind::Nickname, "linkedin"),
            (KeyKind::WorkEmail, "work_email"),
            (KeyKind::PersonalEmail, "personal_email"),
        ];
        let key = |(kind, name): &(KeyKind, &str)| Some(Key::new(*kind, text(record, name)?));
        let mut keys: Vec<Key> = columns.iter().filter_map(key).collect();
        if let (Some(name), Some(company)) = (text(record, "name"), text(record, "company_name")) {
            keys.push(Key::name_and_company(name, company));
        }
        keys.retain(|key| !key.value.trim().is_empty());
        keys
    }
}

/// The contacts of a sandbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "Table", from = "Table")]
pub(crate) struct Contacts {
    table: Table,
    /// Who is known by a key. Never iterated: it has no order.
    known: HashMap<Key, Known>,
}

/// The numbers of the rows that are known by one key: mostly one, and kept small for it.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    One(usize),
    Many(BTreeSet<usize>),
}

impl Known {
    /// The oldest.
    fn first(&self) -> Option<usize> {
        match self {
            Known::One(number) => Some(*number),
            Known::Many(numbers) => numbers.first().copied(),
        }
    }

    fn add(&mut self, number: usize) {
        match self {
            Known::One(one) if *one == number => {}
            Known::One(one) => *self = Known::Many(BTreeSet::from([*one, number])),
            Known::Many(numbers) => {
                numbers.insert(number);
            }
        }
    }

    /// Whether anyone is left without that one.
    fn remove(&mut self, number: usize) -> bool {
        match self {
            Known::One(one) => *one != number,
            Known::Many(numbers) => {
                numbers.remove(&number);
                !numbers.is_empty()
            }
        }
    }
}

impl Default for Contacts {
    fn default() -> Contacts {
        Contacts { table: Table::new(&CONTACT), known: HashMap::new() }
    }
}

impl From<Contacts> for Table {
    fn from(contacts: Contacts) -> Table {
        contacts.table
    }
}

impl From<Table> for Contacts {
    fn from(table: Table) -> Contacts {
        let mut contacts = Contacts { table, known: HashMap::new() };
        for uuid in contacts.table.keys(|_| true) {
            contacts.index(&uuid);
        }
        contacts
    }
}

impl Contacts {
    /// The contacts as a table that is only read.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    pub(crate) fn row(&self, uuid: &str) -> Option<Row<'_>> {
        self.table.row(uuid)
    }

    /// A contact as the API shows it.
    pub(crate) fn show(&self, uuid: &str) -> Option<Record> {
        self.table.show(uuid)
    }

    pub(crate) fn contains(&self, uuid: &str) -> bool {
        self.table.contains(uuid)
    }

    /// The uuid of the contact that the first of the keys finds; of several known by one key, the oldest.
    pub(crate) fn find(&self, keys: &[Key]) -> Option<String> {
        keys.iter().find_map(|key| self.table.at(self.known.get(key)?.first()?).map(Row::key))
    }

    pub(crate) fn insert(&mut self, uuid: &str, record: Record) {
        self.unindex(uuid);
        self.table.insert(uuid, record);
        self.index(uuid);
    }

    /// Changes a contact and what it is known by; the changed record as the API shows it, or `None` if there is no
    /// such contact.
    pub(crate) fn change(&mut self, uuid: &str, change: impl FnOnce(&mut Record)) -> Option<Record> {
        let number = self.table.row(uuid)?.number;
        let mut keys = (Vec::new(), Vec::new());
        let changed = self.table.change(uuid, |record| {
            keys.0 = Key::all(record);
            change(record);
            keys.1 = Key::all(record);
        });
        if keys.0 != keys.1 {
            self.forget(keys.0, number);
            self.learn(keys.1, number);
        }
        changed
    }

    pub(crate) fn remove(&mut self, uuid: &str) -> Option<Record> {
        self.unindex(uuid);
        self.table.remove(uuid)
    }

    fn index(&mut self, uuid: &str) {
        let Some(row) = self.table.row(uuid) else { return };
        let (keys, number) = (Key::all(&row.record()), row.number);
        self.learn(keys, number);
    }

    fn unindex(&mut self, uuid: &str) {
        let Some(row) = self.table.row(uuid) else { return };
        let (keys, number) = (Key::all(&row.record()), row.number);
        self.forget(keys, number);
    }

    fn learn(&mut self, keys: Vec<Key>, number: usize) {
        for key in keys {
            self.known.entry(key).and_modify(|known| known.add(number)).or_insert(Known::One(number));
        }
    }

    fn forget(&mut self, keys: Vec<Key>, number: usize) {
        for key in keys {
            if self.known.get_mut(&key).is_some_and(|known| !known.remove(number)) {
                self.known.remove(&key);
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
    fn keys_come_in_the_order_of_matching() {
        let contact = record(json!({
            "name": "Ada Ivers", "company_name": "ExampleCorp", "ln_id": "ACoA", "sn_id": "ACwA",
            "linkedin": "ada", "work_email": "Ada@example.com", "personal_email": "ada@example.org",
            "ln_member_id": "7",
        }));
        let keys = Key::all(&contact);
        let kinds: Vec<KeyKind> = keys.iter().map(|key| key.kind).collect();
        assert!(kinds.is_sorted());
        assert_eq!(kinds.len(), 7);
    }

    #[test]
    fn contacts_that_are_read_back_are_found_as_before() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"uuid": "1", "linkedin": "ada", "ln_member_id": "77"})));
        contacts.insert("2", record(json!({"uuid": "2", "linkedin": "ada"})));
        contacts.remove("1");
        let kept = serde_json::to_string(&contacts).unwrap();
        let read: Contacts = serde_json::from_str(&kept).unwrap();
        // One that was shared is held otherwise, and the same is found.
        assert_eq!(read.known.len(), contacts.known.len());
        assert_eq!(read.find(&[Key::new(KeyKind::Nickname, "ada")]).as_deref(), Some("2"));
    }

    #[test]
    fn of_several_the_oldest_is_found_however_often_it_changes() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"uuid": "1", "linkedin": "ada"})));
        contacts.insert("2", record(json!({"uuid": "2", "linkedin": "ada"})));
        for _ in 0..3 {
            let found = contacts.find(&[Key::new(KeyKind::Nickname, "ada")]).unwrap();
            assert_eq!(found, "1");
            contacts.change(&found, |record| crate::record::set(record, "position", "CTO"));
        }
    }

    #[test]
    fn a_changed_contact_is_known_by_its_new_keys_only() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"uuid": "1", "linkedin": "ada", "name": null})));
        contacts.insert("2", record(json!({"uuid": "2", "linkedin": "ada", "ln_member_id": "77"})));
        let nick = |nick| vec![Key::new(KeyKind::Nickname, nick)];
        assert_eq!(contacts.find(&nick("ADA")).as_deref(), Some("1"));
        contacts.change("1", |record| crate::record::set(record, "linkedin", "grace"));
        assert_eq!(contacts.find(&nick("ada")).as_deref(), Some("2"));
        assert_eq!(contacts.find(&nick("grace")).as_deref(), Some("1"));
        assert!(contacts.remove("2").is_some());
        assert_eq!(contacts.find(&nick("ada")), None);
        assert_eq!(contacts.find(&[Key::new(KeyKind::LnMemberId, "77")]), None);
        assert!(contacts.change("2", |_| ()).is_none());
    }
}
