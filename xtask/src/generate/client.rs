//! The raw client, by progenitor.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Result, anyhow, bail};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, UnknownPolicy};
use quote::ToTokens;
use serde_json::Value;

use super::{construct, decoders, foreign::Unsupported, method_bodies, options, rename};
use crate::{normalize, tree};

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
    let mut file = match file(doc) {
        Ok(file) => file,
        Err(error) => return Err(blame(doc).unwrap_or(error)),
    };
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
    rename::apply(&mut file)?;
    construct::apply(&mut file);
    let lenient = decoders::apply(&mut file);
    method_bodies::apply(&mut file)?;
    options::apply(&mut file)?;
    Ok(Client { text: prettyplease::unparse(&file), types, lenient })
}

/// The client as Rust, checked for what progenitor does not see.
fn file(doc: &Value) -> Result<syn::File> {
    for operation in tree::operations(doc) {
        distinct_parameters(doc, &operation)?;
    }
    let file = syn::parse2::<syn::File>(tokens(doc)?)
        .map_err(|error| anyhow!("progenitor wrote invalid Rust: {error}"))?;
    for item in &file.items {
        let syn::Item::Impl(block) = item else { continue };
        for member in &block.items {
            let syn::ImplItem::Fn(method) = member else { continue };
            let mut seen: Vec<String> = Vec::new();
            for argument in &method.sig.inputs {
                let syn::FnArg::Typed(argument) = argument else { continue };
                let name = argument.pat.to_token_stream().to_string();
                if seen.contains(&name) {
                    bail!("two parameters of it become the argument `{name}`");
                }
                seen.push(name);
            }
        }
    }
    Ok(file)
}

/// progenitor knows parameters by name alone, and of two that have one it forgets one.
fn distinct_parameters(doc: &Value, operation: &tree::OpName) -> Result<()> {
    let mut seen: Vec<(String, String)> = Vec::new();
    let parameters = tree::operation(doc, operation).and_then(|op| op.get("parameters")?.as_array());
    for parameter in parameters.into_iter().flatten() {
        let reference = parameter.get("$ref").and_then(Value::as_str);
        let parameter = reference.and_then(|target| tree::target(doc, target)).unwrap_or(parameter);
        let text = |key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
        let (name, at) = (text("name"), text("in"));
        if let Some((other, there)) =
            seen.iter().find(|(other, _)| other.to_snake_case() == name.to_snake_case())
        {
            bail!(
                "two parameters of it become one argument: `{other}` in the {there} and `{name}` in the {at}"
            );
        }
        seen.push((name, at));
    }
    Ok(())
}

/// Runs progenitor, which panics on some of what it cannot carry, and turns that into an error too.
fn tokens(doc: &Value) -> Result<TokenStream> {
    let spec: openapiv3::OpenAPI =
        serde_json::from_value(doc.clone()).map_err(|error| anyhow!("not OpenAPI 3.0: {error}"))?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_unknown_crates(UnknownPolicy::Allow)
        .with_map_type("::std::collections::BTreeMap");
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

/// The operations that progenitor stumbles over, found by trying each alone with nothing but the components it needs.
pub fn unsupported(doc: &Value) -> Vec<Unsupported> {
    if file(doc).is_ok() {
        return Vec::new();
    }
    tree::operations(doc)
        .into_iter()
        .filter_map(|operation| {
            let mut alone = doc.clone();
            let op = doc.pointer(&operation.pointer())?.clone();
            alone["paths"] = serde_json::json!({ (&operation.path): { (&operation.method): op } });
            normalize::drop_unreachable(&mut alone);
            let reason = format!("{:#}", file(&alone).err()?);
            Some(Unsupported { operation, reason })
        })
        .collect()
}

/// The first of them, as an error.
fn blame(doc: &Value) -> Option<anyhow::Error> {
    let Unsupported { operation, reason } = unsupported(doc).into_iter().next()?;
    Some(anyhow!("{reason}").context(format!("#{} ({})", operation.pointer(), operation.label())))
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
