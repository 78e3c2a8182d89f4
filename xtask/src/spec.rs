//! Reading a description or an overlay from disk: YAML or JSON in, a JSON tree out, and a message with file and place
//! when that fails.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::tree;

/// Reads a YAML or JSON file into a JSON tree, keeping the order of keys.
pub fn read(path: &Path) -> Result<(String, Value)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8(bytes)
        .with_context(|| format!("{} is not UTF-8 text, so it is no OpenAPI document", path.display()))?;
    let value = parse(&text, path)?;
    Ok((text, value))
}

/// Parses YAML or JSON text; `path` is only for the message.
pub fn parse(text: &str, path: &Path) -> Result<Value> {
    if text.trim_start().starts_with('<') {
        bail!("{} holds markup, not YAML or JSON; was a web page saved in its place?", path.display());
    }
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| {
            anyhow::anyhow!("{}:{}:{}: not valid JSON: {error}", path.display(), error.line(), error.column())
        });
    }
    serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location().map(|l| format!(":{}:{}", l.line(), l.column())).unwrap_or_default();
        anyhow::anyhow!("{}{place}: not valid YAML: {error}", path.display())
    })
}

/// Checks what the generator relies on, so that a wrong document is named before any pass runs.
pub fn validate(doc: &Value, path: &Path) -> Result<()> {
    let file = path.display();
    if let Some(version) = doc.get("swagger") {
        bail!("{file}: this is Swagger {version}, and OpenAPI 3.0 is needed; convert it first");
    }
    match doc.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0") => {}
        Some(version) => bail!("{file}: OpenAPI {version} is not supported, only 3.0.x"),
        None => bail!("{file}: no `openapi` version at the top; is this an OpenAPI document?"),
    }
    if !doc.get("paths").is_some_and(Value::is_object) {
        bail!("{file}#/paths: missing, or not a map");
    }
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for op in tree::operations(doc) {
        let place = op.pointer();
        let Some(id) = op.id.clone() else {
            bail!("{file}#{place}: no operationId, so the operation has no name");
        };
        if let Some(first) = seen.insert(id.clone(), place.clone()) {
            bail!("{file}#{place}: operationId `{id}` is already used at #{first}");
        }
    }
    dangling(doc, doc, "", &file.to_string())
}

fn dangling(doc: &Value, node: &Value, place: &str, file: &str) -> Result<()> {
    match node {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                let found = target.strip_prefix('#').is_some_and(|pointer| doc.pointer(pointer).is_some());
                if !found {
                    bail!("{file}#{place}: $ref `{target}` points to nothing in this document");
                }
            }
            for (key, child) in map {
                // Examples are data, not structure; a `$ref` in one means nothing.
                if key != "example" && key != "examples" {
                    dangling(doc, child, &format!("{place}/{}", tree::escape(key)), file)?;
                }
            }
            Ok(())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, child)| dangling(doc, child, &format!("{place}/{index}"), file)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn says(doc: &Value) -> String {
        validate(doc, Path::new("api.yaml")).unwrap_err().to_string()
    }

    #[test]
    fn other_versions_are_named() {
        assert_eq!(
            says(&json!({"swagger": "2.0"})),
            "api.yaml: this is Swagger \"2.0\", and OpenAPI 3.0 is needed; convert it first"
        );
        assert_eq!(
            says(&json!({"openapi": "3.1.0"})),
            "api.yaml: OpenAPI 3.1.0 is not supported, only 3.0.x"
        );
        assert!(says(&json!({})).contains("is this an OpenAPI document?"));
    }

    #[test]
    fn operations_need_a_name_of_their_own() {
        let twice = json!({"openapi": "3.0.3", "paths": {
            "/a": {"get": {"operationId": "x"}}, "/b/{id}": {"put": {"operationId": "x"}}}});
        assert_eq!(
            says(&twice),
            "api.yaml#/paths/~1b~1{id}/put: operationId `x` is already used at #/paths/~1a/get"
        );
        let nameless = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {}}}});
        assert_eq!(says(&nameless), "api.yaml#/paths/~1a/get: no operationId, so the operation has no name");
    }

    #[test]
    fn a_dangling_reference_is_placed() {
        let doc = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"operationId": "x",
            "parameters": [{"$ref": "#/components/parameters/gone"}]}}}});
        assert_eq!(
            says(&doc),
            "api.yaml#/paths/~1a/get/parameters/0: $ref `#/components/parameters/gone` points to nothing in this document"
        );
    }

    #[test]
    fn text_errors_carry_the_place() {
        let path = Path::new("api.yaml");
        let yaml = parse("paths:\n  - a\n b: [", path).unwrap_err().to_string();
        assert!(yaml.starts_with("api.yaml:3:") && yaml.contains("not valid YAML"), "{yaml}");
        let json = parse("{\n  \"a\": ]", path).unwrap_err().to_string();
        assert!(json.starts_with("api.yaml:2:8: not valid JSON"), "{json}");
        let html = parse("<!doctype html><p>no</p>", path).unwrap_err().to_string();
        assert!(html.contains("web page"), "{html}");
    }
}
