//! Faults by rule, as a client sees them.
// A helper of tests may fail as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use grinfi_sandbox::{Error, Fault, LatencyClock};
use serde_json::{Value, json};
use support::{World, uuid};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const USER: &str = "/id/api/users/current";
const LISTS: &str = "/leads/api/lists";

/// What comes back on a connection of its own, and the error it ends with if it does not end in order.
async fn raw(world: &World, method: &str, path: &str, body: &str) -> (String, Option<std::io::ErrorKind>) {
    let address = world.sandbox.base_url().strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (key, length) = (world.sandbox.key(), body.len());
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut told = Vec::new();
    let end = stream.read_to_end(&mut told).await;
    (String::from_utf8(told).unwrap(), end.err().map(|error| error.kind()))
}

#[tokio::test]
async fn a_rule_meets_its_call_and_no_other() {
    let world = World::empty().await;
    world.sandbox.add_fault(Fault::status(503).on("createList").nth(2).retry_after(7)).unwrap();
    world.post(LISTS, json!({"name": "one"})).await.expect(201);
    world.get(USER).await.expect(200);
    let answer = world.request("POST", LISTS).json(&json!({"name": "two"})).send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "7");
    support::Answer::of(answer).await.refuses(503, "server_error", &[]);
    world.post(LISTS, json!({"name": "three"})).await.expect(201);
    // Nothing was done by the call that went wrong.
    assert_eq!(world.get(LISTS).await.expect(200)["total"], 2);
    let log = world.sandbox.requests();
    assert_eq!((log[2].status, log[2].faults.as_slice()), (503, &[1][..]));
    assert_eq!(log[3].faults, [0; 0]);
    let rule = &world.sandbox.tenant().faults()[0];
    assert_eq!((rule.met, rule.hit), (3, 1));
}

#[tokio::test]
async fn a_gateway_answers_with_html() {
    let world = World::empty().await;
    world.sandbox.add_fault(Fault::html(504)).unwrap();
    let answer = world.request("GET", USER).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].as_bytes()),
        (504, &b"text/html"[..])
    );
    assert!(answer.text().await.unwrap().starts_with("<html>"));
}

#[tokio::test]
async fn a_reset_does_nothing_and_a_drop_does_it_all() {
    let world = World::empty().await;
    world.sandbox.add_fault(Fault::reset().on("createList").nth(1)).unwrap();
    world.sandbox.add_fault(Fault::commit_then_drop().on("createList").nth(2)).unwrap();
    for done in [0, 1] {
        let (told, end) = raw(&world, "POST", LISTS, r#"{"name":"x"}"#).await;
        assert_eq!((told.as_str(), end), ("", Some(std::io::ErrorKind::ConnectionReset)));
        assert_eq!(world.get(LISTS).await.expect(200)["total"], done);
    }
    let (told, end) = raw(&world, "POST", LISTS, r#"{"name":"x"}"#).await;
    assert!(told.starts_with("HTTP/1.1 201") && end.is_none(), "{told}");
    let statuses: Vec<u16> =
        world.sandbox.requests().iter().filter(|it| it.method == "POST").map(|it| it.status).collect();
    assert_eq!(statuses, [0, 0, 201]);
}

#[tokio::test]
async fn commits_then_responds_with_the_status_of_the_rule() {
    let world = World::empty().await;
    for (done, status) in (1..).zip([500, 502, 504, 520, 524, 530, 429]) {
        world.sandbox.add_fault(Fault::commit_then_status(status).on("createList").times(1)).unwrap();
        let response = world.post(LISTS, json!({"name": "x"})).await;
        let reason = if status == 429 { "too_many_requests" } else { "server_error" };
        response.refuses(status, reason, &[]);
        world.sandbox.tenant().clear_faults();
        assert_eq!(world.get(LISTS).await.expect(200)["total"], done);
    }
    world.sandbox.add_fault(Fault::commit_then_html(524).on("createList").retry_after(3)).unwrap();
    let response = world.request("POST", LISTS).json(&json!({"name": "x"})).send().await.unwrap();
    assert_eq!(response.status(), 524);
    assert_eq!(
        (&response.headers()["content-type"], &response.headers()["retry-after"]),
        (&"text/html".parse().unwrap(), &"3".parse().unwrap())
    );
    assert!(response.text().await.unwrap().starts_with("<html>"));
    assert_eq!(world.get(LISTS).await.expect(200)["total"], 8);
    let logged = world.sandbox.requests().into_iter().rev().find(|it| it.method == "POST").unwrap();
    assert_eq!((logged.status, logged.message), (524, None));
}

#[tokio::test]
async fn logs_why_the_operation_refused_although_a_fault_responded() {
    let world = World::empty().await;
    world.sandbox.add_fault(Fault::commit_then_status(502).on("createList")).unwrap();
    world.post(LISTS, json!({})).await.refuses(502, "server_error", &[]);
    let logged = &world.sandbox.requests()[0];
    assert_eq!((logged.status, logged.message.is_some(), logged.reasons.len()), (502, true, 1));
}

#[tokio::test]
async fn the_message_whose_answer_is_lost_is_in_the_outbox() {
    let world = World::demo().await;
    let sender = world.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&world.a_contact().await);
    world.sandbox.add_fault(Fault::commit_then_drop().on("sendLinkedInMessage").nth(1)).unwrap();
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"});
    let lost = world.request("POST", "/flows/api/linkedin-messages").json(&body).send().await;
    assert!(lost.is_err());
    world.sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(world.sandbox.outbox().len(), 1);
}

#[tokio::test]
async fn a_truncated_answer_is_cut_under_its_full_length() {
    let world = World::empty().await;
    world.sandbox.add_fault(Fault::truncate().bytes(10)).unwrap();
    let (told, _) = raw(&world, "POST", LISTS, r#"{"name":"x"}"#).await;
    let (head, body) = told.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), 10);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert!(length.parse::<usize>().unwrap() > 10, "{head}");
    world.sandbox.tenant().clear_faults();
    assert_eq!(world.get(LISTS).await.expect(200)["total"], 1);
    world.sandbox.add_fault(Fault::truncate()).unwrap();
    let answer = world.request("GET", USER).send().await.unwrap();
    assert!(answer.text().await.is_err());
}

