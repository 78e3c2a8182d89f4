//! A record that arrives flat or wrapped under a key with extras beside it (overlay: `x-grinfi-wrapper: key`) becomes
//! `grinfi_raw::Aggregated<T>`, which reads both.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Findings, native};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        if schema.get("x-grinfi-wrapper").is_some()
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
    fn a_marked_reference_is_wrapped() {
        let mut doc = json!({"components": {"schemas": {"page": {"properties": {"data": {"items":
            {"$ref": "#/components/schemas/lead", "x-grinfi-wrapper": "lead"}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let items = &doc["components"]["schemas"]["page"]["properties"]["data"]["items"];
        assert_eq!(items["x-rust-type"]["path"], "grinfi_raw::Aggregated");
        assert_eq!(items["x-rust-type"]["parameters"], json!([{"$ref": "#/components/schemas/lead"}]));
    }
}
