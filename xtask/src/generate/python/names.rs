//! Names in Python.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use heck::{ToPascalCase, ToSnakeCase};

use crate::terms;

/// The aliases of generated types in the Rust SDK.
const MODEL: &str = "crates/grinfi/src/models.rs";

/// Types of the Rust SDK that are not aliases.
const OTHERS: [(&str, &str); 3] = [
    ("CreateApiKeyResponse", "CreatedApiKey"),
    ("GetAutomationNodeStatisticsResponseValue", "NodeStatistics"),
    ("AddNewContactToAutomationResponse", "NotEnrolled"),
];

/// The class names of records and inputs.
pub struct Names {
    /// By the name of the generated Rust type.
    aliases: BTreeMap<String, String>,
}

impl Names {
    /// Reads the names from the code.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(MODEL);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))?;
        let mut aliases: BTreeMap<String, String> =
            OTHERS.iter().map(|(raw, name)| ((*raw).to_owned(), (*name).to_owned())).collect();
        for item in &file.items {
            if let syn::Item::Type(alias) = item
                && let Some(raw) = innermost(&alias.ty)
            {
                aliases.insert(raw, alias.ident.to_string());
            }
        }
        Ok(Self { aliases })
    }

    #[cfg(test)]
    pub fn none() -> Self {
        Self { aliases: BTreeMap::new() }
    }

    /// Returns the name of the class for a component or an inline object.
    pub fn class(&self, raw: &str) -> String {
        let name = terms::pascal(&raw.to_pascal_case());
        self.aliases.get(&name).cloned().unwrap_or(name)
    }
}

/// Returns the innermost name of a type: `Contact` of `Aggregated<types::Contact>`.
pub fn innermost(ty: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if let syn::PathArguments::AngleBracketed(arguments) = &last.arguments {
        let inner = arguments.args.iter().rev().find_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => innermost(ty),
            _ => None,
        });
        return inner.or_else(|| Some(last.ident.to_string()));
    }
    Some(last.ident.to_string())
}

/// Keywords of Python.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Returns the name of an argument: `contact_uuid` for `lead_uuid` and for `leadUuid`.
pub fn argument(wire: &str) -> String {
    identifier(&terms::snake(wire))
}

/// Returns the name of this package for a field with another name in the API: `contact_uuid` for `lead_uuid`.
pub fn alias(field: &str) -> Option<String> {
    let own = argument(field);
    (own != field && field == field.to_snake_case()).then_some(own)
}

/// Returns the name of a parameter of the path, without the name of its own resource.
pub fn path_argument(wire: &str, attribute: &str) -> String {
    let name = argument(wire);
    let own = attribute.strip_suffix('s').unwrap_or(attribute);
    match name.strip_prefix(own).and_then(|rest| rest.strip_prefix('_')) {
        Some(rest) => rest.to_owned(),
        None => name,
    }
}

/// Returns a name that is not a keyword.
pub fn identifier(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_arguments() {
        let names =
            ["lead_uuid", "flowUuid", "flow_workspace_uuid", "lead_status_uuid", "from", "flow_uuids"];
        assert_eq!(
            names.map(argument),
            [
                "contact_uuid",
                "automation_uuid",
                "automation_workspace_uuid",
                "lead_status_uuid",
                "from_",
                "automation_uuids"
            ]
        );
        assert_eq!(path_argument("flowUuid", "automations"), "uuid");
        assert_eq!(path_argument("flowUuid", "automation_versions"), "automation_uuid");
        assert_eq!(path_argument("leadUuid", "automations"), "contact_uuid");
    }
}
