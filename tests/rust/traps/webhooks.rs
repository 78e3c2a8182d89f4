//! `ensure` registers one webhook per event and target; typed payloads; activities of one contact.

use grinfi::{
    filter::activity,
    models::enums::{HttpMethod, WebhookEvent},
    webhooks::{WebhookPayload, WebhookSubject},
};
use serde_json::{Value, json};

use crate::support::{
    client,
    conversation::refused,
    fault_server::{FaultServer, Response},
};

const TARGET: &str = "https://example.com/hook?token=hush";
const REPLY: WebhookEvent = WebhookEvent::ContactRepliedLinkedinMessage;

fn row(uuid: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut row = json!({"uuid": uuid, "name": "by hand", "event": "contact_replied_linkedin_message",
        "target_url": TARGET, "request_method": "POST", "filters": null, "status": "on"});
    change(&mut row);
    row
}

/// Starts a server with these webhooks that accepts changes and registrations.
async fn server(rows: Value) -> FaultServer {
    FaultServer::deciding(move |request| {
        let request = request?;
        Some(match request.method.as_str() {
            "GET" => Response::json(200, &json!({"data": rows}).to_string()),
            "PUT" => {
                let uuid = request.target.rsplit('/').next().unwrap();
                Response::json(200, &json!({"uuid": uuid, "status": "on"}).to_string())
            }
            _ => Response::json(201, r#"{"uuid": "w-new"}"#),
        })
    })
    .await
}

fn writes(server: &FaultServer) -> Vec<(String, Value)> {
    let arrived = server.arrived();
    let writes = arrived.iter().filter(|request| request.method != "GET");
    writes
        .map(|request| {
            let body = serde_json::from_slice(&request.body).unwrap();
            (format!("{} {}", request.method, request.target), body)
        })
        .collect()
}

#[tokio::test]
async fn ensure_updates_webhook_with_other_settings() {
    let filters = json!({"==": [1, 1]});
    for (change, wanted) in [
        (json!({"request_method": "PUT"}), json!({"request_method": "POST", "filters": null})),
        (json!({"filters": filters}), json!({"request_method": "POST", "filters": null})),
    ] {
        let there =
            row("w-1", |row| row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone()));
        let server = server(json!([there])).await;
        let ensured = client(&server.base_url).webhooks().ensure("Replies", REPLY, TARGET).await.unwrap();
        assert!(ensured.changed && !ensured.created && ensured.webhook.uuid == "w-1");
        assert_eq!(writes(&server), [("PUT /integrations/api/webhooks/w-1".to_owned(), wanted)]);
    }
    let server = server(json!([row("w-1", |_| ())])).await;
    let webhooks = client(&server.base_url).webhooks();
    let ensure = webhooks.ensure("Replies", REPLY, TARGET).request_method(HttpMethod::Put);
    ensure.filters(filters.as_object().unwrap().clone()).await.unwrap();
    let ensure = webhooks.ensure("Replies", REPLY, TARGET).request_method(HttpMethod::Put);
    let beside = ensure.beside_others().await.unwrap();
    assert!(beside.created && !beside.changed && beside.duplicates.is_empty());
    let writes = writes(&server);
    assert_eq!(writes[0].1, json!({"request_method": "PUT", "filters": filters}));
    assert!(writes[1].0.starts_with("POST") && writes.len() == 2);
}

#[tokio::test]
async fn ensure_reports_duplicates_without_changing_them() {
    let off = row("w-off", |row| row["status"] = json!("off"));
    let put = row("w-put", |row| row["request_method"] = json!("PUT"));
    let elsewhere = row("w-else", |row| row["target_url"] = json!("https://example.com/hook?token=other"));
    let server = server(json!([off, put, row("w-on", |_| ()), elsewhere])).await;
    let ensured = client(&server.base_url).webhooks().ensure("Replies", REPLY, TARGET).await.unwrap();
    assert!(ensured.webhook.uuid == "w-on" && !ensured.created && !ensured.changed);
    assert_eq!(ensured.duplicates, ["w-off", "w-put"]);
    assert!(writes(&server).is_empty());

    // None of them matches, and it is not known which one to change.
    let patched = webhooks_of(&server, HttpMethod::Patch).await.unwrap_err();
    assert_eq!((patched.is_invalid_input(), patched.field()), (true, Some("target_url")));
    let text = patched.to_string();
    assert!(text.contains("w-off") && text.contains("w-put") && !text.contains("hush"), "{text}");
    assert!(writes(&server).is_empty());
}

async fn webhooks_of(
    server: &FaultServer,
    method: HttpMethod,
) -> grinfi::Result<grinfi::webhooks::EnsuredWebhook> {
    client(&server.base_url).webhooks().ensure("Replies", REPLY, TARGET).request_method(method).await
}

