//! Errors of raw calls.

use std::fmt;

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

/// Why a raw call failed.
///
/// Its texts contain no value of a request or response. The body of the response is in [`body`](Self::body).
pub struct Error {
    // Boxed, so that a `Result` stays small.
    inner: Box<Inner>,
}

struct Inner {
    kind: Kind,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Bytes,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    InvalidInput { field: &'static str, message: String },
    Transport,
    Status,
    Decode,
}

impl Error {
    fn new(kind: Kind) -> Self {
        let inner = Inner { kind, status: None, headers: HeaderMap::new(), body: Bytes::new(), source: None };
        Self { inner: Box::new(inner) }
    }

    pub(crate) fn invalid(field: &'static str, message: String) -> Self {
        Self::new(Kind::InvalidInput { field, message })
    }

    /// The request could not be built.
    pub(crate) fn request(source: reqwest::Error) -> Self {
        let message = "the request could not be built".to_owned();
        Self::invalid("request", message).with_source(source.into())
    }

    pub(crate) fn transport(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Kind::Transport).with_source(source)
    }

    /// The connection broke before the end of the body.
    pub(crate) fn of_body(source: reqwest::Error) -> Self {
        Self::transport(source.into())
    }

    pub(crate) fn of_status(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self::new(Kind::Status).with_response(status, headers, body)
    }

    pub(crate) fn decode(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        source: serde_json::Error,
    ) -> Self {
        Self::new(Kind::Decode).with_response(status, headers, body).with_source(source.into())
    }

    fn with_source(mut self, source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        self.inner.source = Some(source);
        self
    }

    fn with_response(mut self, status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        (self.inner.status, self.inner.headers, self.inner.body) = (Some(status), headers, body);
        self
    }

    /// Returns true if an argument is invalid; nothing was sent. [`field`](Self::field) names it.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        matches!(self.inner.kind, Kind::InvalidInput { .. })
    }

    /// Returns true if no complete response came. The source is the error of the transport.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        self.inner.kind == Kind::Transport
    }

    /// Returns true if the status of the response is not a success.
    #[must_use]
    pub fn is_status(&self) -> bool {
        self.inner.kind == Kind::Status
    }

    /// Returns true if the response is a success whose body does not decode. The source is a `serde_json::Error`, whose text
    /// may quote values of the body.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.inner.kind == Kind::Decode
    }

    /// Returns the invalid argument.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match &self.inner.kind {
            Kind::InvalidInput { field, .. } => Some(field),
            _ => None,
        }
    }

    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// Returns the HTTP headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// Returns the body of the response. It may contain personal data.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.inner.body
    }

    /// Returns the source: the error of the transport or of the decoder.
    #[must_use]
    pub fn into_source(self) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        self.inner.source
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner.kind {
            Kind::InvalidInput { message, .. } => f.write_str(message),
            Kind::Transport => f.write_str("no complete response"),
            Kind::Status => write!(f, "the API responded with {}", self.inner.status.unwrap_or_default()),
            Kind::Decode => f.write_str("the response does not have the documented form"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("message", &self.to_string()).field("status", &self.inner.status);
        // The text of a decoder quotes values.
        if self.inner.kind != Kind::Decode {
            shown.field("source", &self.inner.source);
        }
        shown.finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
