//! The one way through a listing.
//!
//! By hand this goes wrong in several ways, and each is taken over here: the offset advances by what came and not by what was
//! asked; a short page does not end a listing; a missing `has_more` does not either; a row that slid onto the next page,
//! because others were added above it, is not handed out twice; a page that comes again and again is an error and no endless
//! loop; the page size gives way to what the API grants; and one row that does not decode takes no others with it, if so
//! asked. What offsets cannot do is to notice rows that slid to the page before, because others were removed;
//! [`complete`](crate::Search::complete) reads a listing without them.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
pub use grinfi_raw::Page;
use grinfi_raw::operation::{Paging, PagingAt};

use self::reader::Reader;
use crate::error::{Error, Result};

mod ahead;
mod parts;
mod reader;
mod size;
mod undecodable;

pub use parts::{Elements, Fields};
pub(crate) use size::PageSize;
pub use undecodable::Undecodable;
pub(crate) use undecodable::{Kept, keep};

/// A boxed future, as sources of pages return it.
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Where pages come from.
pub(crate) trait Source: Send + Sync + 'static {
    type Item: Send + 'static;

    /// Gets one page.
    fn fetch(&self, limit: u32, offset: u64) -> BoxFuture<Result<Page<Self::Item>>>;

    /// What tells a row from another.
    fn row_id(row: &Self::Item) -> Option<String>;
}

/// Where to start and where to end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    /// The page size to ask for.
    pub(crate) limit: u32,
    /// How many rows to leave out at the start.
    pub(crate) offset: u64,
    /// How many rows to hand out at the most.
    pub(crate) max_items: Option<u64>,
    /// How far the API lets `offset + limit` go.
    pub(crate) window: Option<u64>,
    /// Whether the description says that there are pages. If not, only an envelope that tells of more is gone on from.
    pub(crate) paged: bool,
}

impl Range {
    /// The range of a listing that pages like this.
    pub(crate) fn new(paging: Paging, limit: u32, offset: u64, max_items: Option<u64>) -> Self {
        Self { limit, offset, max_items, window: paging.window, paged: paging.at != PagingAt::None }
    }
}

/// Refuses a page size that the listing does not take.
pub(crate) fn check_size(paging: Paging, limit: u32) -> Result<()> {
    let largest = paging.max_page_size;
    if (1..=largest).contains(&limit) {
        return Ok(());
    }
    Err(Error::input("limit", format!("a page holds 1 to {largest} rows, not {limit}")))
}

/// No total is known yet.
const UNKNOWN: u64 = u64::MAX;

/// The pages of a listing, as a stream.
///
/// Nothing is sent before the first poll, and no page before it is asked for, unless [`prefetch`](Self::prefetch) says so.
/// After an error the stream ends.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    inner: Pin<Box<dyn Stream<Item = Result<Page<T>>> + Send>>,
    total: Arc<AtomicU64>,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new<S: Source<Item = T>>(source: S, range: Range) -> Self {
        let total = Arc::new(AtomicU64::new(UNKNOWN));
        let reader = Reader::new(source, range, total.clone());
        let pages = stream::try_unfold(reader, |mut reader| async move {
            Ok(reader.next().await?.map(|page| (page, reader)))
        });
        Self { inner: Box::pin(pages), total }
    }

    /// Pages that are made elsewhere, uncounted.
    pub(crate) fn from_stream(pages: impl Stream<Item = Result<Page<T>>> + Send + 'static) -> Self {
        Self { inner: Box::pin(pages), total: Arc::new(AtomicU64::new(UNKNOWN)) }
    }

    /// A stream that only tells of a mistake in its making.
    pub(crate) fn failed(error: Error) -> Self {
        Self { inner: Box::pin(stream::once(async { Err(error) })), total: Arc::new(AtomicU64::new(UNKNOWN)) }
    }

    /// Fetches ahead by at most this many pages, while those that have come are worked on. With 0, the default, a page is
    /// fetched when it is asked for.
    ///
    /// The pages are fetched one after another, by a task of the Tokio runtime that the stream is polled in: where a page
    /// begins is only known when the one before has come. So this hides the time that fetching takes behind the time that
    /// the rows take, and no more than that. Never are more than `count` pages under way and waiting, and never one past
    /// the end or past `max_items`. An error comes in its order, after the rows before it. Dropping the stream ends the
    /// task, and with it the request under way.
    ///
    /// What is read ahead is older by the time that it waits.
    pub fn prefetch(self, count: usize) -> Self {
        if count == 0 {
            return self;
        }
        Self { inner: Box::pin(ahead::read(self.inner, count)), total: self.total }
    }

    /// How many rows the API counted, once a page has come and if it counts.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        read(&self.total)
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(cx)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("total", &read(&self.total)).finish_non_exhaustive()
    }
}

/// The rows of a listing, as a stream.
///
/// Nothing is sent before the first poll, and a page is asked for when the rows of the one before are used up, unless the
/// search says [`prefetch`](crate::Search::prefetch). After an error the stream ends.
#[must_use = "streams do nothing unless polled"]
pub struct Items<T> {
    inner: Pin<Box<dyn Stream<Item = Result<T>> + Send>>,
    total: Arc<AtomicU64>,
}

impl<T: Send + 'static> From<Pages<T>> for Items<T> {
    fn from(pages: Pages<T>) -> Self {
        let total = pages.total.clone();
        let rows = pages.map_ok(|page| stream::iter(page.data).map(Ok)).try_flatten();
        Self { inner: Box::pin(rows), total }
    }
}

impl<T> Items<T> {
    /// How many rows the API counted, once a page has come and if it counts.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        read(&self.total)
    }

    /// The next row, for a loop without an import: `while let Some(contact) = items.next().await.transpose()? { … }`.
    ///
    /// Cancel-safe: a dropped future loses no row.
    ///
    /// # Errors
    ///
    /// What the call for a page came to. The stream ends after it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(&mut self.inner).await
    }

    /// All rows in a list. Mind the memory.
    ///
    /// # Errors
    ///
    /// What the call for a page came to; the rows before it are lost, unlike with [`next`](Self::next).
    pub async fn collect(self) -> Result<Vec<T>> {
        self.inner.try_collect().await
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(cx)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("total", &read(&self.total)).finish_non_exhaustive()
    }
}

fn read(total: &AtomicU64) -> Option<u64> {
    Some(total.load(Ordering::Relaxed)).filter(|total| *total != UNKNOWN)
}

#[cfg(test)]
mod tests;
