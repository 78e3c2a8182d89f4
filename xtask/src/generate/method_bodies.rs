//! A step between progenitor and the formatter: replaces the methods that progenitor writes, which send a request and decode
//! its response, by methods that build a `grinfi_raw::Call`.
//!
//! Of each method it keeps the documentation, the arguments, and the expression that builds the request. Any statement that it
//! does not know is an error.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Expr, ExprMethodCall, File, GenericArgument, ImplItem, ImplItemFn, Item, ItemImpl, LitStr, Pat,
    PathArguments, ReturnType, Stmt, Token, Type, parse::Parser, parse_quote, punctuated::Punctuated,
};

/// Replaces every method of the client and removes what they needed. Returns the number of methods.
pub fn apply(file: &mut File) -> Result<usize> {
    let mut count = 0;
    for item in &mut file.items {
        let Item::Impl(client) = item else { continue };
        if client.trait_.is_some() {
            continue;
        }
        // The constructors, which `grinfi_raw::Client` has itself.
        client
            .items
            .retain(|member| matches!(member, ImplItem::Fn(method) if method.sig.asyncness.is_some()));
        for member in &mut client.items {
            let ImplItem::Fn(method) = member else { continue };
            let name = method.sig.ident.to_string();
            replace(method)
                .with_context(|| format!("the method `{name}` has another form than the generator knows"))?;
            count += 1;
        }
    }
    file.items.retain(is_needed);
    file.items.insert(
        0,
        parse_quote!(
            use crate::{ByteStream, Client, call::Call, operation::Operation, response::Decoder};
        ),
    );
    Ok(count)
}

/// Whether an item of progenitor's file is still needed: the types, and the methods of the client.
fn is_needed(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.ident != "prelude",
        Item::Impl(ItemImpl { trait_: None, items, .. }) => !items.is_empty(),
        _ => false,
    }
}

/// What a method does, read from its statements.
struct Method {
    url: TokenStream,
    headers: Vec<Header>,
    /// Builds the request, from `client.get(url)` on.
    request: Expr,
    name: String,
    decoder: TokenStream,
}

/// Header parameter.
struct Header {
    name: Expr,
    value: Expr,
    /// `Some(value) = argument` of an optional parameter.
    condition: Option<(Pat, Expr)>,
}

