//! Rewriting step: how generated types are made and compared. Every type derives `PartialEq`. A type with required fields
//! gets a constructor that takes only these; a type without has a `Default` already. Types that only responses contain are
//! `#[non_exhaustive]`, types of requests can be written out as struct literals.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Field, Fields, File, FnArg, Ident, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, LitStr,
    Type, parse_quote,
};

/// Adds the constructors and derives, and returns the number of constructors.
pub fn apply(file: &mut File) -> usize {
    let mut count = 0;
    let inputs = inputs(file);
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some((_, items)) = module.content.as_mut().filter(|_| module.ident == "types") else { continue };
        let defaults: Vec<String> = items.iter().filter_map(default_of).collect();
        let mut out = Vec::with_capacity(items.len());
        for mut item in std::mem::take(items) {
            if let Item::Struct(ItemStruct { attrs, .. }) | Item::Enum(ItemEnum { attrs, .. }) = &mut item {
                derive_partial_eq(attrs);
            }
            let constructor = match &mut item {
                Item::Struct(record) if !defaults.contains(&record.ident.to_string()) => constructor(record),
                _ => None,
            };
            if let (Item::Struct(record), Some(_)) = (&mut item, &constructor)
                && !inputs.contains(&record.ident.to_string())
            {
                record.attrs.push(parse_quote!(#[non_exhaustive]));
            }
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

/// Adds `PartialEq` to the derived traits. Derives that hold a closed enum of plain strings have it already.
fn derive_partial_eq(attributes: &mut Vec<Attribute>) {
    let mut derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    if !derives.any(|attribute| attribute.meta.to_token_stream().to_string().contains("PartialEq")) {
        attributes.push(parse_quote!(#[derive(PartialEq)]));
    }
}

/// The types that the arguments of methods contain, directly or as a field.
fn inputs(file: &File) -> BTreeSet<String> {
    let mut contained: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open = BTreeSet::new();
    for item in &file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                for item in module.content.iter().flat_map(|(_, items)| items) {
                    if let Item::Struct(record) = item {
                        let names = contained.entry(record.ident.to_string()).or_default();
                        record.fields.iter().for_each(|field| names_in(field.ty.to_token_stream(), names));
                    }
                }
            }
            Item::Impl(client) => {
                for member in &client.items {
                    let ImplItem::Fn(method) = member else { continue };
                    for argument in &method.sig.inputs {
                        if let FnArg::Typed(argument) = argument {
                            names_in(argument.ty.to_token_stream(), &mut open);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop_first() {
        if let Some(inner) = contained.get(&name)
            && found.insert(name)
        {
            open.extend(inner.iter().cloned());
        }
    }
    found
}

/// Collects every identifier in a type.
fn names_in(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => _ = found.insert(name.to_string()),
            TokenTree::Group(group) => names_in(group.stream(), found),
            _ => {}
        }
    }
}

/// Returns the name of the type if the item gives it a `Default`, derived or implemented.
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

/// Returns the constructor of a type with required fields.
fn constructor(record: &ItemStruct) -> Option<ItemImpl> {
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
    let name = &record.ident;
    Some(parse_quote! {
        impl #name {
            /// Returns a value with these required fields; optional fields are absent.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    })
}

/// How serde treats a field that is absent.
enum Missing {
    /// As an error.
    Refused,
    /// By its `Default`.
    Default,
    /// By the value of this function.
    Made(syn::Path),
}

/// Reads the serde attributes of a field.
fn missing(field: &Field) -> Missing {
    let mut found = Missing::Refused;
    for attribute in field.attrs.iter().filter(|attribute: &&Attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().ok().map(syn::parse::ParseBuffer::parse::<LitStr>).transpose()?;
            let named = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match (named.as_str(), value) {
                ("default", Some(path)) => found = Missing::Made(path.parse()?),
                ("default" | "flatten", None) => found = Missing::Default,
                // Serde accepts an absent `Option`, and a field that is skipped when empty is optional too.
                ("skip_serializing_if", _) if matches!(found, Missing::Refused) => found = Missing::Default,
                _ => {}
            }
            Ok(())
        });
    }
    found
}

/// Returns a required field as an argument, and the value of the field. Strings and ids are taken as `impl Into`.
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
    fn constructor_takes_required_fields() {
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
                pub struct Tag {
                    pub uuid: ::std::string::String,
                }
            }
            impl Client {
                pub async fn create_tag<'a>(&'a self, body: &'a types::CreateTagBody) -> Result<types::Tag, E> {}
            }
        };
        assert_eq!(apply(&mut file), 2);
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }
}
