//! Shared state of a tenant, and the actions on it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, RwLock};

use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::state::TenantState;
use crate::action::{Action, RecordedRequest};
use crate::call::{ApiResponse, ApiResult, Call, digest};
use crate::clock::{Clock, ClockState};
use crate::decode;
use crate::faults::Faults;
use crate::journal::{Entry, Journal, PendingWrite};
use crate::locks::{lock, read, write};
use crate::mode::Mode;
use crate::operations::Handler;
use crate::rate_limit::RateLimiter;
use crate::rejection::Rejection;
use crate::request_log::RequestLog;
use crate::snapshot::{InitialState, SavedTenant, Snapshot};
use crate::store::Store;
use crate::webhooks::{DeliveryLog, WebhookCall, WebhookClient};

/// What all tenants of a sandbox share.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) base_url: String,
    /// Whether only this machine can connect. Requests with another host name then come from DNS rebinding.
    pub(crate) loopback: bool,
    /// `None` keeps everything in memory.
    pub(crate) journal: Option<Journal>,
    pub(crate) webhook_client: WebhookClient,
    pub(crate) runtime: Handle,
}

pub(crate) struct TenantCore {
    pub(crate) id: String,
    pub(crate) environment: Arc<Environment>,
    pub(crate) clock: Clock,
    pub(crate) state: RwLock<TenantState>,
    /// Outside of `state`, so that requests are counted while an operation runs. Replaced only while `state` is locked.
    pub(crate) limiter: Mutex<RateLimiter>,
    pub(crate) log: Mutex<RequestLog>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) deliveries: Mutex<DeliveryLog>,
    /// Locked while webhook calls are sent.
    pub(super) delivering: tokio::sync::Mutex<()>,
    /// Notified after changes that may have made webhook calls due.
    pub(super) changed: Arc<Notify>,
}

impl Drop for TenantCore {
    fn drop(&mut self) {
        // Ends the delivery loop.
        self.changed.notify_one();
    }
}

/// Result of an action that may not be in the data file yet.
#[must_use = "no response may be sent before the action is in the data file"]
pub(crate) struct PendingResult {
    result: ApiResult,
    write: Option<PendingWrite>,
}

impl PendingResult {
    /// Waits until the action is in the data file and returns its result.
    pub(crate) async fn synced(self) -> ApiResult {
        if let Some(write) = self.write {
            write.synced().await.map_err(|why| Rejection::not_written(&why))?;
        }
        self.result
    }
}

impl TenantCore {
    /// Returns a tenant in its initial state.
    pub(crate) fn new(
        id: String,
        environment: Arc<Environment>,
        clock: Clock,
        initial: InitialState,
        at: DateTime<Utc>,
        entries: u64,
    ) -> TenantCore {
        let limiter = RateLimiter::new(initial.rate_limit);
        TenantCore::with_state(id, environment, clock, TenantState::new(initial, at, entries), limiter)
    }

    /// Returns a tenant as it was saved.
    pub(crate) fn restored(environment: Arc<Environment>, clock: Clock, saved: SavedTenant) -> TenantCore {
        let SavedTenant { id, initial, rate_limit, snapshots, now, entries } = saved;
        clock.set_state(now.clock);
        let limiter = RateLimiter::new(rate_limit);
        let state = TenantState { store: now.store, initial, snapshots, entries, removed: false };
        TenantCore::with_state(id, environment, clock, state, limiter)
    }

    fn with_state(
        id: String,
        environment: Arc<Environment>,
        clock: Clock,
        state: TenantState,
        limiter: RateLimiter,
    ) -> TenantCore {
        TenantCore {
            id,
            environment,
            clock,
            state: RwLock::new(state),
            limiter: Mutex::new(limiter),
            log: Mutex::default(),
            faults: Mutex::default(),
            deliveries: Mutex::default(),
            delivering: tokio::sync::Mutex::default(),
            changed: Arc::default(),
        }
    }

    /// Returns a copy of everything that the data file contains, as of one moment.
    pub(crate) fn save(&self) -> SavedTenant {
        let state = read(&self.state);
        SavedTenant {
            id: self.id.clone(),
            initial: state.initial.clone(),
            rate_limit: lock(&self.limiter).requests(),
            snapshots: state.snapshots.clone(),
            now: self.snapshot(&state),
            entries: state.entries,
        }
    }

    pub(super) fn snapshot(&self, state: &TenantState) -> Snapshot {
        Snapshot { at: self.clock.now(), clock: self.clock.state(), store: state.store.clone() }
    }

    pub(crate) fn mode(&self) -> Mode {
        read(&self.state).initial.mode
    }

    /// Returns the number of the last journal entry about the tenant.
    pub(crate) fn entries(&self) -> u64 {
        read(&self.state).entries
    }

    /// Makes every later action fail, because the tenant was removed from the registry.
    pub(crate) fn mark_removed(&self) {
        write(&self.state).removed = true;
    }

    /// Runs an operation. `request` goes to the journal if the operation is not read-only.
    pub(crate) fn call(
        &self,
        handler: Handler,
        call: &Call,
        request: Option<RecordedRequest>,
    ) -> PendingResult {
        if let Handler::ReadOnly(read) = handler
            && let Some(result) = self.read(read, call)
        {
            return PendingResult { result, write: None };
        }
        if let Handler::Deliveries(read) = handler {
            let deliveries = lock(&self.deliveries).all();
            return PendingResult { result: read(&deliveries, call), write: None };
        }
        self.change_and_notify(request.is_some(), |state| {
            let now = self.clock.now();
            let result = state.call(now, handler, call);
            (now, request.map(Action::Call), result)
        })
    }

