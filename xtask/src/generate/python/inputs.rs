//! What goes into a request: the type of a value, what writes it, and a `TypedDict` for each object.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

use super::{
    enums::Enums,
    names::Names,
    text::{self as python, literal, prose},
};
use crate::{generate::text, tree};

/// The type of a value and the expression that writes it as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub ty: String,
    pub writer: String,
}

impl Input {
    fn new(ty: impl Into<String>, writer: impl Into<String>) -> Self {
        Self { ty: ty.into(), writer: writer.into() }
    }
}

/// Objects that come back in answers which are not described: they are taken as they come, newer fields among them.
const HANDED_OUT: [&str; 3] = ["flow-node", "node-edge", "contact-source"];

struct Structure {
    name: String,
    /// What writes it; equal objects may be described in other words elsewhere.
    writer: String,
    text: String,
}

/// The objects that were asked for so far.
pub struct Inputs<'a> {
    doc: &'a Value,
    names: &'a Names,
    enums: &'a Enums<'a>,
    /// The components that are answers too, and so records.
    answered: BTreeSet<String>,
    structures: Vec<Structure>,
    /// Whether the object being written is an answer too, and so are the objects in it.
    inside_answered: bool,
    /// Whether the object being written takes fields that are not described.
    inside_open: bool,
}

impl<'a> Inputs<'a> {
    /// Returns the description of a schema, or of the component that it refers to.
    pub fn description(&self, schema: &Value) -> String {
        let component = || tree::target(self.doc, schema["$ref"].as_str()?)?["description"].as_str();
        schema["description"].as_str().or_else(component).unwrap_or_default().to_owned()
    }

    pub fn new(doc: &'a Value, names: &'a Names, enums: &'a Enums<'a>, answered: BTreeSet<String>) -> Self {
        Self {
            doc,
            names,
            enums,
            answered,
            structures: Vec::new(),
            inside_answered: false,
            inside_open: false,
        }
    }

    /// The module `inputs.py`.
    pub fn render(&self) -> String {
        let mut out = String::from(
            "\"\"\"The objects that requests are made of, as dicts.\"\"\"\n\nfrom __future__ import annotations\n\n\
             from collections.abc import Iterable, Mapping\nfrom datetime import datetime\n\
             from typing import TYPE_CHECKING, Any, TypedDict\n\nfrom .. import _write as write\n",
        );
        let checks_enums = self.structures.iter().any(|known| known.writer.contains("OneOf(enums."));
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
        // Within this module the structures stand without its name.
        out.replace("inputs.", "")
    }

    /// The type and writer of a value; `raw` is what an inline object is called, `required` whether it must be there.
    pub fn of(&mut self, schema: &Value, name: &str, raw: &str, required: bool) -> Result<Input> {
        let Some(map) = schema.as_object() else { return Ok(Input::new("Any", "write.Json")) };
        if let Some(component) = component(map) {
            let Some(target) = self.doc.pointer(&format!("/components/schemas/{component}")) else {
                bail!("it refers to {component}, which is not described");
            };
            return match target.as_object() {
                Some(target) if target.contains_key("properties") => {
                    let answered = self.answered.contains(component);
                    let closed = !answered && !HANDED_OUT.contains(&component);
                    self.structure(&self.names.class(component), target, answered, closed)
                }
                _ => self.of(&target.clone(), name, raw, required),
            };
        }
        let is_id =
            name.ends_with("uuid") || text(map, "format") == Some("uuid") || map.contains_key("x-grinfi-id");
        Ok(match (text(map, "type"), text(map, "format")) {
            (Some("string"), Some("date-time")) => Input::new("datetime", "write.Time"),
            (Some("string"), Some("date")) => Input::new("date | str", "write.Day"),
            (Some("string"), Some("uri")) => Input::new("str", "write.Url"),
            (Some("string"), _) if is_id => Input::new("str | UUID", "write.Id"),
            (Some("string"), _) => match self.enums.of(map) {
                // What came from the API goes back as it came.
                Some(name) if self.inside_open => Input::new(format!("enums.{name} | str"), "write.Text"),
                Some(name) => Input::new(format!("enums.{name} | str"), format!("write.OneOf(enums.{name})")),
                None if required => Input::new("str", "write.Text"),
                None => Input::new("str", "write.AnyText"),
            },
            (Some("integer"), _) if map.get("enum") == Some(&serde_json::json!([0, 1])) => {
                Input::new("bool", "write.Flag")
            }
            (Some("integer"), _) => Input::new("int", "write.Integer"),
            (Some("number"), _) => Input::new("float", "write.Number"),
            (Some("boolean"), _) => Input::new("bool", "write.Boolean"),
            (Some("array"), _) => {
                let ids = name.strip_suffix('s').unwrap_or(name);
                let item =
                    self.of(map.get("items").unwrap_or(&Value::Null), ids, &format!("{raw}Item"), true)?;
                let writer = if required { "write.Some" } else { "write.ListOf" };
                Input::new(format!("Iterable[{}]", item.ty), format!("{writer}({})", item.writer))
            }
            (Some("object"), _) if map.contains_key("properties") => {
                let class = self.names.class(text(map, "title").unwrap_or(raw));
                let closed = !self.inside_answered;
                self.structure(&class, map, self.inside_answered, closed)?
            }
            (None | Some("object"), _) if map.contains_key("allOf") => {
                let merged = self.merged(map)?;
                let class = self.names.class(text(map, "title").unwrap_or(raw));
                self.structure(&class, &merged, false, true)?
            }
            (Some("object"), _) => Input::new("Mapping[str, Any]", "write.Object"),
            _ => Input::new("Any", "write.Json"),
        })
    }