fn replace(method: &mut ImplItemFn) -> Result<()> {
    let output = response_type(&method.sig.output)?;
    let Method { url, headers, request, name, decoder } = read(&method.block.stmts)?;
    let headers = headers.iter().map(|Header { name, value, condition }| {
        let set = quote!(crate::call::replace_header(request, #name, #value));
        match condition {
            None => quote!(let request = #set;),
            Some((pattern, argument)) => {
                quote!(let request = match #argument { #pattern => #set, None => request };)
            }
        }
    });
    method.sig.asyncness = None;
    method.sig.output = parse_quote!(-> Call<#output>);
    method.block = parse_quote! {{
        let request = #url.and_then(|url| {
            let request = #request;
            #(#headers)*
            Ok(request)
        });
        Call::new(self, const { Operation::of_method(#name) }, request, #decoder)
    }};
    Ok(())
}

/// The type in `Result<ResponseValue<T>, Error<E>>`.
fn response_type(output: &ReturnType) -> Result<Type> {
    let ReturnType::Type(_, result) = output else { bail!("it returns nothing") };
    let value = first_argument(result).and_then(|value| first_argument(&value));
    value.with_context(|| format!("it returns `{}`", result.to_token_stream()))
}

fn first_argument(of: &Type) -> Option<Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(of) => Some(of.clone()),
        _ => None,
    })
}

fn read(statements: &[Stmt]) -> Result<Method> {
    let (mut url, mut request, mut name, mut decoder) = (None, None, None, None);
    let mut headers = Vec::new();
    for statement in statements {
        let text = compact(statement);
        match statement {
            Stmt::Local(local) => {
                let value = local.init.as_ref().map(|init| &*init.expr);
                match (binding(&local.pat).as_str(), value) {
                    ("url", Some(Expr::Macro(format))) => url = Some(url_of(&format.mac.tokens)?),
                    ("header_map", Some(_)) => {}
                    ("request", Some(built)) => request = Some(request_of(built)?),
                    ("info", Some(Expr::Struct(info))) => {
                        name = info
                            .fields
                            .first()
                            .map(|field| compact(&field.expr).trim_matches('"').to_owned());
                    }
                    ("result", Some(_)) if text == "letresult=self.exec(request,&info).await;" => {}
                    ("response", Some(_)) if text == "letresponse=result?;" => {}
                    _ => bail!("unknown statement `{}`", statement.to_token_stream()),
                }
            }
            Stmt::Expr(_, Some(_))
                if ["self.pre(&mutrequest,&info).await?;", "self.post(&result,&info).await?;"]
                    .contains(&text.as_str()) => {}
            Stmt::Expr(Expr::MethodCall(append), Some(_)) if compact(&append.receiver) == "header_map" => {
                headers.extend(header_of(append)?);
            }
            Stmt::Expr(Expr::If(optional), None) if text.contains("header_map.append") => {
                headers.push(optional_header_of(optional)?);
            }
            Stmt::Expr(Expr::Match(response), None) => decoder = Some(decoder_of(response)?),
            _ => bail!("unknown statement `{}`", statement.to_token_stream()),
        }
    }
    Ok(Method {
        url: url.context("no URL")?,
        headers,
        request: request.context("no request")?,
        name: name.context("no operation id")?,
        decoder: decoder.context("no response")?,
    })
}

fn binding(pattern: &Pat) -> String {
    match pattern {
        Pat::Ident(name) => name.ident.to_string(),
        other => compact(other),
    }
}

/// `format!("{}/path/{}", self.baseurl, encode_path(&uuid.to_string()))` as `self.url("/path/{}", &[("uuid", &uuid)])`.
fn url_of(tokens: &TokenStream) -> Result<TokenStream> {
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone())?;
    let mut arguments = arguments.into_iter();
    let template: LitStr = syn::parse2(arguments.next().context("an empty format")?.into_token_stream())?;
    let base = arguments.next().map(|base| compact(&base));
    let (Some(path), Some("self.baseurl")) =
        (template.value().strip_prefix("{}").map(str::to_owned), base.as_deref())
    else {
        bail!("the URL does not begin with the base URL: {:?}", template.value())
    };
    let mut parameters = Vec::new();
    for argument in arguments {
        let text = compact(&argument);
        let name = text.strip_prefix("encode_path(&").and_then(|rest| rest.strip_suffix(".to_string())"));
        let name = name.with_context(|| format!("unknown path parameter `{text}`"))?;
        let value: Expr = syn::parse_str(name)?;
        let name = name.trim_start_matches("r#");
        parameters.push(quote!((#name, &#value)));
    }
    Ok(quote!(self.url(#path, &[#(#parameters),*])))
}

/// `self.client.get(url).query(…).build()?` without the part that builds.
fn request_of(built: &Expr) -> Result<Expr> {
    let unknown = || format!("unknown request `{}`", built.to_token_stream());
    let Expr::Try(tried) = built else { bail!(unknown()) };
    let Expr::MethodCall(build) = &*tried.expr else { bail!(unknown()) };
    if build.method != "build" {
        bail!(unknown());
    }
    let mut request = (*build.receiver).clone();
    while let Expr::MethodCall(call) = &request
        && call.method == "headers"
    {
        request = (*call.receiver).clone();
    }
    // `.form_urlencoded(&body)?` is the last call before `build`, if there is one.
    if let Expr::Try(form) = &request
        && let Expr::MethodCall(call) = &*form.expr
        && call.method == "form_urlencoded"
    {
        let (before, body) = (chain_of((*call.receiver).clone(), &unknown)?, &call.args);
        return Ok(parse_quote!(crate::call::form(#before, #body)?));
    }
    request = chain_of(request, &unknown)?;
    Ok(request)
}

/// Replaces the start of `self.client.get(url).query(…)` and removes the header map, which is empty or replaced.
fn chain_of(mut request: Expr, unknown: &dyn Fn() -> String) -> Result<Expr> {
    // From the last call of the chain to the first, which is a method of the HTTP client.
    let mut current = &mut request;
    loop {
        let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = current else {
            bail!(unknown())
        };
        if compact(&**receiver) == "self.client" {
            **receiver = parse_quote!(self.http());
            // reqwest has methods for the common HTTP methods only.
            if method == "options" || method == "trace" {
                let name = quote::format_ident!("{}", method.to_string().to_uppercase());
                *method = quote::format_ident!("request");
                args.insert(0, parse_quote!(::reqwest::Method::#name));
            }
            return Ok(request);
        }
        if !["header", "headers", "query", "json", "body"].contains(&&*method.to_string()) {
            bail!(unknown());
        }
        if method == "headers" {
            *current = (**receiver).clone();
        } else if let Expr::MethodCall(call) = current {
            current = &mut *call.receiver;
        }
    }
}

/// `header_map.append("x-team", team.to_string().try_into()?)`; `None` for the version, which the API does not ask for.
fn header_of(append: &ExprMethodCall) -> Result<Option<Header>> {
    let unknown = || format!("unknown header `{}`", append.to_token_stream());
    let (Some(name), Some(value)) = (append.args.first(), append.args.get(1)) else { bail!(unknown()) };
    if append.method != "append" {
        bail!(unknown());
    }
    if compact(name).contains("\"api-version\"") {
        return Ok(None);
    }
    let Expr::Try(converted) = value else { bail!(unknown()) };
    let Expr::MethodCall(ExprMethodCall { receiver, method, .. }) = &*converted.expr else {
        bail!(unknown())
    };
    if method != "try_into" {
        bail!(unknown());
    }
    Ok(Some(Header { name: name.clone(), value: (**receiver).clone(), condition: None }))
}

/// `if let Some(value) = team { header_map.append("x-team", value.to_string().try_into()?); }`
fn optional_header_of(optional: &syn::ExprIf) -> Result<Header> {
    let unknown = || format!("unknown header `{}`", optional.to_token_stream());
    let (Expr::Let(condition), [Stmt::Expr(Expr::MethodCall(append), _)]) =
        (&*optional.cond, optional.then_branch.stmts.as_slice())
    else {
        bail!(unknown())
    };
    let header = header_of(append)?.with_context(unknown)?;
    Ok(Header { condition: Some(((*condition.pat).clone(), (*condition.expr).clone())), ..header })
}

/// The decoder for the successes among the arms of `match response.status().as_u16()`.
fn decoder_of(response: &syn::ExprMatch) -> Result<TokenStream> {
    if compact(&*response.expr) != "response.status().as_u16()" {
        bail!("unknown match `{}`", response.expr.to_token_stream());
    }
    let mut decoders: Vec<TokenStream> = Vec::new();
    for arm in &response.arms {
        let body = compact(&*arm.body);
        let body = body.trim_start_matches('{').trim_end_matches('}');
        if body.starts_with("Err(") {
            continue;
        }
        let decoder = match body {
            "ResponseValue::from_response(response).await" => quote!(Decoder::json()),
            "Ok(ResponseValue::stream(response))" => quote!(Decoder::stream()),
            "Ok(ResponseValue::empty(response))" => quote!(Decoder::empty()),
            other => match other
                .strip_prefix("::grinfi_raw::decoders::")
                .and_then(|rest| rest.strip_suffix("(response).await"))
            {
                Some(function) => {
                    let function = quote::format_ident!("{function}");
                    quote!(Decoder::body(::grinfi_raw::decoders::#function))
                }
                None => bail!("unknown response `{}`", arm.body.to_token_stream()),
            },
        };
        if !decoders.iter().any(|known| known.to_string() == decoder.to_string()) {
            decoders.push(decoder);
        }
    }
    match decoders.as_slice() {
        [decoder] => Ok(decoder.clone()),
        [] => bail!("no response is a success"),
        _ => bail!("the successes have several types"),
    }
}

/// Rust without blanks, to compare by.
fn compact(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string().replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(method: ImplItemFn) -> File {
        parse_quote! {
            use progenitor_client::Error;
            pub mod types {}
            pub struct Client { baseurl: String }
            impl Client {
                pub fn new() -> Self { Self }
                #method
            }
        }
    }

    fn method(returned: Type, header: Stmt, request: Expr, success: Expr) -> ImplItemFn {
        parse_quote! {
            pub async fn get_tag<'a>(&'a self, uuid: &'a str) -> Result<ResponseValue<#returned>, Error<types::Error>> {
                let url = format!("{}/tags/{}", self.baseurl, encode_path(&uuid.to_string()),);
                let mut header_map = HeaderMap::with_capacity(1usize);
                header_map.append(HeaderName::from_static("api-version"), HeaderValue::from_static(V));
                #header
                let mut request = #request;
                let info = OperationInfo { operation_id: "get_tag" };
                self.pre(&mut request, &info).await?;
                let result = self.exec(request, &info).await;
                self.post(&result, &info).await?;
                let response = result?;
                match response.status().as_u16() {
                    200..=299 => #success,
                    400u16..=499u16 => { Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)) }
                    _ => Err(Error::UnexpectedResponse(response)),
                }
            }
        }
    }

    #[test]
    fn replaces_methods_by_ones_that_build_a_call() {
        let request = parse_quote!(self.client.get(url).header(A, B).query(&Q).headers(header_map).build()?);
        let header = parse_quote!(header_map.append("x-team", team.to_string().try_into()?););
        let mut file = client(method(
            parse_quote!(Tag),
            header,
            request,
            parse_quote!(ResponseValue::from_response(response).await),
        ));
        assert_eq!(apply(&mut file).unwrap(), 1);
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }

    #[test]
    fn sends_options_and_trace_by_the_generic_method() {
        let request = request_of(&parse_quote!(self.client.options(url).build()?)).unwrap();
        assert_eq!(compact(&request), "self.http().request(::reqwest::Method::OPTIONS,url)");
    }

    #[test]
    fn rejects_statements_that_it_does_not_know() {
        let request: Expr = parse_quote!(self.client.get(url).build()?);
        let success: Expr = parse_quote!(ResponseValue::from_response(response).await);
        let none: Stmt = parse_quote!(header_map.append(HeaderName::from_static("api-version"), V););
        for (header, request, success, expected) in [
            (parse_quote!(trace(&url);), request.clone(), success.clone(), "unknown statement"),
            (
                none.clone(),
                parse_quote!(self.client.get(url).timeout(t).build()?),
                success.clone(),
                "unknown request",
            ),
            (none.clone(), parse_quote!(self.build(url)), success, "unknown request"),
            (none.clone(), request.clone(), parse_quote!(upgrade(response).await), "unknown response"),
            (none, request, parse_quote!(Err(Error::Unexpected(response))), "no response is a success"),
        ] {
            let error = apply(&mut client(method(parse_quote!(Tag), header, request, success))).unwrap_err();
            let text = format!("{error:#}");
            assert!(text.contains("`get_tag`") && text.contains(expected), "{text}");
        }
    }
}
