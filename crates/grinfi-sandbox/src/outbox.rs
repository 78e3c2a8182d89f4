//! What would have been sent: the messages that a real account would have delivered to real people.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// By what way a message would have gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Channel {
    /// A message on LinkedIn.
    LinkedIn,
    /// An email.
    Email,
}

/// One message that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutboxMessage {
    /// The message's own uuid, as the API answered it.
    pub uuid: String,
    /// By what way it would have gone.
    pub channel: Channel,
    /// The sender profile it would have gone from.
    pub sender_profile_uuid: String,
    /// That profile's first and last name; of an email the name it was sent under.
    pub sender_name: String,
    /// The address it would have come from, of an email.
    pub sender_email: Option<String>,
    /// The contact it would have gone to; contacts are called leads in the API's paths and fields.
    pub lead_uuid: String,
    /// The contact's name; of an email the name it was addressed to.
    pub recipient_name: String,
    /// The contact's nickname on LinkedIn, of a message there, if it has one.
    pub recipient_linkedin: Option<String>,
    /// The address it would have gone to, of an email.
    pub recipient_email: Option<String>,
    /// Who else would have got the email.
    pub cc: Vec<String>,
    /// Who else would have got it unseen by the others.
    pub bcc: Vec<String>,
    /// The subject of an email or InMail.
    pub subject: Option<String>,
    /// The text, filled in if it was a template; of an email its HTML.
    pub text: String,
    /// When the API took it.
    pub queued_at: DateTime<Utc>,
}
