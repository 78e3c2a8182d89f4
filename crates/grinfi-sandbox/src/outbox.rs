//! What would have been sent: the messages that a real account would have delivered to real people.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// By what way a message would have gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Channel {
    /// A message on LinkedIn.
    LinkedIn,
}

/// One message that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OutboxMessage {
    /// The message's own uuid, as the API answered it.
    pub uuid: String,
    /// By what way it would have gone.
    pub channel: Channel,
    /// The sender profile it would have gone from.
    pub sender_profile_uuid: String,
    /// That profile's first and last name.
    pub sender_name: String,
    /// The contact it would have gone to; contacts are called leads in the API's paths and fields.
    pub lead_uuid: String,
    /// The contact's name.
    pub recipient_name: String,
    /// The contact's nickname on LinkedIn, if it has one.
    pub recipient_linkedin: Option<String>,
    /// The text, as it was given.
    pub text: String,
    /// When the API took it.
    pub queued_at: DateTime<Utc>,
}
