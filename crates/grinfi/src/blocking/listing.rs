//! Listings and their rows.

use std::fmt;

use super::Client;
use crate::{
    complete::Complete,
    error::Result,
    filter::{self, Field, Filter},
    page::{Cursor, Items, Page, UndecodableRow},
    search::{Listed, Order, Search},
};

/// Builder for a listing: filter, order, page size. Iterating over it returns the rows of all pages.
#[must_use = "a listing does nothing until it is read"]
pub struct Listing<R: Listed> {
    client: Client,
    search: Search<R>,
}

impl<R: Listed> Listing<R> {
    pub(super) fn new(client: &Client, search: Search<R>) -> Self {
        Self { client: client.clone(), search }
    }

    /// Adds conditions; see [`Search::filter`].
    pub fn filter(self, filter: Filter<R>) -> Self {
        Self { search: self.search.filter(filter), ..self }
    }

    /// Sets the order; see [`Search::order_by`].
    pub fn order_by<K: filter::Kind>(self, field: Field<R, K>, order: Order) -> Self {
        Self { search: self.search.order_by(field, order), ..self }
    }

    /// Sets the page size; see [`Search::limit`].
    pub fn limit(self, limit: u32) -> Self {
        Self { search: self.search.limit(limit), ..self }
    }

    /// Skips this many rows at the start; see [`Search::offset`].
    pub fn offset(self, offset: u64) -> Self {
        Self { search: self.search.offset(offset), ..self }
    }

    /// Ends after this many rows; see [`Search::max_items`].
    pub fn max_items(self, max_items: u64) -> Self {
        Self { search: self.search.max_items(max_items), ..self }
    }

    /// Requests up to this many pages ahead, on the thread of the connections; see [`Search::prefetch`].
    pub fn prefetch(self, pages: usize) -> Self {
        Self { search: self.search.prefetch(pages), ..self }
    }

    /// Resumes a complete listing; see [`Search::resume`].
    pub fn resume(self, cursor: &Cursor) -> Self {
        Self { search: self.search.resume(cursor), ..self }
    }

    /// Iterates over the rows, including those that do not decode; see [`Search::keep_undecodable`].
    pub fn keep_undecodable(self) -> Iter<Result<R::Item, UndecodableRow>> {
        Iter::new(self.client, self.search.keep_undecodable().stream())
    }

    /// Iterates over the rows, each exactly once, while others are added, changed and removed; see [`Search::complete`].
    pub fn complete(self) -> Iter<R::Item>
    where
        R: Complete,
    {
        Iter::new(self.client, self.search.complete())
    }

    /// Returns one page.
    ///
    /// # Errors
    ///
    /// As [`Search::page`].
    pub fn page(self) -> Result<Page<R::Item>> {
        self.client.block_on(self.search.page())
    }

    /// Counts the rows that match.
    ///
    /// # Errors
    ///
    /// As [`Search::count`].
    pub fn count(self) -> Result<u64> {
        self.client.block_on(self.search.count())
    }
}

impl<R: Listed> IntoIterator for Listing<R> {
    type Item = Result<R::Item>;
    type IntoIter = Iter<R::Item>;

    fn into_iter(self) -> Iter<R::Item> {
        Iter::new(self.client, self.search.stream())
    }
}

impl<R: Listed> fmt::Debug for Listing<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.search.fmt(f)
    }
}

/// Iterator over the rows of a listing.
///
/// A failed request does not end it: the next call requests the same page again. It ends after
/// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), [`ErrorKind::Listing`](crate::ErrorKind::Listing), a
/// rejection by the API (4xx), and a call inside an async runtime.
#[derive(Debug)]
pub struct Iter<T> {
    client: Client,
    rows: Items<T>,
    has_ended: bool,
}

impl<T> Iter<T> {
    pub(super) fn new(client: Client, rows: Items<T>) -> Self {
        Self { client, rows, has_ended: false }
    }

    /// Returns the position after the last returned row; see [`Items::cursor`].
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.rows.cursor()
    }
}

impl<T> Iterator for Iter<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        if self.has_ended {
            return None;
        }
        let row = self.client.block_on(async { self.rows.next().await.transpose() }).transpose();
        self.has_ended = matches!(&row, Some(Err(error)) if error.is_final());
        row
    }
}
