//! Rewriting step: moves the optional parameters of each method into a struct, so that a new optional parameter is an additive
//! change. An operation with optional parameters gets two methods: one without them, and `…_with_options`.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use heck::ToPascalCase;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, File, FnArg, GenericArgument, Ident, ImplItem, ImplItemFn, Item, Pat, PatIdent, PathArguments,
    Type, ext::IdentExt, parse_quote,
};

use crate::terms;

/// Suffix of the method that takes the options.
pub const SUFFIX: &str = "_with_options";

/// Rewrites every method with optional parameters, and returns their number.
///
/// Fails if an operation has the name of a generated method.
pub fn apply(file: &mut File) -> Result<usize> {
    let mut structs: Vec<Item> = Vec::new();
    for item in &mut file.items {
        let Item::Impl(client) = item else { continue };
        if client.trait_.is_some() {
            continue;
        }
        let names: BTreeSet<String> = client.items.iter().filter_map(name_of).collect();
        let mut out = Vec::with_capacity(client.items.len());
        for member in std::mem::take(&mut client.items) {
            let ImplItem::Fn(method) = member else {
                out.push(member);
                continue;
            };
            let optional = optional(&method);
            if optional.is_empty() {
                out.push(ImplItem::Fn(method));
                continue;
            }
            let taken = format!("{}{SUFFIX}", method.sig.ident.unraw());
            if names.contains(&taken) {
                bail!(
                    "the operation `{taken}` has the name of the method that takes the options of `{}`",
                    method.sig.ident
                );
            }
            let (plain, full, options) = split(method, &optional);
            out.push(ImplItem::Fn(plain));
            out.push(ImplItem::Fn(full));
            structs.push(options);
        }
        client.items = out;
    }
    let count = structs.len();
    file.items.push(parse_quote! {
        /// Optional parameters of requests.
        pub mod options {
            #(#structs)*
        }
    });
    Ok(count)
}

fn name_of(item: &ImplItem) -> Option<String> {
    match item {
        ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
        _ => None,
    }
}

/// Returns name and type of the optional parameters.
fn optional(method: &ImplItemFn) -> Vec<(Ident, Type)> {
    method.sig.inputs.iter().filter_map(parameter).filter(|(_, of)| is_option(of)).collect()
}

fn parameter(argument: &FnArg) -> Option<(Ident, Type)> {
    let FnArg::Typed(argument) = argument else { return None };
    match &*argument.pat {
        Pat::Ident(PatIdent { ident, .. }) => Some((ident.clone(), (*argument.ty).clone())),
        _ => None,
    }
}

fn is_option(of: &Type) -> bool {
    let Type::Path(path) = of else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Option")
}

