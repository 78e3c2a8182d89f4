//! The table of operations: what the transport and the sandbox know of each without a request in hand.

use anyhow::{Result, bail};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::{
    text,
    undocumented::{self, Reach},
};
use crate::tree;

/// Lists the operations that no action of the overlay says the effect of. They count as non-idempotent.
pub fn unreviewed(doc: &Value) -> Vec<String> {
    tree::operations(doc)
        .iter()
        .filter(|name| tree::operation(doc, name).is_some_and(|op| !op.contains_key("x-grinfi-effect")))
        .map(|name| name.label().to_owned())
        .collect()
}

/// The table of the raw crate, with the overlay's annotations.
pub fn for_client(doc: &Value) -> Result<String> {
    let mut rows = Vec::new();
    for name in tree::operations(doc) {
        let Some(op) = tree::operation(doc, &name) else { continue };
        let place = name.pointer();
        let id = name.label();
        // Nobody has reviewed what it does when it is repeated.
        let annotated = op.get("x-grinfi-effect").map_or(Some("non-idempotent"), Value::as_str);
        let effect = match annotated {
            Some(effect @ ("read-only" | "idempotent" | "non-idempotent")) => effect.to_pascal_case(),
            other => bail!(
                "#{place}: x-grinfi-effect must be read-only, idempotent or non-idempotent, got {other:?}"
            ),
        };
        let paging = match op.get("x-grinfi-paging") {
            None => "None".to_owned(),
            Some(paging) => {
                let at = match paging["at"].as_str() {
                    Some(at @ ("query" | "body" | "none")) => at.to_pascal_case(),
                    other => {
                        bail!("#{place}: x-grinfi-paging.at is {other:?}; it has to be query, body or none")
                    }
                };
                let (total, has_more) = (paging["total"] == true, paging["has_more"] == true);
                let window = match &paging["window"] {
                    Value::Null => None,
                    window => match window.as_u64() {
                        Some(rows) if rows > 0 => Some(rows),
                        _ => bail!(
                            "#{place}: x-grinfi-paging.window is {window}; it has to be a number of rows"
                        ),
                    },
                };
                let rows = |key: &str| match paging[key].as_u64() {
                    Some(rows) if rows > 0 => Ok(rows),
                    _ => bail!(
                        "#{place}: x-grinfi-paging.{key} is {}; it has to be a number of rows",
                        paging[key]
                    ),
                };
                let (page_size, max_page_size) = (rows("page_size")?, rows("max_page_size")?);
                if page_size > max_page_size {
                    bail!(
                        "#{place}: x-grinfi-paging.page_size {page_size} is more than max_page_size {max_page_size}"
                    );
                }
                format!(
                    "Some(Paging {{ at: PagingAt::{at}, total: {total}, has_more: {has_more}, window: {window:?}, \
                     page_size: {page_size}, max_page_size: {max_page_size} }})"
                )
            }
        };
        let filter = match text(op, "x-grinfi-filter") {
            None => "None".to_owned(),
            Some(filter @ ("json-body" | "brackets" | "json-string" | "search")) => {
                format!("Some(FilterStyle::{})", filter.to_pascal_case())
            }
            Some(other) => bail!("#{place}: x-grinfi-filter is {other:?}, which is none of the four ways"),
        };
        let row = format!(
            "    Operation {{ id: {id:?}, name: {:?}, method: {:?}, path: {:?}, effect: Effect::{effect}, paging: {paging}, filter: {filter}, undocumented: {} }},\n",
            id.to_snake_case(),
            name.method.to_uppercase(),
            name.path,
            undocumented::is_undocumented(op),
        );
        rows.push((id.to_snake_case(), row));
    }
    rows.sort();
    let mut out = String::from(
        "//! Every operation of the description, sorted by the name of its method.\n\n\
         use crate::operation::{Effect, FilterStyle, Operation, Paging, PagingAt};\n\n\
         /// Every operation, sorted by `name`.\npub const OPERATIONS: &[Operation] = &[\n",
    );
    rows.into_iter().for_each(|(_, row)| out.push_str(&row));
    out.push_str("];\n");
    Ok(out)
}

