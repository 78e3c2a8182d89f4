//! What can go wrong, and the only place that knows the raw client's error.

use std::{collections::BTreeMap, fmt, time::Duration};

use bytes::Bytes;
use grinfi_raw::Operation;
use serde_json::Value;

use crate::record::Record;

/// The result of every fallible call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How much of a body an error keeps, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// Why a call failed.
///
/// Decisions are made with the predicates ([`is_not_found`](Self::is_not_found) and its like); [`kind`](Self::kind) names
/// the case.
pub struct Error {
    // Boxed, so that a `Result` stays small.
    inner: Box<Inner>,
}

struct Inner {
    kind: Kind,
    message: String,
    field: Option<String>,
    operation: Option<&'static str>,
    method: Option<String>,
    path: Option<String>,
    status: Option<u16>,
    reason: Option<String>,
    fields: BTreeMap<String, Vec<String>>,
    retry_after: Option<Duration>,
    request_id: Option<String>,
    attempts: u32,
    waited: Duration,
    waiting_for: Option<&'static str>,
    body: Option<Bytes>,
    headers: Option<http::HeaderMap>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The cases of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// No API key was given.
    MissingKey,
    /// The API key cannot be one.
    MalformedKey,
    /// Something else of the client's configuration is wrong.
    Config,
    /// An argument would be rejected by the API or, worse, ignored; nothing was sent.
    InvalidInput,
    /// No connection could be made; nothing was sent.
    Connect,
    /// The answer did not come in time.
    Timeout,
    /// The connection broke.
    Transport,
    /// 400, or another 4xx that has no kind of its own.
    BadRequest,
    /// 401: the key is not accepted.
    Unauthorized,
    /// 402: the team is out of credits.
    OutOfCredits,
    /// 403: the key may not do this.
    Forbidden,
    /// 404.
    NotFound,
    /// 422: the API names the fields it does not like.
    Validation,
    /// 429: too many requests.
    RateLimited,
    /// 5xx, also from a gateway.
    Server,
    /// A success without the body that was expected.
    EmptyResponse,
    /// An answer that does not fit what is known of the operation.
    Decode,
    /// The request may or may not have had its effect. It was not repeated.
    UnknownOutcome,
    /// A listing cannot be read on without skipping rows.
    Listing,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                field: None,
                operation: None,
                method: None,
                path: None,
                status: None,
                reason: None,
                fields: BTreeMap::new(),
                retry_after: None,
                request_id: None,
                attempts: 0,
                waited: Duration::ZERO,
                waiting_for: None,
                body: None,
                headers: None,
                source: None,
            }),
        }
    }

    /// A setting of the client that is wrong.
    pub(crate) fn config(kind: Kind, field: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(kind, message);
        error.inner.field = Some(field.to_owned());
        error
    }

    /// An argument that is wrong; nothing was sent.
    pub(crate) fn input(field: impl Into<String>, message: impl fmt::Display) -> Self {
        let field = field.into();
        let mut error = Self::new(Kind::InvalidInput, format!("{field}: {message}"));
        error.inner.field = Some(field);
        error
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    pub(crate) fn with_call(
        mut self,
        operation: Option<&'static Operation>,
        method: &str,
        path: &str,
    ) -> Self {
        self.inner.operation = operation.map(|operation| operation.id);
        self.inner.method = Some(method.to_owned());
        // The template: ids in a path are nobody's business in a log, and a query may carry a name.
        self.inner.path = Some(operation.map_or(path, |operation| operation.path).to_owned());
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, waited: Duration) -> Self {
        self.inner.attempts = attempts;
        self.inner.waited = waited;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.inner.retry_after = retry_after;
        self
    }

    /// The call's time is up.
    pub(crate) fn deadline(limit: Duration, waiting_for: &'static str, last: Option<Self>) -> Self {
        let message = format!("the deadline of {} s left no time for {waiting_for}", limit.as_secs_f64());
        let mut error = Self::new(Kind::Timeout, message);
        error.inner.waiting_for = Some(waiting_for);
        match last {
            Some(last) => error.with_source(last),
            None => error,
        }
    }

    /// Says that the request may have had its effect, keeping all that is known of the failure.
    pub(crate) fn into_unknown_outcome(mut self) -> Self {
        self.inner.message = format!(
            "the request may or may not have had its effect, and was not repeated: {}",
            self.inner.message
        );
        self.inner.kind = Kind::UnknownOutcome;
        self
    }

    /// An answer whose status is not a success.
    pub(crate) fn from_status(
        status: http::StatusCode,
        headers: &http::HeaderMap,
        body: Bytes,
        text: String,
    ) -> Self {
        let envelope: Option<Value> = serde_json::from_str(&text).ok();
        let at = |pointer: &str| envelope.as_ref().and_then(|envelope| envelope.pointer(pointer));
        let string = |pointer: &str| at(pointer).and_then(Value::as_str).map(str::to_owned);
        let kind = match status.as_u16() {
            401 => Kind::Unauthorized,
            402 => Kind::OutOfCredits,
            403 => Kind::Forbidden,
            404 => Kind::NotFound,
            422 => Kind::Validation,
            429 => Kind::RateLimited,
            500.. => Kind::Server,
            _ => Kind::BadRequest,
        };
        let said = string("/error/message").or_else(|| string("/message"));
        let is_html = text.trim_start().starts_with('<');
        let message = match (&said, is_html) {
            (Some(said), _) => said.clone(),
            (None, true) => "the answer is an HTML page, from a gateway before the API".to_owned(),
            (None, false) => status.canonical_reason().unwrap_or("no reason given").to_owned(),
        };
        let mut error = Self::new(kind, message);
        let inner = &mut error.inner;
        inner.status = Some(status.as_u16());
        inner.reason = string("/error/reason");
        if let Some(Value::Object(data)) = at("/error/data") {
            inner.fields =
                data.iter().map(|(field, messages)| (field.clone(), messages_of(messages))).collect();
        }
        inner.request_id = ["x-request-id", "x-amzn-requestid", "cf-ray"]
            .iter()
            .find_map(|name| headers.get(*name))
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        inner.headers = Some(headers.clone());
        inner.body = Some(body);
        error
    }

    /// What the raw client made of a call, with what the transport knows of it.
    pub(crate) fn from_raw(raw: grinfi_raw::Error<grinfi_raw::types::Error>, record: &Record) -> Self {
        use grinfi_raw::Error as Raw;
        let error = match raw {
            Raw::InvalidRequest(message) | Raw::Custom(message) => Self::new(Kind::InvalidInput, message),
            Raw::InvalidResponsePayload(body, _) if body.is_empty() => Self::empty(),
            Raw::InvalidResponsePayload(body, source) => Self::decode(body, source),
            Raw::ResponseBodyError(source) => Self::from_reqwest(source),
            // Building the request is the only way left to this: sending goes through our transport.
            Raw::CommunicationError(source) | Raw::InvalidUpgrade(source) => {
                Self::new(Kind::InvalidInput, "the request could not be built").with_source(source)
            }
            Raw::ErrorResponse(_) | Raw::UnexpectedResponse(_) => {
                Self::new(Kind::Decode, "the API answered with a status that the operation does not know")
            }
        };
        record.describe(error)
    }

    /// A success that should have carried a body.
    pub(crate) fn empty() -> Self {
        Self::new(Kind::EmptyResponse, "the API answered with success and an empty body")
    }

    /// A body that does not fit.
    pub(crate) fn decode(body: Bytes, source: serde_json::Error) -> Self {
        let text = String::from_utf8_lossy(&body[..body.len().min(BODY_LIMIT)]);
        let message = if text.trim_start().starts_with('<') {
            "the API answered with success and an HTML page".to_owned()
        } else {
            format!("the answer does not fit: {source}")
        };
        let mut error = Self::new(Kind::Decode, message).with_source(source);
        error.inner.body = Some(body);
        error
    }

    /// A failure of the connection.
    pub(crate) fn from_reqwest(source: reqwest::Error) -> Self {
        // Its own text repeats the URL, which may carry ids and filters.
        let source = source.without_url();
        let (kind, message) = if source.is_builder() {
            (Kind::InvalidInput, "the request could not be built")
        } else if source.is_connect() {
            (Kind::Connect, "no connection to the API")
        } else if source.is_timeout() {
            (Kind::Timeout, "the API did not answer in time")
        } else {
            (Kind::Transport, "the connection to the API broke")
        };
        Self::new(kind, message).with_source(source)
    }

    pub(crate) fn set_status(&mut self, status: Option<u16>) {
        self.inner.status = self.inner.status.or(status);
    }

    /// The failure as the raw client can carry it: the cause if it is one of reqwest's, else the answer as it came.
    pub(crate) fn into_raw(self) -> Result<http::Response<Bytes>, reqwest::Error> {
        let inner = *self.inner;
        if let Some(Ok(source)) = inner.source.map(|source| source.downcast::<reqwest::Error>()) {
            return Err(*source);
        }
        // The raw client can only decode an envelope, and would lose the status over an HTML page.
        let is_envelope =
            |body: &Bytes| serde_json::from_slice::<serde_json::Map<String, Value>>(body).is_ok();
        let body = inner.body.filter(is_envelope).unwrap_or_else(|| {
            let envelope = serde_json::json!({"message": inner.message, "code": inner.status});
            Bytes::from(envelope.to_string())
        });
        let mut response = http::Response::new(body);
        // 599 marks what never was an answer; no server sends it.
        let status = inner.status.and_then(|status| http::StatusCode::from_u16(status).ok());
        *response.status_mut() = status.unwrap_or(UNANSWERED);
        *response.headers_mut() = inner.headers.unwrap_or_default();
        Ok(response)
    }

    /// Which case this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.inner.kind
    }

    /// What happened, in the API's words where it gave any.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The argument or setting that is wrong, for [`is_invalid_input`](Self::is_invalid_input) and
    /// [`is_config`](Self::is_config).
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.inner.field.as_deref()
    }

    /// The `operationId` of the call.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.inner.operation
    }

    /// The HTTP method of the call.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.inner.method.as_deref()
    }

    /// The path template of the call, without ids and without a query.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.inner.path.as_deref()
    }

    /// The HTTP status, if an answer came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.inner.status
    }

    /// The vendor's reason: `validation_error`, `payment_required` and their like.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.inner.reason.as_deref()
    }

    /// The messages for each field of a [`Validation`](Kind::Validation) error.
    #[must_use]
    pub fn fields(&self) -> &BTreeMap<String, Vec<String>> {
        &self.inner.fields
    }

    /// How long the API asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The id that the API or its gateway gave the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// How many times the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// How long the call waited for the quota and between attempts, in all.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.inner.waited
    }

    /// What the call was waiting for when its deadline ended it: `the quota`, `the pause that the API asked for`, `the next
    /// attempt` or `the answer`. `None` for every other error. What the attempt before failed with is the source.
    #[must_use]
    pub fn waiting_for(&self) -> Option<&'static str> {
        self.inner.waiting_for
    }

    /// The body of the answer, at most its first 16 KiB.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.inner.body.as_ref().map(|body| &body[..body.len().min(BODY_LIMIT)])
    }

    /// The key or another setting of the client is missing or wrong.
    #[must_use]
    pub fn is_config(&self) -> bool {
        matches!(self.kind(), Kind::MissingKey | Kind::MalformedKey | Kind::Config)
    }

    /// An argument was refused before anything was sent; [`field`](Self::field) names it.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == Kind::InvalidInput
    }

    /// No connection could be made; nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == Kind::Connect
    }

    /// The answer did not come in time, or the call's deadline ended; [`waiting_for`](Self::waiting_for) tells which.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == Kind::Timeout
    }

    /// 404: there is no such thing, or not for this key.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == Kind::NotFound
    }

    /// 401: the key is not accepted.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.kind() == Kind::Unauthorized
    }

    /// 403: the key may not do this.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.kind() == Kind::Forbidden
    }

    /// 402: the team is out of credits.
    #[must_use]
    pub fn is_out_of_credits(&self) -> bool {
        self.kind() == Kind::OutOfCredits
    }

    /// 422: see [`fields`](Self::fields).
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.kind() == Kind::Validation
    }

    /// 429: see [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == Kind::RateLimited
    }

    /// The answer does not fit, or is empty where it should not be.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.kind(), Kind::Decode | Kind::EmptyResponse)
    }

    /// The request may have had its effect; look before repeating it.
    #[must_use]
    pub fn is_unknown_outcome(&self) -> bool {
        self.kind() == Kind::UnknownOutcome
    }

    /// The same call may succeed later, and repeating it does no harm.
    ///
    /// Never true for [`is_unknown_outcome`](Self::is_unknown_outcome): there, repeating may send a message twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            Kind::Connect | Kind::Timeout | Kind::Transport | Kind::RateLimited => true,
            Kind::Server => matches!(self.status(), Some(502..=504)),
            Kind::BadRequest => self.status() == Some(408),
            _ => false,
        }
    }
}

