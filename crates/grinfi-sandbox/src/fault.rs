//! Faults by rule: what goes wrong with which call, so that a client can be tried against it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::generated::OPERATIONS;
use crate::refusal::Faults as Mistakes;

/// A rule by which calls go wrong.
///
/// It meets every call of its operation, or every call at all, and counts those it meets; [`nth`](Fault::nth),
/// [`probability`](Fault::probability) and [`times`](Fault::times) narrow down which of them go wrong. Of several rules
/// that meet one call the first decides what happens, and the latencies add up.
///
/// ```
/// use grinfi_sandbox::Fault;
///
/// // The second message is sent, and its answer is lost: the case that makes people send twice.
/// let lost = Fault::commit_then_drop().on("sendLinkedInMessage").nth(2);
/// // Every tenth call or so is answered by a gateway.
/// let gateway = Fault::html(502).probability(0.1, 7);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a fault does nothing until it is given to a sandbox"]
pub struct Fault {
    kind: Kind,
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
enum Kind {
    Status,
    Html,
    Latency,
    Reset,
    Truncate,
    CommitThenDrop,
    CommitThenStatus,
    CommitThenHtml,
}

impl Kind {
    /// Whether the operation is carried out although its response is replaced.
    fn commits(self) -> bool {
        matches!(self, Kind::CommitThenStatus | Kind::CommitThenHtml)
    }

    /// Whether the response is the fault's own, of a status that the rule gives.
    fn responds(self) -> bool {
        matches!(self, Kind::Status | Kind::Html | Kind::CommitThenStatus | Kind::CommitThenHtml)
    }
}

/// By which clock a [`Fault`]'s latency passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LatencyClock {
    /// The machine's: what a client's own time limits go by.
    #[default]
    Real,
    /// The world's: the answer waits until that clock has been moved or has come far enough.
    Sandbox,
}

/// What becomes of a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// Responds with this instead of what the operation responds with.
    Respond(Replacement),
    /// It is not answered, and nothing is done.
    Reset,
    /// It is done, and so many bytes of the answer's body are sent; half of them if none is said.
    Truncate(Option<usize>),
    /// It is done, and not answered.
    CommitThenDrop,
}

/// A response in place of the operation's own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Replacement {
    /// Whether the operation is carried out first.
    pub(crate) commits: bool,
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: String,
    pub(crate) html: bool,
}

/// What the rules make of one call.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// The numbers of the rules that it goes wrong by.
    pub(crate) rules: Vec<u64>,
    pub(crate) real_latency: Duration,
    pub(crate) sandbox_latency: Duration,
    pub(crate) outcome: Option<Outcome>,
}

impl Fault {
    fn new(kind: Kind) -> Fault {
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

    /// The call is answered with `status` and the API's error envelope; nothing is done.
    pub fn status(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(Kind::Status) }
    }

