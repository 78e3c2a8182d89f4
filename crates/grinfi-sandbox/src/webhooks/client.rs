//! HTTP client for webhook calls.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Client, Method, Url};

use super::delivery::Delivery;

/// Timeout of a call, on the machine's clock.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Client that sends webhook calls, by default only to this machine.
#[derive(Debug, Default)]
pub(crate) struct WebhookClient {
    anywhere: bool,
    /// Built for the first call, so that a sandbox without webhooks starts faster.
    client: OnceLock<Client>,
}

impl WebhookClient {
    /// `anywhere` allows targets on other machines.
    pub(crate) fn new(anywhere: bool) -> WebhookClient {
        WebhookClient { anywhere, client: OnceLock::new() }
    }

    /// Returns why a target must not be called, or `None` if it may be.
    pub(crate) fn block_reason(&self, target: &str) -> Option<String> {
        let Ok(url) = Url::parse(target) else { return Some(format!("not a valid URL: {target:?}")) };
        let host = url.host_str().unwrap_or_default();
        let local = match url.host_str().map(|host| host.trim_matches(['[', ']']).parse::<std::net::IpAddr>())
        {
            Some(Ok(address)) => address.is_loopback(),
            Some(Err(_)) => host == "localhost" || host.ends_with(".localhost"),
            None => false,
        };
        (!local && !self.anywhere).then(|| {
            format!("{host:?} is not this machine; start the sandbox with --webhooks-anywhere to call it")
        })
    }

    /// Sends a call; returns the status of the response, or the error.
    pub(crate) async fn send(&self, delivery: &Delivery) -> (Option<u16>, Option<String>) {
        let client = self.client.get_or_init(|| {
            let builder =
                Client::builder().timeout(TIMEOUT).no_proxy().redirect(reqwest::redirect::Policy::none());
            builder.user_agent("grinfi-sandbox").build().unwrap_or_default()
        });
        let method = Method::from_bytes(delivery.method.as_bytes()).unwrap_or(Method::POST);
        let without_body = method == Method::GET;
        let request = client.request(method, &delivery.url);
        let request = if without_body { request } else { request.json(&delivery.body) };
        match request.send().await {
            Ok(response) => (Some(response.status().as_u16()), None),
            Err(error) => (None, Some(causes(&error))),
        }
    }
}

/// Returns the causes of an error without the URL, which may contain secrets.
fn causes(error: &reqwest::Error) -> String {
    let mut message =
        if error.is_timeout() { "no response within 10 seconds".to_owned() } else { String::new() };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if !message.is_empty() {
            message.push_str(": ");
        }
        message.push_str(&error.to_string());
        cause = error.source();
    }
    if message.is_empty() { "the request failed".to_owned() } else { message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_other_machines_unless_allowed() {
        let client = WebhookClient::new(false);
        for local in [
            "http://127.0.0.1:9/x",
            "http://127.9.9.9/",
            "http://localhost:1/hook?token=t",
            "https://LOCALHOST/",
            "http://[::1]:80/",
            "http://hook.localhost/",
        ] {
            assert_eq!(client.block_reason(local), None, "{local}");
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
            assert!(client.block_reason(other).is_some(), "{other}");
        }
        assert_eq!(WebhookClient::new(true).block_reason("https://example.com/hook"), None);
    }
}
