//! Sending something that must not go out twice and, when its outcome is unknown, looking for it.
//!
//! This never sends again: that a message is not in a listing does not prove that it will not be, since the request may
//! still be on its way, or wait in a queue behind a gateway that gave it up.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use crate::{client::Client, error::{Error, Lookups, Outcome, Result}, options::RequestOptions, page::BoxFuture, transport::within};

/// How far the API's clock may be off this one's.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The largest part of a deadline that is kept for looking.
const LOOKUP_SHARE: u32 = 3;

/// How `once()` looks for what it sent when the outcome is unknown.
///
/// ```
/// use std::time::Duration;
///
/// let patient = grinfi::send_once::SendLookup::new().attempts(10).timeout(Duration::from_secs(120));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct SendLookup {
    /// How many times the listing is read, at least 1. Default 5.
    pub attempts: u32,
    /// How long to go on looking. Default 30 s; less where a deadline ends the call before.
    pub timeout: Duration,
}

impl SendLookup {
    /// Reads the listing up to 5 times within 30 s, with the back-off of the client's [`RetryPolicy`](crate::RetryPolicy) in between.
    pub fn new() -> Self {
        Self { attempts: 5, timeout: Duration::from_secs(30) }
    }

    /// Sets how many times the listing is read.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets how long to go on looking.
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

/// Something to be sent to a person.
pub(crate) trait Sending: Send + Sync {
    /// What the API makes of it.
    type Sent: Send;

    /// The client to send with.
    fn client(&self) -> &Client;

    /// How to look for it.
    fn lookup(&self) -> SendLookup;

    /// Sender and receiver. Two calls with the same could not tell their messages apart, and take turns.
    fn conversation(&self) -> (String, String);

    /// Sends it.
    fn send(&self, client: Client) -> BoxFuture<Result<Self::Sent>>;

    /// Lists the newest of the conversation that look like it.
    fn alike(&self, client: Client) -> BoxFuture<Result<Vec<Self::Sent>>>;

    /// Whether one that looks like it is it, where that takes another request.
    fn confirm(&self, client: Client, sent: &Self::Sent) -> BoxFuture<Result<bool>>;

    /// The id of one.
    fn id(sent: &Self::Sent) -> Option<String>;

    /// When one was created.
    fn time(sent: &Self::Sent) -> Option<DateTime<Utc>>;
}

/// Sends and, after an unknown outcome, looks for what was sent.
///
/// The deadline of the client covers everything. A third of it, at most the timeout of the lookup, is kept for looking: what
/// comes before has to be done without it.
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
    let before = sending.alike(limited(client, send_until)).await?;
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
        // A listing that fails says as little as one that does not contain the message.
        let listed = sending.alike(limited(client, until)).await;
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

/// Whether two texts are the same but for blanks, which are trimmed and re-wrapped on the way.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// The client with what is left until then as its deadline.
fn limited(client: &Client, until: Option<Instant>) -> Client {
    let Some(until) = until else { return client.clone() };
    let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    client.with_options(RequestOptions::new().deadline(left))
}

type Turn = tokio::sync::Mutex<()>;
/// By base URL, sender and receiver.
type Turns = BTreeMap<[String; 3], Weak<Turn>>;

static TURNS: Mutex<Turns> = Mutex::new(BTreeMap::new());

/// What the calls for one conversation take turns by.
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
    fn texts_are_compared_but_for_blanks() {
        assert!(is_same(" Hello,\r\n Jane ", "Hello, Jane"));
        assert!(!is_same("Hello, Jane", "Hello, jane") && !is_same("Hello", "Hello, Jane"));
    }

    #[test]
    fn a_conversation_has_one_turn_at_a_time() {
        let turn = |receiver: &str| turn(["http://127.0.0.1".into(), "s".into(), receiver.into()]);
        let first = turn("c");
        assert!(Arc::ptr_eq(&first, &turn("c")));
        assert!(!Arc::ptr_eq(&first, &turn("d")));
    }
}
