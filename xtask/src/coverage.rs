//! `cargo xtask coverage`: lists which method of `crates/grinfi` wraps which operation, by parsing the source.
//!
//! An operation is wrapped by a public method that calls `….raw().its_name(…)`, or by the listing of a resource
//! (`impl Listed`) that does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use heck::ToSnakeCase;
use serde_json::Value;
use syn::{
    Expr, ExprMethodCall, ImplItemFn, ImplItemMacro, ItemImpl,
    visit::{self, Visit},
};

use crate::{
    generate::{
        self,
        undocumented::{self, Reach, Undocumented},
    },
    spec, tree, unimplemented,
};

/// The crate of the client.
const CRATE: &str = "crates/grinfi/src";
/// The folder of the resource methods.
pub const RESOURCES: &str = "crates/grinfi/src/resources";

/// Lists every operation with the methods that wrap it. With `strict`, fails if an operation has no method and is not listed
/// as [unimplemented](mod@unimplemented), or is listed and has one.
pub fn run(root: &Path, strict: bool) -> Result<()> {
    let (_, mut doc) = spec::read(&root.join(generate::DESCRIPTION))?;
    Undocumented::read(root)?.merge(&mut doc)?;
    let wrapped = wrapped(&root.join(RESOURCES))?;
    let report = CoverageReport::new(&doc, &wrapped);
    print!("{}", report.text);
    println!(
        "{} of {} operations have a method, {} are reached by `Client::request`",
        report.total - report.missing.len() - report.by_request,
        report.total,
        report.by_request
    );
    if !report.missing.is_empty() {
        println!("without a method: {}", report.missing.join(", "));
    }
    if strict { check_unimplemented(&report.missing, &unimplemented::read(root)?) } else { Ok(()) }
}

/// Fails if any operation is unimplemented, because a release needs them all.
pub fn complete(root: &Path) -> Result<()> {
    run(root, true)?;
    let unimplemented = unimplemented::read(root)?;
    if !unimplemented.is_empty() {
        let list: Vec<&str> = unimplemented.iter().map(String::as_str).collect();
        bail!(
            "{} operations have no method yet: {}; see {}",
            list.len(),
            list.join(", "),
            unimplemented::FILE
        );
    }
    Ok(())
}

/// Compares the operations without a method with the list of unimplemented operations.
fn check_unimplemented(missing: &[String], unimplemented: &BTreeSet<String>) -> Result<()> {
    let unknown: Vec<&str> =
        missing.iter().filter(|id| !unimplemented.contains(*id)).map(String::as_str).collect();
    if !unknown.is_empty() {
        bail!(
            "{} operations have no method: {}; write one in {RESOURCES}, or list them in {}",
            unknown.len(),
            unknown.join(", "),
            unimplemented::FILE
        );
    }
    let stale: Vec<&str> =
        unimplemented.iter().filter(|id| !missing.contains(id)).map(String::as_str).collect();
    if !stale.is_empty() {
        bail!(
            "{} lists operations that have a method or were removed: {}; remove them from the file",
            unimplemented::FILE,
            stale.join(", ")
        );
    }
    Ok(())
}

/// The raw methods that resource methods call, each with its callers.
pub fn of_workspace(root: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    wrapped(&root.join(RESOURCES))
}

struct CoverageReport {
    text: String,
    total: usize,
    /// Aliases, and operations whose response is not known.
    by_request: usize,
    missing: Vec<String>,
}

impl CoverageReport {
    fn new(doc: &Value, wrapped: &BTreeMap<String, BTreeSet<String>>) -> Self {
        let operations = tree::operations(doc);
        let mut report =
            Self { text: String::new(), total: operations.len(), by_request: 0, missing: Vec::new() };
        for operation in operations {
            let id = operation.label();
            let described = tree::operation(doc, &operation);
            let how = match described.map_or(Reach::Typed, undocumented::reach) {
                Reach::AliasOf(other) => Some(format!("other path of {other}")),
                Reach::Untyped => Some("Client::request".to_owned()),
                Reach::Typed => None,
            };
            if let Some(how) = how {
                report.by_request += 1;
                report.text.push_str(&format!("{id:<36} {how} (undocumented)\n"));
                continue;
            }
            let mark = match described.is_some_and(undocumented::is_undocumented) {
                true => " (undocumented)",
                false => "",
            };
            match wrapped.get(&id.to_snake_case()) {
                Some(methods) => {
                    let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
                    report.text.push_str(&format!("{id:<36} {}{mark}\n", methods.join(", ")));
                }
                None => report.missing.push(id.to_owned()),
            }
        }
        report
    }
}

