//! Active fault rules of a tenant.

use std::time::Duration;

use serde::Serialize;

use super::rule::{Fault, FaultEffect, LatencyClock};

/// Combined effect of the rules on one request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FaultPlan {
    /// Ids of the applied rules.
    pub(crate) rules: Vec<u64>,
    pub(crate) real_latency: Duration,
    pub(crate) sandbox_latency: Duration,
    pub(crate) effect: Option<FaultEffect>,
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
    pub matched: u64,
    /// Number of requests to which the rule was applied.
    pub applied: u64,
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
        self.rules.push(ActiveFault { id: self.added, rule, matched: 0, applied: 0, chance });
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
            active.matched += 1;
            // Drawn for every matching request, so that the draws do not depend on other conditions.
            let drawn = rule.probability.is_none_or(|probability| active.chance.f64() < probability);
            let due = rule.nth.is_none_or(|nth| nth == active.matched);
            if !drawn || !due || rule.times.is_some_and(|times| active.applied >= times) {
                continue;
            }
            active.applied += 1;
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
