//! Responses of operations: their types and decoders.

use anyhow::{Result, bail};
use heck::ToPascalCase;
use serde_json::{Map, Value};

use super::{models::Models, names::Names};
use crate::generate::text;

/// The type of a value and the expression that decodes it from JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseType {
    pub ty: String,
    pub reader: String,
}

impl ResponseType {
    fn new(ty: impl Into<String>, reader: impl Into<String>) -> Self {
        Self { ty: ty.into(), reader: reader.into() }
    }

    /// A response without a value.
    pub fn nothing() -> Self {
        Self::new("None", "decode.Nothing")
    }
}

/// A struct of the Rust SDK: its name and its schema.
pub type Own<'a> = (&'a str, &'a Map<String, Value>);

/// Finds the types of responses.
pub struct ResponseTypes<'a, 'b> {
    pub doc: &'a Value,
    pub names: &'a Names,
    pub models: &'b mut Models<'a>,
}

/// Returns the schema of a success response, if it is JSON, and whether a success response can have no body.
pub fn success(operation: &Map<String, Value>) -> Result<(Option<&Value>, bool)> {
    let mut schema = None;
    let mut empty = false;
    for (status, response) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
        if !status.starts_with('2') {
            continue;
        }
        match response.get("content").and_then(Value::as_object) {
            None => empty = true,
            Some(content) => match content.get("application/json") {
                Some(media) => schema = media.get("schema"),
                None => bail!("a success response that is not JSON needs a hand-written method"),
            },
        }
    }
    Ok((schema, empty))
}

impl ResponseTypes<'_, '_> {
    /// Returns the type of the response of an operation; `raw` is its name in pascal case.
    pub fn of(&mut self, operation: &Map<String, Value>, raw: &str) -> Result<ResponseType> {
        let reads = text(operation, "x-grinfi-effect") == Some("read-only");
        let is_unknown =
            operation.get("x-grinfi-evidence").is_some_and(|evidence| evidence["response"] == "unknown");
        match success(operation)? {
            // An undescribed response of a read-only operation, and a response of unknown form, are returned unchanged.
            (None, _) if (reads || is_unknown) && !is_only_204(operation) => {
                Ok(ResponseType::new("Any", "decode.Anything"))
            }
            (None, _) => Ok(ResponseType::nothing()),
            (Some(schema), empty) => {
                let response = self.value(schema, &format!("{raw}Response"))?;
                Ok(match empty {
                    true => ResponseType::new(
                        format!("{} | None", response.ty),
                        format!("decode.Maybe({})", response.reader),
                    ),
                    false => response,
                })
            }
        }
    }

    /// Returns the type of a row of a listing. Without fields in the description, it is `own`, a struct of the Rust SDK.
    pub fn row(
        &mut self,
        operation: &Map<String, Value>,
        raw: &str,
        own: Option<Own<'_>>,
    ) -> Result<ResponseType> {
        let (Some(schema), _) = success(operation)? else { bail!("a listing without a described response") };
        let items = schema.pointer("/properties/data/items").or_else(|| schema.get("items"));
        let Some(items) = items else { bail!("a listing whose rows are not described") };
        if let (None, None, Some((name, schema))) = (items.get("$ref"), items.get("properties"), own) {
            self.models.class(name, schema, None)?;
            return Ok(ResponseType::new(format!("models.{name}"), format!("decode.Whole(models.{name})")));
        }
        self.value(items, &format!("{raw}ResponseItem"))
    }

    fn value(&mut self, schema: &Value, raw: &str) -> Result<ResponseType> {
        let Some(map) = schema.as_object() else { return Ok(ResponseType::new("Any", "decode.Json")) };
        if let Some(component) =
            text(map, "$ref").and_then(|target| target.strip_prefix("#/components/schemas/"))
        {
            let target = self.doc.pointer(&format!("/components/schemas/{component}"));
            return match target {
                Some(target) if target.get("properties").is_some() => {
                    let name = self.models.component(component)?;
                    Ok(ResponseType::new(format!("models.{name}"), format!("decode.Whole(models.{name})")))
                }
                Some(target) => self.value(&target.clone(), raw),
                None => bail!("it refers to {component}, which is not described"),
            };
        }
        if map.get("x-grinfi-counts") == Some(&Value::Bool(true)) {
            return Ok(ResponseType::new("dict[str, int]", "decode.Counts"));
        }
        Ok(match (text(map, "type"), text(map, "format")) {
            (Some("string"), Some("date-time")) => ResponseType::new("datetime", "decode.Time"),
            (Some("string"), _) => ResponseType::new("str", "decode.Text"),
            (Some("integer"), _) => ResponseType::new("int", "decode.Integer"),
            (Some("number"), _) => ResponseType::new("float", "decode.Number"),
            (Some("boolean"), _) => ResponseType::new("bool", "decode.Boolean"),
            (Some("array"), _) => {
                let item = self.value(map.get("items").unwrap_or(&Value::Null), &format!("{raw}Item"))?;
                ResponseType::new(
                    format!("builtins.list[{}]", item.ty),
                    format!("decode.ListOf({})", item.reader),
                )
            }
            (Some("object"), _) if map.contains_key("properties") => {
                let name = self.names.class(text(map, "title").unwrap_or(raw));
                self.models.class(&name, map, None)?;
                ResponseType::new(format!("models.{name}"), format!("decode.Whole(models.{name})"))
            }
            (Some("object"), _) => {
                match map.get("additionalProperties").filter(|values| values.is_object()) {
                    Some(values) => {
                        let value = self.value(values, &format!("{raw}Value"))?;
                        ResponseType::new(
                            format!("dict[str, {}]", value.ty),
                            format!("decode.MapOf({})", value.reader),
                        )
                    }
                    None => ResponseType::new("dict[str, Any]", "decode.Mapping"),
                }
            }
            _ => ResponseType::new("Any", "decode.Json"),
        })
    }
}

fn is_only_204(operation: &Map<String, Value>) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object);
    responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .all(|(status, _)| status == "204")
}

/// Returns the name of an operation for names of classes.
pub fn raw_name(operation: &str) -> String {
    operation.to_pascal_case()
}
