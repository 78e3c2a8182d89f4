//! Pagination: reads a listing page by page.
//!
//! The offset advances by the number of rows that came, not by the number requested. A short page or a missing `has_more` does
//! not end a listing, and neither does a total that equals the result window of a search: there, reading goes on by a
//! condition on the time that the rows are ordered by. A row that moved to the next page, because others were added before
//! it, is not returned twice; a page that comes again and again is an error; the page size shrinks to what the API grants.
//! Offsets cannot notice rows that moved to the page before, because others were removed;
//! [`complete`](crate::pagination::Search::complete) reads a listing without offsets.
//!
//! A request that fails does not end a stream: the next poll requests the same page again, and no row is lost or repeated.
//! Some errors are final, because requesting again cannot help: [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput),
//! [`ErrorKind::Listing`](crate::ErrorKind::Listing), and a request that the API refuses with a 4xx. After these the stream ends.

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

use chrono::{DateTime, Utc};
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, future, stream};
pub use grinfi_raw::Page;
use grinfi_raw::operation::{Paging, PagingAt};

use self::reader::Reader;
use crate::{
    error::{Error, Result},
    search::Order,
};

mod ahead;
mod beyond;
mod cursor;
pub(crate) mod end;
mod parts;
mod reader;
pub(crate) mod row;
mod size;
mod slice;
mod track;
mod undecodable;

pub use cursor::Cursor;
pub(crate) use cursor::Position;
pub use parts::{Elements, Fields};
pub(crate) use size::PageSize;
pub(crate) use slice::{Slice, TimeConditions};
pub(crate) use track::Tracker;
pub(crate) use undecodable::Kept;
pub use undecodable::UndecodableRow;

/// A boxed future, as sources of pages return it.
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Where pages come from.
pub(crate) trait Source: Send + Sync + 'static {
    type Item: Send + 'static;

    /// Gets one page of the listing, or of a slice of it by the time of its rows.
    fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Self::Item>>>;

    /// What tells a row from another.
    fn id(&self, row: &Self::Item) -> Option<String>;

    /// The field with the time that slices are cut by.
    fn time_field(&self) -> Option<&str> {
        None
    }

    /// That time of a row.
    fn time(&self, _row: &Self::Item) -> Option<DateTime<Utc>> {
        None
    }

    /// Whether a row without a time may have one that cannot be decoded.
    fn is_unreadable(&self, _row: &Self::Item) -> bool {
        false
    }
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
    /// The direction of the order, if the rows are ordered by the time that the source slices by.
    pub(crate) by_time: Option<Order>,
}

impl Range {
    /// The range of a listing that pages like this.
    pub(crate) fn new(paging: Paging, limit: u32, offset: u64, max_items: Option<u64>) -> Self {
        Self {
            limit,
            offset,
            max_items,
            window: paging.window,
            paged: paging.at != PagingAt::None,
            by_time: None,
        }
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
///
/// A request that fails does not end the stream: the next poll requests the same page again. After
/// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), [`ErrorKind::Listing`](crate::ErrorKind::Listing) and a refusal by the API (4xx) it
/// ends.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    inner: Pin<Box<dyn Stream<Item = Result<Page<T>>> + Send>>,
    total: Arc<AtomicU64>,
    tracker: Option<Tracker<T>>,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new<S: Source<Item = T>>(source: S, range: Range) -> Self {
        let total = Arc::new(AtomicU64::new(UNKNOWN));
        let reader = Reader::new(Arc::new(source), range, total.clone());
        let pages = stream::unfold(reader, |mut reader| async move {
            let page = reader.next().await.transpose()?;
            Some((page, reader))
        });
        Self { inner: Box::pin(until_final(pages)), total, tracker: None }
    }

    /// Pages that are made elsewhere, uncounted. The stream has to go on after errors and after its end.
    pub(crate) fn from_stream(pages: impl Stream<Item = Result<Page<T>>> + Send + 'static) -> Self {
        Self { inner: Box::pin(until_final(pages)), total: Arc::new(AtomicU64::new(UNKNOWN)), tracker: None }
    }

    /// Has the position after the rows that are handed out tracked.
    pub(crate) fn tracked(self, tracker: Tracker<T>) -> Self {
        Self { tracker: Some(tracker), ..self }
    }

    /// A stream with nothing but an error.
    pub(crate) fn failed(error: Error) -> Self {
        Self::from_stream(stream::once(async { Err(error) }).fuse())
    }

    /// Fetches ahead by at most this many pages, while those that have come are worked on. With 0, the default, a page is
    /// fetched when it is asked for.
    ///
    /// The pages are fetched one after another, by a task of the Tokio runtime that the stream is polled in: where a page
    /// begins is only known when the one before has come. So this hides the time that fetching takes behind the time that
    /// the rows take, and no more than that. Never are more than `count` pages under way and waiting, and never one past
    /// the end or past `max_items`. An error comes in its order, after the rows before it, and fetching goes on with the
    /// next poll. Dropping the stream ends the task, and with it the request under way.
    ///
    /// What is read ahead is older by the time that it waits.
    pub fn prefetch(self, count: usize) -> Self {
        if count == 0 {
            return self;
        }
        Self { inner: Box::pin(ahead::read(self.inner, count)), ..self }
    }

    /// How many rows the API counted, once a page has come and if it counts. A search counts no further than its result
    /// window of 10,000 rows.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        read(&self.total)
    }

