//! Requests to endpoints without a method of their own, options and responses of calls, and interceptors.
//!
//! [`Client::request`] sends to any path, [`Client::operation`] sends a documented operation by its `operationId`. Both go
//! through the same transport as all other calls, with the same key, retries and rate limit.

use std::{fmt, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use grinfi_raw::{
    Operation,
    operation::{Effect, FilterStyle, Paging, PagingAt},
};
use http::{HeaderMap, Method};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};

pub use crate::{
    call::{Call, ResponseInfo},
    interceptor::{Interceptor, Next},
    once::SendLookup,
};
use crate::{
    call_context::CallContext,
    client::Client,
    error::{Error, Result, UnconfirmedRequest},
    options::RequestOptions,
    page::{BoxFuture, Cursor, Page, Pages, Range, Slice, Source, TimeConditions, check_size, row},
    path_template,
    resources::{companies::Companies, contacts::Contacts},
    search::{Listed, Order},
};

impl Client {
    /// Starts a request to any endpoint. `path` starts with a slash.
    ///
    /// Unless the HTTP method is GET or HEAD, it counts as non-idempotent and is not retried once it may have arrived; see
    /// [`effect`](Request::effect).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let response = client.request(http::Method::GET, "/leads/api/lists").query("limit", 5).send().await?;
    /// let lists: serde_json::Value = response.json()?;
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
            filter: None,
            order: None,
            window: None,
            resume: None,
            options: self.options().clone(),
        }
    }

    /// Starts a request of a documented operation, by its `operationId`, with its path parameters by name.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an unknown operation, and for a path parameter that is missing, unknown, empty or not an
    /// id.
    pub fn operation(&self, id: &str, path_parameters: &[(&str, &str)]) -> Result<Request> {
        let operation = Operation::by_id(id)
            .ok_or_else(|| Error::input("operation", format!("`{id}` is not in the API description")))?;
        let mut path = operation.path.to_owned();
        for (name, value) in path_parameters {
            let slot = format!("{{{name}}}");
            if !path.contains(&slot) {
                return Err(Error::input(*name, format!("`{id}` has no such parameter in its path")));
            }
            crate::resources::validate::id(name, value)?;
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

/// The parameters of a query.
type QueryPairs = Vec<(String, String)>;

/// Builder of a request.
#[derive(Clone)]
#[must_use = "nothing is sent until `send`"]
pub struct Request {
    client: Client,
    operation: Option<&'static Operation>,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    // A body that does not serialize is an error when the request is sent.
    json: Result<Option<Value>, String>,
    /// Filter, encoded when the request is sent.
    filter: Option<Map<String, Value>>,
    order: Option<(String, Order)>,
    /// Page to request: where its size and offset are sent, size, offset.
    window: Option<(PagingAt, u32, u64)>,
    resume: Option<Cursor>,
    options: RequestOptions,
}

impl Request {
    /// Adds a parameter to the query.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a filter to the query, in the format `filter[field][op]=value`.
    pub fn brackets(mut self, brackets: &grinfi_raw::Brackets) -> Self {
        self.query.extend_from_slice(brackets.pairs());
        self
    }

    /// Adds a filter, in the JSON format of the API, and sends it where the operation expects it: in the JSON body, in query
    /// parameters with brackets, as one JSON text, or as a plain `search` text given as `{"search": "…"}`. It can be called
    /// before and after [`json`](Self::json), and several times for different fields.
    ///
    /// Field names are not checked; [`Filter::from_json`](crate::filter::Filter::from_json) does that.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an operation without a filter (the API would ignore it silently), for a second condition
    /// on one field, and for a search that is not one text. A body that is not an object or already contains a filter is an
    /// error of [`send`](Self::send) and [`pages`](Self::pages).
    pub fn filter(mut self, object: &Map<String, Value>) -> Result<Self> {
        match self.operation.and_then(|operation| operation.filter) {
            None => {
                let why = "is not supported by this operation, which would ignore it silently";
                return Err(Error::input("filter", why));
            }
            Some(FilterStyle::Search)
                if !matches!((object.len(), object.get("search")), (1, Some(Value::String(_)))) =>
            {
                return Err(Error::input("filter", "must be {\"search\": \"a text\"} for this listing"));
            }
            Some(_) => {}
        }
        let filter = self.filter.get_or_insert_default();
        for (field, test) in object {
            if filter.insert(field.clone(), test.clone()).is_some() {
                return Err(Error::input(field, "has two conditions; use one, or a range"));
            }
        }
        Ok(self)
    }

    /// Sorts a listing by a field. The field is not validated.
    pub fn order_by(mut self, field: impl Into<String>, order: Order) -> Self {
        self.order = Some((field.into(), order));
        self
    }

    /// Sets the JSON body. It must not contain what the request adds, such as a filter or a page.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.json = serde_json::to_value(body).map(Some).map_err(|error| error.to_string());
        self
    }

    /// Resumes a complete listing after the last row that an earlier run returned; see
    /// [`Search::resume`](crate::pagination::Search::resume). Only [`complete`](Self::complete) takes it.
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.resume = Some(cursor.clone());
        self
    }

    /// Sets the effect of repeating the request, which decides what is retried.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.options.effect = Some(effect);
        self
    }

    /// Sets options for this request, on top of those of the client.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = self.options.merged(options);
        self
    }

    /// Returns the effect of repeating the request: as set by the caller, as documented, or by the HTTP method.
    fn known_effect(&self) -> Effect {
        let by_method = || if self.method.is_safe() { Effect::ReadOnly } else { Effect::NonIdempotent };
        let described = || self.operation.map_or_else(by_method, |operation| operation.effect);
        self.options.effect.unwrap_or_else(described)
    }

    /// Sends the request and reads the whole response.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a path that does not start with a slash or a body that does not serialize; any other
    /// error of a call.
    pub async fn send(self) -> Result<Response> {
        let request = self.build()?;
        let transport = self.client.transport();
        let effect = self.known_effect();
        let (result, context) = transport.execute(request, None, self.operation, effect, &self.options).await;
        let response = result?;
        let read = grinfi_raw::response::read(response).await;
        let (status, headers, body) =
            read.map_err(|source| context.describe(Error::from_reqwest(source), effect))?;
        Ok(Response::new(status.as_u16(), headers, body, context, effect))
    }

    /// The pages of a described listing, row by row as raw JSON; `limit` is the page size. The JSON body is kept.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an operation that is no listing, for a page size of 0 or more than the listing takes
    /// ([`Paging::max_page_size`](grinfi_raw::operation::Paging::max_page_size)), and for a body that cannot be serialized,
    /// is no object, or sets what the pages set.
    pub fn pages(mut self, limit: u32, offset: u64, max_items: Option<u64>) -> Result<Pages<Box<RawValue>>> {
        let paging = self.paging()?;
        check_size(paging, limit)?;
        self.clone().page(paging.at, limit, offset).parts()?;
        let mut range = Range::new(paging, limit, offset, max_items);
        let mut time = None;
        if let Some(field) = self.operation.and_then(default_order)
            && let Some(order) = self.direction_by(field)
        {
            let filter = self.take_filter()?;
            let conditions = TimeConditions::take(field, &mut filter.clone())?;
            self.filter = (!filter.is_empty()).then_some(filter);
            (range.by_time, time) = (Some(order), Some((field.to_owned(), conditions)));
        }
        Ok(Pages::new(Rows { request: self, at: paging.at, time }, range))
    }

    /// Checks that pages of a complete listing can be requested.
    pub(crate) fn check_page(&self, at: PagingAt, limit: u32, time: &str) -> Result<()> {
        let bracket = format!("filter[{time}]");
        if self.query.iter().any(|(name, _)| name.starts_with(&bracket)) {
            return Err(Error::input(time, "conditions on it belong into the filter, not into the query"));
        }
        self.clone().page(at, limit, 0).parts().map(drop)
    }

    /// How the listing pages that this is a request for.
    pub(crate) fn paging(&self) -> Result<Paging> {
        let paging = self.operation.and_then(|operation| operation.paging);
        paging.ok_or_else(|| Error::input("operation", "it is not a described listing"))
    }

    /// The request for one page of a listing.
    pub(crate) fn page(mut self, at: PagingAt, limit: u32, offset: u64) -> Self {
        self.window = Some((at, limit, offset));
        self
    }

    /// The `operationId` of the listing and the cursor that it resumes from.
    pub(crate) fn take_resume(&mut self) -> (&'static str, Option<Cursor>) {
        (self.operation.map_or("", |operation| operation.id), self.resume.take())
    }

    /// Whether an order was set, in one way or another.
    pub(crate) fn has_order(&self) -> bool {
        self.order.is_some() || self.set_by_caller("order_field").is_some()
    }

    /// Takes all conditions out of the request: those of [`filter`](Self::filter) and those in the body.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for two conditions on one field, and for a filter in the body that is no object.
    pub(crate) fn take_filter(&mut self) -> Result<Map<String, Value>> {
        let mut filter = self.filter.take().unwrap_or_default();
        let style = self.operation.and_then(|operation| operation.filter);
        if style == Some(FilterStyle::JsonBody)
            && let Ok(Some(Value::Object(body))) = &mut self.json
            && let Some(own) = body.shift_remove("filter")
        {
            let own = match own {
                Value::Object(own) => own,
                Value::Null => Map::new(),
                Value::Array(empty) if empty.is_empty() => Map::new(),
                other => {
                    return Err(Error::input("body", format!("its `filter` must be an object, got {other}")));
                }
            };
            for (field, test) in own {
                if filter.insert(field.clone(), test).is_some() {
                    return Err(Error::input(
                        field,
                        "has conditions in the JSON body and in a filter; give them once",
                    ));
                }
            }
        }
        Ok(filter)
    }

    /// Returns the value that the caller set in the query or in the body.
    fn set_by_caller(&self, name: &str) -> Option<&str> {
        let in_query = self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        in_query.or_else(|| match &self.json {
            Ok(Some(Value::Object(body))) => body.get(name)?.as_str(),
            _ => None,
        })
    }

    /// The direction in which the rows are ordered by this field, if they are; the API orders by the newest first.
    fn direction_by(&self, field: &str) -> Option<Order> {
        match &self.order {
            Some((by, order)) => (by == field).then_some(*order),
            None => match (self.set_by_caller("order_field"), self.set_by_caller("order_type")) {
                (None, None) => Some(Order::Desc),
                (Some(by), Some("asc")) if by == field => Some(Order::Asc),
                (Some(by), Some("desc") | None) if by == field => Some(Order::Desc),
                _ => None,
            },
        }
    }

    /// Returns the query and the body with filter, order and page.
    fn parts(&self) -> Result<(QueryPairs, Option<Value>)> {
        let mut query = Vec::new();
        let mut body = Map::new();
        if let Some(filter) = &self.filter {
            match self.operation.and_then(|operation| operation.filter) {
                Some(FilterStyle::JsonBody) => {
                    body.insert("filter".to_owned(), Value::Object(filter.clone()));
                }
                Some(FilterStyle::JsonString) => {
                    query.push(("filter".to_owned(), Value::Object(filter.clone()).to_string()));
                }
                Some(FilterStyle::Search) => {
                    let text = filter.get("search").and_then(Value::as_str).unwrap_or_default();
                    query.push(("search".to_owned(), text.to_owned()));
                }
                _ => query.extend_from_slice(grinfi_raw::Brackets::new("filter", filter).pairs()),
            }
        }
        let filter_pairs = query.len();
        if let Some((field, order)) = &self.order {
            let pairs = [("order_field", field.clone()), ("order_type", order.raw().to_string())];
            let in_body =
                self.operation.and_then(|operation| operation.paging).is_some_and(|p| p.at == PagingAt::Body);
            for (name, value) in pairs {
                if in_body {
                    body.insert(name.to_owned(), value.into());
                } else {
                    query.push((name.to_owned(), value));
                }
            }
        }
        match self.window {
            Some((PagingAt::Body, limit, offset)) => {
                body.insert("limit".to_owned(), limit.into());
                body.insert("offset".to_owned(), offset.into());
            }
            // A listing without pages is only asked for one where its envelope tells of more than it gives.
            Some((PagingAt::None, _, 0)) | None => {}
            Some((_, limit, offset)) => {
                query.push(("limit".to_owned(), limit.to_string()));
                query.push(("offset".to_owned(), offset.to_string()));
            }
        }
        if let Some((name, _)) = query.iter().find(|(name, _)| self.query.iter().any(|(own, _)| own == name))
        {
            let message = format!("`{name}` is set twice: in the query and by the call; give it once");
            return Err(Error::input(name, message));
        }
        let body = match &self.json {
            Err(why) => return Err(Error::input("body", format!("cannot be serialized as JSON: {why}"))),
            Ok(own) if body.is_empty() => own.clone(),
            Ok(None) => Some(Value::Object(body)),
            Ok(Some(Value::Object(own))) => {
                if let Some(name) = body.keys().find(|name| own.contains_key(*name)) {
                    let message =
                        format!("`{name}` is set twice: in the JSON body and by the call; give it once");
                    return Err(Error::input("body", message));
                }
                Some(Value::Object(own.clone().into_iter().chain(body).collect()))
            }
            Ok(Some(_)) => {
                let names: Vec<String> = body.keys().map(|name| format!("`{name}`")).collect();
                return Err(Error::input(
                    "body",
                    format!("must be a JSON object to hold {}", names.join(" and ")),
                ));
            }
        };
        let rest = query.split_off(filter_pairs);
        Ok((query.into_iter().chain(self.query.iter().cloned()).chain(rest).collect(), body))
    }

    fn build(&self) -> Result<reqwest::Request> {
        if !self.path.starts_with('/') {
            return Err(Error::input("path", format!("`{}` does not start with a slash", self.path)));
        }
        if self.resume.is_some() {
            return Err(Error::input("cursor", "resumes a complete listing only; read it with `complete()`"));
        }
        let (query, body) = self.parts()?;
        let url = format!("{}{}", self.client.base_url(), self.path);
        let mut builder = self.client.transport().http.request(self.method.clone(), url);
        if !query.is_empty() {
            builder = builder.query(&query);
        }
        if let Some(body) = body {
            builder = builder.json(&body);
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

/// Response with a status of success.
pub struct Response {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    context: CallContext,
    effect: Effect,
}

impl Response {
    pub(crate) fn new(
        status: u16,
        headers: HeaderMap,
        body: Bytes,
        context: CallContext,
        effect: Effect,
    ) -> Self {
        Self { status, headers, body, context, effect }
    }

    /// Returns the HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body, which may be empty.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the number of attempts, at least 1.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.context.attempts
    }

    /// Returns the total time spent waiting for the rate limit and between attempts.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.context.waited
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it is empty or does not decode. For a non-idempotent operation this is also an
    /// [unknown outcome](Error::is_unknown_outcome): the API accepted the request, and the response does not show the result.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let decoded = if self.body.is_empty() {
            Err(Error::empty())
        } else {
            serde_json::from_slice(&self.body)
                .map_err(|source| Error::decode(self.body.clone(), source).release_body())
        };
        decoded.map_err(|error| self.context.describe(error, self.effect))
    }

    /// Returns the operation, if the request is for a documented one.
    #[doc(hidden)]
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.context.operation
    }

    /// Returns the request, if the operation is non-idempotent.
    #[doc(hidden)]
    #[must_use]
    pub fn sent(&self) -> Option<&UnconfirmedRequest> {
        self.context.sent.as_ref()
    }

    /// Returns the effect of repeating the request.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may contain personal data.
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The time that a listing is ordered by, newest first, unless another order is asked for, if one search does not reach all
/// of its rows.
fn default_order(operation: &'static Operation) -> Option<&'static str> {
    fn of<R: Listed>() -> (&'static str, Option<&'static str>) {
        (R::OPERATION, R::DEFAULT_ORDER.map(|column| column.name))
    }
    let known = [of::<Contacts>(), of::<Companies>()];
    known.into_iter().find(|(id, _)| *id == operation.id).and_then(|(_, name)| name)
}

/// The rows of a described listing, as raw JSON.
pub(crate) struct Rows {
    pub(crate) request: Request,
    pub(crate) at: PagingAt,
    /// The field with the time that slices are cut by, and the caller's conditions on it.
    pub(crate) time: Option<(String, TimeConditions)>,
}

impl Source for Rows {
    type Item = Box<RawValue>;

    fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Box<RawValue>>>> {
        let mut request = self.request.clone().page(self.at, limit, offset);
        if let (Some(slice), Some((field, conditions))) = (slice, &self.time) {
            let Some(condition) = conditions.select(slice) else {
                return Box::pin(async { Ok(Page::default()) });
            };
            request.filter.get_or_insert_default().insert(field.clone(), condition);
        }
        Box::pin(async move { request.send().await?.json() })
    }

    fn id(&self, row: &Box<RawValue>) -> Option<String> {
        row::id(row.get())
    }

    fn time_field(&self) -> Option<&str> {
        self.time.as_ref().map(|(field, _)| field.as_str())
    }

    fn time(&self, row: &Box<RawValue>) -> Option<DateTime<Utc>> {
        row::time(row.get(), self.time_field()?)
    }
}
