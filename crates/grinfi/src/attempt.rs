//! One attempt: sends a request, reads the response, and reports the outcome to the rate limiter.

use std::{error::Error as _, time::SystemTime};

use bytes::{Bytes, BytesMut};
use futures_util::future::Either;
use grinfi_raw::{ReadBody, operation::Effect};
use http::{HeaderMap, StatusCode, header};
use reqwest::{Request, Response};
use tokio::time::Instant;

use crate::{call_context::CallContext, error::{Error, Result}, inactivity::{Expired, Inactivity, watched}, interceptor::Next, rate_limit::{self, Permit}, retry::{self, AttemptOutcome, RetryPolicy}, transport::HttpTransport};

/// A response has to bring so many bytes within each timeout, or end. A server that sends a byte now and then is as stuck as
/// one that sends nothing.
const LEAST_PROGRESS: usize = 1024;
/// How much of an error page is read, in bytes. An error envelope is far smaller.
const ERROR_PAGE: usize = 256 * 1024;

/// Failure of one attempt.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) outcome: AttemptOutcome,
}

impl Failure {
    /// The request was sent, and no complete response came.
    fn no_response(error: Error) -> Self {
        Self { error, outcome: AttemptOutcome::NO_RESPONSE }
    }

    fn expired(expired: Expired) -> Self {
        Self::no_response(Error::inactive(expired))
    }

    fn of_connection(source: reqwest::Error) -> Self {
        let outcome = if source.is_builder() {
            AttemptOutcome::Invalid
        } else if source.is_connect() || is_declared_unprocessed(&source) {
            AttemptOutcome::NotSent
        } else {
            AttemptOutcome::NO_RESPONSE
        };
        Self { error: Error::from_reqwest(source), outcome }
    }
}

/// What an attempt needs to know of its call.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) effect: Effect,
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) timeout: std::time::Duration,
    pub(crate) deadline: Option<Instant>,
}

impl HttpTransport {
    /// Sends the request of one attempt, through the interceptors.
    fn send(&self, request: Request) -> impl Future<Output = reqwest::Result<Response>> + '_ {
        // Without interceptors nothing is boxed.
        match self.interceptors.as_slice() {
            [] => Either::Left(self.http.execute(request)),
            interceptors => Either::Right(Next::new(&self.http, interceptors).run(request)),
        }
    }

    pub(crate) async fn attempt(
        &self,
        mut request: Request,
        mut permit: Permit,
        rules: Rules<'_>,
        context: &mut CallContext,
    ) -> Result<Response, Failure> {
        let clock = Inactivity::new(rules.timeout);
        clock.track(&mut request);
        let mut response = match clock.watch(self.send(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(source)) => {
                if source.is_connect() || source.is_builder() {
                    permit.not_sent();
                }
                return Err(Failure::of_connection(source));
            }
            Err(expired) => return Err(Failure::expired(expired)),
        };
        clock.progress();
        let status = response.status();
        context.status = Some(status.as_u16());
        let now = SystemTime::now();
        let told = rate_limit::told(response.headers(), now);
        permit.answered(told, rules.policy.max_retry_after);
        let asked = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry::retry_after(value, now));
        if status == StatusCode::TOO_MANY_REQUESTS {
            // Before the body is read, so that the other callers of the key stop at once.
            permit.refused(asked, rules.policy);
        } else {
            permit.accepted();
        }
        if status.is_success() {
            // Only for read-only operations: a response of any other that breaks leaves the outcome unknown.
            if rules.effect == Effect::ReadOnly && is_download(response.headers()) {
                return Ok(watched(response, rules.timeout, rules.deadline));
            }
            // Read here, so that a connection that breaks half-way is a failed attempt like any other.
            let failure = match read(&mut response, &clock, usize::MAX).await {
                Ok(Ok(body)) => {
                    response.extensions_mut().insert(ReadBody(body));
                    return Ok(response);
                }
                Ok(Err(source)) => Error::from_reqwest(source),
                Err(expired) => Error::inactive(expired),
            };
            return Err(Failure::no_response(failure.with_status(status.as_u16())));
        }
        // The text of an error page is a help, not a need: what cannot be read is left out.
        let body = read(&mut response, &clock, ERROR_PAGE).await.ok().and_then(Result::ok);
        let headers = std::mem::take(response.headers_mut());
        let text = self.key.redact(String::from_utf8_lossy(&body.unwrap_or_default()).into_owned());
        let error = Error::from_status(status, headers, text).with_retry_after(asked);
        Err(Failure { error, outcome: AttemptOutcome::of_status(status.as_u16(), asked) })
    }
}

/// Whether the server declared that it did not process the request, as HTTP/2 lets it: a GOAWAY that names an earlier stream as
/// the last, or a stream that was refused (RFC 9113, 8.7).
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

/// Whether a success is a file to be handed over as it arrives, and not a response to be read whole.
fn is_download(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|media| !["json", "html", "plain"].iter().any(|known| media.contains(known)))
}

/// Reads the body, up to `most` bytes and the end of the part that passes them.
async fn read(
    response: &mut Response,
    clock: &Inactivity,
    most: usize,
) -> Result<reqwest::Result<Bytes>, Expired> {
    clock
        .watch(async {
            let mut noted = 0;
            let mut note = |length: usize| {
                if length - noted >= LEAST_PROGRESS {
                    noted = length;
                    clock.progress();
                }
            };
            let first = response.chunk().await?.unwrap_or_default();
            note(first.len());
            // Most responses come in one part, which needs no copy.
            let Some(second) = response.chunk().await? else { return Ok(first) };
            let mut body = BytesMut::from(first);
            body.extend_from_slice(&second);
            note(body.len());
            while body.len() < most
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
