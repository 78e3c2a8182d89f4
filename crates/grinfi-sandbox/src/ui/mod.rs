//! The page at `/`: the worlds for people to look at, and the few things they do most. It needs no script.

mod html;
mod view;

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::control;
use crate::error::{Error, Refused};
use crate::http::{self, Shared};
use crate::record::{Record, parse_time, text};
use crate::refusal::Refusal;
use crate::world::World;

const STYLE: &str = include_str!("style.css");

/// Whether a path is the page's.
pub(crate) fn is_for(path: &str) -> bool {
    path == "/"
}

pub(crate) async fn answer(shared: &Shared, parts: &Parts, body: Body) -> Response<Body> {
    let answered = match parts.method {
        Method::GET | Method::HEAD => look(shared, parts),
        Method::POST => act(shared, parts, body).await,
        _ => Err(Refusal::method_not_allowed(parts.method.as_str(), "/", "GET, POST".to_owned())),
    };
    answered.unwrap_or_else(|refusal| {
        let mut response = page(view::refused(&refusal.message));
        *response.status_mut() = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        response
    })
}

fn look(shared: &Shared, parts: &Parts) -> Result<Response<Body>, Refusal> {
    control::at_home(&parts.headers, shared.loopback)?;
    let query = http::read_query(parts.uri.query().unwrap_or_default());
    Ok(page(view::page(&shared.worlds, &chosen(shared, &query)?)))
}

/// Does what a form asks for, and leads back to the page.
async fn act(shared: &Shared, parts: &Parts, body: Body) -> Result<Response<Body>, Refusal> {
    control::at_home(&parts.headers, shared.loopback)?;
    let bytes = http::read_body(body, http::LIMIT).await?;
    let form = http::read_query(&String::from_utf8_lossy(&bytes));
    let world = chosen(shared, &form)?;
    let moved = |by: &dyn Fn(&crate::Clock)| world.inner().move_clock(by);
    match text(&form, "do").unwrap_or_default() {
        "advance" => {
            let seconds = text(&form, "seconds").and_then(|text| text.trim().parse().ok());
            let step = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let step =
                step.ok_or_else(|| Refusal::invalid("seconds", "The seconds must be a number from 0 on."))?;
            moved(&|clock| clock.advance(step)).answer().await?;
        }
        "set" => {
            let time = text(&form, "time").and_then(parse_time);
            let wrong = || Refusal::invalid("time", "The time must be one such as 2026-02-03T12:00:00Z.");
            let time = time.ok_or_else(wrong)?;
            moved(&|clock| clock.set(time)).answer().await?;
        }
        "freeze" => drop(moved(&crate::Clock::freeze).answer().await?),
        "resume" => drop(moved(&crate::Clock::resume).answer().await?),
        "reset" => world.reset().await.map_err(refused)?,
        _ => return Err(Refusal::invalid("do", "The page does not do this.")),
    }
    world.deliver().await;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(place) = HeaderValue::try_from(format!("/?world={}", world.id())) {
        response.headers_mut().insert(LOCATION, place);
    }
    Ok(response)
}

fn refused(error: Error) -> Refusal {
    match error {
        Error::Refused(Refused(refusal)) => *refusal,
        other => Refusal::bad_request(other.to_string()),
    }
}

/// The world that is asked for; the sandbox's own if none is.
fn chosen(shared: &Shared, asked: &Record) -> Result<World, Refusal> {
    let world = match text(asked, "world") {
        Some(id) => shared.worlds.get(id).ok_or_else(|| Refusal::not_found("World"))?,
        None => shared.worlds.own(),
    };
    Ok(World::of(world))
}

fn page(html: String) -> Response<Body> {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
