//! Each listing has its own envelope in the description, all similar and none reliable. The response of an operation with
//! pagination (overlay: `x-grinfi-paging`) becomes `grinfi_raw::Page<T>`, which decodes every known envelope.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Findings, native};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let mut hoisted: Vec<(String, Value)> = Vec::new();
    tree::for_each_operation(doc, |name, op| {
        if !op.contains_key("x-grinfi-paging") {
            return Ok(());
        }
        let schema = op
            .get_mut("responses")
            .and_then(|responses| responses.pointer_mut("/2XX/content/application~1json/schema"));
        let items = schema.as_ref().and_then(|schema| {
            schema.pointer("/properties/data/items").or_else(|| schema.get("items")).cloned()
        });
        match (schema, items) {
            (Some(schema), Some(items)) => {
                // typify parses type parameters as plain JSON Schema. An inline schema becomes a component, so that OpenAPI's own
                // keywords in it keep their meaning.
                let plain = items.get("$ref").is_some() || items.get("x-rust-type").is_some();
                let parameter = if plain || !items.get("properties").is_some_and(Value::is_object) {
                    items
                } else {
                    let title = items.get("title").and_then(Value::as_str);
                    let key = title.map_or_else(|| format!("{}-item", name.label()), str::to_owned);
                    let reference = json!({"$ref": format!("#/components/schemas/{key}")});
                    hoisted.push((key, items));
                    reference
                };
                *schema = native("Page", vec![parameter]);
                Ok(())
            }
            _ => bail!("#{} has pagination, but its response has neither `data` nor a list", name.pointer()),
        }
    })?;
    if !hoisted.is_empty() {
        let schemas = doc
            .pointer_mut("/components/schemas")
            .and_then(Value::as_object_mut)
            .context("#/components/schemas is missing, and the rows of listings need it")?;
        schemas.extend(hoisted);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn doc(schema: Value) -> Value {
        json!({"paths": {"/a": {"get": {"operationId": "x", "x-grinfi-paging": {"at": "none"},
            "responses": {"2XX": {"content": {"application/json": {"schema": schema}}}}}}}})
    }

    #[test]
    fn envelopes_and_bare_lists_become_pages() {
        let item = json!({"$ref": "#/components/schemas/tag"});
        for schema in [
            json!({"type": "object", "properties": {"data": {"type": "array", "items": item}}}),
            json!({"type": "array", "items": item}),
        ] {
            let mut doc = doc(schema);
            run(&mut doc, &mut Findings::default()).unwrap();
            let schema =
                &doc["paths"]["/a"]["get"]["responses"]["2XX"]["content"]["application/json"]["schema"];
            assert_eq!(schema["x-rust-type"]["path"], "grinfi_raw::Page");
            assert_eq!(schema["x-rust-type"]["parameters"], json!([item]));
        }
    }

    #[test]
    fn inline_rows_become_components() {
        let mut doc =
            doc(json!({"type": "array", "items": {"title": "row", "properties": {"a": {"type": "string"}}}}));
        doc["components"] = json!({"schemas": {}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(doc["components"]["schemas"]["row"]["properties"]["a"], json!({"type": "string"}));
    }

    #[test]
    fn page_without_rows_is_reported() {
        let error = run(&mut doc(json!({"type": "object"})), &mut Findings::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "#/paths/~1a/get has pagination, but its response has neither `data` nor a list"
        );
    }
}
