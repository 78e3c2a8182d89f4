//! Reads descriptions and overlays: parses YAML or JSON into a JSON tree, and reports the file and position of errors.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use heck::ToSnakeCase;
use serde_json::Value;

use crate::{normalize::names, tree};

/// Reads a YAML or JSON file into a JSON tree, keeping the order of keys.
pub fn read(path: &Path) -> Result<(String, Value)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))?;
    let value = parse(&text, path)?;
    Ok((text, value))
}

/// Parses YAML or JSON text; `path` is only for the message.
pub fn parse(text: &str, path: &Path) -> Result<Value> {
    if text.trim_start().starts_with('<') {
        bail!("{} is markup, not YAML or JSON; was a web page saved instead of the file?", path.display());
    }
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| {
            let remedy = if error.is_eof() { "; is the file complete?" } else { "" };
            let place = format!("{}:{}:{}", path.display(), error.line(), error.column());
            anyhow::anyhow!("{place}: not valid JSON: {error}{remedy}")
        });
    }
    serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location().map(|l| format!(":{}:{}", l.line(), l.column())).unwrap_or_default();
        let error = error.to_string();
        let remedy = if error.contains("tabs") { " (indent with spaces, not with tabs)" } else { "" };
        anyhow::anyhow!("{}{place}: not valid YAML{remedy}: {error}", path.display())
    })
}

/// Checks the requirements of the generator, so that an invalid document is rejected before any pass runs.
pub fn validate(doc: &Value, path: &Path) -> Result<()> {
    let file = path.display();
    if let Some(version) = doc.get("swagger") {
        bail!("{file}: this is Swagger {version}, and OpenAPI 3.0 is needed; convert it first");
    }
    match doc.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0") => {}
        Some(version) => bail!(
            "{file}: OpenAPI {version} is not supported, only 3.0.x; ask for the description in 3.0, or convert it first"
        ),
        None => bail!("{file}: no `openapi` version at the top; is this an OpenAPI document?"),
    }
    if !doc.get("paths").is_some_and(Value::is_object) {
        bail!("{file}#/paths: missing, or not a map; is the file complete?");
    }
    names(doc, &file.to_string())?;
    references(doc, doc, "", &file.to_string())
}

/// Checks that no two operations lead to the same method name.
fn names(doc: &Value, file: &str) -> Result<()> {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut methods: BTreeMap<String, (String, String)> = BTreeMap::new();
    for op in tree::operations(doc) {
        let place = op.pointer();
        let name = names::name_of(&op);
        if let Some(first) = ids.insert(name.clone(), place.clone()) {
            bail!("{file}#{place}: operationId `{name}` is already used at #{first}; change one of them");
        }
        let method = name.to_snake_case();
        if let Some((other, first)) = methods.insert(method.clone(), (name.clone(), place.clone())) {
            bail!(
                "{file}#{place}: operationId `{name}` leads to the same method `{method}` as `{other}` at #{first}; \
                 rename one of them, in the description or by an action of the overlay"
            );
        }
    }
    Ok(())
}

/// Checks that every reference has a target in this document.
fn references(doc: &Value, node: &Value, place: &str, file: &str) -> Result<()> {
    match node {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                check_reference(doc, target).with_context(|| format!("{file}#{place}"))?;
            }
            for (key, child) in map {
                // Examples are data, not structure; a `$ref` in one means nothing.
                if key != "example" && key != "examples" {
                    references(doc, child, &format!("{place}/{}", tree::escape(key)), file)?;
                }
            }
            Ok(())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, child)| references(doc, child, &format!("{place}/{index}"), file)),
        _ => Ok(()),
    }
}

fn check_reference(doc: &Value, reference: &str) -> Result<()> {
    let mut followed = vec![reference];
    loop {
        let target = followed.last().copied().unwrap_or(reference);
        if !target.starts_with('#') {
            bail!("$ref `{target}` points to another document; bundle the files into one first");
        }
        let Some(node) = tree::target(doc, target) else {
            bail!("$ref `{target}` has no target in this document; is the file complete?");
        };
        let Some(next) = node.get("$ref").and_then(Value::as_str) else { return Ok(()) };
        if followed.contains(&next) {
            followed.push(next);
            bail!("$ref is circular: {}", followed.join(" → "));
        }
        followed.push(next);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(doc: &Value) -> String {
        format!("{:#}", validate(doc, Path::new("api.yaml")).unwrap_err())
    }

    #[test]
    fn rejects_other_versions() {
        assert_eq!(
            error(&json!({"swagger": "2.0"})),
            "api.yaml: this is Swagger \"2.0\", and OpenAPI 3.0 is needed; convert it first"
        );
        assert_eq!(
            error(&json!({"openapi": "3.1.0"})),
            "api.yaml: OpenAPI 3.1.0 is not supported, only 3.0.x; ask for the description in 3.0, or convert it first"
        );
        assert!(error(&json!({})).contains("is this an OpenAPI document?"));
    }

    #[test]
    fn operation_ids_must_be_unique() {
        let twice = json!({"openapi": "3.0.3", "paths": {
            "/a": {"get": {"operationId": "x"}}, "/b/{id}": {"put": {"operationId": "x"}}}});
        assert_eq!(
            error(&twice),
            "api.yaml#/paths/~1b~1{id}/put: operationId `x` is already used at #/paths/~1a/get; change one of them"
        );
        let alike = json!({"openapi": "3.0.3", "paths": {
            "/a": {"get": {"operationId": "getUser"}, "put": {"operationId": "get_user"}}}});
        assert_eq!(
            error(&alike),
            "api.yaml#/paths/~1a/put: operationId `get_user` leads to the same method `get_user` as `getUser` at \
             #/paths/~1a/get; rename one of them, in the description or by an action of the overlay"
        );
        let nameless =
            json!({"openapi": "3.0.3", "paths": {"/a": {"get": {}, "put": {"operationId": "getA"}}}});
        assert!(error(&nameless).contains("operationId `getA` is already used"), "{}", error(&nameless));
    }

    #[test]
    fn dangling_reference_is_reported_with_its_location() {
        let doc = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"operationId": "x",
            "parameters": [{"$ref": "#/components/parameters/missing"}]}}}});
        assert_eq!(
            error(&doc),
            "api.yaml#/paths/~1a/get/parameters/0: $ref `#/components/parameters/missing` has no target in this document; is the file complete?"
        );
        let refers = |target: &str| {
            json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {
                "a": {"$ref": target}, "b": {"$ref": "#/components/schemas/a"}}}})
        };
        assert_eq!(
            error(&refers("common.yaml#/a")),
            "api.yaml#/components/schemas/a: $ref `common.yaml#/a` points to another document; bundle the files into one first"
        );
        assert_eq!(
            error(&refers("#/components/schemas/b")),
            "api.yaml#/components/schemas/a: $ref is circular: \
             #/components/schemas/b → #/components/schemas/a → #/components/schemas/b"
        );
    }

    #[test]
    fn syntax_errors_have_a_position() {
        let path = Path::new("api.yaml");
        let yaml = parse("paths:\n  - a\n b: [", path).unwrap_err().to_string();
        assert!(yaml.starts_with("api.yaml:3:") && yaml.contains("not valid YAML"), "{yaml}");
        let json = parse("{\n  \"a\": ]", path).unwrap_err().to_string();
        assert!(json.starts_with("api.yaml:2:8: not valid JSON"), "{json}");
        let html = parse("<!doctype html><p>no</p>", path).unwrap_err().to_string();
        assert!(html.contains("web page"), "{html}");
    }
}
