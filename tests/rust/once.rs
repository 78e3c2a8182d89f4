//! What is repeated and what is not, against a server that fails in every way and counts what reached it.

use std::time::Duration;

use grinfi::{Client, Error, ErrorKind, RetryPolicy};

use crate::support::{
    builder, client,
    fault_server::{Answer, FaultServer},
};

const SENT: &str = r#"{"uuid": "m", "status": "new"}"#;

async fn send(client: &Client) -> Result<(), Error> {
    client.linkedin_messages().send("s", "c", "Hello").await.map(drop)
}

async fn read(client: &Client) -> Result<(), Error> {
    client.users().current().await.map(drop)
}

/// Every fault after which nobody knows whether the API did it.
fn unconfirmed() -> [Answer; 9] {
    [
        Answer::Hangup,
        Answer::Stall,
        Answer::Cut(201, "{\"uuid\":".into()),
        Answer::html(502),
        Answer::html(504),
        Answer::json(503, "{}"),
        Answer::html(520),
        Answer::html(524),
        Answer::html(530),
    ]
}

fn quick(server: &FaultServer) -> Client {
    builder(&server.base_url).timeout(Duration::from_millis(100)).build().unwrap()
}

#[tokio::test]
async fn a_message_that_may_have_arrived_is_never_sent_again() {
    for fault in unconfirmed() {
        let server = FaultServer::start([fault.clone(), Answer::json(201, SENT)]).await;
        let error = send(&quick(&server)).await.unwrap_err();
        assert_eq!(server.arrived().len(), 1, "{fault:?}: {error}");
        assert!(error.is_unknown_outcome() && !error.is_retryable(), "{fault:?}: {error:?}");
        assert_eq!((error.attempts(), error.operation()), (1, Some("sendLinkedInMessage")));
        assert!(error.to_string().contains("not retried"), "{error}");
        let request = error.unconfirmed_request().expect("it tells what to look for");
        let body: serde_json::Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
        assert_eq!((body["text"].as_str(), body["lead_uuid"].as_str()), (Some("Hello"), Some("c")));
        assert!((chrono::Utc::now() - request.started_at).num_minutes() < 5);
        assert!(!format!("{error:?} {request:?}").contains("Hello"), "people's data is not printed");
    }
}

#[tokio::test]
async fn a_message_that_was_surely_refused_is_told_as_that() {
    for status in [400, 401, 402, 403, 404, 422] {
        let server = FaultServer::start([Answer::json(status, "{}"), Answer::json(201, SENT)]).await;
        let error = send(&quick(&server)).await.unwrap_err();
        assert_eq!((server.arrived().len(), error.status()), (1, Some(status)));
        assert!(!error.is_unknown_outcome() && error.unconfirmed_request().is_none(), "{status}");
    }
}

#[tokio::test]
async fn a_429_never_arrived_and_is_repeated() {
    for wait in ["0", "0.001", "Sun, 06 Nov 1994 08:49:37 GMT", "nonsense"] {
        let server = FaultServer::start([Answer::too_many(wait), Answer::json(201, SENT)]).await;
        send(&quick(&server)).await.unwrap();
        assert_eq!(server.arrived().len(), 2, "{wait}");
    }
}

#[tokio::test]
async fn a_wait_past_the_cap_ends_the_call_at_once() {
    let server = FaultServer::start([Answer::too_many("121")]).await;
    let error = read(&quick(&server)).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(121)), 1));
    assert_eq!(error.waited(), Duration::ZERO);
}

#[tokio::test]
async fn reading_goes_on_after_every_passing_fault() {
    for fault in unconfirmed() {
        let server = FaultServer::start([fault.clone(), Answer::json(200, "{}")]).await;
        read(&quick(&server)).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(server.arrived().len(), 2, "{fault:?}");
    }
    let server = FaultServer::start([Answer::json(500, "{}")]).await;
    assert_eq!(read(&quick(&server)).await.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!(server.arrived().len(), 1, "a 500 means a bad request here");
}

#[tokio::test]
async fn a_search_is_a_post_that_reads() {
    let server = FaultServer::start([Answer::html(503), Answer::json(200, r#"{"data": []}"#)]).await;
    client(&server.base_url).contacts().search().page().await.unwrap();
    let arrived = server.arrived();
    assert_eq!((arrived.len(), arrived[0].method.as_str()), (2, "POST"));
    assert_eq!(arrived[0].body, arrived[1].body);
}

#[tokio::test]
async fn a_repeated_delete_that_finds_nothing_has_succeeded() {
    let server = FaultServer::start([Answer::html(502), Answer::json(404, "{}")]).await;
    client(&server.base_url).lists().delete("a").await.unwrap();
    assert_eq!(server.arrived().len(), 2);
    let server = FaultServer::start([Answer::json(404, "{}")]).await;
    assert!(client(&server.base_url).lists().delete("a").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn retries_can_be_turned_off() {
    let server = FaultServer::start([Answer::html(503)]).await;
    let client = builder(&server.base_url).retry(RetryPolicy::never()).build().unwrap();
    assert_eq!(read(&client).await.unwrap_err().attempts(), 1);
    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn an_undescribed_post_counts_as_acting_unless_told_otherwise() {
    let server = FaultServer::start([Answer::Hangup, Answer::json(200, "{}")]).await;
    let client = client(&server.base_url);
    let post = || client.request(http::Method::POST, "/extra/api/things");
    assert!(post().send().await.unwrap_err().is_unknown_outcome());
    assert_eq!(server.arrived().len(), 1);
    let server = FaultServer::start([Answer::Hangup, Answer::json(200, "{}")]).await;
    let client = crate::support::client(&server.base_url);
    let reads = grinfi::raw::operation::Effect::ReadOnly;
    let answer = client.request(http::Method::POST, "/extra/api/things").effect(reads).send().await.unwrap();
    assert_eq!((answer.attempts(), server.arrived().len()), (2, 2));
}

#[tokio::test]
async fn a_streamed_upload_is_never_replayed() {
    let server = FaultServer::start([Answer::too_many("0"), Answer::json(200, "{}")]).await;
    let client = client(&server.base_url);
    let form = reqwest::multipart::Form::new().text("type", "csv_leads");
    let (content_type, body) = grinfi_raw::Multipart::from(form).into_parts();
    let error = client.call(client.raw().upload_csv_file(&content_type, body)).await.unwrap_err();
    assert_eq!(error.status(), Some(429));
    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn what_acts_is_read_whole_whatever_its_answer_is_called() {
    // A proxy that renames the answer, and a connection that breaks in the middle of it.
    let server =
        FaultServer::start([Answer::CutAs(201, "application/octet-stream", "{\"uuid\":".into())]).await;
    let error = send(&quick(&server)).await.unwrap_err();
    assert!(error.is_unknown_outcome() && !error.is_retryable(), "{error:?}");
    assert_eq!(server.arrived().len(), 1);
}
