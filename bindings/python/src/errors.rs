//! Conversion of Rust errors into the exceptions of `grinfi._errors`.

use std::{any::Any, error::Error as StdError, io};

use grinfi::{
    Error, ErrorKind, Outcome,
    error::{Mismatch, Step},
    jobs::Progress,
};
use pyo3::{
    exceptions::{PyOSError, PyRuntimeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyDict, PyType},
};

/// How many bytes of a body an exception contains.
const LARGEST_BODY: usize = 16 * 1024;

/// Returns the name of the exception for a kind of error.
fn class_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::MissingKey => "MissingKeyError",
        ErrorKind::MalformedKey => "MalformedKeyError",
        ErrorKind::Config => "ConfigError",
        ErrorKind::InvalidInput => "InvalidInputError",
        ErrorKind::Connect => "ConnectError",
        ErrorKind::Timeout => "RequestTimeoutError",
        ErrorKind::Transport => "TransportError",
        ErrorKind::BadRequest => "BadRequestError",
        ErrorKind::Unauthorized => "UnauthorizedError",
        ErrorKind::OutOfCredits => "OutOfCreditsError",
        ErrorKind::Forbidden => "ForbiddenError",
        ErrorKind::NotFound => "NotFoundError",
        ErrorKind::Validation => "ValidationError",
        ErrorKind::RateLimited => "RateLimitedError",
        ErrorKind::Server => "ServerError",
        ErrorKind::EmptyResponse => "EmptyResponseError",
        ErrorKind::Decode => "DecodeError",
        ErrorKind::UnknownOutcome => "UnknownOutcomeError",
        ErrorKind::Listing => "ListingError",
        ErrorKind::Partial => "PartialError",
        ErrorKind::StillRunning => "StillRunningError",
        ErrorKind::JobFailed => "JobFailedError",
        // A kind that was added after this list.
        _ => "GrinfiError",
    }
}

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "not_sent",
        Outcome::Refused => "refused",
        Outcome::RateLimited => "rate_limited",
        // An outcome that was added after this list is not known to be safe.
        _ => "unknown",
    }
}

/// Returns the exception for an error, with all details of the call.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    let details = || {
        let details = PyDict::new(py);
        details.set_item("message", without_value(error, error.message()))?;
        details.set_item("field", error.field())?;
        details.set_item("operation", error.operation())?;
        details.set_item("method", error.method())?;
        details.set_item("path", error.path())?;
        details.set_item("status", error.status())?;
        details.set_item("reason", error.reason())?;
        details.set_item("fields", error.fields())?;
        details.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
        details.set_item("request_id", error.request_id())?;
        details.set_item("attempts", error.attempts())?;
        details.set_item("waited", error.waited().as_secs_f64())?;
        details.set_item("waiting_for", error.waiting_for())?;
        details.set_item("outcome", error.outcome().map(outcome_name))?;
        let lookups = error.lookups();
        let lookups = lookups.map(|looked| (looked.attempts, looked.failed, looked.elapsed.as_secs_f64()));
        details.set_item("lookups", lookups)?;
        details.set_item("body", error.body().map(|body| PyBytes::new(py, body)))?;
        let unconfirmed = error.unconfirmed_request().map(|request| {
            let body = request.body.as_deref().map(|body| PyBytes::new(py, body));
            (request.started_at.timestamp_micros(), request.path.as_str(), body)
        });
        details.set_item("unconfirmed_request", unconfirmed)?;
        details.set_item("json_path", error.json_path())?;
        details.set_item("record", error.record().map(|record| PyBytes::new(py, record)))?;
        let steps = error.partial_failure().map(|partial| {
            let step = |step: &Step| (step.name.clone(), step.ids.clone(), step.status.as_str());
            partial.steps.iter().map(step).collect::<Vec<_>>()
        });
        details.set_item("partial_failure", steps)?;
        details.set_item("progress", error.progress().map(progress))?;
        Ok(details)
    };
    let cause = error.source().map(|source| cause(py, source));
    let text = without_value(error, &error.to_string());
    details()
        .map_or_else(|failure| failure, |details| build(py, class_name(error.kind()), &text, &details, cause))
}

/// Returns the text of an error without the value that a decoder stopped at, which may be personal data.
fn without_value(error: &Error, text: &str) -> String {
    match error.source().and_then(|source| source.downcast_ref::<serde_json::Error>()) {
        Some(source) => text.replace(&source.to_string(), &unreadable_at(source)),
        None => text.to_owned(),
    }
}

/// An error that is raised in Python.
pub(crate) trait Raise: Send + 'static {
    /// Returns the exception.
    fn raise(self, py: Python<'_>) -> PyErr;
}

impl Raise for Error {
    fn raise(self, py: Python<'_>) -> PyErr {
        raise(py, &self)
    }
}

/// Returns the fields of `grinfi.Progress`; times are in seconds.
pub(crate) fn progress(progress: &Progress) -> (u32, f64, Option<u64>, Option<u64>, Option<String>) {
    let elapsed = progress.elapsed.as_secs_f64();
    (progress.looks, elapsed, progress.done, progress.total, progress.status.clone())
}

