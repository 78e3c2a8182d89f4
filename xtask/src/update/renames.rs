//! Applies moves and renames of the newer description to ours, so that the merge finds the prose of moved operations and of
//! renamed components and path variables.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    diff::{ChangeKind, Diff, Owner},
    tree,
};

/// Applies the moves and renames that the comparison found.
pub fn apply(ours: &Value, new: &Value, diff: &Diff) -> Value {
    let mut doc = ours.clone();
    let schemas: BTreeMap<&str, &str> = diff
        .changes
        .iter()
        .filter(|change| change.kind == ChangeKind::SchemaRenamed)
        .filter_map(|change| match &change.place.owner {
            Owner::Schema(name) => Some((change.old.as_deref()?, name.as_str())),
            _ => None,
        })
        .collect();
    if let Some(map) = doc.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        rename(map, |name| schemas.get(name).map(|name| (*name).to_owned()));
    }
    variables(&mut doc, new);
    operations(&mut doc, new);
    doc
}

/// Renames keys in place.
fn rename(map: &mut Map<String, Value>, name: impl Fn(&str) -> Option<String>) {
    *map = std::mem::take(map).into_iter().map(|(key, value)| (name(&key).unwrap_or(key), value)).collect();
}

/// A path without the names of its variables.
fn route(path: &str) -> String {
    let steps: Vec<&str> =
        path.split('/').map(|step| if step.starts_with('{') { "{}" } else { step }).collect();
    steps.join("/")
}

fn names(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
}

/// Renames the variables of paths that are otherwise the same.
fn variables(doc: &mut Value, new: &Value) {
    let Some(wanted) = new.get("paths").and_then(Value::as_object) else { return };
    let Some(paths) = doc.get_mut("paths").and_then(Value::as_object_mut) else { return };
    let renamed: BTreeMap<String, String> = paths
        .keys()
        .filter(|path| !wanted.contains_key(*path))
        .filter_map(|path| {
            let to = wanted.keys().find(|to| route(to) == route(path) && !paths.contains_key(*to))?;
            Some((path.clone(), to.clone()))
        })
        .collect();
    for (from, to) in &renamed {
        let pairs: Vec<(String, String)> = names(from).into_iter().zip(names(to)).collect();
        let item = paths.get_mut(from).and_then(Value::as_object_mut);
        for (key, part) in item.into_iter().flatten() {
            let parameters = if key == "parameters" { Some(part) } else { part.get_mut("parameters") };
            for parameter in tree::array(parameters).filter(|parameter| parameter["in"] == "path") {
                if let Some((_, to)) = pairs.iter().find(|(from, _)| parameter["name"] == **from) {
                    parameter["name"] = Value::from(to.as_str());
                }
            }
        }
    }
    rename(paths, |path| renamed.get(path).cloned());
}

/// Moves operations whose method or path changed, matched by id.
fn operations(doc: &mut Value, new: &Value) {
    for wanted in tree::operations(new) {
        if doc.pointer(&wanted.pointer()).is_some() {
            continue;
        }
        let moved = tree::operations(doc).into_iter().find(|op| {
            op.id.is_some()
                && op.id == wanted.id
                && new
                    .pointer(&op.pointer())
                    .is_none_or(|there| there.get("operationId").and_then(Value::as_str) != op.id.as_deref())
        });
        let Some(from) = moved else { continue };
        let Some(paths) = doc.get_mut("paths").and_then(Value::as_object_mut) else { return };
        let Some(item) = paths.get_mut(&from.path).and_then(Value::as_object_mut) else { continue };
        let Some(op) = item.shift_remove(&from.method) else { continue };
        let emptied = !item.keys().any(|key| tree::METHODS.contains(&key.as_str()));
        if emptied && !paths.contains_key(&wanted.path) {
            // The only operation of a path: the path is renamed and keeps its position in the file.
            rename(paths, |path| (path == from.path).then(|| wanted.path.clone()));
        }
        let item = paths.entry(wanted.path.clone()).or_insert_with(|| Value::Object(Map::new()));
        if let Some(item) = item.as_object_mut() {
            item.insert(wanted.method.clone(), op);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn op(id: &str) -> Value {
        json!({"operationId": id, "summary": id, "parameters": [{"in": "path", "name": "id"}]})
    }

    #[test]
    fn finds_moved_operations() {
        let ours = json!({"paths": {"/a/{id}": {"get": op("a")}, "/b/{id}": {"get": op("b"), "put": op("c")}, "/d": {"get": op("d")}}});
        let new = json!({"paths": {"/a/{uuid}": {"get": op("a")}, "/b/{id}": {"get": op("b")}, "/v2/c": {"put": op("c")}, "/v2/d": {"post": op("d")}}});
        let diff = crate::diff::compare(&ours, &new);
        let aligned = apply(&ours, &new, &diff);
        let places: Vec<String> = tree::operations(&aligned)
            .iter()
            .map(|op| format!("{} {} {}", op.method, op.path, op.label()))
            .collect();
        assert_eq!(places, ["get /a/{uuid} a", "get /b/{id} b", "post /v2/d d", "put /v2/c c"]);
        assert_eq!(aligned["paths"]["/a/{uuid}"]["get"]["parameters"][0]["name"], "uuid");
    }
}
