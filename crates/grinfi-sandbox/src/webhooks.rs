//! Delivery of webhook calls: what is due, what was sent, and the HTTP client that sends it.

mod call;
mod client;
mod delivery;

pub(crate) use call::WebhookCall;
pub(crate) use client::WebhookClient;
pub(crate) use delivery::DeliveryLog;
pub use delivery::{Attempt, Delivery, DeliveryState};
