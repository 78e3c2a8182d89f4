//! Fault rules: failures of requests, to test clients.

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
    kind: FaultKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latency_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latency_clock: Option<LatencyClock>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FaultKind {
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

/// Combined effect of the rules on one request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FaultPlan {
    /// Ids of the applied rules.
    pub(crate) rules: Vec<u64>,
    pub(crate) real_latency: Duration,
    pub(crate) sandbox_latency: Duration,
    pub(crate) effect: Option<FaultEffect>,
}

impl Fault {
    fn new(kind: FaultKind) -> Fault {
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
            errors.add("operation", format!("No operation has the operationId {id:?}."));
        }
        if self.nth == Some(0) {
            errors.add("nth", "The nth counts from 1.");
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
        for (field, wrong, place) in misplaced {
            if wrong {
                errors.add(field, format!("The {field} belongs to {place}."));
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

    fn effect(&self) -> Option<FaultEffect> {
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
                let message = "A fault of the sandbox, as a rule has it.";
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

/// Active rule with its counters.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ActiveFault {
    /// Id of the rule, for its removal.
    pub id: u64,
    /// The rule.
    pub rule: Fault,
    /// Number of matching requests.
    pub met: u64,
    /// Number of requests to which the rule was applied.
    pub hit: u64,
    #[serde(skip)]
    chance: fastrand::Rng,
}

/// Rules of a tenant, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<ActiveFault>,
    added: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: Fault) -> u64 {
        self.added += 1;
        let chance = fastrand::Rng::with_seed(rule.seed.unwrap_or(0));
        self.rules.push(ActiveFault { id: self.added, rule, met: 0, hit: 0, chance });
        self.added
    }

    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id != id);
        self.rules.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    pub(crate) fn all(&self) -> Vec<ActiveFault> {
        self.rules.clone()
    }

    /// Returns the effect on a request; `operation` is `None` for an unknown path.
    pub(crate) fn plan(&mut self, operation: Option<&str>) -> FaultPlan {
        let mut plan = FaultPlan::default();
        for active in &mut self.rules {
            let rule = &active.rule;
            if rule.operation.is_some() && rule.operation.as_deref() != operation {
                continue;
            }
            active.met += 1;
            // Drawn for every matching request, so that the draws do not depend on other conditions.
            let drawn = rule.probability.is_none_or(|probability| active.chance.f64() < probability);
            let due = rule.nth.is_none_or(|nth| nth == active.met);
            if !drawn || !due || rule.times.is_some_and(|times| active.hit >= times) {
                continue;
            }
            active.hit += 1;
            plan.rules.push(active.id);
            let latency = Duration::from_millis(rule.latency_ms.unwrap_or(0));
            match rule.latency_clock.unwrap_or_default() {
                LatencyClock::Real => plan.real_latency = plan.real_latency.saturating_add(latency),
                LatencyClock::Sandbox => plan.sandbox_latency = plan.sandbox_latency.saturating_add(latency),
            }
            if plan.effect.is_none() {
                plan.effect = rule.effect();
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(rule: Fault, calls: usize) -> Vec<usize> {
        let mut faults = Faults::default();
        faults.add(rule);
        (1..=calls).filter(|_| !faults.plan(Some("getLead")).rules.is_empty()).collect()
    }

    #[test]
    fn rules_meet_their_operation_and_count_by_themselves() {
        assert_eq!(hits(Fault::status(503).nth(3), 5), [3]);
        assert_eq!(hits(Fault::status(503).times(2), 5), [1, 2]);
        assert_eq!(hits(Fault::status(503).on("deleteLead"), 5), [0; 0]);
        let mut faults = Faults::default();
        faults.add(Fault::status(503).on("getLead").nth(2));
        for other in [Some("getList"), None, Some("getLead")] {
            assert_eq!(faults.plan(other).effect, None);
        }
        assert!(faults.plan(Some("getLead")).effect.is_some());
        assert_eq!((faults.all()[0].met, faults.all()[0].hit), (2, 1));
    }

    #[test]
    fn chance_follows_from_its_seed() {
        let drawn = |seed| hits(Fault::reset().probability(0.3, seed), 200);
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        assert!((30..90).contains(&drawn(7).len()), "{}", drawn(7).len());
        assert_eq!(hits(Fault::reset().probability(0.0, 1), 50).len(), 0);
        assert_eq!(hits(Fault::reset().probability(1.0, 1), 50).len(), 50);
    }

    #[test]
    fn the_first_decides_and_latencies_add_up() {
        let mut faults = Faults::default();
        faults.add(Fault::latency(Duration::from_millis(20)));
        faults.add(Fault::reset().after(Duration::from_millis(30), LatencyClock::Real));
        faults.add(Fault::status(500).after(Duration::from_millis(5), LatencyClock::Sandbox));
        let plan = faults.plan(None);
        assert_eq!(plan.effect, Some(FaultEffect::Reset));
        assert_eq!(plan.rules, [1, 2, 3]);
        assert_eq!(
            (plan.real_latency, plan.sandbox_latency),
            (Duration::from_millis(50), Duration::from_millis(5))
        );
        assert!(faults.remove(2) && !faults.remove(2));
        assert!(matches!(
            faults.plan(None).effect,
            Some(FaultEffect::Respond(Replacement { status: 500, .. }))
        ));
        faults.clear();
        assert_eq!(faults.plan(None), FaultPlan::default());
    }

    #[test]
    fn rules_without_sense_name_the_field() {
        for (rule, field) in [
            (Fault::status(503).on("sendMessages"), "operation"),
            (Fault::status(99), "status"),
            (Fault::reset().nth(0), "nth"),
            (Fault::reset().probability(1.5, 0), "probability"),
            (Fault::reset().probability(f64::NAN, 0), "probability"),
            (Fault::reset().retry_after(3), "retry_after"),
            (Fault::reset().bytes(3), "bytes"),
            (Fault::new(FaultKind::Status), "status"),
            (Fault::new(FaultKind::CommitThenStatus), "status"),
            (Fault::commit_then_status(600), "status"),
            (Fault::commit_then_drop().body("lost"), "body"),
            (Fault::new(FaultKind::Latency), "latency_ms"),
        ] {
            let rejection = rule.validate().finish().unwrap_err();
            assert!(rejection.body()["error"]["data"].get(field).is_some(), "{rule:?}: {rejection:?}");
        }
        for rule in [Fault::html(502), Fault::commit_then_status(429), Fault::commit_then_html(524)] {
            assert_eq!(rule.on("getLead").nth(1).retry_after(3).body("x").validate(), FieldErrors::default());
        }
    }

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        let written = r#"{"kind":"commit_then_drop","operation":"sendLinkedInMessage","nth":2}"#;
        let rule: Fault = serde_json::from_str(written).unwrap();
        assert_eq!(rule, Fault::commit_then_drop().on("sendLinkedInMessage").nth(2));
        assert_eq!(serde_json::to_string(&rule).unwrap(), written);
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"reset","when":2}"#).is_err());
    }
}
