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
