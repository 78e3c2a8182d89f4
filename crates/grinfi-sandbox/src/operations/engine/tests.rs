//! Automations from start to end on a fixed clock.

use super::*;
use crate::call::Call;
use crate::clock::Clock;
use crate::operations::{inbound, tasks};
use crate::scheduler::run_due;
use crate::seed::Seed;
use crate::seed_data;

const SENDER: &str = "00000002-0000-4000-8000-000000000001";
const FLOW: &str = "00000008-0000-4000-8000-000000000002";

fn lead(number: usize) -> String {
    format!("00000005-0000-4000-8000-{number:012x}")
}

fn demo_store() -> Store {
    let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
    seed_data::fill(&mut store, Seed::Demo, 0);
    // Only contacts that the tests enroll.
    store.enrollments.retain(|_| false);
    store
}

fn node(id: i64, kind: &str, payload: Value, after: &[(i64, i64)]) -> Value {
    let after: Value =
        after.iter().map(|(branch, node)| json!({"node_id": node, "branch_id": branch})).collect();
    json!({"id": id, "type": kind, "payload": payload, "before": [], "after": after})
}

fn message(id: i64, text: &str, next: i64) -> Value {
    let payload = json!({"template": text, "attachments": [], "stop_on_reply_level": null});
    node(id, "linkedin_send_message", payload, &[(1, next)])
}

fn run(store: &mut Store, nodes: Value) {
    let version = json!({
        "nodes": nodes,
        "contact_sources": [{"id": 1, "after_id": 1, "sender_profiles": [SENDER]}],
        "first_common_node_id": null,
    });
    crate::operations::save_version(store, FLOW, "v", version.as_object().unwrap());
    records::put(store, |it| &mut it.automations, FLOW, "status", "on");
}

fn enroll(store: &mut Store, number: usize) -> String {
    let enrollment = enrollment::enroll(store, FLOW, &lead(number), "api").unwrap();
    run_due(store);
    enrollment
}

fn wait(store: &mut Store, seconds: u64) {
    store.clock.advance(std::time::Duration::from_secs(seconds));
    run_due(store);
}

fn sent(store: &Store) -> Vec<String> {
    store.outbox.iter().map(|it| it.text.clone()).collect()
}

fn status(store: &Store, enrollment: &str) -> String {
    store.enrollments.row(enrollment).unwrap().text("status").unwrap().to_owned()
}

#[test]
fn trigger_branches_on_event_or_timeout() {
    let timer = json!({"subtasks": [{"type": "util_timer", "payload": {"wait_time": 3600}}],
        "check_period_type": "last_response"});
    for (kind, happens) in
        [("trigger_message_replied", 0), ("trigger_linkedin_connection_request_accepted", 1)]
    {
        let mut store = demo_store();
        run(
            &mut store,
            json!([
                message(1, "first", 2),
                node(2, kind, timer.clone(), &[(1, 3), (2, 4)]),
                message(3, "in time", 5),
                message(4, "too late", 5),
                node(5, "end", json!([]), &[]),
            ]),
        );
        let (quick, slow) = (enroll(&mut store, 1), enroll(&mut store, 2));
        wait(&mut store, 1800);
        match happens {
            0 => drop(inbound::linkedin_reply(&mut store, &lead(1), SENDER, "Yes!").unwrap()),
            _ => inbound::accept_connection(&mut store, &lead(1), SENDER).unwrap(),
        }
        run_due(&mut store);
        assert_eq!(sent(&store), ["first", "first", "in time"], "{kind}");
        wait(&mut store, 1799);
        assert_eq!(store.outbox.len(), 3);
        wait(&mut store, 1);
        assert_eq!(sent(&store)[3], "too late");
        assert_eq!([status(&store, &quick), status(&store, &slow)], ["finished", "finished"]);
        let ada = lead(1);
        let logged = store.activities.of(&ada).filter(|row| row.text("type").unwrap().ends_with("ed"));
        assert_eq!(logged.count(), 1);
    }
}

