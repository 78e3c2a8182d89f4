//! Telemetry: a tracing span with events for each call, and metrics.
//!
//! Names follow the OpenTelemetry conventions for HTTP clients. Bodies, headers, queries and ids are never recorded; paths
//! are recorded as templates.

use std::time::Duration;

use tracing::{Span, debug, field::Empty, info_span};

use crate::error::{Error, ErrorKind};

/// Receives metrics of each attempt and each call, for a metrics library of your choice.
///
/// The methods run in the task of the call, so they should be fast. A call that is dropped before its end is not reported.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
///
/// #[derive(Default)]
/// struct Calls(AtomicU64);
///
/// impl grinfi::telemetry::Metrics for Calls {
///     fn call(&self, call: &grinfi::telemetry::CallMetrics<'_>) {
///         self.0.fetch_add(u64::from(call.attempts), Ordering::Relaxed);
///     }
/// }
///
/// let builder = grinfi::Client::builder().metrics(Arc::new(Calls::default()));
/// ```
pub trait Metrics: Send + Sync + 'static {
    /// Called after each attempt.
    fn attempt(&self, _attempt: &AttemptMetrics<'_>) {}

    /// Called after each call.
    fn call(&self, _call: &CallMetrics<'_>) {}
}

/// Metrics of one attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptMetrics<'a> {
    /// The `operationId`, if the operation is known.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: &'a str,
    /// The path template.
    pub path: &'a str,
    /// Number of the attempt within the call, counted from 1.
    pub number: u32,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The kind of the error, if the attempt or call failed.
    pub error: Option<ErrorKind>,
    /// Time from sending the request to the end of the response.
    pub latency: Duration,
}

/// Metrics of one call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallMetrics<'a> {
    /// The `operationId`, if the operation is known.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: &'a str,
    /// The path template.
    pub path: &'a str,
    /// Number of attempts.
    pub attempts: u32,
    /// HTTP status of the last response, if there was one.
    pub status: Option<u16>,
    /// The kind of the error, if the attempt or call failed.
    pub error: Option<ErrorKind>,
    /// Total time of rate-limit waits and retry delays.
    pub waited: Duration,
    /// Total time of the call, waits included.
    pub latency: Duration,
}

/// Target of all spans and events.
const TARGET: &str = "grinfi";

/// Creates the span of a call.
pub(crate) fn span(operation: Option<&'static str>, method: &str, path: &str, url: &reqwest::Url) -> Span {
    info_span!(
        target: TARGET,
        "grinfi.call",
        otel.name = format_args!("{method} {path}"),
        otel.kind = "client",
        grinfi.operation = operation,
        http.request.method = method,
        url.template = path,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
        otel.status_code = Empty,
        grinfi.waited_ms = Empty,
    )
}

/// Reports the end of an attempt.
pub(crate) fn attempt(attempt: &AttemptMetrics<'_>, metrics: Option<&dyn Metrics>) {
    debug!(
        target: TARGET,
        {
            http.request.method = attempt.method,
            url.template = attempt.path,
            http.request.resend_count = attempt.number.saturating_sub(1),
            http.response.status_code = attempt.status,
            error.type = attempt.error.map(|kind| error_type(kind, attempt.status)),
            latency_ms = milliseconds(attempt.latency),
        },
        "attempt"
    );
    if let Some(metrics) = metrics {
        metrics.attempt(attempt);
    }
}

/// Reports a wait.
pub(crate) fn wait(why: &str, duration: Duration) {
    debug!(target: TARGET, wait_ms = milliseconds(duration), why, "waiting");
}

/// Reports the end of a call.
pub(crate) fn call(span: &Span, call: &CallMetrics<'_>, metrics: Option<&dyn Metrics>) {
    span.record("http.request.resend_count", call.attempts.saturating_sub(1));
    span.record("grinfi.waited_ms", milliseconds(call.waited));
    if let Some(status) = call.status {
        span.record("http.response.status_code", status);
    }
    if let Some(kind) = call.error {
        span.record("error.type", error_type(kind, call.status).as_str());
        span.record("otel.status_code", "ERROR");
    }
    if let Some(metrics) = metrics {
        metrics.call(call);
    }
}

/// Returns the status if it is an error status, else the error kind.
fn error_type(kind: ErrorKind, status: Option<u16>) -> String {
    match status {
        Some(status) if status >= 300 => status.to_string(),
        _ => format!("{kind:?}"),
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the kind of the error, if there is one.
pub(crate) fn error_kind<T>(result: &Result<T, Error>) -> Option<ErrorKind> {
    result.as_ref().err().map(Error::kind)
}
