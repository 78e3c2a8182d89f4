//! progenitor does not support `multipart/form-data`. Such a body becomes raw bytes with a `Content-Type` parameter, which
//! `grinfi_raw::Multipart` creates; the description of the body lists the parts.

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::Findings;
use crate::tree::{self, OpName};

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let shared = doc.clone();
    tree::for_each_operation(doc, |name, op| {
        let media = op
            .get("requestBody")
            .and_then(|body| body.get("content"))
            .and_then(|content| content.get("multipart/form-data"));
        let Some(media) = media else { return Ok(()) };
        let mut schema = media.get("schema").unwrap_or(&Value::Null);
        while let Some(next) =
            schema.get("$ref").and_then(Value::as_str).and_then(|target| tree::target(&shared, target))
        {
            schema = next;
        }
        let parts: Vec<&str> = schema
            .get("properties")
            .and_then(Value::as_object)
            .map(|parts| parts.keys().map(String::as_str).collect())
            .unwrap_or_default();
        let text = match parts.is_empty() {
            true => "multipart/form-data".to_owned(),
            false => format!("multipart/form-data with the parts {}", parts.join(", ")),
        };
        send_bytes(name, op, &text, "multipart/form-data with the boundary of the body.")
    })
}

/// Makes the body of an operation bytes, and adds a `Content-Type` parameter.
pub fn send_bytes(name: &OpName, op: &mut Map<String, Value>, text: &str, kind: &str) -> Result<()> {
    if let Some(body) = op.get_mut("requestBody") {
        body["description"] = Value::from(text);
        body["content"] =
            json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
    }
    op.entry("parameters")
        .or_insert_with(|| json!([]))
        .as_array_mut()
        .with_context(|| format!("#{}/parameters is not a list", name.pointer()))?
        .push(json!({
            "in": "header", "name": "content-type", "required": true, "schema": {"type": "string"},
            "description": kind
        }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_becomes_bytes_with_a_content_type() {
        let mut doc = json!({"paths": {"/a": {"post": {"operationId": "x", "requestBody": {"content": {
            "multipart/form-data": {"schema": {"properties": {"file": {}, "type": {}}}}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let op = &doc["paths"]["/a"]["post"];
        assert_eq!(op["requestBody"]["description"], "multipart/form-data with the parts file, type");
        assert!(op["requestBody"]["content"].get("application/octet-stream").is_some());
        assert_eq!(op["parameters"][0]["name"], "content-type");
        assert_eq!(op["parameters"][0]["required"], true);
    }
}
