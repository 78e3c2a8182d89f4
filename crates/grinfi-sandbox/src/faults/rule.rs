//! One fault rule.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::generated::OPERATIONS;
use crate::rejection::FieldErrors;

/// Rule that makes requests fail.
///
/// A rule matches the requests of its operation, or all requests, and counts them; [`nth`](Fault::nth),
/// [`probability`](Fault::probability) and [`times`](Fault::times) select which of them fail. If several rules apply to
/// a request, the first one determines the failure, and the latencies add up.
///
/// ```
/// use grinfi_sandbox::Fault;
///
/// // The second message is sent and its response is lost: the case that makes people send twice.
/// let lost = Fault::commit_then_drop().on("sendLinkedInMessage").nth(2);
/// // About every tenth request gets a gateway error.
/// let gateway = Fault::html(502).probability(0.1, 7);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a fault does nothing until it is given to a sandbox"]
pub struct Fault {
    pub(super) kind: FaultKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nth: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) retry_after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bytes: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) latency_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) latency_clock: Option<LatencyClock>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FaultKind {
    Status,
    Html,
    Latency,
    Reset,
    Truncate,
    CommitThenDrop,
    CommitThenStatus,
    CommitThenHtml,
}

impl FaultKind {
    /// Whether the operation runs although its response is replaced.
    fn commits(self) -> bool {
        matches!(self, FaultKind::CommitThenStatus | FaultKind::CommitThenHtml)
    }

    /// Whether the fault has its own response with a status.
    fn responds(self) -> bool {
        matches!(
            self,
            FaultKind::Status | FaultKind::Html | FaultKind::CommitThenStatus | FaultKind::CommitThenHtml
        )
    }
}

/// Clock for the latency of a [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LatencyClock {
    /// The machine's clock, which also the timeouts of clients use.
    #[default]
    Real,
    /// The tenant's clock: the response waits until that clock has advanced enough.
    Sandbox,
}

/// Effect of a fault on a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FaultEffect {
    /// Respond with this instead of the operation's response.
    Respond(Replacement),
    /// Reset the connection; the operation does not run.
    Reset,
    /// Run the operation and send this many bytes of the body; by default half of them.
    Truncate(Option<usize>),
    /// Run the operation and reset the connection.
    CommitThenDrop,
}

/// Response of a fault.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Replacement {
    /// Whether the operation runs first.
    pub(crate) commits: bool,
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: String,
    pub(crate) html: bool,
}

impl Fault {
    pub(super) fn new(kind: FaultKind) -> Fault {
        Fault {
            kind,
            operation: None,
            nth: None,
            times: None,
            probability: None,
            seed: None,
            status: None,
            retry_after: None,
            body: None,
            bytes: None,
            latency_ms: None,
            latency_clock: None,
        }
    }

