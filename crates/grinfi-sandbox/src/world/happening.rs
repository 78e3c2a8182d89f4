//! What people do who get the messages: no operation of the API does it, so those who run the sandbox say it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ops::{Reply, inbound};
use crate::refusal::Refusal;
use crate::store::Store;

/// Something that happens to a world from outside.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// use grinfi_sandbox::{Happening, Sandbox};
///
/// let sandbox = Sandbox::start().await?;
/// // The first contact and the first sender profile of the demo.
/// let reply = Happening::LinkedinReply {
///     lead_uuid: "00000005-0000-4000-8000-000000000001".to_owned(),
///     sender_profile_uuid: "00000002-0000-4000-8000-000000000001".to_owned(),
///     text: "Tell me more".to_owned(),
/// };
/// let message = sandbox.world().happen(reply).await?;
/// assert_eq!(message["type"], "inbox");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Happening {
    /// A contact writes to a sender on LinkedIn. The message it makes is answered.
    LinkedinReply {
        /// The contact.
        lead_uuid: String,
        /// The sender profile it writes to.
        sender_profile_uuid: String,
        /// What it writes.
        text: String,
    },
    /// A contact accepts a sender's request to connect on LinkedIn.
    ConnectionAccepted {
        /// The contact.
        lead_uuid: String,
        /// The sender profile that asked.
        sender_profile_uuid: String,
    },
    /// A contact answers an email. The email it makes is answered.
    EmailReply {
        /// The email that is answered.
        email_uuid: String,
        /// The answer, HTML.
        text: String,
    },
    /// An email is opened, a link in it clicked, it is unsubscribed from, or it bounces.
    EmailEvent {
        /// The email.
        email_uuid: String,
        /// The webhook event that tells of it: `contact_opened_email`, `contact_clicked_email`,
        /// `contact_unsubscribed_email` or `email_bounced`.
        event: String,
    },
    /// A message on LinkedIn that has not gone out yet fails.
    MessageFailed {
        /// The message.
        message_uuid: String,
        /// Why.
        reason: String,
    },
}

impl Happening {
    pub(super) fn run(&self, store: &mut Store) -> Result<Reply, Refusal> {
        // Each meets the world as it is by now, and what follows at once has followed when it is answered.
        store.settle();
        let made = match self {
            Happening::LinkedinReply { lead_uuid, sender_profile_uuid, text } => {
                Value::Object(inbound::linkedin_reply(store, lead_uuid, sender_profile_uuid, text)?)
            }
            Happening::ConnectionAccepted { lead_uuid, sender_profile_uuid } => {
                inbound::accept_connection(store, lead_uuid, sender_profile_uuid)?;
                json!({})
            }
            Happening::EmailReply { email_uuid, text } => {
                Value::Object(inbound::email_reply(store, email_uuid, text)?)
            }
            Happening::EmailEvent { email_uuid, event } => {
                inbound::email_event(store, email_uuid, event)?;
                json!({})
            }
            Happening::MessageFailed { message_uuid, reason } => {
                inbound::fail_message(store, message_uuid, reason)?;
                json!({})
            }
        };
        store.settle();
        Ok(Reply::ok(made))
    }
}
