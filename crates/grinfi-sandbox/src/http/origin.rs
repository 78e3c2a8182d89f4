//! Protection of the control API and the web page against requests from other web pages.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

use crate::rejection::Rejection;

/// Rejects requests that a web page of another origin makes a browser send.
///
/// # Errors
/// 403 for another `Origin`, and on the loopback address for a `Host` that is not a loopback name (DNS rebinding).
pub(crate) fn check_origin(headers: &HeaderMap, loopback: bool) -> Result<(), Rejection> {
    let text = |value: Option<&axum::http::HeaderValue>| {
        value.and_then(|value| value.to_str().ok()).map(str::to_ascii_lowercase)
    };
    let host = text(headers.get(HOST)).unwrap_or_default();
    if let Some(origin) = text(headers.get(ORIGIN))
        && origin.split_once("://").is_none_or(|(_, from)| from != host)
    {
        return Err(Rejection::forbidden("Requests from web pages of other origins are not allowed."));
    }
    if loopback && !is_loopback(&host) {
        return Err(Rejection::forbidden(&format!(
            "The sandbox listens on the loopback address; the host {host:?} is not a loopback name."
        )));
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let local = name == "localhost" || name.ends_with(".localhost");
    local || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_other_origins_and_hosts() {
        let allowed = |host: &str, origin: Option<&str>, loopback: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            check_origin(&headers, loopback).is_ok()
        };
        assert!(allowed("127.0.0.1:8787", None, true));
        assert!(allowed("localhost:8787", Some("http://localhost:8787"), true));
        assert!(allowed("[::1]:8787", Some("http://[::1]:8787"), true));
        assert!(!allowed("127.0.0.1:8787", Some("http://example.com"), true));
        assert!(!allowed("127.0.0.1:8787", Some("null"), true));
        assert!(!allowed("example.com:8787", Some("http://example.com:8787"), true));
        assert!(!allowed("", None, true));
        // On other addresses, for example in a container, the sandbox cannot know its host names.
        assert!(allowed("sandbox:8787", None, false));
        assert!(!allowed("sandbox:8787", Some("http://example.com"), false));
    }
}