#[test]
fn reply_ends_enrollments_that_stop_on_reply() {
    let mut store = demo_store();
    let payload = json!({"template": "Hi", "stop_on_reply_level": "lead"});
    run(
        &mut store,
        json!([
            node(1, "linkedin_send_message", payload, &[(1, 2)]),
            node(2, "util_timer", json!({"wait_time": 3600}), &[(1, 3)]),
            message(3, "again", 4),
            node(4, "end", json!([]), &[]),
        ]),
    );
    let (one, other) = (enroll(&mut store, 1), enroll(&mut store, 2));
    wait(&mut store, 60);
    inbound::linkedin_reply(&mut store, &lead(1), SENDER, "No.").unwrap();
    wait(&mut store, 3600);
    assert_eq!(sent(&store), ["Hi", "Hi", "again"]);
    assert_eq!([status(&store, &one), status(&store, &other)], ["finished", "finished"]);
    let contact = store.contacts.show(&lead(1)).unwrap();
    assert_eq!(contact["unread_counts"], json!([{"category": "linkedin", "count": 1}]));
}

#[test]
fn ab_test_splits_by_percentage() {
    let mut store = demo_store();
    let branches = json!({"branches": [
        {"value": 70, "branch_id": 1, "is_enabled": true}, {"value": 30, "branch_id": 2, "is_enabled": true},
    ]});
    run(
        &mut store,
        json!([
            node(1, "rule_ab_test", branches, &[(1, 2), (2, 3)]),
            node(2, "gs_add_tag", json!({"tag_uuid": "00000006-0000-4000-8000-000000000001"}), &[(1, 4)]),
            node(
                3,
                "gs_change_list",
                json!({"list_uuid": "00000004-0000-4000-8000-000000000001"}),
                &[(1, 4)]
            ),
            node(4, "end", json!([]), &[]),
        ]),
    );
    for number in 1..=200 {
        enrollment::enroll(&mut store, FLOW, &lead(number), "api");
    }
    run_due(&mut store);
    let took = |id: i64| store.tasks.rows().filter(|row| row.integer("flow_node_id") == Some(id)).count();
    assert_eq!((took(1), took(2) + took(3)), (200, 200));
    assert!((120..160).contains(&took(2)), "{}", took(2));
}

#[test]
fn failed_task_can_be_retried() {
    let mut store = demo_store();
    let email = json!({"subject": "Hi {{first_name}}", "template": "Hello", "email_field": "personal_email", "cc": []});
    run(
        &mut store,
        json!([node(1, "email_send_message", email, &[(1, 2)]), node(2, "end", json!([]), &[]),]),
    );
    let enrollment = enroll(&mut store, 1);
    assert_eq!((status(&store, &enrollment).as_str(), store.outbox.len()), ("failed", 0));
    let task = store.tasks.of(&lead(1)).next_back().unwrap();
    assert_eq!(task.text("automation_error_code"), Some("contact_has_no_email"));
    let uuid = task.key();
    store.change_contact(&lead(1), |record| set(record, "personal_email", "ada@example.com"));
    let body = json!({"uuids": [uuid]});
    let call = Call { body: body.as_object().cloned().unwrap(), ..Default::default() };
    tasks::retry_many(&mut store, &call).unwrap();
    run_due(&mut store);
    assert_eq!(status(&store, &enrollment), "finished");
    let sent = store.outbox[0].clone();
    assert_eq!(
        (sent.subject.as_deref(), sent.recipient_email.as_deref()),
        (Some("Hi Ada"), Some("ada@example.com"))
    );
    let reply = inbound::email_reply(&mut store, &sent.uuid, "Hello yourself").unwrap();
    let ada = lead(1);
    let thread = store.emails.of(&ada).map(|row| row.text("thread_uuid").unwrap().to_owned());
    let thread: std::collections::BTreeSet<String> = thread.collect();
    assert_eq!((thread.len(), reply["to_email"].as_str()), (1, Some("sam@example.com")));
}

#[test]
fn cycle_without_wait_pauses() {
    let mut store = demo_store();
    run(
        &mut store,
        json!([
            node(1, "gs_continue_automation", json!({}), &[(1, 2)]),
            node(2, "gs_continue_automation", json!({}), &[(1, 1)]),
        ]),
    );
    let enrollment = enroll(&mut store, 1);
    assert_eq!((status(&store, &enrollment).as_str(), store.tasks.len()), ("in_progress", 2));
    wait(&mut store, 600);
    assert_eq!(store.tasks.len(), 22);
}

