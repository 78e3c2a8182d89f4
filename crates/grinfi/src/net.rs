//! The connection's own settings, for a client that makes its own `reqwest::Client`.

use std::{net::IpAddr, time::Duration};

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

    pub(crate) fn connect(self, connect_timeout: Duration, base_url: &str) -> Result<reqwest::Client> {
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
        } else if is_loopback(base_url) {
            // A proxy of the environment would look for it on its own machine.
            builder = builder.no_proxy();
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

/// Whether this is an address of the machine itself, as a sandbox has.
fn is_loopback(base_url: &str) -> bool {
    let url = reqwest::Url::parse(base_url).ok();
    let host = url.as_ref().and_then(reqwest::Url::host_str).unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_itself_is_known() {
        for url in ["http://127.0.0.1:8787", "http://127.9.9.9/x", "http://localhost", "https://[::1]:1"] {
            assert!(is_loopback(url), "{url}");
        }
        for url in
            ["https://leadgen.grinfi.io", "http://10.0.0.1", "http://localhost.example.com", "http://[::2]"]
        {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
