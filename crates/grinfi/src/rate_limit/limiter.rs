//! One limiter for each key, however many clients are made for it.

use std::{
    collections::BTreeMap,
    fmt,
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    task::Waker,
};

use tokio::time::Instant;

use super::{
    RateLimit,
    place::{Patience, Place},
    state::{Admission, State},
};
use crate::auth::ApiKey;

/// Lets requests of one key go.
pub(crate) struct Limiter {
    state: Mutex<State>,
    tickets: AtomicU64,
}

impl Limiter {
    pub(crate) fn new(rate_limit: RateLimit) -> Self {
        Self { state: Mutex::new(State::new(rate_limit)), tickets: AtomicU64::new(0) }
    }

    /// A place in the order of arrival, for all attempts of a call.
    pub(crate) fn ticket(&self) -> u64 {
        self.tickets.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits until one request may be sent; fails at once where that would take more than `patience`.
    pub(crate) fn place(self: &Arc<Self>, ticket: u64, patience: Patience) -> Place {
        Place::new(self.clone(), ticket, patience)
    }

    pub(super) fn admit(&self, ticket: u64, patience: Patience, waker: &Waker) -> Admission {
        self.with(|state, now, wake| state.admit(ticket, patience, now, waker, wake))
    }

    /// Works on the state, and wakes outside the lock whoever has to be.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut State, Instant, &mut Vec<Waker>) -> T) -> T {
        let mut wake = Vec::new();
        let result = work(&mut self.lock(), Instant::now(), &mut wake);
        wake.into_iter().for_each(Waker::wake);
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, rate_limit: RateLimit) {
        self.with(|state, now, wake| {
            state.rate_limit = rate_limit;
            state.wake_first(now, wake);
        });
    }

    /// How many requests have left so far.
    #[cfg(test)]
    pub(crate) fn departures(&self) -> u64 {
        self.lock().departures()
    }

    /// Places used and places held, requests under way, callers waiting.
    #[cfg(test)]
    pub(crate) fn counts(&self) -> (usize, u32, u32, usize) {
        self.lock().counts()
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("rate_limit", &self.lock().rate_limit).finish_non_exhaustive()
    }
}

/// Each with the process that it was made in.
type Registry = BTreeMap<[u64; 2], (u32, Weak<Limiter>)>;

static LIMITERS: Mutex<Registry> = Mutex::new(BTreeMap::new());
static HASHERS: OnceLock<[RandomState; 2]> = OnceLock::new();

/// The limiter of this key at this base URL. `rate_limit` is set for all who share it; `None` leaves what others have set.
///
/// A fork copies the limiter with whoever waits in it and with its lock taken, but not the threads that would go on: the
/// child gets a limiter of its own.
pub(crate) fn for_key(key: &ApiKey, base_url: &str, rate_limit: Option<RateLimit>) -> Arc<Limiter> {
    // A hash, so that the registry does not keep keys; a random one, so that it says nothing of them.
    let hashers = HASHERS.get_or_init(|| [RandomState::new(), RandomState::new()]);
    let id = hashers.each_ref().map(|hashes| {
        let mut hasher = hashes.build_hasher();
        key.hash_text(&mut hasher);
        base_url.hash(&mut hasher);
        std::hash::Hasher::finish(&hasher)
    });
    find(&mut LIMITERS.lock().unwrap_or_else(PoisonError::into_inner), id, std::process::id(), rate_limit)
}

fn find(limiters: &mut Registry, id: [u64; 2], process: u32, rate_limit: Option<RateLimit>) -> Arc<Limiter> {
    let mut set = rate_limit;
    if let Some((origin, limiter)) = limiters.get(&id).and_then(|(origin, it)| Some((*origin, it.upgrade()?)))
    {
        if origin == process {
            if let Some(rate_limit) = rate_limit {
                limiter.set(rate_limit);
            }
            return limiter;
        }
        set = set.or_else(|| limiter.state.try_lock().ok().map(|state| state.rate_limit));
    }
    limiters.retain(|_, (_, limiter)| limiter.strong_count() > 0);
    let limiter = Arc::new(Limiter::new(set.unwrap_or_default()));
    limiters.insert(id, (process, Arc::downgrade(&limiter)));
    limiter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forked_process_has_a_limiter_of_its_own() {
        let mut limiters = Registry::new();
        let parent = find(&mut limiters, [1, 2], 10, Some(RateLimit::default().requests(7)));
        assert!(Arc::ptr_eq(&parent, &find(&mut limiters, [1, 2], 10, None)));
        // The lock was taken when the process was copied, and nobody will give it back.
        let taken = parent.lock();
        let child = find(&mut limiters, [1, 2], 11, None);
        assert!(!Arc::ptr_eq(&parent, &child));
        assert_eq!(child.lock().rate_limit, RateLimit::default());
        drop(taken);
        let grandchild = find(&mut limiters, [1, 2], 12, Some(RateLimit::default().requests(5)));
        assert_eq!(
            (grandchild.lock().rate_limit.requests, parent.lock().rate_limit.requests),
            (Some(5), Some(7))
        );
        limiters.insert([1, 2], (10, Arc::downgrade(&parent)));
        assert_eq!(find(&mut limiters, [1, 2], 13, None).lock().rate_limit.requests, Some(7));
    }
}
