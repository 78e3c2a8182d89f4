//! Operations that the API has and the vendor's description does not contain: `openapi/undocumented.yaml`.
//!
//! The file is merged into the description before the overlay. The description must not contain any of its operations. Its
//! annotations override the overlay's rules for all operations of an HTTP method.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result, bail};
use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::text;
use crate::{spec, tree};

/// Path of the file, relative to the workspace.
pub const FILE: &str = "openapi/undocumented.yaml";
/// Path of the documentation page that lists the operations.
pub const PAGE: &str = "docs/undocumented.md";
/// Extension that marks each merged operation.
pub const MARK: &str = "x-grinfi-undocumented";
/// Inputs of documented operations that the vendor does not document.
const UNDOCUMENTED_INPUTS: &str = "x-grinfi-undocumented-inputs";
/// Prefix of references to the vendor's description.
const VENDOR: &str = "grinfi.yaml#";

/// The operations of `openapi/undocumented.yaml`.
#[derive(Debug)]
pub struct Undocumented {
    /// Text of the file.
    pub text: String,
    doc: Value,
}

/// How the clients support an undocumented operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// It has a method.
    Typed,
    /// It is an alias of the documented operation with this id.
    AliasOf(&'a str),
    /// The structure of its response is unknown: only `client.request` can send it.
    Untyped,
}

impl Undocumented {
    /// Reads the file of a workspace.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        let (text, mut doc) = spec::read(&path)?;
        localize(&mut doc);
        Ok(Self { text, doc })
    }

    /// Adds the operations, schemas and tags to a description.
    pub fn merge(&self, doc: &mut Value) -> Result<()> {
        self.check(doc)?;
        for (path, item) in object(&self.doc, "/paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let mut operation = operation.clone();
                operation[MARK] = true.into();
                let note = note(&operation)?;
                let text = operation["description"].as_str().map(|text| format!("{}\n\n", text.trim_end()));
                operation["description"] = format!("{}{note}", text.unwrap_or_default()).into();
                doc["paths"][path][method] = operation;
            }
        }
        for (name, schema) in object(&self.doc, "/components/schemas") {
            doc["components"]["schemas"][name] = schema.clone();
        }
        let tags = self.doc.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
        match doc.get_mut("tags").and_then(Value::as_array_mut) {
            Some(known) => known.extend(tags),
            None => doc["tags"] = tags.into(),
        }
        Ok(())
    }

    /// Returns the undocumented inputs of documented operations.
    fn undocumented_inputs(&self) -> impl Iterator<Item = &Value> {
        self.doc.get(UNDOCUMENTED_INPUTS).and_then(Value::as_array).into_iter().flatten()
    }

    /// Returns the operations that a description also contains.
    pub fn described_in(&self, doc: &Value) -> Vec<String> {
        let operations = tree::operations(&self.doc).into_iter();
        let known = operations.filter(|name| doc.pointer(&name.pointer()).is_some());
        known.map(|name| format!("{FILE}#{} ({})", name.pointer(), name.label())).collect()
    }

    /// Returns whether an operation of the file has a method with this name.
    pub fn has(&self, method: &str) -> bool {
        tree::operations(&self.doc).iter().any(|name| name.label().to_snake_case() == method)
    }

    /// Restores the annotations of the file after the overlay has annotated groups of operations.
    pub fn annotate(&self, doc: &mut Value) {
        for name in tree::operations(&self.doc) {
            let (Some(own), Some(merged)) =
                (tree::operation(&self.doc, &name), doc.pointer_mut(&name.pointer()))
            else {
                continue;
            };
            for (key, value) in own.iter().filter(|(key, _)| key.starts_with("x-grinfi-")) {
                merged[key] = value.clone();
            }
        }
    }

    /// Checks that all annotations are present and that the description does not contain any part of the file.
    fn check(&self, doc: &Value) -> Result<()> {
        let described: BTreeMap<String, tree::OpName> =
            tree::operations(doc).into_iter().map(|name| (name.label().to_owned(), name)).collect();
        for name in tree::operations(&self.doc) {
            let location = format!("{FILE}#{} ({})", name.pointer(), name.label());
            let Some(operation) = tree::operation(&self.doc, &name) else { continue };
            if name.id.is_none() {
                bail!("{location}: an operation needs an operationId");
            }
            if let Some(there) = doc.pointer(&name.pointer()) {
                let id = there["operationId"].as_str().unwrap_or("(unnamed)");
                bail!(
                    "{location}: the vendor's description has this operation now, as `{id}`; remove it from {FILE}"
                );
            }
            if let Some(other) = described.get(name.label()) {
                bail!("{location}: operationId `{}` is already used at #{}", name.label(), other.pointer());
            }
            if !matches!(
                text(operation, "x-grinfi-effect"),
                Some("read-only" | "idempotent" | "non-idempotent")
            ) {
                bail!("{location}: x-grinfi-effect must be read-only, idempotent or non-idempotent");
            }
            note(&Value::Object(operation.clone())).with_context(|| location.clone())?;
            if let Reach::AliasOf(other) = reach(operation)
                && !described.contains_key(other)
            {
                bail!("{location}: x-grinfi-alias-of must be a documented operation, got `{other}`");
            }
        }
        for (name, _) in object(&self.doc, "/components/schemas") {
            if doc.pointer(&format!("/components/schemas/{}", tree::escape(name))).is_some() {
                bail!(
                    "{FILE}#/components/schemas/{name}: the vendor's description has a schema of this name; rename it"
                );
            }
        }
        for (index, entry) in self.undocumented_inputs().enumerate() {
            let operation = entry["operation"].as_str().unwrap_or_default();
            if !described.contains_key(operation) {
                bail!("{FILE}#/{UNDOCUMENTED_INPUTS}/{index}: `{operation}` is not a documented operation");
            }
        }
        for tag in self.doc["tags"].as_array().into_iter().flatten() {
            let known = doc["tags"].as_array().into_iter().flatten();
            if known.into_iter().any(|known| known["name"] == tag["name"]) {
                bail!(
                    "{FILE}#/tags: the vendor's description has the tag {}; remove it from {FILE}",
                    tag["name"]
                );
            }
        }
        Ok(())
    }
}

