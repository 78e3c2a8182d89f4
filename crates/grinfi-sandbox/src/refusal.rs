//! The API's error envelope, and the reasons it is sent for.

use serde_json::{Value, json};

use crate::generated::Operation;

/// A part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Body,
}

/// An answer that refuses: a status and what its envelope says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    pub(crate) fields: Faults,
    /// The part of the request that the fields are of, where that is known.
    pub(crate) place: Option<Place>,
    /// The field that the API fails on where it should refuse it.
    pub(crate) undefined: Option<Box<str>>,
    /// Whole seconds until it is worth asking again.
    pub(crate) retry_after: Option<u64>,
    /// The methods the path does take.
    pub(crate) allow: Option<Box<str>>,
}

impl Refusal {
    fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            reason,
            message: message.into(),
            fields: Faults::default(),
            place: None,
            undefined: None,
            retry_after: None,
            allow: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Refusal {
        Refusal::new(400, "bad_request", message)
    }

    pub(crate) fn unauthenticated() -> Refusal {
        Refusal::new(401, "auth_exception", "Unauthenticated: the key is missing or not this sandbox's.")
    }

    pub(crate) fn forbidden(message: &str) -> Refusal {
        Refusal::new(403, "access_denied", message)
    }

    pub(crate) fn not_found(what: &str) -> Refusal {
        Refusal::new(404, "not_found", format!("{what} not found."))
    }

    pub(crate) fn method_not_allowed(method: &str, path: &str, allow: String) -> Refusal {
        let message = format!("{path} does not take {method}, only {allow}.");
        Refusal { allow: Some(allow.into()), ..Refusal::new(405, "method_not_allowed", message) }
    }

    pub(crate) fn too_large(limit: usize) -> Refusal {
        Refusal::new(413, "payload_too_large", format!("The body is larger than {limit} bytes."))
    }

    pub(crate) fn unsupported_media(wanted: &str) -> Refusal {
        Refusal::new(415, "unsupported_media_type", format!("The body must be {wanted}."))
    }

    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Refusal {
        let mut faults = Faults::default();
        faults.add(field, message);
        faults.into_refusal()
    }

    pub(crate) fn too_many_requests(limit: u32, seconds: u64) -> Refusal {
        let message = format!("More than {limit} requests in 60 seconds; try again in {seconds} s.");
        Refusal { retry_after: Some(seconds), ..Refusal::new(429, "too_many_requests", message) }
    }

    /// What stops everything that would have to be kept, once the file cannot be written.
    pub(crate) fn not_kept(why: &str) -> Refusal {
        Refusal::new(503, "not_kept", format!("The sandbox cannot write its data file: {why}"))
    }

    pub(crate) fn crowded(most: usize) -> Refusal {
        Refusal::new(503, "too_many_worlds", format!("The sandbox holds {most} worlds, and no more."))
    }

    /// What the API answers to a filter key it does not know: a server error where a 422 is due.
    pub(crate) fn undefined_column(name: &str) -> Refusal {
        let refusal = Refusal::new(500, "server_error", format!("Undefined column: {name}"));
        Refusal { undefined: Some(format!("filter.{name}").into()), ..refusal }
    }

    /// What the API answers where a field that it takes for granted is missing: a server error where a 422 is due.
    pub(crate) fn undefined_key(name: &str) -> Refusal {
        let refusal = Refusal::new(500, "server_error", format!("Undefined array key: {name}"));
        Refusal { undefined: Some(name.into()), ..refusal }
    }

    pub(crate) fn payment_required(message: &str) -> Refusal {
        Refusal::new(402, "payment_required", message)
    }

    pub(crate) fn server_error() -> Refusal {
        Refusal::new(500, "server_error", "The sandbox failed on this request; this is a bug of the sandbox.")
    }

    pub(crate) fn not_built(operation: &Operation) -> Refusal {
        let Operation { id, method, path, .. } = operation;
        Refusal::new(501, "not_implemented", format!("The sandbox does not have {id} ({method} {path}) yet."))
    }

    /// The envelope.
    pub(crate) fn body(&self) -> Value {
        json!({
            "error": {"reason": self.reason, "message": self.message, "data": self.fields.data()},
            "message": self.message,
            "code": self.status,
        })
    }
}

/// What is wrong with a request, field by field; the fields are JSON paths such as `lead.linkedin_id`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Faults(Vec<Faulty>);

/// A field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
struct Faulty {
    name: String,
    /// Where it is; by its name if that is all that is known.
    pointer: Option<String>,
    messages: Vec<String>,
}

/// One thing that is wrong.
pub(crate) struct Fault<'a> {
    /// Where, as a JSON pointer (RFC 6901).
    pub(crate) pointer: String,
    pub(crate) message: &'a str,
}

impl Faults {
    pub(crate) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.push(field.to_owned(), None, message.into());
    }

    /// The same for a place that is known by its JSON pointer.
    pub(crate) fn add_at(&mut self, pointer: &str, message: impl Into<String>) {
        self.push(Faults::name(pointer), Some(pointer.to_owned()), message.into());
    }

    /// What a field is called in messages: `/lead/linkedin_id` is `lead.linkedin_id`, and everything is the body.
    pub(crate) fn name(pointer: &str) -> String {
        match pointer.strip_prefix('/') {
            None => "body".to_owned(),
            Some(path) => path.replace('/', ".").replace("~1", "/").replace("~0", "~"),
        }
    }

    fn push(&mut self, name: String, pointer: Option<String>, message: String) {
        match self.0.iter_mut().find(|it| it.name == name && it.pointer == pointer) {
            Some(faulty) => faulty.messages.push(message),
            None => self.0.push(Faulty { name, pointer, messages: vec![message] }),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn missing(&mut self, field: &str) {
        self.add(field, format!("The {field} field is required."));
    }

    /// # Errors
    /// A 422 that names every field, if there is any.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_refusal()) }
    }

    /// Everything that is wrong, one by one.
    pub(crate) fn each(&self) -> impl Iterator<Item = Fault<'_>> {
        self.0.iter().flat_map(|faulty| {
            let pointer = faulty.pointer.clone().unwrap_or_else(|| pointer(&faulty.name));
            faulty.messages.iter().map(move |message| Fault { pointer: pointer.clone(), message })
        })
    }

    /// Every field, by its name, with each of its messages.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|faulty| faulty.messages.iter().map(|message| (faulty.name.as_str(), message.as_str())))
    }

    fn into_refusal(self) -> Refusal {
        let message = self.0.iter().flat_map(|it| &it.messages).next().cloned().unwrap_or_default();
        Refusal { fields: self, ..Refusal::new(422, "validation_error", message) }
    }

    fn data(&self) -> Value {
        let mut data = serde_json::Map::new();
        for Faulty { name, messages, .. } in &self.0 {
            let known = data.entry(name.clone()).or_insert_with(|| json!([]));
            if let Some(known) = known.as_array_mut() {
                known.extend(messages.iter().map(|message| Value::from(message.as_str())));
            }
        }
        data.into()
    }
}

/// `lead.linkedin_id` as `/lead/linkedin_id`.
fn pointer(name: &str) -> String {
    name.split('.').map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_has_every_part() {
        let mut faults = Faults::default();
        faults.missing("lead.linkedin_id");
        faults.missing("list_uuid");
        let refusal = faults.finish().unwrap_err();
        assert_eq!(
            refusal.body(),
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
    fn no_fault_is_no_refusal() {
        assert_eq!(Faults::default().finish(), Ok(()));
    }
}
