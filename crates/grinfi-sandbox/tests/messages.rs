//! LinkedIn messages and the outbox.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{TestResponse, TestServer, UNKNOWN_UUID, uuid};

const MESSAGES: &str = "/flows/api/linkedin-messages";

async fn pair(server: &TestServer) -> (String, Value) {
    (server.uuids("/flows/api/sender-profiles").await[0].clone(), server.newest_contact().await)
}

#[tokio::test]
async fn message_goes_to_outbox_once() {
    let server = TestServer::demo().await;
    let (sender, contact) = pair(&server).await;
    let body =
        json!({"sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": "Hi {{first_name}} ✓"});
    let sent = server.post(MESSAGES, body.clone()).await.expect(201);
    let outbox = server.sandbox.outbox();
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0].uuid, uuid(&sent));
    assert_eq!(outbox[0].text, "Hi {{first_name}} ✓");
    assert_eq!(outbox[0].lead_uuid, uuid(&contact));
    assert_eq!(outbox[0].recipient_name, contact["name"].as_str().unwrap());
    assert_eq!(outbox[0].recipient_linkedin.as_deref(), contact["linkedin"].as_str());
    assert_eq!(outbox[0].queued_at, server.sandbox.clock().now());
    // Reading it, and its completion, do not send it again.
    server.sandbox.clock().advance(Duration::from_secs(60));
    for _ in 0..3 {
        server.get(MESSAGES).await.expect(200);
    }
    server.delete(&format!("{MESSAGES}/{}", uuid(&sent))).await.expect(204);
    assert_eq!(server.sandbox.outbox().len(), 1);
    // The API is not idempotent: two requests send two messages.
    server.post(MESSAGES, body).await.expect(201);
    assert_eq!(server.sandbox.outbox().len(), 2);
    let page =
        server.client.get(format!("{}/_sandbox/outbox", server.sandbox.base_url())).send().await.unwrap();
    let page = TestResponse::of(page).await.expect(200);
    assert_eq!(page[0]["channel"], "linkedin");
    assert_eq!(page.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn message_is_done_after_two_seconds() {
    let server = TestServer::demo().await;
    let (sender, contact) = pair(&server).await;
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": "Hi"});
    let sent = server.post(MESSAGES, body).await.expect(201);
    let constants =
        ["type", "automation", "linkedin_type", "status"].map(|name| sent[name].as_str().unwrap());
    assert_eq!(constants, ["outbox", "manual", "message", "new"]);
    assert!(sent["linkedin_account_uuid"].is_string() && sent["sent_at"].is_null());
    for (wait, status, sent_at) in [
        (999, "new", Value::Null),
        (1, "in_progress", Value::Null),
        (999, "in_progress", Value::Null),
        (1, "done", json!("2026-02-03T15:55:06.000000Z")),
        (60_000, "done", json!("2026-02-03T15:55:06.000000Z")),
    ] {
        server.sandbox.clock().advance(Duration::from_millis(wait));
        let listed = server.get(&format!("{MESSAGES}?filter[status]={status}")).await.expect(200);
        assert_eq!(listed["total"], 1, "{status}");
        assert_eq!(listed["data"][0]["sent_at"], sent_at);
    }
}

#[tokio::test]
async fn conversation_belongs_to_account_and_contact() {
    let server = TestServer::demo().await;
    let senders = server.uuids("/flows/api/sender-profiles").await;
    let lead = uuid(&server.newest_contact().await);
    let send = |sender: &String| {
        server.post(MESSAGES, json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"}))
    };
    let conversation = |sent: Value| sent["linkedin_conversation_uuid"].as_str().unwrap().to_owned();
    let first = conversation(send(&senders[0]).await.expect(201));
    assert_eq!(conversation(send(&senders[0]).await.expect(201)), first);
    assert_ne!(conversation(send(&senders[1]).await.expect(201)), first);
}

#[tokio::test]
async fn rejected_message_is_not_in_outbox() {
    let server = TestServer::demo().await;
    let (sender, contact) = pair(&server).await;
    server.post(MESSAGES, json!({})).await.expect_invalid(&["sender_profile_uuid", "lead_uuid", "text"]);
    let body = json!({"sender_profile_uuid": UNKNOWN_UUID, "lead_uuid": UNKNOWN_UUID, "text": "Hi"});
    server.post(MESSAGES, body).await.expect_invalid(&["sender_profile_uuid", "lead_uuid"]);
    let body = json!({
        "sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": " ", "attachments": [{}],
    });
    server.post(MESSAGES, body).await.expect_invalid(&["text", "attachments.0.uuid"]);
    assert!(server.sandbox.outbox().is_empty());
    server.delete(&format!("{MESSAGES}/{UNKNOWN_UUID}")).await.expect_not_found();
}

#[tokio::test]
async fn filters_messages_in_every_encoding() {
    let server = TestServer::demo().await;
    let (sender, contact) = pair(&server).await;
    let lead = uuid(&contact);
    for _ in 0..2 {
        let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"});
        server.post(MESSAGES, body).await.expect(201);
        server.sandbox.clock().advance(Duration::from_secs(100));
    }
    for (query, wanted) in [
        (format!("filter[lead_uuid]={lead}"), 2),
        (format!("filter[lead_uuid][]={lead}&filter[lead_uuid][]={UNKNOWN_UUID}"), 2),
        (format!("filter[lead_uuid][0]={UNKNOWN_UUID}"), 0),
        (format!("filter%5Blead_uuid%5D%5B%5D={lead}&filter%5Btype%5D=outbox"), 2),
        ("filter[sent_at][>=]=2026-02-03 15:56:00".to_owned(), 1),
        ("filter%5Bsent_at%5D%5B%3E%3D%5D=2026-02-03T15:56:00Z&filter[sent_at][<]=2026-02-04".to_owned(), 1),
        ("filter[read_at]=is_null".to_owned(), 2),
        ("filter[status][!=]=done".to_owned(), 0),
        ("type=inbox&order-field=nonsense".to_owned(), 2),
    ] {
        let listed = server.get(&format!("{MESSAGES}?{query}")).await.expect(200);
        assert_eq!(listed["total"], wanted, "{query}");
    }
    server.get(&format!("{MESSAGES}?filter[q]=Hi")).await.expect_invalid(&["filter.q"]);
    server.get(&format!("{MESSAGES}?filter[flow_uuid]=x")).await.expect_error(500, "server_error", &[]);
    server.get(&format!("{MESSAGES}?limit=x")).await.expect_invalid(&["limit"]);
}
