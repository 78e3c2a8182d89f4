//! Construction of errors: from settings, arguments, responses and failed connections.

use std::{collections::BTreeMap, fmt, time::Duration};

use bytes::Bytes;
use grinfi_raw::Operation;
use serde_json::Value;

use super::{
    BODY_LIMIT, Error, ErrorKind, Inner, Lookups, Mismatch, Outcome, PartialFailure, UnconfirmedRequest,
    names,
};
use crate::{decode, inactivity::InactivityTimeout, wait::Progress};

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
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
                undecoded: None,
                json_path: None,
                record: None,
                is_decode: matches!(kind, ErrorKind::Decode | ErrorKind::EmptyResponse),
                outcome: None,
                lookups: None,
                unconfirmed: None,
                partial: None,
                progress: None,
                source: None,
            }),
        }
    }

    /// Returns the error for an invalid setting of the client.
    pub(crate) fn config(kind: ErrorKind, field: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(kind, message);
        error.inner.field = Some(field.to_owned());
        error
    }

    /// Returns the error for an invalid argument. Nothing was sent.
    pub(crate) fn input(field: impl Into<String>, message: impl fmt::Display) -> Self {
        let field = field.into();
        let mut error = Self::new(ErrorKind::InvalidInput, format!("{field}: {message}"));
        error.inner.field = Some(field);
        error
    }

    /// Prefixes the field of an invalid argument with the argument that contains it: `contacts[0].email`.
    pub(crate) fn of(mut self, whole: &str) -> Self {
        if let Some(field) = &mut self.inner.field {
            *field = format!("{whole}.{field}");
            self.inner.message = format!("{whole}.{}", self.inner.message);
        }
        self
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
        // The template, because ids and queries are personal data that should not be in logs.
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

    /// Returns the error for a deadline that passed.
    pub(crate) fn deadline(limit: Duration, waiting_for: &'static str, last: Option<Self>) -> Self {
        let message =
            format!("deadline of {} s exceeded while waiting for {waiting_for}", limit.as_secs_f64());
        let mut error = Self::new(ErrorKind::Timeout, message);
        error.inner.waiting_for = Some(waiting_for);
        match last {
            Some(last) => error.with_source(last),
            None => error,
        }
    }

    /// Sets the outcome of the call. A non-idempotent operation with an unknown outcome becomes
    /// [`ErrorKind::UnknownOutcome`] and keeps all other data of the failure.
    pub(crate) fn with_outcome(mut self, outcome: Outcome, is_idempotent: bool) -> Self {
        self.inner.outcome = Some(outcome);
        if outcome == Outcome::Unknown && !is_idempotent {
            let effect = if self.inner.is_decode { "was accepted" } else { "may have taken effect" };
            self.inner.message = format!("the request {effect}, and was not retried: {}", self.inner.message);
            self.inner.kind = ErrorKind::UnknownOutcome;
        }
        self
    }

    /// Adds the error of another attempt to the message, and as the source if there is none.
    pub(crate) fn with_attempt(mut self, relation: &str, other: Self) -> Self {
        self.inner.message = format!("{} ({relation}: {other})", self.inner.message);
        if self.inner.source.is_none() {
            self.inner.source = Some(Box::new(other));
        }
        self
    }

    /// Adds the searches for the sent message, which did not find it.
    pub(crate) fn with_lookups(mut self, lookups: Lookups) -> Self {
        self.inner.message = format!("{}; {lookups}", self.inner.message);
        self.inner.lookups = Some(lookups);
        self
    }

    /// Returns the error for a call of several requests that failed after some took effect.
    pub(crate) fn partial(partial: PartialFailure, cause: Self) -> Self {
        let mut error = Self::new(ErrorKind::Partial, partial.summary(&cause)).with_source(cause);
        error.inner.partial = Some(partial);
        error
    }

    /// Returns the error for a job that did not finish in time.
    pub(crate) fn still_running(what: &str, limit: &str, progress: Progress) -> Self {
        let message = format!("{what}: still running after {limit}; wait again to continue");
        let mut error = Self::new(ErrorKind::StillRunning, message);
        error.inner.progress = Some(progress);
        error
    }

    /// Returns the error for a response whose status is not a success.
    pub(crate) fn from_status(status: http::StatusCode, headers: http::HeaderMap, text: String) -> Self {
        let envelope: Option<Value> = serde_json::from_str(&text).ok();
        let at = |pointer: &str| envelope.as_ref().and_then(|envelope| envelope.pointer(pointer));
        let string = |pointer: &str| at(pointer).and_then(Value::as_str).map(str::to_owned);
        let kind = match status.as_u16() {
            401 => ErrorKind::Unauthorized,
            402 => ErrorKind::OutOfCredits,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            422 => ErrorKind::Validation,
            429 => ErrorKind::RateLimited,
            500.. => ErrorKind::Server,
            _ => ErrorKind::BadRequest,
        };
        let text_of_api = string("/error/message").or_else(|| string("/message"));
        let is_html = text.trim_start().starts_with('<');
        let message = match (&text_of_api, is_html) {
            (Some(text), _) => text.clone(),
            (None, true) => "an HTML page from a gateway in front of the API".to_owned(),
            (None, false) => status.canonical_reason().unwrap_or("no reason given").to_owned(),
        };
        let mut error = Self::new(kind, message);
        let inner = &mut error.inner;
        inner.status = Some(status.as_u16());
        inner.reason = string("/error/reason");
        if let Some(Value::Object(data)) = at("/error/data") {
            for (field, messages) in data {
                inner.message = names::in_message(&inner.message, field);
                let messages = messages_of(messages);
                let messages = messages.iter().map(|message| names::in_message(message, field)).collect();
                inner.fields.insert(names::of_field(field), messages);
            }
        }
        inner.request_id = ["x-request-id", "x-amzn-requestid", "cf-ray"]
            .iter()
            .find_map(|name| headers.get(*name))
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        inner.body = Some(Bytes::copy_from_slice(&text.as_bytes()[..text.len().min(BODY_LIMIT)]));
        error
    }

    /// Returns the error for a success with an empty body where one is expected.
    pub(crate) fn empty() -> Self {
        Self::new(ErrorKind::EmptyResponse, "the API responded with success and an empty body")
    }

    /// Returns the error for a body that does not decode.
    pub(crate) fn decode(body: Bytes, source: serde_json::Error) -> Self {
        let (path, record) = match decode::place(&body, &source) {
            Some(place) => {
                let record = match place.row {
                    Some(row) => Some(Bytes::copy_from_slice(row.get().as_bytes())),
                    None => (body.len() <= BODY_LIMIT).then(|| body.clone()),
                };
                (Some(place.path), record)
            }
            None => (None, None),
        };
        // The message of the decoder quotes values of the record.
        let source = Mismatch::from(&source);
        let text = String::from_utf8_lossy(&body[..body.len().min(BODY_LIMIT)]);
        let message = if text.trim_start().starts_with('<') {
            "the API responded with success and an HTML page".to_owned()
        } else {
            match &path {
                Some(path) => format!("unexpected response at `{path}`: {source}"),
                None => format!("unexpected response: {source}"),
            }
        };
        let mut error = Self::new(ErrorKind::Decode, message).with_source(source);
        (error.inner.json_path, error.inner.record) = (path, record);
        error.inner.body = Some(Bytes::copy_from_slice(&body[..body.len().min(BODY_LIMIT)]));
        error.inner.undecoded = Some(body);
        error
    }

    /// Returns true if the same request would fail again: it is invalid, or the API rejects it.
    pub(crate) fn is_final(&self) -> bool {
        let is_refused = matches!(self.status(), Some(400..=499)) && !self.is_retryable();
        is_refused || self.is_config() || matches!(self.kind(), ErrorKind::InvalidInput | ErrorKind::Listing)
    }

    /// Drops the whole body of a response that did not decode. Only listings need it, to decode rows one by one.
    pub(crate) fn release_body(mut self) -> Self {
        self.inner.undecoded = None;
        self
    }

    /// Returns the whole body of a response that did not decode.
    pub(crate) fn undecoded(&self) -> Option<&Bytes> {
        self.inner.undecoded.as_ref()
    }

    /// Returns the `operationId` of the call.
    pub(crate) fn operation_id(&self) -> Option<&'static str> {
        self.inner.operation
    }

    /// Returns the error for a failed connection.
    pub(crate) fn from_reqwest(source: reqwest::Error) -> Self {
        let address = source.url().and_then(|url| {
            let host = url.host_str()?;
            Some(url.port_or_known_default().map_or(host.to_owned(), |port| format!("{host}:{port}")))
        });
        // The message of reqwest contains the URL, which may contain ids and filters.
        let source = source.without_url();
        let (kind, message) = if source.is_builder() {
            (ErrorKind::InvalidInput, "the request could not be built")
        } else if source.is_connect() {
            (ErrorKind::Connect, "cannot connect to the API")
        } else if source.is_timeout() {
            (ErrorKind::Timeout, "the API did not respond in time")
        } else {
            (ErrorKind::Transport, "the connection to the API broke")
        };
        match address {
            Some(address) if kind != ErrorKind::InvalidInput => {
                Self::new(kind, format!("{message} at {address}"))
            }
            _ => Self::new(kind, message),
        }
        .with_source(source)
    }

    /// Returns the error for an interceptor that failed after the request was sent.
    pub(crate) fn interceptor(source: reqwest::Error) -> Self {
        Self::new(ErrorKind::Transport, "an interceptor failed after the request was sent")
            .with_source(source.without_url())
    }

    /// Returns the error for an attempt without progress.
    pub(crate) fn inactive(expired: InactivityTimeout) -> Self {
        let message = format!("the API did not respond in time: {expired}");
        Self::new(ErrorKind::Timeout, message).with_source(expired)
    }

    pub(crate) fn with_known_status(mut self, status: Option<u16>) -> Self {
        self.set_status(status);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.inner.status = Some(status);
        self
    }

    pub(crate) fn with_unconfirmed_request(mut self, request: UnconfirmedRequest) -> Self {
        self.inner.unconfirmed = Some(request);
        self
    }

    pub(crate) fn set_status(&mut self, status: Option<u16>) {
        self.inner.status = self.inner.status.or(status);
    }
}