/// Returns how the clients support an operation of the file.
pub fn reach(operation: &Map<String, Value>) -> Reach<'_> {
    match text(operation, "x-grinfi-alias-of") {
        Some(other) => Reach::AliasOf(other),
        None if operation.get("x-grinfi-untyped") == Some(&Value::Bool(true)) => Reach::Untyped,
        None => Reach::Typed,
    }
}

/// Returns whether an operation of a merged description comes from the file.
pub fn is_undocumented(operation: &Map<String, Value>) -> bool {
    operation.get(MARK) == Some(&Value::Bool(true))
}

/// Returns the note on the origin of an operation of the file, for its documentation.
fn note(operation: &Value) -> Result<String> {
    let evidence = &operation["x-grinfi-evidence"];
    if !matches!(evidence["grade"].as_str(), Some("seen" | "issue" | "doc")) {
        bail!("x-grinfi-evidence.grade must be seen, issue or doc");
    }
    let source = evidence["source"].as_str().context("x-grinfi-evidence.source is missing")?;
    let response = match evidence["response"].as_str() {
        Some("seen") => "its response has been observed",
        Some("inferred") => "its response is inferred from similar operations",
        Some("unknown") => "its response is unknown",
        other => bail!("x-grinfi-evidence.response must be seen, inferred or unknown, got {other:?}"),
    };
    Ok(format!("Undocumented: not in the vendor's description. Known from {source}; {response}."))
}

/// Returns a copy of a merged description with only those operations that have methods.
pub fn typed(doc: &Value) -> Value {
    without(doc, |operation| reach(operation) != Reach::Typed)
}

/// Returns a copy of a merged description without the operations and schemas of the file.
pub fn documented(doc: &Value, undocumented: &Undocumented) -> Value {
    let mut doc = without(doc, is_undocumented);
    if let Some(schemas) = doc.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.retain(|name, _| undocumented.doc.pointer(&format!("/components/schemas/{name}")).is_none());
    }
    doc
}

fn without(doc: &Value, unwanted: impl Fn(&Map<String, Value>) -> bool) -> Value {
    let mut rest = doc.clone();
    for name in tree::operations(doc) {
        if tree::operation(doc, &name).is_some_and(&unwanted)
            && let Some(item) = rest["paths"][&name.path].as_object_mut()
        {
            item.shift_remove(&name.method);
        }
    }
    if let Some(paths) = rest["paths"].as_object_mut() {
        paths.retain(|_, item| item.as_object().is_none_or(|item| !item.is_empty()));
    }
    rest
}

