//! The generated part of the Python package: records, enumerations, inputs, fields of filters, and a class for each resource.
//!
//! Arguments and responses come from the API description. Names of methods come from the code of the Rust SDK, so that both
//! languages use the same ones; an operation without a method there is named after its `operationId`.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Output, lock::Inputs};
use crate::normalize::OpenEnum;

mod arguments;
mod clients;
mod enums;
mod fields;
mod inputs;
mod methods;
mod models;
mod names;
mod resources;
mod responses;
mod surface;
mod sync;
mod text;

/// The package.
const PACKAGE: &str = "bindings/python/python/grinfi";

/// The folders of the package that contain only generated files.
pub const FOLDERS: [&str; 3] = [
    "bindings/python/python/grinfi/_generated",
    "bindings/python/python/grinfi/_sync",
    "bindings/python/python/grinfi/resources",
];

/// All generated files of the package.
pub fn generate(doc: &Value, enums: &[OpenEnum], root: &Path, inputs: &Inputs) -> Result<Vec<Output>> {
    let names = names::Names::read(root)?;
    let enums = enums::Enums::new(enums);
    let rust = methods::Methods::read(root)?;
    let filters = fields::read(root)?;

    let mut models = models::Models::new(doc, &names, &enums);
    let mut writers = inputs::Inputs::new(doc, &names, &enums, models::in_responses(doc));
    let surface = surface::read(doc, &rust, &names, &mut models, &mut writers)?;
    models.component("webhook-payload").context("the payload of webhooks")?;
    models.component("error").context("the envelope of errors")?;

    let sync = sync::derive(&root.join(PACKAGE).join("_async"))?;
    let extended: BTreeSet<String> = sync::resources(&sync).collect();
    let banner = inputs.python_banner();
    let file = |path: String, text: String| Output {
        path: format!("{PACKAGE}/{path}"),
        text: format!("{banner}\n{}\n", text.trim_end()),
    };
    let generated = [
        (
            "__init__.py",
            "\"\"\"Code generated from the API description by ``cargo xtask generate``. Do not edit.\"\"\""
                .into(),
        ),
        ("resources/__init__.py", "\"\"\"A module for each resource of the API.\"\"\"".into()),
        ("models.py", models.render()),
        ("enums.py", enums.render()),
        ("inputs.py", writers.render()),
        ("fields.py", fields::render(&filters)),
        ("clients.py", clients::render(&surface, &extended)),
    ];
    let mut outputs: Vec<Output> =
        generated.into_iter().map(|(path, text)| file(format!("_generated/{path}"), text)).collect();
    outputs.extend(sync.into_iter().map(|(path, text)| file(format!("_sync/{path}"), text)));
    outputs.push(file(
        "resources/__init__.py".into(),
        "\"\"\"The resources of the clients, for annotations: a module for each.\"\"\"".into(),
    ));
    let public = clients::public_modules(&surface, &extended).into_iter();
    outputs.extend(public.map(|(name, text)| file(format!("resources/{name}.py"), text)));
    for resource in &surface {
        outputs.push(file(
            format!("_generated/resources/{}.py", resource.attribute),
            resources::render(resource, &filters)?,
        ));
    }
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(outputs)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Generates the module of the only resource of a description.
    fn module(doc: &Value) -> Result<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (names, enums) = (names::Names::read(root)?, enums::Enums::new(&[]));
        let mut models = models::Models::new(doc, &names, &enums);
        let mut writers = inputs::Inputs::new(doc, &names, &enums, models::in_responses(doc));
        let surface = surface::read(doc, &methods::Methods::read(root)?, &names, &mut models, &mut writers)?;
        resources::render(&surface[0], &[])
    }

    #[test]
    fn adds_methods_for_new_operations_to_both_clients() {
        let response = json!({"200": {"content": {"application/json": {"schema":
            {"type": "object", "properties": {"echo": {"type": "string"}}}}}}});
        let body = json!({"required": true, "content": {"application/json": {"schema": {"type": "object",
            "required": ["lead_uuid"], "properties": {
                "lead_uuid": {"type": "string", "description": "Whom."},
                "text": {"type": "string", "nullable": true},
                "times": {"type": "integer", "default": 1}}}}}});
        let doc = json!({"paths": {"/echo/{id}": {"post": {"operationId": "echoThing", "tags": ["Echo Chamber"],
            "summary": "Echo a thing", "x-grinfi-effect": "non-idempotent", "requestBody": body, "responses": response,
            "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}]}}}});
        insta::assert_snapshot!(module(&doc).unwrap());
    }

    #[test]
    fn names_the_operation_that_cannot_be_generated() {
        let doc = json!({"paths": {"/a": {"post": {"operationId": "odd", "tags": ["Odd"], "x-grinfi-effect": "non-idempotent",
            "responses": {"204": {}}, "requestBody": {"content": {"application/xml": {"schema": {}}}}}}}});
        let error = format!("{:#}", module(&doc).unwrap_err());
        assert!(error.starts_with("#/paths/~1a/post (odd): ") && error.contains("not JSON"), "{error}");
        let doc = json!({"paths": {"/a": {"post": {"operationId": "createTag", "x-grinfi-python": "maybe",
            "x-grinfi-effect": "non-idempotent", "responses": {"204": {}}}}}});
        assert!(format!("{:#}", module(&doc).unwrap_err()).contains("x-grinfi-python"));
    }
}
