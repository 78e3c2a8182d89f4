//! Turns passwords, keys and links that work without a login into `grinfi_raw::Secret`, whose `Debug` output hides them. The
//! overlay names them (`x-grinfi-secret: true`).

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
    fn replaces_marked_secrets() {
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
