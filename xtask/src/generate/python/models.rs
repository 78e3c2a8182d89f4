//! The records of the Python package: a class for each object of the component schemas, as plain typed source.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value, json};

use super::{
    enums::Enums,
    names::{self, Names},
    text::{WIDTH, literal, pieces, prose},
};
use crate::{generate::text, tree};

/// The names in `_record_fields.py`, which records cannot have.
const TAKEN: [&str; 15] = [
    "Alias", "Boolean", "Choice", "Field", "Integer", "Json", "Key", "ListOf", "MapOf", "Mapping", "Number",
    "One", "Row", "Text", "Time",
];

/// Attributes of all records.
const RESERVED: [&str; 4] = ["from_json", "keys", "mro", "to_dict"];

/// The components in responses, directly or not.
pub fn in_responses(doc: &Value) -> BTreeSet<String> {
    let mut open = Vec::new();
    for name in tree::operations(doc) {
        if let Some(responses) = tree::operation(doc, &name).and_then(|operation| operation.get("responses"))
        {
            tree::references(responses, &mut open);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name.clone())
            && let Some(schema) = doc.pointer(&format!("/components/schemas/{name}"))
        {
            tree::references(schema, &mut open);
        }
    }
    found
}

struct Class {
    name: String,
    text: String,
}

/// Collects the records.
pub struct Models<'a> {
    doc: &'a Value,
    names: &'a Names,
    enums: &'a Enums<'a>,
    /// The key that a component is wrapped under, by the name of the component.
    wrapped: BTreeMap<String, String>,
    /// The classes, each after all that it refers to.
    classes: Vec<Class>,
    /// The classes in progress.
    open: Vec<String>,
}

impl<'a> Models<'a> {
    pub fn new(doc: &'a Value, names: &'a Names, enums: &'a Enums<'a>) -> Self {
        let wrapped = BTreeMap::new();
        let mut models = Self { doc, names, enums, wrapped, classes: Vec::new(), open: Vec::new() };
        models.find_wrapped(doc);
        models
    }

    /// The module `models.py`.
    pub fn render(&self) -> String {
        let mut names: Vec<&str> = self.classes.iter().map(|class| class.name.as_str()).collect();
        names.sort_unstable();
        let mut out = String::from(
            "\"\"\"Records of the API: a class for each object of the API description.\n\n\
             Every attribute can be ``None``, because the API can omit any field. Fields that this version does not know are\n\
             available as ``record[\"name\"]``.\n\"\"\"\n\n",
        );
        let body: String = self.classes.iter().map(|class| format!("\n\n{}", class.text)).collect();
        let stands =
            |name: &str| [format!("({name})"), format!("({name},"), format!("({name}("), format!(" {name}(")];
        let used = TAKEN.into_iter().filter(|name| stands(name).iter().any(|place| body.contains(place)));
        let readers = used.collect::<Vec<_>>().join(", ");
        out.push_str(&format!("from .._record_fields import {readers}\nfrom .._record import Record\n"));
        out.push_str("from . import enums\n\n__all__ = [\n");
        names.iter().for_each(|name| out.push_str(&format!("    \"{name}\",\n")));
        out.push_str("]\n");
        out.push_str(&body);
        out
    }
}

