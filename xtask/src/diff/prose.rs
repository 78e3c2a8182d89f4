//! Finds and compares the texts for people.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::tree;

/// The keys whose values are prose.
pub const KEYS: [&str; 2] = ["summary", "description"];

/// Keys whose children are named by the author, so that a field called `description` is not prose.
const MAPS: [&str; 12] = [
    "properties",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "examples",
    "securitySchemes",
    "content",
    "paths",
    "mapping",
    "variables",
];

/// The number of changed texts.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProseChanges {
    /// Changed.
    pub changed: usize,
    /// Added.
    pub added: usize,
    /// Removed.
    pub removed: usize,
}

/// How to read the value of a key: whether its keys are names chosen by the author; `None` for data without prose.
pub fn below(key: &str, names: bool) -> Option<bool> {
    if !names && matches!(key, "example" | "default" | "enum") {
        return None;
    }
    // Within a map of names, such a key is a name itself.
    Some(!names && MAPS.contains(&key))
}

/// All texts, by JSON pointer.
pub fn texts(doc: &Value) -> BTreeMap<String, &str> {
    let mut found = BTreeMap::new();
    walk(doc, String::new(), false, &mut |place, text| {
        found.insert(place.to_owned(), text);
    });
    found
}

fn walk<'a>(node: &'a Value, place: String, names: bool, visit: &mut dyn FnMut(&str, &'a str)) {
    match node {
        Value::Object(map) => {
            for (key, child) in map {
                let here = format!("{place}/{}", tree::escape(key));
                match child {
                    Value::String(text) if !names && KEYS.contains(&key.as_str()) => visit(&here, text),
                    _ => {
                        if let Some(names) = below(key, names) {
                            walk(child, here, names, visit);
                        }
                    }
                }
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                walk(child, format!("{place}/{index}"), false, visit);
            }
        }
        _ => {}
    }
}

/// Compares the texts at the same pointers.
pub fn compare(old: &Value, new: &Value) -> ProseChanges {
    let (before, after) = (texts(old), texts(new));
    ProseChanges {
        changed: before
            .iter()
            .filter(|(place, text)| after.get(*place).is_some_and(|new| new != *text))
            .count(),
        added: after.keys().filter(|place| !before.contains_key(*place)).count(),
        removed: before.keys().filter(|place| !after.contains_key(*place)).count(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn field_named_description_is_not_prose() {
        let doc = json!({"components": {"schemas": {"description": {"description": "d", "properties": {
            "description": {"type": "string", "description": "e", "example": {"description": "data"}},
            "summary": {"type": "string"}}}}}});
        let places: Vec<String> = texts(&doc).into_keys().collect();
        assert_eq!(
            places,
            [
                "/components/schemas/description/description",
                "/components/schemas/description/properties/description/description"
            ]
        );
    }

    #[test]
    fn counts_changed_texts() {
        let old = json!({"info": {"description": "a"}, "tags": [{"description": "b"}, {"description": "c"}]});
        let new = json!({"info": {"description": "A"}, "tags": [{"description": "b"}], "externalDocs": {"description": "x"}});
        assert_eq!(compare(&old, &new), ProseChanges { changed: 1, added: 1, removed: 1 });
    }
}
