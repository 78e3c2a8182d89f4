//! The open enumerations, one call of a hand-written macro each.

use heck::ToPascalCase;

use super::doc_comment;
use crate::normalize::OpenEnum;

/// The file of all enumerations, in the order of the description.
pub fn generate(enums: &[OpenEnum]) -> String {
    let mut out = String::from(
        "//! The enumerations of the description, open: a value that is not listed arrives as itself.\n\n",
    );
    out.push_str("use crate::open_enum::open_enum;\n");
    for item in enums {
        out.push_str("\nopen_enum! {\n");
        let description =
            item.description.clone().unwrap_or_else(|| format!("One of: {}.", item.values.join(", ")));
        out.push_str(&doc_comment(&description, "    ///"));
        out.push_str(&format!("    {} {{\n", item.name));
        for value in &item.values {
            out.push_str(&format!("        /// `{value}`\n        {} = {value:?},\n", variant(value)));
        }
        out.push_str("    }\n}\n");
    }
    out
}

/// The variant for a value: `in_progress` is `InProgress`. `Other` is taken by the open end.
fn variant(value: &str) -> String {
    let name = value.to_pascal_case();
    match name.as_str() {
        "" => "Empty".to_owned(),
        "Self" | "Other" => format!("{name}Value"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("V{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_identifiers() {
        let names = ["in_progress", "InMail", "GET", "", "other", "self", "3d"].map(variant);
        assert_eq!(names, ["InProgress", "InMail", "Get", "Empty", "OtherValue", "SelfValue", "V3d"]);
    }
}
