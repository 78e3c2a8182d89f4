//! Counts by value are returned as an object from value to number, or as rows of `{value, count}` in `data`. A response that
//! the overlay marks (`x-grinfi-counts: true`) becomes `grinfi_raw::GroupCounts`, which decodes both.

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
    fn marked_counts_get_their_type() {
        let schema =
            json!({"type": "object", "additionalProperties": {"type": "integer"}, "x-grinfi-counts": true});
        let mut doc = json!({"paths": {"/a": {"get": {"operationId": "x", "responses": {"200": {"content":
            {"application/json": {"schema": schema}}}}}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let schema = doc.pointer("/paths/~1a/get/responses/200/content/application~1json/schema").unwrap();
        assert_eq!(schema["x-rust-type"]["path"], "grinfi_raw::GroupCounts");
    }
}
