//! A request put together by hand: for a described operation by its `operationId`, or for an endpoint that the description
//! leaves out. It goes the way of all others: key, retries, errors.

use std::{fmt, time::Duration};

use bytes::Bytes;
use grinfi_raw::{
    Operation,
    operation::{Effect, FilterStyle, Paging, PagingAt},
};
use http::{HeaderMap, Method};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    client::Client,
    error::{Error, Result},
    options::Options,
    page::{BoxFuture, Fields, Page, Pages, Range, Source, check_size},
    path_template,
    record::Record,
};

impl Client {
    /// Starts a request to an endpoint that the description leaves out. `path` starts with a slash.
    ///
    /// It counts as acting, and so is not repeated once it may have arrived, unless the method is GET or HEAD or
    /// [`effect`](Request::effect) says otherwise.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let answer = client.request(http::Method::GET, "/leads/api/lists").query("limit", 5).send().await?;
    /// let lists: serde_json::Value = answer.json()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request {
            client: self.clone(),
            operation: None,
            method,
            path: path.into(),
            query: Vec::new(),
            json: Ok(None),
            options: self.options().clone(),
        }
    }

    /// Starts a request of a described operation, by its `operationId`, with the parameters of its path by name.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an operation that is not described, and for a parameter that is missing, unknown or
    /// empty.
    pub fn operation(&self, id: &str, path_parameters: &[(&str, &str)]) -> Result<Request> {
        let operation = Operation::by_id(id)
            .ok_or_else(|| Error::input("operation", format!("`{id}` is not in the API description")))?;
        let mut path = operation.path.to_owned();
        for (name, value) in path_parameters {
            let slot = format!("{{{name}}}");
            if !path.contains(&slot) {
                return Err(Error::input(*name, format!("`{id}` has no such parameter in its path")));
            }
            crate::resource::check_id(name, value)?;
            path = path.replace(&slot, value);
        }
        if let Some((_, rest)) = path.split_once('{') {
            let name = rest.split('}').next().unwrap_or(rest);
            return Err(Error::input(name, format!("`{id}` needs it in its path")));
        }
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|source| Error::input("operation", "its method is none").with_source(source))?;
        Ok(Request { operation: Some(operation), ..self.request(method, path) })
    }
}

/// A request in the making.
#[derive(Clone)]
#[must_use = "nothing is sent until `send`"]
pub struct Request {
    client: Client,
    operation: Option<&'static Operation>,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    // A body that cannot be written is told of when the request is sent.
    json: Result<Option<Value>, String>,
    options: Options,
}

impl Request {
    /// Adds a parameter to the query.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a filter to the query in the bracket spelling, `filter[field][op]=value`.
    pub fn brackets(mut self, brackets: &grinfi_raw::Brackets) -> Self {
        self.query.extend_from_slice(brackets.pairs());
        self
    }

    /// Adds a filter, an object as the API's grammar has it, the way the operation takes it: in the JSON body, in brackets,
    /// as one JSON text, or as a plain `search` text given as `{"search": "…"}`. Set the body before.
    ///
    /// Field names are not checked; [`Filter::from_json`](crate::filter::Filter::from_json) does that.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an operation that takes no filter (the API would ignore it without an error), for a
    /// body that is no object, and for a search that is anything but one text.
    pub fn filter(mut self, object: &Map<String, Value>) -> Result<Self> {
        match self.operation.and_then(|operation| operation.filter) {
            Some(FilterStyle::Brackets) => Ok(self.brackets(&grinfi_raw::Brackets::new("filter", object))),
            Some(FilterStyle::JsonString) => Ok(self.query("filter", Value::Object(object.clone()))),
            Some(FilterStyle::JsonBody) => {
                let mut body = match self.json {
                    Ok(Some(Value::Object(body))) => body,
                    Ok(None) => Map::new(),
                    _ => return Err(Error::input("body", "it has to be an object to hold a filter")),
                };
                body.insert("filter".to_owned(), Value::Object(object.clone()));
                self.json = Ok(Some(Value::Object(body)));
                Ok(self)
            }
            Some(FilterStyle::Search) => match (object.len(), object.get("search")) {
                (1, Some(Value::String(text))) => Ok(self.query("search", text)),
                _ => Err(Error::input("filter", "this listing knows only {\"search\": \"a text\"}")),
            },
            _ => Err(Error::input("filter", "the operation takes none and would ignore it without an error")),
        }
    }

