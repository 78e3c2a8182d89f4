//! Rate limit, deadline and options of single calls.

use std::time::Duration;

use grinfi::{Client, Error, RateLimit, RequestOptions, RetryPolicy, raw::operation::Effect};
use http::Method;

use crate::support::{
    builder, client,
    fault_server::{FaultServer, Response},
};

const SHORT: Duration = Duration::from_millis(250);

async fn always_ok() -> FaultServer {
    FaultServer::start([Response::json(200, "{}")]).await
}

async fn read(client: &Client) -> Result<(), Error> {
    client.users().current().await.map(drop)
}

async fn write(client: &Client) -> Result<(), Error> {
    client.request(Method::POST, "/extra/api/things").send().await.map(drop)
}

#[tokio::test]
async fn clients_of_a_key_share_its_rate_limit() {
    let server = always_ok().await;
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
async fn status_429_pauses_all_clients_of_the_key() {
    let server = FaultServer::start([Response::too_many("1"), Response::json(200, "{}")]).await;
    let first = builder(&server.base_url).retry(RetryPolicy::never()).build().unwrap();
    let second = client(&server.base_url);
    assert!(read(&first).await.unwrap_err().is_rate_limited());
    let response = second.request(Method::GET, "/x").send().await.unwrap();
    assert_eq!(response.attempts(), 1);
    assert!(response.waited() > Duration::from_millis(250), "{:?}", response.waited());
}

#[tokio::test]
async fn pause_above_max_retry_after_ends_the_call_before_sending() {
    let server = FaultServer::start([Response::too_many("100")]).await;
    let client = builder(&server.base_url).retry(RetryPolicy::never()).build().unwrap();
    assert_eq!(read(&client).await.unwrap_err().attempts(), 1);
    let impatient = RetryPolicy::default().max_retry_after(Duration::from_secs(10));
    let error = write(&client.with_options(RequestOptions::new().retry(impatient))).await.unwrap_err();
    assert!(error.is_rate_limited() && !error.is_unknown_outcome(), "{error:?}");
    assert!(error.retry_after().unwrap() > Duration::from_secs(90));
    assert_eq!((error.attempts(), server.arrived().len()), (0, 1));
}

#[tokio::test]
async fn deadline_error_reports_the_wait() {
    // The response.
    let server = FaultServer::start([Response::Stall]).await;
    let client = builder(&server.base_url).deadline(SHORT).build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    assert_eq!((error.waiting_for(), error.attempts()), (Some("the response"), 1));
    assert_eq!(error.operation(), Some("getCurrentUser"));
    let error = write(&client).await.unwrap_err();
    assert!(error.is_unknown_outcome() && !error.is_retryable(), "{error:?}");
    assert_eq!(error.waiting_for(), Some("the response"));

    // The retry delay. The call fails at once if the delay exceeds the deadline.
    let server = FaultServer::start([Response::html(503)]).await;
    let slow =
        RetryPolicy::default().base_delay(Duration::from_secs(3600)).max_delay(Duration::from_secs(3600));
    let client = builder(&server.base_url).retry(slow).deadline(SHORT).build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert_eq!((error.waiting_for(), error.attempts()), (Some("the retry delay"), 1));
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("503"), "{error:?}");

    // The pause after a 429.
    let server = FaultServer::start([Response::too_many("100")]).await;
    let client = builder(&server.base_url).deadline(SHORT).build().unwrap();
    let error = write(&client).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_unknown_outcome(), "{error:?}");
    assert_eq!(error.waiting_for(), Some("the retry delay of the API"));
    assert!(error.retry_after().is_some());

    // The rate limit.
    let server = always_ok().await;
    let client = builder(&server.base_url)
        .rate_limit(RateLimit::default().requests(1))
        .deadline(SHORT)
        .build()
        .unwrap();
    read(&client).await.unwrap();
    let error = write(&client).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_unknown_outcome(), "{error:?}");
    assert_eq!((error.waiting_for(), error.attempts()), (Some("the rate limit"), 0));
    assert!(error.waited() >= SHORT / 2 && server.arrived().len() == 1);
}

#[tokio::test]
async fn options_apply_only_to_their_calls() {
    let server = FaultServer::start([Response::html(503)]).await;
    let client = client(&server.base_url);
    let once = client
        .with_options(RequestOptions::new().retry(RetryPolicy::never()).header("x-tenant", "7").unwrap());
    assert_eq!(read(&once).await.unwrap_err().attempts(), 1);
    assert_eq!(read(&client).await.unwrap_err().attempts(), 3);
    let tenants: Vec<_> = server.arrived().iter().map(|r| r.header("x-tenant").map(str::to_owned)).collect();
    assert_eq!(tenants, [Some("7".to_owned()), None, None, None]);

    // Later options override earlier ones; other options are kept.
    let both = once.with_options(RequestOptions::new().header("x-tenant", "8").unwrap());
    assert_eq!(read(&both).await.unwrap_err().attempts(), 1);
    assert_eq!(server.arrived()[4].header("x-tenant"), Some("8"));

    // Operations that the caller declares idempotent are retried, for a client and for a request.
    let idempotent = client.with_options(RequestOptions::new().idempotent());
    assert_eq!(write(&idempotent).await.unwrap_err().attempts(), 3);
    assert_eq!(idempotent.lists().create("Autumn").await.unwrap_err().attempts(), 3);
    let request = client.request(Method::POST, "/x").options(RequestOptions::new().effect(Effect::ReadOnly));
    assert_eq!(request.send().await.unwrap_err().attempts(), 3);
    let error =
        idempotent.request(Method::POST, "/x").effect(Effect::NonIdempotent).send().await.unwrap_err();
    assert_eq!((error.attempts(), error.is_unknown_outcome()), (1, true));
}

#[tokio::test]
async fn timeout_and_deadline_can_be_set_per_call() {
    let server = FaultServer::start([Response::Stall]).await;
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
async fn delete_returns_404_if_the_first_attempt_was_rate_limited() {
    let server = FaultServer::start([Response::too_many("0"), Response::json(404, "{}")]).await;
    let error = client(&server.base_url).lists().delete("a").await.unwrap_err();
    assert!(error.is_not_found(), "the rate-limited attempt deleted nothing");
}
