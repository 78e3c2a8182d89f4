//! Which requests are retried, against a server that injects faults and counts requests.

use std::time::Duration;

use grinfi::{Client, Error, ErrorKind, RetryPolicy};

use crate::support::{
    builder, client,
    fault_server::{FaultServer, Response},
};

const SENT: &str = r#"{"uuid": "m", "status": "new"}"#;

async fn send(client: &Client) -> Result<(), Error> {
    client.linkedin_messages().send("s", "c", "Hello").await.map(drop)
}

async fn read(client: &Client) -> Result<(), Error> {
    client.users().current().await.map(drop)
}

/// Every fault that leaves the outcome unknown.
fn unconfirmed() -> [Response; 9] {
    [
        Response::Hangup,
        Response::Stall,
        Response::Cut(201, "{\"uuid\":".into()),
        Response::html(502),
        Response::html(504),
        Response::json(503, "{}"),
        Response::html(520),
        Response::html(524),
        Response::html(530),
    ]
}

fn quick(server: &FaultServer) -> Client {
    builder(&server.base_url).timeout(Duration::from_millis(100)).build().unwrap()
}

#[tokio::test]
async fn never_resends_a_message_after_an_unknown_outcome() {
    for fault in unconfirmed() {
        let server = FaultServer::start([fault.clone(), Response::json(201, SENT)]).await;
        let error = send(&quick(&server)).await.unwrap_err();
        assert_eq!(server.arrived().len(), 1, "{fault:?}: {error}");
        assert!(error.is_unknown_outcome() && !error.is_retryable(), "{fault:?}: {error:?}");
        assert_eq!((error.attempts(), error.operation()), (1, Some("sendLinkedInMessage")));
        assert!(error.to_string().contains("not retried"), "{error}");
        let request = error.unconfirmed_request().expect("the error has no unconfirmed request");
        let body: serde_json::Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
        assert_eq!((body["text"].as_str(), body["lead_uuid"].as_str()), (Some("Hello"), Some("c")));
        assert!((chrono::Utc::now() - request.started_at).num_minutes() < 5);
        assert!(!format!("{error:?} {request:?}").contains("Hello"), "the message text is printed");
    }
}

#[tokio::test]
async fn rejected_message_returns_its_status() {
    for status in [400, 401, 402, 403, 404, 422] {
        let server = FaultServer::start([Response::json(status, "{}"), Response::json(201, SENT)]).await;
        let error = send(&quick(&server)).await.unwrap_err();
        assert_eq!((server.arrived().len(), error.status()), (1, Some(status)));
        assert!(!error.is_unknown_outcome() && error.unconfirmed_request().is_none(), "{status}");
    }
}

#[tokio::test]
async fn retries_sends_after_429() {
    for wait in ["0", "0.001", "Sun, 06 Nov 1994 08:49:37 GMT", "nonsense"] {
        let server = FaultServer::start([Response::too_many(wait), Response::json(201, SENT)]).await;
        send(&quick(&server)).await.unwrap();
        assert_eq!(server.arrived().len(), 2, "{wait}");
    }
}

#[tokio::test]
async fn retry_after_above_the_limit_ends_the_call() {
    let server = FaultServer::start([Response::too_many("121")]).await;
    let error = read(&quick(&server)).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(121)), 1));
    assert_eq!(error.waited(), Duration::ZERO);
}

#[tokio::test]
async fn retries_reads_after_every_transient_fault() {
    for fault in unconfirmed() {
        let server = FaultServer::start([fault.clone(), Response::json(200, "{}")]).await;
        read(&quick(&server)).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(server.arrived().len(), 2, "{fault:?}");
    }
    let server = FaultServer::start([Response::json(500, "{}")]).await;
    assert_eq!(read(&quick(&server)).await.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!(server.arrived().len(), 1, "a 500 is not transient: the API returns it for invalid filters");
}

#[tokio::test]
async fn retries_search_although_it_is_a_post() {
    let server = FaultServer::start([Response::html(503), Response::json(200, r#"{"data": []}"#)]).await;
    client(&server.base_url).contacts().search().page().await.unwrap();
    let arrived = server.arrived();
    assert_eq!((arrived.len(), arrived[0].method.as_str()), (2, "POST"));
    assert_eq!(arrived[0].body, arrived[1].body);
}

#[tokio::test]
async fn delete_succeeds_if_the_retry_returns_404() {
    let server = FaultServer::start([Response::html(502), Response::json(404, "{}")]).await;
    client(&server.base_url).lists().delete("a").await.unwrap();
    assert_eq!(server.arrived().len(), 2);
    let server = FaultServer::start([Response::json(404, "{}")]).await;
    assert!(client(&server.base_url).lists().delete("a").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn retry_policy_never_disables_retries() {
    let server = FaultServer::start([Response::html(503)]).await;
    let client = builder(&server.base_url).retry(RetryPolicy::never()).build().unwrap();
    assert_eq!(read(&client).await.unwrap_err().attempts(), 1);
    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn unknown_post_is_non_idempotent_by_default() {
    let server = FaultServer::start([Response::Hangup, Response::json(200, "{}")]).await;
    let client = client(&server.base_url);
    let post = || client.request(http::Method::POST, "/extra/api/things");
    assert!(post().send().await.unwrap_err().is_unknown_outcome());
    assert_eq!(server.arrived().len(), 1);
    let server = FaultServer::start([Response::Hangup, Response::json(200, "{}")]).await;
    let client = crate::support::client(&server.base_url);
    let effect = grinfi::raw::operation::Effect::ReadOnly;
    let response =
        client.request(http::Method::POST, "/extra/api/things").effect(effect).send().await.unwrap();
    assert_eq!((response.attempts(), server.arrived().len()), (2, 2));
}

#[tokio::test]
async fn never_resends_a_streamed_upload() {
    let server = FaultServer::start([Response::too_many("0"), Response::json(200, "{}")]).await;
    let client = client(&server.base_url);
    let form = reqwest::multipart::Form::new().text("type", "csv_leads");
    let (content_type, body) = grinfi_raw::Multipart::from(form).into_parts();
    let error = client.call(client.raw().upload_csv_file(&content_type, body)).await.unwrap_err();
    assert_eq!(error.status(), Some(429));
    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn broken_response_of_any_content_type_leaves_the_outcome_unknown() {
    // A proxy changed the content type, and the connection breaks within the body.
    let server =
        FaultServer::start([Response::CutAs(201, "application/octet-stream", "{\"uuid\":".into())]).await;
    let error = send(&quick(&server)).await.unwrap_err();
    assert!(error.is_unknown_outcome() && !error.is_retryable(), "{error:?}");
    assert_eq!(server.arrived().len(), 1);
}
