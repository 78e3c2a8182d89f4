//! The builder that every listing shares.

use std::fmt;

use grinfi_raw::Operation;
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    filter::{self, Field, Filter, Filterable},
    model::Row,
    page::{BoxFuture, Items, Page, Pages, Range, Source},
};

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Smallest, or oldest, first.
    Asc,
    /// Largest, or newest, first.
    Desc,
}

impl Order {
    pub(crate) fn raw(self) -> grinfi_raw::enums::OrderType {
        match self {
            Self::Asc => grinfi_raw::enums::OrderType::Asc,
            Self::Desc => grinfi_raw::enums::OrderType::Desc,
        }
    }
}

/// A resource that can be listed.
pub trait Listed: Filterable {
    /// A row of the listing.
    type Item: Row + Send + 'static;
    /// The `operationId` of the listing.
    const OPERATION: &'static str;
    /// The page size that is asked for unless told otherwise.
    const PAGE_SIZE: u32 = 100;
    /// The largest page size that makes sense to ask for.
    const MAX_PAGE_SIZE: u32 = 1000;
    /// Whether the API takes an order; it would ignore one without an error otherwise.
    const ORDERED: bool = true;

    /// Gets one page.
    #[doc(hidden)]
    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Self::Item>>>;
}

/// What one page is asked by.
#[derive(Debug, Clone)]
#[doc(hidden)]
pub struct Query {
    pub(crate) filter: Map<String, Value>,
    pub(crate) order: Option<(String, Order)>,
    pub(crate) limit: u32,
    pub(crate) offset: u64,
}

impl Query {
    /// The order, as the query parameters of a GET take it.
    pub(crate) fn order(&self) -> (Option<&str>, Option<grinfi_raw::enums::OrderType>) {
        match &self.order {
            Some((field, order)) => (Some(field), Some(order.raw())),
            None => (None, None),
        }
    }

    /// `limit` and `offset`, as the query parameters of a GET take them.
    pub(crate) fn window(&self) -> (Option<i32>, Option<i32>) {
        (i32::try_from(self.limit).ok(), i32::try_from(self.offset).ok())
    }

    /// The filter, as the query parameters of a GET take it.
    pub(crate) fn brackets(&self) -> Option<grinfi_raw::Brackets> {
        (!self.filter.is_empty()).then(|| grinfi_raw::Brackets::new("filter", &self.filter))
    }

    /// The free-text search of listings that know nothing else.
    pub(crate) fn search(&self) -> Result<Option<String>> {
        match (self.filter.len(), self.filter.get("search")) {
            (0, _) => Ok(None),
            (1, Some(Value::String(text))) if !text.trim().is_empty() => Ok(Some(text.clone())),
            _ => Err(Error::input("search", "this listing is searched by one text, with `eq`")),
        }
    }
}

/// A listing in the making: filter, order, page size.
#[must_use = "a search does nothing until it is read"]
pub struct Search<R: Listed> {
    client: Client,
    filter: Filter<R>,
    order: Option<(String, Order)>,
    limit: u32,
    offset: u64,
    max_items: Option<u64>,
}

impl<R: Listed> Search<R> {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, filter: Filter::all(), order: None, limit: R::PAGE_SIZE, offset: 0, max_items: None }
    }

    /// Adds conditions; all conditions of all calls must hold.
    pub fn filter(mut self, filter: Filter<R>) -> Self {
        self.filter = self.filter & filter;
        self
    }

    /// Sets the order. Without it the API sorts by `created_at`, newest first. Few listings take none; they refuse it.
    pub fn order_by<K: filter::Kind>(mut self, field: Field<R, K>, order: Order) -> Self {
        self.order = Some((field.name().to_owned(), order));
        self
    }

    /// The same for a column given by its name, which the API checks.
    pub fn order_by_name(mut self, column: impl Into<String>, order: Order) -> Self {
        self.order = Some((column.into(), order));
        self
    }

    /// Sets the page size, not the number of rows in all; see [`max_items`](Self::max_items) for that. The server may
    /// grant fewer.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Leaves out this many rows at the start.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Ends a stream after this many rows.
    pub fn max_items(mut self, max_items: u64) -> Self {
        self.max_items = Some(max_items);
        self
    }

    fn query(&self) -> Result<Query> {
        if self.limit == 0 || self.limit > R::MAX_PAGE_SIZE {
            return Err(Error::input(
                "limit",
                format!("a page holds 1 to {} rows, not {}", R::MAX_PAGE_SIZE, self.limit),
            ));
        }
        if i32::try_from(self.offset).is_err() {
            return Err(Error::input("offset", format!("{} is past what the API can count", self.offset)));
        }
        if self.order.is_some() && !R::ORDERED {
            return Err(Error::input(
                "order_by",
                format!("`{}` takes no order and would ignore it without an error", R::OPERATION),
            ));
        }
        if let Some((column, _)) = &self.order
            && (column.is_empty() || !column.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
        {
            return Err(Error::input("order_by", format!("`{column}` is no column")));
        }
        Ok(Query {
            filter: self.filter.to_json()?,
            order: self.order.clone(),
            limit: self.limit,
            offset: self.offset,
        })
    }

    /// What the search was made of, checked.
    pub(crate) fn into_parts(self) -> Result<(Client, Query, Option<u64>)> {
        let query = self.query()?;
        Ok((self.client, query, self.max_items))
    }

    /// One page, as it came.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a page size of 0 or more than the API can mean, or for conditions that cannot be
    /// said together; otherwise what the call came to.
    pub async fn page(self) -> Result<Page<R::Item>> {
        R::fetch(self.client.clone(), self.query()?).await
    }

    /// The pages, one after another.
    pub fn pages(self) -> Pages<R::Item> {
        let query = match self.query() {
            Ok(query) => query,
            Err(error) => return Pages::failed(error),
        };
        let paging = Operation::by_id(R::OPERATION).and_then(|operation| operation.paging);
        let range = Range::new(paging, self.limit, self.offset, self.max_items);
        Pages::new(Rows::<R> { client: self.client, query, marker: std::marker::PhantomData }, range)
    }

    /// The rows, one after another, over all pages.
    ///
    /// Its errors are those of [`page`](Self::page), and [`Kind::Listing`](crate::Kind::Listing) where the API does not
    /// reach all rows.
    pub fn stream(self) -> Items<R::Item> {
        self.pages().into()
    }

    /// How many rows match, by asking for one and reading the total.
    ///
    /// # Errors
    ///
    /// As [`page`](Self::page), and [`Error::is_decode`] where the API does not count.
    pub async fn count(self) -> Result<u64> {
        let page = self.limit(1).offset(0).page().await?;
        page.total.ok_or_else(|| Error::new(crate::Kind::Decode, "the answer carries no total"))
    }
}

impl<R: Listed> fmt::Debug for Search<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("of", &R::NAME)
            .field("filter", &self.filter)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .field("max_items", &self.max_items)
            .finish()
    }
}

struct Rows<R> {
    client: Client,
    query: Query,
    marker: std::marker::PhantomData<fn() -> R>,
}

impl<R: Listed> Source for Rows<R> {
    type Item = R::Item;

    fn fetch(&self, limit: u32, offset: u64) -> BoxFuture<Result<Page<R::Item>>> {
        R::fetch(self.client.clone(), Query { limit, offset, ..self.query.clone() })
    }

    fn row_id(row: &R::Item) -> Option<String> {
        row.row_id()
    }
}
