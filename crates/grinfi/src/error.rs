//! The error of this crate: [`Error`], its [kinds](ErrorKind), and what it keeps of a failed call.

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

/// Result of the fallible functions of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Maximum size of a response body that an error keeps, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// Error of a call.
///
/// Use the predicates, such as [`is_not_found`](Self::is_not_found), or match on [`kind`](Self::kind). No text of an error
/// contains the API key, an id or a value of a record.
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
    /// Whole body of a listing that did not decode, whose rows may still decode one by one.
    undecoded: Option<Bytes>,
    json_path: Option<String>,
    record: Option<Bytes>,
    /// Separate from `kind`, which an unknown outcome replaces.
    is_decode: bool,
    outcome: Option<Outcome>,
    lookups: Option<Lookups>,
    unconfirmed: Option<UnconfirmedRequest>,
    partial: Option<PartialFailure>,
    progress: Option<Progress>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No API key is configured.
    MissingKey,
    /// The API key is malformed.
    MalformedKey,
    /// Another setting of the client is invalid.
    Config,
    /// An argument is invalid: the API would reject or ignore it. Nothing was sent.
    InvalidInput,
    /// Connecting failed. Nothing was sent.
    Connect,
    /// No response arrived before the timeout or the deadline.
    Timeout,
    /// The connection broke before the response was complete.
    Transport,
    /// 400, or another 4xx status without a kind of its own.
    BadRequest,
    /// 401: the API key is not accepted.
    Unauthorized,
    /// 402: the team has no credits left.
    OutOfCredits,
    /// 403: the API key lacks the permission.
    Forbidden,
    /// 404: the record does not exist, or not for this API key.
    NotFound,
    /// 422: the API rejected fields of the request.
    Validation,
    /// 429: too many requests.
    RateLimited,
    /// 5xx, from the API or from a gateway.
    Server,
    /// A success with an empty body where one is expected.
    EmptyResponse,
    /// A success whose body does not decode.
    Decode,
    /// The request may have taken effect. It was not retried.
    UnknownOutcome,
    /// A listing cannot continue without skipping rows.
    Listing,
    /// A call of several requests failed after some of them took effect.
    Partial,
    /// A job did not finish within the time to wait for it.
    StillRunning,
    /// The API reports that a job failed.
    JobFailed,
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns the message, which is that of the API if its response has one.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// Returns the name of the invalid argument or setting, for [`is_invalid_input`](Self::is_invalid_input) and
    /// [`is_config`](Self::is_config).
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.inner.field.as_deref()
    }

    /// Returns the `operationId` of the call.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.inner.operation
    }

    /// Returns the HTTP method of the call.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.inner.method.as_deref()
    }

    /// Returns the path template of the call, without ids and without the query.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.inner.path.as_deref()
    }

    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.inner.status
    }

    /// Returns the reason in the error envelope of the API, such as `validation_error` or `payment_required`.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.inner.reason.as_deref()
    }

    /// Returns the messages of a [`Validation`](ErrorKind::Validation) error by field, with the field names of this crate:
    /// `contact_uuid` for the wire name `lead_uuid`, `contacts[0].work_email` for `leads.0.work_email`.
    #[must_use]
    pub fn fields(&self) -> &BTreeMap<String, Vec<String>> {
        &self.inner.fields
    }

    /// Returns the delay that the API asked for (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// Returns the request id from the response headers.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// Returns the number of attempts, those that failed to connect included.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Returns the total time spent waiting for the rate limit and between attempts.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.inner.waited
    }

    /// Returns what the call was waiting for when its deadline passed: `the rate limit`, `the retry delay`, `the retry delay of
    /// the API` or `the response`. `None` for every other error. The source is the error of the attempt before.
    #[must_use]
    pub fn waiting_for(&self) -> Option<&'static str> {
        self.inner.waiting_for
    }

    /// Returns the body of the response, at most its first 16 KiB. It may contain personal data.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.inner.body.as_deref()
    }

    /// Returns the path of the value that does not decode, for a [`Decode`](ErrorKind::Decode) error, as JSONPath (RFC 9535):
    /// `$.data[3].lead.created_at`. `None` if the body is not JSON.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.inner.json_path.as_deref()
    }

    /// Returns the record that does not decode, as raw JSON: one row of a page or list, or the whole body. It may contain
    /// personal data and is not part of any message.
    #[must_use]
    pub fn record(&self) -> Option<&[u8]> {
        self.inner.record.as_deref()
    }

    /// Returns the outcome of the request: the worst of its attempts. `None` for errors before the first attempt, such as
    /// [`is_invalid_input`](Self::is_invalid_input), or after a response, such as [`is_decode`](Self::is_decode).
    ///
    /// An update that got a 504 and whose retries failed to connect has [`Outcome::Unknown`]: the API may have applied the
    /// first attempt.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.inner.outcome
    }

    /// Returns how often and how long `once()` searched for the sent message, for an unknown outcome.
    #[must_use]
    pub fn lookups(&self) -> Option<Lookups> {
        self.inner.lookups
    }

    /// Returns the request whose effect is not known, for [`is_unknown_outcome`](Self::is_unknown_outcome).
    #[must_use]
    pub fn unconfirmed_request(&self) -> Option<&UnconfirmedRequest> {
        self.inner.unconfirmed.as_ref()
    }

    /// Returns which steps took effect, for [`is_partial`](Self::is_partial).
    #[must_use]
    pub fn partial_failure(&self) -> Option<&PartialFailure> {
        self.inner.partial.as_ref()
    }

    /// Returns the last known progress of a job, for [`is_still_running`](Self::is_still_running).
    #[must_use]
    pub fn progress(&self) -> Option<&Progress> {
        self.inner.progress.as_ref()
    }

    /// Returns true if the API key or another setting of the client is missing or invalid.
    #[must_use]
    pub fn is_config(&self) -> bool {
        matches!(self.kind(), ErrorKind::MissingKey | ErrorKind::MalformedKey | ErrorKind::Config)
    }

    /// Returns true if an argument is invalid; [`field`](Self::field) names it. Nothing was sent.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
    }

    /// Returns true if connecting failed. Nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Returns true if no response arrived in time. For a deadline, [`waiting_for`](Self::waiting_for) is set.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns true for 404: the record does not exist, or not for this API key.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns true for 401: the API key is not accepted.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.kind() == ErrorKind::Unauthorized
    }

    /// Returns true for 403: the API key lacks the permission.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.kind() == ErrorKind::Forbidden
    }

    /// Returns true for 402: the team has no credits left.
    #[must_use]
    pub fn is_out_of_credits(&self) -> bool {
        self.kind() == ErrorKind::OutOfCredits
    }

    /// Returns true for 422: the API rejected [`fields`](Self::fields) of the request.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// Returns true for 429: the rate limit of the API key is exceeded.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Returns true if the API responded with success, and the body does not decode or is empty where one is expected.
    ///
    /// Also true if that makes the outcome [unknown](Self::is_unknown_outcome): the API accepted the request of a
    /// non-idempotent operation, and the response does not show the result.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.inner.is_decode
    }

    /// Returns true if the request of a non-idempotent operation may have taken effect. Check before you send it again.
    ///
    /// For idempotent operations, which can be sent again safely, see [`outcome`](Self::outcome).
    #[must_use]
    pub fn is_unknown_outcome(&self) -> bool {
        self.kind() == ErrorKind::UnknownOutcome
    }

    /// Returns true if some requests of the call took effect before one failed: see
    /// [`partial_failure`](Self::partial_failure). The source is the error of the failed request.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.kind() == ErrorKind::Partial
    }

    /// Returns true if a job did not finish in time. It may still be running; you can wait for it again.
    #[must_use]
    pub fn is_still_running(&self) -> bool {
        self.kind() == ErrorKind::StillRunning
    }

    /// Returns true if the API reports that the job failed.
    #[must_use]
    pub fn is_job_failed(&self) -> bool {
        self.kind() == ErrorKind::JobFailed
    }

    /// Returns true if the same call may succeed later and is safe to repeat.
    ///
    /// Never true for [`is_unknown_outcome`](Self::is_unknown_outcome): repeating could send a message twice.
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
            // The message of the API often repeats the first of them.
            let new: Vec<&str> =
                messages.iter().map(String::as_str).filter(|text| !inner.message.contains(text)).collect();
            if !new.is_empty() {
                write!(f, "; {field}: {}", new.join(", "))?;
            }
        }
        if let Some(wait) = inner.retry_after {
            write!(f, "; retry after {} s", wait.as_secs_f64())?;
        }
        if inner.attempts > 1 {
            write!(f, " (after {} attempts)", inner.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may be long and may contain personal data.
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