    /// Sets the JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.json = serde_json::to_value(body).map(Some).map_err(|error| error.to_string());
        self
    }

    /// Says what repeating the request could do.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.options.effect = Some(effect);
        self
    }

    /// Sets options for this request, on top of those that the client has.
    pub fn options(mut self, options: Options) -> Self {
        self.options = self.options.merged(options);
        self
    }

    /// What repeating it could do: what the caller says, or else the description, or else the method.
    fn known_effect(&self) -> Effect {
        let by_method = || if self.method.is_safe() { Effect::Reads } else { Effect::Acts };
        let described = || self.operation.map_or_else(by_method, |operation| operation.effect);
        self.options.effect.unwrap_or_else(described)
    }

    /// Sends the request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a path without a slash at its start or a body that cannot be written as JSON;
    /// otherwise what the call came to.
    pub async fn send(self) -> Result<Response> {
        let request = self.build()?;
        let transport = self.client.transport();
        let effect = self.known_effect();
        let (result, record) = transport.execute(request, self.operation, effect, &self.options).await;
        let response = result?;
        let whole = grinfi_raw::answer::whole(response).await;
        let (status, headers, body) = whole.map_err(|source| record.describe(Error::from_reqwest(source)))?;
        Ok(Response { status: status.as_u16(), headers, body, record })
    }

    /// The pages of a described listing, row by row as raw JSON; `limit` is the page size.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an operation that is no listing, and for a page size of 0 or more than the listing
    /// takes ([`Paging::max_page_size`](grinfi_raw::operation::Paging::max_page_size)).
    pub fn pages(self, limit: u32, offset: u64, max_items: Option<u64>) -> Result<Pages<Box<RawValue>>> {
        let paging = self.paging()?;
        check_size(paging, limit)?;
        let range = Range::new(paging, limit, offset, max_items);
        Ok(Pages::new(Rows { request: self, at: paging.at }, range))
    }

    /// How the listing pages that this is a request for.
    pub(crate) fn paging(&self) -> Result<Paging> {
        let paging = self.operation.and_then(|operation| operation.paging);
        paging.ok_or_else(|| Error::input("operation", "it is not a described listing"))
    }

    /// The request for one page of a listing.
    pub(crate) fn page(mut self, at: PagingAt, limit: u32, offset: u64) -> Self {
        match at {
            PagingAt::Query => self.query("limit", limit).query("offset", offset),
            PagingAt::Body => {
                let mut body = match self.json {
                    Ok(Some(Value::Object(body))) => body,
                    _ => Map::new(),
                };
                body.insert("limit".to_owned(), limit.into());
                body.insert("offset".to_owned(), offset.into());
                self.json = Ok(Some(Value::Object(body)));
                self
            }
            PagingAt::None if offset == 0 => self,
            // Asked only where the envelope tells of more than it gives; then both are taken after all.
            PagingAt::None => self.query("limit", limit).query("offset", offset),
        }
    }

    fn build(&self) -> Result<reqwest::Request> {
        if !self.path.starts_with('/') {
            return Err(Error::input("path", format!("`{}` does not start with a slash", self.path)));
        }
        let url = format!("{}{}", self.client.base_url(), self.path);
        let mut builder = self.client.transport().http.request(self.method.clone(), url);
        if !self.query.is_empty() {
            builder = builder.query(&self.query);
        }
        match &self.json {
            Ok(Some(body)) => builder = builder.json(body),
            Ok(None) => {}
            Err(why) => return Err(Error::input("body", format!("it cannot be written as JSON: {why}"))),
        }
        builder = builder.header(http::header::ACCEPT, "application/json");
        builder.build().map_err(Error::from_reqwest)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            // Ids in a path stay out of logs.
            .field("path", &path_template::of(&self.method, &self.path))
            .field("effect", &self.known_effect())
            .finish_non_exhaustive()
    }
}

/// An answer as it came, with a status of success.
pub struct Response {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    record: Record,
}

impl Response {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, perhaps empty.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// How many times the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.record.attempts
    }

    /// How long the call waited for the quota and between attempts, in all.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.record.waited
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it is empty or does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        if self.body.is_empty() {
            return Err(self.record.describe(Error::empty()));
        }
        serde_json::from_slice(&self.body)
            .map_err(|source| self.record.describe(Error::decode(self.body.clone(), source)))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may hold people's data.
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The id of a row, flat or wrapped.
fn id_of(row: &str) -> Option<String> {
    let (mut number, mut wrapped) = (None, None);
    for (name, value) in Fields::of(row)? {
        match name {
            "uuid" if value != "null" => return serde_json::from_str(value).ok(),
            "id" => number = serde_json::from_str::<u64>(value).ok(),
            "lead" | "company" => wrapped = Some(value),
            _ => {}
        }
    }
    number.map(|number| number.to_string()).or_else(|| id_of(wrapped?))
}

/// Where the rows of a described listing come from.
pub(crate) struct Rows {
    pub(crate) request: Request,
    pub(crate) at: PagingAt,
}

impl Source for Rows {
    type Item = Box<RawValue>;

    fn fetch(&self, limit: u32, offset: u64) -> BoxFuture<Result<Page<Box<RawValue>>>> {
        let request = self.request.clone().page(self.at, limit, offset);
        Box::pin(async move { request.send().await?.json() })
    }

    fn row_id(row: &Box<RawValue>) -> Option<String> {
        id_of(row.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_row_is_found_where_it_stands() {
        let id = |row: &str| id_of(row);
        assert_eq!(id(r#"{"name": {"uuid": "n"}, "id": 5, "uuid": "u"}"#).as_deref(), Some("u"));
        assert_eq!(id(r#"{"uuid": "\u0075"}"#).as_deref(), Some("u"));
        assert_eq!(id(r#"{"uuid": null, "id": 5}"#).as_deref(), Some("5"));
        assert_eq!(id(r#"{"lead": {"id": 5, "uuid": "l"}, "flows": [{"uuid": "f"}]}"#).as_deref(), Some("l"));
        assert_eq!(id(r#"{"company": {"id": 5}}"#).as_deref(), Some("5"));
        for without in
            ["[]", "{}", r#"{"id": "5"}"#, r#"{"uuid": 5}"#, r#"{"company": "c"}"#, r#"{"lead": [1]}"#]
        {
            assert_eq!(id(without), None, "{without}");
        }
    }
}
