//! The one way through a listing.
//!
//! By hand this goes wrong in four ways, and each is taken over here: the offset advances by what came and not by what was
//! asked; a short page does not end a listing; a missing `has_more` does not either; and a row that slid onto the next page,
//! because others were added above it, is not handed out twice. What offsets cannot do is to notice rows that slid to the
//! page before, because others were removed; [`complete`](crate::Search::complete) reads a listing without them.

use std::{
    collections::HashSet,
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

use crate::error::{Error, Kind, Result};

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
    /// Whether there is more than one page at all.
    pub(crate) paged: bool,
}

impl Range {
    /// The range of a listing that pages like this.
    pub(crate) fn new(paging: Option<Paging>, limit: u32, offset: u64, max_items: Option<u64>) -> Self {
        Self {
            limit,
            offset,
            max_items,
            window: paging.and_then(|paging| paging.window),
            paged: paging.is_none_or(|paging| paging.at != PagingAt::None),
        }
    }
}

/// No total is known yet.
const UNKNOWN: u64 = u64::MAX;

/// The pages of a listing, as a stream.
///
/// Nothing is sent before the first poll, and no page before it is asked for. After an error the stream ends.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    inner: Pin<Box<dyn Stream<Item = Result<Page<T>>> + Send>>,
    total: Arc<AtomicU64>,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new<S: Source<Item = T>>(source: S, range: Range) -> Self {
        let total = Arc::new(AtomicU64::new(UNKNOWN));
        let reader = Reader {
            source,
            offset: range.offset,
            left: range.max_items,
            range,
            previous: HashSet::new(),
            repeats: 0,
            done: range.max_items == Some(0),
            total: total.clone(),
        };
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
/// Nothing is sent before the first poll, and a page is asked for when the rows of the one before are used up. After an
/// error the stream ends.
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

/// How often the same page may come again before it is taken for a server that does not page.
const REPEATS: u32 = 3;

struct Reader<S: Source> {
    source: S,
    range: Range,
    offset: u64,
    left: Option<u64>,
    /// The ids of the page before.
    previous: HashSet<String>,
    repeats: u32,
    done: bool,
    total: Arc<AtomicU64>,
}

impl<S: Source> Reader<S> {
    /// The next page that holds anything new.
    async fn next(&mut self) -> Result<Option<Page<S::Item>>> {
        while !self.done {
            let limit = self.limit()?;
            let mut page = self.source.fetch(limit, self.offset).await?;
            let received = page.data.len() as u64;
            self.offset += received;
            if let Some(total) = page.total {
                self.total.store(total, Ordering::Relaxed);
            }
            self.done = !self.range.paged
                || received == 0
                || page.has_more == Some(false)
                || (page.has_more.is_none() && page.total.is_some_and(|total| self.offset >= total));

            let ids: Vec<Option<String>> = page.data.iter().map(S::row_id).collect();
            let mut known = ids.iter().map(|id| id.as_ref().is_some_and(|id| self.previous.contains(id)));
            page.data.retain(|_| !known.next().unwrap_or(false));
            self.previous = ids.into_iter().flatten().collect();

            if received > 0 && page.data.is_empty() {
                self.repeats += 1;
                if received < u64::from(limit) {
                    // Fewer than asked for, and the same again: everything comes at once here, whatever the offset.
                    self.done = true;
                } else if self.repeats == REPEATS {
                    self.done = true;
                    return Err(Error::new(Kind::Listing, "the API answers every offset with the same page"));
                }
                continue;
            }
            self.repeats = 0;
            if let Some(left) = &mut self.left {
                page.data.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= page.data.len() as u64;
                self.done |= *left == 0;
            }
            if !page.data.is_empty() || received == 0 && self.offset == self.range.offset {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    fn limit(&mut self) -> Result<u32> {
        let mut limit = u64::from(self.range.limit);
        if let Some(left) = self.left {
            limit = limit.min(left);
        }
        if let Some(window) = self.range.window {
            if self.offset >= window {
                self.done = true;
                let message = format!(
                    "there is more, but the API reaches no further than {window} rows in one search; cut it into windows, \
                     for instance by created_at"
                );
                return Err(Error::new(Kind::Listing, message));
            }
            limit = limit.min(window - self.offset);
        }
        Ok(u32::try_from(limit).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests;