    /// The parts of an `allOf` as one object.
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

    /// Writes a structure unless it is there.
    fn structure(
        &mut self,
        class: &str,
        schema: &Map<String, Value>,
        answered: bool,
        closed: bool,
    ) -> Result<Input> {
        let outside = std::mem::replace(&mut self.inside_answered, answered);
        let outside_open = std::mem::replace(&mut self.inside_open, !closed);
        let name = if answered { format!("{class}Dict") } else { class.to_owned() };
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = String::new();
        let mut writers = Vec::new();
        for (property, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let needed = required.contains(&property.as_str());
            let raw = format!("{class}{}", property.to_pascal_case());
            let Input { mut ty, mut writer } = self.of(schema, property, &raw, needed && closed)?;
            if schema.get("nullable") == Some(&Value::Bool(true)) {
                ty.push_str(" | None");
                writer = format!("write.Nullable({writer})");
            }
            let ty = if needed { format!("Required[{ty}]") } else { ty };
            fields.push_str(&format!("    {property}: {ty}\n"));
            if let Some(doc) = schema.get("description").and_then(Value::as_str) {
                fields.push_str(&python::docstring(&python::wrapped(&prose(doc), 4), 4));
            }
            writers.push(format!("{}: {writer}", literal(property)));
        }
        self.inside_answered = outside;
        self.inside_open = outside_open;
        let described = text(schema, "description").unwrap_or("A part of a request.");
        let head = format!(
            "class {name}(TypedDict, total=False):\n{}\n{fields}\n\n",
            python::docstring(&python::wrapped(&prose(described), 4), 4)
        );
        let writer = format!("write_{}", name.to_snake_case());
        let required: Vec<String> = required.into_iter().map(literal).collect();
        let parts: Vec<String> = writers.iter().map(|writer| format!("        {writer},\n")).collect();
        let mut tail = format!("{writer} = write.Structure(\n    {{\n{}    }},\n", parts.concat());
        tail.push_str(&format!("    required=[{}],\n", required.join(", ")));
        tail.push_str(&format!("    closed={},\n)\n", if closed { "True" } else { "False" }));
        match self.structures.iter().find(|known| known.name == name) {
            None => {
                let text = head + &tail;
                self.structures.push(Structure { name: name.clone(), writer: tail, text });
            }
            Some(known) if known.writer == tail => {}
            Some(_) => bail!("two different inputs would both be called {name} in Python"),
        }
        let record = if answered { format!(" | models.{class}") } else { String::new() };
        Ok(Input::new(format!("inputs.{name} | Mapping[str, Any]{record}"), format!("inputs.{writer}")))
    }
}

fn component(schema: &Map<String, Value>) -> Option<&str> {
    text(schema, "$ref")?.strip_prefix("#/components/schemas/")
}
