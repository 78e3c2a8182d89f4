//! Error responses of the API.

use serde_json::{Value, json};

use crate::generated::Operation;

/// Part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestPart {
    Path,
    Query,
    Body,
}

/// Error response: status and content of the envelope.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rejection {
    pub(crate) status: u16,
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    pub(crate) fields: FieldErrors,
    /// Part of the request that contains the fields, if known.
    pub(crate) part: Option<RequestPart>,
    /// Field on which the API fails with a 500.
    pub(crate) undefined: Option<Box<str>>,
    /// Seconds until a retry makes sense.
    pub(crate) retry_after: Option<u64>,
    /// Methods that the path supports.
    pub(crate) allow: Option<Box<str>>,
}

impl Rejection {
    fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Rejection {
        Rejection {
            status,
            reason,
            message: message.into(),
            fields: FieldErrors::default(),
            part: None,
            undefined: None,
            retry_after: None,
            allow: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Rejection {
        Rejection::new(400, "bad_request", message)
    }

    pub(crate) fn unauthenticated() -> Rejection {
        Rejection::new(
            401,
            "auth_exception",
            "Unauthenticated: the key is missing or not accepted by this sandbox.",
        )
    }

    pub(crate) fn forbidden(message: &str) -> Rejection {
        Rejection::new(403, "access_denied", message)
    }

    pub(crate) fn not_found(what: &str) -> Rejection {
        Rejection::new(404, "not_found", format!("{what} not found."))
    }

    pub(crate) fn method_not_allowed(method: &str, path: &str, allow: String) -> Rejection {
        let message = format!("{path} does not take {method}, only {allow}.");
        Rejection { allow: Some(allow.into()), ..Rejection::new(405, "method_not_allowed", message) }
    }

    pub(crate) fn too_large(limit: usize) -> Rejection {
        Rejection::new(413, "payload_too_large", format!("The body is larger than {limit} bytes."))
    }

    pub(crate) fn unsupported_media(wanted: &str) -> Rejection {
        Rejection::new(415, "unsupported_media_type", format!("The body must be {wanted}."))
    }

    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Rejection {
        let mut errors = FieldErrors::default();
        errors.add(field, message);
        errors.into_rejection()
    }

    pub(crate) fn too_many_requests(limit: u32, seconds: u64) -> Rejection {
        let message = format!("More than {limit} requests in 60 seconds; try again in {seconds} s.");
        Rejection { retry_after: Some(seconds), ..Rejection::new(429, "too_many_requests", message) }
    }

    /// Rejects changes after the data file could not be written.
    pub(crate) fn not_written(why: &str) -> Rejection {
        Rejection::new(503, "not_written", format!("The sandbox cannot write its data file: {why}"))
    }

    pub(crate) fn too_many_tenants(most: usize) -> Rejection {
        Rejection::new(
            503,
            "too_many_tenants",
            format!("The sandbox has {most} tenants already, which is its limit."),
        )
    }

    /// Response of the API to an unknown filter key: a server error instead of a 422.
    pub(crate) fn undefined_column(name: &str) -> Rejection {
        let rejection = Rejection::new(500, "server_error", format!("Undefined column: {name}"));
        Rejection { undefined: Some(format!("filter.{name}").into()), ..rejection }
    }

    /// Response of the API to a missing field that it expects: a server error instead of a 422.
    pub(crate) fn undefined_key(name: &str) -> Rejection {
        let rejection = Rejection::new(500, "server_error", format!("Undefined array key: {name}"));
        Rejection { undefined: Some(name.into()), ..rejection }
    }

    pub(crate) fn payment_required(message: &str) -> Rejection {
        Rejection::new(402, "payment_required", message)
    }

    pub(crate) fn server_error() -> Rejection {
        Rejection::new(
            500,
            "server_error",
            "The sandbox failed to handle this request; this is a bug in the sandbox.",
        )
    }

    pub(crate) fn not_implemented(operation: &Operation) -> Rejection {
        let Operation { id, method, path, .. } = operation;
        Rejection::new(
            501,
            "not_implemented",
            format!("The sandbox does not implement {id} ({method} {path}) yet."),
        )
    }

    /// Returns the error envelope.
    pub(crate) fn body(&self) -> Value {
        json!({
            "error": {"reason": self.reason, "message": self.message, "data": self.fields.data()},
            "message": self.message,
            "code": self.status,
        })
    }
}

/// Invalid fields with their messages; fields are paths such as `lead.linkedin_id`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FieldErrors(Vec<FieldMessages>);

/// Invalid field with its messages.
#[derive(Debug, Clone, PartialEq)]
struct FieldMessages {
    name: String,
    /// JSON pointer, if it is known; otherwise it is derived from the name.
    pointer: Option<String>,
    messages: Vec<String>,
}

/// One error of a field.
pub(crate) struct FieldError<'a> {
    /// JSON pointer (RFC 6901).
    pub(crate) pointer: String,
    pub(crate) message: &'a str,
}

impl FieldErrors {
    pub(crate) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.push(field.to_owned(), None, message.into());
    }

