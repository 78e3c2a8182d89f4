//! The worlds of a sandbox: one for each key, made when the key is first used.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::journal::Entry;
use crate::locks::lock;
use crate::refusal::Refusal;
use crate::world::{House, Inner, Start, Whole};

/// More worlds than these are not made.
pub(crate) const MOST: usize = 10_000;

/// The worlds, by the ids that their keys have.
pub(crate) struct Worlds {
    pub(crate) house: Arc<House>,
    start: Start,
    clock: Clock,
    /// The id of the sandbox's own key.
    own: String,
    /// The ids that are let in; `None` lets in every key.
    only: Option<Vec<String>>,
    worlds: Mutex<IndexMap<String, Arc<Slot>>>,
}

/// A world that is there or being made. It is made outside of the lock on all of them.
type Slot = OnceLock<Arc<Inner>>;

/// By what a world goes: a hash of its key, so that the key itself is never kept.
pub(crate) fn id_of(key: &str) -> String {
    Sha256::digest(key).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Worlds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worlds").field("own", &self.own).finish_non_exhaustive()
    }
}

impl Worlds {
    /// No worlds yet. The own key's takes the clock itself, every other one a copy.
    pub(crate) fn new(
        house: Arc<House>,
        start: Start,
        clock: Clock,
        own: String,
        only: Option<Vec<String>>,
    ) -> Worlds {
        Worlds { house, start, clock, own, only, worlds: Mutex::default() }
    }

    /// The world of the sandbox's own key.
    pub(crate) fn own(&self) -> Arc<Inner> {
        self.make(&self.own).unwrap_or_else(|_| self.begin(&self.own))
    }

    /// The world of a key.
    ///
    /// # Errors
    /// 401 if the key is not let in, 503 if there are too many worlds.
    pub(crate) fn of_key(&self, key: &str) -> Result<Arc<Inner>, Refusal> {
        let id = id_of(key);
        if self.only.as_ref().is_some_and(|only| !only.contains(&id)) {
            return Err(Refusal::unauthenticated());
        }
        self.make(&id)
    }

    /// The world of that id, if it is there.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Inner>> {
        lock(&self.worlds).get(id)?.get().cloned()
    }

    /// Whether that is the id of the sandbox's own key.
    pub(crate) fn is_own(&self, id: &str) -> bool {
        id == self.own
    }

    /// Every world, the oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Inner>> {
        lock(&self.worlds).values().filter_map(|slot| slot.get().cloned()).collect()
    }

    /// Forgets a world; its key begins a new one. Whether there was one.
    pub(crate) fn forget(&self, id: &str) -> bool {
        let mut worlds = lock(&self.worlds);
        let Some(world) = worlds.shift_remove(id).and_then(|slot| slot.get().cloned()) else { return false };
        world.end();
        if let Some(journal) = &self.house.journal {
            // Waited for by nobody: what is done to the key's next world is kept after it.
            drop(journal.add(&Entry::Forget { number: journal.next(), world: id.to_owned() }));
        }
        true
    }

    /// Forgets a world as it was kept to have been forgotten.
    pub(crate) fn forget_again(&self, id: &str) {
        lock(&self.worlds).shift_remove(id);
    }

    /// Puts back a world that was kept.
    pub(crate) fn put(&self, whole: Whole) {
        let id = whole.id.clone();
        let inner = Inner::back(Arc::clone(&self.house), self.clock_of(&id), whole);
        lock(&self.worlds).insert(id, Arc::new(OnceLock::from(Arc::new(inner))));
    }

    /// Begins a world anew as it was kept to have begun.
    pub(crate) fn begin_again(&self, id: &str, start: Start, at: DateTime<Utc>, number: u64) {
        let clock = self.clock_of(id);
        clock.show(start.face);
        let inner = Inner::begin(id.to_owned(), Arc::clone(&self.house), clock, start, at, number);
        lock(&self.worlds).insert(id.to_owned(), Arc::new(OnceLock::from(Arc::new(inner))));
    }

    fn make(&self, id: &str) -> Result<Arc<Inner>, Refusal> {
        let slot = {
            let mut worlds = lock(&self.worlds);
            match worlds.get(id) {
                Some(slot) => Arc::clone(slot),
                None if worlds.len() >= MOST => return Err(Refusal::crowded(MOST)),
                None => Arc::clone(worlds.entry(id.to_owned()).or_default()),
            }
        };
        Ok(Arc::clone(slot.get_or_init(|| {
            let world = self.begin(id);
            world.keep_delivering();
            world
        })))
    }

    fn begin(&self, id: &str) -> Arc<Inner> {
        let clock = self.clock_of(id);
        let (at, start) = (clock.now(), Start { face: clock.face(), ..self.start.clone() });
        let number = self.house.journal.as_ref().map_or(0, |journal| journal.begin(id, at, &start));
        Arc::new(Inner::begin(id.to_owned(), Arc::clone(&self.house), clock, start, at, number))
    }

    fn clock_of(&self, id: &str) -> Clock {
        if id == self.own { self.clock.clone() } else { Clock::showing(self.clock.face()) }
    }
}
