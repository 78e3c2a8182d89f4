//! Fault rules as a client sees them.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use grinfi_sandbox::{Error, Fault, LatencyClock};
use serde_json::{Value, json};
use support::{TestServer, uuid};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const USER: &str = "/id/api/users/current";
const LISTS: &str = "/leads/api/lists";

/// Returns what a separate connection receives, and its error if it does not end in order.
async fn raw(
    server: &TestServer,
    method: &str,
    path: &str,
    body: &str,
) -> (String, Option<std::io::ErrorKind>) {
    let address = server.sandbox.base_url().strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (key, length) = (server.sandbox.key(), body.len());
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = stream.read_to_end(&mut received).await;
    (String::from_utf8(received).unwrap(), end.err().map(|error| error.kind()))
}

#[tokio::test]
async fn rule_matches_only_its_operation() {
    let server = TestServer::empty().await;
    server.sandbox.add_fault(Fault::status(503).on("createList").nth(2).retry_after(7)).unwrap();
    server.post(LISTS, json!({"name": "one"})).await.expect(201);
    server.get(USER).await.expect(200);
    let response = server.request("POST", LISTS).json(&json!({"name": "two"})).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "7");
    support::TestResponse::of(response).await.expect_error(503, "server_error", &[]);
    server.post(LISTS, json!({"name": "three"})).await.expect(201);
    // The failed request changed nothing.
    assert_eq!(server.get(LISTS).await.expect(200)["total"], 2);
    let log = server.sandbox.requests();
    assert_eq!((log[2].status, log[2].faults.as_slice()), (503, &[1][..]));
    assert_eq!(log[3].faults, [0; 0]);
    let rule = &server.sandbox.tenant().faults()[0];
    assert_eq!((rule.matched, rule.applied), (3, 1));
}

#[tokio::test]
async fn gateway_error_is_html() {
    let server = TestServer::empty().await;
    server.sandbox.add_fault(Fault::html(504)).unwrap();
    let response = server.request("GET", USER).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers()["content-type"].as_bytes()),
        (504, &b"text/html"[..])
    );
    assert!(response.text().await.unwrap().starts_with("<html>"));
}

