//! Interceptors: code that sees each attempt's request and response.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::{Request, Response};

/// Code that runs around each attempt: it can add headers, observe the response, replace it, or respond itself.
///
/// Interceptors run below the rate limiter and the retries, in the order in which they were added: the last one added is
/// nearest to the connection. The request has all its headers, the key in `Authorization` included.
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
    /// Those of [`Next::run`]. They decide what happens next: only failures to connect count as not sent.
    fn intercept<'a>(&'a self, request: Request, next: Next<'a>) -> BoxFuture<'a, reqwest::Result<Response>>;
}

/// What comes after an [`Interceptor`]: the next one, or the connection.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    http: &'a reqwest::Client,
    rest: &'a [Arc<dyn Interceptor>],
}

impl<'a> Next<'a> {
    pub(crate) fn new(http: &'a reqwest::Client, interceptors: &'a [Arc<dyn Interceptor>]) -> Self {
        Self { http, rest: interceptors }
    }

    /// Sends the request and returns the response.
    ///
    /// # Errors
    ///
    /// If there is no response.
    pub fn run(self, request: Request) -> BoxFuture<'a, reqwest::Result<Response>> {
        match self.rest.split_first() {
            Some((first, rest)) => first.intercept(request, Self { http: self.http, rest }),
            None => Box::pin(self.http.execute(request)),
        }
    }
}

impl std::fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Next").field("interceptors", &self.rest.len()).finish_non_exhaustive()
    }
}
