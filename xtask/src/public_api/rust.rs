//! Lists the public names of a crate with `syn`: a line for each item, field, variant, method and implementation.
//!
//! It parses the source without compiling it: a public item of a private module counts as part of the parent module (the
//! lint `unreachable_pub` finds items that are not exported), and automatic traits are not listed.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::{Attribute, Fields, Item, ItemImpl, Signature, Visibility};

use super::Texts;

/// The names found so far.
#[derive(Default)]
struct Found {
    lines: BTreeSet<String>,
    /// The implementations, each with its type.
    implementations: Vec<(String, String)>,
    public: BTreeSet<String>,
    private: BTreeSet<String>,
}

impl Found {
    fn insert(&mut self, line: String) {
        self.lines.insert(line);
    }

    fn lines(mut self) -> BTreeSet<String> {
        let is_private = |subject: &String| self.private.contains(subject) && !self.public.contains(subject);
        let seen = self.implementations.into_iter().filter(|(subject, _)| !is_private(subject));
        self.lines.extend(seen.map(|(_, line)| line));
        self.lines
    }
}

/// The names of a crate, by its `lib.rs`.
pub fn of_crate(name: &str, lib: &Path, texts: &Texts) -> Result<BTreeSet<String>> {
    let mut found = Found::default();
    module(lib, name, texts, &mut found)?;
    Ok(found.lines())
}

/// The names of a single file.
pub fn of_text(name: &str, text: &str) -> Result<BTreeSet<String>> {
    let file = syn::parse_file(text).with_context(|| format!("{name} is not Rust"))?;
    let mut found = Found::default();
    items(&file.items, name, None, &Texts::default(), &mut found)?;
    Ok(found.lines())
}

fn module(path: &Path, name: &str, texts: &Texts, found: &mut Found) -> Result<()> {
    let text = texts.read(path)?;
    let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))?;
    items(&file.items, name, Some(path), texts, found)
}

fn items(all: &[Item], name: &str, path: Option<&Path>, texts: &Texts, found: &mut Found) -> Result<()> {
    for item in all {
        let (attributes, declared_public) = head(item);
        if hidden(attributes) {
            continue;
        }
        if let Item::Struct(syn::ItemStruct { ident, .. }) | Item::Enum(syn::ItemEnum { ident, .. }) = item {
            let known = if declared_public { &mut found.public } else { &mut found.private };
            known.insert(ident.to_string());
        }
        match item {
            Item::Impl(item) => implementation(item, name, found),
            Item::Mod(item) => {
                // The names of private modules are not public.
                let inner = if declared_public { format!("{name}::{}", item.ident) } else { name.to_owned() };
                match (&item.content, path) {
                    (Some((_, all)), _) => items(all, &inner, path, texts, found)?,
                    (None, Some(path)) => {
                        module(&file_of(path, &item.ident.to_string())?, &inner, texts, found)?
                    }
                    (None, None) => {}
                }
                if declared_public {
                    found.insert(format!("mod {inner}"));
                }
            }
            Item::Macro(item) => match &item.ident {
                Some(ident) if item.attrs.iter().any(|a| a.path().is_ident("macro_export")) => {
                    found.insert(format!("macro {ident}!"));
                }
                Some(_) => {}
                None => invocation(item, name, found),
            },
            _ if declared_public => declared(item, name, found),
            _ => {}
        }
    }
    Ok(())
}

/// Adds an item with `pub`.
fn declared(item: &Item, name: &str, found: &mut Found) {
    match item {
        Item::Struct(item) => {
            let here = format!("{name}::{}", item.ident);
            found.insert(format!("struct {here}{}", tidy(&item.generics)));
            derives(&item.attrs, &here, found);
            fields(&item.fields, &here, false, found);
        }
        Item::Enum(item) => {
            let here = format!("{name}::{}", item.ident);
            found.insert(format!("enum {here}{}{}", tidy(&item.generics), exhaustive(&item.attrs)));
            derives(&item.attrs, &here, found);
            for variant in &item.variants {
                let inner = format!("{here}::{}", variant.ident);
                found.insert(format!("variant {inner}"));
                fields(&variant.fields, &inner, true, found);
            }
        }
        Item::Fn(item) => {
            found.insert(format!("fn {name}::{}", signature(&item.sig)));
        }
        Item::Trait(item) => {
            let here = format!("{name}::{}", item.ident);
            let bounds = if item.supertraits.is_empty() {
                String::new()
            } else {
                format!(": {}", tidy(&item.supertraits))
            };
            found.insert(format!("trait {here}{}{bounds}", tidy(&item.generics)));
            for member in &item.items {
                let line = match member {
                    syn::TraitItem::Fn(method) => {
                        let default = if method.default.is_some() { " {…}" } else { "" };
                        format!("{}{default}", signature(&method.sig))
                    }
                    syn::TraitItem::Type(alias) => format!("type {}", alias.ident),
                    syn::TraitItem::Const(constant) => format!("const {}", constant.ident),
                    _ => continue,
                };
                found.insert(format!("trait {here}: {line}"));
            }
        }
        Item::Type(item) => {
            found.insert(format!("type {name}::{}{} = {}", item.ident, tidy(&item.generics), tidy(&item.ty)));
        }
        Item::Const(item) => {
            found.insert(format!("const {name}::{}: {}", item.ident, tidy(&item.ty)));
        }
        Item::Static(item) => {
            found.insert(format!("static {name}::{}: {}", item.ident, tidy(&item.ty)));
        }
        Item::Use(item) => uses(&item.tree, String::new(), name, found),
        _ => {}
    }
}

