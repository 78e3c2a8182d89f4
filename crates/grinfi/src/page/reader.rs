//! What goes from page to page.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Page, PageSize, Range, Source};
use crate::error::{Error, Kind, Result};

/// How often the same page may come again before it is taken for a server that does not page.
const REPEATS: u32 = 3;

const WITHHELD: &str = "the API says that there is more, and does not give it out";

pub(super) struct Reader<S: Source> {
    source: S,
    range: Range,
    size: PageSize,
    offset: u64,
    left: Option<u64>,
    /// The ids of the page before.
    previous: HashSet<String>,
    repeats: u32,
    done: bool,
    total: Arc<AtomicU64>,
}

impl<S: Source> Reader<S> {
    pub(super) fn new(source: S, range: Range, total: Arc<AtomicU64>) -> Self {
        Self {
            source,
            size: PageSize::new(range.limit),
            offset: range.offset,
            left: range.max_items,
            range,
            previous: HashSet::new(),
            repeats: 0,
            done: range.max_items == Some(0),
            total,
        }
    }

    /// The next page that holds anything new.
    pub(super) async fn next(&mut self) -> Result<Option<Page<S::Item>>> {
        while !self.done {
            let reach = self.reach()?;
            let (source, offset) = (&self.source, self.offset);
            let asked = reach.min(self.size.get().into());
            let mut page = self.size.fetch(reach, |limit| source.fetch(limit, offset)).await?;
            let received = page.data.len() as u64;
            self.offset += received;
            self.size.learn(asked, received);
            if let Some(total) = page.total {
                self.total.store(total, Ordering::Relaxed);
            }
            // `None` where the envelope says neither this nor that.
            let more = page.has_more.or_else(|| page.total.map(|total| total > self.offset));
            let is_told_of = more == Some(true) && (page.has_more.is_some() || !self.range.paged);
            if received == 0 && is_told_of {
                return Err(self.fail(WITHHELD));
            }
            self.done = received == 0 || more == Some(false) || (!self.range.paged && more.is_none());

            let ids: Vec<Option<String>> = page.data.iter().map(S::row_id).collect();
            let mut known = ids.iter().map(|id| id.as_ref().is_some_and(|id| self.previous.contains(id)));
            page.data.retain(|_| !known.next().unwrap_or(false));
            self.previous = ids.into_iter().flatten().collect();

            if received > 0 && page.data.is_empty() {
                self.repeats += 1;
                if !self.range.paged {
                    // It was only asked for because the envelope told of more.
                    return Err(self.fail(WITHHELD));
                } else if received < asked && more.is_none() {
                    // Fewer than asked for, and the same again: everything comes at once here, whatever the offset.
                    self.done = true;
                } else if self.repeats == REPEATS {
                    return Err(self.fail("the API answers every offset with the same page"));
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

    fn fail(&mut self, message: &str) -> Error {
        self.done = true;
        Error::new(Kind::Listing, message)
    }

    /// How many rows may be asked for next.
    fn reach(&mut self) -> Result<u64> {
        let mut reach = self.left.unwrap_or(u64::MAX);
        if let Some(window) = self.range.window {
            if self.offset >= window {
                let message = format!(
                    "there is more, but the API reaches no further than {window} rows in one search; cut it into windows, \
                     for instance by created_at"
                );
                return Err(self.fail(&message));
            }
            reach = reach.min(window - self.offset);
        }
        Ok(reach)
    }
}
