//! Making a client.

use std::{env, fmt, sync::Arc, time::Duration};

use crate::{
    auth::ApiKey,
    client::Client,
    error::{Error, Kind, Result},
    retry::Retry,
    transport::{HttpTransport, RawTransport},
};

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
///     .attempt_timeout(std::time::Duration::from_secs(10))
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
    attempt_timeout: Duration,
    retry: Retry,
    http: Option<reqwest::Client>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            api_key: None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(60),
            retry: Retry::default(),
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

    /// Limits how long one attempt may take, from connecting to the end of the answer. Default 60 s.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self
    }

    /// Sets when and how often a failed attempt is repeated.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sends through this `reqwest::Client`, whose own settings (proxy, certificates, pool) then hold. Its
    /// [`connect_timeout`](Self::connect_timeout) is its own affair.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`], with [`Error::field`] naming the setting: no key, a key that cannot be one, a base URL that is
    /// not an `http` or `https` URL, a limit of zero, or TLS that cannot be set up.
    pub fn build(self) -> Result<Client> {
        let key = match self.api_key {
            Some(key) => ApiKey::new(key)?,
            None => {
                let message = "no API key: give one, or set GRINFI_API_KEY";
                return Err(Error::config(Kind::MissingKey, "api_key", message));
            }
        };
        let base_url = check_base_url(&self.base_url)?;
        for (field, limit) in
            [("connect_timeout", self.connect_timeout), ("attempt_timeout", self.attempt_timeout)]
        {
            if limit.is_zero() {
                return Err(Error::config(Kind::Config, field, format!("{field} is zero")));
            }
        }
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                .connect_timeout(self.connect_timeout)
                // A redirected POST would lose its body, and the key would go where nobody asked.
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("grinfi-rust/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|source| {
                    Error::config(Kind::Config, "http_client", "TLS or the resolver cannot be set up")
                        .with_source(source)
                })?,
        };
        let transport = Arc::new(HttpTransport {
            http: http.clone(),
            key,
            retry: self.retry,
            attempt_timeout: self.attempt_timeout,
        });
        let hooks = grinfi_raw::Hooks::new(Arc::new(RawTransport(transport.clone())));
        let raw = grinfi_raw::Client::new_with_client(&base_url, http, hooks);
        Ok(Client::new(raw, transport, base_url))
    }
}

fn check_base_url(text: &str) -> Result<String> {
    let refused = |why: String| Error::config(Kind::Config, "base_url", format!("base_url `{text}`: {why}"));
    let url = reqwest::Url::parse(text.trim()).map_err(|source| refused(source.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(refused("it has to start with https:// or http:// and name a host".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Not repeated: it may hold a password.
        let why = "base_url must not hold a user name or password";
        return Err(Error::config(Kind::Config, "base_url", why));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refused("it must not hold a query or a fragment".to_owned()));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key.is_some())
            .field("base_url", &self.base_url)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
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
        assert_eq!(error.kind(), Kind::MissingKey);
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
            "https://example.com?x=1",
        ] {
            let error = Client::builder().api_key(KEY).base_url(url).build().unwrap_err();
            assert_eq!((error.is_config(), error.field()), (true, Some("base_url")), "{url}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_limit_of_zero_is_refused() {
        let error = Client::builder().api_key(KEY).attempt_timeout(Duration::ZERO).build().unwrap_err();
        assert_eq!(error.field(), Some("attempt_timeout"));
    }
}
