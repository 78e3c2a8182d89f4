//! Doc comments of the blocking client: those of the async one without the examples.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The lines of the doc comments.
pub fn lines(attributes: &[Attribute]) -> Vec<String> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(line).collect()
}

fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Doc comments for the blocking client.
pub fn attributes(lines: &[String]) -> TokenStream {
    let lines = converted(lines);
    quote! { #(#[doc = #lines])* }
}

/// Leaves out the examples, and replaces what is said of awaiting.
fn converted(lines: &[String]) -> Vec<String> {
    let mut is_example = false;
    let mut kept: Vec<String> = Vec::new();
    for line in lines {
        if line.trim_start().starts_with("```") {
            is_example = !is_example;
            continue;
        }
        let is_second_blank = line.trim().is_empty() && kept.last().is_none_or(|last| last.trim().is_empty());
        if !is_example && !is_second_blank {
            kept.push(without_awaiting(line));
        }
    }
    while kept.last().is_some_and(|last| last.trim().is_empty()) {
        kept.pop();
    }
    kept
}

fn without_awaiting(line: &str) -> String {
    let replaced = [
        ("Await it to send it.", "[`send`](Self::send) sends it."),
        ("As awaiting it without `start`", "As [`send`](Self::send)"),
        ("await it without `start`", "call `send` instead of `start`"),
        (
            "Returns a builder; await it to send the request.",
            "Returns a builder, whose `send` sends the request.",
        ),
    ];
    replaced.iter().fold(line.to_owned(), |line, (of_async, of_blocking)| line.replace(of_async, of_blocking))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_examples_and_replaces_awaiting() {
        let lines = [" A tag. Await it to send it.", "", " ```", " let x = 1;", " ```", "", " # Errors"];
        let lines: Vec<String> = lines.map(str::to_owned).to_vec();
        assert_eq!(converted(&lines), [" A tag. [`send`](Self::send) sends it.", "", " # Errors"]);
    }
}
