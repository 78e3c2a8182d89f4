//! Merges the structure of a newer description with our prose.
//!
//! Parts of both descriptions keep our texts and our order. New parts are inserted at their position, with a marker for each
//! text to write, because the vendor's texts are not copied. Parts that only our description has are removed, unless the
//! overlay records them as ours.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{
    diff::prose::{KEYS, below},
    tree,
};

/// Marks a text that has to be written.
pub const MARKER: &str = "TODO: describe this.";

/// Merges two descriptions. `kept` has the JSON pointers of our additions.
pub fn merge(ours: &Value, new: &Value, kept: &BTreeSet<String>) -> Value {
    node(ours, new, kept, String::new(), "", false)
}

fn node(ours: &Value, new: &Value, kept: &BTreeSet<String>, place: String, key: &str, names: bool) -> Value {
    match (ours, new) {
        (Value::Object(ours), Value::Object(new)) => map(ours, new, kept, &place, key, names),
        (Value::Array(ours), Value::Array(new)) => list(ours, new, kept, &place, key),
        _ if ours == new => ours.clone(),
        (_, new) => fresh(new, key, names),
    }
}

fn map(
    ours: &Map<String, Value>,
    new: &Map<String, Value>,
    kept: &BTreeSet<String>,
    place: &str,
    parent: &str,
    names: bool,
) -> Value {
    let mut out = Map::new();
    for (key, value) in ours {
        let here = format!("{place}/{}", tree::escape(key));
        let prose = !names && KEYS.contains(&key.as_str()) && value.is_string();
        if prose {
            out.insert(key.clone(), value.clone());
        } else if let Some(other) = new.get(key) {
            let merged = match below(key, names) {
                Some(names) => node(value, other, kept, here, key, names),
                // Examples, defaults and enumerations come from the newer description.
                None => other.clone(),
            };
            out.insert(key.clone(), merged);
        } else if let Some(rest) = keep(value, kept, &here) {
            out.insert(key.clone(), rest);
        }
    }
    let mut before: Option<&str> = None;
    for (key, value) in new {
        let prose = !names && KEYS.contains(&key.as_str()) && value.is_string();
        if !out.contains_key(key) && !prose {
            let position = before.and_then(|before| out.keys().position(|known| known == before));
            let added = match below(key, names) {
                Some(below) => fresh_child(value, parent, key, names, below),
                None => value.clone(),
            };
            out.shift_insert(position.map_or(0, |position| position + 1), key.clone(), added);
        }
        // Our descriptions keep their position, and are ignored when the position of other keys is determined.
        if out.contains_key(key) && !prose {
            before = Some(key);
        }
    }
    Value::Object(out)
}

fn list(ours: &[Value], new: &[Value], kept: &BTreeSet<String>, place: &str, key: &str) -> Value {
    let mut left: Vec<usize> = (0..ours.len()).collect();
    let mut out: Vec<Value> = Vec::new();
    for (index, item) in new.iter().enumerate() {
        let found = left.iter().position(|known| same(&ours[*known], item)).or_else(|| {
            // Elements without a name are matched by position if the length is the same.
            let unnamed = name(item).is_none() && item.is_object() && ours.len() == new.len();
            left.iter().position(|known| unnamed && *known == index && name(&ours[*known]).is_none())
        });
        match found {
            Some(position) => {
                let known = left.remove(position);
                out.push(node(&ours[known], item, kept, format!("{place}/{known}"), key, false));
            }
            None => out.push(fresh(item, key, false)),
        }
    }
    for known in left {
        if let Some(rest) = keep(&ours[known], kept, &format!("{place}/{known}")) {
            out.push(rest);
        }
    }
    Value::Array(out)
}

/// The identity of a list element.
fn name(item: &Value) -> Option<String> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    if let Some(target) = text("$ref") {
        return Some(target.to_owned());
    }
    Some(format!("{} {}", text("in").unwrap_or_default(), text("name").or_else(|| text("url"))?))
}

fn same(ours: &Value, new: &Value) -> bool {
    match (name(ours), name(new)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => bare(ours) == bare(new),
        _ => false,
    }
}

/// A node without its prose, for comparisons.
fn bare(node: &Value) -> Value {
    let mut out = node.clone();
    strip(&mut out, false);
    out
}

