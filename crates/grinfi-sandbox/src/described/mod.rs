//! The description of the API as far as a sandbox needs it at run time: what each operation takes and what it answers.
//!
//! It is written by the generator of the workspace from the same tree as the clients, and read when it is first asked for.

mod check;
mod dress;

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, OnceLock};

use jsonschema::{Draft, Validator};
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) use check::{Brought, Sent, checked, with_defaults};
pub(crate) use dress::{dress, dress_refusal};

/// Under what shared schemas stand.
const SHARED: &str = "#/schemas/";

static DESCRIPTION: LazyLock<Description> = LazyLock::new(|| {
    // That it can be read is tested; without it nothing would be checked.
    serde_json::from_str(include_str!("described.json")).unwrap_or_default()
});

#[derive(Debug, Default, Deserialize)]
struct Description {
    operations: HashMap<String, Described>,
    schemas: Map<String, Value>,
}

/// What is described of one operation.
#[derive(Debug, Default, Deserialize)]
struct Described {
    #[serde(default)]
    path: Option<Part>,
    #[serde(default)]
    query: Option<Part>,
    #[serde(default)]
    body: Option<Body>,
    /// The successes by their statuses; with null nothing is said of the body.
    answers: BTreeMap<u16, Value>,
}

#[derive(Debug, Deserialize)]
struct Body {
    required: bool,
    media: String,
    schema: Part,
}

/// A schema that something of a request is checked against. Its validator is made when it is first needed.
#[derive(Debug, Deserialize)]
#[serde(from = "Value")]
struct Part {
    schema: Value,
    validator: OnceLock<Option<Validator>>,
}

impl From<Value> for Part {
    fn from(schema: Value) -> Part {
        Part { schema, validator: OnceLock::new() }
    }
}

impl Part {
    fn validator(&self) -> Option<&Validator> {
        self.validator.get_or_init(|| validator(&self.schema)).as_ref()
    }
}

/// What is described of an operation.
fn described(operation_id: &str) -> Option<&'static Described> {
    DESCRIPTION.operations.get(operation_id)
}

/// The schema that a reference leads to, or the schema itself.
fn resolved(schema: &'static Value) -> &'static Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(SHARED));
    name.and_then(|name| DESCRIPTION.schemas.get(name)).unwrap_or(schema)
}

/// A validator of a schema, with the shared ones that it needs.
fn validator(schema: &Value) -> Option<Validator> {
    let mut needed = Map::new();
    gather(schema, &mut needed);
    let whole = json!({"allOf": [schema], "schemas": needed});
    // OpenAPI 3.0 speaks the language of draft 4, and adds some formats to it.
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format("uuid", |text: &str| uuid::Uuid::try_parse(text).is_ok() && text.len() == 36)
        .with_format("date", |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok())
        .build(&whole)
        .ok()
}

/// Adds the shared schemas that a schema refers to, and those that they refer to.
fn gather(schema: &Value, needed: &mut Map<String, Value>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| gather(item, needed)),
        Value::Object(object) => {
            let name = object.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix(SHARED));
            if let Some((name, shared)) = name.and_then(|name| DESCRIPTION.schemas.get_key_value(name))
                && !needed.contains_key(name)
            {
                needed.insert(name.clone(), shared.clone());
                gather(shared, needed);
            }
            object.values().for_each(|inner| gather(inner, needed));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::OPERATIONS;

    #[test]
    fn everything_described_has_a_validator() {
        let documented: Vec<_> = OPERATIONS.iter().filter(|operation| !operation.undocumented).collect();
        assert_eq!(DESCRIPTION.operations.len(), documented.len());
        for operation in documented {
            let described = described(operation.id).unwrap();
            let body = described.body.as_ref().map(|body| &body.schema);
            for part in [described.path.as_ref(), described.query.as_ref(), body].into_iter().flatten() {
                assert!(part.validator().is_some(), "{}: {}", operation.id, part.schema);
            }
            assert!(!described.answers.is_empty(), "{}", operation.id);
            for (status, schema) in &described.answers {
                assert!((200..300).contains(status), "{}", operation.id);
                assert!(schema.is_null() || validator(schema).is_some(), "{}", operation.id);
            }
        }
    }
}
