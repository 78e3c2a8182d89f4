//! Arguments of requests: their types and encoders, and a `TypedDict` for each object.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

use super::{
    enums::Enums,
    names::{Names, alias},
    text::{self as python, literal, prose},
};
use crate::{generate::text, tree};

/// The type of a value and the expression that writes it as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub ty: String,
    pub encoder: String,
}

impl Input {
    fn new(ty: impl Into<String>, encoder: impl Into<String>) -> Self {
        Self { ty: ty.into(), encoder: encoder.into() }
    }
}

/// Objects in undescribed responses: they accept unknown fields, so that they can be sent back unchanged.
const ROUND_TRIP: [&str; 3] = ["flow-node", "node-edge", "contact-source"];

struct Structure {
    name: String,
    /// Its encoder. Equal objects can have other descriptions elsewhere.
    encoder: String,
    text: String,
}

/// Collects the objects.
pub struct Inputs<'a> {
    doc: &'a Value,
    names: &'a Names,
    enums: &'a Enums<'a>,
    /// The components that are also in responses, and so records.
    in_responses: BTreeSet<String>,
    structures: Vec<Structure>,
    /// Whether the current object is also in responses.
    inside_response: bool,
    /// Whether the current object accepts unknown fields.
    inside_open: bool,
}

impl<'a> Inputs<'a> {
    /// Returns the description of a schema, or of the component that it refers to.
    pub fn description(&self, schema: &Value) -> String {
        let component = || tree::target(self.doc, schema["$ref"].as_str()?)?["description"].as_str();
        schema["description"].as_str().or_else(component).unwrap_or_default().to_owned()
    }

    pub fn new(
        doc: &'a Value,
        names: &'a Names,
        enums: &'a Enums<'a>,
        in_responses: BTreeSet<String>,
    ) -> Self {
        Self {
            doc,
            names,
            enums,
            in_responses,
            structures: Vec::new(),
            inside_response: false,
            inside_open: false,
        }
    }

    /// The module `inputs.py`.
    pub fn render(&self) -> String {
        let mut out = String::from(
            "\"\"\"Objects in requests, as typed dicts.\"\"\"\n\nfrom __future__ import annotations\n\n\
             from collections.abc import Iterable, Mapping\nfrom datetime import datetime\n\
             from typing import TYPE_CHECKING, Any, TypedDict\n\nfrom .. import _encoders as encode\n",
        );
        let checks_enums = self.structures.iter().any(|known| known.encoder.contains("OneOf(enums."));
        let (now, typed) =
            if checks_enums { ("from . import enums\n", "models") } else { ("", "enums, models") };
        out.push_str(&format!(
            "{now}\nif TYPE_CHECKING:\n    from uuid import UUID\n\n    from typing_extensions import Required\n\n    \
             from . import {typed}\n\n__all__ = [\n",
        ));
        let mut names: Vec<&str> = self.structures.iter().map(|known| known.name.as_str()).collect();
        names.sort_unstable();
        names.iter().for_each(|name| out.push_str(&format!("    \"{name}\",\n")));
        out.push_str("]\n");
        self.structures.iter().for_each(|known| out.push_str(&format!("\n\n{}", known.text)));
        // This module refers to its own structures without its name.
        out.replace("inputs.", "")
    }

    /// The type and encoder of a value; `raw` is what an inline object is called, `required` whether it must be there.
    pub fn of(&mut self, schema: &Value, name: &str, raw: &str, required: bool) -> Result<Input> {
        let Some(map) = schema.as_object() else { return Ok(Input::new("Any", "encode.Json")) };
        if let Some(component) = component(map) {
            let Some(target) = self.doc.pointer(&format!("/components/schemas/{component}")) else {
                bail!("it refers to {component}, which is not described");
            };
            return match target.as_object() {
                Some(target) if target.contains_key("properties") => {
                    let in_responses = self.in_responses.contains(component);
                    let closed = !in_responses && !ROUND_TRIP.contains(&component);
                    self.structure(&self.names.class(component), target, in_responses, closed)
                }
                _ => self.of(&target.clone(), name, raw, required),
            };
        }
        let is_id =
            name.ends_with("uuid") || text(map, "format") == Some("uuid") || map.contains_key("x-grinfi-id");
        Ok(match (text(map, "type"), text(map, "format")) {
            (Some("string"), Some("date-time")) => Input::new("datetime", "encode.Time"),
            (Some("string"), Some("date")) => Input::new("date | str", "encode.Day"),
            (Some("string"), Some("uri")) => Input::new("str", "encode.Url"),
            (Some("string"), _) if is_id => Input::new("str | UUID", "encode.Id"),
            (Some("string"), _) => match self.enums.of(map) {
                // A value from the API can be sent back.
                Some(name) if self.inside_open => Input::new(format!("enums.{name} | str"), "encode.Text"),
                Some(name) => {
                    Input::new(format!("enums.{name} | str"), format!("encode.OneOf(enums.{name})"))
                }
                None if required => Input::new("str", "encode.Text"),
                None => Input::new("str", "encode.AnyText"),
            },
            (Some("integer"), _) if map.get("enum") == Some(&serde_json::json!([0, 1])) => {
                Input::new("bool", "encode.Flag")
            }
            (Some("integer"), _) => Input::new("int", "encode.Integer"),
            (Some("number"), _) => Input::new("float", "encode.Number"),
            (Some("boolean"), _) => Input::new("bool", "encode.Boolean"),
            (Some("array"), _) => {
                let ids = name.strip_suffix('s').unwrap_or(name);
                let item =
                    self.of(map.get("items").unwrap_or(&Value::Null), ids, &format!("{raw}Item"), true)?;
                let encoder = if required { "encode.Some" } else { "encode.ListOf" };
                Input::new(format!("Iterable[{}]", item.ty), format!("{encoder}({})", item.encoder))
            }
            (Some("object"), _) if map.contains_key("properties") => {
                let class = self.names.class(text(map, "title").unwrap_or(raw));
                let closed = !self.inside_response;
                self.structure(&class, map, self.inside_response, closed)?
            }
            (None | Some("object"), _) if map.contains_key("allOf") => {
                let merged = self.merged(map)?;
                let class = self.names.class(text(map, "title").unwrap_or(raw));
                self.structure(&class, &merged, false, true)?
            }
            (Some("object"), _) => Input::new("Mapping[str, Any]", "encode.Object"),
            _ => Input::new("Any", "encode.Json"),
        })
    }