/// The raw methods that are called, each with its callers.
pub fn wrapped(folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut found = Calls::default();
    for path in rust_files(folder)? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))?;
        found.visit_file(&file);
    }
    Ok(found.calls)
}

/// Finds where the crate constructs or destructures one of these generated types with all fields, so that a new field breaks
/// it.
pub fn written_out(root: &Path, types: &BTreeSet<String>) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for path in rust_files(&root.join(CRATE))? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))?;
        files.push((path, file));
    }
    let mut types = types.clone();
    for (_, file) in &files {
        types.extend(aliases(file, &types));
    }
    let mut found = Vec::new();
    for (path, file) in files {
        let mut literals = Literals { types: &types, found: BTreeSet::new() };
        literals.visit_file(&file);
        let place = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        found.extend(literals.found.into_iter().map(|name| format!("{place}: {name}")));
    }
    Ok(found)
}

/// The aliases of these types.
fn aliases(file: &syn::File, types: &BTreeSet<String>) -> Vec<String> {
    let aliases = file.items.iter().filter_map(|item| match item {
        syn::Item::Type(alias) => match &*alias.ty {
            syn::Type::Path(path) => {
                Some((alias.ident.to_string(), path.path.segments.last()?.ident.to_string()))
            }
            _ => None,
        },
        _ => None,
    });
    aliases.filter(|(_, of)| types.contains(of)).map(|(name, _)| name).collect()
}

struct Literals<'a> {
    types: &'a BTreeSet<String>,
    found: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Literals<'_> {
    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        let name = literal.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if literal.rest.is_none() && self.types.contains(&name) {
            self.found.insert(name);
        }
        visit::visit_expr_struct(self, literal);
    }

    fn visit_pat_struct(&mut self, pattern: &'ast syn::PatStruct) {
        let name = pattern.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if pattern.rest.is_none() && self.types.contains(&name) {
            self.found.insert(name);
        }
        visit::visit_pat_struct(self, pattern);
    }
}

pub fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[derive(Default)]
struct Calls {
    calls: BTreeMap<String, BTreeSet<String>>,
    owner: String,
    method: Option<String>,
}

impl Calls {
    fn record(&mut self, raw_method: &str, method: String) {
        let operation = raw_method.strip_suffix(generate::options::SUFFIX).unwrap_or(raw_method);
        self.calls.entry(operation.to_owned()).or_default().insert(method);
    }
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if let syn::Type::Path(path) = &*item.self_ty
            && let Some(last) = path.path.segments.last()
        {
            self.owner = last.ident.to_string();
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.method = Some(match item.sig.ident.to_string().as_str() {
            // The public name of a listing or an awaited builder.
            "fetch" => format!("{}::list", self.owner),
            "into_future" => format!("{}.await", self.owner),
            name => format!("{}::{name}", self.owner),
        });
        visit::visit_impl_item_fn(self, item);
        self.method = None;
    }

