//! progenitor supports one media type per body, and one name for JSON. JSON is preferred among several; other names of
//! JSON become `application/json`; and a body of an unknown type is sent as bytes with a `Content-Type` parameter.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{Findings, multipart};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_operation(doc, |name, op| {
        for (_, response) in tree::object(op.get_mut("responses")) {
            if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
                rename_json(content);
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

/// Renames all JSON media types to `application/json`.
fn rename_json(content: &mut Map<String, Value>) {
    let Some(key) = content.keys().find(|media| is_json(media)).cloned() else { return };
    if let Some(mut media) = content.shift_remove(&key) {
        whole(&mut media);
        content.shift_insert(0, "application/json".into(), media);
    }
}

/// Keeps one media type of a body, and returns it if the body has to be sent as bytes.
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
    whole(&mut media);
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

/// A media type reduced to what progenitor supports.
fn whole(media: &mut Value) {
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
    fn one_media_type_is_kept() {
        let op = after(json!({"requestBody": {"content": {
            "text/csv": {}, "multipart/form-data": {}, "application/json; charset=utf-8": {"encoding": {}}}}}));
        assert_eq!(op["requestBody"]["content"], json!({"application/json": {"schema": {}}}));
        let op = after(
            json!({"requestBody": {"content": {"text/plain": {"schema": {"type": "string", "format": "x"}}}}}),
        );
        assert_eq!(op["requestBody"]["content"], json!({"text/plain": {"schema": {"type": "string"}}}));
    }

    #[test]
    fn unknown_body_is_sent_as_bytes() {
        let op = after(
            json!({"requestBody": {"content": {"application/merge-patch+json": {"schema": {"type": "object"}}}}}),
        );
        assert!(op["requestBody"]["content"].get("application/octet-stream").is_some(), "{op}");
        assert_eq!(op["parameters"][0]["name"], "content-type");
        assert_eq!(op["parameters"][0]["description"], "application/merge-patch+json, or one of its kind.");
    }

    #[test]
    fn other_names_of_json_become_json() {
        let schema = json!({"type": "object"});
        let op = after(
            json!({"responses": {"200": {"content": {"application/problem+json": {"schema": schema}}}}}),
        );
        assert_eq!(op["responses"]["200"]["content"], json!({"application/json": {"schema": schema}}));
    }
}
