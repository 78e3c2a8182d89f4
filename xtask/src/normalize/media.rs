//! Leaves one media type for each body, because progenitor supports one, and few of them: the most specific one, JSON first.
//! JSON under another name becomes `application/json`. A body of an unsupported type is sent as bytes with a `Content-Type`
//! parameter.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{Findings, multipart};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_operation(doc, |name, op| {
        for (_, response) in tree::object(op.get_mut("responses")) {
            if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
                self::response(content);
            }
        }
        if let Some(media) = op.get_mut("requestBody").and_then(body) {
            let text = format!("Bytes of the type {media}.");
            multipart::send_bytes(name, op, &text, &format!("{media}, or one of its kind."))?;
        }
        Ok(())
    })
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// Renames the JSON media type of a response to `application/json`.
fn response(content: &mut Map<String, Value>) {
    let Some(key) = content.keys().find(|media| is_json(media)).cloned() else { return };
    if let Some(mut media) = content.shift_remove(&key) {
        fit(&mut media);
        content.shift_insert(0, "application/json".into(), media);
    }
}

/// Keeps one media type of a body and returns it if it has to be sent as bytes.
fn body(body: &mut Value) -> Option<String> {
    let content = body.get_mut("content")?.as_object_mut()?;
    let rank = |media: &str| match media.split(';').next().unwrap_or_default().trim() {
        "application/json" => 0,
        "application/x-www-form-urlencoded" => 1,
        "multipart/form-data" => 2,
        "application/octet-stream" => 3,
        "text/plain" | "text/x-markdown" => 4,
        _ => 5,
    };
    let key = content.keys().min_by_key(|media| rank(media))?.clone();
    let mut media = content.shift_remove(&key)?;
    let rank = rank(&key);
    fit(&mut media);
    match rank {
        3 => media["schema"] = json!({"type": "string", "format": "binary"}),
        4 => media["schema"] = json!({"type": "string"}),
        _ => {}
    }
    let name = key.split(';').next().unwrap_or_default().trim().to_owned();
    content.clear();
    content.insert(name.clone(), media);
    (rank == 5).then_some(name)
}

/// Adds the schema that progenitor needs and removes the encoding, which it rejects.
fn fit(media: &mut Value) {
    if let Some(map) = media.as_object_mut() {
        map.shift_remove("encoding");
        map.entry("schema").or_insert_with(|| json!({}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(op: Value) -> Value {
        let mut doc = json!({"paths": {"/a": {"post": op}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        doc["paths"]["/a"]["post"].take()
    }

    #[test]
    fn keeps_one_media_type() {
        let op = after(json!({"requestBody": {"content": {
            "text/csv": {}, "multipart/form-data": {}, "application/json; charset=utf-8": {"encoding": {}}}}}));
        assert_eq!(op["requestBody"]["content"], json!({"application/json": {"schema": {}}}));
        let op = after(
            json!({"requestBody": {"content": {"text/plain": {"schema": {"type": "string", "format": "x"}}}}}),
        );
        assert_eq!(op["requestBody"]["content"], json!({"text/plain": {"schema": {"type": "string"}}}));
    }

    #[test]
    fn sends_unsupported_bodies_as_bytes() {
        let op = after(
            json!({"requestBody": {"content": {"application/merge-patch+json": {"schema": {"type": "object"}}}}}),
        );
        assert!(op["requestBody"]["content"].get("application/octet-stream").is_some(), "{op}");
        assert_eq!(op["parameters"][0]["name"], "content-type");
        assert_eq!(op["parameters"][0]["description"], "application/merge-patch+json, or one of its kind.");
    }

    #[test]
    fn renames_json_media_types() {
        let schema = json!({"type": "object"});
        let op = after(
            json!({"responses": {"200": {"content": {"application/problem+json": {"schema": schema}}}}}),
        );
        assert_eq!(op["responses"]["200"]["content"], json!({"application/json": {"schema": schema}}));
    }
}