#[test]
fn search_filter_selects_branch() {
    let mut store = demo_store();
    let branches = json!({"branches": [
        {"branch_id": 1, "filters": {"mass_actions_filter": {"filter": {"first_name": "Ada"}}}}, {"branch_id": 0},
    ]});
    run(
        &mut store,
        json!([
            node(1, "rule_filter", branches, &[(1, 2), (0, 3)]),
            message(2, "Ada", 4),
            message(3, "not Ada", 4),
            node(4, "end", json!([]), &[]),
        ]),
    );
    enroll(&mut store, 1);
    enroll(&mut store, 2);
    assert_eq!(sent(&store), ["Ada", "not Ada"]);
}

#[test]
fn json_logic_takes_precedence_over_search_filter() {
    let mut store = demo_store();
    store.set_custom_value("lead", &lead(2), "00000009-0000-4000-8000-000000000002", None);
    let filters = json!({
        "json_logic": {"or": [
            {"==": [{"var": "contact.first_name"}, "Ada"]}, {"==": [{"var": "custom_fields.persona"}, "decider"]},
        ]},
        "mass_actions_filter": {"filter": {"first_name": "Unknown"}},
    });
    let steps = |filters: &Value| {
        let branches = json!({"branches": [{"branch_id": 1, "filters": filters}, {"branch_id": 0}]});
        json!([
            node(1, "rule_filter", branches, &[(1, 2), (0, 3)]),
            message(2, "met", 4),
            message(3, "unmet", 4),
            node(4, "end", json!([]), &[]),
        ])
    };
    run(&mut store, steps(&filters));
    for number in [1, 2, 13] {
        enroll(&mut store, number);
    }
    let lead_13 = store.contacts.show(&lead(13)).unwrap();
    assert_ne!(lead_13["first_name"], "Ada");
    assert_eq!(sent(&store), ["met", "unmet", "met"]);
    // An unknown step waits for a person.
    let mut store = demo_store();
    run(&mut store, steps(&json!({"json_logic": {"matches": [1, 2]}})));
    enroll(&mut store, 1);
    let task = store.tasks.of(&lead(1)).next_back().unwrap();
    assert!(task.text("note").unwrap().contains("cannot evaluate the filter"));
    assert!(store.outbox.is_empty());
}

/// Returns when each message of the outbox was sent.
fn times(store: &Store) -> Vec<String> {
    store.outbox.iter().map(|it| it.queued_at.format("%d %H:%M:%S").to_string()).collect()
}

fn mail() -> Value {
    json!([
        node(
            1,
            "email_send_message",
            json!({"subject": "Hi", "template": "Hello", "email_field": "", "cc": []}),
            &[(1, 2)]
        ),
        node(2, "end", json!([]), &[]),
    ])
}

#[test]
fn messages_wait_for_working_hours_of_automation_or_sender() {
    // Tuesday, 16:55:04 in Berlin.
    let mondays = json!({"timezone": "Europe/Berlin", "timeblocks": [{"dow": 1, "min": 540, "max": 1020}]});
    let evenings = json!({"timezone": "UTC", "timeblocks": [{"dow": 2, "min": 1200, "max": 1260}]});
    for (by_sender, sent_at) in [(false, "09 08:00:00"), (true, "03 20:00:00")] {
        let mut store = demo_store();
        records::put(&mut store, |it| &mut it.automations, FLOW, "schedule", mondays.clone());
        records::put(&mut store, |it| &mut it.automations, FLOW, "use_sender_schedule", by_sender);
        records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "schedule", evenings.clone());
        let steps = json!([
            node(1, "gs_add_tag", json!({"tag_uuid": "00000006-0000-4000-8000-000000000002"}), &[(1, 2)]),
            message(2, "Hi", 3),
            node(3, "end", json!([]), &[]),
        ]);
        run(&mut store, steps);
        let enrollment = enroll(&mut store, 1);
        // Steps that the contact does not see run at once.
        assert!(store.contacts.row(&lead(1)).unwrap().texts("tags").iter().any(|tag| tag.ends_with("2")));
        let task = store.tasks.of(&lead(1)).next_back().unwrap();
        let logged = task.value("schedule_at").as_str().unwrap()[8..19].replace('T', " ");
        assert_eq!((logged.as_str(), task.is("status", task_state::OPEN)), (sent_at, true));
        wait(&mut store, 3600);
        assert_eq!((status(&store, &enrollment).as_str(), store.outbox.len()), ("in_progress", 0));
        wait(&mut store, 7 * 24 * 3600);
        assert_eq!(
            (status(&store, &enrollment).as_str(), times(&store)),
            ("finished", vec![sent_at.to_owned()])
        );
    }
}

