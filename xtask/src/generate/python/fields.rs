//! The types of the fields of filters, from the tables of the Rust SDK.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use heck::ToPascalCase;
use syn::{
    Attribute, Ident, LitStr, Token, Type, braced,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

use super::{
    names::{alias, innermost},
    text::{docstring, prose, wrapped},
};

/// The table.
const TABLE: &str = "crates/grinfi/src/filter/fields.rs";

/// The type of the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Id,
    Number,
    Time,
}

/// A field of a listing.
#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub doc: String,
}

/// The fields of a listing.
#[derive(Debug)]
pub struct Listing {
    /// The type of the Rust SDK for the listing.
    pub resource: String,
    /// The name of the `TypedDict`.
    pub class: String,
    /// What one row is called.
    pub row: String,
    pub fields: Vec<Field>,
}

/// Reads the table.
pub fn read(root: &Path) -> Result<Vec<Listing>> {
    let path = root.join(TABLE);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))?;
    let mut listings = Vec::new();
    for item in &file.items {
        if let syn::Item::Macro(item) = item
            && item.mac.path.is_ident("fields")
        {
            let found: Table = syn::parse2(item.mac.tokens.clone())
                .with_context(|| format!("{}: a table of fields that cannot be read", path.display()))?;
            listings.push(found.0);
        }
    }
    if listings.is_empty() {
        bail!("{} holds no table of fields", path.display());
    }
    Ok(listings)
}

struct Table(Listing);

impl Parse for Table {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let module: Ident = input.parse()?;
        let of: Ident = input.call(Ident::parse_any)?;
        if of != "of" {
            return Err(syn::Error::new(of.span(), "`of` is expected"));
        }
        let resource: Ident = input.parse()?;
        input.parse::<Token![,]>()?;
        let row: LitStr = input.parse()?;
        input.parse::<Token![;]>()?;
        input.parse::<Ident>()?;
        let content;
        braced!(content in input);
        let mut fields = Vec::new();
        while !content.is_empty() {
            let mut name = content.call(Ident::parse_any)?.unraw().to_string();
            // A field with another name in Rust: `contact_uuid as "lead_uuid"`.
            if content.parse::<Option<Token![as]>>()?.is_some() {
                name = content.parse::<LitStr>()?.value();
            }
            content.parse::<Token![:]>()?;
            let ty: Type = content.parse()?;
            content.parse::<Token![=]>()?;
            let doc: LitStr = content.parse()?;
            content.parse::<Token![;]>()?;
            let kind = match &ty {
                Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
                _ => None,
            };
            let kind = match kind.as_deref() {
                Some("Text" | "Enumeration") => Kind::Text,
                Some("Id") => Kind::Id,
                Some("Number") => Kind::Number,
                Some("Time") => Kind::Time,
                _ => {
                    let what = innermost(&ty).unwrap_or_default();
                    return Err(syn::Error::new_spanned(
                        &ty,
                        format!("a kind of field that Python lacks: {what}"),
                    ));
                }
            };
            fields.push(Field { name, kind, doc: doc.value() });
        }
        // Refused names are only needed by the Rust SDK.
        input.parse::<proc_macro2::TokenStream>()?;
        let class = format!("{}Fields", module.to_string().to_pascal_case());
        Ok(Self(Listing { resource: resource.to_string(), class, row: row.value(), fields }))
    }
}

/// Renders the module `fields.py`, which only type checkers and editors use.
pub fn render(listings: &[Listing]) -> String {
    let mut out = String::from(
        "\"\"\"Filter fields of listings, for type checkers and editors. The core validates fields at run time.\n\n\
         As a keyword argument, a value means ``==``, and a list means any of its values.\n\"\"\"\n\n\
         from __future__ import annotations\n\nfrom collections.abc import Sequence\nfrom datetime import datetime\n\
         from typing import TypedDict\nfrom uuid import UUID\n\nfrom .._conditions import Field, OrderedField\n\n\
         Texts = str | Sequence[str]\nIds = str | UUID | Sequence[str | UUID]\nNumbers = int | Sequence[int]\n\
         Times = datetime | Sequence[datetime]\n",
    );
    let mut all: BTreeMap<String, (Kind, Vec<&str>)> = BTreeMap::new();
    for listing in listings {
        out.push_str(&format!("\n\nclass {}(TypedDict, total=False):\n", listing.class));
        out.push_str(&format!(
            "    \"\"\"Filter fields of {} {}.\"\"\"\n\n",
            article(&listing.row),
            listing.row
        ));
        for Field { name, kind, doc } in &listing.fields {
            let ty = match kind {
                Kind::Text if doc.contains("only `eq`") => "str",
                Kind::Text => "Texts",
                Kind::Id => "Ids",
                Kind::Number => "Numbers",
                Kind::Time => "Times",
            };
            out.push_str(&format!("    {name}: {ty}\n{}", docstring(&wrapped(&prose(doc), 4), 4)));
            let alias = alias(name);
            if let Some(alias) = &alias {
                out.push_str(&format!("    {alias}: {ty}\n    \"\"\"Same as ``{name}``.\"\"\"\n"));
            }
            for name in [Some(name.clone()), alias].into_iter().flatten() {
                let known = all.entry(name).or_insert((*kind, Vec::new()));
                if known.0 != *kind {
                    known.0 = Kind::Text;
                }
                known.1.push(&listing.row);
            }
        }
    }
    out.push_str(
        "\n\nclass Fields:\n    \"\"\"Filter fields of all listings: the attributes of :data:`grinfi.F`.\n\n",
    );
    out.push_str("    The documentation of each listing names the fields that it supports.\n    \"\"\"\n\n");
    for (name, (kind, rows)) in all {
        let ty = match kind {
            Kind::Text => "Field[str]",
            Kind::Id => "Field[str | UUID]",
            Kind::Number => "OrderedField[int]",
            Kind::Time => "OrderedField[datetime]",
        };
        out.push_str(&format!("    {name}: {ty}\n    \"\"\"Filter field of: {}.\"\"\"\n", rows.join(", ")));
    }
    out
}

fn article(noun: &str) -> &'static str {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O']);
    if vowel { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tables() {
        let Table(listing) = syn::parse_str(
            r#"/// Docs.
            some_thing of Things, "thing";
            fields { q: Text = "Takes only `eq`."; r#type: Enumeration<x::Y> = "Kind."; at: Time = "When."; n: Number = "N.";
                     list_uuid: Id<ids::ListId> = "List."; }
            traps { "x" = "why"; }"#,
        )
        .unwrap();
        let fields: Vec<(&str, Kind)> = listing.fields.iter().map(|f| (f.name.as_str(), f.kind)).collect();
        use Kind::*;
        assert_eq!(fields, [("q", Text), ("type", Text), ("at", Time), ("n", Number), ("list_uuid", Id)]);
        let module = render(&[listing]);
        assert!(module.contains("class SomeThingFields(TypedDict, total=False):"), "{module}");
        assert!(module.contains("    q: str\n") && module.contains("    type: Texts\n"), "{module}");
        assert!(
            module.contains("    at: OrderedField[datetime]\n    \"\"\"Filter field of: thing.\"\"\"\n"),
            "{module}"
        );
    }
}
