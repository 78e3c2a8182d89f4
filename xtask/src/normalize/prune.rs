//! Removes component schemas that are not used after the passes, and would become unused types. Schemas that were unused
//! before the passes stay.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tree;

/// The component schemas that are referred to.
pub fn referenced(doc: &Value) -> BTreeSet<String> {
    let mut found = Vec::new();
    tree::references(doc, &mut found);
    found.into_iter().collect()
}

/// The component schemas that are reachable from `roots`, including them.
pub fn closure(doc: &Value, roots: Vec<String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = roots;
    while let Some(name) = open.pop() {
        if let Some(schema) = doc.pointer(&format!("/components/schemas/{}", tree::escape(&name)))
            && reached.insert(name)
        {
            tree::references(schema, &mut open);
        }
    }
    reached
}

/// Removes the component schemas that were referred to `before` and are not now.
pub fn run(doc: &mut Value, before: &BTreeSet<String>) {
    let after = referenced(doc);
    if let Some(schemas) = doc.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.retain(|name, _| after.contains(name) || !before.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_newly_unused_schemas_are_removed() {
        let mut doc = json!({"components": {"schemas": {"used": {}, "orphan": {}, "lone": {}}},
            "paths": {"/a": {"get": {"x": {"$ref": "#/components/schemas/used"}}}}});
        let before = ["used", "orphan"].map(str::to_owned).into();
        run(&mut doc, &before);
        assert_eq!(doc["components"]["schemas"], json!({"used": {}, "lone": {}}));
    }
}
