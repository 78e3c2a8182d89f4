//! Sending at most once: after an unknown outcome, searches for the message instead of sending it again.
//!
//! A message that is not listed may still appear later: its request may be in flight, or queued behind a gateway that timed
//! out. So a search that finds nothing leaves the outcome unknown.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use crate::{
    client::Client,
    error::{Error, Lookups, Outcome, Result},
    options::RequestOptions,
    page::BoxFuture,
    transport::within,
};

/// Maximum difference between the clock of the API and the local one.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The part of a deadline that is reserved for searching: one third.
const LOOKUP_SHARE: u32 = 3;

/// How `once()` searches for a sent message when its outcome is unknown.
///
/// ```
/// use std::time::Duration;
///
/// let lookup = grinfi::send_once::SendLookup::new().attempts(10).timeout(Duration::from_secs(120));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct SendLookup {
    /// Number of times to read the listing, at least 1. Default 5.
    pub attempts: u32,
    /// Maximum time to search. Default 30 s; less if the deadline of the call is earlier.
    pub timeout: Duration,
}

impl SendLookup {
    /// Creates the default: up to 5 searches within 30 s, with the back-off of the [`RetryPolicy`](crate::RetryPolicy).
    pub fn new() -> Self {
        Self { attempts: 5, timeout: Duration::from_secs(30) }
    }

    /// Sets the number of times to read the listing.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the maximum time to search.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.attempts == 0 {
            return Err(Error::input("lookup.attempts", "must be at least 1, got 0"));
        }
        if self.timeout.is_zero() {
            return Err(Error::input("lookup.timeout", "must be greater than 0"));
        }
        Ok(())
    }
}

impl Default for SendLookup {
    fn default() -> Self {
        Self::new()
    }
}

/// Message that is sent at most once.
pub(crate) trait Sending: Send + Sync {
    /// Record of a sent message.
    type Sent: Send;

    /// Returns the client.
    fn client(&self) -> &Client;

    /// Returns how to search for the message.
    fn lookup(&self) -> SendLookup;

    /// Returns sender and receiver. Calls with the same pair run one after the other, so that they can distinguish their
    /// messages.
    fn conversation(&self) -> (String, String);

    /// Sends the message.
    fn send(&self, client: Client) -> BoxFuture<Result<Self::Sent>>;

    /// Lists the newest messages of the conversation that match.
    fn list_matching(&self, client: Client) -> BoxFuture<Result<Vec<Self::Sent>>>;

    /// Checks a matching message further, where that takes another request.
    fn confirm(&self, client: Client, sent: &Self::Sent) -> BoxFuture<Result<bool>>;

    /// Returns the id of a message.
    fn id(sent: &Self::Sent) -> Option<String>;

    /// Returns the time at which a message was created.
    fn time(sent: &Self::Sent) -> Option<DateTime<Utc>>;
}

/// Sends a message and, after an unknown outcome, searches for it.
///
/// The deadline of the client covers all of this. One third of it, at most the timeout of the search, is reserved for
/// searching.
pub(crate) async fn once<S: Sending>(sending: &S) -> Result<S::Sent> {
    let client = sending.client();
    let lookup = sending.lookup();
    let limit = client.deadline();
    let until = limit.and_then(|limit| Instant::now().checked_add(limit));
    let send_until =
        limit.zip(until).map(|(limit, until)| until - (limit / LOOKUP_SHARE).min(lookup.timeout));
    let too_late = |waiting_for| {
        Error::deadline(limit.unwrap_or_default(), waiting_for, None).with_outcome(Outcome::NotSent, true)
    };
    let (sender, receiver) = sending.conversation();
    let turn = turn([client.base_url().to_owned(), sender, receiver]);
    let Some(_turn) = within(send_until, turn.lock()).await else {
        return Err(too_late("an earlier send to the same receiver"));
    };

    let started = Utc::now();
    let before = sending.list_matching(limited(client, send_until)).await?;
    let before: HashSet<Option<String>> = before.iter().map(S::id).collect();
    if send_until.is_some_and(|until| Instant::now() >= until) {
        return Err(too_late("sending"));
    }
    let unknown = match sending.send(limited(client, send_until)).await {
        Err(error) if error.is_unknown_outcome() => error,
        known => return known,
    };

    let policy = client.retry();
    let began = Instant::now();
    let until = began.checked_add(lookup.timeout).into_iter().chain(until).min();
    let mut lookups = Lookups { attempts: 0, failed: 0, elapsed: Duration::ZERO };
    while lookups.attempts < lookup.attempts {
        if lookups.attempts > 0 {
            let wait = policy.ceiling(lookups.attempts);
            if until.is_some_and(|until| Instant::now() + wait >= until) {
                break;
            }
            tokio::time::sleep(wait).await;
        }
        lookups.attempts += 1;
        // A listing that fails is treated like one without the message.
        let listed = sending.list_matching(limited(client, until)).await;
        lookups.failed += u32::from(listed.is_err());
        for found in listed.unwrap_or_default() {
            let is_new = S::id(&found).is_some() && !before.contains(&S::id(&found));
            let is_recent = S::time(&found).is_none_or(|time| time >= started - SKEW);
            if is_new && is_recent && sending.confirm(limited(client, until), &found).await.unwrap_or(false) {
                return Ok(found);
            }
        }
        lookups.elapsed = began.elapsed();
    }
    Err(unknown.with_lookups(lookups))
}

/// Compares two texts apart from whitespace, which the API trims and wraps.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// Returns the client with the remaining time as its deadline.
fn limited(client: &Client, until: Option<Instant>) -> Client {
    let Some(until) = until else { return client.clone() };
    let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    client.with_options(RequestOptions::new().deadline(left))
}

type Turn = tokio::sync::Mutex<()>;
/// By base URL, sender and receiver.
type Turns = BTreeMap<[String; 3], Weak<Turn>>;

static TURNS: Mutex<Turns> = Mutex::new(BTreeMap::new());

/// Returns the lock of a conversation.
fn turn(conversation: [String; 3]) -> Arc<Turn> {
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(turn) = turns.get(&conversation).and_then(Weak::upgrade) {
        return turn;
    }
    turns.retain(|_, turn| turn.strong_count() > 0);
    let turn = Arc::new(Turn::default());
    turns.insert(conversation, Arc::downgrade(&turn));
    turn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_texts_without_whitespace() {
        assert!(is_same(" Hello,\r\n Jane ", "Hello, Jane"));
        assert!(!is_same("Hello, Jane", "Hello, jane") && !is_same("Hello", "Hello, Jane"));
    }

    #[test]
    fn one_conversation_shares_a_lock() {
        let turn = |receiver: &str| turn(["http://127.0.0.1".into(), "s".into(), receiver.into()]);
        let first = turn("c");
        assert!(Arc::ptr_eq(&first, &turn("c")));
        assert!(!Arc::ptr_eq(&first, &turn("d")));
    }
}
