//! Passwords, keys and links that work without either must not be printed, but generated records print all fields. A string
//! that the overlay marks (`x-grinfi-secret: true`) becomes `grinfi_raw::Secret`, whose `Debug` is redacted.

use anyhow::Result;
use serde_json::Value;

use super::{Findings, replace_by_native};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        if schema.get("type").and_then(Value::as_str) == Some("string") && schema["x-grinfi-secret"] == true {
            replace_by_native(schema, "Secret");
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marked_secret_gets_its_type() {
        let mut doc = json!({"components": {"schemas": {"a": {"properties": {
            "password": {"type": "string", "nullable": true, "x-grinfi-secret": true},
            "name": {"type": "string"}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let properties = &doc["components"]["schemas"]["a"]["properties"];
        assert_eq!(properties["password"]["x-rust-type"]["path"], "grinfi_raw::Secret");
        assert_eq!(properties["password"]["nullable"], true);
        assert_eq!(properties["name"], json!({"type": "string"}));
    }
}
