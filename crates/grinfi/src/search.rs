//! The builder that every listing shares.

use std::fmt;

use grinfi_raw::{Operation, operation::Paging};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    filter::{self, Field, Filter, Filterable},
    model::Row,
    page::{BoxFuture, Items, Page, PageSize, Pages, Range, Source, check_size},
};

mod keep;
mod unpaged;

pub use keep::KeepUndecodable;
pub use unpaged::Unpaged;

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
    type Item: Row + DeserializeOwned + Send + 'static;
    /// The `operationId` of the listing.
    const OPERATION: &'static str;
    /// How it pages, by the table of operations; that it is in there is checked when this is compiled.
    #[doc(hidden)]
    const PAGING: Paging = paging(Self::OPERATION);
    /// The page size that is asked for unless told otherwise: as many rows as are safe here.
    const PAGE_SIZE: u32 = Self::PAGING.page_size;
    /// The largest page size that makes sense to ask for.
    const MAX_PAGE_SIZE: u32 = Self::PAGING.max_page_size;
    /// Whether the API takes an order; it would ignore one without an error otherwise.
    const ORDERED: bool = true;

    /// Gets one page.
    #[doc(hidden)]
    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Self::Item>>>;
}

#[allow(clippy::panic, reason = "it is for constants, and stops the build")]
const fn paging(operation: &str) -> Paging {
    match Operation::paging_of(operation) {
        Some(paging) => paging,
        None => panic!("the operation is not described as a listing"),
    }
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
    prefetch: usize,
}

impl<R: Listed> Search<R> {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            filter: Filter::all(),
            order: None,
            limit: R::PAGE_SIZE,
            offset: 0,
            max_items: None,
            prefetch: 0,
        }
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

    /// Sets the page size, not the number of rows in all; see [`max_items`](Self::max_items) for that. Unless told, it is
    /// [`PAGE_SIZE`](Listed::PAGE_SIZE).
    ///
    /// The server may grant fewer, and then fewer are asked for from there on; where it refuses the size as such, the page is
    /// asked for again with a smaller one.
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

    /// Has a stream fetch ahead by at most this many pages while those that have come are worked on; see
    /// [`Pages::prefetch`]. Unless told, none.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// Hands over a row that does not decode, in place of failing the page that it came with: the rows are
    /// `Result<Row, Undecodable>` from here on.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let mut rows = client.contacts().search().keep_undecodable().stream();
    /// while let Some(row) = rows.next().await.transpose()? {
    ///     match row {
    ///         Ok(contact) => println!("{:?}", contact.name),
    ///         Err(row) => eprintln!("{row}, and goes to the log: {}", row.record()),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn keep_undecodable(self) -> KeepUndecodable<R> {
        KeepUndecodable::new(self)
    }

    fn query(&self) -> Result<Query> {
        check_size(R::PAGING, self.limit)?;
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
    pub(crate) fn into_parts(self) -> Result<Parts> {
        let query = self.query()?;
        Ok(Parts { client: self.client, query, max_items: self.max_items, prefetch: self.prefetch })
    }

    /// What the search reads, from where to where.
    fn rows(&self) -> Result<(Rows<R>, Range)> {
        let query = self.query()?;
        let range = Range::new(R::PAGING, self.limit, self.offset, self.max_items);
        Ok((Rows { client: self.client.clone(), query, marker: std::marker::PhantomData }, range))
    }

    /// One page, as it came.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a page size of 0 or more than the API can mean, or for conditions that cannot be
    /// said together; otherwise what the call came to.
    pub async fn page(self) -> Result<Page<R::Item>> {
        let (rows, range) = self.rows()?;
        PageSize::new(range.limit).fetch(u64::MAX, |limit| rows.fetch(limit, range.offset)).await
    }

    /// The pages, one after another.
    pub fn pages(self) -> Pages<R::Item> {
        match self.rows() {
            Ok((rows, range)) => Pages::new(rows, range).prefetch(self.prefetch),
            Err(error) => Pages::failed(error),
        }
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
            .field("prefetch", &self.prefetch)
            .finish()
    }
}

/// What a search was made of.
pub(crate) struct Parts {
    pub(crate) client: Client,
    pub(crate) query: Query,
    pub(crate) max_items: Option<u64>,
    pub(crate) prefetch: usize,
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
