//! The contacts, and how one is found again: by what it is known for on LinkedIn, by its addresses, by its name.

use std::collections::{BTreeMap, HashMap};

use crate::page::Entry;
use crate::record::{Record, text};
use crate::table::Table;

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
    value: String,
}

impl Key {
    /// A key of the value; ids are kept as they are, everything else is folded to lower case.
    pub(crate) fn new(kind: KeyKind, value: &str) -> Key {
        let exact = matches!(kind, KeyKind::LnMemberId | KeyKind::LnId | KeyKind::SnId);
        let value = if exact { value.to_owned() } else { value.trim().to_lowercase() };
        Key { kind, value }
    }

    /// The key of a name within a company.
    pub(crate) fn name_and_company(name: &str, company: &str) -> Key {
        Key::new(KeyKind::NameAndCompany, &format!("{}\n{}", name.trim(), company.trim()))
    }

    /// Every key of a contact's record, in the order of matching. `ln_member_id` is not part of the record: the API
    /// matches by it and never shows it.
    pub(crate) fn all(record: &Record, ln_member_id: Option<&str>) -> Vec<Key> {
        let columns = [
            (KeyKind::LnId, "ln_id"),
            (KeyKind::SnId, "sn_id"),
            (KeyKind::Nickname, "linkedin"),
            (KeyKind::WorkEmail, "work_email"),
            (KeyKind::PersonalEmail, "personal_email"),
        ];
        let mut keys: Vec<Key> =
            ln_member_id.into_iter().map(|id| Key::new(KeyKind::LnMemberId, id)).collect();
        keys.extend(columns.iter().filter_map(|(kind, name)| Some(Key::new(*kind, text(record, name)?))));
        if let (Some(name), Some(company)) = (text(record, "name"), text(record, "company_name")) {
            keys.push(Key::name_and_company(name, company));
        }
        keys.retain(|key| !key.value.trim().is_empty());
        keys
    }
}

/// The contacts of a sandbox.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    table: Table,
    member_ids: HashMap<String, String>,
    /// Who is known by a key, oldest first.
    known: HashMap<Key, BTreeMap<u64, String>>,
}

impl Contacts {
    pub(crate) fn get(&self, uuid: &str) -> Option<&Record> {
        self.table.get(uuid)
    }

    pub(crate) fn contains(&self, uuid: &str) -> bool {
        self.table.contains(uuid)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.table.entries()
    }

    /// The uuid of the contact that the first of the keys finds; of several known by one key, the oldest.
    pub(crate) fn find(&self, keys: &[Key]) -> Option<String> {
        keys.iter().find_map(|key| self.known.get(key)?.values().next().cloned())
    }

    pub(crate) fn insert(&mut self, uuid: &str, record: Record, ln_member_id: Option<String>) {
        self.table.insert(uuid, record);
        if let Some(id) = ln_member_id {
            self.member_ids.insert(uuid.to_owned(), id);
        }
        self.index(uuid);
    }

    /// Changes a contact and what it is known by; the changed record, or `None` if there is no such contact.
    pub(crate) fn change(&mut self, uuid: &str, change: impl FnOnce(&mut Record)) -> Option<&Record> {
        self.unindex(uuid);
        if let Some(record) = self.table.get_mut(uuid) {
            change(record);
        }
        self.index(uuid);
        self.table.get(uuid)
    }

    pub(crate) fn set_member_id(&mut self, uuid: &str, id: String) {
        self.unindex(uuid);
        self.member_ids.insert(uuid.to_owned(), id);
        self.index(uuid);
    }

    pub(crate) fn remove(&mut self, uuid: &str) -> Option<Record> {
        self.unindex(uuid);
        self.member_ids.remove(uuid);
        self.table.remove(uuid)
    }

    fn keys_of(&self, uuid: &str) -> Vec<Key> {
        let member_id = self.member_ids.get(uuid).map(String::as_str);
        self.table.get(uuid).map(|record| Key::all(record, member_id)).unwrap_or_default()
    }

    fn index(&mut self, uuid: &str) {
        let Some(number) = self.table.number(uuid) else { return };
        for key in self.keys_of(uuid) {
            self.known.entry(key).or_default().insert(number, uuid.to_owned());
        }
    }

    fn unindex(&mut self, uuid: &str) {
        let Some(number) = self.table.number(uuid) else { return };
        for key in self.keys_of(uuid) {
            if let Some(known) = self.known.get_mut(&key) {
                known.remove(&number);
                if known.is_empty() {
                    self.known.remove(&key);
                }
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
        }));
        let keys = Key::all(&contact, Some("7"));
        let kinds: Vec<KeyKind> = keys.iter().map(|key| key.kind).collect();
        assert!(kinds.is_sorted());
        assert_eq!(kinds.len(), 7);
    }

    #[test]
    fn of_several_the_oldest_is_found_however_often_it_changes() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"linkedin": "ada"})), None);
        contacts.insert("2", record(json!({"linkedin": "ada"})), None);
        for _ in 0..3 {
            let found = contacts.find(&[Key::new(KeyKind::Nickname, "ada")]).unwrap();
            assert_eq!(found, "1");
            contacts.change(&found, |record| crate::record::set(record, "position", "CTO"));
        }
    }

    #[test]
    fn a_changed_contact_is_known_by_its_new_keys_only() {
        let mut contacts = Contacts::default();
        contacts.insert("1", record(json!({"linkedin": "ada", "name": null})), None);
        contacts.insert("2", record(json!({"linkedin": "ada"})), Some("77".to_owned()));
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
