//! The enumerations, open as in Rust, and under the same names.

use heck::ToShoutySnakeCase;
use serde_json::{Map, Value};

use super::text;
use crate::normalize::OpenEnum;

/// The enumerations by their sets of values.
pub struct Enums<'a> {
    enums: &'a [OpenEnum],
}

impl<'a> Enums<'a> {
    pub fn new(enums: &'a [OpenEnum]) -> Self {
        Self { enums }
    }

    /// The enumeration that a schema of a text is.
    pub fn of(&self, schema: &Map<String, Value>) -> Option<&str> {
        let values = schema.get("enum")?.as_array()?;
        let mut values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        values.sort_unstable();
        let found = self.enums.iter().find(|known| {
            let mut listed: Vec<&str> = known.values.iter().map(String::as_str).collect();
            listed.sort_unstable();
            listed == values
        });
        found.map(|known| known.name.as_str())
    }

    /// The module `enums.py`.
    pub fn render(&self) -> String {
        let mut out = String::from(
            "\"\"\"The enumerations of the API. They grow: a value that is not listed here arrives as itself.\"\"\"\n\n\
             from .._open import OpenEnum\n\n__all__ = [\n",
        );
        let mut names: Vec<&str> = self.enums.iter().map(|known| known.name.as_str()).collect();
        names.sort_unstable();
        names.iter().for_each(|name| out.push_str(&format!("    \"{name}\",\n")));
        out.push_str("]\n");
        for known in self.enums {
            let described = known.description.as_deref().unwrap_or("One of the values below.");
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
    let name = value.to_shouty_snake_case();
    match name.chars().next() {
        None => "EMPTY".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("V{name}"),
        Some(_) => name,
    }
}
