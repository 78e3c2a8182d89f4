//! Turns the response of a listing (overlay: `x-grinfi-paging`) into `grinfi_raw::Page<T>`, which decodes every envelope that
//! the API has been seen to send. The envelopes of the description are similar and not reliable.

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
                // typify reads a type parameter as plain JSON Schema. An inline schema becomes a component, so that
                // its OpenAPI keywords keep their meaning.
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
            _ => bail!("#{} has x-grinfi-paging, but its response has no `data` and is not a list", name.pointer()),
        }
    })?;
    if !hoisted.is_empty() {
        let schemas = doc
            .pointer_mut("/components/schemas")
            .and_then(Value::as_object_mut)
            .context("the document has no #/components/schemas for the rows of listings")?;
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
    fn turns_envelopes_and_lists_into_pages() {
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
    fn turns_inline_rows_into_components() {
        let mut doc =
            doc(json!({"type": "array", "items": {"title": "row", "properties": {"a": {"type": "string"}}}}));
        doc["components"] = json!({"schemas": {}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(doc["components"]["schemas"]["row"]["properties"]["a"], json!({"type": "string"}));
    }

    #[test]
    fn rejects_pages_without_rows() {
        let error = run(&mut doc(json!({"type": "object"})), &mut Findings::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "#/paths/~1a/get has x-grinfi-paging, but its response has no `data` and is not a list"
        );
    }
}
