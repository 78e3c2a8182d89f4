//! What one call, or some, may have otherwise than the client.

use std::{fmt, time::Duration};

use futures_util::future::BoxFuture;
use grinfi_raw::operation::Effect;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{error::{Error, ErrorKind, Result}, retry::RetryPolicy};

/// Settings for some calls in place of the client's: for all that go through a clone made with
/// [`Client::with_options`](crate::Client::with_options), or for one [`Request`](crate::request::Request).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
/// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
/// use std::time::Duration;
///
/// let hurried = client.with_options(grinfi::RequestOptions::new().deadline(Duration::from_secs(5)));
/// let me = hurried.users().current().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct RequestOptions {
    pub(crate) timeout: Option<Duration>,
    // `Some(None)` takes a deadline of the client's away.
    pub(crate) deadline: Option<Option<Duration>>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) headers: HeaderMap,
    pub(crate) effect: Option<Effect>,
}

impl RequestOptions {
    /// Nothing is otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits how long one attempt may take, as [`timeout`](crate::ClientBuilder::timeout) does.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Limits how long a call may take over all attempts and waits, as [`deadline`](crate::ClientBuilder::deadline) does.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(Some(limit));
        self
    }

    /// Lets a call take as long as its attempts and waits do.
    pub fn no_deadline(mut self) -> Self {
        self.deadline = Some(None);
        self
    }

    /// Sets when and how often a failed attempt is repeated.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Sends a header besides; one of the same name that the client sends gives way.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`] for a name or a value that cannot be one, for `Authorization`, which the key is for, and for
    /// headers that the connection sets itself.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self> {
        let (name, value) = check_header(name, value)?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Says what repeating could do, in place of what the description says of the operation.
    ///
    /// A message sent as [`Effect::Idempotent`] may arrive twice.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }

    /// Says that repeating does no harm: [`effect`](Self::effect) with [`Effect::Idempotent`].
    pub fn idempotent(self) -> Self {
        self.effect(Effect::Idempotent)
    }

    /// These options with others on top.
    pub fn and(self, over: Self) -> Self {
        self.merged(over)
    }

    /// What holds if `over` is set on top of this.
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
        }
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A header may hold a secret of somebody else's.
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("effect", &self.effect)
            .finish()
    }
}

/// A body that is made anew for each attempt, such as a file that is read as it is sent.
pub(crate) trait ReplayableBody: Send + Sync {
    /// Whether it can be made more than once.
    fn is_replayable(&self) -> bool;

    /// Makes the body, and the content type that goes with it.
    fn open(&self) -> BoxFuture<'_, Result<(HeaderValue, reqwest::Body)>>;
}

/// Checks a header that a caller wants to send besides.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let refused = |why: &str| Error::config(ErrorKind::Config, "headers", format!("header `{name}`: {why}"));
    let Ok(parsed) = HeaderName::try_from(name) else {
        // Not repeated: whoever swaps the two has a secret for a name.
        return Err(Error::config(ErrorKind::Config, "headers", "the name of a header cannot be one"));
    };
    if matches!(parsed, header::AUTHORIZATION | header::PROXY_AUTHORIZATION) {
        return Err(refused("the client sets it, from the key or from the proxy's URL"));
    }
    if matches!(
        parsed,
        header::HOST | header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::CONNECTION
    ) {
        return Err(refused("the connection sets it"));
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| refused("it holds a control character"))?;
    value.set_sensitive(true);
    Ok((parsed, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_later_holds_and_the_rest_stays() {
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
    fn headers_that_are_not_the_callers_are_refused() {
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
