//! Passes over the JSON tree that turn a vendor's description into one that progenitor supports. Each pass has one purpose.
//! They do not depend on this API; the overlay has its special cases.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

mod annotated;
mod bounds;
mod collisions;
mod defaults;
mod enums;
mod errors;
mod inline;
mod media;
mod multipart;
pub mod names;
mod nullable;
mod pages;
mod parameters;
mod prune;
mod query_objects;
mod required_groups;
mod responses;
mod success;

pub use enums::OpenEnum;

/// What the passes found and removed from the tree.
#[derive(Debug, Default)]
pub struct Findings {
    /// The enumerations, each of which becomes an open Rust enum.
    pub enums: Vec<OpenEnum>,
    /// The enumeration at each location: as recorded before the passes, updated by them.
    pub places: BTreeMap<String, String>,
}

type Pass = fn(&mut Value, &mut Findings) -> Result<()>;

/// The passes in order.
const PASSES: &[(&str, Pass)] = &[
    ("inline", inline::run),
    ("media", media::run),
    ("parameters", parameters::run),
    ("collisions", collisions::run),
    ("required_groups", required_groups::run),
    ("bounds", bounds::run),
    ("defaults", defaults::run),
    ("errors", errors::run),
    ("success", success::run),
    ("multipart", multipart::run),
    ("query_objects", query_objects::run),
    ("enums", enums::run),
    ("annotated", annotated::run),
    ("nullable", nullable::run),
    ("pages", pages::run),
    ("responses", responses::run),
];

/// Names operations without an id. Runs first, because tables and models need names too.
pub fn name_operations(doc: &mut Value) -> Result<()> {
    names::run(doc)
}

/// Runs all passes. `places` are the recorded enumerations.
pub fn run(doc: &mut Value, places: BTreeMap<String, String>) -> Result<Findings> {
    let mut findings = Findings { places, ..Default::default() };
    let before = prune::referenced(doc);
    for (name, pass) in PASSES {
        pass(doc, &mut findings).with_context(|| format!("normalize pass `{name}`"))?;
    }
    prune::run(doc, &before);
    drop_unused_enums(doc, &mut findings);
    Ok(findings)
}

/// Removes enumerations that the document no longer uses.
pub fn drop_unused_enums(doc: &Value, findings: &mut Findings) {
    let rest = doc.to_string();
    let Findings { enums, places } = findings;
    enums.retain(|item| rest.contains(&format!("\"grinfi_raw::enums::{}\"", item.name)));
    places.retain(|_, name| enums.iter().any(|item| item.name == *name));
}

/// Removes the component schemas that no operation needs.
pub fn drop_unreachable(doc: &mut Value) {
    let mut roots = Vec::new();
    for part in ["/paths", "/components/parameters", "/components/responses", "/components/requestBodies"] {
        if let Some(part) = doc.pointer(part) {
            crate::tree::references(part, &mut roots);
        }
    }
    let needed = prune::closure(doc, roots);
    if let Some(schemas) = doc.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.retain(|name, _| needed.contains(name));
    }
}

/// A schema for which typify uses the type `grinfi_raw::path` with type parameters.
fn native(path: &str, parameters: Vec<Value>) -> Value {
    serde_json::json!({
        "x-rust-type": {"crate": "grinfi-raw", "version": "*", "path": format!("grinfi_raw::{path}"),
                        "parameters": parameters}
    })
}

/// Replaces `schema` with a type of ours without parameters; keeps its description and `nullable`.
fn replace_by_native(schema: &mut Value, path: &str) {
    let mut replacement = native(path, Vec::new());
    for key in ["description", "nullable"] {
        if let Some(kept) = schema.get(key) {
            replacement[key] = kept.clone();
        }
    }
    *schema = replacement;
}
