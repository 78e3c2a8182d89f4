//! Passwords, keys and links that open without either must not be printed, and generated records print all they have. A text
//! that the overlay names (`x-grinfi-secret: true`) becomes `grinfi_raw::Secret`, whose `Debug` is silent.

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
    fn a_named_secret_gets_its_type() {
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
