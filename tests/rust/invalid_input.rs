//! Errors for invalid input and invalid responses.

use std::time::Duration;

use grinfi::{
    Client, ErrorKind,
    filter::{Filter, contact},
    models::{ContactUpdate, NewContact},
};
use grinfi_sandbox::Seed;
use serde_json::json;

use crate::support::{
    KEY, builder, client,
    fault_server::{FaultServer, Response},
    sandbox,
};

#[test]
fn rejects_missing_and_malformed_keys() {
    let missing = Client::builder().build().unwrap_err();
    assert_eq!((missing.kind(), missing.field()), (ErrorKind::MissingKey, Some("api_key")));
    let malformed = Client::builder().api_key("cut.off").build().unwrap_err();
    assert_eq!((malformed.kind(), malformed.field()), (ErrorKind::MalformedKey, Some("api_key")));
}

#[tokio::test]
async fn unknown_key_returns_unauthorized() {
    let builder = grinfi_sandbox::Sandbox::builder().only_keys(["other-key"]);
    let sandbox = builder.start().await.unwrap();
    let error = client(sandbox.base_url()).users().current().await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_retryable());
    assert_eq!((error.status(), error.reason(), error.attempts()), (Some(401), Some("auth_exception"), 1));
    assert_eq!((error.operation(), error.path()), (Some("getCurrentUser"), Some("/id/api/users/current")));
}

#[tokio::test]
async fn unreachable_base_url_returns_connect_error() {
    // The listener is closed, so nothing listens on this port.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = client(&format!("http://127.0.0.1:{port}"));
    let error = client.users().current().await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable());
    assert_eq!((error.attempts(), error.status()), (3, None));
    assert!(std::error::Error::source(&error).is_some(), "the source error is missing");
    // Nothing was sent, so the outcome of a non-idempotent call is known too.
    let error = client.lists().create("Autumn").await.unwrap_err();
    assert!(error.is_connect() && !error.is_unknown_outcome());
}

#[tokio::test]
async fn rejects_invalid_arguments_before_sending() {
    let server = FaultServer::start([Response::json(200, "{}")]).await;
    let client = client(&server.base_url);
    let contacts = client.contacts();
    let id = "00000000-0000-4000-8000-000000000001";
    let unknown = json!({"compny_name": "x"});
    let wrong = |value: serde_json::Value| {
        Filter::<grinfi::contacts::Contacts>::from_json(value.as_object().unwrap()).unwrap_err()
    };
    let search = || client.operation("searchContacts", &[]).unwrap();
    let named = json!({"name": "Jane Roe"}).as_object().cloned().unwrap();
    let unserializable = std::collections::BTreeMap::from([(vec![1], 2)]);
    let errors = [
        (wrong(json!({"company_name": 5})), "company_name"),
        (wrong(json!({"tags": "VIP"})), "tags"),
        (wrong(json!({"created_at": {">=": "2026-02-03T15:55:04"}})), "created_at"),
        (contacts.search().filter(contact::tags().eq("VIP")).page().await.unwrap_err(), "tags"),
        (
            contacts.search().filter(contact::tags().not_in(["VIP"])).stream().collect().await.unwrap_err(),
            "tags",
        ),
        (
            contacts.search().order_by_name("creatd_at", grinfi::Order::Asc).page().await.unwrap_err(),
            "order_by",
        ),
        (
            contacts.search().order_by_name("q", grinfi::Order::Asc).stream().collect().await.unwrap_err(),
            "order_by",
        ),
        (search().json(&unserializable).send().await.unwrap_err(), "body"),
        (search().json(&unserializable).pages(10, 0, None).unwrap_err(), "body"),
        (search().json(&unserializable).complete("created_at", named.clone(), 10, None).unwrap_err(), "body"),
        (search().json(&["a list"]).pages(10, 0, None).unwrap_err(), "body"),
        (search().json(&["a list"]).complete("created_at", named.clone(), 10, None).unwrap_err(), "body"),
        (search().filter(&named).unwrap().json(&json!(["a list"])).send().await.unwrap_err(), "body"),
        (search().json(&json!({"limit": 5})).pages(10, 0, None).unwrap_err(), "body"),
        (
            search()
                .json(&json!({"filter": {"name": "x"}}))
                .filter(&named)
                .unwrap()
                .send()
                .await
                .unwrap_err(),
            "body",
        ),
        (search().filter(&named).unwrap().json(&json!({"filter": {}})).send().await.unwrap_err(), "body"),
        (search().filter(&named).unwrap().filter(&named).unwrap_err(), "name"),
        (
            search()
                .json(&json!({"filter": {"name": "x"}}))
                .complete("created_at", named.clone(), 10, None)
                .unwrap_err(),
            "name",
        ),
        (
            search()
                .order_by("name", grinfi::Order::Asc)
                .complete("created_at", named.clone(), 10, None)
                .unwrap_err(),
            "order_by",
        ),
        (
            client.operation("listTasks", &[]).unwrap().query("limit", 5).pages(10, 0, None).unwrap_err(),
            "limit",
        ),
        (
            Filter::<grinfi::contacts::Contacts>::from_json(unknown.as_object().unwrap()).unwrap_err(),
            "compny_name",
        ),
        (contacts.search().limit(0).page().await.unwrap_err(), "limit"),
        (contacts.search().limit(1001).page().await.unwrap_err(), "limit"),
        (contacts.search().limit(0).stream().collect().await.unwrap_err(), "limit"),
        (contacts.search().offset(u64::MAX).page().await.unwrap_err(), "offset"),
        (
            contacts.search().order_by_name("name desc", grinfi::Order::Asc).page().await.unwrap_err(),
            "order_by",
        ),
        (
            contacts
                .search()
                .filter(contact::name().eq("a") & contact::name().eq("b"))
                .page()
                .await
                .unwrap_err(),
            "name",
        ),
        (contacts.get("").await.unwrap_err(), "uuid"),
        (contacts.get("a/b").await.unwrap_err(), "uuid"),
        (contacts.create_many(id, vec![]).await.unwrap_err(), "contacts"),
        (contacts.create_many(id, vec![NewContact::default()]).await.unwrap_err(), "contacts[0]"),
        (contacts.upsert(id, NewContact::default()).await.unwrap_err(), "linkedin_id"),
        (contacts.update(id, &ContactUpdate::default()).await.unwrap_err(), "changes"),
        (client.lists().create(" ").await.unwrap_err(), "name"),
        (client.linkedin_messages().send("", id, "Hello").await.unwrap_err(), "sender_profile_uuid"),
        (client.linkedin_messages().send(id, "?", "Hello").await.unwrap_err(), "contact_uuid"),
        (client.linkedin_messages().send(id, id, "").await.unwrap_err(), "text"),
        (client.automations().add_contact(id, "").await.unwrap_err(), "contact_uuid"),
        (client.request(http::Method::GET, "no-slash").send().await.unwrap_err(), "path"),
        (client.operation("noSuchOperation", &[]).unwrap_err(), "operation"),
        (client.operation("getLead", &[]).unwrap_err(), "uuid"),
        (client.operation("getLead", &[("id", "x")]).unwrap_err(), "id"),
        (client.operation("listTags", &[]).unwrap().filter(&Default::default()).unwrap_err(), "filter"),
    ];
    for (error, field) in errors {
        assert!(error.is_invalid_input(), "{field}: {error:?}");
        assert_eq!(error.field(), Some(field), "{error}");
        assert!(error.to_string().contains(field), "{error}");
    }
    assert!(server.arrived().is_empty());
}

