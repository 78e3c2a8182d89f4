//! The arguments of a method: parameters of the path and the query, properties of the body.

use anyhow::{Context, Result, bail};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

use super::{
    inputs::{Input, Inputs},
    names,
};
use crate::{generate::text, tree};

/// Where an argument is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Body,
    /// As the whole body.
    Whole,
}

/// An argument of a method.
#[derive(Debug, Clone)]
pub struct Argument {
    pub name: String,
    pub wire: String,
    pub place: Place,
    pub input: Input,
    pub required: bool,
    pub nullable: bool,
    /// A documented default, which is sent.
    pub default: Option<Value>,
    /// Whether it is a positional argument.
    pub positional: bool,
    pub doc: String,
    pub example: Option<Value>,
}

/// The arguments of an operation, and which of them are required.
#[derive(Debug, Default)]
pub struct Arguments {
    pub list: Vec<Argument>,
    /// Groups of arguments, one of which must be given.
    pub groups: Vec<Vec<String>>,
    /// Whether at least one property of the body must be given.
    pub changing: bool,
    /// Whether the body can be absent.
    pub optional_body: bool,
}

/// Reads the arguments of an operation.
pub fn read(
    doc: &Value,
    name: &tree::OpName,
    operation: &Map<String, Value>,
    attribute: &str,
    inputs: &mut Inputs<'_>,
) -> Result<Arguments> {
    let mut arguments = Arguments::default();
    let shared = doc.pointer(&format!("/paths/{}/parameters", tree::escape(&name.path)));
    let own = operation.get("parameters");
    for parameter in [shared, own].into_iter().flatten().filter_map(Value::as_array).flatten() {
        let parameter = resolved(doc, parameter);
        let wire = parameter["name"].as_str().context("a parameter without a name")?;
        let place = match parameter["in"].as_str() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            other => {
                bail!("parameter `{wire}` is sent in {other:?}, which the Python package does not support")
            }
        };
        let own_name = match place {
            Place::Path => names::path_argument(wire, attribute),
            _ => names::argument(wire),
        };
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let required = parameter["required"] == true;
        let mut input = inputs.of(schema, &own_name, &wire.to_pascal_case(), required)?;
        if place == Place::Path && input.encoder == "encode.Text" {
            input = inputs.of(schema, "uuid", "", required)?;
        }
        arguments.list.push(Argument {
            positional: place == Place::Path && !arguments.list.iter().any(|known| known.positional),
            doc: parameter["description"].as_str().unwrap_or_default().to_owned(),
            example: schema.get("example").cloned(),
            nullable: false,
            default: None,
            name: own_name,
            wire: wire.to_owned(),
            place,
            input,
            required,
        });
    }
    if let Some(body) = operation.get("requestBody") {
        of_body(name, body, attribute, inputs, &mut arguments)?;
    }
    arguments.changing = name.method == "put"
        && arguments.groups.is_empty()
        && arguments.list.iter().any(|argument| argument.place == Place::Body)
        && arguments.list.iter().all(|argument| argument.place != Place::Body || !argument.required);
    let mut names: Vec<&str> = arguments.list.iter().map(|argument| argument.name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        bail!("two arguments would both be called {}", twice[0]);
    }
    // Required arguments come first.
    arguments.list.sort_by_key(|argument| (!argument.positional, !argument.required));
    Ok(arguments)
}

fn of_body(
    name: &tree::OpName,
    body: &Value,
    attribute: &str,
    inputs: &mut Inputs<'_>,
    arguments: &mut Arguments,
) -> Result<()> {
    let Some(media) = body.pointer("/content/application~1json") else {
        bail!("a body that is not JSON needs a hand-written method");
    };
    let needed = body["required"] == true;
    arguments.optional_body = !needed;
    let schema = media.get("schema").unwrap_or(&Value::Null);
    if let Some(component) = schema.get("$ref").and_then(Value::as_str) {
        let last = component.rsplit(['/', '-']).next().unwrap_or("body").to_snake_case();
        let input = inputs.of(schema, &last, "", needed)?;
        arguments.list.push(Argument {
            positional: arguments.list.is_empty(),
            doc: body["description"].as_str().unwrap_or("The object itself.").to_owned(),
            example: media.get("example").cloned(),
            nullable: false,
            default: None,
            wire: last.clone(),
            name: last,
            place: Place::Whole,
            input,
            required: needed,
        });
        return Ok(());
    }
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let no_path = arguments.list.is_empty();
    // Without a parameter in the path, the id of the record is in the body.
    let is_own_id = |wire: &str| {
        no_path && needed && required.contains(&wire) && names::path_argument(wire, attribute) == "uuid"
    };
    let has_own_id = required.iter().any(|wire| is_own_id(wire));
    for (wire, property) in schema["properties"].as_object().into_iter().flatten() {
        let own_name = if is_own_id(wire) { "uuid".to_owned() } else { names::argument(wire) };
        let is_required = needed && required.contains(&wire.as_str());
        let raw = format!("{}Body{}", name.label().to_pascal_case(), wire.to_pascal_case());
        let mut input = inputs
            .of(property, wire, &raw, is_required)
            .with_context(|| format!("property `{wire}` of the body"))?;
        if wire == "filter" {
            input =
                Input { ty: "Condition | Mapping[str, Any]".to_owned(), encoder: "encode.Filter".to_owned() };
        }
        let example =
            media.pointer("/example").and_then(|whole| whole.get(wire)).or_else(|| property.get("example"));
        arguments.list.push(Argument {
            positional: match has_own_id {
                true => is_own_id(wire),
                false => no_path && is_required && (required.len() == 1 || wire == "name"),
            },
            nullable: property["nullable"] == true,
            default: property.get("default").filter(|value| !value.is_object() && !value.is_array()).cloned(),
            doc: inputs.description(property),
            example: example.cloned(),
            name: own_name,
            wire: wire.clone(),
            place: Place::Body,
            input,
            required: is_required,
        });
    }
    for key in ["anyOf", "oneOf"] {
        for group in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
            let group =
                group.as_object().filter(|group| group.len() == 1).and_then(|group| group.get("required"));
            let Some(group) = group.and_then(Value::as_array) else {
                bail!("a body that is one of several objects needs a hand-written method");
            };
            arguments.groups.push(group.iter().filter_map(Value::as_str).map(names::argument).collect());
        }
    }
    Ok(())
}

/// Resolves a reference to a shared parameter.
fn resolved<'a>(doc: &'a Value, parameter: &'a Value) -> &'a Value {
    let target =
        parameter.as_object().and_then(|map| text(map, "$ref")).and_then(|target| target.strip_prefix('#'));
    target.and_then(|pointer| doc.pointer(pointer)).unwrap_or(parameter)
}
