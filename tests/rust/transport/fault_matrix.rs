//! Attempts and errors for every combination of fault and operation effect.

use std::time::{Duration, SystemTime};

use grinfi::{
    Client, ErrorKind, Outcome, RateLimit, RetryPolicy,
    raw::operation::Effect::{self, Idempotent, NonIdempotent, ReadOnly},
};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{
    builder,
    fault_server::{FaultServer, Response},
};

/// Number of attempts, and the kind of the error if there is one.
type CallResult = (u32, Option<ErrorKind>);

async fn outcome(client: &Client, effect: Effect) -> CallResult {
    let request = client.request(Method::POST, "/extra/api/things").json(&"body").effect(effect);
    match request.send().await {
        Ok(response) => (response.attempts(), None),
        Err(error) => (error.attempts(), Some(error.kind())),
    }
}

fn response_with_type(status: u16, content_type: &str, body: &str) -> Response {
    Response::Whole(status, vec![("content-type", content_type.into())], body.into())
}

/// Returns faults with the expected results for safe and non-idempotent operations.
fn faults() -> Vec<(Response, CallResult, CallResult)> {
    let retried = |kind| (3, Some(kind));
    let at_once = |kind| (1, Some(kind));
    let unknown = at_once(ErrorKind::UnknownOutcome);
    let date = |seconds| SystemTime::now() + Duration::from_secs(seconds);
    let mut faults = vec![
        (Response::ResetUnread, retried(ErrorKind::Transport), unknown),
        (Response::ResetRead, retried(ErrorKind::Transport), unknown),
        (Response::Hangup, retried(ErrorKind::Transport), unknown),
        (Response::Stall, retried(ErrorKind::Timeout), unknown),
        (Response::Cut(200, "{\"uuid\":".into()), retried(ErrorKind::Transport), unknown),
        (Response::Trickle(200), retried(ErrorKind::Timeout), unknown),
        (Response::json(408, "{}"), retried(ErrorKind::BadRequest), unknown),
        (Response::html(502), retried(ErrorKind::Server), unknown),
        (Response::json(503, "{}"), retried(ErrorKind::Server), unknown),
        (Response::html(504), retried(ErrorKind::Server), unknown),
        (Response::json(200, ""), (1, None), (1, None)),
        (response_with_type(200, "text/html", "<html></html>"), (1, None), (1, None)),
        (response_with_type(200, "application/octet-stream", "{}"), (1, None), (1, None)),
        (Response::Drip(200, "{\"uuid\": \"u\"}".into()), (1, None), (1, None)),
    ];
    // A gateway error leaves the outcome unknown. Cloudflare uses 520 to 530.
    for status in (520..=527).chain([529, 530]) {
        faults.push((Response::html(status), retried(ErrorKind::Server), unknown));
    }
    for late in ["121".to_owned(), "1e6".to_owned(), httpdate(date(1000))] {
        let limited = at_once(ErrorKind::RateLimited);
        faults.push((Response::too_many(&late), limited, limited));
    }
    for (status, kind) in [
        (307, ErrorKind::BadRequest),
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Unauthorized),
        (402, ErrorKind::OutOfCredits),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (422, ErrorKind::Validation),
    ] {
        faults.push((Response::html(status), at_once(kind), at_once(kind)));
    }
    // The API may return these after the request took effect.
    for (status, kind) in [
        (302, ErrorKind::BadRequest),
        (500, ErrorKind::Server),
        (501, ErrorKind::Server),
        (505, ErrorKind::Server),
        (599, ErrorKind::Server),
    ] {
        faults.push((Response::html(status), at_once(kind), unknown));
    }
    faults
}

