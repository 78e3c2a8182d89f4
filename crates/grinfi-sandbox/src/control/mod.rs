//! The sandbox's own pages, under `/_sandbox`: what those who run it see and do. They are not part of the API.
//!
//! A page is about the world of the key it is asked with, or of the sandbox's own key if with none; under
//! `/_sandbox/worlds/{id}/…` it is about the world of that id.

mod input;
mod pages;
mod run;

use axum::body::Body;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response};

use crate::http::{self, Shared};
use crate::refusal::Refusal;
use crate::world::World;

const PREFIX: &str = "/_sandbox";
/// The largest body that a page takes: a world as a document is large.
const LARGEST: usize = 1024 * 1024 * 1024;

/// Whether a path is one of the sandbox's own.
pub(crate) fn is_for(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(crate) async fn answer(shared: &Shared, parts: &Parts, body: Body) -> Response<Body> {
    match answered(shared, parts, body).await {
        Ok(reply) => http::write(reply),
        Err(refusal) => http::refuse(&refusal),
    }
}

async fn answered(shared: &Shared, parts: &Parts, body: Body) -> Result<crate::ops::Reply, Refusal> {
    at_home(&parts.headers, shared.loopback)?;
    let path = parts.uri.path().trim_end_matches('/').strip_prefix(PREFIX).unwrap_or_default();
    let (world, path) =
        match path.strip_prefix("/worlds/").map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
            Some((id, page)) => {
                let found = shared.worlds.get(id).ok_or_else(|| Refusal::not_found("World"))?;
                (Some(found), if page.is_empty() { "/world".to_owned() } else { format!("/{page}") })
            }
            None => (None, path.to_owned()),
        };
    let (page, parameters) = pages::find(parts.method.as_str(), &path)?;
    let world = match (world, http::key(&parts.headers)) {
        (Some(world), _) => world,
        (None, Some(key)) => shared.worlds.of_key(key)?,
        (None, None) => shared.worlds.own(),
    };
    let bytes = http::read_body(body, LARGEST).await?;
    let input = input::Input::of(&bytes, parts.uri.query().unwrap_or_default(), parameters)?;
    run::run(page, &shared.worlds, &World::of(world), input).await
}

/// Keeps out what a web page elsewhere makes a browser send here.
///
/// # Errors
/// 403 for a request from a page of another origin, and for one to a host name that only leads here by a trick.
pub(crate) fn at_home(headers: &HeaderMap, loopback: bool) -> Result<(), Refusal> {
    let text = |value: Option<&axum::http::HeaderValue>| {
        value.and_then(|value| value.to_str().ok()).map(str::to_ascii_lowercase)
    };
    let host = text(headers.get(HOST)).unwrap_or_default();
    if let Some(origin) = text(headers.get(ORIGIN))
        && origin.split_once("://").is_none_or(|(_, from)| from != host)
    {
        return Err(Refusal::forbidden("This comes from a page of another origin."));
    }
    if loopback && !is_loopback(&host) {
        return Err(Refusal::forbidden("The sandbox is on the loopback address, and that is no name of it."));
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
    fn own_paths_are_told_from_others() {
        for own in ["/_sandbox", "/_sandbox/", "/_sandbox/outbox"] {
            assert!(is_for(own), "{own}");
        }
        for other in ["/", "/_sandboxes", "/leads/_sandbox"] {
            assert!(!is_for(other), "{other}");
        }
    }

    #[test]
    fn pages_elsewhere_are_kept_out() {
        let allowed = |host: &str, origin: Option<&str>, loopback: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            at_home(&headers, loopback).is_ok()
        };
        assert!(allowed("127.0.0.1:8787", None, true));
        assert!(allowed("localhost:8787", Some("http://localhost:8787"), true));
        assert!(allowed("[::1]:8787", Some("http://[::1]:8787"), true));
        assert!(!allowed("127.0.0.1:8787", Some("http://example.com"), true));
        assert!(!allowed("127.0.0.1:8787", Some("null"), true));
        assert!(!allowed("example.com:8787", Some("http://example.com:8787"), true));
        assert!(!allowed("", None, true));
        // Elsewhere, a container for instance, it goes by names that it cannot know.
        assert!(allowed("sandbox:8787", None, false));
        assert!(!allowed("sandbox:8787", Some("http://example.com"), false));
    }
}
