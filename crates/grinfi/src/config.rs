//! Making a client.

use std::{env, fmt, sync::Arc, time::Duration};

use crate::{auth::ApiKey, client::Client, error::{Error, ErrorKind, Result}, http_client::Net, interceptor::Interceptor, options::{check_header, RequestOptions}, rate_limit::{self, RateLimit}, retry::RetryPolicy, telemetry::Metrics, transport::HttpTransport};

/// Where the API lives, unless told otherwise.
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
    api_key: Option<String>,
    base_url: String,
    connect_timeout: Duration,
    timeout: Duration,
    deadline: Option<Duration>,
    retry: RetryPolicy,
    rate_limit: Option<RateLimit>,
    headers: Vec<(String, String)>,
    metrics: Option<Arc<dyn Metrics>>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    net: Net,
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
            net: Net::default(),
            http: None,
        }
    }
}

impl ClientBuilder {
    /// Reads `GRINFI_API_KEY` and, if it is set, `GRINFI_BASE_URL`. An empty variable counts as unset.
    pub fn from_env() -> Self {
        Self::from_vars(|name| env::var(name).ok())
    }

    fn from_vars(var: impl Fn(&str) -> Option<String>) -> Self {
        let var = |name| var(name).filter(|value: &String| !value.trim().is_empty());
        let default = Self::default();
        Self {
            api_key: var("GRINFI_API_KEY"),
            base_url: var("GRINFI_BASE_URL").unwrap_or(default.base_url),
            ..default
        }
    }

    /// Sets the API key.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Sets where the API lives: scheme and host, perhaps a port and a path. Default [`DEFAULT_BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Limits how long a connection may take to come about. Default 10 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Sets how long an attempt may go without progress. Default 60 s.
    ///
    /// An upload or a download may take as long as it makes progress; use [`deadline`](Self::deadline) to limit the whole
    /// call. A response that is no file has to bring at least 1 KiB within each timeout, or end. After an upload the wait
    /// for the response is up to five times as long, since up to 2 MiB of it may still be in buffers of the operating system.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Limits how long a call may take over all its attempts and waits, that for the rate limit included. Default none: what a
    /// call can take is bounded but for the rate limit, by the attempts and the longest waits between them, and a limit would
    /// fail the last of many calls that were started together.
    ///
    /// A listing makes a call for each page. What acts and was under way when the time was up is an
    /// [unknown outcome](Error::is_unknown_outcome).
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Sets when and how often a failed attempt is repeated.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets how many requests may go out, for all clients of the key in this process. Without it a client takes the rate limit
    /// that others of its key have, or the default one.
    pub fn rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = Some(rate_limit);
        self
    }

    /// Sends a header with every request; [`build`](Self::build) refuses `Authorization` and those that the connection sets.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Hands the numbers of each attempt and each call to `metrics`.
    pub fn metrics(mut self, metrics: Arc<dyn Metrics>) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Adds an interceptor: code that runs around each attempt.
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Goes through this proxy, `http://`, `https://`, perhaps with a user name and password. Default: what `HTTPS_PROXY` and
    /// its like in the environment say, unless the base URL is on this machine.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.net.proxy = Some(url.into());
        self
    }

    /// Trusts the certificates in this PEM text besides those of the system; can be called several times.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.net.root_certificates.push(pem.into());
        self
    }

    /// Adds the name of a program to the user agent: `my-sync/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.net.user_agent = Some(suffix.into());
        self
    }

    /// Keeps at most this many idle connections. Default: as many as there are.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.net.pool_idle = Some(connections);
        self
    }

    /// Sends through this `reqwest::Client`, whose own settings (proxy, certificates, pool, redirects) then hold; setting any
    /// of those here too is an error. Its [`connect_timeout`](Self::connect_timeout) is its own affair.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`], with [`Error::field`] naming the setting: no key, a key that cannot be one, a base URL that is
    /// not an `http` or `https` URL, a limit of zero, a header that is not the caller's to set, a proxy or a certificate that
    /// is none, or TLS that cannot be set up.
    pub fn build(self) -> Result<Client> {
        let key = match self.api_key {
            Some(key) => ApiKey::new(key)?,
            None => {
                let message = "no API key: give one, or set GRINFI_API_KEY";
                return Err(Error::config(ErrorKind::MissingKey, "api_key", message));
            }
        };
        let base_url = check_base_url(&self.base_url)?;
        for (field, limit) in [("connect_timeout", self.connect_timeout), ("timeout", self.timeout)]
            .into_iter()
            .chain(self.deadline.map(|deadline| ("deadline", deadline)))
        {
            if limit.is_zero() {
                return Err(Error::config(ErrorKind::Config, field, format!("{field} is zero")));
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
        let http = match (self.http, self.net.first_set()) {
            (Some(_), Some(field)) => {
                let message = format!("{field} is the affair of the http_client that was given");
                return Err(Error::config(ErrorKind::Config, field, message));
            }
            (Some(http), None) => http,
            // A connection that does not come about is then told from a response that does not come.
            (None, _) => self.net.connect(self.connect_timeout.min(self.timeout), &base_url)?,
        };
        let limiter = rate_limit::for_key(&key, &base_url, self.rate_limit);
        let base_path = reqwest::Url::parse(&base_url)
            .map_or_else(|_| String::new(), |url| url.path().trim_end_matches('/').to_owned());
        let transport = HttpTransport {
            http,
            base_path,
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

fn check_base_url(text: &str) -> Result<String> {
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
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Removes what may be a user name or password from a URL, also from one that does not parse: everything from the scheme to
/// the last `@`, and the query and fragment.
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
    fn a_missing_key_says_where_to_put_one() {
        let error = ClientBuilder::from_vars(|_| Some(" ".into())).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MissingKey);
        assert!(error.to_string().contains("GRINFI_API_KEY"));
    }

    #[test]
    fn the_environment_is_read() {
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
    fn a_base_url_that_cannot_work_is_refused() {
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
    fn a_limit_of_zero_is_refused() {
        let error = Client::builder().api_key(KEY).timeout(Duration::ZERO).build().unwrap_err();
        assert_eq!(error.field(), Some("timeout"));
    }

    #[test]
    fn settings_that_cannot_work_are_refused_without_being_repeated() {
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
