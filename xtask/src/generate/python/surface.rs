//! The resources of the package and their methods.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

use super::{
    arguments::{self, Arguments},
    inputs::Inputs,
    methods::{Method, Methods},
    models::Models,
    names::{Names, identifier},
    responses::{ResponseType, ResponseTypes, raw_name},
};
use crate::{
    generate::{text, undocumented},
    tree,
};

/// A resource: `client.tags`.
#[derive(Debug)]
pub struct Resource {
    pub class: String,
    pub attribute: String,
    pub doc: String,
    pub operations: Vec<Operation>,
}

/// The kind of a method.
#[derive(Debug)]
pub enum Kind {
    /// One request.
    Call,
    /// A listing that comes in one response.
    Whole,
    /// A listing with pages.
    Listing {
        /// The type of the Rust SDK with the fields of its filters.
        fields: Option<String>,
        ordered: bool,
    },
}

/// An operation as a method.
#[derive(Debug)]
pub struct Operation {
    pub id: String,
    /// The name of the method, with an underscore if a hand-written method wraps it.
    pub method: String,
    pub summary: String,
    pub description: String,
    pub kind: Kind,
    pub arguments: Arguments,
    pub response: ResponseType,
    /// Whether the operation is non-idempotent.
    pub acts: bool,
    /// Whether the vendor's description does not contain it.
    pub undocumented: bool,
    /// The statuses that the description knows.
    pub statuses: Vec<String>,
}

/// Reads all resources.
pub fn read<'a>(
    doc: &'a Value,
    rust: &Methods,
    names: &'a Names,
    models: &mut Models<'a>,
    inputs: &mut Inputs<'_>,
) -> Result<Vec<Resource>> {
    let mut resources: BTreeMap<String, Resource> = BTreeMap::new();
    for name in tree::operations(doc) {
        let Some(operation) = tree::operation(doc, &name) else { continue };
        let method = rust.of(name.label()).unwrap_or_else(|| undescribed(operation, name.label()));
        let resource = resources.entry(method.attribute.clone()).or_insert_with(|| Resource {
            doc: rust
                .doc(&method.class)
                .unwrap_or("Operations that are not yet assigned to a resource.")
                .to_owned(),
            class: method.class.clone(),
            attribute: method.attribute.clone(),
            operations: Vec::new(),
        });
        let hand_written = match text(operation, "x-grinfi-python") {
            None => false,
            Some("hand-written") => true,
            Some(other) => bail!("#{}: x-grinfi-python must be hand-written, got {other:?}", name.pointer()),
        };
        let mut responses = ResponseTypes { doc, names, models };
        let read = method_of(doc, &name, operation, rust, &method, hand_written, &mut responses, inputs);
        match read.with_context(|| format!("#{} ({})", name.pointer(), name.label())) {
            Ok(read) => resource.operations.push(read),
            // An operation that cannot be generated has only the hand-written method.
            Err(error) if hand_written && format!("{error:#}").contains("hand-written method") => {}
            Err(error) => return Err(error),
        }
    }
    for resource in resources.values() {
        let mut names: Vec<&str> = resource.operations.iter().map(|op| op.method.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("two operations would both be {}.{} in Python", resource.attribute, twice[0]);
        }
    }
    Ok(resources.into_values().collect())
}

#[allow(clippy::too_many_arguments, reason = "it is one step of a loop")]
fn method_of(
    doc: &Value,
    name: &tree::OpName,
    operation: &Map<String, Value>,
    rust: &Methods,
    method: &Method,
    hand_written: bool,
    responses: &mut ResponseTypes<'_, '_>,
    inputs: &mut Inputs<'_>,
) -> Result<Operation> {
    let id = name.label().to_owned();
    let raw = raw_name(&id);
    let paging = operation.get("x-grinfi-paging").and_then(|paging| paging["at"].as_str());
    let (kind, arguments, response) = match paging {
        Some("query" | "body") => {
            let fields = rust.filtered_by(&id).map(str::to_owned);
            let own = rust.row(&id).and_then(|row| Some((row, rust.structure(row)?)));
            let kind = Kind::Listing { fields, ordered: rust.is_ordered(&id) };
            (kind, Arguments::default(), responses.row(operation, &raw, own)?)
        }
        _ => {
            let (kind, response) = match paging {
                Some(_) => (Kind::Whole, responses.row(operation, &raw, None)?),
                None => (Kind::Call, responses.of(operation, &raw)?),
            };
            (kind, arguments::read(doc, name, operation, &method.attribute, inputs)?, response)
        }
    };
    let statuses = operation.get("responses").and_then(Value::as_object);
    let own = identifier(&method.name);
    Ok(Operation {
        method: if hand_written { format!("_{own}") } else { own },
        summary: text(operation, "summary").unwrap_or(&id).trim_end_matches('.').to_owned(),
        description: text(operation, "description").unwrap_or_default().to_owned(),
        acts: text(operation, "x-grinfi-effect") == Some("non-idempotent"),
        undocumented: undocumented::is_undocumented(operation),
        statuses: statuses.into_iter().flatten().map(|(status, _)| status.clone()).collect(),
        id,
        kind,
        arguments,
        response,
    })
}

/// Names the method for an operation that the Rust SDK does not know, by its tag and its name.
fn undescribed(operation: &Map<String, Value>, id: &str) -> Method {
    let tag = operation.get("tags").and_then(|tags| tags[0].as_str()).unwrap_or("Other");
    Method { class: tag.to_pascal_case(), attribute: tag.to_snake_case(), name: id.to_snake_case() }
}
