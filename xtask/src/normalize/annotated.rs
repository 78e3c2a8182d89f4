//! Replaces schemas that the overlay annotates with types of `grinfi_raw`:
//!
//! - `x-grinfi-id: contact`, an id, which is a plain string in the description: `ids::ContactId`.
//! - `x-grinfi-secret: true`, a password, key or secret link: `Secret`, whose `Debug` is redacted.
//! - `x-grinfi-counts: true`, counts that are returned as an object, or as rows of `{value, count}`: `GroupCounts`.
//! - `x-grinfi-wrapper: key`, a record that is returned flat, or wrapped under a key with further fields: `Aggregated<T>`.

use anyhow::Result;
use heck::ToPascalCase;
use serde_json::{Value, json};

use super::{Findings, native, replace_by_native};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        let is_string = schema["type"] == "string";
        if let Some(kind) = schema["x-grinfi-id"].as_str().filter(|_| is_string) {
            let path = format!("ids::{}Id", kind.to_pascal_case());
            replace_by_native(schema, &path);
        } else if is_string && schema["x-grinfi-secret"] == true {
            replace_by_native(schema, "Secret");
        } else if schema["x-grinfi-counts"] == true {
            replace_by_native(schema, "GroupCounts");
        } else if schema.get("x-grinfi-wrapper").is_some()
            && let Some(target) = schema.get("$ref").cloned()
        {
            *schema = native("Aggregated", vec![json!({"$ref": target})]);
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotated_schemas_get_their_types() {
        let mut doc = json!({"components": {"schemas": {"a": {"properties": {
            "list_uuid": {"type": "string", "nullable": true, "x-grinfi-id": "list", "example": "x"},
            "user_id": {"type": "integer", "x-grinfi-id": "user"},
            "password": {"type": "string", "nullable": true, "x-grinfi-secret": true},
            "name": {"type": "string"},
            "counts": {"type": "object", "x-grinfi-counts": true},
            "data": {"items": {"$ref": "#/components/schemas/lead", "x-grinfi-wrapper": "lead"}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let properties = &doc["components"]["schemas"]["a"]["properties"];
        let path =
            |schema: &Value| schema["x-rust-type"]["path"].as_str().map(str::to_owned).unwrap_or_default();
        assert_eq!(path(&properties["list_uuid"]), "grinfi_raw::ids::ListId");
        assert_eq!(properties["list_uuid"]["nullable"], true);
        assert_eq!(properties["user_id"]["type"], "integer");
        assert_eq!(path(&properties["password"]), "grinfi_raw::Secret");
        assert_eq!(properties["password"]["nullable"], true);
        assert_eq!(properties["name"], json!({"type": "string"}));
        assert_eq!(path(&properties["counts"]), "grinfi_raw::GroupCounts");
        let items = &properties["data"]["items"];
        assert_eq!(path(items), "grinfi_raw::Aggregated");
        assert_eq!(items["x-rust-type"]["parameters"], json!([{"$ref": "#/components/schemas/lead"}]));
    }
}
