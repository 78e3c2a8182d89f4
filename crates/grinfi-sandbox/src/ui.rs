//! Web page at `/`: shows the tenants and their logs, and moves the clock. It works without JavaScript.

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

use crate::clock::Clock;
use crate::http::{MAX_BODY_BYTES, check_origin, parse_query, read_body};
use crate::record::{Record, parse_time, text};
use crate::registry::Registry;
use crate::rejection::Rejection;
use crate::tenant::Tenant;

/// Whether a path belongs to the page.
pub(crate) fn is_for(path: &str) -> bool {
    path == "/"
}

pub(crate) async fn respond(registry: &Registry, parts: &Parts, body: Body) -> Response<Body> {
    let result = match parts.method {
        Method::GET | Method::HEAD => show(registry, parts),
        Method::POST => submit(registry, parts, body).await,
        _ => Err(Rejection::method_not_allowed(parts.method.as_str(), "/", "GET, POST".to_owned())),
    };
    result.unwrap_or_else(|rejection| {
        let mut response = html_response(view::error(&rejection.message));
        *response.status_mut() = StatusCode::from_u16(rejection.status).unwrap_or(StatusCode::BAD_REQUEST);
        response
    })
}

fn show(registry: &Registry, parts: &Parts) -> Result<Response<Body>, Rejection> {
    check_origin(&parts.headers, registry.environment.loopback)?;
    let query = parse_query(parts.uri.query().unwrap_or_default());
    Ok(html_response(view::page(registry, &selected(registry, &query)?)))
}

/// Runs the action of a submitted form and redirects to the page.
async fn submit(registry: &Registry, parts: &Parts, body: Body) -> Result<Response<Body>, Rejection> {
    check_origin(&parts.headers, registry.environment.loopback)?;
    let bytes = read_body(body, MAX_BODY_BYTES).await?;
    let form = parse_query(&String::from_utf8_lossy(&bytes));
    let tenant = selected(registry, &form)?;
    let move_clock = |moved: &dyn Fn(&Clock)| tenant.core().move_clock(moved);
    match text(&form, "do").unwrap_or_default() {
        "advance" => {
            let seconds = text(&form, "seconds").unwrap_or_default();
            let step = seconds.trim().parse().ok().and_then(|it| Duration::try_from_secs_f64(it).ok());
            let step = step.ok_or_else(|| {
                let message = format!("The seconds must be a number of at least 0, got {seconds:?}.");
                Rejection::invalid("seconds", message)
            })?;
            move_clock(&|clock| clock.advance(step)).synced().await?;
        }
        "set" => {
            let given = text(&form, "time").unwrap_or_default();
            let time = parse_time(given).ok_or_else(|| {
                let message = format!("The time must look like 2026-02-03T12:00:00Z, got {given:?}.");
                Rejection::invalid("time", message)
            })?;
            move_clock(&|clock| clock.set(time)).synced().await?;
        }
        "freeze" => drop(move_clock(&Clock::freeze).synced().await?),
        "resume" => drop(move_clock(&Clock::resume).synced().await?),
        "reset" => tenant.reset().await?,
        other => return Err(Rejection::invalid("do", format!("The action {other:?} is unknown."))),
    }
    tenant.deliver().await;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::try_from(format!("/?tenant={}", tenant.id())) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Returns the requested tenant, or the default one.
fn selected(registry: &Registry, parameters: &Record) -> Result<Tenant, Rejection> {
    let tenant = match text(parameters, "tenant") {
        Some(id) => registry.get(id).ok_or_else(|| Rejection::not_found("Tenant"))?,
        None => registry.default_tenant(),
    };
    Ok(Tenant::of(tenant))
}

fn html_response(html: String) -> Response<Body> {
    let style = STANDARD.encode(Sha256::digest(html::STYLE));
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