    /// Responds with `status` and the API's error envelope; the operation does not run.
    pub fn status(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(FaultKind::Status) }
    }

    /// Responds with `status` and an HTML page, like a gateway; the operation does not run.
    pub fn html(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(FaultKind::Html) }
    }

    /// Delays the operation's own response, on the machine's clock.
    pub fn latency(duration: Duration) -> Fault {
        Fault::new(FaultKind::Latency).after(duration, LatencyClock::Real)
    }

    /// Resets the connection; the operation does not run.
    pub fn reset() -> Fault {
        Fault::new(FaultKind::Reset)
    }

    /// Runs the operation and ends the connection in the middle of the response body.
    pub fn truncate() -> Fault {
        Fault::new(FaultKind::Truncate)
    }

    /// Runs the operation and resets the connection before any of the response is sent.
    pub fn commit_then_drop() -> Fault {
        Fault::new(FaultKind::CommitThenDrop)
    }

    /// Runs the operation, then responds with `status` and the API's error envelope.
    ///
    /// The request has taken effect although the response is an error.
    ///
    /// ```
    /// use grinfi_sandbox::Fault;
    ///
    /// let failed_after_the_work = Fault::commit_then_status(500).on("sendLinkedInMessage").nth(1);
    /// ```
    pub fn commit_then_status(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(FaultKind::CommitThenStatus) }
    }

    /// Runs the operation, then responds with `status` and an HTML page, like a gateway that lost the server behind it:
    /// 502, 504, 520 to 530.
    pub fn commit_then_html(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(FaultKind::CommitThenHtml) }
    }

    /// Matches only the requests of the operation with that `operationId`.
    pub fn on(mut self, operation: impl Into<String>) -> Fault {
        self.operation = Some(operation.into());
        self
    }

    /// Applies only to the matching request with that number; the first is 1.
    pub fn nth(mut self, number: u64) -> Fault {
        self.nth = Some(number);
        self
    }

    /// Applies to at most this many requests.
    pub fn times(mut self, times: u64) -> Fault {
        self.times = Some(times);
        self
    }

    /// Applies to each matching request with that probability, between 0 and 1. The same seed selects the same
    /// requests.
    pub fn probability(mut self, probability: f64, seed: u64) -> Fault {
        self.probability = Some(probability);
        self.seed = Some(seed);
        self
    }

    /// Sets the seconds of `Retry-After`, for kinds with a status.
    pub fn retry_after(mut self, seconds: u64) -> Fault {
        self.retry_after = Some(seconds);
        self
    }

    /// Replaces the body of the response, for kinds with a status.
    pub fn body(mut self, body: impl Into<String>) -> Fault {
        self.body = Some(body.into());
        self
    }

    /// Sets how many bytes of the body are sent, for [`truncate`](Fault::truncate). Default: half of them.
    pub fn bytes(mut self, bytes: usize) -> Fault {
        self.bytes = Some(bytes);
        self
    }

    /// Delays the effect on that clock, with millisecond precision.
    pub fn after(mut self, duration: Duration, clock: LatencyClock) -> Fault {
        self.latency_ms = Some(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        self.latency_clock = Some(clock);
        self
    }

    /// Returns the errors of the rule by field.
    pub(crate) fn validate(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if let Some(id) = &self.operation
            && !OPERATIONS.iter().any(|operation| operation.id == *id)
        {
            errors.add("operation", format!("There is no operation with the operationId {id:?}."));
        }
        if self.nth == Some(0) {
            errors.add("nth", "The nth must be at least 1.");
        }
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            errors.add("probability", "The probability must be between 0 and 1.");
        }
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            errors.add("status", "The status must be between 200 and 599.");
        }
        let responds = self.kind.responds();
        let responding = "the kinds status, html, commit_then_status and commit_then_html";
        let misplaced = [
            ("status", self.status.is_some() && !responds, responding),
            ("retry_after", self.retry_after.is_some() && !responds, responding),
            ("body", self.body.is_some() && !responds, responding),
            ("bytes", self.bytes.is_some() && self.kind != FaultKind::Truncate, "the kind truncate"),
            ("seed", self.seed.is_some() && self.probability.is_none(), "a rule with a probability"),
            (
                "latency_clock",
                self.latency_clock.is_some() && self.latency_ms.is_none(),
                "a rule with latency_ms",
            ),
        ];
        for (field, invalid, scope) in misplaced {
            if invalid {
                errors.add(field, format!("The {field} is only valid for {scope}."));
            }
        }
        if matches!(self.kind, FaultKind::Status | FaultKind::CommitThenStatus) && self.status.is_none() {
            errors.missing("status");
        }
        if self.kind == FaultKind::Latency && self.latency_ms.is_none() {
            errors.missing("latency_ms");
        }
        errors
    }

    pub(super) fn effect(&self) -> Option<FaultEffect> {
        let respond = |status: u16, html: bool, body: String| {
            FaultEffect::Respond(Replacement {
                commits: self.kind.commits(),
                status,
                retry_after: self.retry_after,
                body: self.body.clone().unwrap_or(body),
                html,
            })
        };
        match self.kind {
            FaultKind::Latency => None,
            FaultKind::Reset => Some(FaultEffect::Reset),
            FaultKind::Truncate => Some(FaultEffect::Truncate(self.bytes)),
            FaultKind::CommitThenDrop => Some(FaultEffect::CommitThenDrop),
            FaultKind::Status | FaultKind::CommitThenStatus => {
                let status = self.status.unwrap_or(500);
                let message = "Fault injected by a rule of the sandbox.";
                let envelope = serde_json::json!({
                    "error": {"reason": reason(status), "message": message, "data": {}},
                    "message": message,
                    "code": status,
                });
                Some(respond(status, false, envelope.to_string()))
            }
            FaultKind::Html | FaultKind::CommitThenHtml => {
                let status = self.status.unwrap_or(502);
                let page = format!(
                    "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
                );
                Some(respond(status, true, page))
            }
        }
    }
}

/// Returns the reason in the error envelope for a status.
fn reason(status: u16) -> &'static str {
    match status {
        400 => "bad_request",
        401 => "auth_exception",
        402 => "payment_required",
        403 => "access_denied",
        404 => "not_found",
        422 => "validation_error",
        429 => "too_many_requests",
        _ => "server_error",
    }
}