#[tokio::test]
async fn latency_passes_by_the_clock_it_is_given() {
    let world = World::empty().await;
    let rule = Fault::latency(Duration::from_millis(150)).times(1);
    world.sandbox.add_fault(rule).unwrap();
    let begun = Instant::now();
    world.get(USER).await.expect(200);
    assert!(begun.elapsed() >= Duration::from_millis(150));
    // By the sandbox's clock, which stands still, it takes until that is moved.
    let rule = Fault::latency(Duration::ZERO).after(Duration::from_secs(3600), LatencyClock::Sandbox);
    world.sandbox.add_fault(rule).unwrap();
    let request = world.request("GET", USER);
    let waiting = tokio::spawn(async move { request.send().await.unwrap().status().as_u16() });
    while world.sandbox.tenant().faults().iter().all(|rule| rule.id != 2 || rule.hit == 0) {
        tokio::task::yield_now().await;
    }
    world.sandbox.clock().advance(Duration::from_secs(3599));
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    world.sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(waiting.await.unwrap(), 200);
}

#[tokio::test]
async fn rules_come_and_go_by_the_pages() {
    let world = World::empty().await;
    let committed = json!({"kind": "commit_then_html", "status": 520, "operation": "createList", "times": 1});
    world.control("POST", "/faults", committed).await.expect(201);
    assert_eq!(world.request("POST", LISTS).json(&json!({"name": "x"})).send().await.unwrap().status(), 520);
    assert_eq!(world.get(LISTS).await.expect(200)["total"], 1);
    world.control("DELETE", "/faults/1", Value::Null).await.expect(204);
    let rule = json!({"kind": "status", "status": 500, "operation": "getCurrentUser", "times": 1});
    let added = world.control("POST", "/faults", rule.clone()).await.expect(201);
    assert_eq!((&added["id"], &added["rule"]), (&json!(2), &rule));
    world.get(USER).await.refuses(500, "server_error", &[]);
    world.get(USER).await.expect(200);
    assert_eq!(world.control("GET", "/faults", Value::Null).await.expect(200)[0]["hit"], 1);
    world.control("DELETE", "/faults/2", Value::Null).await.expect(204);
    world.control("DELETE", "/faults/2", Value::Null).await.missing();
    world.control("DELETE", "/faults/x", Value::Null).await.missing();
    for (rule, field) in [
        (json!({"kind": "reset", "operation": "createLists"}), "operation"),
        (json!({"kind": "explode"}), "kind"),
        (json!({}), "kind"),
        (json!({"kind": "status"}), "status"),
        (json!({"kind": "commit_then_status"}), "status"),
        (json!({"kind": "status", "status": 1000}), "status"),
        (json!({"kind": "reset", "probability": 2}), "probability"),
        (json!({"kind": "reset", "when": "now"}), "when"),
        (json!({"kind": "latency", "latency_ms": "1"}), "latency_ms"),
    ] {
        world.control("POST", "/faults", rule).await.invalid(&[field]);
    }
    assert!(matches!(world.sandbox.add_fault(Fault::reset().on("nothing")), Err(Error::Rejected(_))));
    assert!(world.sandbox.tenant().faults().is_empty());
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let world = World::empty().await;
        world.sandbox.add_fault(Fault::status(503).probability(0.5, 42)).unwrap();
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(world.get(USER).await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&503));
}
