//! Types of the async client and their blocking counterparts.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    GenericArgument, Generics, PathArguments, Type, TypePath,
    visit_mut::{self, VisitMut},
};

use super::source::{Method, Owner, Source};

/// What a method of the async client returns.
pub enum Returned {
    /// The builder itself.
    Itself,
    /// A type with a wrapper.
    Wrapped(Type),
    /// A listing of this resource.
    Listing(Type),
    /// A future of a value.
    Waited(Type),
    /// A listing that is read whole.
    WaitedList(Type),
    /// A future of a type with a wrapper.
    WaitedWrapped(Type),
    /// A future of the next element, if there is one.
    WaitedOption(Type),
    /// A future without a value.
    WaitedUnit,
    /// A value.
    Plain(Type),
}

/// The types that get a wrapper, each with the module that it is in.
pub struct Types {
    wrapped: BTreeMap<String, String>,
    /// Aliases of wrapped types.
    aliases: BTreeMap<String, Type>,
}

impl Types {
    pub fn new(sources: &[Source]) -> Self {
        let mut types = Self { wrapped: BTreeMap::new(), aliases: BTreeMap::new() };
        let owners =
            || sources.iter().flat_map(|source| source.owners.iter().map(move |owner| (source, owner)));
        let defined: BTreeSet<&str> = owners()
            .filter(|(_, owner)| owner.definition.is_some())
            .map(|(_, owner)| owner.name.as_str())
            .collect();
        // A type that returns a wrapped type has to be wrapped itself.
        loop {
            let before = types.wrapped.len();
            for (source, owner) in owners() {
                let has_calls = owner.blocks.iter().any(|block| {
                    let is_async = |method: &Method| {
                        method.is_async || method.output.as_ref().is_some_and(|ty| types.is_waited(ty))
                    };
                    block.output.is_some() || block.methods.iter().any(is_async)
                });
                if has_calls && defined.contains(owner.name.as_str()) {
                    types.wrapped.insert(owner.name.clone(), source.module.clone());
                }
            }
            if types.wrapped.len() == before {
                break;
            }
        }
        for alias in sources.iter().flat_map(|source| &source.aliases) {
            if last(&alias.target).is_some_and(|name| types.wrapped.contains_key(&name)) {
                types.aliases.insert(alias.name.clone(), alias.target.clone());
            }
        }
        types
    }

    pub fn is_wrapped(&self, name: &str) -> bool {
        self.wrapped.contains_key(name)
    }

    /// The type that an alias stands for, if that has a wrapper.
    pub fn alias(&self, name: &str) -> Option<&Type> {
        self.aliases.get(name)
    }

    fn has_wrapper(&self, ty: &Type) -> bool {
        last(ty).is_some_and(|name| self.is_wrapped(&name) || self.aliases.contains_key(&name))
    }

    fn is_waited(&self, ty: &Type) -> bool {
        matches!(last(ty).as_deref(), Some("Call" | "BoxFuture" | "Search" | "Unpaged"))
            || self.has_wrapper(ty)
    }
}

/// The names of one file, for resolving its types.
pub struct Scope<'a> {
    pub source: &'a Source,
    pub types: &'a Types,
}

