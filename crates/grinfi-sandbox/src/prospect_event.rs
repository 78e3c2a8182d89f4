//! Events that prospects cause, such as replies. No API operation causes them, so tests simulate them.

use serde::{Deserialize, Serialize};

/// Event caused by a prospect, or by the network that delivers messages.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// use grinfi_sandbox::{ProspectEvent, Sandbox};
///
/// let sandbox = Sandbox::start().await?;
/// // The first contact and the first sender profile of the demo data.
/// let reply = ProspectEvent::LinkedinReply {
///     lead_uuid: "00000005-0000-4000-8000-000000000001".to_owned(),
///     sender_profile_uuid: "00000002-0000-4000-8000-000000000001".to_owned(),
///     text: "Tell me more".to_owned(),
/// };
/// let message = sandbox.tenant().simulate(reply).await?;
/// assert_eq!(message["type"], "inbox");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ProspectEvent {
    /// A contact replies to a sender profile on LinkedIn. Returns the new message.
    LinkedinReply {
        /// UUID of the contact.
        lead_uuid: String,
        /// UUID of the sender profile that receives the reply.
        sender_profile_uuid: String,
        /// Text of the reply.
        text: String,
    },
    /// A contact accepts a LinkedIn connection request.
    ConnectionAccepted {
        /// UUID of the contact.
        lead_uuid: String,
        /// UUID of the sender profile that sent the request.
        sender_profile_uuid: String,
    },
    /// A contact replies to an email. Returns the new email.
    EmailReply {
        /// UUID of the email that is replied to.
        email_uuid: String,
        /// HTML of the reply.
        text: String,
    },
    /// A contact opens an email, clicks a link in it or unsubscribes, or the email bounces.
    EmailEvent {
        /// UUID of the email.
        email_uuid: String,
        /// Name of the webhook event: `contact_opened_email`, `contact_clicked_email`, `contact_unsubscribed_email`
        /// or `email_bounced`.
        event: String,
    },
    /// Sending a LinkedIn message fails; the message must not be `done` yet.
    MessageFailed {
        /// UUID of the message.
        message_uuid: String,
        /// Why it failed.
        reason: String,
    },
}
