//! Calls of one resource against a server with responses from the API description. Validates the requests and formats them
//! for snapshots.

use std::fmt::Debug;

use grinfi::{Client, Error, Result};

use super::{
    client, description,
    fault_server::{FaultServer, ReceivedRequest, Response},
};

/// Formats a request: method, path, decoded query, body.
pub fn show(request: &ReceivedRequest) -> String {
    let url = reqwest::Url::parse(&format!("http://localhost{}", request.target)).unwrap();
    let mut text = format!("{} {}", request.method, url.path());
    for (name, value) in url.query_pairs() {
        text.push_str(&format!("\n  {name} = {value}"));
    }
    if let Ok(body) = serde_json::from_slice::<serde_json::Value>(&request.body) {
        text.push_str(&format!("\n{}", serde_json::to_string_pretty(&body).unwrap()));
    } else if !request.body.is_empty() {
        let body = String::from_utf8_lossy(&request.body).replace("\r\n", "\n");
        let boundary = request.header("content-type").and_then(|media| media.split("boundary=").nth(1));
        text.push_str(&format!("\n{}", body.replace(boundary.unwrap_or("\0"), "BOUNDARY")));
    }
    text
}

/// Calls and their requests.
#[derive(Default)]
pub struct Conversation {
    requests: Vec<String>,
}

impl Conversation {
    /// Runs `call`, which sends only requests of the operation `id`, against the example response of the description, and
    /// then against each documented error status.
    pub async fn call<T: Debug>(&mut self, id: &str, call: impl AsyncFn(Client) -> Result<T>) -> T {
        self.answered(id, description::answer(id), call).await
    }

    /// Like [`Self::call`], with this response as the success.
    pub async fn answered<T: Debug>(
        &mut self,
        id: &str,
        response: Response,
        call: impl AsyncFn(Client) -> Result<T>,
    ) -> T {
        let result = self.outcome(id, response, &call).await.unwrap();
        // 401 is documented globally, not for each operation.
        for status in description::failures(id).into_iter().chain([401]) {
            check_api_error(id, status, &call).await;
        }
        result
    }

    /// Runs `call` once against this response and returns its result.
    pub async fn outcome<T>(
        &mut self,
        id: &str,
        response: Response,
        call: impl AsyncFnOnce(Client) -> Result<T>,
    ) -> Result<T> {
        let server = FaultServer::start([response]).await;
        let result = call(client(&server.base_url)).await;
        let arrived = server.arrived();
        assert!(!arrived.is_empty(), "{id}: nothing was sent");
        for request in &arrived {
            description::check(id, request);
            self.requests.push(format!("{id}: {}", show(request)));
        }
        result
    }

    /// Returns all requests, formatted for a snapshot.
    pub fn shown(&self) -> String {
        self.requests.join("\n\n")
    }
}

/// Checks that `call` returns the error of this status without a retry.
async fn check_api_error<T: Debug>(id: &str, status: u16, call: impl AsyncFn(Client) -> Result<T>) {
    let server = FaultServer::start([error_response(status)]).await;
    let error = call(client(&server.base_url)).await.unwrap_err();
    assert_eq!((error.operation(), error.status()), (Some(id), Some(status)), "{error}");
    assert_eq!((server.arrived().len(), error.attempts()), (1, 1), "{id}: {status} was retried");
    assert!(!error.is_retryable() && !error.is_unknown_outcome(), "{error}");
    let (kind, reason) = match status {
        401 => (error.is_unauthorized(), "auth_exception"),
        402 => (error.is_out_of_credits(), "payment_required"),
        404 => (error.is_not_found(), "not_found"),
        422 => (error.is_validation(), "validation_error"),
        other => panic!("{id}: no expectation for the documented status {other}"),
    };
    assert!(kind, "{id}: {status} is {:?}", error.kind());
    assert_eq!(error.reason(), Some(reason), "{id}");
    assert!(error.to_string().contains(MESSAGE), "{error}");
    let fields: Vec<_> = error.fields().iter().collect();
    match status {
        422 => assert_eq!(fields, [(&"name".to_owned(), &vec!["is taken".to_owned()])]),
        _ => assert!(fields.is_empty(), "{fields:?}"),
    }
}

const MESSAGE: &str = "Not possible";

/// Returns an error response of the API.
fn error_response(status: u16) -> Response {
    let (reason, data) = match status {
        401 => ("auth_exception", ""),
        402 => ("payment_required", ""),
        404 => ("not_found", ""),
        _ => ("validation_error", r#", "data": {"name": ["is taken"]}"#),
    };
    Response::json(status, &format!(r#"{{"error": {{"reason": "{reason}", "message": "{MESSAGE}"{data}}}}}"#))
}

/// Checks that `call` fails before anything is sent, and returns the field of the error.
pub async fn refused<T: Debug>(call: impl AsyncFnOnce(Client) -> Result<T>) -> String {
    let server = FaultServer::start([Response::json(200, "{}")]).await;
    let error = call(client(&server.base_url)).await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    assert!(server.arrived().is_empty(), "sent despite invalid input: {error}");
    error.field().unwrap_or_default().to_owned()
}

/// Runs `call` against an error response with this status, and returns its error.
pub async fn failing<T: Debug>(status: u16, call: impl AsyncFnOnce(Client) -> Result<T>) -> Error {
    let body = match status {
        402 => r#"{"error": {"reason": "payment_required", "message": "Out of credits"}}"#,
        422 => {
            r#"{"error": {"reason": "validation_error", "message": "Not valid", "data": {"name": ["is taken"]}}}"#
        }
        _ => r#"{"error": {"message": "No"}}"#,
    };
    let server = FaultServer::start([Response::json(status, body)]).await;
    call(client(&server.base_url)).await.unwrap_err()
}
