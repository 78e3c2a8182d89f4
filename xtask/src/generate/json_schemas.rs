//! JSON Schemas of requests and responses for the sandbox: one line per operation and per shared schema.

use serde_json::{Map, Value, json};

use crate::tree;

/// Path of the generated file in the workspace.
pub const FILE: &str = "crates/grinfi-sandbox/src/openapi/documented.json";

/// Keys of a schema that constrain values; the others are prose and annotations.
const KEYWORDS: [&str; 21] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maximum",
    "maxItems",
    "maxLength",
    "minimum",
    "minItems",
    "minLength",
    "not",
    "pattern",
    "properties",
    "required",
    "type",
];

/// Returns the file; `line` names its sources.
pub fn generate(doc: &Value, line: &str) -> String {
    let mut operations = tree::operations(doc);
    operations.sort_by_key(|name| name.id.clone());
    let rows = operations.iter().filter_map(|name| {
        let operation = tree::operation(doc, name)?;
        Some(row(name.label(), &operation_schemas(doc, name, operation)))
    });
    let rows: Vec<String> = rows.collect();
    let schemas = doc.pointer("/components/schemas").and_then(Value::as_object);
    let mut schemas: Vec<(&String, Value)> =
        schemas.into_iter().flatten().map(|(name, schema)| (name, as_json_schema(schema))).collect();
    schemas.sort_by_key(|(name, _)| *name);
    let schemas: Vec<String> = schemas.iter().map(|(name, schema)| row(name, schema)).collect();
    format!(
        "{{\n\"generated\": {},\n\"operations\": {{\n{}\n}},\n\"schemas\": {{\n{}\n}}\n}}\n",
        json!(line),
        rows.join(",\n"),
        schemas.join(",\n")
    )
}

fn row(name: &str, value: &Value) -> String {
    format!("{}: {value}", json!(name))
}

fn operation_schemas(doc: &Value, name: &tree::OpName, operation: &Map<String, Value>) -> Value {
    let mut schemas = Map::new();
    for part in ["path", "query"] {
        if let Some(schema) = parameters(doc, name, operation, part) {
            schemas.insert(part.to_owned(), schema);
        }
    }
    if let Some(body) = operation.get("requestBody").map(|body| resolved(doc, body)) {
        let media = body.get("content").and_then(Value::as_object).and_then(|media| media.iter().next());
        if let Some((kind, media)) = media {
            let schema = media.get("schema").map_or_else(|| json!({}), as_json_schema);
            let required = body.get("required") == Some(&Value::Bool(true));
            schemas.insert("body".into(), json!({"required": required, "media": kind, "schema": schema}));
        }
    }
    let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    let responses = responses.filter(|(status, _)| status.starts_with('2')).map(|(status, response)| {
        let schema = resolved(doc, response).pointer("/content/application~1json/schema");
        (status.clone(), schema.map_or(Value::Null, as_json_schema))
    });
    schemas.insert("responses".into(), Value::Object(responses.collect()));
    Value::Object(schemas)
}

/// Returns the schema of an object with the `path` or `query` parameters; `None` without parameters.
fn parameters(
    doc: &Value,
    name: &tree::OpName,
    operation: &Map<String, Value>,
    location: &str,
) -> Option<Value> {
    let of_path = doc.get("paths").and_then(|paths| paths.get(&name.path)?.get("parameters"));
    let all = [operation.get("parameters"), of_path].into_iter().flatten().filter_map(Value::as_array);
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in all.flatten().map(|parameter| resolved(doc, parameter)) {
        let (Some(name), true) = (parameter["name"].as_str(), parameter["in"] == location) else { continue };
        if parameter["required"] == true {
            required.push(json!(name));
        }
        let schema = parameter.get("schema").map_or_else(|| json!({}), as_json_schema);
        properties.entry(name).or_insert(schema);
    }
    if properties.is_empty() {
        return None;
    }
    let mut schema =
        Map::from_iter([("type".to_owned(), json!("object")), ("properties".to_owned(), properties.into())]);
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    Some(schema.into())
}

fn resolved<'a>(doc: &'a Value, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|reference| tree::target(doc, reference));
    target.unwrap_or(value)
}