#[tokio::test]
async fn ensure_compares_targets_as_urls() {
    let there = row("w-1", |row| row["target_url"] = json!("https://EXAMPLE.com:443"));
    let server = server(json!([there])).await;
    let webhooks = client(&server.base_url).webhooks();
    let ensured = webhooks.ensure("Replies", REPLY, "https://example.com/").await.unwrap();
    assert!(!ensured.created && writes(&server).is_empty());
}

#[tokio::test]
async fn rejects_unknown_events_and_objects() {
    let blank = grinfi::models::WebhookUpdate { event: Some("".into()), ..Default::default() };
    assert_eq!(refused(async |c| c.webhooks().update("w-1", &blank).await).await, "event");
    assert_eq!(
        refused(async |c| c.webhooks().test("w-1", " ", HttpMethod::Post, TARGET).await).await,
        "event"
    );
    assert_eq!(refused(async |c| c.pipeline_stages().list("contact".into()).await).await, "object");
    let create =
        async |c: grinfi::Client| c.pipeline_stages().create("leads".into(), "new".into(), "New").await;
    assert_eq!(refused(create).await, "object");
    assert_eq!(refused(async |c| c.custom_fields().create("contact".into(), "x").await).await, "object");
    let named = grinfi::models::BlacklistContact { linkedin: Some("Ann Roe".into()), ..Default::default() };
    assert_eq!(refused(async |c| c.contact_blacklist().add(&named).await).await, "linkedin");
    let person = grinfi::models::BlacklistCompany {
        linkedin: Some("linkedin.com/in/ann".into()),
        ..Default::default()
    };
    assert_eq!(refused(async |c| c.company_blacklist().add(&person).await).await, "linkedin");
}

fn payload(event: &str) -> WebhookPayload {
    WebhookPayload::from_value(
        json!({"event_name": event, "contact": {"uuid": "c-1"}, "email": {"uuid": "e-1"},
        "linkedin_message": {"uuid": "m-1"}, "linkedin_connection": {"uuid": "n-1"},
        "linkedin_connection_request": {"uuid": "r-1"}}),
    )
    .unwrap()
}

#[test]
fn decodes_payload_of_each_described_event() {
    for event in WebhookEvent::LISTED {
        let subject = payload(event).subject().unwrap();
        let part = match &subject {
            WebhookSubject::LinkedinMessage(Some(message)) => message.uuid.to_string(),
            WebhookSubject::Email(Some(email)) => email.uuid.to_string(),
            WebhookSubject::Contact(Some(contact)) => contact.uuid.to_string(),
            WebhookSubject::Connection(Some(part)) | WebhookSubject::ConnectionRequest(Some(part)) => {
                part["uuid"].as_str().unwrap().to_owned()
            }
            // The description contains no payload for these two.
            WebhookSubject::Unknown(_) if ["account_exported", "sender_profile_issue"].contains(event) => {
                continue;
            }
            other => panic!("{event}: {other:?}"),
        };
        let expected = match *event {
            message if message.contains("linkedin_message") || message.contains("inmail") => "m-1",
            email if email.contains("email") => "e-1",
            request if request.contains("sent_linkedin_connection") => "r-1",
            accepted if accepted.contains("accepted") => "n-1",
            _ => "c-1",
        };
        assert_eq!(part, expected, "{event}");
    }
    assert!(
        matches!(payload("contact_yawned").subject().unwrap(), WebhookSubject::Unknown(event) if event == "contact_yawned")
    );
    let bare = WebhookPayload::from_value(json!({"event_name": "contact_replied_email"})).unwrap();
    assert!(matches!(bare.subject().unwrap(), WebhookSubject::Email(None)));
    let odd = json!({"event_name": "contact_replied_email", "email": {"no": "id"}});
    assert!(WebhookPayload::from_value(odd).unwrap().subject().unwrap_err().is_decode());
}

#[tokio::test]
async fn activity_filter_by_contact_sends_object_type() {
    let server = FaultServer::start([Response::json(200, r#"{"data": []}"#)]).await;
    let activities = client(&server.base_url).activities();
    assert!(!activities.is_connected("c-1").await.unwrap());
    activities.list().filter(activity::type_().eq("email_sent")).page().await.unwrap();
    let objects: Vec<bool> =
        server.arrived().iter().map(|request| request.target.contains("object=lead")).collect();
    assert_eq!(objects, [true, false]);
    // A row of another contact is an error.
    let other = json!([{"uuid": "a-1", "type": "linkedin_connection_request_accepted", "lead_uuid": "c-2"}]);
    let server = FaultServer::start([Response::json(200, &json!({"data": other}).to_string())]).await;
    let error = client(&server.base_url).activities().is_connected("c-1").await.unwrap_err();
    assert_eq!(error.kind(), grinfi::ErrorKind::Listing);
}
