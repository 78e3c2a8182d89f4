//! Messages on LinkedIn and the outbox.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Answer, NOBODY, World, uuid};

const MESSAGES: &str = "/flows/api/linkedin-messages";

async fn pair(world: &World) -> (String, Value) {
    (world.uuids("/flows/api/sender-profiles").await[0].clone(), world.a_contact().await)
}

#[tokio::test]
async fn a_message_goes_to_the_outbox_exactly_once() {
    let world = World::demo().await;
    let (sender, contact) = pair(&world).await;
    let body =
        json!({"sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": "Hi {{first_name}} ✓"});
    let sent = world.post(MESSAGES, body.clone()).await.expect(201);
    let outbox = world.sandbox.outbox();
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0].uuid, uuid(&sent));
    assert_eq!(outbox[0].text, "Hi {{first_name}} ✓");
    assert_eq!(outbox[0].lead_uuid, uuid(&contact));
    assert_eq!(outbox[0].recipient_name, contact["name"].as_str().unwrap());
    assert_eq!(outbox[0].recipient_linkedin.as_deref(), contact["linkedin"].as_str());
    assert_eq!(outbox[0].queued_at, world.sandbox.clock().now());
    // However often it is looked at, and when it is done, it is not sent again.
    world.sandbox.clock().advance(Duration::from_secs(60));
    for _ in 0..3 {
        world.get(MESSAGES).await.expect(200);
    }
    world.delete(&format!("{MESSAGES}/{}", uuid(&sent))).await.expect(204);
    assert_eq!(world.sandbox.outbox().len(), 1);
    // The API knows no idempotency: asked twice, it sends twice.
    world.post(MESSAGES, body).await.expect(201);
    assert_eq!(world.sandbox.outbox().len(), 2);
    let page =
        world.client.get(format!("{}/_sandbox/outbox", world.sandbox.base_url())).send().await.unwrap();
    let page = Answer::of(page).await.expect(200);
    assert_eq!(page[0]["channel"], "linkedin");
    assert_eq!(page.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_message_is_done_in_two_seconds() {
    let world = World::demo().await;
    let (sender, contact) = pair(&world).await;
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": "Hi"});
    let sent = world.post(MESSAGES, body).await.expect(201);
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
        world.sandbox.clock().advance(Duration::from_millis(wait));
        let listed = world.get(&format!("{MESSAGES}?filter[status]={status}")).await.expect(200);
        assert_eq!(listed["total"], 1, "{status}");
        assert_eq!(listed["data"][0]["sent_at"], sent_at);
    }
}

#[tokio::test]
async fn a_conversation_belongs_to_a_pair() {
    let world = World::demo().await;
    let senders = world.uuids("/flows/api/sender-profiles").await;
    let lead = uuid(&world.a_contact().await);
    let send = |sender: &String| {
        world.post(MESSAGES, json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"}))
    };
    let conversation = |sent: Value| sent["linkedin_conversation_uuid"].as_str().unwrap().to_owned();
    let first = conversation(send(&senders[0]).await.expect(201));
    assert_eq!(conversation(send(&senders[0]).await.expect(201)), first);
    assert_ne!(conversation(send(&senders[1]).await.expect(201)), first);
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_in_the_outbox() {
    let world = World::demo().await;
    let (sender, contact) = pair(&world).await;
    world.post(MESSAGES, json!({})).await.invalid(&["sender_profile_uuid", "lead_uuid", "text"]);
    let body = json!({"sender_profile_uuid": NOBODY, "lead_uuid": NOBODY, "text": "Hi"});
    world.post(MESSAGES, body).await.invalid(&["sender_profile_uuid", "lead_uuid"]);
    let body = json!({
        "sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": " ", "attachments": [{}],
    });
    world.post(MESSAGES, body).await.invalid(&["text", "attachments.0.uuid"]);
    assert!(world.sandbox.outbox().is_empty());
    world.delete(&format!("{MESSAGES}/{NOBODY}")).await.missing();
}

#[tokio::test]
async fn messages_are_filtered_in_every_encoding() {
    let world = World::demo().await;
    let (sender, contact) = pair(&world).await;
    let lead = uuid(&contact);
    for _ in 0..2 {
        let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"});
        world.post(MESSAGES, body).await.expect(201);
        world.sandbox.clock().advance(Duration::from_secs(100));
    }
    for (query, wanted) in [
        (format!("filter[lead_uuid]={lead}"), 2),
        (format!("filter[lead_uuid][]={lead}&filter[lead_uuid][]={NOBODY}"), 2),
        (format!("filter[lead_uuid][0]={NOBODY}"), 0),
        (format!("filter%5Blead_uuid%5D%5B%5D={lead}&filter%5Btype%5D=outbox"), 2),
        ("filter[sent_at][>=]=2026-02-03 15:56:00".to_owned(), 1),
        ("filter%5Bsent_at%5D%5B%3E%3D%5D=2026-02-03T15:56:00Z&filter[sent_at][<]=2026-02-04".to_owned(), 1),
        ("filter[read_at]=is_null".to_owned(), 2),
        ("filter[status][!=]=done".to_owned(), 0),
        ("type=inbox&order-field=nonsense".to_owned(), 2),
    ] {
        let listed = world.get(&format!("{MESSAGES}?{query}")).await.expect(200);
        assert_eq!(listed["total"], wanted, "{query}");
    }
    world.get(&format!("{MESSAGES}?filter[q]=Hi")).await.invalid(&["filter.q"]);
    world.get(&format!("{MESSAGES}?filter[flow_uuid]=x")).await.refuses(500, "server_error", &[]);
    world.get(&format!("{MESSAGES}?limit=x")).await.invalid(&["limit"]);
}