    /// Listings implement `fetch` by a macro: `fetch! { list_tags_with_options(ListTags) }`.
    fn visit_impl_item_macro(&mut self, item: &'ast ImplItemMacro) {
        if item.mac.path.is_ident("fetch")
            && let Some(proc_macro2::TokenTree::Ident(name)) = item.mac.tokens.clone().into_iter().next()
        {
            self.record(&name.to_string(), format!("{}::list", self.owner));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let on_raw = matches!(&*call.receiver, Expr::MethodCall(inner) if inner.method == "raw");
        if on_raw && let Some(method) = &self.method {
            self.record(&call.method.to_string(), method.clone());
        }
        visit::visit_expr_method_call(self, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_calls_of_the_raw_client() {
        let file = syn::parse_file(
            "impl Tags { pub async fn create(&self) { self.client.call(self.client.raw().create_tag(&body)).await } }
             impl Listed for Tags { fn fetch(client: Client) { Box::pin(async move { client.raw().list_tags_with_options(some) }) } }
             impl Tags { fn other(&self) { self.raw.list_lists() } }
             impl Listed for Notes { fetch! { list_notes_with_options(ListNotes, order) } }",
        )
        .unwrap();
        let mut found = Calls::default();
        found.visit_file(&file);
        let text = format!("{:?}", found.calls);
        assert_eq!(
            text,
            r#"{"create_tag": {"Tags::create"}, "list_notes": {"Notes::list"}, "list_tags": {"Tags::list"}}"#
        );
    }

    /// A new field in a body is additive, so it must not break the crate.
    #[test]
    fn no_generated_type_is_written_out_in_full() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let client = fs::read_to_string(root.join("crates/grinfi-raw/src/generated/client.rs")).unwrap();
        let types: BTreeSet<String> = client
            .lines()
            .filter_map(|line| line.strip_prefix("    pub struct ")?.split([' ', '<', '(']).next())
            .map(str::to_owned)
            .collect();
        assert!(types.contains("SearchContactsBody") && types.contains("ListTasks"));
        assert_eq!(written_out(root, &types).unwrap(), [] as [String; 0]);
    }

    #[test]
    fn finds_types_written_out_in_full() {
        let file = syn::parse_file(
            "pub type NewList = types::CreateListBody;
             fn a() { let b = types::CreateTagBody { name: n, color: None };
                      let c = CreateListBody { name: n, ..Default::default() }; let d = Other { x: 1 };
                      let CreateNoteBody { note, .. } = e; let NewList { name } = c; }",
        )
        .unwrap();
        let mut types =
            BTreeSet::from(["CreateTagBody", "CreateListBody", "CreateNoteBody"].map(str::to_owned));
        types.extend(aliases(&file, &types));
        let mut literals = Literals { types: &types, found: BTreeSet::new() };
        literals.visit_file(&file);
        assert_eq!(literals.found, BTreeSet::from(["CreateTagBody", "NewList"].map(str::to_owned)));
    }

    #[test]
    fn unimplemented_operations_must_be_listed_exactly() {
        let unimplemented = BTreeSet::from(["listTagColors".to_owned()]);
        let says = |missing: &[&str]| {
            let missing: Vec<String> = missing.iter().map(|id| (*id).to_owned()).collect();
            check_unimplemented(&missing, &unimplemented)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert_eq!(says(&["listTagColors"]), "");
        assert!(
            says(&["listTagColors", "createTag"])
                .starts_with("1 operations have no method: createTag; write")
        );
        assert!(says(&[]).contains(
            "unimplemented.txt lists operations that have a method or were removed: listTagColors"
        ));
    }

    #[test]
    fn operations_without_a_method_are_missing() {
        let doc = serde_json::json!({"paths": {
            "/a": {"get": {"operationId": "listTags"}, "post": {"operationId": "createTag"}},
            "/b": {
                "get": {"operationId": "oldTags", "x-grinfi-alias-of": "listTags"},
                "post": {"operationId": "askAi", "x-grinfi-untyped": true}}}});
        let wrapped = BTreeMap::from([("list_tags".to_owned(), BTreeSet::from(["Tags::list".to_owned()]))]);
        let report = CoverageReport::new(&doc, &wrapped);
        assert_eq!(report.missing, ["createTag"]);
        let lines: Vec<Vec<&str>> =
            report.text.lines().map(|line| line.splitn(2, ' ').map(str::trim).collect()).collect();
        assert_eq!(
            lines,
            [
                ["listTags", "Tags::list"],
                ["oldTags", "other path of listTags (undocumented)"],
                ["askAi", "Client::request (undocumented)"],
            ]
        );
    }
}