    /// Merges the parts of an `allOf` into one object.
    fn merged(&self, map: &Map<String, Value>) -> Result<Map<String, Value>> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut merged = Map::new();
        for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let target = match part.as_object().and_then(component) {
                Some(name) => self.doc.pointer(&format!("/components/schemas/{name}")).unwrap_or(part),
                None => part,
            };
            if let Some(description) = target.get("description") {
                merged.insert("description".to_owned(), description.clone());
            }
            properties
                .extend(target.get("properties").and_then(Value::as_object).cloned().unwrap_or_default());
            required.extend(target.get("required").and_then(Value::as_array).cloned().unwrap_or_default());
        }
        merged.insert("properties".to_owned(), properties.into());
        merged.insert("required".to_owned(), required.into());
        Ok(merged)
    }

    /// Adds a structure, unless it exists.
    fn structure(
        &mut self,
        class: &str,
        schema: &Map<String, Value>,
        in_responses: bool,
        closed: bool,
    ) -> Result<Input> {
        let outside = std::mem::replace(&mut self.inside_response, in_responses);
        let outside_open = std::mem::replace(&mut self.inside_open, !closed);
        let name = if in_responses { format!("{class}Dict") } else { class.to_owned() };
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = String::new();
        let mut encoders = Vec::new();
        for (property, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let needed = required.contains(&property.as_str());
            let raw = format!("{class}{}", property.to_pascal_case());
            let Input { mut ty, mut encoder } = self.of(schema, property, &raw, needed && closed)?;
            if schema.get("nullable") == Some(&Value::Bool(true)) {
                ty.push_str(" | None");
                encoder = format!("encode.Nullable({encoder})");
            }
            let alias = alias(property);
            // Either of two names can be given, so that a type checker can require neither.
            let declared = if needed && alias.is_none() { format!("Required[{ty}]") } else { ty.clone() };
            fields.push_str(&format!("    {property}: {declared}\n"));
            if let Some(doc) = schema.get("description").and_then(Value::as_str) {
                fields.push_str(&python::docstring(&python::wrapped(&prose(doc), 4), 4));
            }
            if let Some(alias) = alias {
                fields.push_str(&format!("    {alias}: {ty}\n    \"\"\"Same as ``{property}``.\"\"\"\n"));
            }
            encoders.push(format!("{}: {encoder}", literal(property)));
        }
        self.inside_response = outside;
        self.inside_open = outside_open;
        let described = text(schema, "description").unwrap_or("Part of a request.");
        let head = format!(
            "class {name}(TypedDict, total=False):\n{}\n{fields}\n\n",
            python::docstring(&python::wrapped(&prose(described), 4), 4)
        );
        let encoder = format!("encode_{}", name.to_snake_case());
        let required: Vec<String> = required.into_iter().map(literal).collect();
        let parts: Vec<String> = encoders.iter().map(|encoder| format!("        {encoder},\n")).collect();
        let mut tail = format!("{encoder} = encode.Structure(\n    {{\n{}    }},\n", parts.concat());
        tail.push_str(&format!("    required=[{}],\n", required.join(", ")));
        tail.push_str(&format!("    closed={},\n)\n", if closed { "True" } else { "False" }));
        match self.structures.iter().find(|known| known.name == name) {
            None => {
                let text = head + &tail;
                self.structures.push(Structure { name: name.clone(), encoder: tail, text });
            }
            Some(known) if known.encoder == tail => {}
            Some(_) => bail!("two different inputs would both be called {name} in Python"),
        }
        let record = if in_responses { format!(" | models.{class}") } else { String::new() };
        Ok(Input::new(format!("inputs.{name} | Mapping[str, Any]{record}"), format!("inputs.{encoder}")))
    }
}

fn component(schema: &Map<String, Value>) -> Option<&str> {
    text(schema, "$ref")?.strip_prefix("#/components/schemas/")
}
