//! `anyOf` or `oneOf` with only `required` lists means "one of these groups of fields is required". typify would generate an
//! enum with near-copies of the object; the rule is kept as `x-required-groups`, and hand-written methods validate
//! it.

use anyhow::Result;
use serde_json::Value;

use super::Findings;
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        let Some(map) = schema.as_object_mut() else { return };
        for key in ["anyOf", "oneOf"] {
            let only_groups = map.get(key).and_then(Value::as_array).is_some_and(|parts| {
                parts.iter().all(|part| {
                    part.as_object().is_some_and(|part| part.len() == 1 && part.contains_key("required"))
                })
            });
            if only_groups && let Some(groups) = map.shift_remove(key) {
                map.insert("x-required-groups".into(), groups);
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_are_extracted_and_real_unions_stay() {
        let mut doc = json!({"components": {"schemas": {
            "a": {"type": "object", "anyOf": [{"required": ["x"]}, {"required": ["y", "z"]}]},
            "b": {"anyOf": [{"type": "string"}, {"required": ["x"]}]}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(
            doc["components"]["schemas"],
            json!({
                "a": {"type": "object", "x-required-groups": [{"required": ["x"]}, {"required": ["y", "z"]}]},
                "b": {"anyOf": [{"type": "string"}, {"required": ["x"]}]}})
        );
    }
}
