//! One attempt: a request out, an answer or a failure back, and the quota told of it.

use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use grinfi_raw::{answer::ReadBody, operation::Effect};
use http::{HeaderMap, StatusCode, header};
use reqwest::{Request, Response};

use crate::{
    error::{Error, Result},
    quota::{self, Permit},
    record::Record,
    retry::{self, Outcome, Retry},
    transport::HttpTransport,
};

/// How one attempt failed.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) outcome: Outcome,
}

impl Failure {
    pub(crate) fn is_timeout(&self) -> bool {
        self.error.is_timeout()
    }
}

impl HttpTransport {
    pub(crate) async fn attempt(
        &self,
        request: Request,
        mut permit: Permit,
        effect: Effect,
        policy: &Retry,
        record: &mut Record,
    ) -> Result<Response, Failure> {
        let mut response = match self.http.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                let not_sent = error.is_connect() || error.is_builder();
                if not_sent {
                    permit.not_sent();
                }
                let outcome = if not_sent { Outcome::NotSent } else { Outcome::NoAnswer };
                return Err(Failure { error: Error::from_reqwest(error), outcome });
            }
        };
        let status = response.status();
        record.status = Some(status.as_u16());
        let now = SystemTime::now();
        let told = quota::told(response.headers(), now);
        permit.answered(told);
        let asked = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry::retry_after(value, now));
        let asked = if status == StatusCode::TOO_MANY_REQUESTS {
            // Before the body is read: until everybody knows, everybody goes on.
            let asked = asked.or(told.map(|told| told.reset));
            permit.refused(asked, policy);
            asked
        } else {
            permit.accepted();
            asked
        };
        if status.is_success() {
            // Only of what reads: where something was done, an answer that breaks half-way is an unknown outcome.
            if effect == Effect::Reads && streams(response.headers()) {
                return Ok(response);
            }
            // Read here, so that a connection that breaks half-way is a failed attempt like any other.
            return match read(&mut response).await {
                Ok(body) => {
                    response.extensions_mut().insert(ReadBody(body));
                    Ok(response)
                }
                Err(error) => {
                    let mut error = Error::from_reqwest(error);
                    error.set_status(Some(status.as_u16()));
                    Err(Failure { error, outcome: Outcome::NoAnswer })
                }
            };
        }
        let headers = std::mem::take(response.headers_mut());
        // What an error page says is a help, not a need.
        let body = response.bytes().await.unwrap_or_default();
        let text = self.key.redact(String::from_utf8_lossy(&body).into_owned());
        let body = Bytes::from(text.clone().into_bytes());
        let error = Error::from_status(status, &headers, body, text).with_retry_after(asked);
        Err(Failure { error, outcome: Outcome::Status { code: status.as_u16(), retry_after: asked } })
    }
}

/// Whether a success is a file to be handed over as it comes, and not an answer to be read whole.
fn streams(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|media| !["json", "html", "plain"].iter().any(|known| media.contains(known)))
}

/// The whole body, which leaves the response with none.
async fn read(response: &mut Response) -> reqwest::Result<Bytes> {
    let first = response.chunk().await?.unwrap_or_default();
    let Some(second) = response.chunk().await? else { return Ok(first) };
    let mut body = BytesMut::from(first);
    body.extend_from_slice(&second);
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// A response with these parts, as the raw client takes it.
pub(crate) fn rebuild(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}
