//! Parameters with a style that progenitor does not support: lists separated by pipes, spaces or commas, lists and objects
//! in a path or header, JSON in the query, cookies. Each becomes the text that is sent, and its description explains the
//! format.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::Findings;
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    let shared = doc.clone();
    if let Some(components) = doc.get_mut("components") {
        tree::object(components.get_mut("parameters")).for_each(|(_, parameter)| convert(&shared, parameter));
    }
    tree::for_each_operation(doc, |_, op| {
        tree::array(op.get_mut("parameters")).for_each(|parameter| convert(&shared, parameter));
        cookies(op);
        Ok(())
    })
}

/// The format of a parameter as a text, if progenitor does not support its style.
fn text_format(doc: &Value, parameter: &Value) -> Option<&'static str> {
    if parameter.get("content").is_some_and(Value::is_object) {
        return Some("JSON");
    }
    let mut schema = parameter.get("schema")?;
    while let Some(next) =
        schema.get("$ref").and_then(Value::as_str).and_then(|target| tree::target(doc, target))
    {
        schema = next;
    }
    let kind = schema.get("type").and_then(Value::as_str);
    let style = parameter.get("style").and_then(Value::as_str);
    let exploded = parameter.get("explode").and_then(Value::as_bool);
    match (parameter["in"].as_str()?, kind?, style) {
        ("query", "array", Some("pipeDelimited")) if exploded != Some(true) => {
            Some("values separated by `|`")
        }
        ("query", "array", Some("spaceDelimited")) if exploded != Some(true) => {
            Some("values separated by spaces")
        }
        ("query", "array", _) if exploded == Some(false) => Some("values separated by commas"),
        ("path" | "header", "array", None | Some("simple")) => Some("values separated by commas"),
        ("path" | "header", "object", None | Some("simple")) => Some("names and values separated by commas"),
        _ => None,
    }
}

fn convert(doc: &Value, parameter: &mut Value) {
    let Some(format) = text_format(doc, parameter) else { return };
    let Some(map) = parameter.as_object_mut() else { return };
    for key in ["content", "style", "explode", "example", "examples"] {
        map.shift_remove(key);
    }
    map.insert("schema".into(), json!({"type": "string"}));
    let before =
        map.get("description").and_then(Value::as_str).map(|text| format!("{text} ")).unwrap_or_default();
    map.insert("description".into(), format!("{before}Sent as {format}.").into());
}

/// Joins the cookies of an operation into one header.
fn cookies(op: &mut Map<String, Value>) {
    let Some(parameters) = op.get_mut("parameters").and_then(Value::as_array_mut) else { return };
    let mut names: Vec<String> = Vec::new();
    let mut required = false;
    parameters.retain(|parameter| {
        let cookie = parameter["in"] == "cookie";
        if cookie {
            names.extend(parameter["name"].as_str().map(|name| format!("{name}=…")));
            required |= parameter["required"] == true;
        }
        !cookie
    });
    if !names.is_empty() {
        parameters.push(
            json!({"in": "header", "name": "cookie", "required": required, "schema": {"type": "string"},
            "description": format!("The cookies: `{}`.", names.join("; "))}),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_with_an_unsupported_style_become_text() {
        let list = || json!({"type": "array", "items": {"type": "integer"}});
        let mut doc = json!({"paths": {"/a": {"get": {"parameters": [
            {"in": "query", "name": "bars", "style": "pipeDelimited", "explode": false, "schema": list(), "description": "Ids."},
            {"in": "query", "name": "many", "schema": list()},
            {"in": "path", "name": "ids", "schema": {"$ref": "#/components/schemas/ids"}},
            {"in": "query", "name": "near", "content": {"application/json": {"schema": {}}}},
            {"in": "cookie", "name": "a", "schema": {"type": "string"}},
            {"in": "cookie", "name": "b", "required": true, "schema": {"type": "string"}}]}}},
            "components": {"schemas": {"ids": list()}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        assert_eq!(
            doc["paths"]["/a"]["get"]["parameters"],
            json!([
                {"in": "query", "name": "bars", "schema": {"type": "string"}, "description": "Ids. Sent as values separated by `|`."},
                {"in": "query", "name": "many", "schema": list()},
                {"in": "path", "name": "ids", "schema": {"type": "string"}, "description": "Sent as values separated by commas."},
                {"in": "query", "name": "near", "schema": {"type": "string"}, "description": "Sent as JSON."},
                {"in": "header", "name": "cookie", "required": true, "schema": {"type": "string"},
                 "description": "The cookies: `a=…; b=…`."}])
        );
    }
}
