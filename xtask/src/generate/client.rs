//! The raw client, by progenitor.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Result, anyhow, bail};
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, UnknownPolicy};
use quote::quote;
use serde_json::Value;

use super::lenient;
use crate::tree;

/// The generated client.
pub struct Client {
    /// Formatted Rust.
    pub text: String,
    /// How many types it defines.
    pub types: usize,
    /// How many fields read more than their plain type.
    pub lenient: usize,
}

/// The module file that stands above the generated ones.
pub fn module(banner: &str) -> String {
    format!(
        "{banner}\n//! Generated from the API description; see `cargo xtask generate`.\n\n\
         #[rustfmt::skip]\npub mod client;\n#[rustfmt::skip]\npub mod enums;\n#[rustfmt::skip]\npub mod operations;\n"
    )
}

/// Generates the client from a normalized description.
pub fn generate(doc: &Value) -> Result<Client> {
    let tokens = match tokens(doc) {
        Ok(tokens) => tokens,
        Err(error) => return Err(blame(doc).unwrap_or(error)),
    };
    let mut file = syn::parse2::<syn::File>(tokens)
        .map_err(|error| anyhow!("progenitor wrote invalid Rust: {error}"))?;
    let types = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
            _ => None,
        })
        .flat_map(|(_, items)| items)
        .filter(|item| matches!(item, syn::Item::Struct(_) | syn::Item::Enum(_)))
        .count();
    let lenient = lenient::apply(&mut file);
    Ok(Client { text: prettyplease::unparse(&file), types, lenient })
}

/// Runs progenitor, which panics on some of what it cannot carry, and turns that into an error too.
fn tokens(doc: &Value) -> Result<proc_macro2::TokenStream> {
    let spec: openapiv3::OpenAPI =
        serde_json::from_value(doc.clone()).map_err(|error| anyhow!("not OpenAPI 3.0: {error}"))?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_unknown_crates(UnknownPolicy::Allow)
        .with_map_type("::std::collections::BTreeMap")
        .with_inner_type(quote!(crate::hooks::Hooks));
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&spec)));
    std::panic::set_hook(hook);
    match result {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => bail!("progenitor: {error}"),
        Err(payload) => {
            let text = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_else(|| "no message".to_owned());
            bail!("progenitor cannot carry this description: {text}")
        }
    }
}

/// Finds the operation that progenitor stumbles over, by trying each alone.
fn blame(doc: &Value) -> Option<anyhow::Error> {
    tree::operations(doc).into_iter().find_map(|name| {
        let mut alone = doc.clone();
        let op = doc.get("paths")?.get(&name.path)?.get(&name.method)?.clone();
        alone["paths"] = serde_json::json!({ (&name.path): { (&name.method): op } });
        tokens(&alone).err().map(|error| error.context(format!("#{} ({})", name.pointer(), name.label())))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_construct_that_cannot_be_carried_names_its_operation() {
        let fine = json!({"operationId": "fine", "responses": {"204": {"description": "d"}}});
        let odd = json!({"operationId": "odd", "responses": {"204": {"description": "d"}},
            "requestBody": {"content": {"application/xml": {"schema": {"type": "string"}}}}});
        let doc = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": fine}, "/b": {"post": odd}}});
        let error = format!("{:#}", generate(&doc).err().unwrap());
        assert!(error.starts_with("#/paths/~1b/post (odd): progenitor"), "{error}");
        assert!(error.contains("application/xml"), "{error}");
    }
}
