//! Webhooks: what is called when, what with, and how often.
// A helper of tests may fail as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use grinfi_sandbox::{Clock, DeliveryState, Sandbox, Seed};
use serde_json::{Value, json};
use support::{World, uuid};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const WEBHOOKS: &str = "/integrations/api/webhooks";
const SENT: &str = "sender_profile_sent_linkedin_message";

/// Somebody's endpoint: answers each call with the next of its statuses, the last one for ever.
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
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Target { url, calls }
    }

    fn calls(&self) -> Vec<(String, Value)> {
        self.calls.lock().unwrap().clone()
    }
}

async fn register(world: &World, url: &str, event: &str) -> String {
    let body = json!({"name": "Hook", "event": event, "request_method": "POST", "target_url": url});
    uuid(&world.post(WEBHOOKS, body).await.expect(201))
}

async fn send(world: &World, words: &str) -> Value {
    let sender = world.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&world.a_contact().await);
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": words});
    world.post("/flows/api/linkedin-messages", body).await.expect(201)
}

async fn advance(world: &World, seconds: u32) {
    world.control("POST", "/clock/advance", json!({"seconds": seconds})).await.expect(200);
}

#[tokio::test]
async fn what_happens_is_told_with_the_documented_body() {
    let world = World::demo().await;
    let target = Target::start(&[200]).await;
    register(&world, &target.url, SENT).await;
    register(&world, &target.url, "contact_replied_linkedin_message").await;
    let message = send(&world, "Hi").await;
    assert!(target.calls().is_empty());
    advance(&world, 10).await;
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
    world.control("POST", "/simulate", reply).await.expect(200);
    world.sandbox.tenant().deliver().await;
    assert_eq!(target.calls()[1].1["linkedin_message"]["text"], "Tell me more");
    let log = world.control("GET", "/deliveries", Value::Null).await.expect(200);
    assert_eq!((&log[0]["state"], &log[0]["attempts"][0]["status"]), (&json!("delivered"), &json!(200)));
    assert_eq!(log[0]["body"], *body);
    for (wrong, status) in [
        (json!({"kind": "reply"}), 422),
        (json!({"kind": "connection_accepted", "lead_uuid": "x", "sender_profile_uuid": "y"}), 404),
        (json!({"kind": "email_reply", "email_uuid": "x", "text": "y", "subject": "z"}), 422),
    ] {
        assert_eq!(world.control("POST", "/simulate", wrong.clone()).await.status, status, "{wrong}");
    }
}

#[tokio::test]
async fn a_call_that_fails_is_tried_again_on_the_clock() {
    let world = World::demo().await;
    let target = Target::start(&[500, 302, 503, 204]).await;
    register(&world, &target.url, SENT).await;
    send(&world, "Hi").await;
    advance(&world, 10).await;
    for (seconds, tried) in [(9, 1), (1, 2), (59, 2), (1, 3), (299, 3), (1, 4), (2000, 4)] {
        advance(&world, seconds).await;
        assert_eq!(target.calls().len(), tried);
    }
    let delivery = &world.sandbox.tenant().deliveries()[0];
    assert_eq!((delivery.state, delivery.next_attempt), (DeliveryState::Delivered, None));
    let statuses: Vec<Option<u16>> = delivery.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(302), Some(503), Some(204)]);
    // By hand it is made again, whatever came of it.
    let again = world.control("POST", "/deliveries/1/redeliver", Value::Null).await.expect(200);
    assert_eq!(again["attempts"].as_array().unwrap().len(), 5);
    assert_eq!(target.calls().len(), 5);
    world.control("POST", "/deliveries/9/redeliver", Value::Null).await.missing();
}

