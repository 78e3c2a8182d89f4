//! Interceptors: code that sees each attempt's request and response.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures_util::future::BoxFuture;
use reqwest::{Request, Response};

use crate::attempt::is_not_sent;

/// Code that runs around each attempt: it can add headers, observe the response, replace it, or respond itself.
///
/// Interceptors run below the rate limiter and the retries, in the order in which they were added: the last one added is
/// nearest to the connection. The request has all its headers, the key in `Authorization` included.
///
/// The client decides about retries by the response that the interceptor returns: after a status of 429 it sends the request
/// again, whatever the API responded. An error never causes a retry of a non-idempotent request that reached the connection.
///
/// ```
/// use futures_util::future::BoxFuture;
/// use grinfi::request::{Interceptor, Next};
///
/// /// Continues the trace of the caller.
/// struct TraceParent(http::HeaderValue);
///
/// impl Interceptor for TraceParent {
///     fn intercept<'a>(
///         &'a self,
///         mut request: reqwest::Request,
///         next: Next<'a>,
///     ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
///         request.headers_mut().insert("traceparent", self.0.clone());
///         next.run(request)
///     }
/// }
///
/// let parent = http::HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
/// let builder = grinfi::Client::builder().interceptor(TraceParent(parent));
/// ```
pub trait Interceptor: Send + Sync + 'static {
    /// Handles the request of one attempt. [`Next::run`] sends it.
    ///
    /// # Errors
    ///
    /// Those of [`Next::run`], or of other requests of the interceptor.
    fn intercept<'a>(&'a self, request: Request, next: Next<'a>) -> BoxFuture<'a, reqwest::Result<Response>>;
}

/// What comes after an [`Interceptor`]: the next one, or the connection. It sends at most once.
pub struct Next<'a> {
    http: &'a reqwest::Client,
    rest: &'a [Arc<dyn Interceptor>],
    is_sent: &'a AtomicBool,
}

impl<'a> Next<'a> {
    /// `is_sent` becomes true when the request may have reached the API.
    pub(crate) fn new(
        http: &'a reqwest::Client,
        interceptors: &'a [Arc<dyn Interceptor>],
        is_sent: &'a AtomicBool,
    ) -> Self {
        Self { http, rest: interceptors, is_sent }
    }

    /// Sends the request and returns the response.
    ///
    /// # Errors
    ///
    /// If there is no response.
    pub fn run(self, request: Request) -> BoxFuture<'a, reqwest::Result<Response>> {
        let Self { http, rest, is_sent } = self;
        match rest.split_first() {
            Some((first, rest)) => first.intercept(request, Self { http, rest, is_sent }),
            None => Box::pin(async move {
                // Set before sending, because an interceptor may drop this future.
                is_sent.store(true, Ordering::Relaxed);
                let result = http.execute(request).await;
                if result.as_ref().is_err_and(is_not_sent) {
                    is_sent.store(false, Ordering::Relaxed);
                }
                result
            }),
        }
    }
}

impl std::fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Next").field("interceptors", &self.rest.len()).finish_non_exhaustive()
    }
}
