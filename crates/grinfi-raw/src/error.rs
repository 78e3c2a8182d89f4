//! Errors of raw calls.

use std::fmt;

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

/// Why a raw call failed.
///
/// Its texts contain no value of a request or response. The body of the response is in [`body`](Self::body).
pub struct Error {
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
        Self { kind, status: None, headers: HeaderMap::new(), body: Bytes::new(), source: None }
    }

    pub(crate) fn invalid(field: &'static str, message: String) -> Self {
        Self::new(Kind::InvalidInput { field, message })
    }

    /// The request could not be built.
    pub(crate) fn request(source: reqwest::Error) -> Self {
        let message = "the request could not be built".to_owned();
        Self { source: Some(source.into()), ..Self::invalid("request", message) }
    }

    pub(crate) fn transport(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self { source: Some(source), ..Self::new(Kind::Transport) }
    }

    /// The connection broke before the end of the body.
    pub(crate) fn of_body(source: reqwest::Error) -> Self {
        Self::transport(source.into())
    }

    pub(crate) fn of_status(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status: Some(status), headers, body, ..Self::new(Kind::Status) }
    }

    pub(crate) fn decode(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        source: serde_json::Error,
    ) -> Self {
        Self { status: Some(status), headers, body, source: Some(source.into()), ..Self::new(Kind::Decode) }
    }

    /// Returns true if an argument is invalid; nothing was sent. [`field`](Self::field) names it.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        matches!(self.kind, Kind::InvalidInput { .. })
    }

    /// Returns true if no complete response came. The source is the error of the transport.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        self.kind == Kind::Transport
    }

    /// Returns true if the status of the response is not a success.
    #[must_use]
    pub fn is_status(&self) -> bool {
        self.kind == Kind::Status
    }

    /// Returns true if the response is a success whose body does not decode. The source is a `serde_json::Error`, whose text
    /// may quote values of the body.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.kind == Kind::Decode
    }

    /// Returns the invalid argument.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::InvalidInput { field, .. } => Some(field),
            _ => None,
        }
    }

    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns the HTTP headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body of the response. It may contain personal data.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the source: the error of the transport or of the decoder.
    #[must_use]
    pub fn into_source(self) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        self.source
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::InvalidInput { message, .. } => f.write_str(message),
            Kind::Transport => f.write_str("no complete response"),
            Kind::Status => write!(f, "the API responded with {}", self.status.unwrap_or_default()),
            Kind::Decode => f.write_str("the response does not have the documented form"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("message", &self.to_string()).field("status", &self.status);
        // The text of a decoder quotes values.
        if self.kind != Kind::Decode {
            shown.field("source", &self.source);
        }
        shown.finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
