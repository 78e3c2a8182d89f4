//! The connection's own settings, for a client that makes its own `reqwest::Client`.

use std::time::Duration;

use crate::error::{Error, Kind, Result};

/// What this crate calls itself.
const USER_AGENT: &str = concat!("grinfi-rust/", env!("CARGO_PKG_VERSION"));

/// How connections are made.
#[derive(Clone, Default)]
pub(crate) struct Net {
    pub(crate) proxy: Option<String>,
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) user_agent: Option<String>,
    pub(crate) pool_idle: Option<usize>,
}

impl Net {
    /// The name of a setting that a caller's own `reqwest::Client` would ignore.
    pub(crate) fn first_set(&self) -> Option<&'static str> {
        [
            ("proxy", self.proxy.is_some()),
            ("root_certificates", !self.root_certificates.is_empty()),
            ("user_agent_suffix", self.user_agent.is_some()),
            ("pool_max_idle_per_host", self.pool_idle.is_some()),
        ]
        .into_iter()
        .find_map(|(name, set)| set.then_some(name))
    }

    pub(crate) fn connect(self, connect_timeout: Duration) -> Result<reqwest::Client> {
        let refused = |field, message: &str| Error::config(Kind::Config, field, message);
        let user_agent = match &self.user_agent {
            Some(suffix) => format!("{USER_AGENT} {suffix}"),
            None => USER_AGENT.to_owned(),
        };
        let user_agent = http::HeaderValue::from_str(&user_agent)
            .map_err(|_| refused("user_agent_suffix", "the user agent holds a control character"))?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(connect_timeout)
            // A redirected POST would lose its body, and the key would go where nobody asked.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(user_agent);
        if let Some(idle) = self.pool_idle {
            builder = builder.pool_max_idle_per_host(idle);
        }
        if let Some(url) = &self.proxy {
            // The URL is not repeated, nor is the cause that would: it may hold a password.
            let proxy = reqwest::Proxy::all(url)
                .map_err(|_| refused("proxy", "the proxy's URL cannot be one: give scheme, host and port"))?;
            builder = builder.proxy(proxy);
        }
        let mut certificates = Vec::new();
        for pem in &self.root_certificates {
            let found = reqwest::Certificate::from_pem_bundle(pem).map_err(|source| {
                refused("root_certificates", "a root certificate is not PEM").with_source(source)
            })?;
            if found.is_empty() {
                return Err(refused("root_certificates", "a PEM text holds no certificate"));
            }
            certificates.extend(found);
        }
        if !certificates.is_empty() {
            builder = builder.tls_certs_merge(certificates);
        }
        builder.build().map_err(|source| {
            refused("http_client", "TLS or the resolver cannot be set up").with_source(source)
        })
    }
}
