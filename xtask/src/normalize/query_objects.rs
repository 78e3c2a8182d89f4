//! Objects in the query. progenitor rejects `deepObject`, and flattens other objects to `?field=v`, the default of OpenAPI,
//! which this API ignores silently (overlay: `x-grinfi-filter: brackets`). Both become `grinfi_raw::Brackets`, which is
//! encoded as `name[field][op]=v`.

use anyhow::Result;
use serde_json::Value;

use super::{Findings, native};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    if let Some(components) = doc.get_mut("components") {
        tree::object(components.get_mut("parameters")).for_each(|(_, parameter)| rewrite(parameter, false));
    }
    tree::for_each_operation(doc, |_, op| {
        let brackets = op.get("x-grinfi-filter").and_then(Value::as_str) == Some("brackets");
        tree::array(op.get_mut("parameters")).for_each(|parameter| rewrite(parameter, brackets));
        Ok(())
    })
}

fn rewrite(parameter: &mut Value, brackets: bool) {
    let deep = parameter.get("style").and_then(Value::as_str) == Some("deepObject");
    let is_object = parameter.pointer("/schema/type").and_then(Value::as_str) == Some("object")
        || parameter.pointer("/schema/properties").is_some();
    if parameter["in"] == "query" && (deep || brackets && is_object) {
        parameter["schema"] = native("Brackets", Vec::new());
        if let Some(map) = parameter.as_object_mut() {
            map.shift_remove("style");
            map.shift_remove("explode");
            map.shift_remove("example");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_become_brackets_and_scalars_stay() {
        let mut doc = json!({"paths": {"/a": {"get": {"operationId": "x", "parameters": [
            {"in": "query", "name": "filter", "style": "deepObject", "explode": true,
             "schema": {"type": "object", "properties": {"q": {"type": "string"}}}},
            {"in": "query", "name": "search", "schema": {"type": "string"}},
            {"in": "query", "name": "page", "schema": {"type": "object", "properties": {}}}]},
            "put": {"operationId": "y", "x-grinfi-filter": "brackets", "parameters": [
            {"in": "query", "name": "filter", "schema": {"type": "object"}}]}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        let parameters = &doc["paths"]["/a"]["get"]["parameters"];
        assert_eq!(parameters[0]["schema"]["x-rust-type"]["path"], "grinfi_raw::Brackets");
        assert!(parameters[0].get("style").is_none());
        assert_eq!(parameters[1]["schema"], json!({"type": "string"}));
        assert_eq!(parameters[2]["schema"], json!({"type": "object", "properties": {}}));
        let parameters = &doc["paths"]["/a"]["put"]["parameters"];
        assert_eq!(parameters[0]["schema"]["x-rust-type"]["path"], "grinfi_raw::Brackets");
    }
}