#[tokio::test]
async fn nobody_there_is_an_error_that_is_told() {
    let world = World::demo().await;
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    register(&world, &format!("http://localhost:{port}/?token=secret"), SENT).await;
    send(&world, "Hi").await;
    advance(&world, 10).await;
    let delivery = &world.sandbox.tenant().deliveries()[0];
    assert_eq!((delivery.state, delivery.attempts[0].status), (DeliveryState::Waiting, None));
    let error = delivery.attempts[0].error.as_ref().unwrap();
    assert!(error.contains("refused") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn only_what_meets_the_filters_is_told() {
    let world = World::demo().await;
    let target = Target::start(&[200]).await;
    let hook = async |name: &str, filters: Value| {
        let body = json!({
            "name": name, "event": SENT, "request_method": "POST", "target_url": target.url, "filters": filters,
        });
        uuid(&world.post(WEBHOOKS, body).await.expect(201))
    };
    let says = |words: &str| json!({"in": [words, {"var": "linkedin_message.text"}]});
    let met = hook("met", json!({"and": [says("price"), {"!!": [{"var": "contact.uuid"}]}]})).await;
    let unmet = hook("unmet", says("holiday")).await;
    let wrong = hook("wrong", json!({"matches": [1, 2]})).await;
    let told = async || {
        let log = world.sandbox.tenant().deliveries();
        log.into_iter().map(|it| (it.webhook_uuid, it.state, it.reason)).collect::<Vec<_>>()
    };
    send(&world, "Our price list").await;
    advance(&world, 10).await;
    assert_eq!(target.calls().len(), 1);
    let log = told().await;
    assert_eq!(log.len(), 2, "{log:?}");
    assert_eq!(log[0], (met, DeliveryState::Delivered, None));
    // What is no jsonLogic is never called, and the log says why.
    assert_eq!((&log[1].0, log[1].1), (&wrong, DeliveryState::Blocked));
    assert!(log[1].2.as_ref().unwrap().contains("no jsonLogic"), "{log:?}");
    // It is what the webhook says when it happens that counts.
    world.put(&format!("{WEBHOOKS}/{unmet}"), json!({"filters": null})).await.expect(200);
    send(&world, "A second one").await;
    advance(&world, 10).await;
    assert_eq!(target.calls().len(), 2);
    // A test call does not ask.
    world.put(&format!("{WEBHOOKS}/{unmet}"), json!({"filters": {"==": [1, 2]}})).await.expect(200);
    let body = json!({"uuid": unmet, "event": SENT, "request_method": "POST", "target_url": target.url});
    world.post(&format!("{WEBHOOKS}/test"), body).await.expect(200);
    assert_eq!(target.calls().len(), 3);
}

#[tokio::test]
async fn other_machines_are_not_called() {
    let world = World::demo().await;
    register(&world, "https://example.com/hook", SENT).await;
    send(&world, "Hi").await;
    advance(&world, 2000).await;
    let delivery = &world.sandbox.tenant().deliveries()[0];
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Blocked, 0));
    assert!(delivery.reason.as_ref().unwrap().contains("example.com is not this machine"), "{delivery:?}");
    let again = world.sandbox.tenant().redeliver(1).await.unwrap();
    assert_eq!(again.attempts.len(), 0);
}

#[tokio::test]
async fn a_test_call_is_made_before_it_is_answered() {
    let world = World::demo().await;
    let target = Target::start(&[200]).await;
    let hook = register(&world, "http://localhost:9/", SENT).await;
    let body = |method: &str| json!({"uuid": hook, "event": SENT, "request_method": method, "target_url": target.url});
    let test = format!("{WEBHOOKS}/test");
    for (at, method) in ["PUT", "GET"].into_iter().enumerate() {
        world.post(&test, body(method)).await.expect(200);
        assert_eq!(target.calls().len(), at + 1);
        assert!(target.calls()[at].0.starts_with(method));
    }
    assert_eq!(target.calls()[0].1["event_name"], SENT);
    assert_eq!(target.calls()[1].1, Value::Null);
    world.post(&test, json!({"uuid": hook})).await.invalid(&["event", "request_method", "target_url"]);
}

#[tokio::test]
async fn calls_are_made_without_anyone_asking() {
    // The clock runs, and nobody calls anything after the message is queued.
    let sandbox = Sandbox::builder().seed(Seed::Demo).clock(Clock::system()).start().await.unwrap();
    let world = World { sandbox, client: reqwest::Client::new() };
    let target = Target::start(&[200]).await;
    register(&world, &target.url, SENT).await;
    send(&world, "Hi").await;
    let made = async {
        while target.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), made).await.unwrap();
}

#[tokio::test]
async fn what_was_delivered_before_a_kill_is_not_delivered_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let start = async |file: &std::path::Path| {
        let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
        let sandbox = Sandbox::builder().clock(clock).data(file).start().await.unwrap();
        World { sandbox, client: reqwest::Client::new() }
    };
    let world = start(&file).await;
    let target = Target::start(&[200]).await;
    register(&world, &target.url, SENT).await;
    send(&world, "Hi").await;
    advance(&world, 10).await;
    assert_eq!(target.calls().len(), 1);
    // A later write is what carries the note of it to the disk.
    world.a_list().await;
    let copy = folder.path().join("copy");
    std::fs::copy(&file, &copy).unwrap();
    let back = start(&copy).await;
    advance(&back, 10).await;
    assert_eq!(target.calls().len(), 1);
    send(&back, "Again").await;
    advance(&back, 10).await;
    assert_eq!(target.calls().len(), 2);
}