/// Like [`raise`], for arguments with other names in Python: pairs of the Rust and the Python name.
pub(crate) fn raise_as(py: Python<'_>, error: &Error, names: &[(&str, &str)]) -> PyErr {
    let named = error.field().and_then(|field| names.iter().find(|(known, _)| *known == field));
    let Some((known, name)) = named.filter(|_| error.is_invalid_input()) else { return raise(py, error) };
    let text = error.message();
    let (known, renamed) = match text.starts_with('`') {
        true => (format!("`{known}`"), format!("`{name}`")),
        false => ((*known).to_owned(), (*name).to_owned()),
    };
    let text = text.strip_prefix(&*known).map_or_else(|| text.to_owned(), |rest| renamed + rest);
    wrong_input(py, name, &text, error.source().map(|source| cause(py, source)))
}

/// Returns an `InvalidInputError` for an argument.
pub(crate) fn wrong_input(py: Python<'_>, field: &str, text: &str, cause: Option<PyErr>) -> PyErr {
    let details = PyDict::new(py);
    match details.set_item("field", field) {
        Ok(()) => build(py, "InvalidInputError", &text, &details, cause),
        Err(failure) => failure,
    }
}

/// Returns the exception for an error of the sandbox.
pub(crate) fn raise_sandbox(py: Python<'_>, error: &grinfi_sandbox::Error) -> PyErr {
    if let grinfi_sandbox::Error::Rejected(refused) = error
        && let Some((field, message)) = refused.fields().next()
    {
        return wrong_input(py, field, &format!("{field}: {message}"), None);
    }
    let text = match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    build(py, "SandboxError", &text, &PyDict::new(py), error.source().map(|source| cause(py, source)))
}

/// Returns an exception of `grinfi._errors` by its name, with only a text.
pub(crate) fn plain(py: Python<'_>, class: &str, text: &str) -> PyErr {
    build(py, class, &text, &PyDict::new(py), None)
}

/// Returns the exception for a panic, which is always a bug.
pub(crate) fn panicked(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let message = panic_message(panic);
    plain(py, "InternalError", &format!("a bug in grinfi, please report it: {message}"))
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// Returns the exception for a row of a listing that is not an object.
pub(crate) fn not_a_record(py: Python<'_>, operation: &str, row: &str) -> PyErr {
    let details = || {
        let details = PyDict::new(py);
        details.set_item("operation", operation)?;
        details.set_item("body", PyBytes::new(py, &row.as_bytes()[..row.len().min(LARGEST_BODY)]))?;
        Ok(details)
    };
    let kind = match row.trim_start().chars().next() {
        Some('[') => "a list",
        Some('"') => "a string",
        Some('t' | 'f') => "a boolean",
        Some('n') => "null",
        _ => "a number",
    };
    let text = format!("{operation}: a row is not an object but {kind}");
    details().map_or_else(|failure| failure, |details| build(py, "DecodeError", &text, &details, None))
}

fn build(
    py: Python<'_>,
    class: &str,
    text: &dyn ToString,
    details: &Bound<'_, PyDict>,
    cause: Option<PyErr>,
) -> PyErr {
    let build = || {
        let class = py.import("grinfi._errors")?.getattr(class)?.cast_into::<PyType>()?;
        let exception = class.call((text.to_string(),), Some(details))?;
        PyResult::Ok(PyErr::from_value(exception))
    };
    let exception = build().unwrap_or_else(|failure| failure);
    if cause.is_some() {
        exception.set_cause(py, cause);
    }
    exception
}

/// Returns where a decoder stopped, without the value, which its own text repeats.
fn unreadable_at(error: &serde_json::Error) -> String {
    let what = if error.is_data() { "unexpected value" } else { "invalid JSON" };
    format!("{what} at line {} column {}", error.line(), error.column())
}

/// Returns the source of an error as an exception: that of another error of the crate, an `OSError` with its number, a
/// `ValueError` for values that cannot be decoded, otherwise a `RuntimeError`.
fn cause(py: Python<'_>, source: &(dyn StdError + 'static)) -> PyErr {
    if let Some(error) = source.downcast_ref::<Error>() {
        return raise(py, error);
    }
    let mut texts: Vec<String> = Vec::new();
    let mut number = None;
    let mut unreadable = false;
    let mut next = Some(source);
    while let Some(current) = next {
        let text = match current.downcast_ref::<serde_json::Error>() {
            Some(error) => unreadable_at(error),
            None => current.to_string(),
        };
        // Some layers repeat the text of the one below.
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        number = number.or(current.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error));
        unreadable |= current.is::<Mismatch>();
        next = current.source();
    }
    let text = texts.join(": ");
    match (number, unreadable) {
        (Some(number), _) => PyOSError::new_err((number, text)),
        (None, true) => PyValueError::new_err(text),
        (None, false) => PyRuntimeError::new_err(text),
    }
}
