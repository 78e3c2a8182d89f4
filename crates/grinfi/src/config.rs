//! The builder of clients.

use std::{env, fmt, sync::Arc, time::Duration};

use crate::{
    auth::{ApiKey, ApiKeyInput},
    client::Client,
    error::{Error, ErrorKind, Result},
    http_client::ConnectionSettings,
    interceptor::Interceptor,
    options::{RequestOptions, check_header},
    rate_limit::{self, RateLimit},
    retry::RetryPolicy,
    telemetry::Metrics,
    transport::HttpTransport,
};

/// Default base URL.
pub const DEFAULT_BASE_URL: &str = "https://leadgen.grinfi.io";

/// Settings for a [`Client`].
///
/// ```
/// # fn main() -> Result<(), grinfi::Error> {
/// # let key = "eyJhbGciOiJub25lIn0.e30.c2FuZGJveA";
/// let client = grinfi::Client::builder()
///     .api_key(key)
///     .base_url("http://127.0.0.1:8787")
///     .timeout(std::time::Duration::from_secs(10))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    api_key: Option<ApiKeyInput>,
    base_url: String,
    connect_timeout: Duration,
    timeout: Duration,
    deadline: Option<Duration>,
    retry: RetryPolicy,
    rate_limit: Option<RateLimit>,
    headers: Vec<(String, String)>,
    metrics: Option<Arc<dyn Metrics>>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    connection: ConnectionSettings,
    http: Option<reqwest::Client>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            api_key: None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            deadline: None,
            retry: RetryPolicy::default(),
            rate_limit: None,
            headers: Vec::new(),
            metrics: None,
            interceptors: Vec::new(),
            connection: ConnectionSettings::default(),
            http: None,
        }
    }
}

impl ClientBuilder {
    /// Creates a builder from the environment variables `GRINFI_API_KEY` and `GRINFI_BASE_URL`. Empty counts as unset.
    pub fn from_env() -> Self {
        Self::from_vars(|name| env::var(name).ok())
    }

    fn from_vars(var: impl Fn(&str) -> Option<String>) -> Self {
        let var = |name| var(name).filter(|value: &String| !value.trim().is_empty());
        let default = Self::default();
        Self {
            api_key: var("GRINFI_API_KEY").map(Into::into),
            base_url: var("GRINFI_BASE_URL").unwrap_or(default.base_url),
            ..default
        }
    }

    /// Sets the API key: its text, which [`build`](Self::build) parses, or an [`ApiKey`].
    pub fn api_key(mut self, api_key: impl Into<ApiKeyInput>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Sets the base URL: scheme, host, and optionally a port and a path. Default [`DEFAULT_BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Sets the timeout for connecting. Default 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long an attempt may go without progress (inactivity timeout). Default 60 s.
    ///
    /// An upload or a download may take longer as long as it makes progress; use [`deadline`](Self::deadline) to limit the
    /// whole call. A response other than a file must deliver at least 1 KiB within each timeout, or end. After an upload the
    /// wait for the response is up to five timeouts, because up to 2 MiB may still be in buffers of the operating system.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long a call may take in total: all attempts and waits, including those for the rate limit. Default: no deadline,
    /// because the retry policy bounds everything but the wait for the rate limit, and a deadline would fail the last of many
    /// calls that start together.
    ///
    /// A listing makes one call for each page. A non-idempotent request that is in flight when the deadline passes has an
    /// [unknown outcome](Error::is_unknown_outcome).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets when and how often failed attempts are retried.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the rate limit of the API key, for all clients of the key in this process. Default: that of the other clients of
    /// the key, or [`RateLimit::default`].
    pub fn rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = Some(rate_limit);
        self
    }

    /// Adds a header to every request. [`build`](Self::build) rejects `Authorization` and headers that the connection sets.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Reports each attempt and each call to `metrics`.
    pub fn metrics(mut self, metrics: Arc<dyn Metrics>) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Adds an interceptor: code that runs around each attempt.
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Sets the URL of a proxy, `http://` or `https://`, optionally with user name and password. Default: the proxy in the
    /// environment (`HTTPS_PROXY` and so on), unless the base URL is on this machine.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.connection.proxy = Some(url.into());
        self
    }

    /// Trusts the certificates in this PEM text in addition to those of the system. Can be called several times.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connection.root_certificates.push(pem.into());
        self
    }

