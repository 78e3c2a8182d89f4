//! Copies shared parts into the operations, because the other passes read operations only: parameters of the path, shared
//! request bodies and responses. References to shared parameters stay, because the passes follow them, except for cookies,
//! which are changed for each operation.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::Findings;
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let shared = doc.clone();
    let paths = doc.get_mut("paths");
    for (_, item) in tree::object(paths).filter(|(path, _)| path.starts_with('/')) {
        let Some(item) = item.as_object_mut() else { continue };
        let common =
            item.shift_remove("parameters").and_then(|list| list.as_array().cloned()).unwrap_or_default();
        for (_, op) in item.iter_mut().filter(|(key, _)| tree::METHODS.contains(&key.as_str())) {
            if let Some(op) = op.as_object_mut() {
                parameters(&shared, op, &common);
                parts(&shared, op);
            }
        }
    }
    Ok(())
}

fn follow<'a>(doc: &'a Value, node: &'a Value) -> &'a Value {
    let mut node = node;
    while let Some(next) =
        node.get("$ref").and_then(Value::as_str).and_then(|target| tree::target(doc, target))
    {
        node = next;
    }
    node
}

fn parameters(doc: &Value, op: &mut Map<String, Value>, common: &[Value]) {
    let key = |parameter: &Value| {
        let parameter = follow(doc, parameter);
        (parameter["in"].clone(), parameter["name"].clone())
    };
    let own: Vec<Value> = op.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let known: Vec<_> = own.iter().map(key).collect();
    let mut all: Vec<Value> = common.iter().filter(|common| !known.contains(&key(common))).cloned().collect();
    all.extend(own);
    for parameter in &mut all {
        let target = follow(doc, parameter);
        if target["in"] == "cookie" {
            *parameter = target.clone();
        }
    }
    if !all.is_empty() {
        op.insert("parameters".into(), json!(all));
    }
}

fn parts(doc: &Value, op: &mut Map<String, Value>) {
    for (_, response) in tree::object(op.get_mut("responses")) {
        *response = follow(doc, response).clone();
    }
    if let Some(body) = op.get_mut("requestBody") {
        *body = follow(doc, body).clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_parts_are_copied_into_operations() {
        let mut doc = json!({
            "paths": {"/a/{id}": {
                "parameters": [{"in": "path", "name": "id"}, {"$ref": "#/components/parameters/limit"}],
                "get": {"parameters": [{"in": "query", "name": "limit", "own": true}],
                    "requestBody": {"$ref": "#/components/requestBodies/b"},
                    "responses": {"200": {"$ref": "#/components/responses/r"}}}}},
            "components": {
                "parameters": {"limit": {"in": "query", "name": "limit"}},
                "requestBodies": {"b": {"$ref": "#/components/requestBodies/c"}, "c": {"content": {}}},
                "responses": {"r": {"description": "d"}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(
            doc["paths"]["/a/{id}"],
            json!({"get": {
                "parameters": [{"in": "path", "name": "id"}, {"in": "query", "name": "limit", "own": true}],
                "requestBody": {"content": {}}, "responses": {"200": {"description": "d"}}}})
        );
    }
}
