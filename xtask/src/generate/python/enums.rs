//! The enumerations, with the names that they have in Rust.

use serde_json::{Map, Value};

use super::text;
use crate::{normalize::OpenEnum, terms};

/// The enumerations by their sets of values.
pub struct Enums<'a> {
    enums: &'a [OpenEnum],
}

impl<'a> Enums<'a> {
    pub fn new(enums: &'a [OpenEnum]) -> Self {
        Self { enums }
    }

    /// Returns the enumeration for a schema: the smallest one that has all its values.
    pub fn of(&self, schema: &Map<String, Value>) -> Option<&str> {
        let values = schema.get("enum")?.as_array()?;
        let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        let holds =
            |known: &&OpenEnum| values.iter().all(|value| known.values.iter().any(|other| other == value));
        let found = self.enums.iter().filter(holds).min_by_key(|known| known.values.len());
        found.map(|known| known.name.as_str())
    }

    /// The module `enums.py`.
    pub fn render(&self) -> String {
        let mut out = String::from(
            "\"\"\"Enumerations of the API. They are open: a value that is not listed here arrives unchanged.\"\"\"\n\n\
             from .._open_enum import OpenEnum\n\n__all__ = [\n",
        );
        let mut names: Vec<&str> = self.enums.iter().map(|known| known.name.as_str()).collect();
        names.sort_unstable();
        names.iter().for_each(|name| out.push_str(&format!("    \"{name}\",\n")));
        out.push_str("]\n");
        for known in self.enums {
            let described = known.description.as_deref().unwrap_or("One of these values.");
            let lines = text::wrapped(&text::prose(described), 4);
            out.push_str(&format!("\n\nclass {}(OpenEnum):\n{}\n", known.name, text::docstring(&lines, 4)));
            for value in &known.values {
                out.push_str(&format!("    {} = {}\n", member(value), text::literal(value)));
            }
        }
        out
    }
}

fn member(value: &str) -> String {
    let name = terms::snake(value).to_uppercase();
    match name.chars().next() {
        None => "EMPTY".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("V{name}"),
        Some(_) => name,
    }
}
