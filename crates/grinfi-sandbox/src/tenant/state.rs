//! State of a tenant that actions change, under one lock.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::action::Action;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::clock::Clock;
use crate::ids::Ids;
use crate::locks::lock;
use crate::operations::{Handler, inbound};
use crate::rate_limit::RateLimiter;
use crate::record::set;
use crate::rejection::Rejection;
use crate::scheduler;
use crate::seed::Seed;
use crate::seed_data;
use crate::snapshot::{InitialState, Snapshot};
use crate::store::Store;
use crate::webhooks::WebhookCall;

/// Name of the team's credits that enrichment spends.
const CREDITS: &str = "advanced_enrichment";

pub(crate) struct TenantState {
    pub(crate) store: Store,
    pub(crate) initial: InitialState,
    pub(crate) snapshots: BTreeMap<String, Snapshot>,
    /// Number of the last journal entry about the tenant.
    pub(super) entries: u64,
    /// Whether the tenant was removed from the registry.
    pub(super) removed: bool,
}

impl TenantState {
    pub(super) fn new(initial: InitialState, at: DateTime<Utc>, entries: u64) -> TenantState {
        TenantState {
            store: seeded(initial.seed, initial.number, at),
            initial,
            snapshots: BTreeMap::new(),
            entries,
            removed: false,
        }
    }

    /// Runs an operation.
    pub(super) fn call(&mut self, now: DateTime<Utc>, handler: Handler, call: &Call) -> ApiResult {
        self.store.mode = self.initial.mode;
        self.run(now, |store| handler.run(store, call))
    }

    /// Runs any action except [`Action::Call`].
    pub(super) fn act(
        &mut self,
        now: DateTime<Utc>,
        action: &Action,
        clock: &Clock,
        limiter: &Mutex<RateLimiter>,
    ) -> ApiResult {
        match action {
            Action::Call(_) => return Err(Rejection::server_error()),
            Action::Reset => {
                let InitialState { seed, number, rate_limit, .. } = self.initial;
                self.store = seeded(seed, number, now);
                *lock(limiter) = RateLimiter::new(rate_limit);
            }
            Action::Seed { seed, number } => {
                (self.initial.seed, self.initial.number) = (*seed, *number);
                self.store = seeded(*seed, *number, now);
            }
            Action::Snapshot { name } => {
                let snapshot = Snapshot { at: now, clock: clock.state(), store: self.store.clone() };
                self.snapshots.insert(name.clone(), snapshot);
            }
            Action::Restore { name } => {
                let snapshot = self.snapshots.get(name).ok_or_else(|| unknown_snapshot(name))?;
                load(&mut self.store, snapshot, clock);
            }
            Action::DropSnapshot { name } => {
                self.snapshots.remove(name).ok_or_else(|| unknown_snapshot(name))?;
            }
            Action::Load { saved } => load(&mut self.store, saved, clock),
            Action::RateLimit { requests } => *lock(limiter) = RateLimiter::new(*requests),
            Action::ClearOutbox => self.store.outbox.clear(),
            Action::Credits { credits } => {
                if let Some(all) = self.store.team.get_mut("credits").and_then(Value::as_object_mut) {
                    set(all, CREDITS, *credits);
                }
            }
            Action::Simulate { event } => return self.run(now, |store| inbound::simulate(store, event)),
            Action::TakeWebhookCalls => drop(self.take_webhook_calls(now)),
            Action::Clock => {}
        }
        Ok(ApiResponse::no_content())
    }

    /// Returns the remaining enrichment credits.
    pub(super) fn credits(&self) -> i64 {
        let credits = self.store.team.get("credits").and_then(|all| all.get(CREDITS));
        credits.and_then(Value::as_i64).unwrap_or_default()
    }

    /// Runs the jobs that are due.
    pub(super) fn run_due_jobs(&mut self, now: DateTime<Utc>) {
        self.store.run_at(now, scheduler::run_due);
    }

    /// Removes and returns the webhook calls that are due.
    pub(super) fn take_webhook_calls(&mut self, now: DateTime<Utc>) -> Vec<WebhookCall> {
        let taken = self.store.run_at(now, |store| {
            scheduler::run_due(store);
            std::mem::take(&mut store.calls)
        });
        taken.unwrap_or_default()
    }

    /// Runs `work` between the due jobs. A panic becomes the 500 of this request and does not affect others.
    fn run(&mut self, now: DateTime<Utc>, work: impl FnOnce(&mut Store) -> ApiResult) -> ApiResult {
        let result = self.store.run_at(now, |store| scheduler::with_due_jobs(store, work));
        result.unwrap_or_else(|| Err(Rejection::server_error()))
    }
}

fn load(store: &mut Store, snapshot: &Snapshot, clock: &Clock) {
    *store = snapshot.store.clone();
    // A clock that was running keeps running: its past time cannot be restored.
    if snapshot.clock.is_frozen() {
        clock.set_state(snapshot.clock);
    }
}

pub(super) fn unknown_snapshot(name: &str) -> Rejection {
    Rejection::invalid("name", format!("There is no snapshot named {name:?}."))
}

/// Returns a new store with the records of a seed. The same seed, number and time give the same store.
fn seeded(seed: Seed, number: u64, now: DateTime<Utc>) -> Store {
    let mut store = Store::new(Clock::fixed(now));
    store.ids = Ids::from_number(number);
    store.run_at(now, |store| seed_data::fill(store, seed, number));
    store
}
