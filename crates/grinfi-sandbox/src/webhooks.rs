//! The calls of webhooks: made, tried again on the world's clock, and logged.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use reqwest::{Client, Method, Url};
use serde::Serialize;
use serde_json::Value;

use crate::events::WebhookCall;
use crate::locks::{lock, read};
use crate::world::Inner;

/// How long after the first try the others follow, each after the one before (assumed: the vendor documents none).
const WAITS: [TimeDelta; 4] =
    [TimeDelta::seconds(10), TimeDelta::seconds(60), TimeDelta::seconds(300), TimeDelta::seconds(1800)];
/// How long a target is waited for, by the machine's clock.
const PATIENCE: Duration = Duration::from_secs(10);
/// More deliveries than these are not remembered.
const MOST: usize = 1000;

/// One call of a webhook, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Counts the deliveries of its world, from 1.
    pub id: u64,
    /// The webhook.
    pub webhook_uuid: String,
    /// The event it tells of.
    pub event: String,
    /// The method of the call.
    pub method: String,
    /// Where the call goes.
    pub url: String,
    /// The body of the call; a `GET` is sent without it.
    pub body: Value,
    /// When the event happened, on the world's clock.
    pub at: String,
    /// What has become of it.
    pub state: DeliveryState,
    /// Why it is refused; none if it is not.
    pub reason: Option<String>,
    /// The tries so far, oldest first.
    pub attempts: Vec<Attempt>,
    /// When it is tried next, on the world's clock; none if it is not.
    pub next_attempt: Option<DateTime<Utc>>,
}

/// What has become of a [`Delivery`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is to be tried, or tried again.
    Waiting,
    /// The target has answered with a success.
    Delivered,
    /// It was tried as often as it is.
    Failed,
    /// It is not tried: its target is not on this machine, or the filters of its webhook are no condition.
    Refused,
}

/// One try of a [`Delivery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// When, on the world's clock.
    pub at: DateTime<Utc>,
    /// The status of the answer; none if there was none.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
}

/// The deliveries of a world, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    all: VecDeque<Delivery>,
    made: u64,
}

/// How calls are made.
#[derive(Debug, Default)]
pub(crate) struct Courier {
    pub(crate) anywhere: bool,
    /// Made with the first call: a sandbox without webhooks does not wait for it.
    client: OnceLock<Client>,
}

impl Deliveries {
    fn add(&mut self, call: WebhookCall, now: DateTime<Utc>, refused: Option<String>) {
        self.made += 1;
        self.all.push_back(Delivery {
            id: self.made,
            webhook_uuid: call.webhook_uuid,
            event: call.event,
            method: call.request_method,
            url: call.target_url,
            body: call.body,
            at: call.at,
            state: if refused.is_some() { DeliveryState::Refused } else { DeliveryState::Waiting },
            next_attempt: refused.is_none().then_some(now),
            reason: refused,
            attempts: Vec::new(),
        });
        while self.all.len() > MOST {
            self.all.pop_front();
        }
    }

    fn due(&self, now: DateTime<Utc>) -> Vec<Delivery> {
        self.all.iter().filter(|it| it.next_attempt.is_some_and(|at| at <= now)).cloned().collect()
    }

    fn next(&self) -> Option<DateTime<Utc>> {
        self.all.iter().filter_map(|it| it.next_attempt).min()
    }

    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.all.iter().cloned().collect()
    }

    pub(crate) fn get(&self, id: u64) -> Option<Delivery> {
        self.all.iter().find(|it| it.id == id).cloned()
    }

    pub(crate) fn clear(&mut self) {
        self.all.clear();
    }

    /// Notes a try. Its waits are counted from it.
    fn tried(&mut self, id: u64, attempt: Attempt) {
        let Some(delivery) = self.all.iter_mut().find(|it| it.id == id) else { return };
        let done = attempt.status.is_some_and(|status| (200..300).contains(&status));
        let wait = WAITS.get(delivery.attempts.len()).filter(|_| !done);
        delivery.next_attempt = wait.and_then(|wait| attempt.at.checked_add_signed(*wait));
        delivery.state = match (done, delivery.next_attempt) {
            (true, _) => DeliveryState::Delivered,
            (false, Some(_)) => DeliveryState::Waiting,
            (false, None) => DeliveryState::Failed,
        };
        delivery.attempts.push(attempt);
    }
}

impl Courier {
    pub(crate) fn new(anywhere: bool) -> Courier {
        Courier { anywhere, client: OnceLock::new() }
    }

    /// Why a target is not called.
    fn refuses(&self, target: &str) -> Option<String> {
        let Ok(url) = Url::parse(target) else { return Some(format!("{target} is no URL")) };
        let host = url.host_str().unwrap_or_default();
        let local = match url.host_str().map(|host| host.trim_matches(['[', ']']).parse::<std::net::IpAddr>())
        {
            Some(Ok(address)) => address.is_loopback(),
            Some(Err(_)) => host == "localhost" || host.ends_with(".localhost"),
            None => false,
        };
        (!local && !self.anywhere)
            .then(|| format!("{host} is not this machine; only with --webhooks-anywhere are others called"))
    }