impl Models<'_> {
    /// Finds the records that can be wrapped, which the overlay marks in responses.
    fn find_wrapped(&mut self, node: &Value) {
        match node {
            Value::Object(map) => {
                if let (Some(key), Some(component)) = (text(map, "x-grinfi-wrapper"), component_of(map)) {
                    self.wrapped.insert(component.to_owned(), key.to_owned());
                }
                map.values().for_each(|child| self.find_wrapped(child));
            }
            Value::Array(items) => items.iter().for_each(|child| self.find_wrapped(child)),
            _ => {}
        }
    }

    /// Adds a component, unless it exists, and returns the name of its class.
    pub fn component(&mut self, component: &str) -> Result<String> {
        let name = self.names.class(component);
        let Some(Value::Object(schema)) = self.doc.pointer(&format!("/components/schemas/{component}"))
        else {
            bail!("#/components/schemas/{component}: missing, or not a map");
        };
        let wrapped = self.wrapped.get(component).cloned();
        self.class(&name, schema, wrapped.as_deref())?;
        Ok(name)
    }

    /// Adds a class for an object.
    pub fn class(&mut self, name: &str, schema: &Map<String, Value>, wrapped: Option<&str>) -> Result<()> {
        if TAKEN.contains(&name) || name == "Record" {
            bail!("a record would be called {name}, which the Python package needs for itself");
        }
        if self.open.iter().any(|open| open == name) {
            bail!(
                "{name} holds itself, by {}; its class would have to come before itself",
                self.open.join(" > ")
            );
        }
        self.open.push(name.to_owned());
        let mut fields = String::new();
        let extras = extras(wrapped);
        for (property, schema) in
            schema.get("properties").and_then(Value::as_object).into_iter().flatten().chain(&extras)
        {
            fields.push_str(&self.field(name, property, schema)?);
        }
        self.open.pop();

        let header = match wrapped {
            Some(key) => format!("class {name}(Record, wrapped_under=\"{key}\"):\n"),
            None => format!("class {name}(Record):\n"),
        };
        let description = text(schema, "description").unwrap_or("Part of another record.");
        let class = Class {
            name: name.to_owned(),
            text: format!("{header}{}\n{fields}", docstring(description)).trim_end().to_owned() + "\n",
        };
        match self.classes.iter().find(|known| known.name == name) {
            None => self.classes.push(class),
            Some(known) if known.text == class.text => {}
            Some(_) => bail!("two different schemas would both be called {name} in Python"),
        }
        Ok(())
    }

    fn field(&mut self, class: &str, property: &str, schema: &Value) -> Result<String> {
        if !property.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            bail!("{class}: `{property}` is not a valid name in Python");
        }
        let reader = self.reader(class, property, schema)?;
        let is_key = matches!(property, "uuid" | "id") && schema.get("nullable") != Some(&json!(true));
        let kind = if is_key { "Key" } else { "Field" };
        let snake = names::identifier(&property.to_snake_case());
        let attribute = if RESERVED.contains(&snake.as_str()) { format!("{snake}_") } else { snake };
        let doc = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let mut arguments = vec![reader];
        if attribute != property {
            arguments.push(format!("name=\"{property}\""));
        }
        let mut field = assignment(&attribute, kind, &arguments, doc);
        if let Some(alias) = names::alias(&attribute) {
            field.push_str(&format!("    {alias} = Alias({attribute})\n"));
        }
        Ok(field)
    }

    /// Returns the decoder for values of a schema: `Text`, `ListOf(One(Timeblock))`.
    pub fn reader(&mut self, class: &str, property: &str, schema: &Value) -> Result<String> {
        let Some(map) = schema.as_object() else { return Ok("Json".to_owned()) };
        if let Some(component) = component_of(map) {
            let target = self.doc.pointer(&format!("/components/schemas/{component}"));
            return match target {
                Some(target) if target.get("properties").is_some() => {
                    Ok(format!("One({})", self.component(component)?))
                }
                Some(target) => self.reader(class, property, &target.clone()),
                None => bail!("{class}.{property} refers to {component}, which is not described"),
            };
        }
        if map.contains_key("x-grinfi-row") {
            return Ok("Row".to_owned());
        }
        Ok(match (text(map, "type"), text(map, "format")) {
            (Some("string"), Some("date-time")) => "Time".to_owned(),
            (Some("string"), _) => match self.enums.of(map) {
                Some(name) => format!("Choice(enums.{name})"),
                None => "Text".to_owned(),
            },
            (Some("integer"), _) => "Integer".to_owned(),
            (Some("number"), _) => "Number".to_owned(),
            (Some("boolean"), _) => "Boolean".to_owned(),
            (Some("array"), _) => {
                let items = map.get("items").unwrap_or(&Value::Null);
                format!("ListOf({})", self.reader(class, property, items)?)
            }
            (Some("object"), _) if map.contains_key("properties") => {
                let title = text(map, "title").unwrap_or_default();
                let name = match title {
                    "" => format!("{class}{}", property.to_pascal_case()),
                    title => self.names.class(title),
                };
                self.class(&name, map, None)?;
                format!("One({name})")
            }
            (Some("object"), _) => {
                match map.get("additionalProperties").filter(|values| values.is_object()) {
                    Some(values) => format!("MapOf({})", self.reader(class, property, values)?),
                    None => "Mapping".to_owned(),
                }
            }
            _ => "Json".to_owned(),
        })
    }
}

/// The name of the component that a schema refers to.
fn component_of(schema: &Map<String, Value>) -> Option<&str> {
    text(schema, "$ref")?.strip_prefix("#/components/schemas/")
}

/// Fields that the API adds to wrapped contacts and companies, which are not in the description.
fn extras(wrapped: Option<&str>) -> Map<String, Value> {
    let custom_fields = json!({"type": "object", "description": "The values of custom fields by name."});
    let extras = match wrapped {
        Some("lead") => json!({
            "markers": {"description": "What the API has marked the contact with: a list or a map."},
            "flows": {"description": "The automations that the contact is or was in."},
            "custom_fields": custom_fields,
        }),
        Some("company") => json!({"custom_fields": custom_fields}),
        _ => json!({}),
    };
    extras.as_object().cloned().unwrap_or_default()
}