    /// Adds an error with a JSON pointer.
    pub(crate) fn add_at(&mut self, pointer: &str, message: impl Into<String>) {
        self.push(FieldErrors::name(pointer), Some(pointer.to_owned()), message.into());
    }

    /// Returns the name of a field in messages: `/lead/linkedin_id` is `lead.linkedin_id`, and the root is `body`.
    pub(crate) fn name(pointer: &str) -> String {
        match pointer.strip_prefix('/') {
            None => "body".to_owned(),
            Some(path) => path.replace('/', ".").replace("~1", "/").replace("~0", "~"),
        }
    }

    fn push(&mut self, name: String, pointer: Option<String>, message: String) {
        match self.0.iter_mut().find(|it| it.name == name && it.pointer == pointer) {
            Some(entry) => entry.messages.push(message),
            None => self.0.push(FieldMessages { name, pointer, messages: vec![message] }),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn missing(&mut self, field: &str) {
        self.add(field, format!("The {field} field is required."));
    }

    /// # Errors
    /// 422 with every invalid field, if there is any.
    pub(crate) fn finish(self) -> Result<(), Rejection> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_rejection()) }
    }

    /// Returns the errors one by one.
    pub(crate) fn each(&self) -> impl Iterator<Item = FieldError<'_>> {
        self.0.iter().flat_map(|entry| {
            let pointer = entry.pointer.clone().unwrap_or_else(|| pointer(&entry.name));
            entry.messages.iter().map(move |message| FieldError { pointer: pointer.clone(), message })
        })
    }

    /// Returns each message with the name of its field.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|entry| entry.messages.iter().map(|message| (entry.name.as_str(), message.as_str())))
    }

    fn into_rejection(self) -> Rejection {
        let message = self.0.iter().flat_map(|it| &it.messages).next().cloned().unwrap_or_default();
        Rejection { fields: self, ..Rejection::new(422, "validation_error", message) }
    }

    fn data(&self) -> Value {
        let mut data = serde_json::Map::new();
        for FieldMessages { name, messages, .. } in &self.0 {
            let known = data.entry(name.clone()).or_insert_with(|| json!([]));
            if let Some(known) = known.as_array_mut() {
                known.extend(messages.iter().map(|message| Value::from(message.as_str())));
            }
        }
        data.into()
    }
}

/// Converts `lead.linkedin_id` to `/lead/linkedin_id`.
fn pointer(name: &str) -> String {
    name.split('.').map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelope_is_complete() {
        let mut errors = FieldErrors::default();
        errors.missing("lead.linkedin_id");
        errors.missing("list_uuid");
        let rejection = errors.finish().unwrap_err();
        assert_eq!(
            rejection.body(),
            json!({
                "error": {
                    "reason": "validation_error",
                    "message": "The lead.linkedin_id field is required.",
                    "data": {
                        "lead.linkedin_id": ["The lead.linkedin_id field is required."],
                        "list_uuid": ["The list_uuid field is required."],
                    },
                },
                "message": "The lead.linkedin_id field is required.",
                "code": 422,
            })
        );
    }

    #[test]
    fn accepts_empty_errors() {
        assert_eq!(FieldErrors::default().finish(), Ok(()));
    }
}