impl Scope<'_> {
    /// What a method returns; `None` if it has no blocking counterpart.
    pub fn returned(&self, method: &Method, owner: &Owner) -> Option<Returned> {
        let Some(output) = &method.output else {
            return method.is_async.then_some(Returned::WaitedUnit);
        };
        let name = last(output)?;
        if method.is_async {
            return Some(match name.as_str() {
                "Option" => Returned::WaitedOption(argument(&argument(output)?)?),
                _ => self.waited(argument(output)?),
            });
        }
        Some(match name.as_str() {
            "Self" => Returned::Itself,
            "Call" => self.waited(argument(output)?),
            "BoxFuture" => self.waited(argument(&argument(output)?)?),
            "Search" => Returned::Listing(argument(output)?),
            "Unpaged" => Returned::WaitedList(argument(output)?),
            _ if self.types.has_wrapper(output) => Returned::Wrapped(output.clone()),
            name if name == owner.name => return None,
            _ => Returned::Plain(output.clone()),
        })
    }

    fn waited(&self, ty: Type) -> Returned {
        if self.types.has_wrapper(&ty) { Returned::WaitedWrapped(ty) } else { Returned::Waited(ty) }
    }

    /// The path of the wrapper of a type, with the arguments of the async type.
    pub fn wrapper_of(&self, ty: &Type) -> TokenStream {
        let name = last(ty).unwrap_or_default();
        let module = match self.types.wrapped.get(&name) {
            Some(module) => module.clone(),
            // An alias: its module is the one of its path.
            None => {
                let path = self.source.imports.get(&name).cloned().unwrap_or_default();
                path.trim_start_matches("crate::resources::")
                    .split("::")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            }
        };
        let path: syn::Path = parsed(&format!("crate::blocking::{module}::{name}"));
        let arguments = match ty {
            Type::Path(TypePath { path, .. }) => {
                path.segments.last().map(|segment| segment.arguments.clone())
            }
            _ => None,
        };
        let arguments = arguments.map(|arguments| match arguments {
            PathArguments::AngleBracketed(mut inner) => {
                Resolver { scope: self, itself: None }
                    .visit_angle_bracketed_generic_arguments_mut(&mut inner);
                quote! { #inner }
            }
            _ => TokenStream::new(),
        });
        quote! { #path #arguments }
    }

    /// The target of an `impl`, which is in the same module as the wrapper.
    pub fn local(&self, ty: &Type) -> TokenStream {
        self.wrapper_of(ty)
    }

    /// The full path of a name of the file.
    pub fn path_of(&self, name: &str) -> TokenStream {
        let path = self.source.imports.get(name).cloned().unwrap_or_else(|| name.to_owned());
        parsed::<syn::Path>(&path).into_token_stream()
    }

    pub fn generics(&self, generics: &Generics) -> Generics {
        let mut generics = generics.clone();
        Resolver { scope: self, itself: None }.visit_generics_mut(&mut generics);
        generics
    }

    pub fn resolved(&self, ty: &Type) -> TokenStream {
        let mut ty = ty.clone();
        Resolver { scope: self, itself: None }.visit_type_mut(&mut ty);
        ty.into_token_stream()
    }

    /// The same within the methods of a type, which `Self` stands for.
    pub fn resolved_in(&self, ty: &Type, owner: &Owner) -> TokenStream {
        let mut ty = ty.clone();
        let itself = self.source.imports.get(&owner.name).cloned();
        Resolver { scope: self, itself }.visit_type_mut(&mut ty);
        ty.into_token_stream()
    }

    pub fn arguments(&self, method: &Method, owner: &Owner) -> Vec<TokenStream> {
        let argument = |(name, ty): &(proc_macro2::Ident, Type)| {
            let ty = self.resolved_in(ty, owner);
            quote! { #name: #ty }
        };
        method.arguments.iter().map(argument).collect()
    }

    /// Paths of the names that doc comments link to.
    pub fn doc_imports(&self, items: &TokenStream) -> Vec<String> {
        let text = items.to_string();
        let is_linked = |name: &str| {
            ["[`NAME`]", "[`NAME::", "(NAME)", "(NAME::", "(NAME#"]
                .iter()
                .any(|link| text.contains(&link.replace("NAME", name)))
        };
        let imports = self.source.imports.iter().filter(|(name, path)| {
            is_linked(name) && path.starts_with("crate") && !self.types.aliases.contains_key(*name)
        });
        let paths = imports.filter_map(|(name, path)| match self.types.wrapped.get(name) {
            None => Some(path.clone()),
            Some(module) if *module == self.source.module => None,
            Some(module) => Some(format!("crate::blocking::{module}::{name}")),
        });
        paths.collect()
    }
}

/// Replaces the names of the file by full paths, and `Self` by the async type.
struct Resolver<'a, 'b> {
    scope: &'a Scope<'b>,
    itself: Option<String>,
}

impl VisitMut for Resolver<'_, '_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(first) = path.segments.first() else { return };
        let name = first.ident.to_string();
        let full = match (name.as_str(), &self.itself) {
            ("Self", Some(itself)) => Some(itself),
            _ => self.scope.source.imports.get(&name),
        };
        if let Some(full) = full {
            let mut replaced: syn::Path = parsed(full);
            if let Some(last) = replaced.segments.last_mut() {
                last.arguments = first.arguments.clone();
            }
            replaced.segments.extend(path.segments.iter().skip(1).cloned());
            *path = replaced;
        }
    }
}

/// Parses code that this step wrote.
#[allow(clippy::panic, reason = "invalid code here is a bug of this step")]
pub fn parsed<T: syn::parse::Parse>(text: &str) -> T {
    match syn::parse_str(text) {
        Ok(parsed) => parsed,
        Err(error) => panic!("`{text}` is not Rust: {error}"),
    }
}

/// The last segment of the path of a type.
fn last(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(TypePath { path, .. }) => path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The first type argument of a type: `Tag` of `Result<Tag>`.
pub fn argument(ty: &Type) -> Option<Type> {
    let Type::Path(TypePath { path, .. }) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}
