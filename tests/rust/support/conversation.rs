//! One resource's calls against a server that answers as described: what arrived, checked by the description and shown as
//! one reads it.

use std::fmt::Debug;

use grinfi::{Client, Error, Result};

use super::{
    client, description,
    fault_server::{Answer, Arrived, FaultServer},
};

/// A request as one reads it: method, path, decoded query, body.
pub fn show(request: &Arrived) -> String {
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

/// The calls so far.
#[derive(Default)]
pub struct Conversation {
    shown: Vec<String>,
}

impl Conversation {
    /// Makes `call`, which sends requests of the operation `id` only, to a server that answers as described; then once more
    /// for each failure that is documented.
    pub async fn call<T: Debug>(&mut self, id: &str, call: impl AsyncFn(Client) -> Result<T>) -> T {
        self.answered(id, description::answer(id), call).await
    }

    /// The same, with a success of one's own.
    pub async fn answered<T: Debug>(
        &mut self,
        id: &str,
        answer: Answer,
        call: impl AsyncFn(Client) -> Result<T>,
    ) -> T {
        let result = self.outcome(id, answer, &call).await.unwrap();
        // A refused key is documented for all operations at once.
        for status in description::failures(id).into_iter().chain([401]) {
            refused_by_the_api(id, status, &call).await;
        }
        result
    }

    /// The same, whatever it comes to, and without the failures.
    pub async fn outcome<T>(
        &mut self,
        id: &str,
        answer: Answer,
        call: impl AsyncFnOnce(Client) -> Result<T>,
    ) -> Result<T> {
        let server = FaultServer::start([answer]).await;
        let result = call(client(&server.base_url)).await;
        let arrived = server.arrived();
        assert!(!arrived.is_empty(), "{id}: nothing was sent");
        for request in &arrived {
            description::check(id, request);
            self.shown.push(format!("{id}: {}", show(request)));
        }
        result
    }

    /// All requests, for a snapshot.
    pub fn shown(&self) -> String {
        self.shown.join("\n\n")
    }
}

/// Checks what `call` comes to when the API refuses it with a status: told as it is, and not tried again.
async fn refused_by_the_api<T: Debug>(id: &str, status: u16, call: impl AsyncFn(Client) -> Result<T>) {
    let server = FaultServer::start([refusal(status)]).await;
    let error = call(client(&server.base_url)).await.unwrap_err();
    assert_eq!((error.operation(), error.status()), (Some(id), Some(status)), "{error}");
    assert_eq!((server.arrived().len(), error.attempts()), (1, 1), "{id}: {status} was tried again");
    assert!(!error.is_retryable() && !error.is_unknown_outcome(), "{error}");
    let (kind, reason) = match status {
        401 => (error.is_unauthorized(), "auth_exception"),
        402 => (error.is_out_of_credits(), "payment_required"),
        404 => (error.is_not_found(), "not_found"),
        422 => (error.is_validation(), "validation_error"),
        other => panic!("{id}: {other} is documented, and no test knows it"),
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

const MESSAGE: &str = "It cannot be done";

/// The refusal of the API with a status, in its envelope.
fn refusal(status: u16) -> Answer {
    let (reason, data) = match status {
        401 => ("auth_exception", ""),
        402 => ("payment_required", ""),
        404 => ("not_found", ""),
        _ => ("validation_error", r#", "data": {"name": ["is taken"]}"#),
    };
    Answer::json(status, &format!(r#"{{"error": {{"reason": "{reason}", "message": "{MESSAGE}"{data}}}}}"#))
}

/// Checks that `call` is refused before anything is sent, and answers with the field that the error names.
pub async fn refused<T: Debug>(call: impl AsyncFnOnce(Client) -> Result<T>) -> String {
    let server = FaultServer::start([Answer::json(200, "{}")]).await;
    let error = call(client(&server.base_url)).await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    assert!(server.arrived().is_empty(), "sent before it was refused: {error}");
    error.field().unwrap_or_default().to_owned()
}

/// The error that `call` comes to when the API refuses with this status and, for a 422, these fields.
pub async fn failing<T: Debug>(status: u16, call: impl AsyncFnOnce(Client) -> Result<T>) -> Error {
    let body = match status {
        402 => r#"{"error": {"reason": "payment_required", "message": "Out of credits"}}"#,
        422 => {
            r#"{"error": {"reason": "validation_error", "message": "Not valid", "data": {"name": ["is taken"]}}}"#
        }
        _ => r#"{"error": {"message": "No"}}"#,
    };
    let server = FaultServer::start([Answer::json(status, body)]).await;
    call(client(&server.base_url)).await.unwrap_err()
}
