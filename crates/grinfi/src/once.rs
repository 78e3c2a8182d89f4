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

use crate::{client::Client, error::Result, options::Options, page::BoxFuture};

/// How far the API's clock may be off this one's.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Something to be sent to a person.
pub(crate) trait Sending: Send + Sync {
    /// What the API makes of it.
    type Sent: Send;

    /// The client to send with.
    fn client(&self) -> &Client;

    /// Sender and receiver. Two calls with the same could not tell their messages apart, and take turns.
    fn conversation(&self) -> (String, String);

    /// Sends it.
    fn send(&self, client: Client) -> BoxFuture<Result<Self::Sent>>;

    /// The newest of the conversation that look like it.
    fn alike(&self, client: Client) -> BoxFuture<Result<Vec<Self::Sent>>>;

    /// Whether one that looks like it is it, where that takes another look.
    fn confirm(&self, client: Client, sent: &Self::Sent) -> BoxFuture<Result<bool>>;

    /// The id of one.
    fn id(sent: &Self::Sent) -> Option<String>;

    /// When one came about.
    fn time(sent: &Self::Sent) -> Option<DateTime<Utc>>;
}

/// Sends and, after an unknown outcome, looks several times, with the waits of the client's retries.
pub(crate) async fn once<S: Sending>(sending: &S) -> Result<S::Sent> {
    let client = sending.client();
    let turn = turn(sending.conversation());
    let until = client.deadline().and_then(|limit| Instant::now().checked_add(limit));
    let _turn = turn.lock().await;

    let started = Utc::now();
    let before = sending.alike(hurried(client, until)).await?;
    let before: HashSet<Option<String>> = before.iter().map(S::id).collect();
    let unknown = match sending.send(hurried(client, until)).await {
        Err(error) if error.is_unknown_outcome() => error,
        known => return known,
    };
    let policy = client.retry();
    for look in 0..=policy.max_retries {
        if look > 0 {
            let wait = policy.ceiling(look);
            if until.is_some_and(|until| Instant::now() + wait >= until) {
                break;
            }
            tokio::time::sleep(wait).await;
        }
        // A listing that fails says as little as one that does not hold the message.
        for found in sending.alike(hurried(client, until)).await.unwrap_or_default() {
            let new = S::id(&found).is_some() && !before.contains(&S::id(&found));
            let since = S::time(&found).is_none_or(|time| time >= started - SKEW);
            if new && since && sending.confirm(hurried(client, until), &found).await.unwrap_or(false) {
                return Ok(found);
            }
        }
    }
    Err(unknown)
}

/// Whether two texts are the same but for blanks, which are trimmed and re-wrapped on the way.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// The client with what is left of the deadline.
pub(crate) fn hurried(client: &Client, until: Option<Instant>) -> Client {
    let Some(until) = until else { return client.clone() };
    let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    client.with_options(Options::new().deadline(left))
}

type Turn = tokio::sync::Mutex<()>;
type Turns = BTreeMap<(String, String), Weak<Turn>>;

static TURNS: Mutex<Turns> = Mutex::new(BTreeMap::new());

/// What the calls for one conversation take turns by.
fn turn(conversation: (String, String)) -> Arc<Turn> {
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
        let first = turn(("s".into(), "c".into()));
        assert!(Arc::ptr_eq(&first, &turn(("s".into(), "c".into()))));
        assert!(!Arc::ptr_eq(&first, &turn(("s".into(), "d".into()))));
    }
}