/// The status of a stand-in for an answer that never came.
const UNANSWERED: http::StatusCode = match http::StatusCode::from_u16(599) {
    Ok(status) => status,
    Err(_) => http::StatusCode::INTERNAL_SERVER_ERROR,
};

fn messages_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(messages_of).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        match (inner.operation, &inner.method, &inner.path) {
            (Some(operation), _, _) => write!(f, "{operation}: ")?,
            (None, Some(method), Some(path)) => write!(f, "{method} {path}: ")?,
            _ => {}
        }
        if let Some(status) = inner.status {
            write!(f, "{status} ")?;
            if let Some(reason) = &inner.reason {
                write!(f, "{reason}: ")?;
            }
        }
        f.write_str(&inner.message)?;
        for (field, messages) in &inner.fields {
            write!(f, "; {field}: {}", messages.join(", "))?;
        }
        if let Some(wait) = inner.retry_after {
            write!(f, "; the API asks to wait {} s", wait.as_secs_f64())?;
        }
        if inner.attempts > 1 {
            write!(f, " (after {} attempts)", inner.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body is left out: it can be long and can hold people's data.
        let inner = &*self.inner;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &self.to_string())
            .field("field", &inner.field)
            .field("method", &inner.method)
            .field("path", &inner.path)
            .field("request_id", &inner.request_id)
            .field("attempts", &inner.attempts)
            .field("waited", &inner.waited)
            .field("source", &inner.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Error {
        let headers = http::HeaderMap::from_iter([(
            http::HeaderName::from_static("x-request-id"),
            http::HeaderValue::from_static("r-1"),
        )]);
        let status = http::StatusCode::from_u16(status).unwrap();
        Error::from_status(status, &headers, Bytes::copy_from_slice(body.as_bytes()), body.to_owned())
    }

    #[test]
    fn the_envelope_is_read_in_full() {
        let error = answer(
            422,
            r#"{"error":{"reason":"validation_error","message":"Invalid.","data":{"name":["required"],"x":"odd"}}}"#,
        );
        assert!(error.is_validation() && !error.is_retryable());
        assert_eq!(error.reason(), Some("validation_error"));
        assert_eq!(error.fields()["name"], ["required"]);
        assert_eq!(error.request_id(), Some("r-1"));
        assert_eq!(error.to_string(), "422 validation_error: Invalid.; name: required; x: odd");
    }

    #[test]
    fn an_html_page_keeps_its_status_and_is_not_dumped() {
        let error = answer(502, "<html><h1>Bad gateway</h1></html>");
        assert_eq!((error.kind(), error.status()), (Kind::Server, Some(502)));
        assert!(error.is_retryable());
        assert!(!format!("{error} {error:?}").contains("<h1>"));
        assert!(error.body().unwrap().starts_with(b"<html>"));
    }

    #[test]
    fn every_status_has_its_predicate() {
        type Predicate = fn(&Error) -> bool;
        let predicates: [(u16, Predicate); 6] = [
            (401, Error::is_unauthorized),
            (402, Error::is_out_of_credits),
            (403, Error::is_forbidden),
            (404, Error::is_not_found),
            (422, Error::is_validation),
            (429, Error::is_rate_limited),
        ];
        for (status, predicate) in predicates {
            for (other, _) in predicates {
                assert_eq!(predicate(&answer(other, "")), other == status, "{status} {other}");
            }
        }
        assert!(!answer(500, "").is_retryable(), "a 500 means a bad filter here");
    }

    #[test]
    fn an_unknown_outcome_is_never_retryable() {
        let error = answer(504, "").into_unknown_outcome();
        assert!(error.is_unknown_outcome() && !error.is_retryable());
        assert_eq!(error.status(), Some(504));
    }
}
