//! Input of control endpoints. Unknown fields are errors.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::Parameters;
use crate::http::{parse_json_map, parse_query};
use crate::record::Record;
use crate::rejection::Rejection;

/// Body and path parameters of a request.
pub(crate) struct Input {
    body: Record,
    parameters: Parameters,
}

/// Body of an endpoint that takes none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoInput {}

impl Input {
    /// # Errors
    /// 400 for a body that is not a JSON object, 422 for a query: no endpoint takes one.
    pub(crate) fn parse(body: &[u8], query: &str, parameters: Parameters) -> Result<Input, Rejection> {
        if let Some(name) = parse_query(query).keys().next() {
            let message = format!("The query parameter {name} is unknown; control endpoints take no query.");
            return Err(Rejection::invalid(name, message));
        }
        Ok(Input { body: parse_json_map(body)?, parameters })
    }

    pub(crate) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Deserializes the body.
    ///
    /// # Errors
    /// 422 with the field that is missing, unknown or of another type.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, Rejection> {
        serde_path_to_error::deserialize(Value::Object(self.body)).map_err(|error| {
            let (path, message) = (error.path().to_string(), error.inner().to_string());
            // For missing and unknown fields, the path is that of the enclosing object.
            let field = ["unknown field `", "missing field `"]
                .iter()
                .find_map(|start| message.strip_prefix(start)?.split('`').next())
                .unwrap_or(&path);
            Rejection::invalid(field, format!("The {field} is invalid: {message}."))
        })
    }

    /// # Errors
    /// 422 if the body has any field.
    pub(crate) fn expect_none(self) -> Result<(), Rejection> {
        self.read::<NoInput>().map(|NoInput {}| ())
    }
}

/// Deserializes an optional field that may be null: `Some(None)` is null.
pub(crate) fn nullable<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    T::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read")]
    struct TestInput {
        name: String,
        #[serde(default)]
        count: Option<u32>,
    }

    fn error_of(body: &str) -> (u16, String) {
        let read = Input::parse(body.as_bytes(), "", Vec::new()).and_then(Input::read::<TestInput>);
        let rejection = read.unwrap_err();
        let fields = rejection.body()["error"]["data"].as_object().unwrap().keys().next().cloned();
        (rejection.status, fields.unwrap_or_default())
    }

    #[test]
    fn names_the_invalid_field() {
        assert_eq!(error_of(r#"{"name": "a", "nmae": 1}"#), (422, "nmae".to_owned()));
        assert_eq!(error_of("{}"), (422, "name".to_owned()));
        assert_eq!(error_of(r#"{"name": 1}"#), (422, "name".to_owned()));
        assert_eq!(error_of(r#"{"name": "a", "count": -1}"#), (422, "count".to_owned()));
        assert_eq!(error_of("["), (400, String::new()));
        let query = Input::parse(b"", "limit=3", Vec::new()).err().unwrap();
        assert!(query.message.contains("limit"), "{query:?}");
    }
}
