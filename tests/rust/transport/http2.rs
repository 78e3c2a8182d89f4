//! HTTP/2, which production speaks: what a failed stream says about the request (RFC 9113, 8.7).

use grinfi::{
    Client, ErrorKind, Outcome, RateLimit,
    raw::operation::Effect::{self, Idempotent, NonIdempotent, ReadOnly},
};
use http::Method;

use crate::support::{
    builder,
    http2_server::{Fate, Http2Server},
};

fn client(server: &Http2Server) -> Client {
    builder(&server.base_url).root_certificates(server.ca.as_str()).build().unwrap()
}

async fn send(client: &Client, effect: Effect) -> Result<u32, grinfi::Error> {
    let request = client.request(Method::POST, "/extra/api/things").json(&"body").effect(effect);
    request.send().await.map(|response| response.attempts())
}

#[tokio::test]
async fn retries_streams_that_the_server_declared_unprocessed_whatever_the_effect() {
    for fate in [Fate::Refused, Fate::ExcludedByGoAway] {
        for effect in [ReadOnly, Idempotent, NonIdempotent] {
            let server = Http2Server::start([fate, Fate::Success]).await;
            assert_eq!(send(&client(&server), effect).await.unwrap(), 2, "{fate:?} {effect:?}");
            assert_eq!(server.streams(), 2, "{fate:?} {effect:?}");

            // The retries are the client's own: they are counted, and they end.
            let server = Http2Server::start([fate]).await;
            let error = send(&client(&server), effect).await.unwrap_err();
            assert_eq!((error.attempts(), error.outcome()), (3, Some(Outcome::NotSent)), "{error:?}");
            assert_eq!(server.streams(), 3, "{fate:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn every_other_stream_error_leaves_the_outcome_unknown() {
    for fate in [
        Fate::IncludedByGoAway,
        Fate::GoAwayWithError,
        Fate::ResetBeforeHeaders,
        Fate::ResetAfterHeaders,
        Fate::Closed,
    ] {
        let server = Http2Server::start([fate, Fate::Success]).await;
        let error = send(&client(&server), NonIdempotent).await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{fate:?}: {error:?}");
        assert_eq!((error.attempts(), server.streams()), (1, 1), "{fate:?}: it was sent again");

        for effect in [ReadOnly, Idempotent] {
            let server = Http2Server::start([fate, Fate::Success]).await;
            assert_eq!(send(&client(&server), effect).await.unwrap(), 2, "{fate:?} {effect:?}");
        }
    }
}

#[tokio::test]
async fn what_is_sent_again_counts_against_the_rate_limit() {
    let server = Http2Server::start([Fate::Refused, Fate::Refused, Fate::Success]).await;
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
    let server = Http2Server::start([Fate::Success]).await;
    let client = client(&server);
    send(&client, ReadOnly).await.unwrap();
    let calls = (0..20).map(|_| send(&client, ReadOnly));
    assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_ok));
    assert_eq!((server.streams(), server.connections()), (21, 1));
}
