//! The generated part of the Python package: records, enumerations, inputs, filter fields, and a class for each resource, as
//! plain typed source.
//!
//! What the API takes and answers comes from the description. What its operations are called comes from the code of the
//! ergonomic crate, so that both languages use the same words; an operation that has no method there yet is called by its
//! `operationId`.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Output, lock::Inputs};
use crate::normalize::OpenEnum;

mod answers;
mod arguments;
mod clients;
mod enums;
mod fields;
mod inputs;
mod methods;
mod models;
mod names;
mod resources;
mod surface;
mod text;
mod twins;

/// Where the generated files go; nothing else may stand there.
pub const FOLDER: &str = "bindings/python/python/grinfi/_generated";

/// Where hand-written classes extend the generated ones, in files of the same names.
const BY_HAND: &str = "bindings/python/python/grinfi/_by_hand";

/// All generated files of the package.
pub fn generate(doc: &Value, enums: &[OpenEnum], root: &Path, inputs: &Inputs) -> Result<Vec<Output>> {
    let names = names::Names::read(root)?;
    let enums = enums::Enums::new(enums);
    let rust = methods::Methods::read(root)?;
    let filters = fields::read(root)?;

    let mut models = models::Models::new(doc, &names, &enums);
    let mut writers = inputs::Inputs::new(doc, &names, &enums, models::answered(doc));
    let surface = surface::read(doc, &rust, &names, &mut models, &mut writers)?;
    models.component("webhook-payload").context("the payload of webhooks")?;
    models.component("error").context("the envelope of errors")?;

    let twins = twins::read(&root.join(BY_HAND))?;
    let by_hand: BTreeSet<String> = twins.iter().map(|(name, _)| name.clone()).collect();
    let banner = inputs.python_banner();
    let file = |name: &str, text: String| Output {
        path: format!("{FOLDER}/{name}"),
        text: format!("{banner}\n{}\n", text.trim_end()),
    };
    let mut outputs = vec![
        file(
            "__init__.py",
            "\"\"\"What ``cargo xtask generate`` makes of the API description; never edited.\"\"\"".into(),
        ),
        file("resources/__init__.py", "\"\"\"A module for each resource of the API.\"\"\"".into()),
        file("models.py", models.render()),
        file("enums.py", enums.render()),
        file("inputs.py", writers.render()),
        file("fields.py", fields::render(&filters)),
        file("clients.py", clients::render(&surface, &by_hand)),
    ];
    outputs.push(file(
        "twins/__init__.py",
        "\"\"\"The synchronous twins of what is written by hand.\"\"\"".into(),
    ));
    outputs.extend(twins.into_iter().map(|(name, text)| file(&format!("twins/{name}.py"), text)));
    for resource in &surface {
        outputs.push(file(
            &format!("resources/{}.py", resource.attribute),
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

    /// The module of the only resource of a description, with the code of the repository beside it.
    fn module(doc: &Value) -> Result<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (names, enums) = (names::Names::read(root)?, enums::Enums::new(&[]));
        let mut models = models::Models::new(doc, &names, &enums);
        let mut writers = inputs::Inputs::new(doc, &names, &enums, models::answered(doc));
        let surface = surface::read(doc, &methods::Methods::read(root)?, &names, &mut models, &mut writers)?;
        resources::render(&surface[0], &[])
    }

    #[test]
    fn an_operation_that_is_new_has_a_method_in_both_clients() {
        let answer = json!({"200": {"content": {"application/json": {"schema":
            {"type": "object", "properties": {"echo": {"type": "string"}}}}}}});
        let body = json!({"required": true, "content": {"application/json": {"schema": {"type": "object",
            "required": ["lead_uuid"], "properties": {
                "lead_uuid": {"type": "string", "description": "Whom."},
                "text": {"type": "string", "nullable": true},
                "times": {"type": "integer", "default": 1}}}}}});
        let doc = json!({"paths": {"/echo/{id}": {"post": {"operationId": "echoThing", "tags": ["Echo Chamber"],
            "summary": "Echo a thing", "x-grinfi-effect": "non-idempotent", "requestBody": body, "responses": answer,
            "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}]}}}});
        insta::assert_snapshot!(module(&doc).unwrap());
    }

    #[test]
    fn what_cannot_be_a_method_names_its_operation() {
        let doc = json!({"paths": {"/a": {"post": {"operationId": "odd", "tags": ["Odd"], "x-grinfi-effect": "non-idempotent",
            "responses": {"204": {}}, "requestBody": {"content": {"application/xml": {"schema": {}}}}}}}});
        let error = format!("{:#}", module(&doc).unwrap_err());
        assert!(error.starts_with("#/paths/~1a/post (odd): ") && error.contains("no JSON"), "{error}");
        let doc = json!({"paths": {"/a": {"post": {"operationId": "createTag", "x-grinfi-python": "maybe",
            "x-grinfi-effect": "non-idempotent", "responses": {"204": {}}}}}});
        assert!(format!("{:#}", module(&doc).unwrap_err()).contains("x-grinfi-python"));
    }
}
