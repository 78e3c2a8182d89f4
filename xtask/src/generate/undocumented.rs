//! Operations that the API has and the vendor's description leaves out: `openapi/undocumented.yaml`.
//!
//! The file is merged into the description before the overlay. Nothing of it may be in the description already, and what it
//! annotates its operations with stands against the overlay's rules for whole methods.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result, bail};
use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::text;
use crate::{spec, tree};

/// Where it is, relative to the workspace.
pub const FILE: &str = "openapi/undocumented.yaml";
/// The page that lists the operations for readers.
pub const PAGE: &str = "docs/undocumented.md";
/// What every merged operation carries.
pub const MARK: &str = "x-grinfi-undocumented";
/// What described operations take besides.
const UNDOCUMENTED_INPUTS: &str = "x-grinfi-undocumented-inputs";
/// How the file refers to the vendor's description.
const VENDOR: &str = "grinfi.yaml#";

/// The operations of the file.
#[derive(Debug)]
pub struct Undocumented {
    /// The file as it is.
    pub text: String,
    doc: Value,
}

/// How an operation that is not described is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// It has a method of its own.
    Typed,
    /// It is another spelling of the operation with this id.
    AliasOf(&'a str),
    /// The shape of its response is not known: only by a request made by hand.
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

    /// Adds everything to a description.
    pub fn merge(&self, doc: &mut Value) -> Result<()> {
        self.check(doc)?;
        for (path, item) in object(&self.doc, "/paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let mut operation = operation.clone();
                operation[MARK] = true.into();
                let note = note(&operation)?;
                let said = operation["description"].as_str().map(|said| format!("{}\n\n", said.trim_end()));
                operation["description"] = format!("{}{note}", said.unwrap_or_default()).into();
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

    /// What described operations take besides.
    fn undocumented_inputs(&self) -> impl Iterator<Item = &Value> {
        self.doc.get(UNDOCUMENTED_INPUTS).and_then(Value::as_array).into_iter().flatten()
    }

    /// The operations that a description has too.
    pub fn described_in(&self, doc: &Value) -> Vec<String> {
        let operations = tree::operations(&self.doc).into_iter();
        let known = operations.filter(|name| doc.pointer(&name.pointer()).is_some());
        known.map(|name| format!("{FILE}#{} ({})", name.pointer(), name.label())).collect()
    }

    /// Whether an operation of the file has a method of this name.
    pub fn has(&self, method: &str) -> bool {
        tree::operations(&self.doc).iter().any(|name| name.label().to_snake_case() == method)
    }

    /// Puts the annotations of the file back, after the overlay has annotated whole groups of operations.
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

    /// Every annotation is there, and nothing is in the description too.
    fn check(&self, doc: &Value) -> Result<()> {
        let described: BTreeMap<String, tree::OpName> =
            tree::operations(doc).into_iter().map(|name| (name.label().to_owned(), name)).collect();
        for name in tree::operations(&self.doc) {
            let place = format!("{FILE}#{} ({})", name.pointer(), name.label());
            let Some(operation) = tree::operation(&self.doc, &name) else { continue };
            if name.id.is_none() {
                bail!("{place}: an operation needs an operationId");
            }
            if let Some(there) = doc.pointer(&name.pointer()) {
                let id = there["operationId"].as_str().unwrap_or("(unnamed)");
                bail!(
                    "{place}: the vendor's description has this operation now, as `{id}`; remove it from {FILE}"
                );
            }
            if let Some(other) = described.get(name.label()) {
                bail!("{place}: operationId `{}` is already used at #{}", name.label(), other.pointer());
            }
            if !matches!(
                text(operation, "x-grinfi-effect"),
                Some("read-only" | "idempotent" | "non-idempotent")
            ) {
                bail!("{place}: x-grinfi-effect must be read-only, idempotent or non-idempotent");
            }
            note(&Value::Object(operation.clone())).with_context(|| place.clone())?;
            if let Reach::AliasOf(other) = reach(operation)
                && !described.contains_key(other)
            {
                bail!("{place}: x-grinfi-alias-of names `{other}`, which is not described");
            }
        }
        for (name, _) in object(&self.doc, "/components/schemas") {
            if doc.pointer(&format!("/components/schemas/{}", tree::escape(name))).is_some() {
                bail!(
                    "{FILE}#/components/schemas/{name}: the vendor's description has a schema of this name; rename it"
                );
            }
        }
        for (index, also) in self.undocumented_inputs().enumerate() {
            let operation = also["operation"].as_str().unwrap_or_default();
            if !described.contains_key(operation) {
                bail!("{FILE}#/{UNDOCUMENTED_INPUTS}/{index}: `{operation}` is not described");
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

/// How an operation of the file is reached.
pub fn reach(operation: &Map<String, Value>) -> Reach<'_> {
    match text(operation, "x-grinfi-alias-of") {
        Some(other) => Reach::AliasOf(other),
        None if operation.get("x-grinfi-untyped") == Some(&Value::Bool(true)) => Reach::Untyped,
        None => Reach::Typed,
    }
}

/// Whether an operation of a merged description comes from the file.
pub fn is_undocumented(operation: &Map<String, Value>) -> bool {
    operation.get(MARK) == Some(&Value::Bool(true))
}

/// What the documentation of an operation of the file says of its origin.
fn note(operation: &Value) -> Result<String> {
    let evidence = &operation["x-grinfi-evidence"];
    if !matches!(evidence["grade"].as_str(), Some("seen" | "issue" | "doc")) {
        bail!("x-grinfi-evidence.grade must be seen, issue or doc");
    }
    let source = evidence["source"].as_str().context("x-grinfi-evidence.source is missing")?;
    let response = match evidence["response"].as_str() {
        Some("seen") => "its response has been seen",
        Some("inferred") => "its response is inferred from similar operations",
        Some("unknown") => "its response is not known",
        other => bail!("x-grinfi-evidence.response is {other:?}; it must be seen, inferred or unknown"),
    };
    Ok(format!("Undocumented: the vendor's description leaves it out. Known from {source}; {response}."))
}

/// A copy of a merged description with those operations that have methods.
pub fn typed(doc: &Value) -> Value {
    without(doc, |operation| reach(operation) != Reach::Typed)
}

/// A copy of a merged description as the vendor has it, without the operations and schemas of the file.
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

/// The page that lists the operations: which have methods, which are other spellings, which are reached by a request made by
/// hand.
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
    let also: Vec<String> = undocumented
        .undocumented_inputs()
        .map(|also| {
            let text = |key: &str| also[key].as_str().unwrap_or_default();
            let (operation, takes) = (text("operation"), text("input"));
            format!("| `{operation}` | {takes} | {} | {} |", text("reached_by"), text("source"))
        })
        .collect();
    let also = also.join("\n");
    format!(
        "<!-- {banner} -->\n\
         # Undocumented operations\n\n\
         The vendor's description leaves these operations out. They are known from the vendor's own client, and may change\n\
         without notice. `openapi/undocumented.yaml` describes them with their evidence; `Operation::undocumented` is true for\n\
         them. The sandbox answers them in its observed mode; in its documented mode they are a 404.\n\n\
         ## With a method in both languages\n\n\
         | operation | request | response | known from |\n|---|---|---|---|\n{typed}\n\n\
         ## Other spellings of described operations\n\n\
         The client has a method for the described operation. `client.request` reaches these paths.\n\n\
         | request | described operation | known from |\n|---|---|---|\n{aliases}\n\n\
         ## Without a known response\n\n\
         `client.request` reaches them: `client.request(Method::POST, \"/ai/api/ask\").json(&body)` in Rust,\n\
         `client.request(\"POST\", \"/ai/api/ask\", json=body)` in Python. The responses of the sandbox are made up.\n\n\
         | operation | request | known from |\n|---|---|---|\n{untyped}\n\n\
         ## What described operations take besides\n\n\
         A request is `client.request`, or `client.operation` in Rust. The sandbox takes all of it in observed mode.\n\n\
         | operation | takes | reached by | known from |\n|---|---|---|---|\n{also}\n"
    )
}

/// Makes references into the vendor's description references into the merged one.
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

/// The entries of a map, which may be missing.
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
    fn merges_and_marks_what_the_vendor_leaves_out() {
        let mut doc = vendor();
        let undocumented = file(operation("getB"));
        undocumented.merge(&mut doc).unwrap();
        let merged = &doc["paths"]["/b"]["get"];
        assert_eq!(merged[MARK], true);
        assert_eq!(
            merged["description"],
            "Gets.\n\nUndocumented: the vendor's description leaves it out. Known from a client; its response is \
             inferred from similar operations."
        );
        assert_eq!(doc["tags"], json!([{"name": "Theirs"}, {"name": "Own"}]));
        assert_eq!(documented(&doc, &undocumented)["paths"], vendor()["paths"]);
        assert_eq!(documented(&doc, &undocumented)["components"], vendor()["components"]);
        assert_eq!(undocumented.described_in(&vendor()), [""; 0]);
        assert_eq!(undocumented.described_in(&doc), ["openapi/undocumented.yaml#/paths/~1b/get (getB)"]);
    }

    #[test]
    fn own_annotations_stand_against_the_overlay() {
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
    fn keeps_methods_from_aliases_and_unknown_shapes() {
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
    fn refuses_what_the_vendor_describes_too() {
        let says = |own: Value, change: &dyn Fn(&mut Value)| {
            let mut doc = vendor();
            change(&mut doc);
            format!("{:#}", file(own).merge(&mut doc).unwrap_err())
        };
        let nothing = |_: &mut Value| {};
        assert_eq!(
            says(operation("getB"), &|doc| doc["paths"]["/b"]["get"] = json!({"operationId": "fetchB"})),
            "openapi/undocumented.yaml#/paths/~1b/get (getB): the vendor's description has this operation now, as `fetchB`; \
             remove it from openapi/undocumented.yaml"
        );
        assert!(
            says(operation("getA"), &nothing)
                .contains("operationId `getA` is already used at #/paths/~1a/get")
        );
        let schema = says(operation("getB"), &|doc| doc["components"]["schemas"]["own"] = json!({}));
        assert!(
            schema.contains("#/components/schemas/own: the vendor's description has a schema"),
            "{schema}"
        );
        let tag = says(operation("getB"), &|doc| doc["tags"] = json!([{"name": "Own"}]));
        assert!(tag.contains("has the tag \"Own\""), "{tag}");
        for (key, value, says_so) in [
            ("x-grinfi-effect", json!("maybe"), "x-grinfi-effect must be read-only"),
            ("x-grinfi-evidence", json!({"grade": "rumour"}), "grade must be seen, issue or doc"),
            ("x-grinfi-alias-of", json!("getC"), "names `getC`, which is not described"),
        ] {
            let mut own = operation("getB");
            own[key] = value;
            let said = says(own, &nothing);
            assert!(said.contains(says_so), "{said}");
        }
    }

    #[test]
    fn references_into_the_vendors_description_become_local() {
        let mut doc = json!({"a": [{"$ref": "grinfi.yaml#/components/schemas/note"}], "$ref": "#/b"});
        localize(&mut doc);
        assert_eq!(doc, json!({"a": [{"$ref": "#/components/schemas/note"}], "$ref": "#/b"}));
    }
}
