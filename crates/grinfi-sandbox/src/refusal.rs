//! The API's error envelope, and the reasons it is sent for.

use serde_json::{Value, json};

use crate::generated::Operation;

/// An answer that refuses: a status and what its envelope says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    pub(crate) fields: Faults,
    /// Whole seconds until it is worth asking again.
    pub(crate) retry_after: Option<u64>,
    /// The methods the path does take.
    pub(crate) allow: Option<String>,
}

impl Refusal {
    fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            reason,
            message: message.into(),
            fields: Faults::default(),
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
        Refusal { allow: Some(allow), ..Refusal::new(405, "method_not_allowed", message) }
    }

    pub(crate) fn too_large(limit: usize) -> Refusal {
        Refusal::new(413, "payload_too_large", format!("The body is larger than {limit} bytes."))
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
        Refusal::new(500, "server_error", format!("Undefined column: {name}"))
    }

    /// What the API answers where a field that it takes for granted is missing: a server error where a 422 is due.
    pub(crate) fn undefined_key(name: &str) -> Refusal {
        Refusal::new(500, "server_error", format!("Undefined array key: {name}"))
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
pub(crate) struct Faults(Vec<(String, Vec<String>)>);

impl Faults {
    pub(crate) fn add(&mut self, field: &str, message: impl Into<String>) {
        match self.0.iter_mut().find(|(name, _)| name == field) {
            Some((_, messages)) => messages.push(message.into()),
            None => self.0.push((field.to_owned(), vec![message.into()])),
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

    /// Every field and message.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        let each = self.0.iter();
        each.flat_map(|(field, messages)| messages.iter().map(|message| (field.as_str(), message.as_str())))
    }

    fn into_refusal(self) -> Refusal {
        let message = self.0.iter().flat_map(|(_, messages)| messages).next().cloned().unwrap_or_default();
        Refusal { fields: self, ..Refusal::new(422, "validation_error", message) }
    }

    fn data(&self) -> Value {
        self.0.iter().map(|(field, messages)| (field.clone(), Value::from(messages.clone()))).collect()
    }
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