#[tokio::test]
async fn reset_changes_nothing_and_drop_commits() {
    let server = TestServer::empty().await;
    server.sandbox.add_fault(Fault::reset().on("createList").nth(1)).unwrap();
    server.sandbox.add_fault(Fault::commit_then_drop().on("createList").nth(2)).unwrap();
    for done in [0, 1] {
        let (received, end) = raw(&server, "POST", LISTS, r#"{"name":"x"}"#).await;
        assert_eq!((received.as_str(), end), ("", Some(std::io::ErrorKind::ConnectionReset)));
        assert_eq!(server.get(LISTS).await.expect(200)["total"], done);
    }
    let (received, end) = raw(&server, "POST", LISTS, r#"{"name":"x"}"#).await;
    assert!(received.starts_with("HTTP/1.1 201") && end.is_none(), "{received}");
    let statuses: Vec<u16> =
        server.sandbox.requests().iter().filter(|it| it.method == "POST").map(|it| it.status).collect();
    assert_eq!(statuses, [0, 0, 201]);
}

#[tokio::test]
async fn commits_then_responds_with_rule_status() {
    let server = TestServer::empty().await;
    for (done, status) in (1..).zip([500, 502, 504, 520, 524, 530, 429]) {
        server.sandbox.add_fault(Fault::commit_then_status(status).on("createList").times(1)).unwrap();
        let response = server.post(LISTS, json!({"name": "x"})).await;
        let reason = if status == 429 { "too_many_requests" } else { "server_error" };
        response.expect_error(status, reason, &[]);
        server.sandbox.tenant().clear_faults();
        assert_eq!(server.get(LISTS).await.expect(200)["total"], done);
    }
    server.sandbox.add_fault(Fault::commit_then_html(524).on("createList").retry_after(3)).unwrap();
    let response = server.request("POST", LISTS).json(&json!({"name": "x"})).send().await.unwrap();
    assert_eq!(response.status(), 524);
    assert_eq!(
        (&response.headers()["content-type"], &response.headers()["retry-after"]),
        (&"text/html".parse().unwrap(), &"3".parse().unwrap())
    );
    assert!(response.text().await.unwrap().starts_with("<html>"));
    assert_eq!(server.get(LISTS).await.expect(200)["total"], 8);
    let logged = server.sandbox.requests().into_iter().rev().find(|it| it.method == "POST").unwrap();
    assert_eq!((logged.status, logged.message), (524, None));
}

#[tokio::test]
async fn logs_rejection_behind_fault_response() {
    let server = TestServer::empty().await;
    server.sandbox.add_fault(Fault::commit_then_status(502).on("createList")).unwrap();
    server.post(LISTS, json!({})).await.expect_error(502, "server_error", &[]);
    let logged = &server.sandbox.requests()[0];
    assert_eq!((logged.status, logged.message.is_some(), logged.reasons.len()), (502, true, 1));
}

#[tokio::test]
async fn message_with_lost_response_is_in_outbox() {
    let server = TestServer::demo().await;
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&server.newest_contact().await);
    server.sandbox.add_fault(Fault::commit_then_drop().on("sendLinkedInMessage").nth(1)).unwrap();
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"});
    let lost = server.request("POST", "/flows/api/linkedin-messages").json(&body).send().await;
    assert!(lost.is_err());
    server.sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(server.sandbox.outbox().len(), 1);
}

#[tokio::test]
async fn truncated_response_keeps_content_length() {
    let server = TestServer::empty().await;
    server.sandbox.add_fault(Fault::truncate().bytes(10)).unwrap();
    let (received, _) = raw(&server, "POST", LISTS, r#"{"name":"x"}"#).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), 10);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert!(length.parse::<usize>().unwrap() > 10, "{head}");
    server.sandbox.tenant().clear_faults();
    assert_eq!(server.get(LISTS).await.expect(200)["total"], 1);
    server.sandbox.add_fault(Fault::truncate()).unwrap();
    let response = server.request("GET", USER).send().await.unwrap();
    assert!(response.text().await.is_err());
}

#[tokio::test]
async fn latency_uses_selected_clock() {
    let server = TestServer::empty().await;
    let rule = Fault::latency(Duration::from_millis(150)).times(1);
    server.sandbox.add_fault(rule).unwrap();
    let begun = Instant::now();
    server.get(USER).await.expect(200);
    assert!(begun.elapsed() >= Duration::from_millis(150));
    // On the frozen clock of the sandbox, until it is moved.
    let rule = Fault::latency(Duration::ZERO).after(Duration::from_secs(3600), LatencyClock::Sandbox);
    server.sandbox.add_fault(rule).unwrap();
    let request = server.request("GET", USER);
    let waiting = tokio::spawn(async move { request.send().await.unwrap().status().as_u16() });
    while server.sandbox.tenant().faults().iter().all(|rule| rule.id != 2 || rule.applied == 0) {
        tokio::task::yield_now().await;
    }
    server.sandbox.clock().advance(Duration::from_secs(3599));
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    server.sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(waiting.await.unwrap(), 200);
}

#[tokio::test]
async fn control_api_adds_and_removes_rules() {
    let server = TestServer::empty().await;
    let committed = json!({"kind": "commit_then_html", "status": 520, "operation": "createList", "times": 1});
    server.control("POST", "/faults", committed).await.expect(201);
    assert_eq!(server.request("POST", LISTS).json(&json!({"name": "x"})).send().await.unwrap().status(), 520);
    assert_eq!(server.get(LISTS).await.expect(200)["total"], 1);
    server.control("DELETE", "/faults/1", Value::Null).await.expect(204);
    let rule = json!({"kind": "status", "status": 500, "operation": "getCurrentUser", "times": 1});
    let added = server.control("POST", "/faults", rule.clone()).await.expect(201);
    assert_eq!((&added["id"], &added["rule"]), (&json!(2), &rule));
    server.get(USER).await.expect_error(500, "server_error", &[]);
    server.get(USER).await.expect(200);
    assert_eq!(server.control("GET", "/faults", Value::Null).await.expect(200)[0]["applied"], 1);
    server.control("DELETE", "/faults/2", Value::Null).await.expect(204);
    server.control("DELETE", "/faults/2", Value::Null).await.expect_not_found();
    server.control("DELETE", "/faults/x", Value::Null).await.expect_not_found();
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
        server.control("POST", "/faults", rule).await.expect_invalid(&[field]);
    }
    assert!(matches!(server.sandbox.add_fault(Fault::reset().on("nothing")), Err(Error::Rejected(_))));
    assert!(server.sandbox.tenant().faults().is_empty());
}

#[tokio::test]
async fn same_seed_selects_same_requests() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let server = TestServer::empty().await;
        server.sandbox.add_fault(Fault::status(503).probability(0.5, 42)).unwrap();
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(server.get(USER).await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&503));
}