    async fn call(&self, delivery: &Delivery) -> (Option<u16>, Option<String>) {
        let client = self.client.get_or_init(|| {
            let builder =
                Client::builder().timeout(PATIENCE).no_proxy().redirect(reqwest::redirect::Policy::none());
            builder.user_agent("grinfi-sandbox").build().unwrap_or_default()
        });
        let method = Method::from_bytes(delivery.method.as_bytes()).unwrap_or(Method::POST);
        let bare = method == Method::GET;
        let request = client.request(method, &delivery.url);
        let request = if bare { request } else { request.json(&delivery.body) };
        match request.send().await {
            Ok(answer) => (Some(answer.status().as_u16()), None),
            Err(error) => (None, Some(explained(&error))),
        }
    }
}

/// An error with its causes, and without the URL: people put secrets there.
fn explained(error: &reqwest::Error) -> String {
    let mut said = if error.is_timeout() { "no answer in 10 s".to_owned() } else { String::new() };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if !said.is_empty() {
            said.push_str(": ");
        }
        said.push_str(&error.to_string());
        cause = error.source();
    }
    if said.is_empty() { "the call failed".to_owned() } else { said }
}

/// Makes the calls that are due, and returns when each has been tried.
///
/// Not cancel-safe in one respect: a call that is cut off is made again.
// assumed: webhook-retries
pub(crate) async fn deliver(world: &Inner) {
    // One at a time, or a call would be made twice.
    let _turn = world.delivering.lock().await;
    let courier = &world.house.courier;
    let now = world.clock.now();
    for call in world.take_calls() {
        let refused = call.refused.clone().or_else(|| courier.refuses(&call.target_url));
        lock(&world.deliveries).add(call, now, refused);
    }
    let due = lock(&world.deliveries).due(now);
    join_all(due.iter().map(|delivery| attempt(world, delivery))).await;
}

async fn attempt(world: &Inner, delivery: &Delivery) {
    let at = world.clock.now();
    let (status, error) = world.house.courier.call(delivery).await;
    lock(&world.deliveries).tried(delivery.id, Attempt { at, status, error });
}

/// Tries a delivery now, whatever has become of it; how it stands then. `None` if there is none of that number.
pub(crate) async fn redeliver(world: &Inner, id: u64) -> Option<Delivery> {
    let _turn = world.delivering.lock().await;
    let delivery = lock(&world.deliveries).get(id)?;
    if delivery.state != DeliveryState::Refused {
        attempt(world, &delivery).await;
    }
    lock(&world.deliveries).get(id)
}

/// Makes the calls of a world as they fall due, as long as it is there.
pub(crate) async fn keep_delivering(world: Weak<Inner>) {
    loop {
        let Some(there) = world.upgrade() else { return };
        deliver(&there).await;
        let (stirred, clock) = (Arc::clone(&there.stirred), there.clock.clone());
        let (jobs, tries) = (read(&there.state).store.next_job(), lock(&there.deliveries).next());
        let next = [jobs, tries].into_iter().flatten().min();
        // The world must be free to go while this waits.
        drop(there);
        tokio::select! {
            () = stirred.notified() => {}
            () = clock.until(next.unwrap_or_default()), if next.is_some() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(url: &str) -> WebhookCall {
        WebhookCall {
            webhook_uuid: "w".to_owned(),
            event: "contact_created".to_owned(),
            request_method: "POST".to_owned(),
            target_url: url.to_owned(),
            body: json!({}),
            at: "2026-02-03T12:00:00.000000Z".to_owned(),
            refused: None,
        }
    }

    #[test]
    fn only_this_machine_is_called_unless_told_otherwise() {
        let courier = Courier::new(false);
        for local in [
            "http://127.0.0.1:9/x",
            "http://127.9.9.9/",
            "http://localhost:1/hook?token=t",
            "https://LOCALHOST/",
            "http://[::1]:80/",
            "http://hook.localhost/",
        ] {
            assert_eq!(courier.refuses(local), None, "{local}");
        }
        for other in [
            "https://example.com/hook",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://localhost.example.com/",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1.example.com/",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert!(courier.refuses(other).is_some(), "{other}");
        }
        assert_eq!(Courier::new(true).refuses("https://example.com/hook"), None);
    }

    #[test]
    fn tries_follow_their_plan() {
        let noon: DateTime<Utc> = "2026-02-03T12:00:00Z".parse().unwrap();
        let mut deliveries = Deliveries::default();
        deliveries.add(call("http://localhost/"), noon, None);
        let mut at = noon;
        for wait in [10, 60, 300, 1800] {
            assert_eq!(deliveries.due(at).len(), 1);
            deliveries.tried(1, Attempt { at, status: Some(503), error: None });
            assert_eq!(deliveries.due(at).len(), 0);
            assert_eq!(deliveries.get(1).unwrap().state, DeliveryState::Waiting);
            at += TimeDelta::seconds(wait);
            assert_eq!(deliveries.next(), Some(at));
        }
        deliveries.tried(1, Attempt { at, status: None, error: Some("refused".to_owned()) });
        assert_eq!((deliveries.get(1).unwrap().state, deliveries.next()), (DeliveryState::Failed, None));
        deliveries.tried(1, Attempt { at, status: Some(204), error: None });
        assert_eq!(deliveries.get(1).unwrap().state, DeliveryState::Delivered);
        assert_eq!(deliveries.get(1).unwrap().attempts.len(), 6);
    }

    #[test]
    fn the_log_is_bounded() {
        let mut deliveries = Deliveries::default();
        for _ in 0..MOST + 3 {
            deliveries.add(call("http://localhost/"), Utc::now(), Some("no".to_owned()));
        }
        assert_eq!((deliveries.all().len(), deliveries.all()[0].id), (MOST, 4));
    }
}