/// One attribute of a class, on one line if it fits.
fn assignment(name: &str, kind: &str, arguments: &[String], doc: &str) -> String {
    let arguments = arguments.join(", ");
    let start = format!("    {name} = {kind}({arguments}");
    let doc = doc.trim();
    if doc.is_empty() {
        return format!("{start})\n");
    }
    let line = format!("{start}, doc={})\n", literal(doc));
    if !doc.contains('\n') && line.chars().count() <= WIDTH {
        return line;
    }
    let mut out = format!("    {name} = {kind}(\n        {arguments},\n");
    match pieces(doc).as_slice() {
        [piece] => out.push_str(&format!("        doc={},\n", literal(piece))),
        pieces => {
            out.push_str("        doc=(\n");
            pieces.iter().for_each(|piece| out.push_str(&format!("            {}\n", literal(piece))));
            out.push_str("        ),\n");
        }
    }
    out + "    )\n"
}

/// A docstring of a class.
fn docstring(description: &str) -> String {
    super::text::docstring(&super::text::wrapped(&prose(description), 4), 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generate(doc: &Value) -> Result<String> {
        let (names, enums) = (Names::none(), Enums::new(&[]));
        let mut models = Models::new(doc, &names, &enums);
        for name in doc["components"]["schemas"].as_object().unwrap().keys() {
            models.component(name)?;
        }
        Ok(models.render())
    }

    fn models(schemas: Value) -> Result<String> {
        generate(&json!({"components": {"schemas": schemas}}))
    }

    #[test]
    fn chooses_decoders_by_type() {
        let source = models(json!({"some-thing": {"description": "A \"thing\".", "properties": {
            "uuid": {"type": "string"},
            "user_id": {"type": "integer", "nullable": true},
            "at": {"type": "string", "format": "date-time", "description": "When."},
            "tags": {"type": "array", "items": {"type": "string"}},
            "parts": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "boolean"}}}},
            "data": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}},
            "free": {"type": "object"},
            "any": {},
            "from": {"type": "string"},
            "emailDomain": {"type": "string"},
        }}}))
        .unwrap();
        let expected = r#"class SomeThingParts(Record):
    """Part of another record."""

    n = Field(Boolean)


class SomeThing(Record):
    """A "thing"."""

    uuid = Key(Text)
    user_id = Field(Integer)
    at = Field(Time, doc="When.")
    tags = Field(ListOf(Text))
    parts = Field(ListOf(One(SomeThingParts)))
    data = Field(MapOf(ListOf(Number)))
    free = Field(Mapping)
    any = Field(Json)
    from_ = Field(Text, name="from")
    email_domain = Field(Text, name="emailDomain")
"#;
        assert!(source.ends_with(expected), "{source}");
        assert!(source.contains("__all__ = [\n    \"SomeThing\",\n    \"SomeThingParts\",\n]\n"), "{source}");
    }

    #[test]
    fn renames_and_unwraps_contacts() {
        let doc = json!({
            "paths": {"/a": {"get": {"schema": {"$ref": "#/components/schemas/lead", "x-grinfi-wrapper": "lead"}}}},
            "components": {"schemas": {"lead": {"properties": {"name": {"type": "string"}}}}}});
        let source = generate(&doc).unwrap();
        assert!(source.contains("class Contact(Record, wrapped_under=\"lead\"):"), "{source}");
        assert!(source.contains("custom_fields = Field(Mapping, doc="), "{source}");
    }

    #[test]
    fn refuses_invalid_classes() {
        let circle = json!({"a": {"properties": {"b": {"$ref": "#/components/schemas/b"}}},
            "b": {"properties": {"a": {"$ref": "#/components/schemas/a"}}}});
        assert!(models(circle).unwrap_err().to_string().contains("A > B"));
        let taken = json!({"text": {"properties": {"x": {}}}});
        assert!(models(taken).unwrap_err().to_string().contains("called Text"));
        let odd = json!({"a": {"properties": {"x-y": {}}}});
        assert!(models(odd).unwrap_err().to_string().contains("`x-y` is not a valid name"));
    }

    #[test]
    fn splits_long_texts_without_loss() {
        let text = format!("{}\n- a\\b \"c\"", "word ".repeat(60));
        assert_eq!(pieces(&text).concat(), text);
        let source = assignment("x", "Field", &["Text".to_owned()], &text);
        assert!(source.lines().all(|line| line.chars().count() <= WIDTH + 4), "{source}");
        assert!(source.contains(r#""- a\\b \"c\"""#), "{source}");
    }
}
