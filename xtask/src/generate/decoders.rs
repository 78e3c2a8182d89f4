//! Adds lenient decoders to the generated types: fields that the API returns with inconsistent types (a number as a
//! string, a flag as 0 or 1, an empty map as `[]`, a time with a blank) accept each of them, and so does a response that is
//! a map. The Rust types of the fields stay the same.

use quote::ToTokens;
use syn::{
    Attribute, ExprPath, Field, File, GenericArgument, ImplItem, ImplItemFn, Item, Pat, PathArguments, Type,
    parse_quote,
    visit_mut::{self, VisitMut},
};

/// The decoders of `grinfi_raw::decoders`, by type.
const READERS: [(&str, &str); 6] = [
    (":: std :: string :: String", "text"),
    ("i64", "int"),
    ("f64", "number"),
    ("bool", "flag"),
    (":: serde_json :: Map < :: std :: string :: String , :: serde_json :: Value >", "map"),
    (":: chrono :: DateTime < :: chrono :: offset :: Utc >", "time"),
];

/// Adds the decoders, and returns the number of fields.
pub fn apply(file: &mut File) -> usize {
    let mut count = 0;
    for item in &mut file.items {
        if let Item::Impl(client) = item {
            for method in &mut client.items {
                if let ImplItem::Fn(method) = method {
                    count += usize::from(make_response_lenient(method));
                }
            }
        }
        let Item::Mod(module) = item else { continue };
        if module.ident != "types" {
            continue;
        }
        for item in module.content.iter_mut().flat_map(|(_, items)| items) {
            if let Item::Struct(record) = item {
                record.fields.iter_mut().for_each(read_null);
                count += record.fields.iter_mut().filter_map(read_leniently).count();
            }
        }
    }
    count
}

