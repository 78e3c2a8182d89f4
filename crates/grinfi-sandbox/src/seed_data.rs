//! Records of seeds. They are derived from counters: the same seed gives the same UUIDs, names and order.
//!
//! Creation times are in the days before the clock's present.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::ids::mix;
use crate::operations::{any_time, enroll, save_version};
use crate::record::{Record, TEAM_ID, USER_ID, format_time, map, set};
use crate::schema::{
    COMPANY, CONTACT, CUSTOM_FIELD, FLOW, LIST, MAILBOX, PIPELINE_STAGE, SENDER_PROFILE, Schema, TAG,
};
use crate::seed::Seed;
use crate::store::Store;

/// Types of seeded records, the first part of their UUIDs.
#[derive(Clone, Copy)]
enum RecordKind {
    User = 1,
    Sender,
    Stage,
    List,
    Contact,
    Tag,
    CustomField,
    Flow,
    Version,
    Account,
    Mailbox,
    Company,
}

fn uuid(kind: RecordKind, number: usize) -> String {
    format!("{:08x}-0000-4000-8000-{number:012x}", kind as u8)
}

const CONTACTS: u32 = 250;
/// Enrichment credits of the team.
const CREDITS: u64 = 100;
const FIRST_NAMES: [&str; 25] = [
    "Ada", "Bruno", "Clara", "Dmitri", "Elif", "Farah", "Goran", "Hanna", "Ivo", "Jürgen", "Kira", "Luís",
    "Mina", "Noor", "Otto", "Priya", "Quentin", "Rosa", "Søren", "Tara", "Uma", "Viktor", "Wanda", "Ximena",
    "Yusuf",
];
const LAST_NAMES: [&str; 10] = [
    "Almond",
    "Birkwood",
    "Castellan",
    "Dunmore",
    "Eisenhut",
    "Fennimore",
    "Grünwald",
    "Hollis",
    "Ivers",
    "Juniper",
];
const COMPANIES: [&str; 8] = [
    "ExampleCorp",
    "Northwind Samples",
    "Placeholder Labs",
    "Testbed Logistics",
    "Mockingbird Media",
    "Sandcastle Software",
    "Fictive Foods",
    "Imaginary Insurance",
];
const POSITIONS: [&str; 6] =
    ["CTO", "VP of Sales", "Head of Marketing", "Founder", "Operations Manager", "Procurement Lead"];
const CITIES: [&str; 4] = ["Berlin, Germany", "Lisbon, Portugal", "Austin, TX, USA", "Singapore"];

