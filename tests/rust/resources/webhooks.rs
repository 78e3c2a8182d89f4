use grinfi::{
    ErrorKind,
    models::{
        WebhookUpdate,
        enums::{HttpMethod, WebhookEvent, WebhookStatus},
    },
    webhooks::WebhookPayload,
};
use serde_json::json;

use crate::support::{
    client,
    conversation::{Conversation, failing, refused},
    fault_server::{FaultServer, Response},
};

const TARGET: &str = "https://example.com/hook?token=hush";
const REPLY: WebhookEvent = WebhookEvent::ContactRepliedLinkedinMessage;

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let one = r#"{"data": [{"uuid": "w-1", "event": "contact_yawned"}], "limit": 20, "total": 1, "has_more": false}"#;
    let all =
        talk.answered("listWebhooks", Response::json(200, one), async |c| c.webhooks().list().await).await;
    assert_eq!(all[0].event, Some(WebhookEvent::Other("contact_yawned".into())));
    let got = talk.call("getWebhook", async |c| c.webhooks().get("w-1").await).await;
    let created = talk
        .call("createWebhook", async |c| {
            let create = c.webhooks().create("Replies", REPLY, TARGET);
            assert!(!format!("{create:?}").contains("hush"));
            create.await
        })
        .await;
    assert_eq!(created.uuid, got.uuid);
    let nested = Response::json(201, r#"{"data": {"uuid": "w-2"}}"#);
    let created = talk
        .answered("createWebhook", nested, async |c| {
            let filters = json!({"==": [{"var": "contact.company_name"}, "ExampleCorp"]});
            let create = c.webhooks().create("Replies", REPLY, TARGET).request_method(HttpMethod::Put);
            let create = create.filters(filters.as_object().unwrap().clone()).status(WebhookStatus::Off);
            create.await
        })
        .await;
    assert_eq!(created.uuid, "w-2");
    let pause = WebhookUpdate { status: Some(WebhookStatus::Off), ..Default::default() };
    talk.call("updateWebhook", async |c| c.webhooks().update("w-1", &pause).await).await;
    talk.call("deleteWebhook", async |c| c.webhooks().delete("w-1").await).await;
    talk.call("testWebhook", async |c| c.webhooks().test("w-1", REPLY, HttpMethod::Post, TARGET).await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    assert_eq!(refused(async |c| c.webhooks().create("", REPLY, TARGET).await).await, "name");
    assert_eq!(refused(async |c| c.webhooks().create("x", "", TARGET).await).await, "event");
    assert_eq!(refused(async |c| c.webhooks().create("x", REPLY, "example.com").await).await, "target_url");
    assert_eq!(
        refused(async |c| c.webhooks().ensure("x", REPLY, "ftp://example.com").await).await,
        "target_url"
    );
    assert_eq!(refused(async |c| c.webhooks().update("w", &WebhookUpdate::default()).await).await, "changes");
    assert_eq!(refused(async |c| c.webhooks().test("", REPLY, HttpMethod::Post, TARGET).await).await, "uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.webhooks().get("w-1").await).await.is_not_found());
    assert!(failing(422, async |c| c.webhooks().create("x", REPLY, TARGET).await).await.is_validation());
}

/// A page of webhooks.
fn page(rows: &serde_json::Value) -> Response {
    Response::json(200, &json!({"data": rows}).to_string())
}

#[tokio::test]
async fn reads_all_pages_of_an_undocumented_listing() {
    let page = |uuid: &str| json!({"data": [{"uuid": uuid}], "limit": 1, "total": 2}).to_string();
    let server =
        FaultServer::start([Response::json(200, &page("w-1")), Response::json(200, &page("w-2"))]).await;
    let all = client(&server.base_url).webhooks().list().await.unwrap();
    assert_eq!(all.len(), 2);
    assert!(server.arrived()[1].target.contains("offset=1"));
    // The same page for every offset: the missing rows are an error.
    let server = FaultServer::start([Response::json(200, &page("w-1"))]).await;
    let error = client(&server.base_url).webhooks().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Listing);
}

#[tokio::test]
async fn does_not_register_equal_webhook_again() {
    let row = |uuid: &str| {
        json!({"uuid": uuid, "name": "by hand", "event": "contact_replied_linkedin_message",
            "target_url": TARGET, "request_method": "POST", "filters": null, "status": "on"})
    };
    let mut off = row("w-off");
    off["status"] = json!("off");
    let server = FaultServer::start([page(&json!([off, row("w-1")]))]).await;
    let ensured = client(&server.base_url).webhooks().ensure("Replies", REPLY, TARGET).await.unwrap();
    assert!(!ensured.created && ensured.webhook.uuid == "w-1");
    assert_eq!(server.arrived().len(), 1);

    for (field, other) in [
        ("event", json!("contact_replied_email")),
        ("target_url", json!("https://example.com/other")),
        ("request_method", json!("PUT")),
        ("filters", json!({"==": [1, 1]})),
    ] {
        let mut different = row("w-1");
        different[field] = other;
        let made = Response::json(201, r#"{"uuid": "w-2"}"#);
        let server = FaultServer::start([page(&json!([different])), made]).await;
        let ensured = client(&server.base_url).webhooks().ensure("Replies", REPLY, TARGET).await.unwrap();
        assert_eq!(ensured.changed, matches!(field, "request_method" | "filters"), "{field}");
        assert!(ensured.created != ensured.changed && ensured.webhook.uuid == "w-2", "{field}");
    }

    // The response to the registration is lost; the webhook is looked up instead of registered again.
    let script = [page(&json!([])), Response::Hangup, page(&json!([row("w-3")]))];
    let server = FaultServer::start(script).await;
    let ensured = client(&server.base_url).webhooks().ensure("Replies", REPLY, TARGET).await.unwrap();
    assert!(ensured.created && ensured.webhook.uuid == "w-3");
    let script = [page(&json!([])), Response::Hangup, page(&json!([]))];
    let server = FaultServer::start(script).await;
    let error = client(&server.base_url).webhooks().ensure("Replies", REPLY, TARGET).await.unwrap_err();
    assert!(error.is_unknown_outcome());
    assert_eq!(server.arrived().iter().filter(|request| request.method == "POST").count(), 1);
}

#[test]
fn keeps_unknown_parts_of_payloads() {
    let body = json!({"event_name": "contact_yawned", "contact": {"uuid": "c-1", "created_at": "2026-02-03 15:55:04"},
        "account": [], "sender_profile": null, "automation": {"uuid": "f-1", "status": "dozing"},
        "email": {"no": "id"}, "contact_markers": [{"a": 1}], "linkedin_connection": {"since": "x"}, "mood": "tired"});
    let payload = WebhookPayload::from_slice(body.to_string().as_bytes()).unwrap();
    assert_eq!(payload.event().as_str(), "contact_yawned");
    assert!(payload.contact().unwrap().unwrap().created_at.is_some());
    assert!(payload.company().unwrap().is_none() && payload.sender_profile().unwrap().is_none());
    assert!(payload.automation().unwrap().unwrap().status.unwrap() == "dozing");
    // One part that does not decode does not affect the others.
    let error = payload.email().unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("email"), "{error}");
    assert!(payload.linkedin_message().unwrap().is_none() && payload.linkedin_connection_request().is_none());
    assert!(payload.contact_markers().is_some() && payload.linkedin_connection().is_some());
    assert_eq!(payload.body()["mood"], "tired");
    for bad in ["", "[]", "{}", r#"{"event_name": 3}"#] {
        assert!(WebhookPayload::from_slice(bad.as_bytes()).unwrap_err().is_decode(), "{bad}");
    }
}