/// The table of the sandbox, which routes by it.
pub fn for_sandbox(doc: &Value) -> String {
    let mut out = String::from(
        "//! Every operation of the API description.\n\n\
         /// One operation of the API description.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub struct Operation {\n\
         \x20   /// The description's `operationId`.\n    pub id: &'static str,\n\
         \x20   /// The HTTP method, upper case.\n    pub method: &'static str,\n\
         \x20   /// The path template, parameters in braces.\n    pub path: &'static str,\n\
         \x20   /// Whether it only reads, and changes nothing.\n    pub reads: bool,\n\
         \x20   /// Whether the vendor's description leaves it out.\n    pub undocumented: bool,\n\
         \x20   /// The described operation that it is another spelling of.\n    pub alias_of: Option<&'static str>,\n}\n\n\
         /// Every operation of the API description, and those that it leaves out, sorted by `id`.\npub const OPERATIONS: &[Operation] = &[\n",
    );
    let mut operations = tree::operations(doc);
    operations.sort_by_key(|name| name.id.clone());
    for name in operations {
        let Some(operation) = tree::operation(doc, &name) else { continue };
        let alias_of = match undocumented::reach(operation) {
            Reach::AliasOf(other) => Some(other),
            Reach::Typed | Reach::Untyped => None,
        };
        out.push_str(&format!(
            "    Operation {{ id: {:?}, method: {:?}, path: {:?}, reads: {}, undocumented: {}, alias_of: {alias_of:?} }},\n",
            name.label(),
            name.method.to_uppercase(),
            name.path,
            text(operation, "x-grinfi-effect") == Some("read-only"),
            undocumented::is_undocumented(operation),
        ));
    }
    out.push_str("];\n");
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_says_what_the_overlay_says() {
        let doc = json!({"paths": {"/a": {"post": {"operationId": "findThings", "x-grinfi-effect": "read-only",
            "x-grinfi-paging": {"at": "body", "total": true, "has_more": false, "window": 10000, "page_size": 500, "max_page_size": 1000},
            "x-grinfi-filter": "json-body"}}}});
        let table = for_client(&doc).unwrap();
        assert!(
            table.contains(
                "Operation { id: \"findThings\", name: \"find_things\", method: \"POST\", path: \"/a\", effect: Effect::ReadOnly, \
                 paging: Some(Paging { at: PagingAt::Body, total: true, has_more: false, window: Some(10000), \
                 page_size: 500, max_page_size: 1000 }), filter: Some(FilterStyle::JsonBody), \
                 undocumented: false },"
            ),
            "{table}"
        );
    }

    #[test]
    fn a_listing_without_a_page_size_is_an_error() {
        for (sizes, says) in [
            (json!({"at": "query", "page_size": 5}), "x-grinfi-paging.max_page_size is null"),
            (json!({"at": "query", "page_size": 0, "max_page_size": 5}), "x-grinfi-paging.page_size is 0"),
            (json!({"at": "query", "page_size": 6, "max_page_size": 5}), "page_size 6 is more than"),
        ] {
            let doc = json!({"paths": {"/a": {"get": {"operationId": "x", "x-grinfi-effect": "read-only", "x-grinfi-paging": sizes}}}});
            let error = for_client(&doc).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn an_operation_that_nobody_reviewed_is_non_idempotent_and_listed() {
        for method in ["put", "delete", "patch", "post"] {
            let doc = json!({"paths": {"/a": {method: {"operationId": "x"}}}});
            assert!(for_client(&doc).unwrap().contains("effect: Effect::NonIdempotent"));
            assert_eq!(unreviewed(&doc), ["x"]);
        }
        let doc = json!({"paths": {"/a": {"post": {"operationId": "x", "x-grinfi-effect": "maybe"}}}});
        let error = for_client(&doc).unwrap_err().to_string();
        assert!(error.starts_with("#/paths/~1a/post: x-grinfi-effect must be"), "{error}");
    }
}
