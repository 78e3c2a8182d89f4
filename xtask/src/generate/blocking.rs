//! The resources of the blocking client, generated from the sources of the async ones.
//!
//! Each public type that sends requests (a resource handle, a request builder, a job) gets a wrapper with the same methods,
//! which wait for the result.

mod doc;
mod source;
mod types;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use self::{
    source::{Method, Owner},
    types::{Returned, Scope, Types},
};

/// The generated file.
pub const FILE: &str = "crates/grinfi/src/blocking/generated.rs";

/// Generates the resources of the blocking client.
pub fn generate(root: &Path) -> Result<String> {
    let sources = source::read(root)?;
    let types = Types::new(&sources);
    let mut modules: BTreeMap<&str, (BTreeSet<String>, TokenStream)> = BTreeMap::new();
    for source in &sources {
        let scope = Scope { source, types: &types };
        let items = source_items(&scope);
        let (imports, all) = modules.entry(&source.module).or_default();
        imports.extend(scope.doc_imports(&items));
        all.extend(items);
    }
    let modules = modules.into_iter().filter(|(_, (_, items))| !items.is_empty());
    let modules = modules.map(|(name, (imports, items))| {
        let imports = imports.iter().map(|path| types::parsed::<syn::Path>(path));
        let name = format_ident!("{name}");
        let doc = format!(" Blocking client of [`{name}`](crate::{name}).");
        quote! {
            #[doc = #doc]
            pub mod #name {
                #(#[allow(unused_imports, reason = "for links in doc comments")] use #imports;)*

                #items
            }
        }
    });
    let file = syn::parse2(quote! { #(#modules)* }).context("the blocking client is not Rust")?;
    Ok(prettyplease::unparse(&file))
}

/// The wrappers of the types of one file.
fn source_items(scope: &Scope<'_>) -> TokenStream {
    let mut items = TokenStream::new();
    let Scope { source, types } = scope;
    for owner in &source.owners {
        if !types.is_wrapped(&owner.name) {
            continue;
        }
        if let Some(definition) = &owner.definition {
            items.extend(wrapper(scope, owner, definition));
        }
    }
    for alias in &source.aliases {
        if let Some(wrapped) = types.alias(&alias.name) {
            let (name, docs) = (&alias.ident, doc::attributes(&alias.docs));
            let target = scope.wrapper_of(wrapped);
            items.extend(quote! { #docs pub type #name = #target; });
        }
    }
    for owner in &source.owners {
        for block in &owner.blocks {
            let methods: Vec<TokenStream> =
                block.methods.iter().filter_map(|method| self::method(scope, owner, method)).collect();
            let send = block.output.as_ref().map(|output| {
                let output = scope.resolved(output);
                quote! {
                    /// Sends the request and waits for the response.
                    ///
                    /// # Errors
                    ///
                    /// As described at the method that returned this builder.
                    pub fn send(self) -> crate::error::Result<#output> {
                        self.client.wait(self.inner)
                    }
                }
            });
            if methods.is_empty() && send.is_none() {
                continue;
            }
            let (generics, name) = (&block.generics, &block.target);
            if owner.name == "Client" {
                items.extend(quote! { impl crate::blocking::Client { #(#methods)* } });
            } else if types.is_wrapped(&owner.name) || types.alias(&owner.name).is_some() {
                let generics = scope.generics(generics);
                let target = scope.local(name);
                items.extend(quote! { impl #generics #target { #(#methods)* #send } });
            }
        }
    }
    items
}

fn wrapper(scope: &Scope<'_>, owner: &Owner, definition: &source::Definition) -> TokenStream {
    let (name, inner) = (&definition.ident, scope.path_of(&owner.name));
    let (docs, must_use) = (doc::attributes(&definition.docs), &definition.must_use);
    let generics = scope.generics(&definition.generics);
    let (_, arguments, _) = definition.generics.split_for_impl();
    let clone = definition.is_clone.then(|| quote! { , Clone });
    quote! {
        #docs
        #[derive(Debug #clone)]
        #must_use
        pub struct #name #generics {
            pub(crate) client: crate::blocking::Client,
            pub(crate) inner: #inner #arguments,
        }

        impl #generics #name #arguments {
            pub(crate) fn new(client: &crate::blocking::Client, inner: #inner #arguments) -> Self {
                Self { client: client.clone(), inner }
            }
        }
    }
}

/// The blocking counterpart of a method; `None` for those that have none.
fn method(scope: &Scope<'_>, owner: &Owner, method: &Method) -> Option<TokenStream> {
    let returned = scope.returned(method, owner)?;
    let (name, docs, must_use) = (&method.name, doc::attributes(&method.docs), &method.must_use);
    let (arguments, generics) = (scope.arguments(method, owner), scope.generics(&method.generics));
    let names: Vec<_> = method.arguments.iter().map(|(name, _)| name).collect();
    if owner.name == "Client" {
        let Returned::Wrapped(ty) = &returned else { return None };
        let path = scope.wrapper_of(ty);
        return Some(quote! {
            #docs
            #[must_use]
            pub fn #name(&self) -> #path {
                <#path>::new(self, self.asynchronous().#name())
            }
        });
    }
    let receiver = method.receiver.as_ref()?;
    let call = quote! { self.inner.#name(#(#names),*) };
    let (output, body) = match returned {
        Returned::Itself => (quote! { Self }, quote! { Self { inner: #call, client: self.client } }),
        Returned::Wrapped(ty) => {
            let path = scope.wrapper_of(&ty);
            (quote! { #path }, quote! { <#path>::new(&self.client, #call) })
        }
        Returned::Listing(row) => {
            let row = scope.resolved_in(&row, owner);
            (
                quote! { crate::blocking::Listing<#row> },
                quote! { crate::blocking::Listing::new(&self.client, #call) },
            )
        }
        Returned::Waited(ty) => {
            let ty = scope.resolved_in(&ty, owner);
            (quote! { crate::error::Result<#ty> }, quote! { self.client.wait(#call) })
        }
        Returned::WaitedList(ty) => {
            let ty = scope.resolved_in(&ty, owner);
            (quote! { crate::error::Result<Vec<#ty>> }, quote! { self.client.wait(#call) })
        }
        Returned::WaitedWrapped(ty) => {
            let path = scope.wrapper_of(&ty);
            (
                quote! { crate::error::Result<#path> },
                quote! {
                    let inner = self.client.wait(#call)?;
                    Ok(<#path>::new(&self.client, inner))
                },
            )
        }
        Returned::WaitedOption(ty) => {
            let ty = scope.resolved_in(&ty, owner);
            (
                quote! { Option<crate::error::Result<#ty>> },
                quote! { self.client.wait(async { #call.await.transpose() }).transpose() },
            )
        }
        Returned::WaitedUnit => (
            quote! { crate::error::Result<()> },
            quote! {
                self.client.wait(async {
                    #call.await;
                    Ok(())
                })
            },
        ),
        Returned::Plain(ty) => {
            let ty = scope.resolved_in(&ty, owner);
            (quote! { #ty }, call)
        }
    };
    Some(quote! {
        #docs
        #must_use
        pub fn #name #generics (#receiver, #(#arguments),*) -> #output {
            #body
        }
    })
}
