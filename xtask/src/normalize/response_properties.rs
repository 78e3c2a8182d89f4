//! Makes optional properties of responses nullable: the API sends null for lists that are sometimes absent, which would fail
//! the whole record. Only schemas that no request contains are changed.

use anyhow::Result;
use serde_json::Value;

use super::{Findings, nullable::directions};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let in_responses = directions(doc).in_responses;
    if let Some(components) = doc.get_mut("components") {
        for (name, schema) in tree::object(components.get_mut("schemas")) {
            if in_responses.contains(name) {
                tree::descend(name, schema, &mut |_, schema| make_nullable(schema));
            }
        }
    }
    tree::for_each_operation(doc, |_, op| {
        for (_, response) in tree::object(op.get_mut("responses")) {
            for (_, media) in tree::object(response.get_mut("content")) {
                if let Some(schema) = media.get_mut("schema") {
                    tree::descend("response", schema, &mut |_, schema| make_nullable(schema));
                }
            }
        }
        Ok(())
    })
}

fn make_nullable(schema: &mut Value) {
    let required: Vec<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    for (name, property) in tree::object(schema.get_mut("properties")) {
        // OpenAPI 3.0 ignores siblings of a reference, and typify generates an `Option` for it anyway.
        if !required.contains(name) && property.get("type").is_some() {
            property["nullable"] = Value::Bool(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn makes_optional_response_properties_nullable() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let mut doc = json!({
            "components": {"schemas": {"row": {"required": ["b"], "properties": {"a": list, "b": list}}}},
            "paths": {"/a": {"get": {"operationId": "x", "responses": {"200": {"content": {"application/json": {
                "schema": {"x-rust-type": {"parameters": [{"$ref": "#/components/schemas/row"}]}}}}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let properties = &doc["components"]["schemas"]["row"]["properties"];
        assert_eq!(properties["a"]["nullable"], true);
        assert_eq!(properties["b"], list);
    }
}
