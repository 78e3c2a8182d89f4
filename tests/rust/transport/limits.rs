//! The rate limit, the deadline and the options of single calls, over sockets.

use std::time::Duration;

use grinfi::{Client, Error, RateLimit, RequestOptions, RetryPolicy, raw::operation::Effect};
use http::Method;

use crate::support::{
    builder, client,
    fault_server::{Answer, FaultServer},
};

const SHORT: Duration = Duration::from_millis(250);

async fn ok() -> FaultServer {
    FaultServer::start([Answer::json(200, "{}")]).await
}

async fn read(client: &Client) -> Result<(), Error> {
    client.users().current().await.map(drop)
}

async fn act(client: &Client) -> Result<(), Error> {
    client.request(Method::POST, "/extra/api/things").send().await.map(drop)
}

#[tokio::test]
async fn all_clients_of_a_key_share_its_quota_and_a_wait_shows() {
    let server = ok().await;
    let window = Duration::from_secs(1);
    let first = builder(&server.base_url)
        .rate_limit(RateLimit::default().requests(2).window(window))
        .build()
        .unwrap();
    let second = client(&server.base_url);
    let get = |client: &Client| client.request(Method::GET, "/x").send();
    assert_eq!(get(&first).await.unwrap().waited(), Duration::ZERO);
    assert_eq!(get(&second).await.unwrap().waited(), Duration::ZERO);
    let waited = get(&first.clone()).await.unwrap().waited();
    assert!(waited > window / 4, "{waited:?}");
}

#[tokio::test]
async fn a_429_of_one_client_makes_the_others_of_its_key_wait() {
    let server = FaultServer::start([Answer::too_many("1"), Answer::json(200, "{}")]).await;
    let first = builder(&server.base_url).retry(RetryPolicy::never()).build().unwrap();
    let second = client(&server.base_url);
    assert!(read(&first).await.unwrap_err().is_rate_limited());
    let answer = second.request(Method::GET, "/x").send().await.unwrap();
    assert_eq!(answer.attempts(), 1);
    assert!(answer.waited() > Duration::from_millis(250), "{:?}", answer.waited());
}

#[tokio::test]
async fn a_pause_past_the_cap_of_another_ends_its_call_and_nothing_is_sent() {
    let server = FaultServer::start([Answer::too_many("100")]).await;
    let client = builder(&server.base_url).retry(RetryPolicy::never()).build().unwrap();
    assert_eq!(read(&client).await.unwrap_err().attempts(), 1);
    let hurried = RetryPolicy::default().max_retry_after(Duration::from_secs(10));
    let error = act(&client.with_options(RequestOptions::new().retry(hurried))).await.unwrap_err();
    assert!(error.is_rate_limited() && !error.is_unknown_outcome(), "{error:?}");
    assert!(error.retry_after().unwrap() > Duration::from_secs(90));
    assert_eq!((error.attempts(), server.arrived().len()), (0, 1));
}

#[tokio::test]
async fn the_deadline_says_what_was_waited_for() {
    // For the answer.
    let server = FaultServer::start([Answer::Stall]).await;
    let client = builder(&server.base_url).deadline(SHORT).build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    assert_eq!((error.waiting_for(), error.attempts()), (Some("the response"), 1));
    assert_eq!(error.operation(), Some("getCurrentUser"));
    let error = act(&client).await.unwrap_err();
    assert!(error.is_unknown_outcome() && !error.is_retryable(), "{error:?}");
    assert_eq!(error.waiting_for(), Some("the response"));

    // For the next attempt; there is no use in waiting until it is certain.
    let server = FaultServer::start([Answer::html(503)]).await;
    let slow =
        RetryPolicy::default().base_delay(Duration::from_secs(3600)).max_delay(Duration::from_secs(3600));
    let client = builder(&server.base_url).retry(slow).deadline(SHORT).build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert_eq!((error.waiting_for(), error.attempts()), (Some("the retry delay"), 1));
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("503"), "{error:?}");

    // For the pause after a 429.
    let server = FaultServer::start([Answer::too_many("100")]).await;
    let client = builder(&server.base_url).deadline(SHORT).build().unwrap();
    let error = act(&client).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_unknown_outcome(), "{error:?}");
    assert_eq!(error.waiting_for(), Some("the retry delay of the API"));
    assert!(error.retry_after().is_some());

    // For the rate limit.
    let server = ok().await;
    let client = builder(&server.base_url)
        .rate_limit(RateLimit::default().requests(1))
        .deadline(SHORT)
        .build()
        .unwrap();
    read(&client).await.unwrap();
    let error = act(&client).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_unknown_outcome(), "{error:?}");
    assert_eq!((error.waiting_for(), error.attempts()), (Some("the rate limit"), 0));
    assert!(error.waited() >= SHORT / 2 && server.arrived().len() == 1);
}

#[tokio::test]
async fn options_hold_for_the_calls_that_they_are_for() {
    let server = FaultServer::start([Answer::html(503)]).await;
    let client = client(&server.base_url);
    let once = client
        .with_options(RequestOptions::new().retry(RetryPolicy::never()).header("x-tenant", "7").unwrap());
    assert_eq!(read(&once).await.unwrap_err().attempts(), 1);
    assert_eq!(read(&client).await.unwrap_err().attempts(), 3);
    let tenants: Vec<_> = server.arrived().iter().map(|r| r.header("x-tenant").map(str::to_owned)).collect();
    assert_eq!(tenants, [Some("7".to_owned()), None, None, None]);

    // On top of each other: later ones hold, others stay.
    let both = once.with_options(RequestOptions::new().header("x-tenant", "8").unwrap());
    assert_eq!(read(&both).await.unwrap_err().attempts(), 1);
    assert_eq!(server.arrived()[4].header("x-tenant"), Some("8"));

    // What acts is repeated where the caller vouches for it, on a client and on a request.
    let vouched = client.with_options(RequestOptions::new().idempotent());
    assert_eq!(act(&vouched).await.unwrap_err().attempts(), 3);
    assert_eq!(vouched.lists().create("Autumn").await.unwrap_err().attempts(), 3);
    let request = client.request(Method::POST, "/x").options(RequestOptions::new().effect(Effect::ReadOnly));
    assert_eq!(request.send().await.unwrap_err().attempts(), 3);
    let acting = vouched.request(Method::POST, "/x").effect(Effect::NonIdempotent).send().await.unwrap_err();
    assert_eq!((acting.attempts(), acting.is_unknown_outcome()), (1, true));
}

#[tokio::test]
async fn limits_can_be_set_for_one_call() {
    let server = FaultServer::start([Answer::Stall]).await;
    let client = builder(&server.base_url).deadline(SHORT).build().unwrap();
    let options = RequestOptions::new().no_deadline().timeout(SHORT / 2).retry(RetryPolicy::never());
    let error = read(&client.with_options(options)).await.unwrap_err();
    assert!(error.is_timeout() && error.waiting_for().is_none(), "{error:?}");
    let error = client
        .request(Method::GET, "/x")
        .options(RequestOptions::new().deadline(SHORT / 2))
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("0.125 s"), "{error}");
}

#[tokio::test]
async fn a_404_after_a_refused_delete_is_a_404() {
    let server = FaultServer::start([Answer::too_many("0"), Answer::json(404, "{}")]).await;
    let error = client(&server.base_url).lists().delete("a").await.unwrap_err();
    assert!(error.is_not_found(), "nothing was deleted by a request that was refused");
}
