//! What a page is given. What it does not know, it refuses by name.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::http::{self, Parameters};
use crate::record::Record;
use crate::refusal::Refusal;

/// What a page is given.
pub(crate) struct Input {
    body: Record,
    parameters: Parameters,
}

/// Of a page that takes nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Input {
    /// # Errors
    /// 400 for a body that is no JSON map, 422 for a query: no page takes one.
    pub(crate) fn of(body: &[u8], query: &str, parameters: Parameters) -> Result<Input, Refusal> {
        if let Some(name) = http::read_query(query).keys().next() {
            return Err(Refusal::invalid(
                name,
                format!("The {name} is not known here; no page takes a query."),
            ));
        }
        Ok(Input { body: http::body_map(body)?, parameters })
    }

    pub(crate) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// # Errors
    /// 422 that names the field that is missing, unknown, or of another kind.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, Refusal> {
        serde_path_to_error::deserialize(Value::Object(self.body)).map_err(|error| {
            let (path, message) = (error.path().to_string(), error.inner().to_string());
            // The path leads to the map that such a field is in, or should be.
            let field = ["unknown field `", "missing field `"]
                .iter()
                .find_map(|start| message.strip_prefix(start)?.split('`').next())
                .unwrap_or(&path);
            Refusal::invalid(field, format!("The {field} is wrong: {message}."))
        })
    }

    /// # Errors
    /// 422 if it was given anything.
    pub(crate) fn nothing(self) -> Result<(), Refusal> {
        self.read::<Nothing>().map(|Nothing {}| ())
    }
}

/// A field that may be left out, and may be null.
pub(crate) fn given<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
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
    struct Wanted {
        name: String,
        #[serde(default)]
        count: Option<u32>,
    }

    fn fault(body: &str) -> (u16, String) {
        let read = Input::of(body.as_bytes(), "", Vec::new()).and_then(Input::read::<Wanted>);
        let refusal = read.unwrap_err();
        let fields = refusal.body()["error"]["data"].as_object().unwrap().keys().next().cloned();
        (refusal.status, fields.unwrap_or_default())
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        assert_eq!(fault(r#"{"name": "a", "nmae": 1}"#), (422, "nmae".to_owned()));
        assert_eq!(fault("{}"), (422, "name".to_owned()));
        assert_eq!(fault(r#"{"name": 1}"#), (422, "name".to_owned()));
        assert_eq!(fault(r#"{"name": "a", "count": -1}"#), (422, "count".to_owned()));
        assert_eq!(fault("["), (400, String::new()));
        let query = Input::of(b"", "limit=3", Vec::new()).err().unwrap();
        assert!(query.message.contains("limit"), "{query:?}");
    }
}
