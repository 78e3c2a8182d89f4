//! The sources of the async resources, as far as the blocking client needs them.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, FnArg, Generics, ImplItem, Item, Pat, ReceiverKind, ReturnType, Token, Type, Visibility,
    parenthesized,
    parse::{Parse, ParseStream},
};

use super::doc;
use crate::coverage;

/// One file.
pub struct Source {
    /// The public module that its items are in: `contacts`.
    pub module: String,
    /// Names in scope, with their full paths.
    pub imports: BTreeMap<String, String>,
    pub owners: Vec<Owner>,
    pub aliases: Vec<Alias>,
}

/// A type with its methods.
pub struct Owner {
    pub name: String,
    /// `None` where the type is defined in another file.
    pub definition: Option<Definition>,
    pub blocks: Vec<Block>,
}

pub struct Definition {
    pub ident: Ident,
    pub generics: Generics,
    pub docs: Vec<String>,
    pub must_use: TokenStream,
    pub is_clone: bool,
}

/// One `impl` block. `output` is what the type resolves to when it is awaited, for `impl IntoFuture`.
pub struct Block {
    pub generics: Generics,
    pub target: Type,
    pub methods: Vec<Method>,
    pub output: Option<Type>,
}

pub struct Method {
    pub name: Ident,
    pub generics: Generics,
    pub docs: Vec<String>,
    pub must_use: TokenStream,
    pub receiver: Option<TokenStream>,
    pub arguments: Vec<(Ident, Type)>,
    pub output: Option<Type>,
    pub is_async: bool,
}

/// A type alias.
pub struct Alias {
    pub ident: Ident,
    pub name: String,
    pub target: Type,
    pub docs: Vec<String>,
}

/// Reads all files of the resources.
pub fn read(root: &Path) -> Result<Vec<Source>> {
    let folder = root.join(coverage::RESOURCES);
    let mut sources = Vec::new();
    for path in coverage::rust_files(&folder)? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))?;
        let relative = path.strip_prefix(&folder).unwrap_or(&path).with_extension("");
        let modules: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        sources.push(source(&modules, file.items).with_context(|| path.display().to_string())?);
    }
    Ok(sources)
}

fn source(modules: &[String], items: Vec<Item>) -> Result<Source> {
    let module = modules.first().cloned().unwrap_or_default();
    let own = format!("crate::resources::{}", modules.join("::"));
    let parent = format!("crate::resources::{}", modules[..modules.len() - 1].join("::"));
    let mut source = Source { module, imports: BTreeMap::new(), owners: Vec::new(), aliases: Vec::new() };
    for item in items {
        match item {
            Item::Use(item) => imports(&item.tree, String::new(), &own, &parent, &mut source.imports),
            Item::Struct(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                let name = item.ident.to_string();
                source.imports.insert(name.clone(), format!("{own}::{name}"));
                let derives = quote_all(item.attrs.iter().filter(|attr| attr.path().is_ident("derive")));
                let definition = Definition {
                    docs: doc::lines(&item.attrs),
                    must_use: must_use(&item.attrs),
                    is_clone: derives.to_string().contains("Clone"),
                    ident: item.ident,
                    generics: item.generics,
                };
                source.owner(&name).definition = Some(definition);
            }
            Item::Struct(item) => {
                source.imports.insert(item.ident.to_string(), format!("{own}::{}", item.ident));
            }
            Item::Enum(item) => {
                source.imports.insert(item.ident.to_string(), format!("{own}::{}", item.ident));
            }
            Item::Type(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                source.imports.insert(name.clone(), format!("{own}::{name}"));
                let docs = doc::lines(&item.attrs);
                source.aliases.push(Alias { ident: item.ident, name, target: *item.ty, docs });
            }
            Item::Macro(item) if item.mac.path.is_ident("handle") => {
                let handle: Handle = item.mac.parse_body()?;
                let name = handle.ident.to_string();
                source.imports.insert(name.clone(), format!("{own}::{name}"));
                let definition = Definition {
                    docs: doc::lines(&handle.attributes),
                    must_use: TokenStream::new(),
                    is_clone: true,
                    ident: handle.ident,
                    generics: Generics::default(),
                };
                source.owner(&name).definition = Some(definition);
            }
            Item::Impl(item) => {
                let Type::Path(target) = &*item.self_ty else { continue };
                let Some(name) = target.path.segments.last().map(|last| last.ident.to_string()) else {
                    continue;
                };
                let output = match &item.trait_ {
                    None => None,
                    Some((path, ..)) if path_ends(path, "IntoFuture") => output_of(&item.items),
                    Some(_) => continue,
                };
                let methods = if item.trait_.is_some() { Vec::new() } else { methods(item.items)? };
                let block = Block { generics: item.generics, target: *item.self_ty, methods, output };
                source.owner(&name).blocks.push(block);
            }
            _ => {}
        }
    }
    Ok(source)
}

