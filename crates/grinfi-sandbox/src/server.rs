//! HTTP server: logs, authenticates and rate limits each request, runs its operation and applies faults.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};

use crate::action::RecordedRequest;
use crate::call::ApiResult;
use crate::control;
use crate::decode::{self, Routed};
use crate::faults::{FaultEffect, FaultPlan, Replacement};
use crate::http::{MAX_BODY_BYTES, ResetHandle, api_key, read_body, response};
use crate::locks::lock;
use crate::registry::Registry;
use crate::rejection::Rejection;
use crate::request_log::RequestOutcome;
use crate::tenant::TenantCore;
use crate::ui;

/// Operation that sends a webhook call.
const TEST_WEBHOOK: &str = "testWebhook";

/// Returns the server as an axum application.
pub(crate) fn app(registry: Arc<Registry>) -> Router {
    // Paths are matched against the API description, not by axum.
    Router::new().fallback(move |ConnectInfo(reset): ConnectInfo<ResetHandle>, request: Request<Body>| {
        handle(Arc::clone(&registry), reset, request)
    })
}

async fn handle(registry: Arc<Registry>, reset: ResetHandle, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if control::is_for(parts.uri.path()) {
        return control::respond(&registry, &parts, body).await;
    }
    if ui::is_for(parts.uri.path()) {
        return ui::respond(&registry, &parts, body).await;
    }
    let key = api_key(&parts.headers).unwrap_or_default();
    let authenticated = match key {
        "" => Err(Rejection::unauthenticated()),
        key => registry.of_key(key),
    };
    // Requests without a valid key are logged in the default tenant.
    let tenant = authenticated.as_ref().map_or_else(|_| registry.default_tenant(), Arc::clone);
    let request = without_body(&parts);
    let number = {
        let (at, RecordedRequest { method, path, query, .. }) = (tenant.clock.now(), &request);
        lock(&tenant.log).started(at, method, path, query, key)
    };
    let body = read_body(body, MAX_BODY_BYTES).await;
    let request = RecordedRequest { body: body.as_deref().unwrap_or_default().to_vec(), ..request };
    let routed = decode::route(&request.method, &request.path, tenant.mode());
    let operation = routed.as_ref().ok().map(|(operation, _)| operation.id);
    let plan = match authenticated {
        Ok(_) => lock(&tenant.faults).plan(operation),
        Err(_) => FaultPlan::default(),
    };
    delay(&tenant, &plan).await;
    let finish = |status: u16, rejection: Option<&Rejection>| {
        let outcome = RequestOutcome {
            operation,
            body: &request.body,
            content_type: request.content_type.as_deref(),
            status,
            rejection,
            faults: plan.rules.clone(),
            key,
        };
        lock(&tenant.log).finished(number, &outcome);
    };
    match &plan.effect {
        Some(FaultEffect::Respond(replacement)) if !replacement.commits => {
            finish(replacement.status, None);
            return replaced(replacement);
        }
        Some(FaultEffect::Reset) => {
            finish(0, None);
            return reset_connection(&reset);
        }
        Some(FaultEffect::Respond(_) | FaultEffect::Truncate(_) | FaultEffect::CommitThenDrop) | None => {}
    }
    let result = match authenticated {
        Err(rejection) => Err(rejection),
        Ok(_) => run(&tenant, routed, &request, body.err()).await,
    };
    let status = result.as_ref().map_or_else(|rejection| rejection.status, |response| response.status);
    match &plan.effect {
        Some(FaultEffect::Respond(replacement)) => {
            finish(replacement.status, result.as_ref().err());
            replaced(replacement)
        }
        Some(FaultEffect::CommitThenDrop) => {
            finish(0, result.as_ref().err());
            reset_connection(&reset)
        }
        Some(FaultEffect::Truncate(bytes)) => {
            finish(status, result.as_ref().err());
            truncated(&reset, result, *bytes)
        }
        Some(FaultEffect::Reset) | None => {
            finish(status, result.as_ref().err());
            response::of_result(result)
        }
    }
}

fn without_body(parts: &Parts) -> RecordedRequest {
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    RecordedRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        content_type: content_type.map(str::to_owned),
        body: Vec::new(),
    }
}

async fn run(
    tenant: &TenantCore,
    routed: Routed,
    request: &RecordedRequest,
    body_error: Option<Rejection>,
) -> ApiResult {
    lock(&tenant.limiter).acquire(tenant.clock.now())?;
    let (operation, parameters) = routed?;
    if let Some(rejection) = body_error {
        return Err(rejection);
    }
    let mode = tenant.mode();
    let (handler, call) = decode::operation_call(operation, parameters, request, mode)?;
    let pending = tenant.call(handler, &call, (!operation.reads).then(|| request.clone()));
    let result = decode::shape_result(operation, mode, pending.synced().await);
    if operation.alias_of.unwrap_or(operation.id) == TEST_WEBHOOK && result.is_ok() {
        // The call must be sent before the response that confirms it.
        tenant.deliver_due().await;
    }
    result
}

async fn delay(tenant: &TenantCore, plan: &FaultPlan) {
    if plan.real_latency > Duration::ZERO {
        tokio::time::sleep(plan.real_latency).await;
    }
    if plan.sandbox_latency > Duration::ZERO {
        let latency = TimeDelta::from_std(plan.sandbox_latency).unwrap_or(TimeDelta::MAX);
        let until = tenant.clock.now().checked_add_signed(latency);
        tenant.clock.until(until.unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)).await;
    }
}

/// Returns the response of a fault.
fn replaced(replacement: &Replacement) -> Response<Body> {
    let Replacement { status, retry_after, body, html, commits: _ } = replacement;
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = if *html { "text/html" } else { "application/json" };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(seconds) = *retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Resets the connection. The returned response is not sent.
fn reset_connection(reset: &ResetHandle) -> Response<Body> {
    reset.reset();
    Response::new(Body::empty())
}

/// Returns a response with the full `Content-Length` that ends after some bytes of the body.
fn truncated(reset: &ResetHandle, result: ApiResult, bytes: Option<usize>) -> Response<Body> {
    let whole = match &result {
        Ok(response) => response.text().map(Cow::into_owned),
        Err(rejection) => Some(rejection.body().to_string()),
    };
    let Some(whole) = whole.filter(|whole| !whole.is_empty()) else { return reset_connection(reset) };
    let length = whole.len();
    let part = Bytes::from(whole).slice(..bytes.unwrap_or(length / 2).min(length - 1));
    let broken = async {
        // Lets hyper send the first part before the error.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    };
    let body = stream::once(async { Ok(part) }).chain(stream::once(broken));
    let mut response = response::of_result(result).map(|_| Body::from_stream(body));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
