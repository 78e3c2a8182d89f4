//! Webhook calls that are due.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Webhook call that is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WebhookCall {
    pub(crate) webhook_uuid: String,
    pub(crate) event: String,
    pub(crate) request_method: String,
    pub(crate) target_url: String,
    /// The documented body, as of the time of the event.
    pub(crate) body: Value,
    /// When the event happened.
    pub(crate) at: String,
    /// Why the call must not be sent: the filters of the webhook cannot be evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) blocked: Option<String>,
}
