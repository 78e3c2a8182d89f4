//! Removes formats and bounds whose types in typify reject real data or have unhelpful errors: `uuid` (one malformed id
//! would fail a page), `email`, `uri`, `minimum` (NonZero integers), lengths, patterns and numeric enumerations. Arguments
//! are validated in the methods, with the name of the field.

use anyhow::Result;
use serde_json::Value;

use super::Findings;
use crate::tree;

const BOUNDS: [&str; 9] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
];

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        let Some(map) = schema.as_object_mut() else { return };
        for key in BOUNDS {
            map.shift_remove(key);
        }
        if let Some("uuid" | "email" | "uri" | "url" | "hostname" | "ipv4" | "ipv6") =
            map.get("format").and_then(Value::as_str)
        {
            map.shift_remove("format");
        }
        if map.get("type").and_then(Value::as_str) != Some("string") {
            map.shift_remove("enum");
        }
        if map.get("type").and_then(Value::as_str) == Some("array") && !map.contains_key("items") {
            map.insert("items".into(), serde_json::json!({}));
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_lenient_and_times_strict() {
        let mut doc = json!({"components": {"schemas": {"a": {"properties": {
            "id": {"type": "string", "format": "uuid"},
            "at": {"type": "string", "format": "date-time"},
            "n": {"type": "integer", "minimum": 1, "enum": [0, 1]},
            "any": {"type": "array"}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(
            doc["components"]["schemas"]["a"]["properties"],
            json!({
                "id": {"type": "string"},
                "at": {"type": "string", "format": "date-time"},
                "n": {"type": "integer"},
                "any": {"type": "array", "items": {}}})
        );
    }
}
