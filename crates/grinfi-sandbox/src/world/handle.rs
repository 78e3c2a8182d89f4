//! A world as those who run the sandbox see it.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::{Act, Happening, Inner};
use crate::clock::Clock;
use crate::error::Error;
use crate::fault::{ActiveFault, Fault};
use crate::locks::{lock, read, write};
use crate::log::LoggedRequest;
use crate::mode::Mode;
use crate::outbox::OutboxMessage;
use crate::seed::Seed;
use crate::webhooks::{self, Delivery};

/// The world of one key: its records, outbox, clock, faults and log, apart from those of every other key.
///
/// Clones are handles on the same world. What changes a world returns once the change is in the data file, if there is
/// one.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// use grinfi_sandbox::{Fault, Sandbox};
///
/// let sandbox = Sandbox::start().await?;
/// let world = sandbox.world_of("the-key-of-one-test")?;
/// world.snapshot("before").await?;
/// world.add_fault(Fault::commit_then_drop().on("sendLinkedInMessage").nth(1))?;
/// // ... what is tried ...
/// world.restore("before").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct World {
    inner: Arc<Inner>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("id", &self.inner.id).finish_non_exhaustive()
    }
}

impl World {
    pub(crate) fn of(inner: Arc<Inner>) -> World {
        World { inner }
    }

    /// By what it goes on the control pages: a hash of its key.
    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// How true it is to the description of the API.
    pub fn mode(&self) -> Mode {
        self.inner.mode()
    }

    /// What would have been sent to people, oldest first.
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        let mut state = write(&self.inner.state);
        state.settle(self.inner.clock.now());
        state.store.outbox.clone()
    }

    /// The last 10 000 requests that have been answered, in the order of their arrival, refused ones included.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        lock(&self.inner.log).requests(&self.inner.house.base_url)
    }

    /// The clock of this world. What it shows is in the data file with the next change of the world.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The rules by which calls go wrong, oldest first.
    pub fn faults(&self) -> Vec<ActiveFault> {
        lock(&self.inner.faults).all()
    }

    /// Adds a rule by which calls go wrong; its number.
    ///
    /// Rules are not part of the data file.
    ///
    /// # Errors
    /// [`Error::Refused`] for a rule without sense, such as one on an unknown operation.
    pub fn add_fault(&self, fault: Fault) -> Result<u64, Error> {
        fault.mistakes().finish().map_err(Error::refused)?;
        Ok(lock(&self.inner.faults).add(fault))
    }

    /// Removes the rule of that number; whether there was one.
    pub fn remove_fault(&self, id: u64) -> bool {
        lock(&self.inner.faults).remove(id)
    }

    /// Removes every rule.
    pub fn clear_faults(&self) {
        lock(&self.inner.faults).clear();
    }

    /// The last 1000 calls of webhooks, oldest first, those that were refused included.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.inner.deliveries).all()
    }

    /// Makes the calls of webhooks that are due by the world's clock, and returns when each has been tried. They are
    /// made without this too, only not waited for.
    pub async fn deliver(&self) {
        webhooks::deliver(&self.inner).await;
    }

    /// Makes a call of a webhook again, whatever came of it before; how the delivery stands then. One that was refused
    /// stays so. `None` if there is none of that number.
    pub async fn redeliver(&self, id: u64) -> Option<Delivery> {
        webhooks::redeliver(&self.inner, id).await
    }

    /// Forgets the requests that have been answered.
    pub fn clear_requests(&self) {
        lock(&self.inner.log).clear();
    }

    /// Empties the outbox.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be written to the data file.
    pub async fn clear_outbox(&self) -> Result<(), Error> {
        self.act(Act::ClearOutbox).await
    }

    /// Back to how the world began: records, outbox, clock, rate limit. Faults, logged requests and deliveries
    /// are forgotten, snapshots are not.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be written to the data file.
    pub async fn reset(&self) -> Result<(), Error> {
        self.act(Act::Reset).await?;
        self.clear_faults();
        self.clear_requests();
        lock(&self.inner.deliveries).clear();
        Ok(())
    }

    /// Puts the records of a seed in the place of all there are, the outbox included; a later reset leads back to them.
    /// The same seed and number make the same records, and the same uuids afterwards.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be written to the data file.
    pub async fn seed(&self, seed: Seed, number: u64) -> Result<(), Error> {
        self.act(Act::Seed { seed, number }).await
    }

    /// Takes a snapshot of that name, in the place of an older one: all records, the outbox, the clock.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be written to the data file.
    pub async fn snapshot(&self, name: impl Into<String>) -> Result<(), Error> {
        self.act(Act::Snapshot { name: name.into() }).await
    }

    /// Back to a snapshot. A clock that stood still when it was taken stands there again; one that ran is left to run.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is none of that name, or if it cannot be written to the data file.
    pub async fn restore(&self, name: impl Into<String>) -> Result<(), Error> {
        self.act(Act::Restore { name: name.into() }).await
    }

    /// Forgets a snapshot.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is none of that name, or if it cannot be written to the data file.
    pub async fn drop_snapshot(&self, name: impl Into<String>) -> Result<(), Error> {
        self.act(Act::DropSnapshot { name: name.into() }).await
    }

    /// The names of the snapshots, sorted.
    pub fn snapshots(&self) -> Vec<String> {
        read(&self.inner.state).snapshots.keys().cloned().collect()
    }

    /// The world as it is now, or as the snapshot of that name has it, to be written out and
    /// [loaded](World::load) elsewhere. Its form may change with the sandbox's version.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is no such snapshot.
    pub fn export(&self, snapshot: Option<&str>) -> Result<Value, Error> {
        self.inner.export(snapshot).map_err(Error::refused)
    }

    /// Puts what [`export`](World::export) answered in the place of all there is.
    ///
    /// # Errors
    /// [`Error::Refused`] for anything else, which changes nothing, or if it cannot be written to the data file.
    pub async fn load(&self, exported: Value) -> Result<(), Error> {
        self.act(Inner::read_export(exported).map_err(Error::refused)?).await
    }

    /// The requests granted in any 60 seconds from now on; `None` for no limit.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be written to the data file.
    pub async fn set_rate_limit(&self, requests: Option<u32>) -> Result<(), Error> {
        self.act(Act::RateLimit { requests }).await
    }

    /// The requests granted in any 60 seconds; `None` for no limit.
    pub fn rate_limit(&self) -> Option<u32> {
        lock(&self.inner.limit).requests()
    }

    /// The credits that enrichment has left.
    pub fn credits(&self) -> i64 {
        read(&self.inner.state).credits()
    }

    /// Sets the credits that enrichment has left; with none it answers 402.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be written to the data file.
    pub async fn set_credits(&self, credits: u32) -> Result<(), Error> {
        self.act(Act::Credits { credits }).await
    }

    /// Lets something happen that no call of the API makes happen, such as a reply; the record it made, or `{}`.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is about something that is not there, or if it cannot be written to the data file.
    pub async fn happen(&self, happening: Happening) -> Result<Value, Error> {
        let reply = self.inner.act(Act::Happen { happening }).answer().await.map_err(Error::refused)?;
        Ok(reply.body.unwrap_or_default())
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    async fn act(&self, act: Act) -> Result<(), Error> {
        self.inner.act(act).answer().await.map(drop).map_err(Error::refused)
    }
}