impl From<grinfi_raw::Error> for Error {
    /// Converts the error of a raw call. That of a call that was sent by a [`Client`](crate::Client) is returned as it was.
    fn from(raw: grinfi_raw::Error) -> Self {
        if raw.is_invalid_input() {
            let field = raw.field().unwrap_or("request");
            let mut error = Self::config(ErrorKind::InvalidInput, field, raw.to_string());
            error.inner.source = raw.into_source();
            return error;
        }
        if raw.is_status() {
            let text = String::from_utf8_lossy(raw.body()).into_owned();
            let status = raw.status().unwrap_or_default();
            return Self::from_status(status, raw.headers().clone(), text);
        }
        let (status, body) = (raw.status().map(|status| status.as_u16()), raw.body().clone());
        let Some(source) = raw.into_source() else { return Self::new(ErrorKind::Transport, "no response") };
        let error = match source.downcast::<Self>() {
            Ok(error) => return *error,
            Err(source) => match source.downcast::<serde_json::Error>() {
                Ok(_) if body.is_empty() => Self::empty(),
                Ok(source) => Self::decode(body, *source),
                Err(source) => match source.downcast::<reqwest::Error>() {
                    Ok(source) => Self::from_reqwest(*source),
                    Err(source) => Self::new(ErrorKind::Transport, "no response").with_source(source),
                },
            },
        };
        error.with_known_status(status)
    }
}

fn messages_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(messages_of).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}
