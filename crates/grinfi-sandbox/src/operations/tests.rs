use proptest::prelude::*;
use serde_json::{Value, json};

use super::handlers::{HANDLERS, handler};
use crate::call::{Call, File};
use crate::clock::Clock;
use crate::generated::OPERATIONS;
use crate::record::Record;
use crate::scheduler::with_due_jobs;
use crate::seed::Seed;
use crate::seed_data;
use crate::store::Store;

/// Field names that operations read, so that random values reach the code behind them.
const NAMES: &[&str] = &[
    "lead",
    "leads",
    "linkedin_id",
    "first_name",
    "company_name",
    "list_uuid",
    "custom_fields",
    "name",
    "object",
    "filter",
    "q",
    "limit",
    "offset",
    "order_field",
    "order_type",
    "ids",
    "all",
    "type",
    "payload",
    "tag_uuid",
    "tag_uuids",
    "nodes",
    "contact_sources",
    "before",
    "after",
    "id",
    "schedule",
    "timeblocks",
    "timezone",
    "use_sender_schedule",
    "flow_uuids",
    "text",
    "attachments",
    "sender_profile_uuid",
    "lead_uuid",
    "created_at",
    "status",
    "tags",
    ">=",
    "=",
    "persona",
    "email",
    "linkedin",
    "ln_member_id",
    "object_type",
    "value",
    "columns",
    "source",
    "target",
    "file_name",
    "uuids",
    "lead_uuids",
    "metrics",
    "period_from",
    "period_to",
    "node_ids",
    "contact_source_ids",
    "group_field",
    "companies",
    "lookups",
    "ln_id",
    "website",
    "domain",
    "note",
    "object_uuid",
    "schedule_at",
    "event",
    "target_url",
    "request_method",
    "uuid",
    "body",
    "subject",
    "is_public",
    "prompt",
    "from_name",
    "from_email",
    "to_name",
    "to_email",
    "cc",
    "connection_settings",
    "sender_name",
    "automation_reassign_mailboxes",
    "recipients",
    "assignee_user_id",
    "last_name",
    "sender_profiles_limit",
    "date",
    "search",
    "flow_uuid",
    "list_uuids",
    "category",
    "order",
    "linkedin_schedule",
    "lead_name",
];

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        prop::sample::select(vec![
            "lead",
            "is_null",
            "asc",
            "name",
            "contact_add_tags",
            "2026-02-03",
            "ACoA",
            "company",
            "cold",
            "csv_leads",
            "contact_created",
            "ada@example.com",
            "https://example.com",
            "POST",
            "{\"object\": \"lead\"}",
            "message",
            "linkedin_sent_count",
            "a",
        ])
        .prop_map(Value::from),
        // Demo records of every type.
        (1u8..14).prop_map(|kind| json!(format!("{kind:08x}-0000-4000-8000-000000000001"))),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(NAMES.to_vec()), inner), 0..6).prop_map(|fields| {
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

fn demo() -> Store {
    let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
    seed_data::fill(&mut store, Seed::Demo, 0);
    store
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn random_bodies_do_not_panic(calls in prop::collection::vec(
        (
            prop::collection::vec((prop::sample::select(NAMES.to_vec()), values()), 0..8),
            (1u8..14, 1u8..3),
            prop::option::of("[a-z,;\"\n é]{0,40}"),
        ),
        1..6,
    )) {
        let mut store = demo();
        let mut copy: Option<Store> = None;
        for (body, (kind, number), file) in calls {
            let body: Record = body.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let files = file.into_iter().flat_map(|content| ["file", "attachment"].map(|field| File {
                field: field.to_owned(), name: None, content: content.clone().into_bytes(),
            }));
            let files: Vec<File> = files.collect();
            for (id, handler) in HANDLERS {
                let uuid = format!("{kind:08x}-0000-4000-8000-{number:012x}");
                let parameters = match OPERATIONS.iter().find(|operation| operation.id == *id).unwrap().path {
                    path if path.contains("{leadUuid}") => vec![
                        ("flowUuid", "00000008-0000-4000-8000-000000000001".to_owned()),
                        ("leadUuid", "00000005-0000-4000-8000-000000000002".to_owned()),
                    ],
                    path if path.contains("{flowUuid}") => vec![("flowUuid", uuid)],
                    path if path.contains("{id}") => vec![("id", "1001".to_owned())],
                    _ => vec![("uuid", uuid)],
                };
                let call = Call { parameters, query: body.clone(), body: body.clone(), files: files.clone() };
                let result = with_due_jobs(&mut store, |store| handler.run(store, &call));
                if let Err(rejection) = &result {
                    prop_assert!([402, 404, 422, 500].contains(&rejection.status), "{id}: {rejection:?}");
                    let undefined = rejection.message.starts_with("Undefined");
                    prop_assert!(rejection.status != 500 || undefined, "{id}: {rejection:?}");
                }
                if let Some(copy) = &mut copy {
                    let repeated = with_due_jobs(copy, |copy| handler.run(copy, &call));
                    prop_assert_eq!(format!("{result:?}"), format!("{repeated:?}"), "{}", id);
                }
            }
            store.clock.advance(std::time::Duration::from_secs(1800));
            // A store that was serialized and deserialized gives identical results.
            let stored = serde_json::to_string(&store).unwrap();
            let mut read: Store = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(serde_json::to_string(&read).unwrap(), stored);
            prop_assert_eq!(read.validate(&Store::default()), Ok(()));
            read.clock = store.clock.clone();
            copy = Some(read);
        }
    }
}

#[test]
fn every_operation_has_a_handler() {
    // Operations that are not implemented yet.
    let unimplemented = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/unimplemented.txt");
    let unimplemented = std::fs::read_to_string(unimplemented).unwrap();
    let missing: Vec<&str> = OPERATIONS
        .iter()
        .map(|operation| operation.id)
        .filter(|id| handler(id).is_none() && !unimplemented.lines().any(|line| line == *id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_handler_belongs_to_one_operation() {
    for (at, (id, _)) in HANDLERS.iter().enumerate() {
        assert!(OPERATIONS.iter().any(|operation| operation.id == *id), "{id}");
        assert!(!HANDLERS.iter().skip(at + 1).any(|(other, _)| other == id), "{id}");
    }
}
