//! Webhook calls: events, bodies, retries.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use grinfi_sandbox::{Clock, DeliveryState, Sandbox, Seed};
use serde_json::{Value, json};
use support::{TestServer, uuid};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const WEBHOOKS: &str = "/integrations/api/webhooks";
const SENT: &str = "sender_profile_sent_linkedin_message";

/// Endpoint that responds with one status after the other, and repeats the last one.
struct Target {
    url: String,
    calls: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Target {
    async fn start(statuses: &[u16]) -> Target {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?token=secret", listener.local_addr().unwrap());
        let calls: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let (seen, statuses) = (Arc::clone(&calls), statuses.to_vec());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mut stream = BufReader::new(stream);
                let (mut first, mut length) = (String::new(), 0);
                stream.read_line(&mut first).await.unwrap();
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).await.unwrap();
                    let line = line.trim().to_ascii_lowercase();
                    if let Some(value) = line.strip_prefix("content-length: ") {
                        length = value.parse().unwrap();
                    }
                    if line.is_empty() {
                        break;
                    }
                }
                let mut body = vec![0; length];
                stream.read_exact(&mut body).await.unwrap();
                let at = {
                    let mut seen = seen.lock().unwrap();
                    seen.push((first.trim().to_owned(), serde_json::from_slice(&body).unwrap_or_default()));
                    seen.len() - 1
                };
                let status = statuses.get(at).or(statuses.last()).unwrap();
                let response =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(response.as_bytes()).await.unwrap();
            }
        });
        Target { url, calls }
    }

    fn calls(&self) -> Vec<(String, Value)> {
        self.calls.lock().unwrap().clone()
    }
}

async fn register(server: &TestServer, url: &str, event: &str) -> String {
    let body = json!({"name": "Hook", "event": event, "request_method": "POST", "target_url": url});
    uuid(&server.post(WEBHOOKS, body).await.expect(201))
}

async fn send(server: &TestServer, words: &str) -> Value {
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&server.newest_contact().await);
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": words});
    server.post("/flows/api/linkedin-messages", body).await.expect(201)
}

async fn advance(server: &TestServer, seconds: u32) {
    server.control("POST", "/clock/advance", json!({"seconds": seconds})).await.expect(200);
}

#[tokio::test]
async fn webhook_body_is_documented() {
    let server = TestServer::demo().await;
    let target = Target::start(&[200]).await;
    register(&server, &target.url, SENT).await;
    register(&server, &target.url, "contact_replied_linkedin_message").await;
    let message = send(&server, "Hi").await;
    assert!(target.calls().is_empty());
    advance(&server, 10).await;
    let calls = target.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].0, "POST /hook?token=secret HTTP/1.1");
    let body = &calls[0].1;
    assert_eq!(body["event_name"], SENT);
    assert_eq!(body["linkedin_message"]["uuid"], message["uuid"]);
    assert_eq!(body["contact"]["uuid"], message["lead_uuid"]);
    assert_eq!(body["sender_profile"]["uuid"], message["sender_profile_uuid"]);
    for name in ["account", "automation", "contact_markers", "latest_linkedin_conversation_thread"] {
        assert!(body.get(name).is_some(), "{name}");
    }
    let reply = json!({
        "kind": "linkedin_reply", "lead_uuid": message["lead_uuid"],
        "sender_profile_uuid": message["sender_profile_uuid"], "text": "Tell me more",
    });
    server.control("POST", "/simulate", reply).await.expect(200);
    server.sandbox.tenant().deliver().await;
    assert_eq!(target.calls()[1].1["linkedin_message"]["text"], "Tell me more");
    let log = server.control("GET", "/deliveries", Value::Null).await.expect(200);
    assert_eq!((&log[0]["state"], &log[0]["attempts"][0]["status"]), (&json!("delivered"), &json!(200)));
    assert_eq!(log[0]["body"], *body);
    for (wrong, status) in [
        (json!({"kind": "reply"}), 422),
        (json!({"kind": "connection_accepted", "lead_uuid": "x", "sender_profile_uuid": "y"}), 404),
        (json!({"kind": "email_reply", "email_uuid": "x", "text": "y", "subject": "z"}), 422),
    ] {
        assert_eq!(server.control("POST", "/simulate", wrong.clone()).await.status, status, "{wrong}");
    }
}

#[tokio::test]
async fn retries_failed_calls_on_the_clock() {
    let server = TestServer::demo().await;
    let target = Target::start(&[500, 302, 503, 204]).await;
    register(&server, &target.url, SENT).await;
    send(&server, "Hi").await;
    advance(&server, 10).await;
    for (seconds, tried) in [(9, 1), (1, 2), (59, 2), (1, 3), (299, 3), (1, 4), (2000, 4)] {
        advance(&server, seconds).await;
        assert_eq!(target.calls().len(), tried);
    }
    let delivery = &server.sandbox.tenant().deliveries()[0];
    assert_eq!((delivery.state, delivery.next_attempt), (DeliveryState::Delivered, None));
    let statuses: Vec<Option<u16>> = delivery.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(302), Some(503), Some(204)]);
    // `redeliver` sends it again in any state.
    let again = server.control("POST", "/deliveries/1/redeliver", Value::Null).await.expect(200);
    assert_eq!(again["attempts"].as_array().unwrap().len(), 5);
    assert_eq!(target.calls().len(), 5);
    server.control("POST", "/deliveries/9/redeliver", Value::Null).await.expect_not_found();
}

