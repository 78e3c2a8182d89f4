//! Gives ids types of their own, so that ids of different records do not mix: `x-grinfi-id: contact` in the overlay becomes
//! `grinfi_raw::ids::ContactId`.

use anyhow::Result;
use heck::ToPascalCase;
use serde_json::Value;

use super::{Findings, replace_by_native};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        if schema.get("type").and_then(Value::as_str) == Some("string")
            && let Some(kind) = schema.get("x-grinfi-id").and_then(Value::as_str)
        {
            let path = format!("ids::{}Id", kind.to_pascal_case());
            replace_by_native(schema, &path);
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn replaces_marked_ids() {
        let mut doc = json!({"components": {"schemas": {"a": {"properties": {
            "list_uuid": {"type": "string", "nullable": true, "x-grinfi-id": "list", "example": "x"},
            "user_id": {"type": "integer", "x-grinfi-id": "user"}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let properties = &doc["components"]["schemas"]["a"]["properties"];
        assert_eq!(properties["list_uuid"]["x-rust-type"]["path"], "grinfi_raw::ids::ListId");
        assert_eq!(properties["list_uuid"]["nullable"], true);
        assert_eq!(properties["user_id"]["type"], "integer");
    }
}