/// Removes the prose from a node.
pub fn strip(node: &mut Value, names: bool) {
    match node {
        Value::Object(map) => {
            if !names {
                map.retain(|key, value| !(KEYS.contains(&key.as_str()) && value.is_string()));
            }
            for (key, child) in map.iter_mut() {
                if let Some(names) = below(key, names) {
                    strip(child, names);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
        _ => {}
    }
}

/// The parts of a node that are recorded as ours, with their parents.
fn keep(value: &Value, kept: &BTreeSet<String>, place: &str) -> Option<Value> {
    if kept.contains(place) {
        return Some(value.clone());
    }
    let inside = format!("{place}/");
    if !kept.iter().any(|pointer| pointer.starts_with(&inside)) {
        return None;
    }
    match value {
        Value::Object(map) => {
            let mut out = Map::new();
            for (key, child) in map {
                if let Some(rest) = keep(child, kept, &format!("{place}/{}", tree::escape(key))) {
                    out.insert(key.clone(), rest);
                }
            }
            Some(Value::Object(out))
        }
        _ => Some(value.clone()),
    }
}

/// A new value of a key.
fn fresh_child(value: &Value, parent: &str, key: &str, names: bool, below: bool) -> Value {
    let mut out = fresh(value, key, below);
    let Some(map) = out.as_object_mut() else { return out };
    let plain = !map.contains_key("$ref");
    match parent {
        // Fields, shared parameters and responses, which require a description.
        "properties" | "parameters" | "responses" if names && plain => {
            map.entry("description").or_insert_with(|| MARKER.into());
        }
        "schemas" if names && plain && !map.contains_key("description") => {
            map.shift_insert(0, "description".into(), MARKER.into());
        }
        _ if !names && tree::METHODS.contains(&key) && map.contains_key("responses") => operation(map),
        _ => {}
    }
    out
}

/// A new part: its texts become markers, and missing texts are added.
fn fresh(value: &Value, key: &str, names: bool) -> Value {
    match value {
        Value::Object(map) => {
            let mut out = Map::new();
            for (child_key, child) in map {
                let text = child.as_str().filter(|_| !names && KEYS.contains(&child_key.as_str()));
                let value = match (text, below(child_key, names)) {
                    (Some(text), _) if STATUS.contains(&text) => child.clone(),
                    (Some(_), _) => MARKER.into(),
                    (None, Some(below)) => fresh_child(child, key, child_key, names, below),
                    (None, None) => child.clone(),
                };
                out.insert(child_key.clone(), value);
            }
            // An inline parameter, or a tag.
            let lone = key == "parameters" && out.contains_key("in") || key == "tags";
            if !names && lone {
                out.entry("description").or_insert_with(|| MARKER.into());
            }
            Value::Object(out)
        }
        Value::Array(items) => items.iter().map(|item| fresh(item, key, false)).collect(),
        other => other.clone(),
    }
}

fn operation(map: &mut Map<String, Value>) {
    let after_id = map.keys().position(|key| key == "operationId").map_or(0, |position| position + 1);
    for key in ["description", "summary"] {
        map.shift_remove(key);
        map.shift_insert(after_id.min(map.len()), key.into(), MARKER.into());
    }
}

/// Standard reason phrases, which are not prose.
const STATUS: [&str; 14] = [
    "OK",
    "Created",
    "Accepted",
    "No Content",
    "Bad Request",
    "Unauthorized",
    "Payment Required",
    "Forbidden",
    "Not Found",
    "Conflict",
    "Gone",
    "Unprocessable Entity",
    "Too Many Requests",
    "Internal Server Error",
];

/// The pointers to the texts that have to be written.
pub fn unwritten(doc: &Value) -> Vec<String> {
    let texts = crate::diff::prose::texts(doc);
    texts.into_iter().filter(|(_, text)| *text == MARKER).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(ours: Value, new: Value, kept: &[&str]) -> Value {
        merge(&ours, &new, &kept.iter().map(|pointer| (*pointer).to_owned()).collect())
    }

    #[test]
    fn keeps_our_texts_and_drops_the_vendors() {
        let ours = json!({"components": {"schemas": {"tag": {"description": "Ours.", "type": "object", "properties": {
            "name": {"type": "string", "description": "Ours too."}, "id": {"type": "integer"}}}}}});
        let new = json!({"components": {"schemas": {"tag": {"type": "object", "description": "Theirs.", "properties": {
            "id": {"type": "string", "description": "Theirs."},
            "name": {"type": "string", "description": "Theirs.", "example": "x"}}}}}});
        let merged = with(ours, new, &[]);
        let text = merged.to_string();
        assert!(!text.contains("Theirs"), "{text}");
        assert_eq!(
            text,
            json!({"components": {"schemas": {"tag": {"description": "Ours.", "type": "object", "properties": {
                "name": {"type": "string", "example": "x", "description": "Ours too."}, "id": {"type": "string"}}}}}})
            .to_string()
        );
    }

    #[test]
    fn inserts_new_parts_in_order_with_markers() {
        let ours = json!({"tags": [{"name": "A", "description": "a"}], "paths": {"/a": {"get": {"operationId": "a"}}, "/c": {}},
            "components": {"schemas": {"x": {"description": "X", "properties": {"p": {"type": "string"}}}}}});
        let new = json!({"tags": [{"name": "A"}, {"name": "B"}], "paths": {"/a": {"get": {"operationId": "a"}}, "/b": {"get": {
                "operationId": "b", "description": "Theirs.",
                "parameters": [{"in": "query", "name": "q", "schema": {"type": "string"}}],
                "responses": {"200": {"description": "OK"}, "404": {}, "409": {"description": "Theirs."}}}}, "/c": {}},
            "components": {"schemas": {"x": {"properties": {"p": {"type": "string"},
                "description": {"type": "string"}, "r": {"$ref": "#/components/schemas/y"}}}, "y": {"type": "object"}}}});
        let merged = with(ours, new, &[]);
        assert_eq!(
            unwritten(&merged),
            [
                "/components/schemas/x/properties/description/description",
                "/components/schemas/y/description",
                "/paths/~1b/get/description",
                "/paths/~1b/get/parameters/0/description",
                "/paths/~1b/get/responses/404/description",
                "/paths/~1b/get/responses/409/description",
                "/paths/~1b/get/summary",
                "/tags/1/description",
            ]
        );
        let paths: Vec<&String> = merged["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths, ["/a", "/b", "/c"]);
        let keys: Vec<&String> = merged["paths"]["/b"]["get"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["operationId", "summary", "description", "parameters", "responses"]);
    }

    #[test]
    fn removes_missing_parts_unless_they_are_ours() {
        let ours = json!({"paths": {"/a": {"get": {"operationId": "a"}, "post": {"operationId": "b"}}, "/b": {}}, "tags": [{"name": "A"}, {"name": "B"}]});
        let new = json!({"paths": {}, "tags": [{"name": "C"}]});
        let merged = with(ours, new, &["/paths/~1a/post", "/tags/1"]);
        assert_eq!(merged["paths"], json!({"/a": {"post": {"operationId": "b"}}}));
        assert_eq!(merged["tags"], json!([{"name": "C", "description": MARKER}, {"name": "B"}]));
    }
}