#[tokio::test]
async fn connection_error_is_recorded() {
    let server = TestServer::demo().await;
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    register(&server, &format!("http://localhost:{port}/?token=secret"), SENT).await;
    send(&server, "Hi").await;
    advance(&server, 10).await;
    let delivery = &server.sandbox.tenant().deliveries()[0];
    assert_eq!((delivery.state, delivery.attempts[0].status), (DeliveryState::Waiting, None));
    let error = delivery.attempts[0].error.as_ref().unwrap();
    assert!(error.contains("refused") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn filters_select_events() {
    let server = TestServer::demo().await;
    let target = Target::start(&[200]).await;
    let hook = async |name: &str, filters: Value| {
        let body = json!({
            "name": name, "event": SENT, "request_method": "POST", "target_url": target.url, "filters": filters,
        });
        uuid(&server.post(WEBHOOKS, body).await.expect(201))
    };
    let says = |words: &str| json!({"in": [words, {"var": "linkedin_message.text"}]});
    let met = hook("met", json!({"and": [says("price"), {"!!": [{"var": "contact.uuid"}]}]})).await;
    let unmet = hook("unmet", says("holiday")).await;
    let wrong = hook("wrong", json!({"matches": [1, 2]})).await;
    let received = async || {
        let log = server.sandbox.tenant().deliveries();
        log.into_iter().map(|it| (it.webhook_uuid, it.state, it.reason)).collect::<Vec<_>>()
    };
    send(&server, "Our price list").await;
    advance(&server, 10).await;
    assert_eq!(target.calls().len(), 1);
    let log = received().await;
    assert_eq!(log.len(), 2, "{log:?}");
    assert_eq!(log[0], (met, DeliveryState::Delivered, None));
    // Invalid jsonLogic is never called, and the delivery contains the reason.
    assert_eq!((&log[1].0, log[1].1), (&wrong, DeliveryState::Blocked));
    assert!(log[1].2.as_ref().unwrap().contains("not valid jsonLogic"), "{log:?}");
    // The filters at the time of the event are used.
    server.put(&format!("{WEBHOOKS}/{unmet}"), json!({"filters": null})).await.expect(200);
    send(&server, "A second one").await;
    advance(&server, 10).await;
    assert_eq!(target.calls().len(), 2);
    // A test call ignores filters.
    server.put(&format!("{WEBHOOKS}/{unmet}"), json!({"filters": {"==": [1, 2]}})).await.expect(200);
    let body = json!({"uuid": unmet, "event": SENT, "request_method": "POST", "target_url": target.url});
    server.post(&format!("{WEBHOOKS}/test"), body).await.expect(200);
    assert_eq!(target.calls().len(), 3);
}

#[tokio::test]
async fn blocks_calls_to_other_machines() {
    let server = TestServer::demo().await;
    register(&server, "https://example.com/hook", SENT).await;
    send(&server, "Hi").await;
    advance(&server, 2000).await;
    let delivery = &server.sandbox.tenant().deliveries()[0];
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Blocked, 0));
    assert!(delivery.reason.as_ref().unwrap().contains("is not this machine"), "{delivery:?}");
    let again = server.sandbox.tenant().redeliver(1).await.unwrap();
    assert_eq!(again.attempts.len(), 0);
}

#[tokio::test]
async fn test_call_is_sent_before_response() {
    let server = TestServer::demo().await;
    let target = Target::start(&[200]).await;
    let hook = register(&server, "http://localhost:9/", SENT).await;
    let body = |method: &str| json!({"uuid": hook, "event": SENT, "request_method": method, "target_url": target.url});
    let test = format!("{WEBHOOKS}/test");
    for (at, method) in ["PUT", "GET"].into_iter().enumerate() {
        server.post(&test, body(method)).await.expect(200);
        assert_eq!(target.calls().len(), at + 1);
        assert!(target.calls()[at].0.starts_with(method));
    }
    assert_eq!(target.calls()[0].1["event_name"], SENT);
    assert_eq!(target.calls()[1].1, Value::Null);
    server.post(&test, json!({"uuid": hook})).await.expect_invalid(&[
        "event",
        "request_method",
        "target_url",
    ]);
}

#[tokio::test]
async fn sends_calls_in_background() {
    // The clock runs, and the test sends no requests after the message is queued.
    let sandbox = Sandbox::builder().seed(Seed::Demo).clock(Clock::system()).start().await.unwrap();
    let server = TestServer { sandbox, client: reqwest::Client::new() };
    let target = Target::start(&[200]).await;
    register(&server, &target.url, SENT).await;
    send(&server, "Hi").await;
    let made = async {
        while target.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), made).await.unwrap();
}

#[tokio::test]
async fn delivered_call_is_not_repeated_after_kill() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let start = async |file: &std::path::Path| {
        let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
        let sandbox = Sandbox::builder().clock(clock).data(file).start().await.unwrap();
        TestServer { sandbox, client: reqwest::Client::new() }
    };
    let server = start(&file).await;
    let target = Target::start(&[200]).await;
    register(&server, &target.url, SENT).await;
    send(&server, "Hi").await;
    advance(&server, 10).await;
    assert_eq!(target.calls().len(), 1);
    // A later change is needed to write this one to the disk.
    server.create_list().await;
    let copy = folder.path().join("copy");
    std::fs::copy(&file, &copy).unwrap();
    let back = start(&copy).await;
    advance(&back, 10).await;
    assert_eq!(target.calls().len(), 1);
    send(&back, "Again").await;
    advance(&back, 10).await;
    assert_eq!(target.calls().len(), 2);
}
