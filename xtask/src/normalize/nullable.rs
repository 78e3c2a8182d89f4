//! In requests, absent (keep), null (clear) and a value are three cases, and `Option` has two. An optional nullable property
//! of a request becomes `Option<grinfi_raw::Nullable<T>>`.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use super::{Findings, native, prune::closure};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let Directions { request_only, .. } = directions(doc);
    if let Some(components) = doc.get_mut("components") {
        for (name, schema) in tree::object(components.get_mut("schemas")) {
            if request_only.contains(name) {
                tree::descend(name, schema, &mut |_, schema| wrap(schema));
            }
        }
    }
    tree::for_each_operation(doc, |_, op| {
        if let Some(body) = op.get_mut("requestBody") {
            for (_, media) in tree::object(body.get_mut("content")) {
                if let Some(schema) = media.get_mut("schema") {
                    tree::descend("body", schema, &mut |_, schema| wrap(schema));
                }
            }
        }
        Ok(())
    })
}

/// The component schemas that are used in one direction only.
pub struct Directions {
    /// Used in requests only.
    pub request_only: BTreeSet<String>,
    /// Used in responses only.
    pub response_only: BTreeSet<String>,
}

/// Determines the directions of each component schema.
pub fn directions(doc: &Value) -> Directions {
    let (mut in_requests, mut in_responses) = (Vec::new(), Vec::new());
    for name in tree::operations(doc) {
        let Some(op) = tree::operation(doc, &name) else { continue };
        for (key, found) in [("requestBody", &mut in_requests), ("responses", &mut in_responses)] {
            if let Some(part) = op.get(key) {
                tree::references(part, found);
            }
        }
    }
    let (in_requests, in_responses) = (closure(doc, in_requests), closure(doc, in_responses));
    Directions {
        request_only: in_requests.difference(&in_responses).cloned().collect(),
        response_only: in_responses.difference(&in_requests).cloned().collect(),
    }
}

fn wrap(schema: &mut Value) {
    let required: Vec<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    for (name, property) in tree::object(schema.get_mut("properties")) {
        if property["nullable"] == true && !required.contains(name) {
            let mut inner = property.clone();
            let mut description = None;
            if let Some(map) = inner.as_object_mut() {
                map.shift_remove("nullable");
                map.shift_remove("example");
                description = map.shift_remove("description");
            }
            *property = native("Nullable", vec![inner]);
            if let Some(description) = description {
                property["description"] = description;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_optional_nullable_properties_of_requests_change() {
        let field = json!({"type": "string", "nullable": true, "description": "d", "example": "e"});
        let mut doc = json!({
            "components": {"schemas": {
                "sent": {"properties": {"a": field}},
                "both": {"properties": {"a": field}}}},
            "paths": {"/a": {"put": {"operationId": "x",
                "requestBody": {"content": {"application/json": {"schema": {"required": ["must"], "properties": {
                    "must": field, "may": field, "sent": {"$ref": "#/components/schemas/sent"},
                    "both": {"$ref": "#/components/schemas/both"}}}}}},
                "responses": {"200": {"content": {"application/json": {"schema": {
                    "$ref": "#/components/schemas/both"}}}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let wrapped = json!({"x-rust-type": {"crate": "grinfi-raw", "version": "*", "path": "grinfi_raw::Nullable",
            "parameters": [{"type": "string"}]}, "description": "d"});
        let body =
            &doc["paths"]["/a"]["put"]["requestBody"]["content"]["application/json"]["schema"]["properties"];
        assert_eq!(body["must"], field);
        assert_eq!(body["may"], wrapped);
        assert_eq!(doc["components"]["schemas"]["sent"]["properties"]["a"], wrapped);
        assert_eq!(doc["components"]["schemas"]["both"]["properties"]["a"], field);
    }
}
