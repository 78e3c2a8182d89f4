//! A step between progenitor and the formatter: every field that may arrive in another dress than the description says
//! (a number as a string, a flag as 0 or 1, an empty map as `[]`, a time with a blank) gets a reader that takes both.
//! The types stay the plain ones.

use quote::ToTokens;
use syn::{Attribute, Field, File, Item, parse_quote};

/// The readers of `grinfi_raw::lenient`, by the type that they read.
const READERS: [(&str, &str); 5] = [
    (":: std :: string :: String", "text"),
    ("i64", "int"),
    ("bool", "flag"),
    (":: serde_json :: Map < :: std :: string :: String , :: serde_json :: Value >", "map"),
    (":: chrono :: DateTime < :: chrono :: offset :: Utc >", "time"),
];

/// Puts the readers in, and says into how many fields.
pub fn apply(file: &mut File) -> usize {
    let mut count = 0;
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        if module.ident != "types" {
            continue;
        }
        for item in module.content.iter_mut().flat_map(|(_, items)| items) {
            if let Item::Struct(record) = item {
                count += record.fields.iter_mut().filter_map(read_leniently).count();
            }
        }
    }
    count
}

fn read_leniently(field: &mut Field) -> Option<()> {
    let written = field.ty.to_token_stream().to_string();
    let (reader, optional) = READERS.into_iter().find_map(|(plain, reader)| {
        if written == plain {
            return Some((reader, false));
        }
        (written == format!(":: std :: option :: Option < {plain} >")).then_some((reader, true))
    })?;
    let path = format!("::grinfi_raw::lenient::{}{reader}", if optional { "opt_" } else { "" });
    field.attrs.push(parse_quote!(#[serde(deserialize_with = #path)]));
    // With a reader of its own serde no longer takes an absent `Option` for `None` by itself.
    if optional && !field.attrs.iter().any(has_default) {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
    Some(())
}

fn has_default(attribute: &Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("serde") {
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("default");
            if let Ok(value) = meta.value() {
                value.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_plain_type_gets_its_reader() {
        let mut file: File = parse_quote! {
            mod types {
                struct A {
                    #[serde(skip_serializing_if = "x")]
                    a: ::std::option::Option<i64>,
                    #[serde(default, skip_serializing_if = "x")]
                    b: ::std::option::Option<bool>,
                    c: ::std::string::String,
                    d: ::std::vec::Vec<i64>,
                }
            }
        };
        assert_eq!(apply(&mut file), 3);
        let text = file.to_token_stream().to_string();
        assert!(
            text.contains("opt_int") && text.contains("opt_flag") && text.contains("lenient::text"),
            "{text}"
        );
        assert_eq!(text.matches("default").count(), 2, "{text}");
    }
}
