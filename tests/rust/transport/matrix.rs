//! Every fault with every class of operation: how often it is tried, and what comes of it.

use std::time::{Duration, SystemTime};

use grinfi::{
    Client, Kind,
    raw::operation::Effect::{self, Acts, Idempotent, Reads},
};
use http::Method;

use crate::support::{
    builder,
    fault_server::{Answer, FaultServer},
};

/// What a call comes to: attempts, and the kind of error or none.
type Outcome = (u32, Option<Kind>);

async fn outcome(client: &Client, effect: Effect) -> Outcome {
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
fn faults() -> Vec<(Answer, Outcome, Outcome)> {
    let passing = |kind| (3, Some(kind));
    let at_once = |kind| (1, Some(kind));
    let unknown = at_once(Kind::UnknownOutcome);
    let date = |seconds| SystemTime::now() + Duration::from_secs(seconds);
    let mut faults = vec![
        (Answer::ResetUnread, passing(Kind::Transport), unknown),
        (Answer::ResetRead, passing(Kind::Transport), unknown),
        (Answer::Hangup, passing(Kind::Transport), unknown),
        (Answer::Stall, passing(Kind::Timeout), unknown),
        (Answer::Cut(200, "{\"uuid\":".into()), passing(Kind::Transport), unknown),
        (Answer::Trickle(200), passing(Kind::Timeout), unknown),
        (Answer::json(408, "{}"), passing(Kind::BadRequest), unknown),
        (Answer::html(502), passing(Kind::Server), unknown),
        (Answer::json(503, "{}"), passing(Kind::Server), unknown),
        (Answer::html(504), passing(Kind::Server), unknown),
        (Answer::Whole(429, vec![], String::new()), passing(Kind::RateLimited), passing(Kind::RateLimited)),
        (Answer::json(200, ""), (1, None), (1, None)),
        (whole(200, "text/html", "<html></html>"), (1, None), (1, None)),
        (whole(200, "application/octet-stream", "{}"), (1, None), (1, None)),
        (Answer::Drip(200, "{\"uuid\": \"u\"}".into()), (1, None), (1, None)),
    ];
    for soon in ["0", "0.01", "-5", "nonsense", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let limited = passing(Kind::RateLimited);
        faults.push((Answer::too_many(soon), limited, limited));
    }
    for late in ["121".to_owned(), "1e6".to_owned(), httpdate(date(1000))] {
        let limited = at_once(Kind::RateLimited);
        faults.push((Answer::too_many(&late), limited, limited));
    }
    for (status, kind) in [
        (302, Kind::BadRequest),
        (400, Kind::BadRequest),
        (401, Kind::Unauthorized),
        (402, Kind::OutOfCredits),
        (403, Kind::Forbidden),
        (404, Kind::NotFound),
        (422, Kind::Validation),
        (500, Kind::Server),
        (501, Kind::Server),
    ] {
        faults.push((Answer::html(status), at_once(kind), at_once(kind)));
    }
    faults
}

fn httpdate(time: SystemTime) -> String {
    chrono::DateTime::<chrono::Utc>::from(time).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn quick(base_url: &str) -> Client {
    builder(base_url).attempt_timeout(Duration::from_millis(400)).build().unwrap()
}

#[tokio::test]
async fn every_fault_with_every_effect() {
    for (fault, harmless, acting) in faults() {
        for (effect, expected) in [(Reads, harmless), (Idempotent, harmless), (Acts, acting)] {
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
        for (effect, expected) in [(Reads, harmless), (Idempotent, harmless), (Acts, acting)] {
            let server = FaultServer::start([fault.clone(), Answer::json(200, "{}")]).await;
            let (attempts, kind) = outcome(&quick(&server.base_url), effect).await;
            let goes_on = expected.0 > 1;
            assert_eq!(attempts, if goes_on { 2 } else { 1 }, "{fault:?} {effect:?}");
            assert_eq!(kind.is_none(), goes_on || expected.1.is_none(), "{fault:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_whatever_the_effect() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for effect in [Reads, Idempotent, Acts] {
        let client = quick(&format!("http://127.0.0.1:{port}"));
        assert_eq!(outcome(&client, effect).await, (3, Some(Kind::Connect)), "{effect:?}");
    }
    // No host of that name: DNS.
    let client = quick("http://no-such-host.invalid");
    assert_eq!(outcome(&client, Acts).await.1, Some(Kind::Connect));
    // Nobody there who speaks TLS.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = quick(&format!("https://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    assert_eq!(outcome(&client, Acts).await, (3, Some(Kind::Connect)));
}
