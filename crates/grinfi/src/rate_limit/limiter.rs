//! Rate limiter shared by all clients of a key.

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
    permit::{Acquire, WaitLimits},
    state::{Admission, State},
};
use crate::auth::ApiKey;

/// Rate limiter of one key.
pub(crate) struct Limiter {
    state: Mutex<State>,
    next_ticket: AtomicU64,
}

impl Limiter {
    pub(crate) fn new(rate_limit: RateLimit) -> Self {
        Self { state: Mutex::new(State::new(rate_limit)), next_ticket: AtomicU64::new(0) }
    }

    /// Returns the position in the queue for all attempts of a call.
    pub(crate) fn ticket(&self) -> u64 {
        self.next_ticket.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits until a request may be sent. Fails at once if the current pause is longer than `limits` allows.
    pub(crate) fn acquire(self: &Arc<Self>, ticket: u64, limits: WaitLimits) -> Acquire {
        Acquire::new(self.clone(), ticket, limits)
    }

    pub(super) fn admit(&self, ticket: u64, limits: WaitLimits, waker: &Waker) -> Admission {
        self.with(|state, now, wakers| state.admit(ticket, limits, now, waker, wakers))
    }

    /// Runs `work` on the locked state, then wakes the returned wakers without the lock.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut State, Instant, &mut Vec<Waker>) -> T) -> T {
        let mut wakers = Vec::new();
        let result = work(&mut self.lock(), Instant::now(), &mut wakers);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, rate_limit: RateLimit) {
        self.with(|state, now, wakers| {
            state.rate_limit = rate_limit;
            state.wake_first(now, wakers);
        });
    }

    /// Returns the number of requests sent so far.
    #[cfg(test)]
    pub(crate) fn sent(&self) -> u64 {
        self.lock().sent()
    }

    /// Returns the numbers of used slots, open slots, requests in flight and waiting calls.
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

/// Limiters by key, with the id of the process that created them.
type Registry = BTreeMap<[u64; 2], (u32, Weak<Limiter>)>;

static LIMITERS: Mutex<Registry> = Mutex::new(BTreeMap::new());
static HASHERS: OnceLock<[RandomState; 2]> = OnceLock::new();

/// Returns the limiter of this key at this base URL. `rate_limit` applies to all clients that share it; `None` keeps the
/// current one.
///
/// A fork copies a limiter with its waiting calls and perhaps with its lock held, but not the threads that would continue.
/// So the child process creates its own limiter.
pub(crate) fn for_key(key: &ApiKey, base_url: &str, rate_limit: Option<RateLimit>) -> Arc<Limiter> {
    // Randomly seeded hashes, so that the registry neither stores keys nor reveals anything about them.
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
    fn forked_process_gets_its_own_limiter() {
        let mut limiters = Registry::new();
        let parent = find(&mut limiters, [1, 2], 10, Some(RateLimit::default().requests(7)));
        assert!(Arc::ptr_eq(&parent, &find(&mut limiters, [1, 2], 10, None)));
        // The lock was held during the fork and is never released in the child.
        let guard = parent.lock();
        let child = find(&mut limiters, [1, 2], 11, None);
        assert!(!Arc::ptr_eq(&parent, &child));
        assert_eq!(child.lock().rate_limit, RateLimit::default());
        drop(guard);
        let grandchild = find(&mut limiters, [1, 2], 12, Some(RateLimit::default().requests(5)));
        assert_eq!(
            (grandchild.lock().rate_limit.requests, parent.lock().rate_limit.requests),
            (Some(5), Some(7))
        );
        limiters.insert([1, 2], (10, Arc::downgrade(&parent)));
        assert_eq!(find(&mut limiters, [1, 2], 13, None).lock().rate_limit.requests, Some(7));
    }
}
