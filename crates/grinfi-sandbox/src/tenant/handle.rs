//! Public handle of a tenant.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::core::TenantCore;
use super::export;
use crate::action::Action;
use crate::clock::Clock;
use crate::error::Error;
use crate::faults::{ActiveFault, Fault};
use crate::locks::{lock, read, write};
use crate::mode::Mode;
use crate::outbox::OutboxMessage;
use crate::prospect_event::ProspectEvent;
use crate::request_log::LoggedRequest;
use crate::seed::Seed;
use crate::webhooks::Delivery;

/// Tenant of one API key: its records, outbox, clock, rate limit, faults and logs, isolated from every other key.
///
/// Clones are handles to the same tenant. With a data file, methods that change the tenant return after the change is
/// in the file.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// use grinfi_sandbox::{Fault, Sandbox};
///
/// let sandbox = Sandbox::start().await?;
/// let tenant = sandbox.tenant_of("the-key-of-one-test")?;
/// tenant.snapshot("before").await?;
/// tenant.add_fault(Fault::commit_then_drop().on("sendLinkedInMessage").nth(1))?;
/// // ... run the code under test ...
/// tenant.restore("before").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tenant {
    core: Arc<TenantCore>,
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("id", &self.core.id).finish_non_exhaustive()
    }
}

impl Tenant {
    pub(crate) fn of(core: Arc<TenantCore>) -> Tenant {
        Tenant { core }
    }

    /// Returns the id in the control API: a hash of the key.
    pub fn id(&self) -> &str {
        &self.core.id
    }

    /// Returns whether the tenant follows the observed or the documented API.
    pub fn mode(&self) -> Mode {
        self.core.mode()
    }