fn uses(tree: &syn::UseTree, prefix: String, name: &str, found: &mut Found) {
    match tree {
        syn::UseTree::Path(path) => uses(&path.tree, format!("{prefix}{}::", path.ident), name, found),
        syn::UseTree::Name(leaf) => {
            found.insert(format!("use {name}::{}", leaf.ident));
        }
        syn::UseTree::Rename(leaf) => {
            found.insert(format!("use {name}::{} = {}", leaf.rename, leaf.ident));
        }
        syn::UseTree::Glob(_) => {
            found.insert(format!("use {name}::* = {prefix}*"));
        }
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|tree| uses(tree, prefix.clone(), name, found));
        }
    }
}

fn fields(fields: &Fields, here: &str, all: bool, found: &mut Found) {
    for (index, field) in fields.iter().enumerate() {
        if (all || public(&field.vis)) && !hidden(&field.attrs) {
            let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
            found.insert(format!("field {here}.{name}: {}", tidy(&field.ty)));
        }
    }
}

fn implementation(item: &ItemImpl, name: &str, found: &mut Found) {
    let subject = tidy(&item.self_ty);
    if let Some((path, _)) = &item.trait_ {
        let line = format!("impl{} {} for {name}::{subject}", tidy(&item.generics), tidy(path));
        let subject = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        found.implementations.push((subject.unwrap_or_default(), line));
        return;
    }
    for member in &item.items {
        let line = match member {
            syn::ImplItem::Fn(method) if public(&method.vis) && !hidden(&method.attrs) => {
                format!("fn {name}::{subject}::{}", signature(&method.sig))
            }
            syn::ImplItem::Const(constant) if public(&constant.vis) => {
                format!("const {name}::{subject}::{}: {}", constant.ident, tidy(&constant.ty))
            }
            _ => continue,
        };
        found.insert(line);
    }
}

/// Macro calls are not expanded, so the call itself is listed, without comments and texts.
fn invocation(item: &syn::ItemMacro, name: &str, found: &mut Found) {
    let path = tidy(&item.mac.path);
    if matches!(path.as_str(), "thread_local" | "compile_error") {
        return;
    }
    let text = squeeze(&without_docs(item.mac.tokens.clone()).to_string());
    // A new value of an open enumeration is additive, so each value is a line.
    if let Some((values, inner)) =
        text.split_once('{').filter(|_| path == "open_enum").map(|(of, values)| (values, of.trim()))
    {
        found.insert(format!("enum {name}::{inner}, open"));
        let variants = values.trim_end_matches(['}', ' ']).split(',');
        let variants = variants.filter_map(|variant| variant.split('=').next()).map(str::trim);
        found.lines.extend(
            variants
                .filter(|variant| !variant.is_empty())
                .map(|variant| format!("variant {name}::{inner}::{variant}")),
        );
        return;
    }
    found.insert(format!("macro call {name}::{path}! {text}"));
}

fn without_docs(tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    use proc_macro2::{Delimiter, Group, TokenTree};
    let mut out: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let attribute = group.delimiter() == Delimiter::Bracket
                    && out
                        .last()
                        .is_some_and(|last| matches!(last, TokenTree::Punct(p) if p.as_char() == '#'));
                let doc = group.stream().into_iter().next().is_some_and(|first| first.to_string() == "doc");
                if attribute && doc {
                    out.pop();
                } else {
                    out.push(Group::new(group.delimiter(), without_docs(group.stream())).into());
                }
            }
            TokenTree::Literal(literal) if literal.to_string().starts_with('"') => {
                out.push(proc_macro2::Literal::string("…").into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

fn derives(attributes: &[Attribute], here: &str, found: &mut Found) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let _ = attribute.parse_nested_meta(|meta| {
            found.insert(format!("impl {} for {here}", tidy(&meta.path)));
            Ok(())
        });
    }
}

