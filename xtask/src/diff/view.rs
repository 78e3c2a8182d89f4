//! A schema with references followed and `allOf` merged, so that only its meaning counts and not how it is
//! written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::tree;

/// The keywords that bound a value, and the direction in which each gets tighter.
pub const BOUNDS: [(&str, Tighter); 11] = [
    ("minimum", Tighter::Higher),
    ("maximum", Tighter::Lower),
    ("exclusiveMinimum", Tighter::Unknown),
    ("exclusiveMaximum", Tighter::Unknown),
    ("minLength", Tighter::Higher),
    ("maxLength", Tighter::Lower),
    ("minItems", Tighter::Higher),
    ("maxItems", Tighter::Lower),
    ("multipleOf", Tighter::Unknown),
    ("pattern", Tighter::Unknown),
    ("uniqueItems", Tighter::Unknown),
];

/// How a bound gets tighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tighter {
    /// A higher value is tighter.
    Higher,
    /// A lower value is tighter.
    Lower,
    /// Unknown.
    Unknown,
}

/// The additional fields that an object accepts.
#[derive(Debug, Default)]
pub enum Extra<'a> {
    /// Anything.
    #[default]
    Any,
    /// None.
    Refused,
    /// Values of this schema.
    Of(&'a Value),
}

/// A schema, resolved one level deep.
#[derive(Debug, Default)]
pub struct View<'a> {
    /// `string`, `object` and so on; `any` without one.
    pub kind: &'a str,
    pub format: Option<&'a str>,
    pub nullable: bool,
    pub deprecated: bool,
    /// `readOnly` or `writeOnly`.
    pub access: Option<&'static str>,
    /// The listed values, without null.
    pub values: Option<Vec<&'a Value>>,
    pub fields: Vec<(&'a str, &'a Value)>,
    pub required: BTreeSet<&'a str>,
    pub items: Option<&'a Value>,
    pub extra: Extra<'a>,
    /// `oneOf` and `anyOf`.
    pub variants: Vec<&'a Value>,
    pub discriminator: Option<&'a str>,
    pub bounds: BTreeMap<&'a str, &'a Value>,
    pub default: Option<&'a Value>,
}

/// The component that a schema only refers to, and whether the reference adds null.
///
/// OpenAPI 3.0 allows no siblings of a reference, so authors write `allOf: [{$ref}]` with a description; that counts as
/// a reference too.
pub fn reference(schema: &Value) -> Option<(&str, bool)> {
    const SIBLINGS: [&str; 6] = ["allOf", "description", "title", "example", "nullable", "externalDocs"];
    if let Some(name) = named(schema) {
        return Some((name, false));
    }
    let map = schema.as_object()?;
    let [only] = map.get("allOf")?.as_array()?.as_slice() else { return None };
    if map.keys().any(|key| !SIBLINGS.contains(&key.as_str()) && !key.starts_with("x-")) {
        return None;
    }
    Some((named(only)?, schema.get("nullable") == Some(&Value::Bool(true))))
}

fn named(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// Follows `$ref` to its target. A dangling chain, which validation rejects, ends at its last element.
pub fn follow<'a>(doc: &'a Value, mut node: &'a Value) -> &'a Value {
    for _ in 0..64 {
        match node.get("$ref").and_then(Value::as_str).and_then(|target| tree::target(doc, target)) {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

/// Builds the view of a schema.
pub fn view<'a>(doc: &'a Value, schema: &'a Value) -> View<'a> {
    let mut found = View::default();
    gather(doc, schema, &mut found, &mut Vec::new());
    if found.kind.is_empty() {
        found.kind = guess(&found);
    }
    found
}

fn guess(view: &View<'_>) -> &'static str {
    if !view.variants.is_empty() {
        "union"
    } else if !view.fields.is_empty() {
        "object"
    } else if view.items.is_some() {
        "array"
    } else if view.values.as_ref().is_some_and(|values| values.iter().all(|value| value.is_string())) {
        "string"
    } else {
        "any"
    }
}

fn gather<'a>(doc: &'a Value, schema: &'a Value, into: &mut View<'a>, open: &mut Vec<*const Value>) {
    let schema = follow(doc, schema);
    let Some(map) = schema.as_object() else { return };
    // A schema that contains itself through `allOf` adds nothing the second time.
    if open.contains(&std::ptr::from_ref(schema)) {
        return;
    }
    open.push(schema);
    for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        gather(doc, part, into, open);
    }
    open.pop();

    let text = |key: &str| map.get(key).and_then(Value::as_str);
    let list = |key: &str| map.get(key).and_then(Value::as_array).into_iter().flatten();
    if let Some(kind) = text("type") {
        into.kind = kind;
    }
    into.format = text("format").or(into.format);
    into.nullable |= map.get("nullable") == Some(&Value::Bool(true));
    into.deprecated |= map.get("deprecated") == Some(&Value::Bool(true));
    for key in ["readOnly", "writeOnly"] {
        if map.get(key) == Some(&Value::Bool(true)) {
            into.access = Some(key);
        }
    }
    if map.contains_key("enum") {
        into.values = Some(list("enum").filter(|value| !value.is_null()).collect());
    }
    for (name, field) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
        match into.fields.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = field,
            None => into.fields.push((name, field)),
        }
    }
    into.required.extend(list("required").filter_map(Value::as_str));
    into.items = map.get("items").or(into.items);
    match map.get("additionalProperties") {
        Some(Value::Bool(false)) => into.extra = Extra::Refused,
        Some(of) if of.as_object().is_some_and(|of| !of.is_empty()) => into.extra = Extra::Of(of),
        _ => {}
    }
    for key in ["oneOf", "anyOf"] {
        into.variants.extend(list(key));
    }
    if let Some(property) = map.get("discriminator").and_then(|by| by.get("propertyName")) {
        into.discriminator = property.as_str();
    }
    for (key, _) in BOUNDS {
        if let Some(bound) = map.get(key) {
            into.bounds.insert(key, bound);
        }
    }
    into.default = map.get("default").or(into.default);
}