/// Returns the method without options, the method with options, and their struct.
fn split(method: ImplItemFn, optional: &[(Ident, Type)]) -> (ImplItemFn, ImplItemFn, Item) {
    let own = method.sig.ident.clone();
    let with = format_ident!("{own}{SUFFIX}");
    let name = match terms::pascal(&own.unraw().to_string().to_pascal_case()).as_str() {
        "Self" => format_ident!("SelfOptions"),
        name => format_ident!("{name}"),
    };
    let borrows = optional.iter().any(|(_, of)| of.to_token_stream().to_string().contains("'a"));
    // A lifetime from the start makes a later borrowed field an additive change.
    let spare = (!borrows).then(|| quote!(#[doc(hidden)] pub borrowed: ::std::marker::PhantomData<&'a ()>,));
    let (summary, described) = prose(&method.attrs);

    let fields = optional.iter().map(|(field, of)| {
        let of = qualified(of);
        let text = described.iter().find(|(name, _)| field == name).map(|(_, text)| format!(" {text}"));
        let doc = text.unwrap_or_else(|| format!(" `{field}`"));
        quote!(#[doc = #doc] pub #field: #of)
    });
    let doc = format!(
        " Optional parameters of [`{own}`](super::Client::{with}). End it with `..Default::default()`, because fields can be added."
    );
    let options: Item = parse_quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default)]
        pub struct #name<'a> { #(#fields,)* #spare }
    };

    let mut full = method;
    let names: Vec<&Ident> = optional.iter().map(|(name, _)| name).collect();
    let required: Vec<FnArg> = full
        .sig
        .inputs
        .iter()
        .filter(|argument| !parameter(argument).is_some_and(|(_, of)| is_option(&of)))
        .cloned()
        .collect();
    let given: Vec<Ident> = required.iter().filter_map(parameter).map(|(name, _)| name).collect();
    let mut plain = full.clone();
    plain.sig.inputs = required.iter().cloned().collect();
    let doc = |text: String| -> Vec<Attribute> { vec![parse_quote!(#[doc = #text])] };
    let kept: String = described
        .iter()
        .filter(|(name, _)| given.iter().any(|given| given == name))
        .map(|(name, text)| format!("- `{name}`: {text}\n"))
        .collect();
    let arguments = if kept.is_empty() { kept } else { format!("\nArguments:\n{kept}") };
    plain.attrs = doc(format!(
        "{summary}\nOptional parameters are omitted; use [`{with}`](Self::{with}) to set them.\n{arguments}"
    ));
    full.attrs = doc(format!("{summary}{arguments}"));
    plain.block = parse_quote! {{
        self.#with(#(#given,)* options::#name::default())
    }};
    full.sig.ident = with;
    full.sig.inputs = required.into_iter().collect();
    full.sig.inputs.push(parse_quote!(options: options::#name<'a>));
    full.block.stmts.insert(0, parse_quote!(let options::#name { #(#names,)* .. } = options;));
    (plain, full, options)
}

/// Returns the path of a type from within the module `options`.
fn qualified(of: &Type) -> Type {
    let mut of = of.clone();
    struct Up;
    impl syn::visit_mut::VisitMut for Up {
        fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
            if path.path.leading_colon.is_none()
                && path.path.segments.first().is_some_and(|first| first.ident == "types")
            {
                let inner = path.path.clone();
                path.path = parse_quote!(super::#inner);
            }
            for segment in &mut path.path.segments {
                let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { continue };
                for argument in &mut arguments.args {
                    if let GenericArgument::Type(inner) = argument {
                        syn::visit_mut::VisitMut::visit_type_mut(self, inner);
                    }
                }
            }
        }
    }
    syn::visit_mut::VisitMut::visit_type_mut(&mut Up, &mut of);
    of
}

/// Splits the doc comment of a method into its summary and the texts of the arguments.
fn prose(attributes: &[Attribute]) -> (String, Vec<(String, String)>) {
    let text: String = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta.require_name_value().ok()?.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        })
        .collect();
    let Some((summary, list)) = text.split_once("\nArguments:\n") else { return (text, Vec::new()) };
    let mut described: Vec<(String, String)> = Vec::new();
    for line in list.lines() {
        match line.strip_prefix("- `").and_then(|rest| rest.split_once("`: ")) {
            Some((name, text)) => described.push((name.to_owned(), text.to_owned())),
            // Continuation of a text with several lines.
            None => {
                if let Some((_, text)) = described.last_mut() {
                    text.push('\n');
                    text.push_str(line);
                }
            }
        }
    }
    (summary.to_owned(), described)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(second: &str) -> File {
        let second = format_ident!("{second}");
        parse_quote! {
            impl Client {
                #[doc = "List activities\n\nArguments:\n- `filter`: What they are.\n- `limit`: How many,\nat the most.\n- `object`: Of what.\n"]
                pub fn list_activities<'a>(
                    &'a self, filter: &'a str, limit: Option<i32>, object: Option<&'a types::Kind>, body: types::Body,
                ) -> Result<(), Error> {
                    self.send(filter, limit, object, body)
                }
                pub fn #second<'a>(&'a self, limit: Option<i32>) -> Result<(), Error> { self.send(limit) }
                pub fn plain(&self, uuid: &str) -> Result<(), Error> { self.send(uuid) }
            }
        }
    }

    #[test]
    fn generates_two_methods_for_operations_with_options() {
        let mut file = client("count");
        assert_eq!(apply(&mut file).unwrap(), 2);
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }

    #[test]
    fn rejects_taken_method_names() {
        let error = apply(&mut client("list_activities_with_options")).unwrap_err().to_string();
        assert!(error.contains("the operation `list_activities_with_options`"), "{error}");
    }
}