/// Replaces every `oneOf` with `anyOf`.
pub fn any_alternative(doc: &mut Value) {
    match doc {
        Value::Array(items) => items.iter_mut().for_each(any_alternative),
        Value::Object(object) => {
            if let Some(parts) = object.get("oneOf").filter(|parts| parts.is_array()).cloned() {
                object.remove("oneOf");
                object.insert("anyOf".into(), parts);
            }
            object.values_mut().for_each(any_alternative);
        }
        _ => {}
    }
}

/// Converts an OpenAPI 3.0 schema to JSON Schema without prose: `nullable` becomes the type null, shared schemas move to
/// `#/schemas`, and `oneOf` becomes `anyOf`. The vendor writes `oneOf` where several alternatives may match: the filter
/// value `"is_null"` is both the keyword and a text.
fn as_json_schema(schema: &Value) -> Value {
    let Some(object) = schema.as_object() else { return schema.clone() };
    let mut new = Map::new();
    for (key, value) in object {
        let key = if key == "oneOf" { "anyOf" } else { key.as_str() };
        if !KEYWORDS.contains(&key) {
            continue;
        }
        let value = match (key, value) {
            ("$ref", Value::String(target)) => target.replace("#/components/schemas/", "#/schemas/").into(),
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, property)| (name.clone(), as_json_schema(property))).collect()
            }
            ("allOf" | "anyOf", Value::Array(parts)) => parts.iter().map(as_json_schema).collect(),
            ("items" | "additionalProperties" | "not", inner) => as_json_schema(inner),
            (_, value) => value.clone(),
        };
        new.insert(key.to_owned(), value);
    }
    if object.get("format").is_some_and(|format| format == "int32") {
        new.entry("minimum").or_insert(json!(i32::MIN));
        new.entry("maximum").or_insert(json!(i32::MAX));
    }
    if object.get("nullable") == Some(&Value::Bool(true)) {
        if let Some(kind) = new.get("type").filter(|kind| kind.is_string()).cloned() {
            new.insert("type".into(), json!([kind, "null"]));
        }
        if let Some(Value::Array(values)) = new.get_mut("enum") {
            values.push(Value::Null);
        }
        // Next to a reference or to alternatives, null becomes another alternative.
        if !new.contains_key("type")
            && (new.contains_key("$ref") || new.contains_key("anyOf") || new.contains_key("allOf"))
        {
            return json!({"anyOf": [new, {"type": "null"}]});
        }
    }
    Value::Object(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_schemas_and_drops_prose() {
        let schema = json!({
            "type": "object", "description": "x", "example": {}, "x-rust-type": {}, "required": ["a"],
            "properties": {
                "a": {"type": "string", "nullable": true, "enum": ["x"]},
                "description": {"oneOf": [{"$ref": "#/components/schemas/b"}, {"type": "integer"}]},
                "c": {"allOf": [{"$ref": "#/components/schemas/b"}], "nullable": true},
                "d": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "boolean", "title": "t"}}},
                "e": {"type": "integer", "format": "int32", "minimum": 0},
            },
        });
        assert_eq!(
            as_json_schema(&schema),
            json!({
                "type": "object", "required": ["a"],
                "properties": {
                    "a": {"type": ["string", "null"], "enum": ["x", null]},
                    "description": {"anyOf": [{"$ref": "#/schemas/b"}, {"type": "integer"}]},
                    "c": {"anyOf": [{"allOf": [{"$ref": "#/schemas/b"}]}, {"type": "null"}]},
                    "d": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "boolean"}}},
                    "e": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2147483647},
                },
            })
        );
    }

    #[test]
    fn generates_parameters_body_and_responses() {
        let doc = json!({
            "paths": {"/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/id"}],
                "post": {
                    "operationId": "doIt",
                    "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object"}}}},
                    "responses": {"422": {}, "204": {}, "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/b"}}}}},
                },
            }},
            "components": {
                "parameters": {"id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}},
                "schemas": {"b": {"type": "string", "description": "prose"}},
            },
        });
        let text = generate(&doc, "sources");
        let file: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            file,
            json!({
                "generated": "sources",
                "operations": {"doIt": {
                    "path": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
                    "query": {"type": "object", "properties": {"limit": {"type": "integer"}}},
                    "body": {"required": true, "media": "application/json", "schema": {"type": "object"}},
                    "responses": {"201": {"$ref": "#/schemas/b"}, "204": null},
                }},
                "schemas": {"b": {"type": "string"}},
            })
        );
        assert_eq!(text.lines().filter(|line| line.starts_with('"')).count(), 5);
    }
}
