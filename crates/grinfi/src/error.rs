//! What can go wrong.

use std::{collections::BTreeMap, fmt, time::Duration};

use bytes::Bytes;

mod make;
mod mismatch;
mod names;
mod outcome;
mod partial;
mod unconfirmed;

pub use mismatch::Mismatch;
pub use outcome::{Lookups, Outcome};
pub use partial::{PartialFailure, Step, StepStatus};
pub use unconfirmed::UnconfirmedRequest;

use crate::wait::Progress;

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
    kind: ErrorKind,
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
    /// The whole body of a response that did not decode, while its rows may still be read one by one.
    undecoded: Option<Bytes>,
    json_path: Option<String>,
    record: Option<Bytes>,
    /// Kept beside the kind, which an unknown outcome replaces.
    is_decode: bool,
    outcome: Option<Outcome>,
    lookups: Option<Lookups>,
    unconfirmed: Option<UnconfirmedRequest>,
    partial: Option<PartialFailure>,
    progress: Option<Progress>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The cases of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
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
    /// A call that takes several requests failed after a part of it took effect.
    Partial,
    /// What was waited for did not come about in the time that was set for it, and may still.
    StillRunning,
    /// The API says that a job failed.
    JobFailed,
}

impl Error {
    /// Which case this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
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

    /// The messages for each field of a [`Validation`](ErrorKind::Validation) error, by the names that this crate has for the
    /// fields: `contact_uuid` for the API's `lead_uuid`, `contacts[0].work_email` for `leads.0.work_email`.
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

    /// How long the call waited for the rate limit and between attempts, in all.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.inner.waited
    }

    /// What the call was waiting for when its deadline ended it: `the rate limit`, `the pause that the API asked for`, `the next
    /// attempt` or `the answer`. `None` for every other error. What the attempt before failed with is the source.
    #[must_use]
    pub fn waiting_for(&self) -> Option<&'static str> {
        self.inner.waiting_for
    }

    /// The body of the response, at most its first 16 KiB.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.inner.body.as_deref()
    }

    /// What of the answer does not fit, for a [`Decode`](ErrorKind::Decode) error, as a path in the body (RFC 9535):
    /// `$.data[3].lead.created_at`. `None` if the body is no JSON.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.inner.json_path.as_deref()
    }

    /// The record that does not fit, raw JSON: the row of a page or list, whole, or the body of an answer that is one record.
    /// Like the body it holds people's data, and is in no message.
    #[must_use]
    pub fn record(&self) -> Option<&[u8]> {
        self.inner.record.as_deref()
    }

    /// What became of the request: the worst of its attempts. `None` for errors that come before any attempt, such as
    /// [`is_invalid_input`](Self::is_invalid_input), or after a response, such as [`is_decode`](Self::is_decode).
    ///
    /// An update that was answered 504 and whose retries found no connection has [`Outcome::Unknown`]: the first attempt may
    /// have been applied.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.inner.outcome
    }

    /// How often and how long the call looked for what it sent, for an unknown outcome of `once()`.
    #[must_use]
    pub fn lookups(&self) -> Option<Lookups> {
        self.inner.lookups
    }

    /// The request that may have had its effect, for [`is_unknown_outcome`](Self::is_unknown_outcome): what to look for, and
    /// from when on.
    #[must_use]
    pub fn unconfirmed_request(&self) -> Option<&UnconfirmedRequest> {
        self.inner.unconfirmed.as_ref()
    }

    /// What took effect and what did not, for [`is_partial`](Self::is_partial).
    #[must_use]
    pub fn partial_failure(&self) -> Option<&PartialFailure> {
        self.inner.partial.as_ref()
    }

    /// How far a job was when it was last looked at, for [`is_still_running`](Self::is_still_running).
    #[must_use]
    pub fn progress(&self) -> Option<&Progress> {
        self.inner.progress.as_ref()
    }

    /// The key or another setting of the client is missing or wrong.
    #[must_use]
    pub fn is_config(&self) -> bool {
        matches!(self.kind(), ErrorKind::MissingKey | ErrorKind::MalformedKey | ErrorKind::Config)
    }

    /// An argument was refused before anything was sent; [`field`](Self::field) names it.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
    }

    /// No connection could be made; nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// The answer did not come in time, or the call's deadline ended; [`waiting_for`](Self::waiting_for) tells which.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// 404: there is no such thing, or not for this key.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// 401: the key is not accepted.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.kind() == ErrorKind::Unauthorized
    }

    /// 403: the key may not do this.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.kind() == ErrorKind::Forbidden
    }

    /// 402: the team is out of credits.
    #[must_use]
    pub fn is_out_of_credits(&self) -> bool {
        self.kind() == ErrorKind::OutOfCredits
    }

    /// 422: see [`fields`](Self::fields).
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// 429: see [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// The API responded with success, and the body does not decode or is empty where it should not be.
    ///
    /// Also true for an [unknown outcome](Self::is_unknown_outcome) of this cause: the API accepted the request of a
    /// non-idempotent operation, and what it did cannot be read from the response.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.inner.is_decode
    }

    /// The request of a non-idempotent operation may have taken effect: look before sending it again.
    ///
    /// For idempotent operations, where sending again is harmless, see [`outcome`](Self::outcome).
    #[must_use]
    pub fn is_unknown_outcome(&self) -> bool {
        self.kind() == ErrorKind::UnknownOutcome
    }

    /// A part of the call took effect before a request failed: [`partial_failure`](Self::partial_failure) tells which, and the
    /// source is the failure.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.kind() == ErrorKind::Partial
    }

    /// What was waited for has not come about yet. The job may go on; what was waited on can be waited on again.
    #[must_use]
    pub fn is_still_running(&self) -> bool {
        self.kind() == ErrorKind::StillRunning
    }

    /// The API says that the job failed.
    #[must_use]
    pub fn is_job_failed(&self) -> bool {
        self.kind() == ErrorKind::JobFailed
    }

    /// The same call may succeed later, and repeating it does no harm.
    ///
    /// Never true for [`is_unknown_outcome`](Self::is_unknown_outcome): there, repeating may send a message twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::RateLimited => true,
            ErrorKind::Server => matches!(self.status(), Some(502..=504 | 520..=527 | 529 | 530)),
            ErrorKind::BadRequest => self.status() == Some(408),
            _ => false,
        }
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
            // The API's own text repeats the first of them.
            let new: Vec<&str> =
                messages.iter().map(String::as_str).filter(|text| !inner.message.contains(text)).collect();
            if !new.is_empty() {
                write!(f, "; {field}: {}", new.join(", "))?;
            }
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
mod tests;
