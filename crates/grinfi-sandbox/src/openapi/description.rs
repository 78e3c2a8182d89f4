//! JSON Schemas of the API description, generated with the clients.
//!
//! They are parsed when they are first needed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, OnceLock};

use jsonschema::{Draft, Validator};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Prefix of references to shared schemas.
const SHARED: &str = "#/schemas/";

static DESCRIPTION: LazyLock<Description> = LazyLock::new(|| {
    // A test parses the file; without it nothing would be validated.
    serde_json::from_str(include_str!("documented.json")).unwrap_or_default()
});

#[derive(Debug, Default, Deserialize)]
struct Description {
    operations: HashMap<String, DocumentedOperation>,
    schemas: Map<String, Value>,
}

/// Schemas of one operation.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DocumentedOperation {
    #[serde(default)]
    pub(super) path: Option<PartSchema>,
    #[serde(default)]
    pub(super) query: Option<PartSchema>,
    #[serde(default)]
    pub(super) body: Option<BodySchema>,
    /// Schemas of the success responses by status; null if the body is not described.
    pub(super) responses: BTreeMap<u16, Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BodySchema {
    pub(super) required: bool,
    pub(super) media: String,
    pub(super) schema: PartSchema,
}

/// Schema with a validator that is built when it is first needed.
#[derive(Debug, Deserialize)]
#[serde(from = "Value")]
pub(super) struct PartSchema {
    pub(super) schema: Value,
    validator: OnceLock<Option<Validator>>,
}

impl From<Value> for PartSchema {
    fn from(schema: Value) -> PartSchema {
        PartSchema { schema, validator: OnceLock::new() }
    }
}

impl PartSchema {
    pub(super) fn validator(&self) -> Option<&Validator> {
        self.validator.get_or_init(|| validator(&self.schema)).as_ref()
    }
}

/// Returns the schemas of an operation.
pub(super) fn documented(operation_id: &str) -> Option<&'static DocumentedOperation> {
    DESCRIPTION.operations.get(operation_id)
}

/// Resolves a reference.
pub(super) fn resolved(schema: &'static Value) -> &'static Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(SHARED));
    name.and_then(|name| DESCRIPTION.schemas.get(name)).unwrap_or(schema)
}

/// Builds a validator of a schema with the shared schemas that it needs.
fn validator(schema: &Value) -> Option<Validator> {
    let mut needed = Map::new();
    collect_shared(schema, &mut needed);
    let whole = json!({"allOf": [schema], "schemas": needed});
    // OpenAPI 3.0 uses draft 4 with additional formats.
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format("uuid", |text: &str| uuid::Uuid::try_parse(text).is_ok() && text.len() == 36)
        .with_format("date", |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok())
        .build(&whole)
        .ok()
}

/// Collects the shared schemas that a schema refers to, directly or indirectly.
fn collect_shared(schema: &Value, needed: &mut Map<String, Value>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| collect_shared(item, needed)),
        Value::Object(object) => {
            let name = object.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix(SHARED));
            if let Some((name, shared)) = name.and_then(|name| DESCRIPTION.schemas.get_key_value(name))
                && !needed.contains_key(name)
            {
                needed.insert(name.clone(), shared.clone());
                collect_shared(shared, needed);
            }
            object.values().for_each(|inner| collect_shared(inner, needed));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::OPERATIONS;

    #[test]
    fn every_schema_has_a_validator() {
        let operations: Vec<_> = OPERATIONS.iter().filter(|operation| !operation.undocumented).collect();
        assert_eq!(DESCRIPTION.operations.len(), operations.len());
        for operation in operations {
            let described = documented(operation.id).unwrap();
            let body = described.body.as_ref().map(|body| &body.schema);
            for part in [described.path.as_ref(), described.query.as_ref(), body].into_iter().flatten() {
                assert!(part.validator().is_some(), "{}: {}", operation.id, part.schema);
            }
            assert!(!described.responses.is_empty(), "{}", operation.id);
            for (status, schema) in &described.responses {
                assert!((200..300).contains(status), "{}", operation.id);
                assert!(schema.is_null() || validator(schema).is_some(), "{}", operation.id);
            }
        }
    }
}
