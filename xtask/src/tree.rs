//! Visits the operations and schemas of an OpenAPI document, as a JSON tree.

use anyhow::Result;
use serde_json::{Map, Value};

/// The keys of a path item that are operations.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The location of an operation, and its id.
#[derive(Debug, Clone)]
pub struct OpName {
    /// The path template.
    pub path: String,
    /// The method, lower case as in the document.
    pub method: String,
    /// The `operationId`, if there is one.
    pub id: Option<String>,
}

impl OpName {
    /// The JSON pointer to the operation.
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escape(&self.path), self.method)
    }

    /// The name of the operation in messages.
    pub fn label(&self) -> &str {
        self.id.as_deref().unwrap_or("(unnamed)")
    }
}

/// Escapes one step of a JSON pointer (RFC 6901).
pub fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// The target of a reference within the document.
pub fn target<'a>(doc: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    doc.pointer(pointer).or_else(|| doc.pointer(&percent_decoded(pointer)?))
}

/// Decodes a pointer in a URI fragment, which may be percent-encoded (RFC 6901, section 6).
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(tail.get(..2)?).ok()?, 16).ok()?);
            rest = tail.get(2..)?;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// All operations, in the document's order.
pub fn operations(doc: &Value) -> Vec<OpName> {
    let mut found = Vec::new();
    for (path, item) in doc.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, op) in item.as_object().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                let id = op.get("operationId").and_then(Value::as_str).map(str::to_owned);
                found.push(OpName { path: path.clone(), method: method.clone(), id });
            }
        }
    }
    found
}

/// The operation itself.
pub fn operation<'a>(doc: &'a Value, op: &OpName) -> Option<&'a Map<String, Value>> {
    doc.get("paths")?.get(&op.path)?.get(&op.method)?.as_object()
}

/// Calls `visit` for each operation.
pub fn for_each_operation(
    doc: &mut Value,
    mut visit: impl FnMut(&OpName, &mut Map<String, Value>) -> Result<()>,
) -> Result<()> {
    for op in operations(doc) {
        let target = doc
            .get_mut("paths")
            .and_then(|paths| paths.get_mut(&op.path))
            .and_then(|item| item.get_mut(&op.method))
            .and_then(Value::as_object_mut);
        if let Some(target) = target {
            visit(&op, target)?;
        }
    }
    Ok(())
}

/// Calls `visit` for every schema of the document, inner ones first, with a name made of its location:
/// `lead-status`, `create-flow-body-schedule`.
pub fn for_each_schema(doc: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(components) = doc.get_mut("components").and_then(Value::as_object_mut) {
        for (name, schema) in object(components.get_mut("schemas")) {
            descend(name, schema, visit);
        }
        for (name, parameter) in object(components.get_mut("parameters")) {
            if let Some(schema) = parameter.get_mut("schema") {
                descend(name, schema, visit);
            }
        }
    }
    for op in operations(doc) {
        let id = op.label().to_owned();
        let Some(target) = doc.pointer_mut(&op.pointer()) else { continue };
        for parameter in array(target.get_mut("parameters")) {
            let name = format!("{id}-{}", parameter["name"].as_str().unwrap_or("parameter"));
            if let Some(schema) = parameter.get_mut("schema") {
                descend(&name, schema, visit);
            }
        }
        if let Some(body) = target.get_mut("requestBody") {
            content(&format!("{id}-body"), body, visit);
        }
        for (_, response) in object(target.get_mut("responses")) {
            content(&format!("{id}-response"), response, visit);
        }
    }
}

fn content(name: &str, holder: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    for (_, media) in object(holder.get_mut("content")) {
        if let Some(schema) = media.get_mut("schema") {
            descend(name, schema, visit);
        }
    }
}

/// Visits a schema and everything below it, inner ones first.
pub fn descend(name: &str, schema: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    for (property, child) in object(schema.get_mut("properties")) {
        descend(&format!("{name}-{property}"), child, visit);
    }
    if let Some(items) = schema.get_mut("items") {
        descend(&format!("{name}-item"), items, visit);
    }
    if let Some(values) = schema.get_mut("additionalProperties").filter(|v| v.is_object()) {
        descend(&format!("{name}-value"), values, visit);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in array(schema.get_mut(key)) {
            descend(name, part, visit);
        }
    }
    if let Some(inner) = schema.get_mut("not") {
        descend(name, inner, visit);
    }
    visit(name, schema);
}

/// Collects the names of the component schemas that `node` refers to directly.
pub fn references(node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(map) => {
            if let Some(name) = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| target.strip_prefix("#/components/schemas/"))
            {
                found.push(name.to_owned());
            }
            map.iter().filter(|(key, _)| *key != "example").for_each(|(_, child)| references(child, found));
        }
        Value::Array(items) => items.iter().for_each(|child| references(child, found)),
        _ => {}
    }
}

/// The entries of a map that may be missing.
pub fn object(value: Option<&mut Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    value.and_then(Value::as_object_mut).into_iter().flat_map(|map| map.iter_mut())
}

/// The elements of a list that may be missing.
pub fn array(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_array_mut).into_iter().flatten()
}
