//! An optional property of a response may be null, even if the description does not mention it: lists that are sometimes
//! absent and sometimes null would fail the whole record. Every optional property of a response becomes nullable.

use anyhow::Result;
use serde_json::Value;

use super::{Findings, nullable::directions};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let response_only = directions(doc).response_only;
    if let Some(components) = doc.get_mut("components") {
        for (name, schema) in tree::object(components.get_mut("schemas")) {
            if response_only.contains(name) {
                tree::descend(name, schema, &mut |_, schema| loosen(schema));
            }
        }
    }
    tree::for_each_operation(doc, |_, op| {
        for (_, response) in tree::object(op.get_mut("responses")) {
            for (_, media) in tree::object(response.get_mut("content")) {
                if let Some(schema) = media.get_mut("schema") {
                    tree::descend("response", schema, &mut |_, schema| loosen(schema));
                }
            }
        }
        Ok(())
    })
}

fn loosen(schema: &mut Value) {
    let required: Vec<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    for (name, property) in tree::object(schema.get_mut("properties")) {
        // A reference has no siblings, and typify makes the property optional anyway.
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
    fn optional_properties_of_responses_accept_null() {
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
