//! Input and output of an operation.

use std::borrow::Cow;

use serde_json::Value;

use crate::record::Record;
use crate::rejection::Rejection;

/// Path parameters by name.
pub(crate) type Parameters = Vec<(&'static str, String)>;

/// Result of an operation.
pub(crate) type ApiResult = Result<ApiResponse, Rejection>;

/// Input of an operation.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) parameters: Parameters,
    /// The query as nested JSON.
    pub(crate) query: Record,
    /// The JSON body, or the fields of a form that are not files.
    pub(crate) body: Record,
    /// The files of a form.
    pub(crate) files: Vec<File>,
}

/// File of a form.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Name of the form field.
    pub(crate) field: String,
    /// File name.
    pub(crate) name: Option<String>,
    pub(crate) content: Vec<u8>,
}

impl Call {
    /// Returns a path parameter in lower case: UUIDs match in either case.
    pub(crate) fn parameter(&self, name: &str) -> String {
        let found = self.parameters.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }

    /// Returns the only path parameter in lower case.
    pub(crate) fn key(&self) -> String {
        self.parameters.first().map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }

    pub(crate) fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == field)
    }
}

/// Successful response of an operation.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
    /// A CSV file instead of a JSON body.
    pub(crate) csv: Option<String>,
    /// A JSON body that is serialized already.
    pub(crate) json: Option<String>,
}

impl ApiResponse {
    /// Returns the text of the body.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        let serialized = self.csv.as_deref().or(self.json.as_deref()).map(Cow::Borrowed);
        serialized.or_else(|| self.body.as_ref().map(|body| Cow::Owned(body.to_string())))
    }

    /// Returns the text of the body without copying it.
    pub(crate) fn into_text(self) -> Option<String> {
        self.csv.or(self.json).or_else(|| self.body.as_ref().map(Value::to_string))
    }

    pub(crate) fn ok(body: impl Into<Value>) -> ApiResponse {
        ApiResponse { body: Some(body.into()), ..ApiResponse::of_status(200) }
    }

    pub(crate) fn created(body: impl Into<Value>) -> ApiResponse {
        ApiResponse { body: Some(body.into()), ..ApiResponse::of_status(201) }
    }

    /// Returns a 200 with an empty body.
    pub(crate) fn empty() -> ApiResponse {
        ApiResponse::of_status(200)
    }

    pub(crate) fn no_content() -> ApiResponse {
        ApiResponse::of_status(204)
    }

    /// Returns a 200 with a JSON body that is serialized already.
    pub(crate) fn json(body: String) -> ApiResponse {
        ApiResponse { json: Some(body), ..ApiResponse::of_status(200) }
    }

    pub(crate) fn csv(content: &str) -> ApiResponse {
        ApiResponse { csv: Some(content.to_owned()), ..ApiResponse::of_status(200) }
    }

    fn of_status(status: u16) -> ApiResponse {
        ApiResponse { status, body: None, csv: None, json: None }
    }
}

/// Returns a checksum of a result, by which the journal compares results.
pub(crate) fn digest(result: &ApiResult) -> u32 {
    let (status, body) = match result {
        Ok(response) => (response.status, response.text()),
        Err(rejection) => (rejection.status, Some(rejection.body().to_string().into())),
    };
    crc32fast::hash(format!("{status} {}", body.unwrap_or_default()).as_bytes())
}