#[tokio::test]
async fn status_422_returns_field_messages() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let new = NewContact { linkedin_id: Some("jane-roe-example".into()), ..Default::default() };
    let error = client.contacts().upsert("00000000-0000-4000-8000-00000000dead", new).await.unwrap_err();
    assert!(error.is_validation() && !error.is_unknown_outcome());
    assert_eq!((error.status(), error.reason()), (Some(422), Some("validation_error")));
    assert!(error.fields().contains_key("list_uuid"), "{error:?}");
}

#[tokio::test]
async fn html_502_returns_server_error_with_status() {
    let server = FaultServer::start([Response::html(502)]).await;
    let error = client(&server.base_url).lists().list().page().await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Server, Some(502), 3));
    assert!(error.is_retryable() && error.to_string().contains("HTML page"));
    assert!(!format!("{error:?}").contains("<h1>"));
    assert_eq!(server.arrived().len(), 3);
}

#[tokio::test]
async fn empty_200_returns_empty_response_error() {
    let server = FaultServer::start([Response::json(200, "")]).await;
    let client = client(&server.base_url);
    let error = client.lists().get("a").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::EmptyResponse, Some(200)));
    assert_eq!(error.operation(), Some("getList"));
    assert_eq!(client.lists().list().stream().collect().await.unwrap_err().kind(), ErrorKind::EmptyResponse);
    // An operation without a response body accepts any body.
    client.lists().delete("a").await.unwrap();
}

#[tokio::test]
async fn unexpected_body_returns_decode_error() {
    for (body, says) in [
        (r#"{"uuid": {}}"#, "expected a string, found an object"),
        (r#"["no", "record"]"#, "expected"),
        ("<html></html>", "HTML"),
        (r#"{"uuid": "cut"#, "EOF"),
    ] {
        let server = FaultServer::start([Response::json(200, body)]).await;
        let error = client(&server.base_url).lists().get("a").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(error.is_decode() && error.to_string().contains(says), "{error}");
        assert_eq!(error.body(), Some(body.as_bytes()), "the error contains the body");
        assert_eq!(server.arrived().len(), 1, "a response that cannot be decoded was retried");
    }
    // A response without `data` does not end the listing.
    let server = FaultServer::start([Response::json(200, r#"{"items": []}"#)]).await;
    let error = client(&server.base_url).lists().list().stream().collect().await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("`data`"), "{error}");
}

#[tokio::test]
async fn missing_response_times_out() {
    let server = FaultServer::start([Response::Stall]).await;
    let client = builder(&server.base_url).timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.users().current().await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = FaultServer::start([Response::json(200, "{}")]).await;
    let headers = vec![("location", format!("{}/stolen", elsewhere.base_url))];
    let server = FaultServer::start([Response::Whole(302, headers, String::new())]).await;
    let error = client(&server.base_url).users().current().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::BadRequest, Some(302)));
    assert!(elsewhere.arrived().is_empty());
}

#[test]
fn parses_team_id_of_test_key() {
    assert_eq!(grinfi::ApiKey::new(KEY).unwrap().team_id(), Some(134));
}