#[test]
fn empty_schedule_sends_nothing_and_hold_expires() {
    let mut store = demo_store();
    let never = json!({"timezone": "UTC", "timeblocks": []});
    records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "schedule", never);
    records::put(&mut store, |it| &mut it.automations, FLOW, "use_sender_schedule", true);
    run(&mut store, json!([message(1, "Hi", 2), node(2, "end", json!([]), &[])]));
    enroll(&mut store, 1);
    wait(&mut store, 300 * 24 * 3600);
    assert!(store.outbox.is_empty());
    let always = crate::operations::any_time();
    records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "schedule", always);
    let until = "2026-12-24T00:00:00.000000Z";
    records::put(&mut store, |it| &mut it.sender_profiles, SENDER, "hold_tasks_till", until);
    // Rescheduling uses the earlier time.
    sending::reschedule(&mut store);
    wait(&mut store, 40 * 24 * 3600);
    assert_eq!(times(&store), ["24 00:00:00"]);
}

#[test]
fn mailbox_limits_emails_per_day_and_interval() {
    let mut store = demo_store();
    let mailbox = store.sender_profiles.row(SENDER).unwrap().text("mailbox_uuid").unwrap().to_owned();
    let hours: Value = (1..=5).map(|day| json!({"dow": day, "min": 540, "max": 1020})).collect();
    let hours = json!({"timezone": "Europe/Berlin", "timeblocks": hours});
    records::put(&mut store, |it| &mut it.automations, FLOW, "schedule", hours);
    records::put(&mut store, |it| &mut it.automations, FLOW, "use_sender_schedule", false);
    for (name, number) in [("automation_daily_limit", 3), ("automation_task_interval", 120)] {
        records::put(&mut store, |it| &mut it.mailboxes, &mailbox, name, number);
    }
    run(&mut store, mail());
    for number in [1, 2, 4, 5, 7, 8, 10] {
        enrollment::enroll(&mut store, FLOW, &lead(number), "api");
    }
    run_due(&mut store);
    assert_eq!(times(&store), ["03 15:55:04"]);
    wait(&mut store, 120);
    assert_eq!(store.outbox.len(), 2);
    // The last one of the day would be at 16:59:04; a canceled task releases its time.
    enrollment::leave(&mut store, &lead(4), |_| true);
    wait(&mut store, 8 * 24 * 3600);
    let wanted = ["03 15:55:04", "03 15:57:04", "04 08:00:00", "04 08:02:00", "04 08:04:00", "05 08:00:00"];
    assert_eq!(times(&store), wanted);
    // Emails sent by API calls do not wait and do not count.
    enrollment::enroll(&mut store, FLOW, &lead(4), "api");
    run_due(&mut store);
    assert_eq!(times(&store)[6], "11 15:57:04");
}

#[test]
fn result_does_not_depend_on_time_of_reading() {
    let steps = json!([
        node(1, "util_timer", json!({"wait_time": 10}), &[(1, 2)]),
        message(2, "{{ \"Hi|Hello\" | spintax }}", 3),
        node(3, "util_timer", json!({"wait_time": 10}), &[(1, 4)]),
        node(4, "end", json!([]), &[]),
    ]);
    let after = |looks: &[u64]| {
        let mut store = demo_store();
        run(&mut store, steps.clone());
        (1..5).for_each(|number| drop(enroll(&mut store, number)));
        looks.iter().for_each(|seconds| wait(&mut store, *seconds));
        serde_json::to_string(&store).unwrap()
    };
    assert_eq!(after(&[60]), after(&[1, 9, 3, 30, 17]));
}
