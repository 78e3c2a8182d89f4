//! What a call shows of itself: a span with events, and numbers for whoever counts.
//!
//! The names are OpenTelemetry's for HTTP clients. Bodies, headers and queries are never shown, and of a path only the template.

use std::time::Duration;

use tracing::{Span, debug, field::Empty, info_span};

use crate::error::{Error, ErrorKind};

/// Receives the numbers of each attempt and of each call, for a metrics library of your choice.
///
/// The methods are called in the task that makes the call, so they should be quick. A call that is dropped before its end is
/// not reported.
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
    /// An attempt is over.
    fn attempt(&self, _attempt: &AttemptMetrics<'_>) {}

    /// A call is over.
    fn call(&self, _call: &CallMetrics<'_>) {}
}

/// The numbers of one attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptMetrics<'a> {
    /// The `operationId`, if the request is of a described operation.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: &'a str,
    /// The path template.
    pub path: &'a str,
    /// Which attempt of the call this was, the first being 1.
    pub number: u32,
    /// The status, if an answer came.
    pub status: Option<u16>,
    /// What went wrong, if anything did.
    pub error: Option<ErrorKind>,
    /// From departure to the end of the answer.
    pub latency: Duration,
}

/// The numbers of one call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallMetrics<'a> {
    /// The `operationId`, if the request is of a described operation.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: &'a str,
    /// The path template.
    pub path: &'a str,
    /// How many times the request was sent, or tried to be.
    pub attempts: u32,
    /// The status of the last answer, if one came.
    pub status: Option<u16>,
    /// What went wrong, if anything did.
    pub error: Option<ErrorKind>,
    /// Waits for the rate limit and between attempts, in all.
    pub waited: Duration,
    /// All of it, waits included.
    pub latency: Duration,
}

/// Target of all spans and events.
const TARGET: &str = "grinfi";

/// The span of a call.
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

/// An attempt is over.
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

/// A call waits.
pub(crate) fn waits(why: &str, wait: Duration) {
    debug!(target: TARGET, wait_ms = milliseconds(wait), why, "waiting");
}

/// A call is over.
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

/// The status if it is one of failure, else the case.
fn error_type(kind: ErrorKind, status: Option<u16>) -> String {
    match status {
        Some(status) if status >= 300 => status.to_string(),
        _ => format!("{kind:?}"),
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The case of a failure.
pub(crate) fn kind<T>(result: &Result<T, Error>) -> Option<ErrorKind> {
    result.as_ref().err().map(Error::kind)
}
