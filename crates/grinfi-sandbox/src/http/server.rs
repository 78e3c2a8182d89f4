//! One request after the other: noted, authenticated, counted, led to its operation, answered.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::form::{self, Form};
use super::route::{self, Route};
use super::{Limit, Log, auth, body, query};
use crate::ops::{self, Call, Reply};
use crate::refusal::Refusal;
use crate::store::Store;

/// What every request shares.
pub(crate) struct Shared {
    pub(crate) key: String,
    pub(crate) store: Mutex<Store>,
    pub(crate) limit: Mutex<Limit>,
    pub(crate) log: Mutex<Log>,
}

/// Locks, and goes on after a panic of another request: each operation leaves the store whole enough to be used.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The whole server as an axum application.
pub(crate) fn app(shared: Arc<Shared>) -> Router {
    // The description is the router: one table says what is known, what is built and what is not.
    Router::new().fallback(move |request: Request<Body>| answer(Arc::clone(&shared), request))
}

async fn answer(shared: Arc<Shared>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if let Some(answer) = control(&shared, &parts) {
        return answer;
    }
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    let number = lock(&shared.log).arrived(parts.method.as_str(), path, query);
    let body = body::read(body).await;
    let bytes = body.as_deref().unwrap_or_default().to_vec();
    let form = form::read(&parts.headers, &bytes).await;
    let response = match guarded(|| respond(&shared, &parts, body, form)) {
        Ok(Reply { csv: Some(content), status, .. }) => write_csv(status, content),
        Ok(reply) => write(reply.status, reply.body.as_ref()),
        Err(refusal) => refuse(&refusal),
    };
    lock(&shared.log).answered(number, &bytes, response.status().as_u16());
    response
}

/// A panic of an operation is that request's 500 and nobody else's.
fn guarded(respond: impl FnOnce() -> Result<Reply, Refusal>) -> Result<Reply, Refusal> {
    catch_unwind(AssertUnwindSafe(respond)).unwrap_or_else(|_| Err(Refusal::server_error()))
}

fn respond(
    shared: &Shared,
    parts: &Parts,
    body: Result<Vec<u8>, Refusal>,
    form: Option<Result<Form, Refusal>>,
) -> Result<Reply, Refusal> {
    if !auth::accepts(&parts.headers, &shared.key) {
        return Err(Refusal::unauthenticated());
    }
    let now = lock(&shared.store).clock.now();
    lock(&shared.limit).take(now)?;
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let (operation, parameters) = match route::find(method, path) {
        Route::Operation { operation, parameters } => (operation, parameters),
        Route::OtherMethods(methods) => {
            return Err(Refusal::method_not_allowed(method, path, methods.join(", ")));
        }
        Route::Unknown => return Err(Refusal::not_found(path)),
    };
    let bytes = body?;
    let handler = ops::handler(operation.id).ok_or_else(|| Refusal::not_built(operation))?;
    let Form { fields: body, files } = match form {
        _ if parts.method == Method::GET => Form::default(),
        Some(form) => form?,
        None => Form { fields: body::map(&bytes)?, files: Vec::new() },
    };
    let query = query::read(parts.uri.query().unwrap_or_default());
    ops::run(handler, &mut lock(&shared.store), &Call { parameters, query, body, files })
}

/// The sandbox's own pages, which need no key and are not part of the API.
fn control(shared: &Shared, parts: &Parts) -> Option<Response<Body>> {
    let page = parts.uri.path().strip_prefix("/_sandbox/")?;
    let body = match page {
        "outbox" => {
            let mut store = lock(&shared.store);
            store.settle();
            serde_json::to_value(&store.outbox)
        }
        "requests" => serde_json::to_value(lock(&shared.log).requests()),
        _ => return Some(refuse(&Refusal::not_found(parts.uri.path()))),
    };
    if parts.method != Method::GET {
        let refusal = Refusal::method_not_allowed(parts.method.as_str(), parts.uri.path(), "GET".to_owned());
        return Some(refuse(&refusal));
    }
    Some(write(200, Some(&body.unwrap_or_else(|_| json!([])))))
}

fn refuse(refusal: &Refusal) -> Response<Body> {
    let mut response = write(refusal.status, Some(&refusal.body()));
    let mut header = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    };
    header(RETRY_AFTER, refusal.retry_after.map(|seconds| seconds.to_string()));
    header(ALLOW, refusal.allow.clone());
    response
}

fn write_csv(status: u16, content: String) -> Response<Body> {
    let mut response = Response::new(Body::from(content));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    response
}

fn write(status: u16, body: Option<&Value>) -> Response<Body> {
    let mut response = Response::new(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if body.is_some() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_500_and_the_locks_go_on() {
        let mutex = Mutex::new(1);
        let outcome = guarded(|| {
            let _held = lock(&mutex);
            panic!("an operation failed");
        });
        assert_eq!(outcome.unwrap_err().status, 500);
        assert_eq!(*lock(&mutex), 1);
    }
}
