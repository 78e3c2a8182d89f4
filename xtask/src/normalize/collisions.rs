//! Resolves names that differ in the description but not in Rust. If two components lead to one type name, the later one gets
//! a number; an object whose fields lead to one field name becomes a map.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value, json};

use super::Findings;
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    components(doc);
    tree::for_each_schema(doc, &mut |_, schema| {
        let Some(fields) = schema.get("properties").and_then(Value::as_object) else { return };
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let clash =
            fields.keys().find_map(|name| Some((seen.insert(name.to_snake_case(), name)?, name.as_str())));
        let Some((one, other)) = clash else { return };
        let before = schema.get("description").and_then(Value::as_str).map(|text| format!("{text} "));
        let text =
            format!("{}A map, since `{one}` and `{other}` would be one field.", before.unwrap_or_default());
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        *schema = json!({"type": "object", "additionalProperties": true, "description": text});
        if nullable {
            schema["nullable"] = Value::Bool(true);
        }
    });
    Ok(())
}

fn components(doc: &mut Value) {
    let Some(schemas) = doc.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut taken = BTreeSet::new();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut out = Map::new();
    for (name, schema) in std::mem::take(schemas) {
        let mut fresh = name.clone();
        let mut number = 1;
        while !taken.insert(fresh.to_pascal_case()) {
            number += 1;
            fresh = format!("{name}-{number}");
        }
        if fresh != name {
            let pointer = |name: &str| format!("#/components/schemas/{}", tree::escape(name));
            renamed.insert(pointer(&name), pointer(&fresh));
        }
        out.insert(fresh, schema);
    }
    *schemas = out;
    if !renamed.is_empty() {
        repoint(doc, &renamed);
    }
}

fn repoint(node: &mut Value, renamed: &BTreeMap<String, String>) {
    match node {
        Value::Object(map) => {
            for (key, child) in map {
                match child {
                    // References, and mappings of discriminators.
                    Value::String(text) if key != "description" => {
                        if let Some(to) = renamed.get(text) {
                            text.clone_from(to);
                        }
                    }
                    child => repoint(child, renamed),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| repoint(item, renamed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_with_one_name_are_numbered() {
        let mut doc = json!({"paths": {}, "components": {"schemas": {
            "Pet": {"properties": {"a": {"$ref": "#/components/schemas/pet"}}}, "pet": {"type": "string"}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(
            doc["components"]["schemas"],
            json!({"Pet": {"properties": {"a": {"$ref": "#/components/schemas/pet-2"}}}, "pet-2": {"type": "string"}})
        );
    }

    #[test]
    fn object_with_colliding_fields_becomes_a_map() {
        let mut doc = json!({"paths": {}, "components": {"schemas": {"a": {"properties": {
            "fine": {"properties": {"x": {}, "y": {}}}, "odd": {"nullable": true, "properties": {"@id": {}, "id": {}}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let fields = &doc["components"]["schemas"]["a"]["properties"];
        assert!(fields["fine"].get("properties").is_some());
        assert_eq!(
            fields["odd"],
            json!({"type": "object", "additionalProperties": true, "nullable": true,
                   "description": "A map, since `@id` and `id` would be one field."})
        );
    }
}
