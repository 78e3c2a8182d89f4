//! Webhook deliveries and their retries.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use super::call::WebhookCall;

/// Delays before the second and later attempts (assumed: the vendor documents none).
const RETRY_DELAYS: [TimeDelta; 4] =
    [TimeDelta::seconds(10), TimeDelta::seconds(60), TimeDelta::seconds(300), TimeDelta::seconds(1800)];
/// Most deliveries that are kept; older ones are dropped.
const MAX_DELIVERIES: usize = 1000;

/// One webhook call and its attempts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Number of the delivery within its tenant, counted from 1.
    pub id: u64,
    /// UUID of the webhook.
    pub webhook_uuid: String,
    /// Name of the event.
    pub event: String,
    /// HTTP method of the call.
    pub method: String,
    /// Target of the call.
    pub url: String,
    /// Body of the call; a `GET` is sent without it.
    pub body: Value,
    /// When the event happened, on the tenant's clock.
    pub at: String,
    /// Current state.
    pub state: DeliveryState,
    /// Why the delivery is blocked; `None` if it is not.
    pub reason: Option<String>,
    /// Attempts so far, oldest first.
    pub attempts: Vec<Attempt>,
    /// When the next attempt is due, on the tenant's clock; `None` after the last one.
    pub next_attempt: Option<DateTime<Utc>>,
}

/// State of a [`Delivery`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// An attempt is due now or later.
    Waiting,
    /// The target responded with a 2xx status.
    Delivered,
    /// Every attempt failed.
    Failed,
    /// Never sent: the target is on another machine, or the filters of the webhook are not valid jsonLogic.
    Blocked,
}

/// One attempt of a [`Delivery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was made, on the tenant's clock.
    pub at: DateTime<Utc>,
    /// Status of the response; `None` if there was no response.
    pub status: Option<u16>,
    /// Why there was no response.
    pub error: Option<String>,
}

/// Deliveries of a tenant, oldest first.
#[derive(Debug, Default)]
pub(crate) struct DeliveryLog {
    deliveries: VecDeque<Delivery>,
    added: u64,
}

impl DeliveryLog {
    pub(crate) fn add(&mut self, call: WebhookCall, now: DateTime<Utc>, blocked: Option<String>) {
        self.added += 1;
        self.deliveries.push_back(Delivery {
            id: self.added,
            webhook_uuid: call.webhook_uuid,
            event: call.event,
            method: call.request_method,
            url: call.target_url,
            body: call.body,
            at: call.at,
            state: if blocked.is_some() { DeliveryState::Blocked } else { DeliveryState::Waiting },
            next_attempt: blocked.is_none().then_some(now),
            reason: blocked,
            attempts: Vec::new(),
        });
        while self.deliveries.len() > MAX_DELIVERIES {
            self.deliveries.pop_front();
        }
    }

    /// Returns the deliveries with an attempt due by `now`.
    pub(crate) fn due(&self, now: DateTime<Utc>) -> Vec<Delivery> {
        self.deliveries.iter().filter(|it| it.next_attempt.is_some_and(|at| at <= now)).cloned().collect()
    }

    /// Returns when the next attempt is due.
    pub(crate) fn next_due(&self) -> Option<DateTime<Utc>> {
        self.deliveries.iter().filter_map(|it| it.next_attempt).min()
    }

    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.deliveries.iter().cloned().collect()
    }

    pub(crate) fn get(&self, id: u64) -> Option<Delivery> {
        self.deliveries.iter().find(|it| it.id == id).cloned()
    }

    pub(crate) fn clear(&mut self) {
        self.deliveries.clear();
    }

    /// Records an attempt and when the next one is due.
    pub(crate) fn record(&mut self, id: u64, attempt: Attempt) {
        let Some(delivery) = self.deliveries.iter_mut().find(|it| it.id == id) else { return };
        let delivered = attempt.status.is_some_and(|status| (200..300).contains(&status));
        let delay = RETRY_DELAYS.get(delivery.attempts.len()).filter(|_| !delivered);
        delivery.next_attempt = delay.and_then(|delay| attempt.at.checked_add_signed(*delay));
        delivery.state = match (delivered, delivery.next_attempt) {
            (true, _) => DeliveryState::Delivered,
            (false, Some(_)) => DeliveryState::Waiting,
            (false, None) => DeliveryState::Failed,
        };
        delivery.attempts.push(attempt);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call() -> WebhookCall {
        WebhookCall {
            webhook_uuid: "w".to_owned(),
            event: "contact_created".to_owned(),
            request_method: "POST".to_owned(),
            target_url: "http://localhost/".to_owned(),
            body: json!({}),
            at: "2026-02-03T12:00:00.000000Z".to_owned(),
            blocked: None,
        }
    }

    #[test]
    fn retries_follow_the_delays() {
        let noon: DateTime<Utc> = "2026-02-03T12:00:00Z".parse().unwrap();
        let mut log = DeliveryLog::default();
        log.add(call(), noon, None);
        let mut at = noon;
        for delay in [10, 60, 300, 1800] {
            assert_eq!(log.due(at).len(), 1);
            log.record(1, Attempt { at, status: Some(503), error: None });
            assert_eq!(log.due(at).len(), 0);
            assert_eq!(log.get(1).unwrap().state, DeliveryState::Waiting);
            at += TimeDelta::seconds(delay);
            assert_eq!(log.next_due(), Some(at));
        }
        log.record(1, Attempt { at, status: None, error: Some("connection refused".to_owned()) });
        assert_eq!((log.get(1).unwrap().state, log.next_due()), (DeliveryState::Failed, None));
        log.record(1, Attempt { at, status: Some(204), error: None });
        assert_eq!(log.get(1).unwrap().state, DeliveryState::Delivered);
        assert_eq!(log.get(1).unwrap().attempts.len(), 6);
    }

    #[test]
    fn log_drops_oldest_deliveries() {
        let mut log = DeliveryLog::default();
        for _ in 0..MAX_DELIVERIES + 3 {
            log.add(call(), Utc::now(), Some("no".to_owned()));
        }
        assert_eq!((log.all().len(), log.all()[0].id), (MAX_DELIVERIES, 4));
    }
}
