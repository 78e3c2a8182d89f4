//! What an operation answers with: its type, and what reads it.

use anyhow::{Result, bail};
use heck::ToPascalCase;
use serde_json::{Map, Value};

use super::{models::Models, names::Names};
use crate::generate::text;

/// The type of a value and the expression that reads it from JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub ty: String,
    pub reader: String,
}

impl Answer {
    fn new(ty: impl Into<String>, reader: impl Into<String>) -> Self {
        Self { ty: ty.into(), reader: reader.into() }
    }

    /// No answer, or none that says anything.
    pub fn nothing() -> Self {
        Self::new("None", "read.Nothing")
    }
}

/// A structure of the ergonomic crate: its name and its schema.
pub type Own<'a> = (&'a str, &'a Map<String, Value>);

/// Reads the answers of a description.
pub struct Answers<'a, 'b> {
    pub doc: &'a Value,
    pub names: &'a Names,
    pub models: &'b mut Models<'a>,
}

/// The schema of a success, if it is JSON, and whether a success may also come without a body.
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
                None => bail!("a success that is no JSON; its method has to be written by hand"),
            },
        }
    }
    Ok((schema, empty))
}

impl Answers<'_, '_> {
    /// What an operation answers with; `raw` is its name in pascal case.
    pub fn of(&mut self, operation: &Map<String, Value>, raw: &str) -> Result<Answer> {
        let reads = text(operation, "x-grinfi-effect") == Some("read-only");
        let is_unknown =
            operation.get("x-grinfi-evidence").is_some_and(|evidence| evidence["response"] == "unknown");
        match success(operation)? {
            // What is read and not described has to be handed out as it is, and so has what is not known.
            (None, _) if (reads || is_unknown) && !is_only_204(operation) => {
                Ok(Answer::new("Any", "read.Anything"))
            }
            (None, _) => Ok(Answer::nothing()),
            (Some(schema), empty) => {
                let answer = self.value(schema, &format!("{raw}Response"))?;
                Ok(match empty {
                    true => {
                        Answer::new(format!("{} | None", answer.ty), format!("read.Maybe({})", answer.reader))
                    }
                    false => answer,
                })
            }
        }
    }

    /// A row of a listing. If the description has no fields for it, it is `own`: the name and the schema of the structure
    /// that the ergonomic crate has for it.
    pub fn row(&mut self, operation: &Map<String, Value>, raw: &str, own: Option<Own<'_>>) -> Result<Answer> {
        let (Some(schema), _) = success(operation)? else { bail!("a listing without a described answer") };
        let items = schema.pointer("/properties/data/items").or_else(|| schema.get("items"));
        let Some(items) = items else { bail!("a listing whose rows are not described") };
        if let (None, None, Some((name, schema))) = (items.get("$ref"), items.get("properties"), own) {
            self.models.class(name, schema, None)?;
            return Ok(Answer::new(format!("models.{name}"), format!("read.Whole(models.{name})")));
        }
        self.value(items, &format!("{raw}ResponseItem"))
    }

    fn value(&mut self, schema: &Value, raw: &str) -> Result<Answer> {
        let Some(map) = schema.as_object() else { return Ok(Answer::new("Any", "read.Json")) };
        if let Some(component) =
            text(map, "$ref").and_then(|target| target.strip_prefix("#/components/schemas/"))
        {
            let target = self.doc.pointer(&format!("/components/schemas/{component}"));
            return match target {
                Some(target) if target.get("properties").is_some() => {
                    let name = self.models.component(component)?;
                    Ok(Answer::new(format!("models.{name}"), format!("read.Whole(models.{name})")))
                }
                Some(target) => self.value(&target.clone(), raw),
                None => bail!("it refers to {component}, which is not described"),
            };
        }
        if map.get("x-grinfi-counts") == Some(&Value::Bool(true)) {
            return Ok(Answer::new("dict[str, int]", "read.Counts"));
        }
        Ok(match (text(map, "type"), text(map, "format")) {
            (Some("string"), Some("date-time")) => Answer::new("datetime", "read.Time"),
            (Some("string"), _) => Answer::new("str", "read.Text"),
            (Some("integer"), _) => Answer::new("int", "read.Integer"),
            (Some("number"), _) => Answer::new("float", "read.Number"),
            (Some("boolean"), _) => Answer::new("bool", "read.Boolean"),
            (Some("array"), _) => {
                let item = self.value(map.get("items").unwrap_or(&Value::Null), &format!("{raw}Item"))?;
                Answer::new(format!("builtins.list[{}]", item.ty), format!("read.ListOf({})", item.reader))
            }
            (Some("object"), _) if map.contains_key("properties") => {
                let name = self.names.class(text(map, "title").unwrap_or(raw));
                self.models.class(&name, map, None)?;
                Answer::new(format!("models.{name}"), format!("read.Whole(models.{name})"))
            }
            (Some("object"), _) => {
                match map.get("additionalProperties").filter(|values| values.is_object()) {
                    Some(values) => {
                        let value = self.value(values, &format!("{raw}Value"))?;
                        Answer::new(
                            format!("dict[str, {}]", value.ty),
                            format!("read.MapOf({})", value.reader),
                        )
                    }
                    None => Answer::new("dict[str, Any]", "read.Mapping"),
                }
            }
            _ => Answer::new("Any", "read.Json"),
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

/// The name of an operation as a part of names of classes.
pub fn raw_name(operation: &str) -> String {
    operation.to_pascal_case()
}
