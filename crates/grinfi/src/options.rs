//! Options of single calls, which override those of the client.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use grinfi_raw::operation::Effect;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    error::{Error, ErrorKind, Result},
    request::Response,
    retry::RetryPolicy,
};

/// Options that override the settings of the client: for one call, with [`Call::options`](crate::Call::options) or
/// [`Request::options`](crate::request::Request::options), or for all calls of a clone, with
/// [`Client::with_options`](crate::Client::with_options).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
/// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
/// use std::time::Duration;
///
/// let impatient = client.with_options(grinfi::RequestOptions::new().deadline(Duration::from_secs(5)));
/// let me = impatient.users().current().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct RequestOptions {
    pub(crate) timeout: Option<Duration>,
    // `Some(None)` removes the deadline of the client.
    pub(crate) deadline: Option<Option<Duration>>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) headers: HeaderMap,
    pub(crate) effect: Option<Effect>,
    pub(crate) responses: Option<ResponseLog>,
}

impl RequestOptions {
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the inactivity timeout of each attempt; see [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the deadline of the whole call; see [`ClientBuilder::deadline`](crate::ClientBuilder::deadline).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(Some(deadline));
        self
    }

    /// Removes the deadline of the client.
    pub fn no_deadline(mut self) -> Self {
        self.deadline = Some(None);
        self
    }

    /// Sets when and how often failed attempts are retried.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Adds a header. It replaces one of the same name that the client sends.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`] for an invalid name or value, for `Authorization`, which the client sets, and for headers that the
    /// connection sets.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self> {
        let (name, value) = check_header(name, value)?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Sets the effect of repeating the request, in place of the documented one. It decides what is retried.
    ///
    /// With [`Effect::Idempotent`] a message may be sent twice.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }

    /// Marks the request as safe to repeat: [`effect`](Self::effect) with [`Effect::Idempotent`].
    pub fn idempotent(self) -> Self {
        self.effect(Effect::Idempotent)
    }

    /// Appends the responses of successful calls to `log`.
    #[doc(hidden)]
    pub fn log_responses(mut self, log: ResponseLog) -> Self {
        self.responses = Some(log);
        self
    }

    /// Returns these options, overridden by `over`.
    pub fn and(self, over: Self) -> Self {
        self.merged(over)
    }

    /// Returns these options, overridden by `over`.
    pub(crate) fn merged(&self, over: Self) -> Self {
        let mut headers = self.headers.clone();
        for (name, value) in &over.headers {
            headers.insert(name, value.clone());
        }
        Self {
            timeout: over.timeout.or(self.timeout),
            deadline: over.deadline.or(self.deadline),
            retry: over.retry.or_else(|| self.retry.clone()),
            headers,
            effect: over.effect.or(self.effect),
            responses: over.responses.or_else(|| self.responses.clone()),
        }
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values of headers may be secrets.
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("effect", &self.effect)
            .finish()
    }
}

/// The responses of successful calls, in the order in which they arrived.
///
/// The Python package reads records from it, which keep fields that this crate does not know.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct ResponseLog(Arc<Mutex<Vec<Response>>>);

impl ResponseLog {
    pub(crate) fn push(&self, response: Response) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(response);
    }

    /// Takes the responses out.
    #[must_use]
    pub fn take(&self) -> Vec<Response> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Body that is opened for each attempt, such as a file that is read while it is sent.
pub(crate) trait ReplayableBody: Send + Sync {
    /// Returns true if the body can be opened more than once.
    fn is_replayable(&self) -> bool;

    /// Opens the body and returns it with its content type.
    fn open(&self) -> BoxFuture<'_, Result<(HeaderValue, reqwest::Body)>>;
}

/// Validates an additional header.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let refused = |why: &str| {
        Error::config(ErrorKind::Config, "headers", format!("`headers` must not contain `{name}`: {why}"))
    };
    let Ok(parsed) = HeaderName::try_from(name) else {
        // The message does not repeat the name: if name and value are swapped, it is a secret.
        return Err(Error::config(ErrorKind::Config, "headers", "`headers` contains an invalid header name"));
    };
    if matches!(parsed, header::AUTHORIZATION | header::PROXY_AUTHORIZATION) {
        return Err(refused("the client sets it from the API key or the proxy URL"));
    }
    if matches!(
        parsed,
        header::HOST | header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::CONNECTION
    ) {
        return Err(refused("the connection sets it"));
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        let message = format!("the value of the header `{name}` in `headers` contains a control character");
        Error::config(ErrorKind::Config, "headers", message)
    })?;
    value.set_sensitive(true);
    Ok((parsed, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_options_override_earlier_ones() {
        let first = RequestOptions::new().timeout(Duration::from_secs(1)).deadline(Duration::from_secs(2));
        let first = first.header("x-a", "1").unwrap().header("x-b", "1").unwrap();
        let second = RequestOptions::new().no_deadline().idempotent().header("X-B", "2").unwrap();
        let merged = first.merged(second);
        assert_eq!(merged.timeout, Some(Duration::from_secs(1)));
        assert_eq!((merged.deadline, merged.effect), (Some(None), Some(Effect::Idempotent)));
        assert_eq!(
            (&merged.headers["x-a"], &merged.headers["x-b"]),
            (&"1".parse().unwrap(), &"2".parse().unwrap())
        );
    }

    #[test]
    fn rejects_headers_that_the_client_or_the_connection_sets() {
        for (name, value) in [
            ("Authorization", "Bearer secret"),
            ("proxy-authorization", "secret"),
            ("Host", "example.com"),
            ("content-length", "0"),
            ("not a name", "secret"),
            ("x-a", "sec\nret"),
        ] {
            let error = RequestOptions::new().header(name, value).unwrap_err();
            assert_eq!((error.is_config(), error.field()), (true, Some("headers")), "{name}");
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
        let shown = format!("{:?}", RequestOptions::new().header("x-tenant", "secret").unwrap());
        assert!(shown.contains("x-tenant") && !shown.contains("secret"), "{shown}");
    }
}
