//! Registry of tenants: one per API key, created when the key is first used.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::journal::{Entry, JournalError, Journaled};
use crate::locks::lock;
use crate::rejection::Rejection;
use crate::snapshot::{InitialState, SavedTenant};
use crate::tenant::{Environment, TenantCore};

/// Most tenants of one sandbox.
const MAX_TENANTS: usize = 10_000;

/// Tenants by id.
pub(crate) struct Registry {
    pub(crate) environment: Arc<Environment>,
    initial: InitialState,
    clock: Clock,
    /// Id of the sandbox's default key.
    default_id: String,
    /// Ids of the accepted keys; `None` accepts every key.
    accepted: Option<Vec<String>>,
    tenants: Mutex<IndexMap<String, Arc<Slot>>>,
}

/// Tenant that exists or is being created. Creation happens outside of the lock on the registry.
type Slot = OnceLock<Arc<TenantCore>>;

/// Returns the id of a key's tenant: a hash, so that the key itself is never stored.
pub(crate) fn id_of(key: &str) -> String {
    Sha256::digest(key).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("default_id", &self.default_id).finish_non_exhaustive()
    }
}

impl Registry {
    /// Returns an empty registry. The default tenant shares `clock`; every other tenant gets a copy of it.
    pub(crate) fn new(
        environment: Arc<Environment>,
        initial: InitialState,
        clock: Clock,
        default_id: String,
        accepted: Option<Vec<String>>,
    ) -> Registry {
        Registry { environment, initial, clock, default_id, accepted, tenants: Mutex::default() }
    }

    /// Returns the tenant of the sandbox's default key.
    pub(crate) fn default_tenant(&self) -> Arc<TenantCore> {
        self.get_or_create(&self.default_id).unwrap_or_else(|_| self.create(&self.default_id))
    }

    /// Returns the tenant of a key.
    ///
    /// # Errors
    /// 401 if the key is not accepted, 503 if there are too many tenants.
    pub(crate) fn of_key(&self, key: &str) -> Result<Arc<TenantCore>, Rejection> {
        let id = id_of(key);
        if self.accepted.as_ref().is_some_and(|accepted| !accepted.contains(&id)) {
            return Err(Rejection::unauthenticated());
        }
        self.get_or_create(&id)
    }

    /// Returns the tenant with that id, if it exists.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<TenantCore>> {
        lock(&self.tenants).get(id)?.get().cloned()
    }

    /// Whether `id` is the id of the default tenant.
    pub(crate) fn is_default(&self, id: &str) -> bool {
        id == self.default_id
    }

    /// Returns every tenant, oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<TenantCore>> {
        lock(&self.tenants).values().filter_map(|slot| slot.get().cloned()).collect()
    }

    /// Removes a tenant and returns whether it existed. The next use of its key creates a new one.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut tenants = lock(&self.tenants);
        let Some(tenant) = tenants.shift_remove(id).and_then(|slot| slot.get().cloned()) else {
            return false;
        };
        tenant.mark_removed();
        if let Some(journal) = &self.environment.journal {
            // Not awaited: the entries of the key's next tenant come after it.
            drop(journal.add(&Entry::Remove { number: journal.next_number(), tenant: id.to_owned() }));
        }
        true
    }

    /// Starts the webhook deliveries of every tenant.
    pub(crate) fn start_deliveries(&self) {
        for tenant in self.all() {
            tenant.start_deliveries();
        }
    }

    fn get_or_create(&self, id: &str) -> Result<Arc<TenantCore>, Rejection> {
        let slot = {
            let mut tenants = lock(&self.tenants);
            match tenants.get(id) {
                Some(slot) => Arc::clone(slot),
                None if tenants.len() >= MAX_TENANTS => {
                    return Err(Rejection::too_many_tenants(MAX_TENANTS));
                }
                None => Arc::clone(tenants.entry(id.to_owned()).or_default()),
            }
        };
        Ok(Arc::clone(slot.get_or_init(|| {
            let tenant = self.create(id);
            tenant.start_deliveries();
            tenant
        })))
    }

    fn create(&self, id: &str) -> Arc<TenantCore> {
        let clock = self.clock_of(id);
        let (at, initial) = (clock.now(), InitialState { clock: clock.state(), ..self.initial.clone() });
        let number = self.environment.journal.as_ref().map_or(0, |journal| {
            let number = journal.next_number();
            // Not awaited: later entries of the tenant come after it.
            drop(journal.add(&Entry::Create { number, tenant: id.to_owned(), at, initial: initial.clone() }));
            number
        });
        Arc::new(TenantCore::new(id.to_owned(), Arc::clone(&self.environment), clock, initial, at, number))
    }

    fn clock_of(&self, id: &str) -> Clock {
        if self.is_default(id) { self.clock.clone() } else { Clock::of_state(self.clock.state()) }
    }

    fn insert(&self, tenant: TenantCore) {
        let id = tenant.id.clone();
        lock(&self.tenants).insert(id, Arc::new(OnceLock::from(Arc::new(tenant))));
    }
}

impl Journaled for Registry {
    fn restore(&self, saved: SavedTenant) {
        let clock = self.clock_of(&saved.id);
        self.insert(TenantCore::restored(Arc::clone(&self.environment), clock, saved));
    }

    fn replay(&self, entry: Entry) -> Result<(), JournalError> {
        match entry {
            Entry::Create { number, tenant: id, at, initial } => {
                if self.get(&id).is_none_or(|tenant| tenant.entries() < number) {
                    let (clock, environment) = (self.clock_of(&id), Arc::clone(&self.environment));
                    clock.set_state(initial.clock);
                    self.insert(TenantCore::new(id, environment, clock, initial, at, number));
                }
                Ok(())
            }
            Entry::Action { number, tenant, at, clock, action, digest } => {
                // A tenant that is missing was removed later.
                let Some(tenant) = self.get(&tenant) else { return Ok(()) };
                match tenant.replay(number, at, &action, clock) {
                    Some(replayed) if replayed != digest => Err(JournalError::Diverged { number }),
                    _ => Ok(()),
                }
            }
            Entry::Remove { number, tenant: id } => {
                if self.get(&id).is_some_and(|tenant| tenant.entries() < number) {
                    lock(&self.tenants).shift_remove(&id);
                }
                Ok(())
            }
        }
    }

    fn save_all(&self, save: &mut dyn FnMut(SavedTenant) -> io::Result<()>) -> io::Result<()> {
        self.all().iter().try_for_each(|tenant| save(tenant.save()))
    }
}
