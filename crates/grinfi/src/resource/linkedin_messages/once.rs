//! Sending a message and, when its outcome is unknown, looking for it.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::{LinkedinMessages, SendLinkedinMessage};
use crate::{
    client::Client, error::Result, filter::linkedin_message, model::LinkedinMessage, options::Options,
};

/// How far the API's clock may be off this one's.
const SKEW: TimeDelta = TimeDelta::minutes(5);

impl SendLinkedinMessage {
    /// Sends the message; if its outcome is unknown, looks for it in the conversation and answers with what it finds.
    ///
    /// What this guarantees: the message is sent at most once by this call. An answer means that the API has it. An error
    /// other than an [unknown outcome](crate::Error::is_unknown_outcome) means that it has not.
    ///
    /// How: before sending, it notes which messages with this text the conversation already holds. When the outcome is
    /// unknown it lists the sender's messages to the contact, several times with the waits of the client's
    /// [`Retry`](crate::Retry), for one with this text that was not there before and is no older than the call.
    ///
    /// What it cannot do: tell that the message did *not* go out. That it is not in the list proves nothing, however long one
    /// looks: the request may still be on its way, or wait in a queue behind a gateway that gave it up. So it never sends
    /// again, and what is not found remains an unknown outcome. (What surely did not arrive, over a refused connection or a
    /// 429, has been repeated before it comes to that.) Nor can it find a text that the API changes, such as one with
    /// template variables, or tell its message from one with the same text that another program sends to the same
    /// contact in the same minutes; within this process such calls wait for each other.
    ///
    /// It costs one listing more than plain sending. A deadline holds for all of it together.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// match client.linkedin_messages().send(&sender, &contact, "Thanks for connecting!").once().await {
    ///     Ok(message) => println!("queued as {:?}", message.uuid),
    ///     Err(error) if error.is_unknown_outcome() => println!("look again later, and do not send: {error}"),
    ///     Err(error) => println!("not sent: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As awaiting it without `once`; and what the listing before came to, with nothing sent.
    pub async fn once(self) -> Result<LinkedinMessage> {
        self.check()?;
        let turn = turn(self.body.sender_profile_uuid.to_string(), self.body.lead_uuid.to_string());
        let until = self.client.deadline().and_then(|limit| Instant::now().checked_add(limit));
        let _turn = turn.lock().await;

        let started = Utc::now();
        let before: HashSet<String> =
            self.alike(until).await?.into_iter().map(|message| message.uuid.to_string()).collect();
        let sending = Self { client: hurried(&self.client, until), body: self.body.clone() };
        let unknown = match sending.await {
            Err(error) if error.is_unknown_outcome() => error,
            known => return known,
        };
        let policy = self.client.retry();
        for look in 0..=policy.max_retries {
            if look > 0 {
                let wait = policy.ceiling(look);
                if until.is_some_and(|until| Instant::now() + wait >= until) {
                    break;
                }
                tokio::time::sleep(wait).await;
            }
            // A listing that fails says as little as one that does not hold the message.
            let alike = self.alike(until).await.unwrap_or_default();
            let new = |message: &LinkedinMessage| !before.contains(&message.uuid.to_string());
            if let Some(found) = alike.into_iter().find(|message| new(message) && is_since(message, started))
            {
                return Ok(found);
            }
        }
        Err(unknown)
    }

    /// The newest messages of the conversation with this text.
    async fn alike(&self, until: Option<Instant>) -> Result<Vec<LinkedinMessage>> {
        let (sender, contact) = (&self.body.sender_profile_uuid, &self.body.lead_uuid);
        let outbox = grinfi_raw::enums::LinkedinMessageType::Outbox;
        let conversation = linkedin_message::lead_uuid().eq(contact)
            & linkedin_message::sender_profile_uuid().eq(sender)
            & linkedin_message::r#type().eq(outbox.clone());
        let messages = LinkedinMessages::new(hurried(&self.client, until));
        let mut found = messages.list().filter(conversation).limit(100).page().await?.data;
        // Checked here too: a filter that the API does not take is ignored without a word.
        found.retain(|message| {
            message.text.as_deref().is_some_and(|text| is_same(text, &self.body.text))
                && message.lead_uuid.as_ref().is_none_or(|id| id == contact)
                && message.sender_profile_uuid.as_ref().is_none_or(|id| id == sender)
                && message.type_.as_ref().is_none_or(|kind| *kind == outbox)
        });
        Ok(found)
    }
}

/// The client with what is left of the deadline.
fn hurried(client: &Client, until: Option<Instant>) -> Client {
    let Some(until) = until else { return client.clone() };
    let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    client.with_options(Options::new().deadline(left))
}

/// Whether two texts are the same but for blanks, which are trimmed and re-wrapped on the way.
fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// Whether a message can be of a call that started then; without a time it can.
fn is_since(message: &LinkedinMessage, started: DateTime<Utc>) -> bool {
    message.created_at.or(message.sent_at).is_none_or(|time| time >= started - SKEW)
}

type Turn = tokio::sync::Mutex<()>;
type Turns = BTreeMap<(String, String), Weak<Turn>>;

static TURNS: Mutex<Turns> = Mutex::new(BTreeMap::new());

/// What the calls for one conversation take turns by: two with the same text could not tell their messages apart.
fn turn(sender: String, contact: String) -> Arc<Turn> {
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(turn) = turns.get(&(sender.clone(), contact.clone())).and_then(Weak::upgrade) {
        return turn;
    }
    turns.retain(|_, turn| turn.strong_count() > 0);
    let turn = Arc::new(Turn::default());
    turns.insert((sender, contact), Arc::downgrade(&turn));
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
        let first = turn("s".into(), "c".into());
        assert!(Arc::ptr_eq(&first, &turn("s".into(), "c".into())));
        assert!(!Arc::ptr_eq(&first, &turn("s".into(), "d".into())));
    }
}
