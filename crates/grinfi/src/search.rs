//! The builder that every listing shares.

use std::fmt;

use chrono::{DateTime, Utc};
use grinfi_raw::{Operation, operation::Paging};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    client::Client,
    complete::Start,
    error::{Error, Result},
    filter::{self, Field, Filter, Filterable},
    models::Row,
    page::{
        BoxFuture, Cursor, Items, Page, PageSize, Pages, Position, Range, Slice, Source, TimeConditions,
        check_size,
    },
};

pub(crate) mod columns;
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

/// A time that a listing is filtered and ordered by.
#[doc(hidden)]
#[derive(Debug)]
pub struct TimeColumn<T> {
    pub(crate) name: &'static str,
    pub(crate) read: fn(&T) -> Option<DateTime<Utc>>,
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
    /// The time that rows are ordered by, newest first, unless another order is asked for. Where one search does not reach
    /// all rows, a condition on it continues the listing.
    #[doc(hidden)]
    const DEFAULT_ORDER: Option<TimeColumn<Self::Item>> = None;

    /// The fields that rows can be ordered by; empty where they are not known.
    #[doc(hidden)]
    fn columns() -> Vec<&'static str> {
        columns::of::<Self>(columns::fields_of::<Self::Item>())
    }

    /// Checks that rows can be ordered by a field.
    #[doc(hidden)]
    fn check_order(field: &str) -> Result<()>
    where
        Self: Sized,
    {
        columns::check::<Self>(field)
    }

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
    resume: Option<Cursor>,
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
            resume: None,
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

    /// The same for a field given by its name. One that the records do not have is refused before anything is sent.
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

    /// Resumes a [complete](Self::complete) listing after the last row that an earlier run handed out, with the same filter.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let mut contacts = client.contacts().search().complete();
    /// while let Some(contact) = contacts.next().await.transpose()? {
    ///     println!("{:?}", contact.name);
    /// }
    /// let stored = contacts.cursor().map(|cursor| cursor.to_string());
    ///
    /// // In a later run: only what is new.
    /// let cursor: grinfi::pagination::Cursor = stored.unwrap_or_default().parse()?;
    /// let new = client.contacts().search().resume(&cursor).complete().collect().await?;
    /// assert_eq!(new.len(), 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// See [`Cursor`] for what reading on from one misses. A cursor of another listing or filter is refused, and so is reading
    /// in any other way than by [`complete`](Self::complete).
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.resume = Some(cursor.clone());
        self
    }

    /// Has a stream fetch ahead by at most this many pages while those that have come are worked on; see
    /// [`Pages::prefetch`]. Unless told, none.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// Hands over a row that does not decode, in place of failing the page that it came with: the rows are
    /// `Result<Row, UndecodableRow>` from here on.
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
        if let Some((column, _)) = &self.order {
            columns::check::<R>(column)?;
        }
        Ok(Query {
            filter: self.filter.to_json()?,
            order: self.order.clone(),
            limit: self.limit,
            offset: self.offset,
        })
    }

    /// What the search reads, from where to where.
    fn rows(&self) -> Result<(Rows<R>, Range)> {
        if self.resume.is_some() {
            return Err(Error::input("cursor", "resumes a complete listing only; read it with `complete()`"));
        }
        let query = self.query()?;
        let mut range = Range::new(R::PAGING, self.limit, self.offset, self.max_items);
        let Some(column) = R::DEFAULT_ORDER else {
            return Ok((Rows::plain(self.client.clone(), query), range));
        };
        range.by_time = match &query.order {
            None => Some(Order::Desc),
            Some((name, order)) => (name == column.name).then_some(*order),
        };
        Ok((Rows::by_time(self.client.clone(), query, column)?, range))
    }

    /// What a complete listing reads, and where it starts.
    pub(crate) fn rows_by_time(self, column: TimeColumn<R::Item>) -> Result<(Rows<R>, Start)> {
        let mut query = self.query()?;
        let refused = if query.order.is_some() {
            Some(("order_by", "a complete listing has an order of its own"))
        } else if query.offset > 0 {
            Some(("offset", "a complete listing begins at the beginning"))
        } else {
            None
        };
        if let Some((field, why)) = refused {
            return Err(Error::input(field, why));
        }
        let start = Start {
            limit: query.limit,
            window: R::PAGING.window,
            max_items: self.max_items,
            prefetch: self.prefetch,
            listing: R::OPERATION.to_owned(),
            filter: query.filter.clone(),
            position: match &self.resume {
                Some(cursor) => cursor.position_in(R::OPERATION, &query.filter)?,
                None => Position::default(),
            },
        };
        query.order = Some((column.name.to_owned(), Order::Asc));
        Ok((Rows::by_time(self.client, query, column)?, start))
    }

    /// One page, as it came.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a page size of 0 or more than the API can mean, or for conditions that cannot be
    /// said together; otherwise what the call came to.
    pub async fn page(self) -> Result<Page<R::Item>> {
        let (rows, range) = self.rows()?;
        PageSize::new(range.limit).fetch(u64::MAX, |limit| rows.fetch(None, limit, range.offset)).await
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
    /// Its errors are those of [`page`](Self::page), and [`ErrorKind::Listing`](crate::ErrorKind::Listing) where the API does not
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
        page.total.ok_or_else(|| Error::new(crate::ErrorKind::Decode, "the answer carries no total"))
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

/// The rows that a search reads.
pub(crate) struct Rows<R: Listed> {
    client: Client,
    query: Query,
    /// The time that slices are cut by, and the caller's conditions on it.
    time: Option<(TimeColumn<R::Item>, TimeConditions)>,
}

impl<R: Listed> Rows<R> {
    fn plain(client: Client, query: Query) -> Self {
        Self { client, query, time: None }
    }

    fn by_time(client: Client, query: Query, column: TimeColumn<R::Item>) -> Result<Self> {
        let conditions = TimeConditions::take(column.name, &mut query.filter.clone())?;
        Ok(Self { client, query, time: Some((column, conditions)) })
    }
}

impl<R: Listed> Source for Rows<R> {
    type Item = R::Item;

    fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<R::Item>>> {
        let mut query = Query { limit, offset, ..self.query.clone() };
        if let (Some(slice), Some((column, conditions))) = (slice, &self.time) {
            let Some(condition) = conditions.select(slice) else {
                return Box::pin(async { Ok(Page::default()) });
            };
            query.filter.insert(column.name.to_owned(), condition);
        }
        R::fetch(self.client.clone(), query)
    }

    fn id(&self, row: &R::Item) -> Option<String> {
        row.row_id()
    }

    fn time_field(&self) -> Option<&str> {
        self.time.as_ref().map(|(column, _)| column.name)
    }

    fn time(&self, row: &R::Item) -> Option<DateTime<Utc>> {
        self.time.as_ref().and_then(|(column, _)| (column.read)(row))
    }
}