    /// Appends the name of your program to the user agent: `my-sync/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.connection.user_agent = Some(suffix.into());
        self
    }

    /// Sets the maximum number of idle connections to keep. Default: no maximum.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.connection.pool_idle = Some(connections);
        self
    }

    /// Sends through this `reqwest::Client`, with its settings (proxy, certificates, pool, redirects, connect timeout). Setting
    /// any of those here too is an error.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Builds the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`], with [`Error::field`] naming the setting: a missing or malformed key, a base URL that is not an
    /// `http` or `https` URL, a timeout or rate limit of zero, a reserved header, an invalid proxy or certificate, or TLS that
    /// cannot be set up.
    pub fn build(self) -> Result<Client> {
        let key = match self.api_key {
            Some(ApiKeyInput::Text(text)) => ApiKey::new(text)?,
            Some(ApiKeyInput::Key(key)) => key,
            None => {
                let message = "`api_key` is missing: set it, or the environment variable GRINFI_API_KEY";
                return Err(Error::config(ErrorKind::MissingKey, "api_key", message));
            }
        };
        let base = check_base_url(&self.base_url)?;
        let base_url = base.as_str().trim_end_matches('/').to_owned();
        for (field, value) in [("connect_timeout", self.connect_timeout), ("timeout", self.timeout)]
            .into_iter()
            .chain(self.deadline.map(|deadline| ("deadline", deadline)))
        {
            if value.is_zero() {
                return Err(Error::config(
                    ErrorKind::Config,
                    field,
                    format!("`{field}` must be greater than 0"),
                ));
            }
        }
        if let Some(rate_limit) = &self.rate_limit {
            rate_limit.check()?;
        }
        let mut headers = http::HeaderMap::new();
        for (name, value) in &self.headers {
            let (name, value) = check_header(name, value)?;
            headers.insert(name, value);
        }
        let http = match (self.http, self.connection.first_setting()) {
            (Some(_), Some(field)) => {
                let message =
                    format!("`{field}` cannot be combined with `http_client`; set it on that client");
                return Err(Error::config(ErrorKind::Config, field, message));
            }
            (Some(http), None) => http,
            // A shorter connect timeout distinguishes failed connections from missing responses.
            (None, _) => self.connection.build(self.connect_timeout.min(self.timeout), &base_url)?,
        };
        let limiter = rate_limit::for_key(&key, &base_url, self.rate_limit);
        let transport = HttpTransport {
            http,
            base,
            key,
            retry: self.retry,
            timeout: self.timeout,
            deadline: self.deadline,
            headers,
            limiter,
            metrics: self.metrics,
            interceptors: self.interceptors,
        };
        Ok(Client::new(Arc::new(transport), base_url, RequestOptions::default()))
    }
}

fn check_base_url(text: &str) -> Result<reqwest::Url> {
    let shown = without_credentials(text);
    let refused =
        |why: &str| Error::config(ErrorKind::Config, "base_url", format!("`base_url` {why}, got {shown:?}"));
    let url =
        reqwest::Url::parse(text.trim()).map_err(|source| refused(&format!("is not a URL ({source})")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(refused("must start with https:// or http:// and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("must not contain a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refused("must not contain a query or a fragment"));
    }
    Ok(url)
}

/// Removes user name, password, query and fragment from a URL, even if it does not parse: everything between the scheme and
/// the last `@` may be a secret.
fn without_credentials(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    match text.rsplit_once('@') {
        Some((before, rest)) => {
            let scheme = before.split_once("://").map_or(String::new(), |(scheme, _)| format!("{scheme}://"));
            format!("{scheme}…@{rest}")
        }
        None => text.to_owned(),
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key.is_some())
            .field("base_url", &without_credentials(&self.base_url))
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";

    #[test]
    fn missing_key_names_the_environment_variable() {
        let error = ClientBuilder::from_vars(|_| Some(" ".into())).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MissingKey);
        assert!(error.to_string().contains("GRINFI_API_KEY"));
    }

    #[test]
    fn reads_the_environment() {
        let builder = ClientBuilder::from_vars(|name| match name {
            "GRINFI_API_KEY" => Some(KEY.into()),
            "GRINFI_BASE_URL" => Some("http://127.0.0.1:9/".into()),
            _ => None,
        });
        let client = builder.build().unwrap();
        assert_eq!(client.base_url(), "http://127.0.0.1:9");
        assert!(!format!("{client:?}").contains("eyJ"));
    }

    #[test]
    fn rejects_invalid_base_urls() {
        for url in [
            "",
            "leadgen.grinfi.io",
            "ftp://example.com",
            "https://u:secret@example.com",
            "https://example.com?token=secret",
            "http://user:secret@127.0.0.1:99999",
            "http://user:sec@ret@127.0.0.1:99999",
            "user:secret@127.0.0.1",
            "http://127.0.0.1:99999/?token=secret",
        ] {
            let builder = Client::builder().api_key(KEY).base_url(url);
            assert!(!format!("{builder:?}").contains("secret"), "{builder:?}");
            let error = Client::builder().api_key(KEY).base_url(url).build().unwrap_err();
            assert_eq!((error.is_config(), error.field()), (true, Some("base_url")), "{url}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }

    #[test]
    fn rejects_timeouts_of_zero() {
        let error = Client::builder().api_key(KEY).timeout(Duration::ZERO).build().unwrap_err();
        assert_eq!(error.field(), Some("timeout"));
    }

    #[test]
    fn rejects_invalid_settings_without_showing_their_values() {
        let builder = || Client::builder().api_key(KEY);
        for (builder, field) in [
            (builder().deadline(Duration::ZERO), "deadline"),
            (builder().rate_limit(RateLimit::default().requests(0)), "rate_limit"),
            (builder().rate_limit(RateLimit::default().concurrency(0)), "rate_limit"),
            (builder().header("authorization", "secret"), "headers"),
            (builder().proxy("http://user:secret@"), "proxy"),
            (builder().proxy("foo://user:secret@127.0.0.1:1"), "proxy"),
            (builder().root_certificates("secret"), "root_certificates"),
            (builder().user_agent_suffix("sec\nret"), "user_agent_suffix"),
            (builder().http_client(reqwest::Client::new()).proxy("http://127.0.0.1:1"), "proxy"),
        ] {
            assert!(!format!("{builder:?}").contains("secret"), "{builder:?}");
            let error = builder.build().unwrap_err();
            assert_eq!((error.is_config(), error.field()), (true, Some(field)), "{error:?}");
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }
}
