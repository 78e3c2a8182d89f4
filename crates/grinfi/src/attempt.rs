//! One attempt: sends a request, reads the response, and reports the outcome to the rate limiter.

use std::{error::Error as _, sync::atomic::AtomicBool, time::SystemTime};

use bytes::{Bytes, BytesMut};
use futures_util::future::Either;
use grinfi_raw::{ReadBody, operation::Effect};
use http::{HeaderMap, StatusCode, header};
use reqwest::{Request, Response};
use tokio::time::Instant;

use crate::{
    call_context::CallContext,
    error::{Error, Result},
    inactivity::{InactivityTimeout, InactivityTimer, with_timeouts},
    interceptor::Next,
    rate_limit::{self, Permit},
    retry::{self, AttemptOutcome, RetryPolicy},
    transport::HttpTransport,
};

/// Minimum number of bytes of a response within each timeout. A server that sends single bytes is as stuck as a silent one.
const MIN_PROGRESS: usize = 1024;
/// Maximum size of an error response to read, in bytes. An error envelope is far smaller.
const MAX_ERROR_BODY: usize = 256 * 1024;

/// Failure of one attempt.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) outcome: AttemptOutcome,
}

impl Failure {
    /// Returns the failure of a request that was sent and got no complete response.
    fn no_response(error: Error) -> Self {
        Self { error, outcome: AttemptOutcome::NO_RESPONSE }
    }

    fn expired(expired: InactivityTimeout) -> Self {
        Self::no_response(Error::inactive(expired))
    }

    fn of_connection(source: reqwest::Error) -> Self {
        let outcome = if source.is_builder() {
            AttemptOutcome::Invalid
        } else if is_not_sent(&source) {
            AttemptOutcome::NotSent
        } else {
            AttemptOutcome::NO_RESPONSE
        };
        Self { error: Error::from_reqwest(source), outcome }
    }
}

/// Settings of the call that apply to each attempt.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) effect: Effect,
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) timeout: std::time::Duration,
    pub(crate) deadline: Option<Instant>,
}

impl HttpTransport {
    /// Sends the request of one attempt, through the interceptors. `is_sent` becomes true when an interceptor sent it.
    fn send<'a>(
        &'a self,
        request: Request,
        is_sent: &'a AtomicBool,
    ) -> impl Future<Output = reqwest::Result<Response>> + 'a {
        // Without interceptors nothing is boxed.
        match self.interceptors.as_slice() {
            [] => Either::Left(self.http.execute(request)),
            interceptors => Either::Right(Next::new(&self.http, interceptors, is_sent).run(request)),
        }
    }

    pub(crate) async fn attempt(
        &self,
        mut request: Request,
        mut permit: Permit,
        rules: Rules<'_>,
        context: &mut CallContext,
    ) -> Result<Response, Failure> {
        let timer = InactivityTimer::new(rules.timeout);
        timer.track(&mut request);
        let is_sent = AtomicBool::new(false);
        let mut response = match timer.watch(self.send(request, &is_sent)).await {
            Ok(Ok(response)) => response,
            Ok(Err(source)) if is_sent.into_inner() && is_not_sent(&source) => {
                // The error is of another request, which an interceptor made after it sent this one.
                return Err(Failure::no_response(Error::interceptor(source)));
            }
            Ok(Err(source)) => {
                if source.is_connect() || source.is_builder() {
                    permit.not_sent();
                }
                return Err(Failure::of_connection(source));
            }
            Err(expired) => return Err(Failure::expired(expired)),
        };
        timer.progress();
        let status = response.status();
        context.status = Some(status.as_u16());
        let now = SystemTime::now();
        let reported = rate_limit::reported_limit(response.headers(), now);
        permit.response_received(reported, rules.policy.max_retry_after);
        let asked = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry::retry_after(value, now));
        if status == StatusCode::TOO_MANY_REQUESTS {
            // Before the body is read, so that the other callers of the key stop at once.
            permit.rate_limited(asked, rules.policy);
        } else {
            permit.accepted();
        }
        if status.is_success() {
            // Only for read-only operations: of others a response that breaks off leaves the outcome unknown.
            if rules.effect == Effect::ReadOnly && is_download(response.headers()) {
                return Ok(with_timeouts(response, rules.timeout, rules.deadline));
            }
            // Read here, so that a connection that breaks off is a failed attempt like any other.
            let failure = match read(&mut response, &timer, usize::MAX).await {
                Ok(Ok(body)) => {
                    response.extensions_mut().insert(ReadBody(body));
                    return Ok(response);
                }
                Ok(Err(source)) => Error::from_reqwest(source),
                Err(expired) => Error::inactive(expired),
            };
            return Err(Failure::no_response(failure.with_status(status.as_u16())));
        }
        // The body of an error is optional: without it the status still decides.
        let body = read(&mut response, &timer, MAX_ERROR_BODY).await.ok().and_then(Result::ok);
        let headers = std::mem::take(response.headers_mut());
        let text = self.key.redact(String::from_utf8_lossy(&body.unwrap_or_default()).into_owned());
        let error = Error::from_status(status, headers, text).with_retry_after(asked);
        Err(Failure { error, outcome: AttemptOutcome::of_status(status.as_u16(), asked) })
    }
}

/// Returns true if the API did not process the request: it was not built, not sent, or declared unprocessed.
pub(crate) fn is_not_sent(source: &reqwest::Error) -> bool {
    source.is_builder() || source.is_connect() || is_declared_unprocessed(source)
}

/// Returns true if the server declared that it did not process the request (RFC 9113, section 8.7): a GOAWAY with an earlier
/// last stream, or a refused stream.
fn is_declared_unprocessed(source: &reqwest::Error) -> bool {
    let mut next = source.source();
    while let Some(cause) = next {
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            // A graceful GOAWAY fails only the streams that it excludes.
            let is_excluded = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
            let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            return error.is_remote() && (is_excluded || is_refused);
        }
        next = cause.source();
    }
    false
}

/// Returns true if a success is a file to be streamed rather than a body to be read.
fn is_download(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|media| !["json", "html", "plain"].iter().any(|known| media.contains(known)))
}

/// Reads the body, up to `max` bytes and the end of the chunk that exceeds them.
async fn read(
    response: &mut Response,
    timer: &InactivityTimer,
    max: usize,
) -> Result<reqwest::Result<Bytes>, InactivityTimeout> {
    timer
        .watch(async {
            let mut noted = 0;
            let mut note = |length: usize| {
                if length - noted >= MIN_PROGRESS {
                    noted = length;
                    timer.progress();
                }
            };
            let first = response.chunk().await?.unwrap_or_default();
            note(first.len());
            // Most responses arrive in one chunk, which needs no copy.
            let Some(second) = response.chunk().await? else { return Ok(first) };
            let mut body = BytesMut::from(first);
            body.extend_from_slice(&second);
            note(body.len());
            while body.len() < max
                && let Some(chunk) = response.chunk().await?
            {
                body.extend_from_slice(&chunk);
                note(body.len());
            }
            Ok(body.freeze())
        })
        .await
}

/// Builds a response from its parts.
pub(crate) fn rebuild(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}
