//! Webhook calls, their deliveries, and the HTTP client that sends them.

mod call;
mod client;
mod delivery;

pub(crate) use call::WebhookCall;
pub(crate) use client::WebhookClient;
pub(crate) use delivery::DeliveryLog;
pub use delivery::{Attempt, Delivery, DeliveryState};
