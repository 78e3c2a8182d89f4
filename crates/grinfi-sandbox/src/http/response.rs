//! HTTP responses from results of operations.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};

use crate::call::{ApiResponse, ApiResult};
use crate::rejection::Rejection;

pub(crate) fn of_result(result: ApiResult) -> Response<Body> {
    match result {
        Ok(response) => of_success(response),
        Err(rejection) => of_rejection(&rejection),
    }
}

pub(crate) fn of_rejection(rejection: &Rejection) -> Response<Body> {
    let mut response =
        of_success(ApiResponse { status: rejection.status, ..ApiResponse::ok(rejection.body()) });
    let mut header = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    };
    header(RETRY_AFTER, rejection.retry_after.map(|seconds| seconds.to_string()));
    header(ALLOW, rejection.allow.as_deref().map(str::to_owned));
    response
}

fn of_success(api: ApiResponse) -> Response<Body> {
    let (status, is_csv) = (api.status, api.csv.is_some());
    let text = api.into_text();
    let content_type =
        text.as_ref().map(|_| if is_csv { "text/csv; charset=utf-8" } else { "application/json" });
    let mut response = Response::new(text.map_or_else(Body::empty, Body::from));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(content_type) = content_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}
