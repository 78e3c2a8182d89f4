//! One resource's calls against a server that answers as described: what arrived, checked by the description and shown as
//! one reads it.

use grinfi::{Client, Error};

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
    /// Makes `call`, which sends requests of the operation `id` only, to a server that answers as described.
    pub async fn call<T>(&mut self, id: &str, call: impl AsyncFnOnce(Client) -> T) -> T {
        self.answered(id, description::answer(id), call).await
    }

    /// The same, with an answer of one's own.
    pub async fn answered<T>(&mut self, id: &str, answer: Answer, call: impl AsyncFnOnce(Client) -> T) -> T {
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

/// Checks that `call` is refused before anything is sent, and answers with the field that the error names.
pub async fn refused<T: std::fmt::Debug>(call: impl AsyncFnOnce(Client) -> grinfi::Result<T>) -> String {
    let server = FaultServer::start([Answer::json(200, "{}")]).await;
    let error = call(client(&server.base_url)).await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    assert!(server.arrived().is_empty(), "sent before it was refused: {error}");
    error.field().unwrap_or_default().to_owned()
}

/// The error that `call` comes to when the API refuses with this status and, for a 422, these fields.
pub async fn failing<T: std::fmt::Debug>(
    status: u16,
    call: impl AsyncFnOnce(Client) -> grinfi::Result<T>,
) -> Error {
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