impl Source {
    fn owner(&mut self, name: &str) -> &mut Owner {
        let index = match self.owners.iter().position(|owner| owner.name == name) {
            Some(index) => index,
            None => {
                self.owners.push(Owner { name: name.to_owned(), definition: None, blocks: Vec::new() });
                self.owners.len() - 1
            }
        };
        &mut self.owners[index]
    }
}

fn methods(items: Vec<ImplItem>) -> Result<Vec<Method>> {
    let mut methods = Vec::new();
    for item in items {
        match item {
            ImplItem::Fn(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                let mut receiver = None;
                let mut arguments = Vec::new();
                for argument in item.sig.inputs {
                    match argument {
                        FnArg::Receiver(this) => {
                            receiver = Some(match this.kind {
                                ReceiverKind::Reference(_, _, Some(_)) => quote! { &mut self },
                                ReceiverKind::Reference(..) => quote! { &self },
                                _ => quote! { self },
                            });
                        }
                        FnArg::Typed(argument) => {
                            if let Pat::Ident(name) = *argument.pat {
                                arguments.push((name.ident, *argument.ty));
                            }
                        }
                    }
                }
                methods.push(Method {
                    name: item.sig.ident,
                    generics: item.sig.generics,
                    docs: doc::lines(&item.attrs),
                    must_use: must_use(&item.attrs),
                    receiver,
                    arguments,
                    output: match item.sig.output {
                        ReturnType::Type(_, ty) => Some(*ty),
                        ReturnType::Default => None,
                    },
                    is_async: item.sig.asyncness.is_some(),
                });
            }
            ImplItem::Macro(item) if item.mac.path.is_ident("setters") => {
                let setters: Setters = item.mac.parse_body()?;
                methods.extend(setters.0);
            }
            _ => {}
        }
    }
    Ok(methods)
}

fn output_of(items: &[ImplItem]) -> Option<Type> {
    items.iter().find_map(|item| match item {
        ImplItem::Type(item) if item.ident == "Output" => super::types::argument(&item.ty),
        _ => None,
    })
}

fn path_ends(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attr| attr.path().is_ident("doc") && attr.to_token_stream().to_string().contains("hidden"))
}

fn must_use(attributes: &[Attribute]) -> TokenStream {
    let text = quote_all(attributes.iter().filter(|attr| attr.path().is_ident("must_use"))).to_string();
    match text {
        text if text.is_empty() => TokenStream::new(),
        text if text.contains("awaited") => quote! { #[must_use = "nothing is sent until `send` is called"] },
        _ => quote_all(attributes.iter().filter(|attr| attr.path().is_ident("must_use"))),
    }
}

fn quote_all<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> TokenStream {
    quote! { #(#attributes)* }
}

/// Notes the names that a `use` brings into scope.
fn imports(
    tree: &syn::UseTree,
    prefix: String,
    own: &str,
    parent: &str,
    found: &mut BTreeMap<String, String>,
) {
    match tree {
        syn::UseTree::Path(path) => {
            let segment = match path.ident.to_string().as_str() {
                "super" => parent.to_owned(),
                "self" if prefix.is_empty() => own.to_owned(),
                other if prefix.is_empty() => other.to_owned(),
                other => format!("{prefix}::{other}"),
            };
            imports(&path.tree, segment, own, parent, found);
        }
        syn::UseTree::Name(name) if name.ident == "self" => {
            if let Some(last) = prefix.rsplit("::").next() {
                found.insert(last.to_owned(), prefix.clone());
            }
        }
        syn::UseTree::Name(name) => {
            // Submodules of this file are named without a path: `pub use create::CreateContacts`.
            found.insert(name.ident.to_string(), format!("{prefix}::{}", name.ident));
        }
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                imports(tree, prefix.clone(), own, parent, found);
            }
        }
        syn::UseTree::Rename(_) | syn::UseTree::Glob(_) => {}
    }
}

/// The body of `handle!`.
struct Handle {
    attributes: Vec<Attribute>,
    ident: Ident,
}

impl Parse for Handle {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { attributes: input.call(Attribute::parse_outer)?, ident: input.parse()? })
    }
}

/// The body of `setters!`: `/// Doc. name(Type) => field;`.
struct Setters(Vec<Method>);

impl Parse for Setters {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut methods = Vec::new();
        while !input.is_empty() {
            let attributes = input.call(Attribute::parse_outer)?;
            let name: Ident = input.parse()?;
            let content;
            parenthesized!(content in input);
            let ty: Type = content.parse()?;
            input.parse::<Token![=>]>()?;
            input.parse::<Ident>()?;
            input.parse::<Token![;]>()?;
            methods.push(Method {
                name,
                generics: Generics::default(),
                docs: doc::lines(&attributes),
                must_use: TokenStream::new(),
                receiver: Some(quote! { self }),
                arguments: vec![(format_ident!("value"), syn::parse_quote!(impl Into<#ty>))],
                output: Some(syn::parse_quote!(Self)),
                is_async: false,
            });
        }
        Ok(Self(methods))
    }
}
