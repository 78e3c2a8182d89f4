//! A search that goes on past rows that do not decode.

use std::fmt;

use super::{Listed, Search};
use crate::{
    complete::Complete,
    error::Result,
    page::{Items, Kept, Page, PageSize, Pages, Source, UndecodableRow},
};

/// A search whose rows come as `Result<Row, UndecodableRow>`, made by [`Search::keep_undecodable`].
///
/// A row that does not decode counts like any other: the offset goes on past it, and where its id can be read, it is not
/// handed out again when it slides onto the next page. Only a page that is no page at all is an error. A page that decodes
/// is decoded once; only one that does not is looked at row by row.
#[must_use = "a search does nothing until it is read"]
pub struct KeepUndecodable<R: Listed> {
    search: Search<R>,
}

impl<R: Listed> KeepUndecodable<R> {
    pub(super) fn new(search: Search<R>) -> Self {
        Self { search }
    }

    /// One page; see [`Search::page`].
    ///
    /// # Errors
    ///
    /// As [`Search::page`], but for rows that do not decode.
    pub async fn page(self) -> Result<Page<Result<R::Item, UndecodableRow>>> {
        let (rows, range) = self.search.rows()?;
        let rows = Kept { source: rows, by_text: false };
        PageSize::new(range.limit).fetch(u64::MAX, |limit| rows.fetch(None, limit, range.offset)).await
    }

    /// The pages, one after another; see [`Search::pages`].
    pub fn pages(self) -> Pages<Result<R::Item, UndecodableRow>> {
        match self.search.rows() {
            Ok((rows, range)) => {
                Pages::new(Kept { source: rows, by_text: false }, range).prefetch(self.search.prefetch)
            }
            Err(error) => Pages::failed(error),
        }
    }

    /// The rows, one after another, over all pages; see [`Search::stream`].
    pub fn stream(self) -> Items<Result<R::Item, UndecodableRow>> {
        self.pages().into()
    }

    /// The rows, each exactly once, while others are added, changed and removed; see [`Search::complete`].
    ///
    /// A row that does not decode takes its place by its time where that can be read, and otherwise by the rows around it.
    pub fn complete(self) -> Items<Result<R::Item, UndecodableRow>>
    where
        R: Complete,
    {
        self.search.complete_keeping()
    }
}

impl<R: Listed> fmt::Debug for KeepUndecodable<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeepUndecodable").field(&self.search).finish()
    }
}
