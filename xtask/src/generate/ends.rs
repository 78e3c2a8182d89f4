//! A step between progenitor and the formatter: how a method begins and ends. It puts the URL together from a base that is parsed
//! once, leaves out a header that the API does not ask for, and sends the request and reads the answer by `grinfi_raw::answer`,
//! which compiles once and not in each of them. The methods in between stay progenitor's.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Expr, ExprMacro, ExprMatch, ExprMethodCall, ExprPath, File, ImplItem, Item, LitStr, Pat, Stmt, Token,
    parse::Parser,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// Changes every method of the client, and says how many.
pub fn apply(file: &mut File) -> usize {
    let mut changed = 0;
    for item in &mut file.items {
        let Item::Impl(client) = item else { continue };
        for member in &mut client.items {
            let ImplItem::Fn(method) = member else { continue };
            if method.sig.asyncness.is_none() {
                continue;
            }
            method.block.stmts.iter_mut().for_each(begin);
            leave_version_out(&mut method.block.stmts);
            Ends.visit_block_mut(&mut method.block);
            send_once(&mut method.block.stmts);
            if let Some(Stmt::Expr(Expr::Match(answer), None)) = method.block.stmts.last_mut() {
                refuse_once(answer);
            }
            changed += 1;
        }
    }
    changed
}

/// `let url = format!("{}/path/{}", self.baseurl, …)`
fn begin(statement: &mut Stmt) {
    let Stmt::Local(local) = statement else { return };
    let Some(init) = &mut local.init else { return };
    let is_url = matches!(&local.pat, Pat::Ident(name) if name.ident == "url");
    let Expr::Macro(ExprMacro { mac, .. }) = &*init.expr else { return };
    if !is_url || !mac.path.is_ident("format") {
        return;
    }
    if let Some(path) = path(mac.tokens.clone()) {
        *init.expr = parse_quote! {
            match crate::answer::url(self, #path) {
                Ok(url) => url,
                Err(message) => return Err(Error::InvalidRequest(message)),
            }
        };
    }
}

/// The path without the base, as an expression; `None` if it is put together in another way than is known.
fn path(tokens: TokenStream) -> Option<TokenStream> {
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens).ok()?;
    let mut arguments = arguments.into_iter();
    let template: LitStr = syn::parse2(arguments.next()?.into_token_stream()).ok()?;
    let base = arguments.next()?.into_token_stream().to_string();
    let path = template.value().strip_prefix("{}")?.to_owned();
    if base != "self . baseurl" {
        return None;
    }
    let rest: Vec<Expr> = arguments.collect();
    Some(if rest.is_empty() { quote!(#path) } else { quote!(&format!(#path, #(#rest),*)) })
}

/// The header that progenitor adds to every request, where it is the only one of them.
fn leave_version_out(statements: &mut Vec<Stmt>) {
    let spelled = |statement: &Stmt| statement.to_token_stream().to_string();
    // Made, filled with the one header, and sent.
    let about: Vec<String> =
        statements.iter().map(spelled).filter(|statement| statement.contains("header_map")).collect();
    let [_, append, _] = about.as_slice() else { return };
    if !append.starts_with("header_map . append") || !append.contains("\"api-version\"") {
        return;
    }
    statements.retain(|statement| {
        let text = spelled(statement);
        !text.starts_with("let mut header_map =") && !text.starts_with("header_map . append")
    });
    statements.iter_mut().for_each(|statement| WithoutHeaders.visit_stmt_mut(statement));
}

struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(ExprMethodCall { method, args, receiver, .. }) = expr
            && method == "headers"
            && args.to_token_stream().to_string() == "header_map"
        {
            *expr = (**receiver).clone();
        }
    }
}