/// Fills a new store. Other numbers give other names and companies of contacts.
pub(crate) fn fill(store: &mut Store, seed: Seed, number: u64) {
    team(store);
    sender(store, 1, "Sam", "Sender");
    let count = match seed {
        Seed::Empty => return,
        Seed::Demo => CONTACTS,
        Seed::Contacts(count) => count,
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    // 0 for number 0, the default demo data.
    let turn = usize::try_from(mix(number) % 10_000).unwrap_or_default();
    sender(store, 2, "Robin", "Reach");
    lists_and_tags(store);
    for number in 0..count {
        contact(store, number, count, turn);
    }
    automation(store, 1, "Welcome sequence", "on");
    automation(store, 2, "Conference follow-up", "draft");
    for number in (0..count).step_by(5) {
        enroll(store, &uuid(RecordKind::Flow, 1), &uuid(RecordKind::Contact, number + 1), "seed");
    }
}

/// Returns a record that was created that many hours ago.
fn aged(store: &Store, schema: &Schema, uuid: &str, hours: usize, values: Value) -> Record {
    let mut record = store.make(schema, uuid, values);
    let age = TimeDelta::try_hours(i64::try_from(hours).unwrap_or(0)).unwrap_or_default();
    let time = format_time(store.clock.now().checked_sub_signed(age).unwrap_or_else(|| store.clock.now()));
    for name in ["created_at", "updated_at"] {
        if record.contains_key(name) {
            set(&mut record, name, time.clone());
        }
    }
    record
}

fn team(store: &mut Store) {
    let now = store.now();
    let user = json!({
        "uuid": uuid(RecordKind::User, 1),
        "id": USER_ID,
        "first_name": "Sam",
        "last_name": "Sender",
        "email": "sam@example.com",
        "email_status": "verified",
        "image_url": null,
        "timezone": "Europe/Berlin",
        "config": {},
        "created_at": now,
        "updated_at": now,
    });
    store.user = map(user);
    store.team = map(json!({
        "id": TEAM_ID,
        "cluster_id": 1,
        "subscription_id": null,
        "license_uuid": null,
        "name": "Sandbox team",
        "color": null,
        "status": "active",
        "features": {
            "sender_profiles": 10, "cloud_browsers": 10, "contacts": null, "linkedin_accounts": 10,
            "email_accounts": 10, "users": 10,
        },
        "credits": {"activities": 1000, "advanced_enrichment": CREDITS, "llm": 100},
        "config": {"is_onboarding_completed": true, "is_cloud_browser_disabled": false},
        "user_id": USER_ID,
        "created_at": now,
        "updated_at": now,
    }));
    let stages = [
        ("New", "lead", "new", "cold"),
        ("Approaching", "lead", "approaching", "cold"),
        ("Engaging", "lead", "engaging", "engaging"),
        ("Replied", "lead", "replied", "positive"),
        ("Demo booked", "lead", "custom", "positive"),
        ("New", "company", "new", "cold"),
        ("Customer", "company", "custom", "positive"),
    ];
    for (number, (name, object, stage, category)) in (1..).zip(stages) {
        let uuid = uuid(RecordKind::Stage, number);
        let values = json!({
            "name": name, "object": object, "type": stage, "category": category, "order": number,
        });
        let record = store.make(&PIPELINE_STAGE, &uuid, values);
        store.pipeline_stages.insert(&uuid, record);
    }
}

fn sender(store: &mut Store, number: usize, first_name: &str, last_name: &str) {
    let uuid_of_sender = uuid(RecordKind::Sender, number);
    let values = json!({
        "linkedin_account_uuid": uuid(RecordKind::Account, number),
        "assignee_user_id": USER_ID,
        "first_name": first_name,
        "last_name": last_name,
        "label": format!("Team {TEAM_ID}"),
        "schedule": any_time(),
        "smart_limits_enabled": true,
        "status": "enabled",
    });
    let mut record = aged(store, &SENDER_PROFILE, &uuid_of_sender, 24 * 30, values);
    let uuid_of_mailbox = uuid(RecordKind::Mailbox, number);
    set(&mut record, "mailbox_uuid", uuid_of_mailbox.as_str());
    store.sender_profiles.insert(&uuid_of_sender, record);
    let values = json!({
        "sender_profile_uuid": uuid_of_sender,
        "email": format!("{}@example.com", first_name.to_lowercase()),
        "sender_name": format!("{first_name} {last_name}"),
        "provider": "custom",
        "status": "active",
        "automation_daily_limit": 50,
        "automation_task_interval": 60,
        "connection_settings": [],
    });
    let record = aged(store, &MAILBOX, &uuid_of_mailbox, 24 * 30, values);
    store.mailboxes.insert(&uuid_of_mailbox, record);
}

fn lists_and_tags(store: &mut Store) {
    for (number, name) in (1..).zip(["CTO Germany", "Conference guests", "Newsletter readers"]) {
        let uuid = uuid(RecordKind::List, number);
        let record = aged(store, &LIST, &uuid, 24 * 20 - number, json!({"name": name}));
        store.lists.insert(&uuid, record);
    }
    for (number, (name, color)) in (1..).zip([("Hot lead", "#ff5733"), ("Partner", "#3366ff")]) {
        let uuid = uuid(RecordKind::Tag, number);
        let record = aged(store, &TAG, &uuid, 24 * 20 - number, json!({"name": name, "color": color}));
        store.tags.insert(&uuid, record);
    }
    for (number, name) in (1..).zip(COMPANIES) {
        let uuid_of_company = uuid(RecordKind::Company, number);
        let domain = format!("{}.example.com", name.to_lowercase().replace(' ', "-"));
        let values = json!({
            "name": name,
            "domain": domain,
            "website": format!("https://{domain}"),
            "linkedin": name.to_lowercase().replace(' ', "-"),
            "industry": if number % 2 == 0 { "Software" } else { "Services" },
            "lead_status_uuid": uuid(RecordKind::Stage, 6),
            "status": "ok",
        });
        let record = aged(store, &COMPANY, &uuid_of_company, 24 * 20 - number, values);
        store.companies.insert(&uuid_of_company, record);
    }
    for (number, name) in (1..).zip(["industry_note", "persona"]) {
        let uuid = uuid(RecordKind::CustomField, number);
        let values = json!({"name": name, "object": "lead", "order": number});
        let record = store.make(&CUSTOM_FIELD, &uuid, values);
        store.custom_fields.insert(&uuid, record);
    }
}

/// Creates a contact; number 0 is the oldest. First names cycle through 25 and last names through 10 steps of 25, so
/// that the 250 names are distinct.
fn contact(store: &mut Store, number: usize, count: usize, turn: usize) {
    let pick = |from: &[&'static str], at: usize| from.get(at % from.len()).copied().unwrap_or_default();
    let turned = number + turn;
    let first_name = pick(&FIRST_NAMES, turned);
    let last_name = pick(&LAST_NAMES, turned / FIRST_NAMES.len());
    let company = pick(&COMPANIES, turned);
    let position = pick(&POSITIONS, turned);
    let nickname = format!("{first_name}-{last_name}-{number:03}").to_lowercase();
    let tags: Vec<String> = match number % 10 {
        0 => vec![uuid(RecordKind::Tag, 1)],
        3 => vec![uuid(RecordKind::Tag, 2)],
        6 => vec![uuid(RecordKind::Tag, 1), uuid(RecordKind::Tag, 2)],
        _ => Vec::new(),
    };
    let has_email = number % 3 != 2;
    let values = json!({
        "list_uuid": uuid(RecordKind::List, number % 3 + 1),
        "sender_profile_uuid": uuid(RecordKind::Sender, number % 2 + 1),
        "pipeline_stage_uuid": uuid(RecordKind::Stage, number % 5 + 1),
        "name": format!("{first_name} {last_name}"),
        "first_name": first_name,
        "last_name": last_name,
        "company_name": company,
        "company_uuid": uuid(RecordKind::Company, turned % COMPANIES.len() + 1),
        "position": position,
        "headline": format!("{position} at {company}"),
        "ln_id": format!("ACoAADEMO{number:04}"),
        "linkedin": nickname,
        "work_email": has_email.then(|| format!("contact{number:03}@example.com")),
        "email_status": has_email.then_some("ok"),
        "connections_number": 100 + number * 3,
        "followers_number": 120 + number * 3,
        "has_premium": number % 2,
        "raw_address": pick(&CITIES, number),
        "tags": if tags.is_empty() { Value::Null } else { json!(tags) },
        "status": "ok",
        "linkedin_status": "active",
        "unread_counts": [],
    });
    let uuid_of_contact = uuid(RecordKind::Contact, number + 1);
    let record = aged(store, &CONTACT, &uuid_of_contact, count - number, values);
    store.contacts.insert(&uuid_of_contact, record);
    if number.is_multiple_of(4) {
        let note = format!("{company} came up at the trade fair.");
        store.set_custom_value("lead", &uuid_of_contact, &uuid(RecordKind::CustomField, 1), Some(note));
    }
    if number.is_multiple_of(6) {
        let persona = if number.is_multiple_of(12) { "decider" } else { "user" };
        store.set_custom_value(
            "lead",
            &uuid_of_contact,
            &uuid(RecordKind::CustomField, 2),
            Some(persona.to_owned()),
        );
    }
}

fn automation(store: &mut Store, number: usize, name: &str, status: &str) {
    let automation_uuid = uuid(RecordKind::Flow, number);
    let values = json!({
        "name": name,
        "use_sender_schedule": true,
        "schedule": any_time(),
        "priority": 2,
        "is_public": false,
        "status": status,
    });
    let record = aged(store, &FLOW, &automation_uuid, 24 * 10 - number, values);
    let created = record.get("created_at").cloned().unwrap_or_default();
    store.automations.insert(&automation_uuid, record);
    let node = |id: usize, kind: &str, payload: Value| {
        let edge = |id: usize| json!([{"node_id": id, "branch_id": 1}]);
        json!({
            "id": id,
            "type": kind,
            "before": if id == 1 { json!([]) } else { edge(id - 1) },
            "after": if kind == "end" { json!([]) } else { edge(id + 1) },
            "automation": "auto",
            "payload": payload,
            "delay_in_seconds": 0,
            "created_at": created,
            "updated_at": created,
        })
    };
    let message = json!({
        "template": "Hi {{first_name}}, good to meet you!",
        "attachments": [],
        "template_uuid": null,
        "stop_on_reply_level": "lead",
    });
    let version = json!({
        "nodes": [
            node(1, "util_timer", json!({"wait_time": 3600})),
            node(2, "linkedin_send_message", message),
            node(3, "end", json!([])),
        ],
        "contact_sources": [{
            "id": 1,
            "name": null,
            "rotation_strategy": "fair",
            "sender_profiles": [uuid(RecordKind::Sender, 1)],
            "after_id": 1,
            "active_limit": null,
            "coworkers_limit": null,
            "mass_actions_filter": null,
            "filter_tree_format": null,
        }],
        "first_common_node_id": null,
    });
    let body = version.as_object().cloned().unwrap_or_default();
    save_version(store, &automation_uuid, &uuid(RecordKind::Version, number), &body);
}

#[cfg(test)]
mod tests;
