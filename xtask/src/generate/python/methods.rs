//! The names of methods, from the code of the Rust SDK: `createTag` is `create` of the resource that `client.tags()` returns.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use heck::ToSnakeCase;
use serde_json::{Map, Value, json};
use syn::visit::{self, Visit};

use super::names::innermost;
use crate::{coverage, terms};

/// A resource and a method of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// The name of the resource's class: `Tags`.
    pub class: String,
    /// The attribute of the client: `tags`.
    pub attribute: String,
    /// The method: `create`.
    pub name: String,
}

/// Methods and listings of the Rust SDK.
#[derive(Debug, Default)]
pub struct Methods {
    /// The methods that send an operation, by its name in snake case: `Tags::create`, `CreateTag.await`.
    calls: BTreeMap<String, Vec<String>>,
    /// Attributes of the client and their documentation, by the class of the resource.
    accessors: BTreeMap<String, (String, String)>,
    /// Methods that return builders and searches: class, method, and the returned type, such as `Search<Tasks>`.
    returned: Vec<(String, String, String)>,
    /// The types of listings and of their rows, by operation.
    rows: BTreeMap<String, (String, String)>,
    /// The listings without an order.
    unordered: Vec<String>,
    /// The schemas of hand-written structs.
    structures: BTreeMap<String, Map<String, Value>>,
}

impl Methods {
    /// Reads the resources of the Rust SDK.
    pub fn read(root: &Path) -> Result<Self> {
        let mut found = Self::default();
        let folder = root.join(coverage::RESOURCES);
        for (operation, methods) in coverage::wrapped(&folder)? {
            found.calls.insert(operation, methods.into_iter().collect());
        }
        let mut files: Vec<PathBuf> = coverage::rust_files(&folder)?;
        files.push(root.join("crates/grinfi/src/client.rs"));
        for path in files {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))?;
            Reader { found: &mut found, owner: String::new(), is_trait: false }.visit_file(&file);
        }
        Ok(found)
    }

    /// Returns the method for an operation, if there is one.
    pub fn of(&self, operation: &str) -> Option<Method> {
        let calls = self.calls.get(&operation.to_snake_case())?;
        let methods = calls.iter().filter_map(|call| self.resolve(call));
        methods.min_by_key(|method| method.name.len())
    }

    /// Returns the documentation of a resource.
    pub fn doc(&self, class: &str) -> Option<&str> {
        self.accessors.get(class).map(|(_, doc)| doc.as_str())
    }

    /// Returns the type of the rows of a listing.
    pub fn row(&self, operation: &str) -> Option<&str> {
        self.rows.get(operation).map(|(_, row)| row.as_str())
    }

    /// Returns the schema of a struct by its name, for rows without fields in the description.
    pub fn structure(&self, name: &str) -> Option<&Map<String, Value>> {
        self.structures.get(name)
    }

    /// Returns the type of the Rust SDK for a listing.
    pub fn filtered_by(&self, operation: &str) -> Option<&str> {
        self.rows.get(operation).map(|(owner, _)| owner.as_str())
    }

    /// Returns whether a listing can be ordered.
    pub fn is_ordered(&self, operation: &str) -> bool {
        !self.unordered.iter().any(|known| known == operation)
    }

    fn resolve(&self, call: &str) -> Option<Method> {
        let method = |class: &str, name: &str| {
            let (attribute, _) = self.accessors.get(class)?;
            Some(Method { class: class.to_owned(), attribute: attribute.clone(), name: name.to_owned() })
        };
        let returned_by = |kind: &str| {
            let found = self.returned.iter().filter(|(_, _, returned)| returned == kind);
            found.clone().find_map(|(class, name, _)| method(class, name))
        };
        if let Some(builder) = call.strip_suffix(".await") {
            return returned_by(builder);
        }
        let (owner, name) = call.split_once("::")?;
        if name == "list"
            && let Some(listing) = returned_by(&format!("Search<{owner}>"))
        {
            return Some(listing);
        }
        method(owner, name).or_else(|| returned_by(owner))
    }
}