fn exhaustive(attributes: &[Attribute]) -> &'static str {
    if attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive")) {
        ", non-exhaustive"
    } else {
        ""
    }
}

/// The attributes of an item, and whether it is `pub`.
fn head(item: &Item) -> (&[Attribute], bool) {
    match item {
        Item::Struct(item) => (&item.attrs, public(&item.vis)),
        Item::Enum(item) => (&item.attrs, public(&item.vis)),
        Item::Fn(item) => (&item.attrs, public(&item.vis)),
        Item::Trait(item) => (&item.attrs, public(&item.vis)),
        Item::Type(item) => (&item.attrs, public(&item.vis)),
        Item::Const(item) => (&item.attrs, public(&item.vis)),
        Item::Static(item) => (&item.attrs, public(&item.vis)),
        Item::Use(item) => (&item.attrs, public(&item.vis)),
        Item::Mod(item) => (&item.attrs, public(&item.vis)),
        Item::Impl(item) => (&item.attrs, false),
        Item::Macro(item) => (&item.attrs, false),
        _ => (&[], false),
    }
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// For tests only, or hidden from the documentation.
fn hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = squeeze(&attribute.meta.to_token_stream().to_string());
        text.starts_with("cfg(test)") || text.starts_with("cfg(all(test") || text == "doc(hidden)"
    })
}

fn signature(signature: &Signature) -> String {
    let mut plain = signature.clone();
    for argument in &mut plain.inputs {
        // Only the name of an argument matters, not its pattern.
        if let syn::FnArg::Typed(argument) = argument
            && let syn::Pat::Ident(name) = &mut *argument.pat
        {
            name.mutability = None;
        }
    }
    let text = tidy(&plain);
    // The name comes first, so that related lines are sorted together.
    let (before, rest) = text.split_once("fn ").unwrap_or(("", &text));
    if before.is_empty() { rest.to_owned() } else { format!("{rest}, {}", before.trim()) }
}

fn tidy(node: &impl ToTokens) -> String {
    squeeze(&node.to_token_stream().to_string())
}

/// Formats tokens with few blanks.
fn squeeze(tokens: &str) -> String {
    let mut text = tokens.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        (" , ", ", "),
        (" ,", ","),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" : ", ": "),
        ("' ", "'"),
        (" ;", ";"),
        ("[ ", "["),
        (" ]", "]"),
        (" . ", "."),
        (" !", "!"),
        ("# [", "#["),
    ] {
        text = text.replace(from, to);
    }
    text.replace(",)", ")").replace("->", "-> ").replace("->  ", "-> ").replace(")-> ", ") -> ")
}

/// The file of a module that is declared in `path`.
fn file_of(path: &Path, module: &str) -> Result<PathBuf> {
    let folder = path.parent().context("the file has no folder")?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let folder = if matches!(stem, "lib" | "main" | "mod") { folder.to_owned() } else { folder.join(stem) };
    let candidates = [folder.join(format!("{module}.rs")), folder.join(module).join("mod.rs")];
    candidates
        .into_iter()
        .find(|candidate| candidate.exists())
        .with_context(|| format!("{}: no file for the module `{module}`", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_public_names() {
        let text = r#"
            pub mod inner { pub fn run<'a, T: Clone>(mut x: &'a [T], y: Option<u8>) -> Result<(), String> { todo!() } fn quiet() {} }
            #[derive(Debug, Clone)] #[non_exhaustive] pub enum Kind { A, B(u8), C { x: i64 } }
            pub struct Record { pub id: Option<String>, #[doc(hidden)] pub spare: u8, secret: u8 }
            impl Record { pub async fn fetch(&mut self) -> Vec<u8> { vec![] } fn private(&self) {} pub const N: u8 = 1; }
            impl std::fmt::Display for Record { fn fmt(&self) {} }
            pub(crate) struct Quiet; impl Clone for Quiet { fn clone(&self) {} }
            pub trait Callable: Send { type Word; fn call(&self) -> String; fn shout(&self) {} }
            pub use a::{b::C, d as E, f::*};
            pub(crate) fn near() {}
            #[cfg(test)] pub mod tests { pub fn no() {} }
            #[doc(hidden)] pub fn hidden() {}
            pub type Short = Result<u8>;
            pub const LIMIT: usize = 3;
            open_enum! { /** Doc. */ Status { /** Doc. */ On = "on" } }
        "#;
        let lines: Vec<String> = of_text("c", text).unwrap().into_iter().collect();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
