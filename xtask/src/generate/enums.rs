//! The open enumerations, one call of a hand-written macro each.

use std::collections::BTreeSet;

use heck::ToPascalCase;

use super::doc_comment;
use crate::{normalize::OpenEnum, terms};

/// The file of all enumerations, in the order of the description.
pub fn generate(enums: &[OpenEnum]) -> String {
    let mut out = String::from(
        "//! Enumerations of the API description. They are open: a value that is not listed arrives unchanged.\n\n",
    );
    out.push_str("use crate::open_enum::open_enum;\n");
    for item in enums {
        out.push_str("\nopen_enum! {\n");
        let description =
            item.description.clone().unwrap_or_else(|| format!("One of: {}.", item.values.join(", ")));
        out.push_str(&doc_comment(&description, "    ///"));
        out.push_str(&format!("    {} {{\n", item.name));
        let mut taken = BTreeSet::new();
        for value in &item.values {
            let mut name = variant(value);
            // Values that differ in nothing but what a name cannot have.
            while !taken.insert(name.clone()) {
                name.push_str("Value");
            }
            out.push_str(&format!("        /// `{value}`\n        {name} = {value:?},\n"));
        }
        out.push_str("    }\n}\n");
    }
    out
}

/// The variant for a value: `in_progress` is `InProgress`. `Other` is taken by the open end, `Err` by what reads it.
fn variant(value: &str) -> String {
    let name = terms::pascal(&value.to_pascal_case());
    match name.as_str() {
        "" => "Empty".to_owned(),
        "Self" | "Other" | "Err" => format!("{name}Value"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("V{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_variants_have_one_name() {
        let values = ["Ok", "ok", "Err"].map(str::to_owned).to_vec();
        let text = generate(&[OpenEnum { name: "Outcome".into(), description: None, values }]);
        for line in ["Ok = \"Ok\"", "OkValue = \"ok\"", "ErrValue = \"Err\""] {
            assert!(text.contains(&format!("        {line},\n")), "{text}");
        }
    }

    #[test]
    fn variants_are_identifiers() {
        let names = ["in_progress", "InMail", "GET", "", "other", "self", "3d"].map(variant);
        assert_eq!(names, ["InProgress", "InMail", "Get", "Empty", "OtherValue", "SelfValue", "V3d"]);
    }
}
