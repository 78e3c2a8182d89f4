//! The texts for people: where they stand, and what became of them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::tree;

/// The keys whose values are prose.
pub const KEYS: [&str; 2] = ["summary", "description"];

/// Keys below which a name is the author's, so that a field called `description` is no prose.
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

/// How many texts changed.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Worded otherwise.
    pub changed: usize,
    /// New.
    pub added: usize,
    /// Gone.
    pub removed: usize,
}

/// What goes on below a key: whether names there are the author's, or it is data that has no prose.
pub fn below(key: &str, names: bool) -> Option<bool> {
    if !names && matches!(key, "example" | "default" | "enum") {
        return None;
    }
    // A map of names inside a map of names is something that is called like one.
    Some(!names && MAPS.contains(&key))
}

/// Every text, by its JSON pointer.
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

/// Compares the texts that stand at the same places.
pub fn compare(old: &Value, new: &Value) -> Changed {
    let (before, after) = (texts(old), texts(new));
    Changed {
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
    fn a_field_called_description_is_no_prose() {
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
    fn what_became_of_them_is_counted() {
        let old = json!({"info": {"description": "a"}, "tags": [{"description": "b"}, {"description": "c"}]});
        let new = json!({"info": {"description": "A"}, "tags": [{"description": "b"}], "externalDocs": {"description": "x"}});
        assert_eq!(compare(&old, &new), Changed { changed: 1, added: 1, removed: 1 });
    }
}