    /// Runs a read-only operation concurrently with others; `None` if jobs must run first.
    pub(super) fn read(&self, operation: fn(&Store, &Call) -> ApiResult, call: &Call) -> Option<ApiResult> {
        let state = read(&self.state);
        let is_due = state.store.next_job().is_some_and(|at| at <= self.clock.now());
        if state.removed || is_due || state.store.mode != state.initial.mode {
            return None;
        }
        let result = catch_unwind(AssertUnwindSafe(|| operation(&state.store, call)));
        Some(result.unwrap_or_else(|_| Err(Rejection::server_error())))
    }

    /// Runs any action except [`Action::Call`].
    pub(crate) fn act(&self, action: Action) -> PendingResult {
        self.change_and_notify(true, |state| {
            if matches!(action, Action::Reset) {
                self.clock.set_state(state.initial.clock);
            }
            let now = self.clock.now();
            let result = state.act(now, &action, &self.clock, &self.limiter);
            (now, result.is_ok().then_some(action), result)
        })
    }

    /// Removes and returns the webhook calls that are due.
    pub(super) fn take_webhook_calls(&self) -> Vec<WebhookCall> {
        let mut taken = Vec::new();
        // The write is not awaited: if it fails, the calls are sent again later.
        drop(self.change(true, |state| {
            let now = self.clock.now();
            taken = state.take_webhook_calls(now);
            let action = (!taken.is_empty()).then_some(Action::TakeWebhookCalls);
            (now, action, Ok(ApiResponse::no_content()))
        }));
        taken
    }

    /// Moves the clock and records its new state.
    pub(crate) fn move_clock(&self, moved: impl FnOnce(&Clock)) -> PendingResult {
        self.change_and_notify(true, |_| {
            moved(&self.clock);
            (self.clock.now(), Some(Action::Clock), Ok(ApiResponse::no_content()))
        })
    }

    /// Calls [`TenantCore::change`] and wakes the delivery loop if webhook calls may be due.
    fn change_and_notify(
        &self,
        is_recorded: bool,
        work: impl FnOnce(&mut TenantState) -> (DateTime<Utc>, Option<Action>, ApiResult),
    ) -> PendingResult {
        // A read-only call can only make calls due that the delivery loop waits for already.
        let mut notify = is_recorded;
        let result = self.change(is_recorded, |state| {
            let result = work(state);
            notify |= !state.store.calls.is_empty();
            result
        });
        if notify {
            self.changed.notify_one();
        }
        result
    }

    /// Changes the state and queues the journal entry under the same lock, so that the journal has the order of the
    /// changes.
    fn change(
        &self,
        is_recorded: bool,
        work: impl FnOnce(&mut TenantState) -> (DateTime<Utc>, Option<Action>, ApiResult),
    ) -> PendingResult {
        let mut state = write(&self.state);
        if state.removed {
            return PendingResult { result: Err(Rejection::not_found("Tenant")), write: None };
        }
        let journal = self.environment.journal.as_ref().filter(|_| is_recorded);
        if let Some(Err(why)) = journal.map(Journal::check_writable) {
            return PendingResult { result: Err(Rejection::not_written(&why)), write: None };
        }
        let (at, action, result) = work(&mut state);
        let write = journal.zip(action).map(|(journal, action)| {
            state.entries = journal.next_number();
            journal.add(&Entry::Action {
                number: state.entries,
                tenant: self.id.clone(),
                at,
                clock: self.clock.state(),
                action,
                digest: digest(&result),
            })
        });
        drop(state);
        PendingResult { result, write }
    }

    /// Repeats a recorded action and returns the checksum of its response; `None` if the state includes it already.
    pub(crate) fn replay(
        &self,
        number: u64,
        at: DateTime<Utc>,
        action: &Action,
        clock: ClockState,
    ) -> Option<u32> {
        let mut state = write(&self.state);
        if number <= state.entries {
            return None;
        }
        state.entries = number;
        let result = match action {
            Action::Call(request) => match decode::request(request, state.initial.mode) {
                Ok((handler, call)) => state.call(at, handler, &call),
                Err(rejection) => Err(rejection),
            },
            action => state.act(at, action, &self.clock, &self.limiter),
        };
        self.clock.set_state(clock);
        Some(digest(&result))
    }

    /// Returns the summary that the control API shows.
    pub(crate) fn summary(&self) -> serde_json::Value {
        let mut state = write(&self.state);
        state.run_due_jobs(self.clock.now());
        json!({
            "id": self.id,
            "mode": state.initial.mode,
            "seed": state.initial.seed.to_string(),
            "seed_number": state.initial.number,
            "now": self.clock.now(),
            "frozen": self.clock.is_frozen(),
            "rate_limit": lock(&self.limiter).requests(),
            "credits": state.credits(),
            "contacts": state.store.contacts.table().len(),
            "outbox": state.store.outbox.len(),
            "snapshots": state.snapshots.keys().collect::<Vec<_>>(),
            "requests": lock(&self.log).count(),
            "faults": lock(&self.faults).all().len(),
            "deliveries": lock(&self.deliveries).all().len(),
        })
    }
}
