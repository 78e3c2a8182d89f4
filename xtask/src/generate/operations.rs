//! The tables of operations for the transport and the sandbox.

use anyhow::{Result, bail};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::{
    text,
    undocumented::{self, Reach},
};
use crate::tree;

/// Returns the operations whose effect the overlay does not state. They count as non-idempotent.
pub fn unreviewed(doc: &Value) -> Vec<String> {
    tree::operations(doc)
        .iter()
        .filter(|name| tree::operation(doc, name).is_some_and(|op| !op.contains_key("x-grinfi-effect")))
        .map(|name| name.label().to_owned())
        .collect()
}

/// Renders the table of the raw crate, with the overlay's annotations.
pub fn for_client(doc: &Value) -> Result<String> {
    let mut rows = Vec::new();
    for name in tree::operations(doc) {
        let Some(op) = tree::operation(doc, &name) else { continue };
        let location = name.pointer();
        let id = name.label();
        // The effect of an operation that has not been reviewed is unknown.
        let annotated = op.get("x-grinfi-effect").map_or(Some("non-idempotent"), Value::as_str);
        let effect = match annotated {
            Some(effect @ ("read-only" | "idempotent" | "non-idempotent")) => effect.to_pascal_case(),
            other => bail!(
                "#{location}: x-grinfi-effect must be read-only, idempotent or non-idempotent, got {other:?}"
            ),
        };
        let paging = match op.get("x-grinfi-paging") {
            None => "None".to_owned(),
            Some(paging) => {
                let at = match paging["at"].as_str() {
                    Some(at @ ("query" | "body" | "none")) => at.to_pascal_case(),
                    other => {
                        bail!("#{location}: x-grinfi-paging.at must be query, body or none, got {other:?}")
                    }
                };
                let (total, has_more) = (paging["total"] == true, paging["has_more"] == true);
                let window = match &paging["window"] {
                    Value::Null => None,
                    window => match window.as_u64() {
                        Some(rows) if rows > 0 => Some(rows),
                        _ => bail!(
                            "#{location}: x-grinfi-paging.window must be a number of rows, got {window}"
                        ),
                    },
                };
                let rows = |key: &str| match paging[key].as_u64() {
                    Some(rows) if rows > 0 => Ok(rows),
                    _ => bail!(
                        "#{location}: x-grinfi-paging.{key} must be a number of rows, got {}",
                        paging[key]
                    ),
                };
                let (page_size, max_page_size) = (rows("page_size")?, rows("max_page_size")?);
                if page_size > max_page_size {
                    bail!(
                        "#{location}: x-grinfi-paging.page_size must not be greater than max_page_size {max_page_size}, got {page_size}"
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
            Some(other) => bail!(
                "#{location}: x-grinfi-filter must be json-body, brackets, json-string or search, got {other:?}"
            ),
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
        "//! All operations of the API description, sorted by method name.\n\n\
         use crate::operation::{Effect, FilterStyle, Operation, Paging, PagingAt};\n\n\
         /// All operations, sorted by `name`.\npub const OPERATIONS: &[Operation] = &[\n",
    );
    rows.into_iter().for_each(|(_, row)| out.push_str(&row));
    out.push_str("];\n");
    Ok(out)
}

/// Renders the table by which the sandbox routes requests.
pub fn for_sandbox(doc: &Value) -> String {
    let mut out = String::from(
        "//! All operations of the API description.\n\n\
         /// An operation of the API description.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub struct Operation {\n\
         \x20   /// The `operationId`.\n    pub id: &'static str,\n\
         \x20   /// HTTP method in upper case.\n    pub method: &'static str,\n\
         \x20   /// Path template, with parameters in braces.\n    pub path: &'static str,\n\
         \x20   /// Whether the operation is read-only.\n    pub reads: bool,\n\
         \x20   /// Whether the vendor's description does not contain the operation.\n    pub undocumented: bool,\n\
         \x20   /// The documented operation that this operation is an alias of.\n    pub alias_of: Option<&'static str>,\n}\n\n\
         /// All operations, documented and undocumented, sorted by `id`.\npub const OPERATIONS: &[Operation] = &[\n",
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
    fn renders_annotations_of_the_overlay() {
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
    fn rejects_listing_with_invalid_page_size() {
        for (sizes, expected) in [
            (
                json!({"at": "query", "page_size": 5}),
                "x-grinfi-paging.max_page_size must be a number of rows, got null",
            ),
            (
                json!({"at": "query", "page_size": 0, "max_page_size": 5}),
                "x-grinfi-paging.page_size must be a number of rows, got 0",
            ),
            (
                json!({"at": "query", "page_size": 6, "max_page_size": 5}),
                "page_size must not be greater than max_page_size 5, got 6",
            ),
        ] {
            let doc = json!({"paths": {"/a": {"get": {"operationId": "x", "x-grinfi-effect": "read-only", "x-grinfi-paging": sizes}}}});
            let error = for_client(&doc).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn treats_unreviewed_operation_as_non_idempotent() {
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
