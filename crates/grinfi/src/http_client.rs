//! Builds the `reqwest::Client` from the connection settings.

use std::{net::IpAddr, time::Duration};

use crate::error::{Error, ErrorKind, Result};

/// User agent of this crate.
const USER_AGENT: &str = concat!("grinfi-rust/", env!("CARGO_PKG_VERSION"));

/// Connection settings.
#[derive(Clone, Default)]
pub(crate) struct ConnectionSettings {
    pub(crate) proxy: Option<String>,
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) user_agent: Option<String>,
    pub(crate) pool_idle: Option<usize>,
}

impl ConnectionSettings {
    /// Returns the name of a setting that a custom `reqwest::Client` would ignore.
    pub(crate) fn first_setting(&self) -> Option<&'static str> {
        [
            ("proxy", self.proxy.is_some()),
            ("root_certificates", !self.root_certificates.is_empty()),
            ("user_agent_suffix", self.user_agent.is_some()),
            ("pool_max_idle_per_host", self.pool_idle.is_some()),
        ]
        .into_iter()
        .find_map(|(name, set)| set.then_some(name))
    }

    pub(crate) fn build(self, connect_timeout: Duration, base_url: &str) -> Result<reqwest::Client> {
        let config_error = |field, message: &str| Error::config(ErrorKind::Config, field, message);
        let user_agent = match &self.user_agent {
            Some(suffix) => format!("{USER_AGENT} {suffix}"),
            None => USER_AGENT.to_owned(),
        };
        let user_agent = http::HeaderValue::from_str(&user_agent)
            .map_err(|_| config_error("user_agent_suffix", "the user agent contains a control character"))?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(connect_timeout)
            // A redirect would drop the body of a POST and send the key to another address.
            .redirect(reqwest::redirect::Policy::none())
            // Only the transport retries requests.
            .retry(reqwest::retry::never())
            .user_agent(user_agent);
        if let Some(idle) = self.pool_idle {
            builder = builder.pool_max_idle_per_host(idle);
        }
        if let Some(url) = &self.proxy {
            // The error contains neither the URL nor its source, because the URL may contain a password.
            let proxy = Some(url)
                .filter(|url| is_proxy(url))
                .and_then(|url| reqwest::Proxy::all(url).ok())
                .ok_or_else(|| config_error("proxy", UNUSABLE_PROXY))?;
            builder = builder.proxy(proxy);
        } else if is_loopback(base_url) {
            // A proxy from the environment would resolve the loopback address to its own machine.
            builder = builder.no_proxy();
        } else if let Some(name) = unusable_proxy_variable(base_url, |name| std::env::var(name).ok()) {
            // reqwest would ignore it and send requests without the proxy.
            return Err(config_error("proxy", &format!("environment variable {name}: {UNUSABLE_PROXY}")));
        }
        let mut certificates = Vec::new();
        for pem in &self.root_certificates {
            let found = reqwest::Certificate::from_pem_bundle(pem).map_err(|source| {
                config_error("root_certificates", "a root certificate is not valid PEM").with_source(source)
            })?;
            if found.is_empty() {
                return Err(config_error("root_certificates", "the PEM text contains no certificate"));
            }
            certificates.extend(found);
        }
        if !certificates.is_empty() {
            builder = builder.tls_certs_merge(certificates);
        }
        builder.build().map_err(|source| {
            config_error("http_client", "cannot initialize TLS or the resolver").with_source(source)
        })
    }
}

const UNUSABLE_PROXY: &str = "the proxy URL must start with http:// or https:// and contain a host";

/// Returns whether this is a usable proxy URL. An address without a scheme counts as `http`.
fn is_proxy(url: &str) -> bool {
    let with_scheme = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    reqwest::Url::parse(&with_scheme)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Returns the name of the environment variable with the proxy for this base URL, if its value is not usable.
fn unusable_proxy_variable(base_url: &str, var: impl Fn(&str) -> Option<String>) -> Option<&'static str> {
    let names = if base_url.starts_with("https:") {
        ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else {
        ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
    };
    let set = |name: &&'static str| {
        let value = var(name).filter(|value| !value.trim().is_empty())?;
        Some((*name, value))
    };
    names.iter().find_map(set).filter(|(_, value)| !is_proxy(value.trim())).map(|(name, _)| name)
}

/// Returns whether this is a loopback address, such as that of a sandbox.
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
    fn rejects_unusable_proxies() {
        for url in ["http://proxy.example.com:3128", "https://u:p@127.0.0.1", "proxy.example.com:3128"] {
            assert!(is_proxy(url), "{url}");
        }
        for url in ["foo://127.0.0.1:1", "socks5://127.0.0.1:1", "http://", "", "://"] {
            assert!(!is_proxy(url), "{url}");
        }
        let variables = |name: &str| match name {
            "HTTPS_PROXY" => Some("foo://127.0.0.1:1".to_owned()),
            "ALL_PROXY" => Some("http://127.0.0.1:1".to_owned()),
            _ => None,
        };
        let unusable = |url| unusable_proxy_variable(url, variables);
        assert_eq!(unusable("https://api.example.com"), Some("HTTPS_PROXY"));
        assert_eq!(unusable("http://api.example.com"), None);
    }

    #[test]
    fn recognizes_loopback_addresses() {
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
