//! Running sandbox.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::error::Error;
use crate::faults::Fault;
use crate::http::is_valid_key;
use crate::outbox::OutboxMessage;
use crate::registry::Registry;
use crate::request_log::LoggedRequest;
use crate::tenant::Tenant;

/// Longest time that [`Sandbox::shutdown`] waits for open requests.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Running sandbox: the Grinfi API as a server on this machine. It stops when it is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// let sandbox = grinfi_sandbox::Sandbox::start().await?;
/// println!("{} accepts the key {}", sandbox.base_url(), sandbox.key());
/// assert!(sandbox.outbox().is_empty());
/// sandbox.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    pub(crate) base_url: String,
    pub(crate) key: String,
    pub(crate) tenant: Tenant,
    pub(crate) registry: Arc<Registry>,
    /// Dropping it stops the server.
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) server: JoinHandle<()>,
}

impl Sandbox {
    /// Returns the base URL, `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the default key. By default, the sandbox accepts every other key too, each with a
    /// [tenant](Sandbox::tenant_of) of its own.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the tenant of the default key.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Returns the tenant of any key, and creates it if the key has not been used yet.
    ///
    /// # Errors
    /// [`Error::Key`] for a key that is empty or not visible ASCII, [`Error::Rejected`] for a key that the sandbox
    /// does not accept.
    pub fn tenant_of(&self, key: &str) -> Result<Tenant, Error> {
        if !is_valid_key(key) {
            return Err(Error::Key);
        }
        self.registry.of_key(key).map(Tenant::of).map_err(Error::rejected)
    }

    /// Returns every tenant, oldest first.
    pub fn tenants(&self) -> Vec<Tenant> {
        self.registry.all().into_iter().map(Tenant::of).collect()
    }

    /// Removes a tenant with all of its data and returns whether it existed. The next use of its key creates a new one.
    pub fn remove_tenant(&self, tenant: &Tenant) -> bool {
        self.registry.remove(tenant.id())
    }

    /// Returns the messages that the default tenant would have sent, oldest first.
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        self.tenant.outbox()
    }

    /// Returns the last 10,000 finished requests of the default tenant in order of arrival, rejected ones included.
    /// Requests without an accepted key are logged here too.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.tenant.requests()
    }

    /// Returns the clock of the default tenant.
    pub fn clock(&self) -> &Clock {
        self.tenant.clock()
    }

    /// Adds a fault rule for the default tenant and returns its id.
    ///
    /// # Errors
    /// As [`Tenant::add_fault`].
    pub fn add_fault(&self, fault: Fault) -> Result<u64, Error> {
        self.tenant.add_fault(fault)
    }

    /// Returns the default tenant to its initial state.
    ///
    /// # Errors
    /// As [`Tenant::reset`].
    pub async fn reset(&self) -> Result<(), Error> {
        self.tenant.reset().await
    }

    /// Stops accepting connections and returns after the open requests are finished, or after 5 seconds.
    ///
    /// Then rewrites and closes the data file, if there is one. Without this call the file has the same content in
    /// another form.
    pub async fn shutdown(self) {
        let Sandbox { stop, mut server, registry, .. } = self;
        drop(stop);
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, &mut server).await.is_err() {
            server.abort();
        }
        if let Some(journal) = &registry.environment.journal {
            // Every change with a response is in the file already.
            drop(journal.close().await);
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
