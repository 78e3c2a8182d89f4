//! Generates the open enumerations: one call of a macro for each.

use std::collections::BTreeSet;

use heck::ToPascalCase;

use super::doc_comment;
use crate::{normalize::OpenEnum, terms};

/// The file with all enumerations, in the order of the description.
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
            // Two values can lead to the same name.
            while !taken.insert(name.clone()) {
                name.push_str("Value");
            }
            out.push_str(&format!("        /// `{value}`\n        {name} = {value:?},\n"));
        }
        out.push_str("    }\n}\n");
    }
    out
}

/// The variant of a value: `in_progress` becomes `InProgress`. `Other` and `Err` are reserved.
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
    fn variants_have_different_names() {
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
