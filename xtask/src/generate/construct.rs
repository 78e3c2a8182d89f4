//! A step between progenitor and the formatter: how a value of a generated type is made, so that a field more does not break
//! whoever makes one. A type without a required field has a `Default` anyway; one with gets a constructor that asks for the
//! required ones alone, and cannot be written out field by field from another crate.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Field, Fields, File, Ident, Item, ItemImpl, ItemStruct, LitStr, Type, parse_quote};

/// Adds the constructors, and says how many.
pub fn apply(file: &mut File) -> usize {
    let mut count = 0;
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some((_, items)) = module.content.as_mut().filter(|_| module.ident == "types") else { continue };
        let defaults: Vec<String> = items.iter().filter_map(default_of).collect();
        let mut out = Vec::with_capacity(items.len());
        for mut item in std::mem::take(items) {
            let constructor = match &mut item {
                Item::Struct(record) if !defaults.contains(&record.ident.to_string()) => constructor(record),
                _ => None,
            };
            out.push(item);
            if let Some(constructor) = constructor {
                out.push(Item::Impl(constructor));
                count += 1;
            }
        }
        *items = out;
    }
    count
}

/// The type that has a `Default`, derived or written out.
fn default_of(item: &Item) -> Option<String> {
    match item {
        Item::Struct(record) => {
            let derives = record.attrs.iter().filter(|attribute| attribute.path().is_ident("derive"));
            let mut derived = derives.map(|attribute| attribute.meta.to_token_stream().to_string());
            derived.any(|list| list.contains("Default")).then(|| record.ident.to_string())
        }
        Item::Impl(item) => {
            let (path, _) = item.trait_.as_ref()?;
            (path.segments.last()?.ident == "Default").then(|| item.self_ty.to_token_stream().to_string())
        }
        _ => None,
    }
}

/// The constructor of a type with required fields, which can then grow.
fn constructor(record: &mut ItemStruct) -> Option<ItemImpl> {
    let Fields::Named(fields) = &record.fields else { return None };
    let (mut arguments, mut values) = (Vec::new(), Vec::new());
    for field in &fields.named {
        let name = field.ident.as_ref()?;
        match missing(field) {
            Missing::Default => values.push(quote!(#name: ::std::default::Default::default())),
            Missing::Made(path) => values.push(quote!(#name: #path())),
            Missing::Refused => {
                let (argument, value) = argument(name, &field.ty);
                arguments.push(argument);
                values.push(quote!(#name: #value));
            }
        }
    }
    if arguments.is_empty() {
        return None;
    }
    record.attrs.push(parse_quote!(#[non_exhaustive]));
    let name = &record.ident;
    Some(parse_quote! {
        impl #name {
            /// Creates a value with the required fields; optional fields are omitted.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    })
}

/// What becomes of a field that is not given.
enum Missing {
    Refused,
    Default,
    Made(syn::Path),
}

/// As serde is told.
fn missing(field: &Field) -> Missing {
    let mut found = Missing::Refused;
    for attribute in field.attrs.iter().filter(|attribute: &&Attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().ok().map(syn::parse::ParseBuffer::parse::<LitStr>).transpose()?;
            let named = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match (named.as_str(), value) {
                ("default", Some(path)) => found = Missing::Made(path.parse()?),
                ("default" | "flatten", None) => found = Missing::Default,
                // An absent `Option` is no error, and what is not written if it is nothing need not be given.
                ("skip_serializing_if", _) if matches!(found, Missing::Refused) => found = Missing::Default,
                _ => {}
            }
            Ok(())
        });
    }
    found
}

/// A required field as an argument, and what the field is set to. Texts and what this crate defines are taken as what becomes them.
fn argument(name: &Ident, of: &Type) -> (TokenStream, TokenStream) {
    let written = of.to_token_stream().to_string();
    let converted = written == ":: std :: string :: String" || written.starts_with(":: grinfi_raw :: ids ::");
    match converted {
        true => (quote!(#name: impl ::std::convert::Into<#of>), quote!(#name.into())),
        false => (quote!(#name: #of), quote!(#name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_is_asked_for_and_the_rest_left_out() {
        let mut file: File = parse_quote! {
            mod types {
                #[derive(Clone, Debug)]
                pub struct CreateTagBody {
                    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                    pub color: ::std::option::Option<::std::string::String>,
                    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                    pub lists: ::std::vec::Vec<::std::string::String>,
                    #[serde(default = "defaults::order")]
                    pub order: i64,
                    #[serde(rename = "type")]
                    pub type_: Kind,
                    pub name: ::std::string::String,
                    pub contact: ::grinfi_raw::ids::ContactId,
                }
                #[derive(Clone, Debug, Default)]
                pub struct UpdateTagBody {
                    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                    pub color: ::std::option::Option<::std::string::String>,
                }
                pub struct Sizes {
                    #[serde(default = "defaults::order")]
                    pub order: i64,
                }
                impl ::std::default::Default for Sizes { fn default() -> Self { Self { order: defaults::order() } } }
                pub struct Text(pub ::std::string::String);
            }
        };
        assert_eq!(apply(&mut file), 1);
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }
}
