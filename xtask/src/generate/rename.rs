//! Rewriting step: replaces the words of the API by those of this library in the names of types, fields, variants and
//! arguments. The names on the wire stay, as do the names of methods, which are the API's operation ids.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Field, Fields, File, FnArg, ImplItem, Item, ItemStruct, LitStr, Pat, ext::IdentExt,
    parse_quote,
};

use crate::terms;

/// Renames everything in the file and returns how many fields got another name than they have on the wire.
///
/// Fails if two types, two fields of a type or two arguments of a method would have one name.
pub fn apply(file: &mut File) -> Result<usize> {
    let mut fields = 0;
    for record in structs(file) {
        fields += record.fields.iter_mut().map(keep_wire_name).sum::<usize>();
        record.attrs.iter_mut().for_each(rename_in_doc);
    }
    for item in &mut file.items {
        let Item::Impl(client) = item else { continue };
        for member in &mut client.items {
            if let ImplItem::Fn(method) = member {
                method.attrs.iter_mut().for_each(rename_in_doc);
            }
        }
    }
    let tokens = renamed(file.to_token_stream());
    *file = syn::parse2(tokens).context("the renamed client is not valid Rust")?;
    distinct(file)?;
    Ok(fields)
}

/// The structs in the module `types`.
fn structs(file: &mut File) -> impl Iterator<Item = &mut ItemStruct> {
    let types = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    types.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(record) => Some(record),
        _ => None,
    })
}

/// Adds `rename = "…"` to a field that is about to be renamed, unless it has one.
fn keep_wire_name(field: &mut Field) -> usize {
    let Some(name) = &field.ident else { return 0 };
    let wire = name.unraw().to_string();
    if terms::snake(&wire) == wire {
        return 0;
    }
    if !field.attrs.iter().any(has_rename) {
        field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
    }
    1
}

fn has_rename(attribute: &Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("serde") {
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("rename");
            if let Ok(value) = meta.value() {
                value.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    found
}

/// Renames the arguments in the list of arguments of a doc comment, and a type in a doc comment of its name alone.
fn rename_in_doc(attribute: &mut Attribute) {
    let syn::Meta::NameValue(doc) = &mut attribute.meta else { return };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &mut doc.value else { return };
    let before = text.value();
    let lines = before.split('\n').map(|line| {
        let argument = line.strip_prefix("- `").and_then(|rest| rest.split_once("`: "));
        argument.map_or(line.to_owned(), |(name, rest)| format!("- `{}`: {rest}", identifier(name)))
    });
    let alone = before.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    if let Some(name) = alone.filter(|name| syn::parse_str::<Ident>(name).is_ok()) {
        *text = LitStr::new(&format!("`{}`", identifier(name)), text.span());
        return;
    }
    let after = lines.collect::<Vec<_>>().join("\n");
    if after != before {
        *text = LitStr::new(&after, text.span());
    }
}

/// Renames every identifier but those of functions.
fn renamed(tokens: TokenStream) -> TokenStream {
    let mut is_function = false;
    let rename = |token| {
        let after_fn = std::mem::replace(&mut is_function, false);
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream()));
                inner.set_span(group.span());
                inner.into()
            }
            TokenTree::Ident(name) => {
                is_function = name == "fn";
                let text = name.to_string();
                let new = identifier(&text);
                if after_fn || new == text { name.into() } else { Ident::new(&new, name.span()).into() }
            }
            other => other,
        }
    };
    tokens.into_iter().map(rename).collect()
}

/// An identifier of Rust code with the words of this library.
fn identifier(name: &str) -> String {
    match name.chars().next() {
        Some(first) if first.is_uppercase() => terms::pascal(name),
        // Only what progenitor wrote in snake case; `r#type` and `_` stay as they are.
        Some(first) if first.is_lowercase() && !name.contains('#') => {
            let new = terms::snake(name);
            if name.ends_with('_') && !new.ends_with('_') { name.to_owned() } else { new }
        }
        _ => name.to_owned(),
    }
}

/// Fails if two names have become one.
fn distinct(file: &mut File) -> Result<()> {
    let mut types = BTreeSet::new();
    for record in structs(file) {
        if !types.insert(record.ident.to_string()) {
            bail!("two types become `{}`", record.ident);
        }
        let Fields::Named(fields) = &record.fields else { continue };
        let mut names = BTreeSet::new();
        for name in fields.named.iter().filter_map(|field| field.ident.as_ref()) {
            if !names.insert(name.to_string()) {
                bail!("two fields of `{}` become `{name}`", record.ident);
            }
        }
    }
    for item in &file.items {
        let Item::Impl(client) = item else { continue };
        for member in &client.items {
            let ImplItem::Fn(method) = member else { continue };
            let mut names = BTreeSet::new();
            for argument in &method.sig.inputs {
                let FnArg::Typed(argument) = argument else { continue };
                let Pat::Ident(name) = &*argument.pat else { continue };
                if !names.insert(name.ident.to_string()) {
                    bail!("two arguments of `{}` become `{}`", method.sig.ident, name.ident);
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_types_fields_and_arguments_but_not_the_wire() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub struct CloneFlowBody {
                    pub flow_uuid: String,
                    #[serde(rename = "leadUuid")]
                    pub lead_uuid: String,
                    pub lead_status_uuid: String,
                }
            }
            impl Client {
                #[doc = "Clones a flow\n\nArguments:\n- `flow_uuid`: The flow.\n"]
                pub async fn clone_flow<'a>(&'a self, flow_uuid: &'a str, body: &'a types::CloneFlowBody) -> Result<(), E> {
                    let url = format!("{}/flows/{}", self.baseurl, encode_path(&flow_uuid.to_string()));
                    let info = OperationInfo { operation_id: "clone_flow" };
                }
            }
        };
        assert_eq!(apply(&mut file).unwrap(), 2);
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }

    #[test]
    fn rejects_names_that_become_one() {
        for (mut file, expected) in [
            (
                parse_quote! { mod types { pub struct A { lead_uuid: String, contact_uuid: String } } },
                "two fields of `A` become `contact_uuid`",
            ),
            (
                parse_quote! { mod types { pub struct Lead {} pub struct Contact {} } },
                "two types become `Contact`",
            ),
            (
                parse_quote! { impl Client { fn a(&self, flow: i32, automation: i32) {} } },
                "two arguments of `a` become `automation`",
            ),
        ] {
            assert_eq!(apply(&mut file).unwrap_err().to_string(), expected);
        }
    }
}
