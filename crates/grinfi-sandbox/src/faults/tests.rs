use std::time::Duration;

use super::active::*;
use super::rule::*;
use crate::rejection::FieldErrors;

fn hits(rule: Fault, calls: usize) -> Vec<usize> {
    let mut faults = Faults::default();
    faults.add(rule);
    (1..=calls).filter(|_| !faults.plan(Some("getLead")).rules.is_empty()).collect()
}

#[test]
fn rules_match_operation_and_count_separately() {
    assert_eq!(hits(Fault::status(503).nth(3), 5), [3]);
    assert_eq!(hits(Fault::status(503).times(2), 5), [1, 2]);
    assert_eq!(hits(Fault::status(503).on("deleteLead"), 5), [0; 0]);
    let mut faults = Faults::default();
    faults.add(Fault::status(503).on("getLead").nth(2));
    for other in [Some("getList"), None, Some("getLead")] {
        assert_eq!(faults.plan(other).effect, None);
    }
    assert!(faults.plan(Some("getLead")).effect.is_some());
    assert_eq!((faults.all()[0].matched, faults.all()[0].applied), (2, 1));
}

#[test]
fn probability_is_deterministic_for_a_seed() {
    let drawn = |seed| hits(Fault::reset().probability(0.3, seed), 200);
    assert_eq!(drawn(7), drawn(7));
    assert_ne!(drawn(7), drawn(8));
    assert!((30..90).contains(&drawn(7).len()), "{}", drawn(7).len());
    assert_eq!(hits(Fault::reset().probability(0.0, 1), 50).len(), 0);
    assert_eq!(hits(Fault::reset().probability(1.0, 1), 50).len(), 50);
}

#[test]
fn first_rule_decides_and_latencies_add_up() {
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
    assert!(matches!(faults.plan(None).effect, Some(FaultEffect::Respond(Replacement { status: 500, .. }))));
    faults.clear();
    assert_eq!(faults.plan(None), FaultPlan::default());
}

#[test]
fn invalid_rules_name_the_field() {
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
fn rule_round_trips_through_json() {
    let written = r#"{"kind":"commit_then_drop","operation":"sendLinkedInMessage","nth":2}"#;
    let rule: Fault = serde_json::from_str(written).unwrap();
    assert_eq!(rule, Fault::commit_then_drop().on("sendLinkedInMessage").nth(2));
    assert_eq!(serde_json::to_string(&rule).unwrap(), written);
    assert!(serde_json::from_str::<Fault>(r#"{"kind":"reset","when":2}"#).is_err());
}
