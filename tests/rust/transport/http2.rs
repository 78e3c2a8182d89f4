//! Retries after failed HTTP/2 streams (RFC 9113, section 8.7).

use grinfi::{
    Client, ErrorKind, Outcome, RateLimit,
    raw::operation::Effect::{self, Idempotent, NonIdempotent, ReadOnly},
};
use http::Method;

use crate::support::{
    builder,
    http2_server::{Http2Server, StreamResult},
};

fn client(server: &Http2Server) -> Client {
    builder(&server.base_url).root_certificates(server.ca.as_str()).build().unwrap()
}

async fn send(client: &Client, effect: Effect) -> Result<u32, grinfi::Error> {
    let request = client.request(Method::POST, "/extra/api/things").json(&"body").effect(effect);
    request.send().await.map(|response| response.attempts())
}

#[tokio::test]
async fn retries_unprocessed_streams_for_every_effect() {
    for result in [StreamResult::Refused, StreamResult::ExcludedByGoAway] {
        for effect in [ReadOnly, Idempotent, NonIdempotent] {
            let server = Http2Server::start([result, StreamResult::Success]).await;
            assert_eq!(send(&client(&server), effect).await.unwrap(), 2, "{result:?} {effect:?}");
            assert_eq!(server.streams(), 2, "{result:?} {effect:?}");

            // The client counts and limits these retries.
            let server = Http2Server::start([result]).await;
            let error = send(&client(&server), effect).await.unwrap_err();
            assert_eq!((error.attempts(), error.outcome()), (3, Some(Outcome::NotSent)), "{error:?}");
            assert_eq!(server.streams(), 3, "{result:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn other_stream_errors_leave_the_outcome_unknown() {
    for result in [
        StreamResult::IncludedByGoAway,
        StreamResult::GoAwayWithError,
        StreamResult::ResetBeforeHeaders,
        StreamResult::ResetAfterHeaders,
        StreamResult::Closed,
    ] {
        let server = Http2Server::start([result, StreamResult::Success]).await;
        let error = send(&client(&server), NonIdempotent).await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{result:?}: {error:?}");
        assert_eq!((error.attempts(), server.streams()), (1, 1), "{result:?}: the request was retried");

        for effect in [ReadOnly, Idempotent] {
            let server = Http2Server::start([result, StreamResult::Success]).await;
            assert_eq!(send(&client(&server), effect).await.unwrap(), 2, "{result:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn retried_streams_count_against_the_rate_limit() {
    let server =
        Http2Server::start([StreamResult::Refused, StreamResult::Refused, StreamResult::Success]).await;
    let client = builder(&server.base_url)
        .root_certificates(server.ca.as_str())
        .rate_limit(RateLimit::default().requests(2))
        .deadline(std::time::Duration::from_millis(300))
        .build()
        .unwrap();
    let error = send(&client, NonIdempotent).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.waiting_for()),
        (ErrorKind::Timeout, Some("the rate limit")),
        "{error:?}"
    );
    assert_eq!((error.outcome(), server.streams()), (Some(Outcome::NotSent), 2));
}

#[tokio::test]
async fn many_requests_share_one_connection() {
    let server = Http2Server::start([StreamResult::Success]).await;
    let client = client(&server);
    send(&client, ReadOnly).await.unwrap();
    let calls = (0..20).map(|_| send(&client, ReadOnly));
    assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_ok));
    assert_eq!((server.streams(), server.connections()), (21, 1));
}
