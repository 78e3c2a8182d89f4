//! One request after the other: noted, authenticated, counted, led to its operation, answered.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};

use super::{Cut, auth, body, call};
use crate::control;
use crate::fault::{Outcome, Plan, Replacement};
use crate::locks::lock;
use crate::log::End;
use crate::ops::Reply;
use crate::refusal::Refusal;
use crate::ui;
use crate::webhooks;
use crate::world::{self, Inner};
use crate::worlds::Worlds;

/// The operation that makes a call of a webhook.
const TEST_CALL: &str = "testWebhook";

/// What every request shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) worlds: Arc<Worlds>,
    /// Whether only this machine can get here, so that whoever calls it by another name was led here by a trick.
    pub(crate) loopback: bool,
}

/// The whole server as an axum application.
pub(crate) fn app(shared: Arc<Shared>) -> Router {
    // The description is the router: one table says what is known, what is built and what is not.
    Router::new().fallback(move |ConnectInfo(cut): ConnectInfo<Cut>, request: Request<Body>| {
        answer(Arc::clone(&shared), cut, request)
    })
}

async fn answer(shared: Arc<Shared>, cut: Cut, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if control::is_for(parts.uri.path()) {
        return control::answer(&shared, &parts, body).await;
    }
    if ui::is_for(parts.uri.path()) {
        return ui::answer(&shared, &parts, body).await;
    }
    let key = auth::key(&parts.headers).unwrap_or_default();
    let entered = match key {
        "" => Err(Refusal::unauthenticated()),
        key => shared.worlds.of_key(key),
    };
    // What leads to no world is noted in the sandbox's own.
    let world = entered.as_ref().map_or_else(|_| shared.worlds.own(), Arc::clone);
    let request = of(&parts);
    let number = {
        let (at, world::Request { method, path, query, .. }) = (world.clock.now(), &request);
        lock(&world.log).arrived(at, method, path, query, key)
    };
    let body = body::read(body, body::LIMIT).await;
    let request = world::Request { body: body.as_deref().unwrap_or_default().to_vec(), ..request };
    let routed = call::routed(&request.method, &request.path, world.mode());
    let operation = routed.as_ref().ok().map(|(operation, _)| operation.id);
    let plan = match entered {
        Ok(_) => lock(&world.faults).plan(operation),
        Err(_) => Plan::default(),
    };
    delay(&world, &plan).await;
    let end = |status: u16, refusal: Option<&Refusal>| {
        let end = End {
            operation,
            body: &request.body,
            content_type: request.content_type.as_deref(),
            status,
            refusal,
            faults: plan.rules.clone(),
            key,
        };
        lock(&world.log).ended(number, &end);
    };
    match &plan.outcome {
        Some(Outcome::Respond(replacement)) if !replacement.commits => {
            end(replacement.status, None);
            return replaced(replacement);
        }
        Some(Outcome::Reset) => {
            end(0, None);
            return hang_up(&cut);
        }
        Some(Outcome::Respond(_) | Outcome::Truncate(_) | Outcome::CommitThenDrop) | None => {}
    }
    let outcome = match entered {
        Err(refusal) => Err(refusal),
        Ok(_) => respond(&world, routed, &request, body.err()).await,
    };
    let status = outcome.as_ref().map_or_else(|refusal| refusal.status, |reply| reply.status);
    match &plan.outcome {
        Some(Outcome::Respond(replacement)) => {
            end(replacement.status, outcome.as_ref().err());
            replaced(replacement)
        }
        Some(Outcome::CommitThenDrop) => {
            end(0, outcome.as_ref().err());
            hang_up(&cut)
        }
        Some(Outcome::Truncate(bytes)) => {
            end(status, outcome.as_ref().err());
            truncate(&cut, outcome, *bytes)
        }
        Some(Outcome::Reset) | None => {
            end(status, outcome.as_ref().err());
            written(outcome)
        }
    }
}

fn written(outcome: Result<Reply, Refusal>) -> Response<Body> {
    match outcome {
        Ok(reply) => write(reply),
        Err(refusal) => refuse(&refusal),
    }
}

/// A request without its body.
fn of(parts: &Parts) -> world::Request {
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    world::Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        content_type: content_type.map(str::to_owned),
        body: Vec::new(),
    }
}

async fn respond(
    world: &Inner,
    routed: call::Routed,
    request: &world::Request,
    unread: Option<Refusal>,
) -> Result<Reply, Refusal> {
    lock(&world.limit).take(world.clock.now())?;
    let (operation, parameters) = routed?;
    if let Some(refusal) = unread {
        return Err(refusal);
    }
    let mode = world.mode();
    let (handler, call) = call::read(operation, parameters, request, mode)?;
    let done = world.call(handler, &call, (!operation.reads).then(|| request.clone()));
    let answer = call::answered(operation, mode, done.answer().await);
    if operation.alias_of.unwrap_or(operation.id) == TEST_CALL && answer.is_ok() {
        // It is made before it is said that it was.
        webhooks::deliver(world).await;
    }
    answer
}

async fn delay(world: &Inner, plan: &Plan) {
    if plan.real_latency > Duration::ZERO {
        tokio::time::sleep(plan.real_latency).await;
    }
    if plan.sandbox_latency > Duration::ZERO {
        let latency = TimeDelta::from_std(plan.sandbox_latency).unwrap_or(TimeDelta::MAX);
        let until = world.clock.now().checked_add_signed(latency);
        world.clock.until(until.unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)).await;
    }
}

/// Builds the response of a fault.
fn replaced(replacement: &Replacement) -> Response<Body> {
    let Replacement { status, retry_after, body, html, commits: _ } = replacement;
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if *html { "text/html" } else { "application/json" };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(seconds) = *retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Ends the connection; what is answered gets nowhere.
fn hang_up(cut: &Cut) -> Response<Body> {
    cut.off();
    Response::new(Body::empty())
}

/// Sends a part of the body under the length of the whole, and ends the connection.
fn truncate(cut: &Cut, outcome: Result<Reply, Refusal>, bytes: Option<usize>) -> Response<Body> {
    let whole = match &outcome {
        Ok(reply) => reply.text().map(Cow::into_owned),
        Err(refusal) => Some(refusal.body().to_string()),
    };
    let Some(whole) = whole.filter(|whole| !whole.is_empty()) else { return hang_up(cut) };
    let length = whole.len();
    let part = Bytes::from(whole).slice(..bytes.unwrap_or(length / 2).min(length - 1));
    let broken = async {
        // The part is sent while this waits for its next turn.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    };
    let body = stream::once(async { Ok(part) }).chain(stream::once(broken));
    let mut response = written(outcome).map(|_| Body::from_stream(body));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

pub(crate) fn refuse(refusal: &Refusal) -> Response<Body> {
    let mut response = write(Reply { status: refusal.status, ..Reply::ok(refusal.body()) });
    let mut header = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    };
    header(RETRY_AFTER, refusal.retry_after.map(|seconds| seconds.to_string()));
    header(ALLOW, refusal.allow.as_deref().map(str::to_owned));
    response
}

pub(crate) fn write(reply: Reply) -> Response<Body> {
    let (status, is_csv) = (reply.status, reply.csv.is_some());
    let text = reply.into_text();
    let kind = text.as_ref().map(|_| if is_csv { "text/csv; charset=utf-8" } else { "application/json" });
    let mut response = Response::new(text.map_or_else(Body::empty, Body::from));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(kind) = kind {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    response
}
