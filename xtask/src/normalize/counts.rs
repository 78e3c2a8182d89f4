//! Turns counts by value into `grinfi_raw::GroupCounts`, which decodes both forms that the API sends: an object from value
//! to number, and rows of `{value, count}` in `data`. The overlay names these responses (`x-grinfi-counts: true`).

use anyhow::Result;
use serde_json::Value;

use super::{Findings, replace_by_native};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_schema(doc, &mut |_, schema| {
        if schema["x-grinfi-counts"] == true {
            replace_by_native(schema, "GroupCounts");
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn replaces_marked_counts() {
        let schema =
            json!({"type": "object", "additionalProperties": {"type": "integer"}, "x-grinfi-counts": true});
        let mut doc = json!({"paths": {"/a": {"get": {"operationId": "x", "responses": {"200": {"content":
            {"application/json": {"schema": schema}}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let schema = doc.pointer("/paths/~1a/get/responses/200/content/application~1json/schema").unwrap();
        assert_eq!(schema["x-rust-type"]["path"], "grinfi_raw::GroupCounts");
    }
}