/// Returns the documentation page that lists the operations: with a method, aliases, and without a known response.
pub fn page(doc: &Value, undocumented: &Undocumented, banner: &str) -> String {
    let mut parts: [Vec<String>; 3] = Default::default();
    for name in tree::operations(doc) {
        let Some(operation) = tree::operation(doc, &name).filter(|operation| is_undocumented(operation))
        else {
            continue;
        };
        let evidence = &operation["x-grinfi-evidence"];
        let source = evidence["source"].as_str().unwrap_or_default();
        let request = format!("`{} {}`", name.method.to_uppercase(), name.path);
        let (at, row) = match reach(operation) {
            Reach::Typed => {
                let response = evidence["response"].as_str().unwrap_or_default();
                (0, format!("| `{}` | {request} | {response} | {source} |", name.label()))
            }
            Reach::AliasOf(other) => (1, format!("| {request} | `{other}` | {source} |")),
            Reach::Untyped => (2, format!("| `{}` | {request} | {source} |", name.label())),
        };
        parts[at].push(row);
    }
    let [typed, aliases, untyped] = parts.map(|mut rows| {
        rows.sort();
        rows.join("\n")
    });
    let inputs: Vec<String> = undocumented
        .undocumented_inputs()
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap_or_default();
            let (operation, input) = (text("operation"), text("input"));
            format!("| `{operation}` | {input} | {} | {} |", text("sent_by"), text("source"))
        })
        .collect();
    let inputs = inputs.join("\n");
    format!(
        "<!-- {banner} -->\n\
         # Undocumented operations\n\n\
         This page lists operations that the vendor's description does not contain, and how to use them. They are known from\n\
         the vendor's own client and from other public sources, and can change without notice. `openapi/undocumented.yaml`\n\
         describes them with the evidence for each; `Operation::undocumented` is true for them. The sandbox supports them in\n\
         observed mode and responds with 404 in documented mode.\n\n\
         ## Operations with a method\n\n\
         Both clients have methods for these operations. A response is `seen` (observed), `inferred` from similar operations,\n\
         or `unknown`.\n\n\
         | operation | request | response | known from |\n|---|---|---|---|\n{typed}\n\n\
         ## Aliases of documented operations\n\n\
         These requests do the same as a documented operation, at another path or with another HTTP method. The clients have a\n\
         method for the documented operation; `client.request` can send these.\n\n\
         | request | documented operation | known from |\n|---|---|---|\n{aliases}\n\n\
         ## Operations with an unknown response\n\n\
         Send these with `client.request`: `client.request(Method::POST, \"/ai/api/ask\").json(&body)` in Rust,\n\
         `client.request(\"POST\", \"/ai/api/ask\", json=body)` in Python. The sandbox responds with invented data.\n\n\
         | operation | request | known from |\n|---|---|---|\n{untyped}\n\n\
         ## Undocumented inputs of documented operations\n\n\
         Documented operations also accept these inputs. Some methods send them; for the others use `client.request`, or\n\
         `client.operation` in Rust. The sandbox accepts all of them in observed mode.\n\n\
         | operation | input | sent by | known from |\n|---|---|---|---|\n{inputs}\n"
    )
}