fn read_leniently(field: &mut Field) -> Option<()> {
    let inner = argument(&field.ty, "Option");
    let (reader, optional) = (reader(inner.unwrap_or(&field.ty))?, inner.is_some());
    let path = format!("::grinfi_raw::decoders::{}{reader}", if optional { "opt_" } else { "" });
    field.attrs.push(parse_quote!(#[serde(deserialize_with = #path)]));
    // With a custom decoder, serde no longer treats an absent `Option` as `None`.
    if optional && !field.attrs.iter().any(has_default) {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
    Some(())
}

/// Makes an optional field that takes null distinguish null from an absent value.
fn read_null(field: &mut Field) {
    if argument(&field.ty, "Option").is_some_and(|inner| argument(inner, "Nullable").is_some()) {
        field.attrs.push(parse_quote!(#[serde(default, deserialize_with = "::grinfi_raw::Nullable::given")]));
    }
}

/// The decoder of a type: of a plain value, of a map, or of a list of plain values.
fn reader(of: &Type) -> Option<&'static str> {
    let plain = |of: &Type| {
        let written = of.to_token_stream().to_string();
        READERS.into_iter().find(|(plain, _)| written == *plain).map(|(_, reader)| reader)
    };
    plain(of).or_else(|| match (argument(of, "BTreeMap"), argument(of, "Vec")) {
        (Some(value), _) => Some(if plain(value).is_some() { "map_of_scalars" } else { "map_of" }),
        // Lists of texts are common, and no number was ever seen in one.
        (_, Some(value)) => plain(value).filter(|reader| *reader != "text").map(|_| "list_of_scalars"),
        _ => None,
    })
}

/// The last type argument of a generic type of this name.
fn argument<'a>(of: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = of else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.last()? {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    }
}

/// Makes a method whose response is a map accept an empty list.
fn make_response_lenient(method: &mut ImplItemFn) -> bool {
    let syn::ReturnType::Type(_, returned) = &method.sig.output else { return false };
    // `Result<ResponseValue<BTreeMap<…>>, …>`; `argument` returns the last argument, which is the error.
    let Type::Path(result) = &**returned else { return false };
    let Some(PathArguments::AngleBracketed(arguments)) =
        result.path.segments.last().map(|last| &last.arguments)
    else {
        return false;
    };
    let Some(GenericArgument::Type(success)) = arguments.args.first() else { return false };
    let reader = argument(success, "ResponseValue")
        .filter(|body| argument(body, "BTreeMap").is_some())
        .and_then(reader);
    let path: ExprPath = match reader {
        Some("map_of_scalars") => parse_quote!(::grinfi_raw::decoders::scalar_map_response),
        Some(_) => parse_quote!(::grinfi_raw::decoders::map_response),
        None => return false,
    };
    let mut put = PutReader { path, put: false };
    put.visit_block_mut(&mut method.block);
    put.put
}

/// Replaces the plain decoder for success statuses.
struct PutReader {
    path: ExprPath,
    put: bool,
}

impl VisitMut for PutReader {
    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        let Pat::Range(range) = &arm.pat else { return };
        if range.start.to_token_stream().to_string().starts_with("200") {
            visit_mut::visit_arm_mut(self, arm);
        }
    }

    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        if path.to_token_stream().to_string() == "ResponseValue :: from_response" {
            *path = self.path.clone();
            self.put = true;
        }
    }
}

fn has_default(attribute: &Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("serde") {
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("default");
            if let Ok(value) = meta.value() {
                value.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_decoders_to_maps_and_lists() {
        let mut file: File = parse_quote! {
            mod types {
                struct A {
                    a: ::std::option::Option<::std::collections::BTreeMap<::std::string::String, i64>>,
                    b: ::std::collections::BTreeMap<::std::string::String, ::std::vec::Vec<i64>>,
                    c: ::std::option::Option<::std::vec::Vec<bool>>,
                    d: ::std::vec::Vec<::std::string::String>,
                }
            }
        };
        assert_eq!(apply(&mut file), 3);
        let text = file.to_token_stream().to_string();
        for reader in ["decoders::opt_map_of_scalars", "decoders::map_of\"", "decoders::opt_list_of_scalars"]
        {
            assert!(text.contains(reader), "{reader}: {text}");
        }
    }

    #[test]
    fn adds_a_decoder_to_a_map_response_for_successes_only() {
        let mut file: File = parse_quote! {
            impl Client {
                async fn counts(&self) -> Result<ResponseValue<::std::collections::BTreeMap<String, i64>>, Error<types::Error>> {
                    match response.status().as_u16() {
                        200..=299 => ResponseValue::from_response(response).await,
                        400u16..=499u16 => Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)),
                        _ => Err(Error::UnexpectedResponse(response)),
                    }
                }
                async fn other(&self) -> Result<ResponseValue<types::A>, Error<types::Error>> {
                    match status { 200..=299 => ResponseValue::from_response(response).await, _ => x }
                }
            }
        };
        assert_eq!(apply(&mut file), 1);
        let text = file.to_token_stream().to_string();
        assert!(
            text.contains("200 ..= 299 => :: grinfi_raw :: decoders :: scalar_map_response (response)"),
            "{text}"
        );
        assert_eq!(text.matches("ResponseValue :: from_response").count(), 2, "{text}");
    }

    #[test]
    fn adds_decoders_to_plain_types() {
        let mut file: File = parse_quote! {
            mod types {
                struct A {
                    #[serde(skip_serializing_if = "x")]
                    a: ::std::option::Option<i64>,
                    #[serde(default, skip_serializing_if = "x")]
                    b: ::std::option::Option<bool>,
                    c: ::std::string::String,
                    d: ::std::vec::Vec<types::B>,
                }
            }
        };
        assert_eq!(apply(&mut file), 3);
        let text = file.to_token_stream().to_string();
        assert!(
            text.contains("opt_int") && text.contains("opt_flag") && text.contains("decoders::text"),
            "{text}"
        );
        assert_eq!(text.matches("default").count(), 2, "{text}");
    }

    #[test]
    fn null_is_decoded_as_null() {
        let mut file: File = parse_quote! {
            mod types {
                struct A {
                    a: ::std::option::Option<::grinfi_raw::Nullable<i64>>,
                    b: ::std::option::Option<types::B>,
                }
            }
        };
        apply(&mut file);
        assert_eq!(file.to_token_stream().to_string().matches("Nullable::given").count(), 1);
    }
}
