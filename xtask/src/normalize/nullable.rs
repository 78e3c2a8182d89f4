//! Turns optional nullable properties of requests into `Option<grinfi_raw::Nullable<T>>`, because absent (no change), null
//! (clear) and a value are three states. Only schemas that no response contains are changed.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use super::{Findings, native, prune::closure};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let Directions { in_requests, .. } = directions(doc);
    if let Some(components) = doc.get_mut("components") {
        for (name, schema) in tree::object(components.get_mut("schemas")) {
            if in_requests.contains(name) {
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

/// The component schemas that are only sent or only received.
pub struct Directions {
    /// Schemas that only requests contain.
    pub in_requests: BTreeSet<String>,
    /// Schemas that only responses contain.
    pub in_responses: BTreeSet<String>,
}

/// Sorts the component schemas by direction.
pub fn directions(doc: &Value) -> Directions {
    let (mut sent, mut received) = (Vec::new(), Vec::new());
    for name in tree::operations(doc) {
        let Some(op) = tree::operation(doc, &name) else { continue };
        for (key, found) in [("requestBody", &mut sent), ("responses", &mut received)] {
            if let Some(part) = op.get(key) {
                tree::references(part, found);
            }
        }
    }
    let (sent, received) = (closure(doc, sent), closure(doc, received));
    Directions {
        in_requests: sent.difference(&received).cloned().collect(),
        in_responses: received.difference(&sent).cloned().collect(),
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
    fn wraps_optional_nullable_request_properties_only() {
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
