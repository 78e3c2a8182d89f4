//! Interceptors, options of a single call, and responses of typed calls.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::future::{BoxFuture, join_all};
use grinfi::{
    RequestOptions,
    request::{Interceptor, Next},
};

use crate::support::{
    builder, client,
    fault_server::{FaultServer, Response},
};

/// Adds a header that counts the attempts and replaces a response with the status 418.
#[derive(Default, Clone)]
struct Counter(Arc<AtomicU32>);

impl Interceptor for Counter {
    fn intercept<'a>(
        &'a self,
        mut request: reqwest::Request,
        next: Next<'a>,
    ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        request.headers_mut().insert("x-attempt", number.into());
        Box::pin(async move {
            let response = next.run(request).await?;
            if response.status() == 418 {
                return Ok(http::Response::new(r#"{"uuid": "replaced"}"#).into());
            }
            Ok(response)
        })
    }
}

#[tokio::test]
async fn interceptors_handle_every_attempt_and_can_replace_responses() {
    let server = FaultServer::start([
        Response::html(503),
        Response::json(200, r#"{"uuid": "u"}"#),
        Response::json(201, r#"{"uuid": "l"}"#),
        Response::json(200, "{}"),
        Response::json(418, ""),
    ])
    .await;
    let counter = Counter::default();
    let client = builder(&server.base_url).interceptor(counter.clone()).build().unwrap();
    client.users().current().await.unwrap();
    client.lists().create("Autumn").await.unwrap();
    client.request(http::Method::GET, "/custom").send().await.unwrap();
    let replaced = client.users().current().await.unwrap();
    assert_eq!(replaced.uuid.as_deref(), Some("replaced"));
    let arrived = server.arrived();
    let numbers: Vec<_> = arrived.iter().map(|request| request.header("x-attempt").unwrap()).collect();
    assert_eq!(numbers, ["0", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn interceptors_run_in_the_order_in_which_they_were_added() {
    struct Named(&'static str);
    impl Interceptor for Named {
        fn intercept<'a>(
            &'a self,
            mut request: reqwest::Request,
            next: Next<'a>,
        ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
            request.headers_mut().append("x-order", http::HeaderValue::from_static(self.0));
            next.run(request)
        }
    }
    let server = FaultServer::start([Response::json(200, r#"{"uuid": "u"}"#)]).await;
    let builder = builder(&server.base_url).interceptor(Named("first")).interceptor(Named("second"));
    builder.build().unwrap().users().current().await.unwrap();
    assert_eq!(server.arrived()[0].header("x-order"), Some("first"));
}

#[tokio::test]
async fn a_call_takes_options_and_returns_its_response() {
    let headers = vec![("x-request-id", "r-1".to_owned())];
    let script = [Response::html(503), Response::Whole(200, headers, r#"{"uuid": "u"}"#.into())];
    let server = FaultServer::start(script).await;
    let client = client(&server.base_url);
    let options = RequestOptions::new().header("x-source", "crm").unwrap().deadline(Duration::from_secs(30));
    let (user, response) = client.users().current().options(options).with_response().await.unwrap();
    assert_eq!(user.uuid.as_deref(), Some("u"));
    assert_eq!((response.status(), response.attempts()), (200, 2));
    assert_eq!(response.headers()["x-request-id"], "r-1");
    assert!(server.arrived().iter().all(|request| request.header("x-source") == Some("crm")));
}

#[tokio::test]
async fn calls_can_be_spawned_and_joined() {
    let server = FaultServer::start((0..4).map(|_| Response::json(200, r#"{"uuid": "u"}"#))).await;
    let spawned = {
        let client = client(&server.base_url);
        tokio::spawn(client.users().current())
    };
    spawned.await.unwrap().unwrap();
    let calls = join_all((0..3).map(|_| client(&server.base_url).users().current())).await;
    assert!(calls.iter().all(Result::is_ok), "{calls:?}");
}

/// Sends the request, then fails with the connection error of another request.
struct FailsAfterSending {
    /// Whether it waits for the response of the first request.
    is_patient: bool,
}

impl Interceptor for FailsAfterSending {
    fn intercept<'a>(
        &'a self,
        request: reqwest::Request,
        next: Next<'a>,
    ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
        Box::pin(async move {
            let sending = next.run(request);
            if self.is_patient {
                sending.await?;
            } else {
                let _ = tokio::time::timeout(Duration::from_millis(200), sending).await;
            }
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            reqwest::get(format!("http://127.0.0.1:{port}")).await
        })
    }
}

#[tokio::test]
async fn message_is_not_sent_again_after_an_interceptor_fails() {
    for is_patient in [true, false] {
        let response = if is_patient { Response::json(201, r#"{"uuid": "m"}"#) } else { Response::Stall };
        let server = FaultServer::start([response, Response::json(201, r#"{"uuid": "m"}"#)]).await;
        let client = builder(&server.base_url).interceptor(FailsAfterSending { is_patient }).build().unwrap();
        let error = client.linkedin_messages().send("s", "c", "Hello").await.unwrap_err();
        assert!(error.is_unknown_outcome() && !error.is_connect(), "{error:?}");
        assert_eq!(server.arrived().len(), 1, "sent again: {error:?}");
    }
}

#[tokio::test]
async fn interceptor_that_fails_before_sending_leaves_the_request_unsent() {
    struct Fails;
    impl Interceptor for Fails {
        fn intercept<'a>(
            &'a self,
            _: reqwest::Request,
            _: Next<'a>,
        ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            Box::pin(reqwest::get(format!("http://127.0.0.1:{port}")))
        }
    }
    let server = FaultServer::start([]).await;
    let client = builder(&server.base_url).interceptor(Fails).build().unwrap();
    let error = client.linkedin_messages().send("s", "c", "Hello").await.unwrap_err();
    assert!(error.is_connect() && !error.is_unknown_outcome(), "{error:?}");
    assert!(server.arrived().is_empty());
}