struct Reader<'a> {
    found: &'a mut Methods,
    owner: String,
    is_trait: bool,
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.owner = innermost(&item.self_ty).unwrap_or_default();
        self.is_trait = item.trait_.is_some();
        self.listing(item);
        visit::visit_item_impl(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let mut properties = Map::new();
        for field in &item.fields {
            let (Some(name), syn::Visibility::Public(_)) = (&field.ident, &field.vis) else { continue };
            let mut schema = kind(&field.ty);
            schema.insert("description".to_owned(), doc(&field.attrs).into());
            schema.insert("nullable".to_owned(), true.into());
            properties.insert(terms::wire(&name.to_string()), schema.into());
        }
        let described = [("description", doc(&item.attrs).into()), ("properties", properties.into())];
        let schema = described.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        self.found.structures.insert(item.ident.to_string(), schema);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let syn::ReturnType::Type(_, returned) = &item.sig.output else { return };
        if self.is_trait || !matches!(item.vis, syn::Visibility::Public(_)) {
            return;
        }
        let Some(name) = innermost(returned) else { return };
        let name = if name == "Self" { self.owner.clone() } else { name };
        let method = item.sig.ident.to_string();
        let outer = match &**returned {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        if self.owner == "Client" && item.sig.inputs.len() == 1 {
            self.found.accessors.insert(name, (method, doc(&item.attrs)));
        } else if outer.as_deref() == Some("Search") {
            self.found.returned.push((self.owner.clone(), method, format!("Search<{name}>")));
        } else if outer.as_deref() == Some(name.as_str()) {
            self.found.returned.push((self.owner.clone(), method, name));
        }
    }
}

impl Reader<'_> {
    /// Reads the rows of a listing from `impl Listed`.
    fn listing(&mut self, item: &syn::ItemImpl) {
        let mut operation = None;
        let mut row = None;
        let mut ordered = true;
        for part in &item.items {
            match part {
                syn::ImplItem::Type(ty) if ty.ident == "Item" => row = innermost(&ty.ty),
                syn::ImplItem::Const(constant) if constant.ident == "OPERATION" => {
                    if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &constant.expr {
                        operation = Some(text.value());
                    }
                }
                syn::ImplItem::Const(constant) if constant.ident == "ORDERED" => {
                    if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Bool(value), .. }) = &constant.expr {
                        ordered = value.value;
                    }
                }
                _ => {}
            }
        }
        if let (Some(operation), Some(row)) = (operation, row) {
            if !ordered {
                self.found.unordered.push(operation.clone());
            }
            self.found.rows.insert(operation, (self.owner.clone(), row));
        }
    }
}

/// Returns the schema of a field of this type: a time, a number, the whole record, or a string for all other types.
fn kind(ty: &syn::Type) -> Map<String, Value> {
    let schema = match innermost(ty).as_deref() {
        Some("DateTime" | "Utc") => json!({"type": "string", "format": "date-time"}),
        Some("i64" | "u64" | "u32") => json!({"type": "integer"}),
        Some("bool") => json!({"type": "boolean"}),
        // A map of values is the whole record.
        Some("Map" | "Value") => json!({"x-grinfi-row": true}),
        _ => json!({"type": "string"}),
    };
    schema.as_object().cloned().unwrap_or_default()
}

/// Returns the first paragraph of the doc comments.
fn doc(attributes: &[syn::Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let syn::Meta::NameValue(pair) = &attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value
        {
            let line = text.value().trim().to_owned();
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
    }
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_builders_and_listings_after_the_methods_that_return_them() {
        let file = syn::parse_file(
            r#"impl Client { /// Tags.
                             pub fn tags(&self) -> Tags { todo!() } }
               impl Tags { pub fn create(&self, name: String) -> CreateTag { todo!() }
                           pub fn search(&self) -> Search<Self> { todo!() }
                           pub fn list(&self) -> Search<ByText> { todo!() } }
               impl Listed for Tags { type Item = Tag; const OPERATION: &'static str = "searchTags"; }"#,
        )
        .unwrap();
        let mut found = Methods::default();
        Reader { found: &mut found, owner: String::new(), is_trait: false }.visit_file(&file);
        for (operation, call) in [
            ("create_tag", "CreateTag.await"),
            ("search_tags", "Tags::list"),
            ("list_tags", "ByText::list"),
            ("delete_tag", "Tags::delete"),
        ] {
            found.calls.insert(operation.to_owned(), vec![call.to_owned()]);
        }
        let names: Vec<String> = ["createTag", "searchTags", "listTags", "deleteTag"]
            .map(|operation| {
                found.of(operation).map(|m| format!("{}.{}", m.attribute, m.name)).unwrap_or_default()
            })
            .to_vec();
        assert_eq!(names, ["tags.create", "tags.search", "tags.list", "tags.delete"]);
        assert_eq!((found.doc("Tags"), found.row("searchTags")), (Some("Tags."), Some("Tag")));
        assert_eq!(found.of("newOne"), None);
    }
}