    /// Returns the messages that would have been sent, oldest first.
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        let mut state = write(&self.core.state);
        state.run_due_jobs(self.core.clock.now());
        state.store.outbox.clone()
    }

    /// Returns the last 10,000 finished requests in order of arrival, rejected ones included.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        lock(&self.core.log).requests(&self.core.environment.base_url)
    }

    /// Returns the clock. Moves of the clock are written to the data file with the next change of the tenant.
    pub fn clock(&self) -> &Clock {
        &self.core.clock
    }

    /// Returns the fault rules, oldest first.
    pub fn faults(&self) -> Vec<ActiveFault> {
        lock(&self.core.faults).all()
    }

    /// Adds a fault rule and returns its id.
    ///
    /// Rules are not stored in the data file.
    ///
    /// # Errors
    /// [`Error::Rejected`] for an invalid rule, such as one with an unknown operation.
    pub fn add_fault(&self, fault: Fault) -> Result<u64, Error> {
        fault.validate().finish().map_err(Error::rejected)?;
        Ok(lock(&self.core.faults).add(fault))
    }

    /// Removes a fault rule and returns whether it existed.
    pub fn remove_fault(&self, id: u64) -> bool {
        lock(&self.core.faults).remove(id)
    }

    /// Removes every fault rule.
    pub fn clear_faults(&self) {
        lock(&self.core.faults).clear();
    }

    /// Returns the last 1,000 webhook deliveries, oldest first, blocked ones included.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.core.deliveries).all()
    }

    /// Sends the webhook calls that are due, and returns after each was attempted.
    ///
    /// The sandbox also sends them in the background; call this to wait for them.
    pub async fn deliver(&self) {
        self.core.deliver_due().await;
    }

    /// Attempts a webhook delivery again and returns its new state; `None` if there is no delivery with that id.
    ///
    /// A blocked delivery stays blocked.
    pub async fn redeliver(&self, id: u64) -> Option<Delivery> {
        self.core.redeliver(id).await
    }

    /// Clears the request log.
    pub fn clear_requests(&self) {
        lock(&self.core.log).clear();
    }

    /// Clears the outbox.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the data file cannot be written.
    pub async fn clear_outbox(&self) -> Result<(), Error> {
        self.act(Action::ClearOutbox).await
    }

    /// Returns the tenant to its initial state: records, outbox, clock and rate limit. Clears faults, the request log
    /// and deliveries, and keeps snapshots.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the data file cannot be written.
    pub async fn reset(&self) -> Result<(), Error> {
        self.act(Action::Reset).await?;
        self.clear_faults();
        self.clear_requests();
        lock(&self.core.deliveries).clear();
        Ok(())
    }

    /// Replaces all records and the outbox with the records of a seed, which later resets also return to.
    ///
    /// The same seed and number give the same records, and the same UUIDs of later records.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the data file cannot be written.
    pub async fn seed(&self, seed: Seed, number: u64) -> Result<(), Error> {
        self.act(Action::Seed { seed, number }).await
    }

    /// Takes a snapshot of all records, the outbox and the clock. Replaces a snapshot with the same name.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the data file cannot be written.
    pub async fn snapshot(&self, name: impl Into<String>) -> Result<(), Error> {
        self.act(Action::Snapshot { name: name.into() }).await
    }

    /// Restores a snapshot. Restores the clock only if it was frozen when the snapshot was taken.
    ///
    /// # Errors
    /// [`Error::Rejected`] if there is no snapshot with that name, or the data file cannot be written.
    pub async fn restore(&self, name: impl Into<String>) -> Result<(), Error> {
        self.act(Action::Restore { name: name.into() }).await
    }

    /// Deletes a snapshot.
    ///
    /// # Errors
    /// [`Error::Rejected`] if there is no snapshot with that name, or the data file cannot be written.
    pub async fn drop_snapshot(&self, name: impl Into<String>) -> Result<(), Error> {
        self.act(Action::DropSnapshot { name: name.into() }).await
    }

    /// Returns the names of the snapshots, sorted.
    pub fn snapshots(&self) -> Vec<String> {
        read(&self.core.state).snapshots.keys().cloned().collect()
    }

    /// Exports the current state, or a snapshot, as JSON for [`Tenant::load`].
    ///
    /// The format may change between versions of the sandbox.
    ///
    /// # Errors
    /// [`Error::Rejected`] if there is no snapshot with that name.
    pub fn export(&self, snapshot: Option<&str>) -> Result<Value, Error> {
        self.core.export(snapshot).map_err(Error::rejected)
    }

    /// Replaces the state with an [export](Tenant::export).
    ///
    /// # Errors
    /// [`Error::Rejected`] for a value that is not a complete export (nothing is changed then), or if the data file
    /// cannot be written.
    pub async fn load(&self, exported: Value) -> Result<(), Error> {
        self.act(export::parse(exported).map_err(Error::rejected)?).await
    }

    /// Sets the number of requests allowed in any 60 seconds; `None` disables the rate limit.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the data file cannot be written.
    pub async fn set_rate_limit(&self, requests: Option<u32>) -> Result<(), Error> {
        self.act(Action::RateLimit { requests }).await
    }

    /// Returns the number of requests allowed in any 60 seconds; `None` means no limit.
    pub fn rate_limit(&self) -> Option<u32> {
        lock(&self.core.limiter).requests()
    }

    /// Returns the remaining enrichment credits.
    pub fn credits(&self) -> i64 {
        read(&self.core.state).credits()
    }

    /// Sets the enrichment credits; without credits, enrichment responds with 402.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the data file cannot be written.
    pub async fn set_credits(&self, credits: u32) -> Result<(), Error> {
        self.act(Action::Credits { credits }).await
    }

    /// Simulates an event that a prospect causes, such as a reply. Returns the record that it creates, or `{}`.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the event is about a record that does not exist, or the data file cannot be written.
    pub async fn simulate(&self, event: ProspectEvent) -> Result<Value, Error> {
        let response = self.core.act(Action::Simulate { event }).synced().await.map_err(Error::rejected)?;
        Ok(response.body.unwrap_or_default())
    }

    pub(crate) fn core(&self) -> &TenantCore {
        &self.core
    }

    async fn act(&self, action: Action) -> Result<(), Error> {
        self.core.act(action).synced().await.map(drop).map_err(Error::rejected)
    }
}
