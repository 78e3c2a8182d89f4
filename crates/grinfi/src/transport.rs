//! The way of every request: key, attempt, retry, and the record of it all. Typed, raw and hand-made requests alike pass here.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use grinfi_raw::{Operation, Transport, TransportFuture, operation::Effect};
use http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Request, Response};
use tracing::debug;

use crate::{
    auth::ApiKey,
    error::{Error, Result},
    record::{self, Record},
    retry::{self, Outcome, Retry, Verdict},
};

/// Sends requests for one key.
pub(crate) struct HttpTransport {
    pub(crate) http: reqwest::Client,
    pub(crate) key: ApiKey,
    pub(crate) retry: Retry,
    pub(crate) attempt_timeout: Duration,
}

/// How one attempt failed.
struct Failure {
    error: Error,
    outcome: Outcome,
}

impl HttpTransport {
    /// Sends `request` until it succeeds or may not be repeated.
    ///
    /// Cancel-safe: dropping the future drops the request under way and starts nothing more.
    pub(crate) async fn execute(
        &self,
        mut request: Request,
        operation: Option<&'static Operation>,
        effect: Effect,
    ) -> (Result<Response>, Record) {
        request.headers_mut().insert(header::AUTHORIZATION, self.key.header());
        request.timeout_mut().get_or_insert(self.attempt_timeout);
        let method = request.method().clone();
        let path = request.url().path().to_owned();
        let name = operation.map_or(path.as_str(), |operation| operation.id).to_owned();
        let replayable = request.try_clone().is_some();
        let mut request = Some(request);
        let mut record = Record { operation, ..Record::default() };
        loop {
            record.attempts += 1;
            let current =
                if replayable { request.as_ref().and_then(Request::try_clone) } else { request.take() };
            let Some(current) = current else {
                // Not reached: a body that cannot be replayed gets one attempt.
                return (Err(Error::input("body", "it cannot be sent a second time")), record);
            };
            let failure = match self.attempt(current, &mut record).await {
                Ok(response) => return (Ok(response), record),
                Err(failure) => failure,
            };
            if method == Method::DELETE && record.attempts > 1 && failure.error.is_not_found() {
                // An earlier attempt did it, and only its answer was lost.
                record.status = Some(StatusCode::NO_CONTENT.as_u16());
                return (Ok(rebuild(StatusCode::NO_CONTENT, HeaderMap::new(), Bytes::new())), record);
            }
            let verdict = retry::decide(
                &self.retry,
                effect,
                record.attempts,
                replayable,
                failure.outcome,
                fastrand::f64(),
            );
            debug!(operation = name, attempt = record.attempts, ?verdict, error = %failure.error, "attempt failed");
            match verdict {
                Verdict::Again(wait) => {
                    record.waited += wait;
                    tokio::time::sleep(wait).await;
                }
                Verdict::Stop | Verdict::Unknown => {
                    let error = failure
                        .error
                        .with_call(operation, method.as_str(), &path)
                        .with_attempts(record.attempts, record.waited);
                    let unknown = verdict == Verdict::Unknown;
                    return (Err(if unknown { error.into_unknown_outcome() } else { error }), record);
                }
            }
        }
    }

    async fn attempt(&self, request: Request, record: &mut Record) -> Result<Response, Failure> {
        let response = self.http.execute(request).await.map_err(|error| {
            let outcome =
                if error.is_connect() || error.is_builder() { Outcome::NotSent } else { Outcome::NoAnswer };
            Failure { error: Error::from_reqwest(error), outcome }
        })?;
        let status = response.status();
        record.status = Some(status.as_u16());
        let headers = response.headers().clone();
        if status.is_success() {
            if streams(&headers) {
                return Ok(response);
            }
            // Read here, so that a connection that breaks half-way is a failed attempt like any other.
            return match response.bytes().await {
                Ok(body) => Ok(rebuild(status, headers, body)),
                Err(error) => {
                    let mut error = Error::from_reqwest(error);
                    error.set_status(Some(status.as_u16()));
                    Err(Failure { error, outcome: Outcome::NoAnswer })
                }
            };
        }
        // What an error page says is a help, not a need.
        let body = response.bytes().await.unwrap_or_default();
        let text = self.key.redact(String::from_utf8_lossy(&body).into_owned());
        let body = Bytes::from(text.clone().into_bytes());
        let retry_after = headers
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry::retry_after(value, SystemTime::now()));
        let error = Error::from_status(status, &headers, body, text).with_retry_after(retry_after);
        Err(Failure { error, outcome: Outcome::Status { code: status.as_u16(), retry_after } })
    }
}

/// Whether a success is a file to be handed over as it comes, and not an answer to be read whole.
fn streams(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|media| !["json", "html", "plain"].iter().any(|known| media.contains(known)))
}

fn rebuild(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}

/// The door for the raw client.
pub(crate) struct RawTransport(pub(crate) Arc<HttpTransport>);

impl Transport for RawTransport {
    fn send<'a>(&'a self, request: Request, operation: &'static Operation) -> TransportFuture<'a> {
        Box::pin(async move {
            let (result, mut record) = self.0.execute(request, Some(operation), operation.effect).await;
            match result {
                Ok(response) => {
                    record::keep(record);
                    Ok(response)
                }
                Err(error) => {
                    record.error = Some(error);
                    // With a record the caller reads the error there, and what the raw client makes of the stand-in is
                    // not looked at. Without one the raw client gets the nearest that it can carry.
                    match record::keep(record).and_then(|record| record.error) {
                        Some(error) => error.into_raw().map(Response::from),
                        None => Ok(rebuild(StatusCode::IM_A_TEAPOT, HeaderMap::new(), Bytes::new())),
                    }
                }
            }
        })
    }
}
