//! Every fault with every class of operation: how often it is tried, and what comes of it.

use std::time::{Duration, SystemTime};

use grinfi::{
    Client, ErrorKind, Outcome, RateLimit, RetryPolicy,
    raw::operation::Effect::{self, Idempotent, NonIdempotent, ReadOnly},
};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{
    builder,
    fault_server::{Answer, FaultServer},
};

/// What a call comes to: attempts, and the kind of error or none.
type CallResult = (u32, Option<ErrorKind>);

async fn outcome(client: &Client, effect: Effect) -> CallResult {
    let request = client.request(Method::POST, "/extra/api/things").json(&"body").effect(effect);
    match request.send().await {
        Ok(answer) => (answer.attempts(), None),
        Err(error) => (error.attempts(), Some(error.kind())),
    }
}

fn whole(status: u16, content_type: &str, body: &str) -> Answer {
    Answer::Whole(status, vec![("content-type", content_type.into())], body.into())
}

/// The last answer of a script repeats, so each fault here lasts.
fn faults() -> Vec<(Answer, CallResult, CallResult)> {
    let passing = |kind| (3, Some(kind));
    let at_once = |kind| (1, Some(kind));
    let unknown = at_once(ErrorKind::UnknownOutcome);
    let date = |seconds| SystemTime::now() + Duration::from_secs(seconds);
    let mut faults = vec![
        (Answer::ResetUnread, passing(ErrorKind::Transport), unknown),
        (Answer::ResetRead, passing(ErrorKind::Transport), unknown),
        (Answer::Hangup, passing(ErrorKind::Transport), unknown),
        (Answer::Stall, passing(ErrorKind::Timeout), unknown),
        (Answer::Cut(200, "{\"uuid\":".into()), passing(ErrorKind::Transport), unknown),
        (Answer::Trickle(200), passing(ErrorKind::Timeout), unknown),
        (Answer::json(408, "{}"), passing(ErrorKind::BadRequest), unknown),
        (Answer::html(502), passing(ErrorKind::Server), unknown),
        (Answer::json(503, "{}"), passing(ErrorKind::Server), unknown),
        (Answer::html(504), passing(ErrorKind::Server), unknown),
        (Answer::json(200, ""), (1, None), (1, None)),
        (whole(200, "text/html", "<html></html>"), (1, None), (1, None)),
        (whole(200, "application/octet-stream", "{}"), (1, None), (1, None)),
        (Answer::Drip(200, "{\"uuid\": \"u\"}".into()), (1, None), (1, None)),
    ];
    // A gateway's word says nothing of what the API behind it did; Cloudflare has a range of its own.
    for status in (520..=527).chain([529, 530]) {
        faults.push((Answer::html(status), passing(ErrorKind::Server), unknown));
    }
    for late in ["121".to_owned(), "1e6".to_owned(), httpdate(date(1000))] {
        let limited = at_once(ErrorKind::RateLimited);
        faults.push((Answer::too_many(&late), limited, limited));
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
        faults.push((Answer::html(status), at_once(kind), at_once(kind)));
    }
    // The API may have raised these after its work was done.
    for (status, kind) in [
        (302, ErrorKind::BadRequest),
        (500, ErrorKind::Server),
        (501, ErrorKind::Server),
        (505, ErrorKind::Server),
        (599, ErrorKind::Server),
    ] {
        faults.push((Answer::html(status), at_once(kind), unknown));
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
async fn every_fault_with_every_effect() {
    for (fault, harmless, acting) in faults() {
        for (effect, expected) in [(ReadOnly, harmless), (Idempotent, harmless), (NonIdempotent, acting)] {
            let server = FaultServer::start([fault.clone()]).await;
            let found = outcome(&quick(&server.base_url), effect).await;
            assert_eq!(found, expected, "{fault:?} {effect:?}");
            let unread = matches!(fault, Answer::ResetUnread);
            let arrived = if unread { 0 } else { expected.0 as usize };
            assert_eq!(server.arrived().len(), arrived, "{fault:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn a_fault_that_passes_is_got_over_where_nothing_can_come_of_it() {
    for (fault, harmless, acting) in faults() {
        for (effect, expected) in [(ReadOnly, harmless), (Idempotent, harmless), (NonIdempotent, acting)] {
            let server = FaultServer::start([fault.clone(), Answer::json(200, "{}")]).await;
            let (attempts, kind) = outcome(&quick(&server.base_url), effect).await;
            let goes_on = expected.0 > 1;
            assert_eq!(attempts, if goes_on { 2 } else { 1 }, "{fault:?} {effect:?}");
            assert_eq!(kind.is_none(), goes_on || expected.1.is_none(), "{fault:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn a_429_is_waited_out_whatever_the_effect_and_uses_up_no_retries() {
    let unhinted = Answer::Whole(429, vec![], String::new());
    let hinted = ["0", "0.01", "-5", "nonsense", "Sun, 06 Nov 1994 08:49:37 GMT"].map(Answer::too_many);
    for fault in hinted.into_iter().chain([unhinted]) {
        for effect in [ReadOnly, Idempotent, NonIdempotent] {
            // More of them than there are retries.
            let script = [vec![fault.clone(); 4], vec![Answer::json(200, "{}")]].concat();
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
    // A key that stays rate limited ends in an error.
    let server = FaultServer::start([Answer::too_many("0")]).await;
    let patience =
        RetryPolicy::default().base_delay(Duration::ZERO).max_rate_limit_wait(Duration::from_millis(250));
    let client = builder(&server.base_url).retry(patience).build().unwrap();
    let (attempts, kind) = outcome(&client, NonIdempotent).await;
    assert!(attempts > 1 && kind == Some(ErrorKind::RateLimited), "{attempts} {kind:?}");
}

/// A server that answers one request with `status`, and is gone then.
async fn gone_after(status: u16) -> String {
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
async fn an_unknown_outcome_stays_unknown_when_later_attempts_find_no_connection() {
    let client = quick(&gone_after(504).await);
    let error = client.lists().update("l-1", "Autumn").await.unwrap_err();
    assert!(!error.is_connect(), "{error:?}");
    assert_eq!((error.outcome(), error.status()), (Some(Outcome::Unknown), Some(504)));
    assert!(error.to_string().contains("504") && error.to_string().contains("no connection"), "{error}");
    assert_eq!((error.attempts(), error.is_retryable()), (3, true));
    // Where nothing was sent at all, that is what it says.
    let client = quick(&gone_after(429).await);
    let retry = RetryPolicy::default().max_retries(1).base_delay(Duration::ZERO);
    let request = client
        .request(Method::PUT, "/x")
        .effect(Idempotent)
        .options(grinfi::RequestOptions::new().retry(retry));
    let error = request.send().await.unwrap_err();
    assert!(error.is_connect() && error.outcome() == Some(Outcome::NotSent), "{error:?}");
}

#[tokio::test]
async fn a_later_refusal_does_not_hide_an_unknown_outcome() {
    let server = FaultServer::start([Answer::html(504), Answer::json(422, "{}")]).await;
    let error = quick(&server.base_url).lists().update("l-1", "Autumn").await.unwrap_err();
    assert!(error.is_validation() && error.outcome() == Some(Outcome::Unknown), "{error:?}");
    assert!(error.to_string().contains("504"), "{error}");
}

#[tokio::test]
async fn a_response_that_cannot_be_read_leaves_a_send_unknown() {
    for body in ["", "<html>", "{}"] {
        let server = FaultServer::start([Answer::json(201, body)]).await;
        let error = quick(&server.base_url).linkedin_messages().send("s", "c", "Hello").await.unwrap_err();
        assert!(error.is_unknown_outcome() && error.is_decode(), "{body}: {error:?}");
        assert_eq!(error.status(), Some(201), "{body}");
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_built_is_not_retried() {
    let http = reqwest::Client::builder().https_only(true).build().unwrap();
    let client = builder("http://127.0.0.1:9").http_client(http).build().unwrap();
    let error = client.users().current().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 1), "{error:?}");
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_whatever_the_effect() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for effect in [ReadOnly, Idempotent, NonIdempotent] {
        let client = quick(&format!("http://127.0.0.1:{port}"));
        assert_eq!(outcome(&client, effect).await, (3, Some(ErrorKind::Connect)), "{effect:?}");
    }
    // No host of that name: DNS.
    let client = quick("http://no-such-host.invalid");
    assert_eq!(outcome(&client, NonIdempotent).await.1, Some(ErrorKind::Connect));
    // Nobody there who speaks TLS.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = quick(&format!("https://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    assert_eq!(outcome(&client, NonIdempotent).await, (3, Some(ErrorKind::Connect)));
}
