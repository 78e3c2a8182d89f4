//! Passes over the API description that rewrite what progenitor cannot generate code for. They work for any description;
//! everything specific to this API is in the overlay.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

mod aggregates;
mod response_properties;
mod bounds;
mod collisions;
mod counts;
mod defaults;
mod enums;
mod errors;
mod ids;
mod inline;
mod media;
mod multipart;
pub mod operation_names;
mod nullable;
mod pages;
mod parameters;
mod prune;
mod query_objects;
mod required_groups;
mod secrets;
mod success;

pub use enums::OpenEnum;

/// Results of the passes that are not in the document.
#[derive(Debug, Default)]
pub struct Findings {
    /// The enumerations, each of which becomes an open Rust enum.
    pub enums: Vec<OpenEnum>,
    /// Names of enumerations by their location in the document: those recorded in the lock file at first, those found after
    /// the passes.
    pub places: BTreeMap<String, String>,
}

type Pass = fn(&mut Value, &mut Findings) -> Result<()>;

/// The passes in the order they run; order matters where one feeds another.
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
    ("ids", ids::run),
    ("secrets", secrets::run),
    ("counts", counts::run),
    ("nullable", nullable::run),
    ("aggregates", aggregates::run),
    ("pages", pages::run),
    ("response_properties", response_properties::run),
];

/// Gives a name to each operation without an `operationId`. Runs before the passes because tables and models need the names.
pub fn name_operations(doc: &mut Value) -> Result<()> {
    operation_names::run(doc)
}

/// Runs every pass. `places` are the recorded names of enumerations.
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

/// Drops the enumerations that nothing in the document refers to.
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

/// Returns a schema for which typify uses the hand-written type `grinfi_raw::path` with these type parameters.
fn native(path: &str, parameters: Vec<Value>) -> Value {
    serde_json::json!({
        "x-rust-type": {"crate": "grinfi-raw", "version": "*", "path": format!("grinfi_raw::{path}"),
                        "parameters": parameters}
    })
}

/// Replaces `schema` by a hand-written type without parameters and keeps its description and nullability.
fn replace_by_native(schema: &mut Value, path: &str) {
    let mut replacement = native(path, Vec::new());
    for key in ["description", "nullable"] {
        if let Some(kept) = schema.get(key) {
            replacement[key] = kept.clone();
        }
    }
    *schema = replacement;
}