/// From the hooks before the request to those after it, for which all methods have one function.
fn send_once(statements: &mut Vec<Stmt>) {
    let spelled: Vec<String> = statements.iter().map(squeezed).collect();
    let Some(first) = spelled.iter().position(|text| text.starts_with("letinfo=OperationInfo{operation_id:"))
    else {
        return;
    };
    const REST: [&str; 4] = [
        "self.pre(&mutrequest,&info).await?;",
        "letresult=self.exec(request,&info).await;",
        "self.post(&result,&info).await?;",
        "letresponse=result?;",
    ];
    let rest: Vec<&str> = spelled[first + 1..].iter().take(REST.len()).map(String::as_str).collect();
    let Some(name) = spelled[first].split('"').nth(1).filter(|_| rest == REST) else { return };
    let sent = parse_quote!(let response = crate::answer::send(self, request, #name).await?;);
    statements.splice(first..=first + REST.len(), [sent]);
}

/// The arms for what is no success, which are the same for every method whose errors have one type.
fn refuse_once(answer: &mut ExprMatch) {
    const REFUSED: [&str; 3] = [
        "400u16..=499u16=>{Err(Error::ErrorResponse(crate::answer::decode(response).await?))}",
        "500u16..=599u16=>{Err(Error::ErrorResponse(crate::answer::decode(response).await?))}",
        "_=>Err(Error::UnexpectedResponse(response)),",
    ];
    let Some(first) = answer.arms.len().checked_sub(REFUSED.len()) else { return };
    if answer.arms[first..].iter().map(squeezed).eq(REFUSED) {
        answer.arms.truncate(first);
        answer.arms.push(parse_quote!(_ => Err(crate::answer::refused(response).await),));
    }
}

/// Rust without blanks, to compare by.
fn squeezed(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string().replace(' ', "")
}

struct Ends;

impl VisitMut for Ends {
    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        match path.to_token_stream().to_string().as_str() {
            "ResponseValue :: from_response" => *path = parse_quote!(crate::answer::decode),
            "ResponseValue :: stream" => *path = parse_quote!(crate::answer::as_stream),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_begins_and_ends_by_hand() {
        let mut file: File = parse_quote! {
            impl Client {
                pub async fn get_tag<'a>(&'a self, uuid: &'a str) -> Result<ResponseValue<Tag>, Error<types::Error>> {
                    let url = format!("{}/tags/{}", self.baseurl, encode_path(&uuid.to_string()),);
                    let mut header_map = HeaderMap::with_capacity(1usize);
                    header_map.append(HeaderName::from_static("api-version"), HeaderValue::from_static(V));
                    let mut request = self.client.get(url).header(A, B).headers(header_map).build()?;
                    let info = OperationInfo { operation_id: "get_tag" };
                    self.pre(&mut request, &info).await?;
                    let result = self.exec(request, &info).await;
                    self.post(&result, &info).await?;
                    let response = result?;
                    match response.status().as_u16() {
                        200..=299 => ResponseValue::from_response(response).await,
                        300..=399 => Ok(ResponseValue::stream(response)),
                        400u16..=499u16 => { Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)) }
                        500u16..=599u16 => { Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)) }
                        _ => Err(Error::UnexpectedResponse(response)),
                    }
                }
            }
        };
        assert_eq!(apply(&mut file), 1);
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }

    #[test]
    fn errors_of_several_types_stay_apart() {
        let mut file: File = parse_quote! {
            impl Client {
                pub async fn a(&self) -> Result<(), Error<E>> {
                    let info = OperationInfo { operation_id: "a" };
                    let result = self.exec(request, &info).await;
                    match response.status().as_u16() {
                        200..=299 => Ok(()),
                        400u16 => Err(Error::ErrorResponse(crate::answer::decode(response).await?)),
                        _ => Err(Error::UnexpectedResponse(response)),
                    }
                }
            }
        };
        let before = prettyplease::unparse(&file);
        apply(&mut file);
        assert_eq!(prettyplease::unparse(&file), before);
    }

    #[test]
    fn a_header_of_the_description_stays() {
        let mut file: File = parse_quote! {
            impl Client {
                pub async fn a(&self) -> Result<(), Error> {
                    let mut header_map = HeaderMap::with_capacity(2usize);
                    header_map.append("x-team", team);
                    header_map.append("api-version", V);
                    let mut request = self.client.get(url).headers(header_map).build()?;
                }

                pub async fn b(&self) -> Result<(), Error> {
                    let mut header_map = HeaderMap::with_capacity(2usize);
                    if let Some(team) = team {
                        header_map.append("x-team", team);
                    }
                    header_map.append("api-version", V);
                    let mut request = self.client.get(url).headers(header_map).build()?;
                }
            }
        };
        let before = prettyplease::unparse(&file);
        apply(&mut file);
        assert_eq!(prettyplease::unparse(&file), before);
    }
}