/// Changes references to the vendor's description into references to the merged description.
fn localize(node: &mut Value) {
    match node {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value.as_str().and_then(|target| target.strip_prefix(VENDOR)) {
                    Some(local) if key == "$ref" => *value = json!(format!("#{local}")),
                    _ => localize(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(localize),
        _ => {}
    }
}

/// Returns the entries of a map, or none if it is missing.
fn object<'a>(doc: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    doc.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(operation: Value) -> Undocumented {
        let doc = json!({"paths": {"/b": {"get": operation}}, "components": {"schemas": {"own": {}}},
            "tags": [{"name": "Own"}]});
        Undocumented { text: String::new(), doc }
    }

    fn operation(id: &str) -> Value {
        json!({"operationId": id, "description": "Gets.", "x-grinfi-effect": "read-only",
            "x-grinfi-evidence": {"grade": "seen", "source": "a client", "response": "inferred"}})
    }

    fn vendor() -> Value {
        json!({"paths": {"/a": {"get": {"operationId": "getA"}}}, "components": {"schemas": {"theirs": {}}},
            "tags": [{"name": "Theirs"}]})
    }

    #[test]
    fn merges_and_marks_undocumented_operations() {
        let mut doc = vendor();
        let undocumented = file(operation("getB"));
        undocumented.merge(&mut doc).unwrap();
        let merged = &doc["paths"]["/b"]["get"];
        assert_eq!(merged[MARK], true);
        assert_eq!(
            merged["description"],
            "Gets.\n\nUndocumented: not in the vendor's description. Known from a client; its response is inferred from \
             similar operations."
        );
        assert_eq!(doc["tags"], json!([{"name": "Theirs"}, {"name": "Own"}]));
        assert_eq!(documented(&doc, &undocumented)["paths"], vendor()["paths"]);
        assert_eq!(documented(&doc, &undocumented)["components"], vendor()["components"]);
        assert_eq!(undocumented.described_in(&vendor()), [""; 0]);
        assert_eq!(undocumented.described_in(&doc), ["openapi/undocumented.yaml#/paths/~1b/get (getB)"]);
    }

    #[test]
    fn annotations_override_the_overlay() {
        let mut doc = vendor();
        let undocumented = file(operation("getB"));
        undocumented.merge(&mut doc).unwrap();
        doc["paths"]["/b"]["get"]["x-grinfi-effect"] = "non-idempotent".into();
        doc["paths"]["/b"]["get"]["x-grinfi-filter"] = "brackets".into();
        undocumented.annotate(&mut doc);
        assert_eq!(doc["paths"]["/b"]["get"]["x-grinfi-effect"], "read-only");
        assert_eq!(doc["paths"]["/b"]["get"]["x-grinfi-filter"], "brackets");
    }

    #[test]
    fn omits_aliases_and_untyped_operations_from_methods() {
        for (key, value) in [("x-grinfi-alias-of", json!("getA")), ("x-grinfi-untyped", json!(true))] {
            let mut doc = vendor();
            let mut own = operation("getB");
            own[key] = value;
            file(own).merge(&mut doc).unwrap();
            assert_eq!(tree::operations(&typed(&doc)).len(), 1, "{key}");
            assert_eq!(tree::operations(&doc).len(), 2, "{key}");
        }
    }

    #[test]
    fn rejects_operations_that_the_vendor_documents() {
        let error = |own: Value, change: &dyn Fn(&mut Value)| {
            let mut doc = vendor();
            change(&mut doc);
            format!("{:#}", file(own).merge(&mut doc).unwrap_err())
        };
        let nothing = |_: &mut Value| {};
        assert_eq!(
            error(operation("getB"), &|doc| doc["paths"]["/b"]["get"] = json!({"operationId": "fetchB"})),
            "openapi/undocumented.yaml#/paths/~1b/get (getB): the vendor's description has this operation now, as `fetchB`; \
             remove it from openapi/undocumented.yaml"
        );
        assert!(
            error(operation("getA"), &nothing)
                .contains("operationId `getA` is already used at #/paths/~1a/get")
        );
        let schema = error(operation("getB"), &|doc| doc["components"]["schemas"]["own"] = json!({}));
        assert!(
            schema.contains("#/components/schemas/own: the vendor's description has a schema"),
            "{schema}"
        );
        let tag = error(operation("getB"), &|doc| doc["tags"] = json!([{"name": "Own"}]));
        assert!(tag.contains("has the tag \"Own\""), "{tag}");
        for (key, value, expected) in [
            ("x-grinfi-effect", json!("maybe"), "x-grinfi-effect must be read-only"),
            ("x-grinfi-evidence", json!({"grade": "rumour"}), "grade must be seen, issue or doc"),
            ("x-grinfi-alias-of", json!("getC"), "must be a documented operation, got `getC`"),
        ] {
            let mut own = operation("getB");
            own[key] = value;
            let message = error(own, &nothing);
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn localizes_references_to_the_vendors_description() {
        let mut doc = json!({"a": [{"$ref": "grinfi.yaml#/components/schemas/note"}], "$ref": "#/b"});
        localize(&mut doc);
        assert_eq!(doc, json!({"a": [{"$ref": "#/components/schemas/note"}], "$ref": "#/b"}));
    }
}