fn httpdate(time: SystemTime) -> String {
    chrono::DateTime::<chrono::Utc>::from(time).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn quick(base_url: &str) -> Client {
    builder(base_url).timeout(Duration::from_millis(400)).build().unwrap()
}

#[tokio::test]
async fn permanent_faults_return_the_expected_error_for_every_effect() {
    for (fault, safe, non_idempotent) in faults() {
        for (effect, expected) in [(ReadOnly, safe), (Idempotent, safe), (NonIdempotent, non_idempotent)] {
            let server = FaultServer::start([fault.clone()]).await;
            let found = outcome(&quick(&server.base_url), effect).await;
            assert_eq!(found, expected, "{fault:?} {effect:?}");
            let unread = matches!(fault, Response::ResetUnread);
            let arrived = if unread { 0 } else { expected.0 as usize };
            assert_eq!(server.arrived().len(), arrived, "{fault:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn transient_faults_are_retried_only_for_safe_effects() {
    for (fault, safe, non_idempotent) in faults() {
        for (effect, expected) in [(ReadOnly, safe), (Idempotent, safe), (NonIdempotent, non_idempotent)] {
            let server = FaultServer::start([fault.clone(), Response::json(200, "{}")]).await;
            let (attempts, kind) = outcome(&quick(&server.base_url), effect).await;
            let is_retried = expected.0 > 1;
            assert_eq!(attempts, if is_retried { 2 } else { 1 }, "{fault:?} {effect:?}");
            assert_eq!(kind.is_none(), is_retried || expected.1.is_none(), "{fault:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn status_429_is_retried_for_every_effect_without_using_retries() {
    let unhinted = Response::Whole(429, vec![], String::new());
    let hinted = ["0", "0.01", "-5", "nonsense", "Sun, 06 Nov 1994 08:49:37 GMT"].map(Response::too_many);
    for fault in hinted.into_iter().chain([unhinted]) {
        for effect in [ReadOnly, Idempotent, NonIdempotent] {
            // More responses than retries.
            let script = [vec![fault.clone(); 4], vec![Response::json(200, "{}")]].concat();
            let server = FaultServer::start(script).await;
            let window = Duration::from_secs(1);
            let client =
                builder(&server.base_url).rate_limit(RateLimit::default().window(window)).build().unwrap();
            assert_eq!(outcome(&client, effect).await, (5, None), "{fault:?} {effect:?}");

            let server = FaultServer::start([fault.clone()]).await;
            let client = builder(&server.base_url).retry(RetryPolicy::never()).build().unwrap();
            let limited = (1, Some(ErrorKind::RateLimited));
            assert_eq!(outcome(&client, effect).await, limited, "{fault:?} {effect:?}");
        }
    }
    // A key that stays rate limited results in an error.
    let server = FaultServer::start([Response::too_many("0")]).await;
    let retry =
        RetryPolicy::default().base_delay(Duration::ZERO).max_rate_limit_wait(Duration::from_millis(250));
    let client = builder(&server.base_url).retry(retry).build().unwrap();
    let (attempts, kind) = outcome(&client, NonIdempotent).await;
    assert!(attempts > 1 && kind == Some(ErrorKind::RateLimited), "{attempts} {kind:?}");
}

/// Starts a server that returns `status` to one request and then closes.
async fn server_closed_after(status: u16) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        drop(listener);
        let _ = stream.read(&mut [0; 8192]).await;
        let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        let _ = stream.write_all(head.as_bytes()).await;
    });
    url
}

#[tokio::test]
async fn unknown_outcome_stays_unknown_after_later_connection_errors() {
    let client = quick(&server_closed_after(504).await);
    let error = client.lists().update("l-1", "Autumn").await.unwrap_err();
    assert!(!error.is_connect(), "{error:?}");
    assert_eq!((error.outcome(), error.status()), (Some(Outcome::Unknown), Some(504)));
    assert!(error.to_string().contains("504") && error.to_string().contains("cannot connect"), "{error}");
    assert_eq!((error.attempts(), error.is_retryable()), (3, true));
    // If no attempt took effect, the outcome is `NotSent`.
    let client = quick(&server_closed_after(429).await);
    let retry = RetryPolicy::default().max_retries(1).base_delay(Duration::ZERO);
    let request = client
        .request(Method::PUT, "/x")
        .effect(Idempotent)
        .options(grinfi::RequestOptions::new().retry(retry));
    let error = request.send().await.unwrap_err();
    assert!(error.is_connect() && error.outcome() == Some(Outcome::NotSent), "{error:?}");
}

#[tokio::test]
async fn unknown_outcome_stays_unknown_after_a_later_rejection() {
    let server = FaultServer::start([Response::html(504), Response::json(422, "{}")]).await;
    let error = quick(&server.base_url).lists().update("l-1", "Autumn").await.unwrap_err();
    assert!(error.is_validation() && error.outcome() == Some(Outcome::Unknown), "{error:?}");
    assert!(error.to_string().contains("504"), "{error}");
}

#[tokio::test]
async fn undecodable_response_leaves_the_outcome_of_a_send_unknown() {
    for body in ["", "<html>", "{}"] {
        let server = FaultServer::start([Response::json(201, body)]).await;
        let error = quick(&server.base_url).linkedin_messages().send("s", "c", "Hello").await.unwrap_err();
        assert!(error.is_unknown_outcome() && error.is_decode(), "{body}: {error:?}");
        assert_eq!(error.status(), Some(201), "{body}");
    }
}

#[tokio::test]
async fn invalid_request_is_not_retried() {
    let http = reqwest::Client::builder().https_only(true).build().unwrap();
    let client = builder("http://127.0.0.1:9").http_client(http).build().unwrap();
    let error = client.users().current().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 1), "{error:?}");
}

#[tokio::test]
async fn connection_errors_are_retried_for_every_effect() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for effect in [ReadOnly, Idempotent, NonIdempotent] {
        let client = quick(&format!("http://127.0.0.1:{port}"));
        assert_eq!(outcome(&client, effect).await, (3, Some(ErrorKind::Connect)), "{effect:?}");
    }
    // DNS error.
    let client = quick("http://no-such-host.invalid");
    assert_eq!(outcome(&client, NonIdempotent).await.1, Some(ErrorKind::Connect));
    // The server does not support TLS.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = quick(&format!("https://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    assert_eq!(outcome(&client, NonIdempotent).await, (3, Some(ErrorKind::Connect)));
}
