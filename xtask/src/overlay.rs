//! OpenAPI Overlay 1.0: actions that update or remove parts of a description, each with a JSONPath target.
//! <https://spec.openapis.org/overlay/v1.0.0.html>

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

/// An overlay document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    overlay: String,
    #[serde(rename = "info")]
    _info: Value,
    #[serde(default, rename = "extends")]
    _extends: Option<String>,
    actions: Vec<Action>,
    /// Our additions to the vendor's description; `spec update` keeps them.
    #[serde(default, rename = "x-grinfi-added")]
    added: Vec<Added>,
}

/// An addition to the vendor's description.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// Its location, as JSONPath.
    pub target: String,
    /// The reason.
    pub description: String,
}

/// The effect of an action on a description.
#[derive(Debug)]
pub struct Effect {
    /// The action, for messages.
    pub label: String,
    /// The matches, as JSON pointers.
    pub hits: Vec<String>,
    /// The replaced values: JSON pointer, old value, new value.
    pub replaced: Vec<(String, Value, Value)>,
    /// Whether it changes the description.
    pub changes: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    target: String,
    description: Option<String>,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

impl Overlay {
    /// Parses an overlay; `path` is only for messages.
    pub fn from_value(value: Value, path: &Path) -> Result<Self> {
        let overlay: Self = serde_json::from_value(value)
            .with_context(|| format!("{}: not an OpenAPI Overlay 1.0 document", path.display()))?;
        if overlay.overlay != "1.0.0" {
            bail!("{}: overlay version {} is not supported, only 1.0.0", path.display(), overlay.overlay);
        }
        Ok(overlay)
    }

    /// The additions to the vendor's description.
    pub fn added(&self) -> &[Added] {
        &self.added
    }

    /// Applies every action in order, and returns their number.
    ///
    /// The specification allows an action without a match. Here it is an error, because it means that the overlay is out of
    /// date.
    pub fn apply(&self, doc: &mut Value, path: &Path) -> Result<usize> {
        let effects = self.effects(doc, path)?;
        if let Some(stale) = effects.iter().find(|effect| effect.hits.is_empty()) {
            bail!("{}: matches nothing in the description; update or remove the action", stale.label);
        }
        Ok(self.actions.len())
    }

    /// Applies every action in order, and returns the effect of each. Actions may match nothing.
    pub fn effects(&self, doc: &mut Value, path: &Path) -> Result<Vec<Effect>> {
        let mut effects = Vec::new();
        for (index, action) in self.actions.iter().enumerate() {
            let label = format!("{}#/actions/{index} ({})", path.display(), action.target);
            if action.description.is_none() {
                bail!("{label}: an action needs a description with its reason");
            }
            let hits = locate(doc, &action.target).with_context(|| format!("{label}: bad JSONPath"))?;
            let mut effect = Effect { label, hits, replaced: Vec::new(), changes: false };
            if action.remove {
                // In reverse order, so that a removal does not move later matches.
                effect.hits.iter().rev().for_each(|pointer| remove(doc, pointer));
                effect.changes = !effect.hits.is_empty();
            } else if let Some(update) = &action.update {
                for pointer in &effect.hits {
                    let target = doc.pointer_mut(pointer).with_context(|| effect.label.clone())?;
                    let before = target.clone();
                    merge(target, update);
                    effect.changes |= *target != before;
                    replaced(&before, update, pointer, &mut effect.replaced);
                }
            } else {
                bail!("{}: an action needs `update` or `remove`", effect.label);
            }
            effects.push(effect);
        }
        Ok(effects)
    }
}

/// The matches of a JSONPath, as JSON pointers.
pub fn locate(doc: &Value, path: &str) -> Result<Vec<String>> {
    let query = JsonPath::parse(path)?;
    Ok(query.query_located(doc).locations().map(|location| location.to_json_pointer()).collect())
}

/// Collects the values that an update replaces. An element that a list already has counts too.
fn replaced(before: &Value, update: &Value, place: &str, found: &mut Vec<(String, Value, Value)>) {
    match (before, update) {
        (Value::Object(map), Value::Object(update)) => {
            for (key, value) in update {
                if let Some(existing) = map.get(key) {
                    replaced(existing, value, &format!("{place}/{}", crate::tree::escape(key)), found);
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            for item in more.iter().filter(|item| items.contains(item)) {
                found.push((place.to_owned(), item.clone(), item.clone()));
            }
        }
        (Value::Array(_), _) => {}
        (before, update) => found.push((place.to_owned(), before.clone(), update.clone())),
    }
}

fn remove(doc: &mut Value, pointer: &str) {
    let Some((parent, step)) = pointer.rsplit_once('/') else { return };
    let step = step.replace("~1", "/").replace("~0", "~");
    match doc.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.shift_remove(&step);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = step.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Merges as the specification requires: maps by key, lists by appending, other values by replacing.
fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                match target.get_mut(key) {
                    Some(existing) => merge(existing, value),
                    None => {
                        target.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (Value::Array(target), other) => target.push(other.clone()),
        (target, update) => *target = update.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply(doc: Value, actions: Value) -> Result<Value> {
        let path = Path::new("overlay.yaml");
        let value = json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions});
        let mut doc = doc;
        Overlay::from_value(value, path)?.apply(&mut doc, path)?;
        Ok(doc)
    }

    #[test]
    fn actions_apply_in_order() {
        let doc = json!({"a": {"x": 1}, "b": {"x": 2, "list": [1]}});
        let out = apply(
            doc,
            json!([
                {"target": "$.*[?@ > 1]", "description": "remove large values", "remove": true},
                {"target": "$.*", "description": "mark all", "update": {"y": {"z": true}}},
                {"target": "$.b.list", "description": "extend the list", "update": [2, 3]},
            ]),
        )
        .unwrap();
        assert_eq!(out, json!({"a": {"x": 1, "y": {"z": true}}, "b": {"list": [1, 2, 3], "y": {"z": true}}}));
    }

    #[test]
    fn several_elements_of_a_list_are_removed() {
        let out = apply(
            json!({"l": [1, 9, 2, 9]}),
            json!([{"target": "$.l[?@ == 9]", "description": "nines", "remove": true}]),
        )
        .unwrap();
        assert_eq!(out, json!({"l": [1, 2]}));
    }

    #[test]
    fn action_without_a_match_is_an_error() {
        let error = apply(json!({}), json!([{"target": "$.missing", "description": "d", "remove": true}]))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "overlay.yaml#/actions/0 ($.missing): matches nothing in the description; update or remove the action"
        );
    }

    #[test]
    fn action_needs_a_reason_and_a_valid_path() {
        let error = apply(json!({"a": 1}), json!([{"target": "$.a", "update": 2}])).unwrap_err();
        assert!(error.to_string().contains("needs a description"), "{error}");
        let error =
            apply(json!({"a": 1}), json!([{"target": "$.a[", "description": "d", "update": 2}])).unwrap_err();
        assert!(error.to_string().contains("bad JSONPath"), "{error}");
    }
}
