//! Removes defaults. In typify a default is always sent, and replaces an absent value in responses, so that the real value is
//! not visible. Without it an optional field is `None` until it is set, and the server applies its own default.

use anyhow::Result;

use super::Findings;
use crate::tree;

pub fn run(doc: &mut serde_json::Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        if let Some(map) = schema.as_object_mut() {
            map.shift_remove("default");
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_are_removed_and_a_property_named_default_stays() {
        let mut doc = json!({"components": {"schemas": {"a": {"properties": {
            "default": {"type": "boolean", "default": true}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(
            doc["components"]["schemas"]["a"],
            json!({"properties": {"default": {"type": "boolean"}}})
        );
    }
}
