use std::collections::HashSet;

use super::*;
use crate::clock::Clock;
use crate::record::text;
use crate::table::{Row, Table};

fn filled(seed: Seed) -> Store {
    let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
    fill(&mut store, seed, 0);
    store
}

fn count(table: &Table) -> usize {
    table.len()
}

#[test]
fn demo_data_is_deterministic() {
    let contacts =
        |store: &Store| -> Vec<Record> { store.contacts.table().rows().map(Row::record).collect() };
    let demo = filled(Seed::Demo);
    assert_eq!(contacts(&demo), contacts(&filled(Seed::Demo)));
    assert_eq!(contacts(&demo).len(), CONTACTS as usize);
    let names: HashSet<String> =
        contacts(&demo).iter().map(|contact| text(contact, "name").unwrap().to_owned()).collect();
    assert_eq!(names.len(), CONTACTS as usize);
    assert_eq!([&demo.lists, &demo.automations, &demo.sender_profiles].map(count), [3, 2, 2]);
    assert!(demo.outbox.is_empty());
}

#[test]
fn references_of_contacts_exist() {
    let demo = filled(Seed::Demo);
    for contact in demo.contacts.table().rows() {
        assert!(demo.lists.contains(contact.text("list_uuid").unwrap()));
        let stage = demo.pipeline_stages.row(contact.text("pipeline_stage_uuid").unwrap()).unwrap();
        assert_eq!(stage.text("object"), Some("lead"));
        let company = demo.companies.row(contact.text("company_uuid").unwrap()).unwrap();
        assert_eq!(company.text("name"), contact.text("company_name"));
        for tag in contact.texts("tags") {
            assert!(demo.tags.contains(&tag));
        }
    }
}

#[test]
fn empty_seed_has_sender_and_stages() {
    let empty = filled(Seed::Empty);
    assert_eq!(empty.contacts.table().len(), 0);
    assert_eq!([&empty.lists, &empty.sender_profiles, &empty.pipeline_stages].map(count), [0, 1, 7]);
}

#[test]
fn seed_number_changes_names() {
    let made = |number| {
        let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
        fill(&mut store, Seed::Contacts(600), number);
        store
    };
    let names = |store: &Store| -> Vec<String> {
        store.contacts.table().rows().map(|row| row.text("name").unwrap().to_owned()).collect()
    };
    let store = made(7);
    assert_eq!((store.contacts.table().len(), store.enrollments.len()), (600, 120));
    assert_eq!(names(&store), names(&made(7)));
    assert_ne!(names(&store), names(&made(8)));
    assert_eq!(names(&filled(Seed::Demo)), names(&made(0))[..250]);
}