    /// The call is answered with `status` and a page of HTML, as a gateway would; nothing is done.
    pub fn html(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(Kind::Html) }
    }

    /// The call is answered as ever, so much later, by the machine's clock.
    pub fn latency(duration: Duration) -> Fault {
        Fault::new(Kind::Latency).after(duration, LatencyClock::Real)
    }

    /// The connection is reset; nothing is done.
    pub fn reset() -> Fault {
        Fault::new(Kind::Reset)
    }

    /// The call is done, and the connection ends in the middle of the answer's body.
    pub fn truncate() -> Fault {
        Fault::new(Kind::Truncate)
    }

    /// The call is done, and the connection is reset before anything of the answer is sent.
    pub fn commit_then_drop() -> Fault {
        Fault::new(Kind::CommitThenDrop)
    }

    /// Carries the operation out and commits it, then responds with `status` and the API's error envelope.
    ///
    /// The response says that the call failed, and its effect is there: what a client must not mistake for a refusal.
    ///
    /// ```
    /// use grinfi_sandbox::Fault;
    ///
    /// let failed_after_the_work = Fault::commit_then_status(500).on("sendLinkedInMessage").nth(1);
    /// ```
    pub fn commit_then_status(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(Kind::CommitThenStatus) }
    }

    /// Carries the operation out and commits it, then responds with `status` and a page of HTML, as a gateway does that
    /// gave up on the server behind it: 502, 504, 520 to 530.
    pub fn commit_then_html(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::new(Kind::CommitThenHtml) }
    }

    /// Meets only the calls of the operation with that `operationId`.
    pub fn on(mut self, operation: impl Into<String>) -> Fault {
        self.operation = Some(operation.into());
        self
    }

    /// Only the call of that number goes wrong, of those it meets; the first is 1.
    pub fn nth(mut self, number: u64) -> Fault {
        self.nth = Some(number);
        self
    }

    /// At most so many calls go wrong.
    pub fn times(mut self, times: u64) -> Fault {
        self.times = Some(times);
        self
    }

    /// Each call it meets goes wrong with that probability, between 0 and 1; the same seed draws the same calls.
    pub fn probability(mut self, probability: f64, seed: u64) -> Fault {
        self.probability = Some(probability);
        self.seed = Some(seed);
        self
    }

    /// Sets the seconds of the response's `Retry-After`; for the kinds that have a status.
    pub fn retry_after(mut self, seconds: u64) -> Fault {
        self.retry_after = Some(seconds);
        self
    }

    /// Sets the body of the response in place of the usual one; for the kinds that have a status.
    pub fn body(mut self, body: impl Into<String>) -> Fault {
        self.body = Some(body.into());
        self
    }

    /// How many bytes of the body are sent; half of them unless set. For [`truncate`](Fault::truncate).
    pub fn bytes(mut self, bytes: usize) -> Fault {
        self.bytes = Some(bytes);
        self
    }

    /// Whatever happens, it happens so much later by that clock, to the millisecond.
    pub fn after(mut self, duration: Duration, clock: LatencyClock) -> Fault {
        self.latency_ms = Some(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        self.latency_clock = Some(clock);
        self
    }

    /// What is wrong with the rule itself, by field.
    pub(crate) fn mistakes(&self) -> Mistakes {
        let mut mistakes = Mistakes::default();
        if let Some(id) = &self.operation
            && !OPERATIONS.iter().any(|operation| operation.id == *id)
        {
            mistakes.add("operation", format!("No operation has the operationId {id:?}."));
        }
        if self.nth == Some(0) {
            mistakes.add("nth", "The nth counts from 1.");
        }
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            mistakes.add("probability", "The probability must be between 0 and 1.");
        }
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            mistakes.add("status", "The status must be between 200 and 599.");
        }
        let responds = self.kind.responds();
        let responding = "the kinds status, html, commit_then_status and commit_then_html";
        let misplaced = [
            ("status", self.status.is_some() && !responds, responding),
            ("retry_after", self.retry_after.is_some() && !responds, responding),
            ("body", self.body.is_some() && !responds, responding),
            ("bytes", self.bytes.is_some() && self.kind != Kind::Truncate, "the kind truncate"),
            ("seed", self.seed.is_some() && self.probability.is_none(), "a rule with a probability"),
            (
                "latency_clock",
                self.latency_clock.is_some() && self.latency_ms.is_none(),
                "a rule with latency_ms",
            ),
        ];
        for (field, wrong, place) in misplaced {
            if wrong {
                mistakes.add(field, format!("The {field} belongs to {place}."));
            }
        }
        if matches!(self.kind, Kind::Status | Kind::CommitThenStatus) && self.status.is_none() {
            mistakes.missing("status");
        }
        if self.kind == Kind::Latency && self.latency_ms.is_none() {
            mistakes.missing("latency_ms");
        }
        mistakes
    }

    fn outcome(&self) -> Option<Outcome> {
        let respond = |status: u16, html: bool, body: String| {
            Outcome::Respond(Replacement {
                commits: self.kind.commits(),
                status,
                retry_after: self.retry_after,
                body: self.body.clone().unwrap_or(body),
                html,
            })
        };
        match self.kind {
            Kind::Latency => None,
            Kind::Reset => Some(Outcome::Reset),
            Kind::Truncate => Some(Outcome::Truncate(self.bytes)),
            Kind::CommitThenDrop => Some(Outcome::CommitThenDrop),
            Kind::Status | Kind::CommitThenStatus => {
                let status = self.status.unwrap_or(500);
                let message = "A fault of the sandbox, as a rule has it.";
                let envelope = serde_json::json!({
                    "error": {"reason": reason(status), "message": message, "data": {}},
                    "message": message,
                    "code": status,
                });
                Some(respond(status, false, envelope.to_string()))
            }
            Kind::Html | Kind::CommitThenHtml => {
                let status = self.status.unwrap_or(502);
                let page = format!(
                    "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
                );
                Some(respond(status, true, page))
            }
        }
    }
}

/// The reason that the API's envelope gives with a status.
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

/// A rule and what has come of it so far.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ActiveFault {
    /// The rule's number; it is removed by it.
    pub id: u64,
    /// The rule.
    pub rule: Fault,
    /// How many calls it has met.
    pub met: u64,
    /// How many of them went wrong by it.
    pub hit: u64,
    #[serde(skip)]
    chance: fastrand::Rng,
}

/// The rules of a world, oldest first.
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

    /// What becomes of a call of an operation, `None` for a path that is none.
    pub(crate) fn plan(&mut self, operation: Option<&str>) -> Plan {
        let mut plan = Plan::default();
        for active in &mut self.rules {
            let rule = &active.rule;
            if rule.operation.is_some() && rule.operation.as_deref() != operation {
                continue;
            }
            active.met += 1;
            // Drawn for every call met, so that what one call draws does not hang on the others' fate.
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
            if plan.outcome.is_none() {
                plan.outcome = rule.outcome();
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
            assert_eq!(faults.plan(other).outcome, None);
        }
        assert!(faults.plan(Some("getLead")).outcome.is_some());
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
        assert_eq!(plan.outcome, Some(Outcome::Reset));
        assert_eq!(plan.rules, [1, 2, 3]);
        assert_eq!(
            (plan.real_latency, plan.sandbox_latency),
            (Duration::from_millis(50), Duration::from_millis(5))
        );
        assert!(faults.remove(2) && !faults.remove(2));
        assert!(matches!(faults.plan(None).outcome, Some(Outcome::Respond(Replacement { status: 500, .. }))));
        faults.clear();
        assert_eq!(faults.plan(None), Plan::default());
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
            (Fault::new(Kind::Status), "status"),
            (Fault::new(Kind::CommitThenStatus), "status"),
            (Fault::commit_then_status(600), "status"),
            (Fault::commit_then_drop().body("lost"), "body"),
            (Fault::new(Kind::Latency), "latency_ms"),
        ] {
            let refusal = rule.mistakes().finish().unwrap_err();
            assert!(refusal.body()["error"]["data"].get(field).is_some(), "{rule:?}: {refusal:?}");
        }
        for rule in [Fault::html(502), Fault::commit_then_status(429), Fault::commit_then_html(524)] {
            assert_eq!(rule.on("getLead").nth(1).retry_after(3).body("x").mistakes(), Mistakes::default());
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
