//! Messages that would have been sent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Channel of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Channel {
    /// LinkedIn message.
    LinkedIn,
    /// Email.
    Email,
}

/// Message that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutboxMessage {
    /// UUID of the message in the API.
    pub uuid: String,
    /// Channel.
    pub channel: Channel,
    /// UUID of the sender profile.
    pub sender_profile_uuid: String,
    /// First and last name of the sender profile; the sender name of an email.
    pub sender_name: String,
    /// Sender address of an email.
    pub sender_email: Option<String>,
    /// UUID of the contact; the API calls contacts leads in its paths and fields.
    pub lead_uuid: String,
    /// Name of the contact; the recipient name of an email.
    pub recipient_name: String,
    /// LinkedIn nickname of the contact, if it has one; only for LinkedIn messages.
    pub recipient_linkedin: Option<String>,
    /// Recipient address of an email.
    pub recipient_email: Option<String>,
    /// CC addresses of an email.
    pub cc: Vec<String>,
    /// BCC addresses of an email.
    pub bcc: Vec<String>,
    /// Subject of an email or InMail.
    pub subject: Option<String>,
    /// Text with template variables filled in; HTML for emails.
    pub text: String,
    /// When the API accepted the message.
    pub queued_at: DateTime<Utc>,
}