    /// The position after the last page that was handed out, to [`resume`](crate::pagination::Search::resume) from; `None` for pages of
    /// anything but a complete listing.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.tracker.as_ref().map(Tracker::cursor)
    }

    /// The same after the first `rows` rows of the last page that was handed out.
    #[must_use]
    pub fn cursor_after(&self, rows: usize) -> Option<Cursor> {
        self.tracker.as_ref().map(|tracker| tracker.cursor_after(rows))
    }
}

/// The same stream, which ends after an error that requesting again cannot help.
fn until_final<T>(pages: impl Stream<Item = Result<T>>) -> impl Stream<Item = Result<T>> {
    let pages = pages.scan(false, |has_ended, page| {
        let page = (!*has_ended).then_some(page);
        *has_ended = matches!(&page, Some(Err(error)) if error.is_final());
        future::ready(page)
    });
    pages.fuse()
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = self.inner.as_mut().poll_next(cx);
        if let (Poll::Ready(Some(Ok(page))), Some(tracker)) = (&page, &mut self.tracker) {
            tracker.start_page(&page.data);
        }
        page
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
/// search says [`prefetch`](crate::pagination::Search::prefetch).
///
/// A request that fails does not end the stream: the next poll requests the same page again, and no row is lost or repeated.
/// After [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), [`ErrorKind::Listing`](crate::ErrorKind::Listing) and a refusal by the API
/// (4xx) it ends.
#[must_use = "streams do nothing unless polled"]
pub struct Items<T> {
    inner: Pin<Box<dyn Stream<Item = Result<T>> + Send>>,
    total: Arc<AtomicU64>,
    tracker: Option<Tracker<T>>,
}

impl<T: Send + 'static> From<Pages<T>> for Items<T> {
    fn from(pages: Pages<T>) -> Self {
        let Pages { inner, total, mut tracker } = pages;
        if let Some(tracker) = &mut tracker {
            tracker.finish_page();
        }
        let rows = inner.map_ok(|page| stream::iter(page.data).map(Ok)).try_flatten();
        Self { inner: Box::pin(rows), total, tracker }
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
    /// What the call for a page came to. The next call requests that page again, unless the error is final:
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), [`ErrorKind::Listing`](crate::ErrorKind::Listing) or a refusal by the API (4xx).
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(self).await
    }

    /// The position after the last row that was handed out, to [`resume`](crate::pagination::Search::resume) from in a later run; `None`
    /// for rows of anything but a [complete](crate::pagination::Search::complete) listing.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.tracker.as_ref().map(Tracker::cursor)
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
        let row = self.inner.as_mut().poll_next(cx);
        if let (Poll::Ready(Some(Ok(row))), Some(tracker)) = (&row, &mut self.tracker) {
            tracker.advance(row);
        }
        row
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
