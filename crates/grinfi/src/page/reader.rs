//! Reads a listing page by page.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Page, PageSize, Range, Source, beyond::Beyond, end};
use crate::error::{Error, ErrorKind, Result};

/// How often the same page may come again before it is taken for a server that does not page.
const REPEATS: u32 = 3;

const WITHHELD: &str = "the API says that there are more rows, and does not return them";

pub(super) struct Reader<S: Source> {
    source: Arc<S>,
    range: Range,
    size: PageSize,
    offset: u64,
    left: Option<u64>,
    /// The ids of the page before.
    previous: HashSet<String>,
    repeats: u32,
    /// Goes on where the result window ends.
    beyond: Beyond,
    done: bool,
    total: Arc<AtomicU64>,
}

impl<S: Source> Reader<S> {
    pub(super) fn new(source: Arc<S>, range: Range, total: Arc<AtomicU64>) -> Self {
        Self {
            source,
            size: PageSize::new(range.limit),
            offset: range.offset,
            left: range.max_items,
            range,
            previous: HashSet::new(),
            repeats: 0,
            beyond: Beyond::new(range.by_time),
            done: range.max_items == Some(0),
            total,
        }
    }

    /// The next page with new rows. After an error of a request, the next call requests the same page again.
    pub(super) async fn next(&mut self) -> Result<Option<Page<S::Item>>> {
        while !self.done {
            let reach = self.reach()?;
            let (source, offset, slice) = (&self.source, self.offset, self.beyond.slice());
            let asked = reach.min(self.size.get().into());
            let mut page = self.size.fetch(reach, |limit| source.fetch(slice, limit, offset)).await?;
            let received = page.data.len() as u64;
            self.offset += received;
            self.size.learn(asked, received);
            if let Some(total) = page.total.filter(|_| slice.is_none()) {
                self.total.store(total, Ordering::Relaxed);
            }
            let more = end::has_more(&page, self.offset, self.range.window);
            let is_promised = page.has_more == Some(true) || more == Some(true) && !self.range.paged;
            if received == 0 && is_promised {
                return Err(self.fail(WITHHELD));
            }
            let is_end = received == 0 || more == Some(false) || (!self.range.paged && more.is_none());
            self.done = is_end && !self.beyond.has_another_slice();

            let ids: Vec<Option<String>> = page.data.iter().map(|row| self.source.id(row)).collect();
            let is_repeated = |id: &Option<String>| id.as_ref().is_some_and(|id| self.previous.contains(id));
            let all_repeated = received > 0 && ids.iter().all(is_repeated);
            let rows = page.data.into_iter().zip(&ids);
            let new = rows.filter(|(_, id)| !is_repeated(id));
            let new = new.map(|(row, id)| (row, id.as_deref())).collect();
            page.data = self.beyond.pass(new, |row| self.source.time(row));
            self.previous = ids.into_iter().flatten().collect();

            if all_repeated {
                self.repeats += 1;
                if !self.range.paged {
                    // It was only requested because the envelope promised more.
                    return Err(self.fail(WITHHELD));
                } else if received < asked && more.is_none() {
                    // Fewer rows than requested, and the same again: the API returns all rows at any offset.
                    self.done = !self.beyond.has_another_slice();
                } else if self.repeats == REPEATS {
                    return Err(self.fail("the API returns the same page at every offset"));
                }
            } else {
                self.repeats = 0;
            }
            let is_slice_over = is_end || all_repeated && received < asked && more.is_none();
            if is_slice_over && !self.done {
                self.beyond.take_next_slice();
                self.restart();
            }
            if all_repeated {
                continue;
            }
            if let Some(left) = &mut self.left {
                page.data.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= page.data.len() as u64;
                self.done |= *left == 0;
            }
            if !page.data.is_empty() || received == 0 && slice.is_none() && self.offset == self.range.offset {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// An error after which there is nothing to go on with.
    fn fail(&mut self, message: impl Into<String>) -> Error {
        self.done = true;
        Error::new(ErrorKind::Listing, message)
    }

    fn restart(&mut self) {
        (self.offset, self.repeats) = (0, 0);
        self.previous.clear();
    }

    /// How many rows may be requested next. Where the result window ends, reading goes on in a slice by time.
    fn reach(&mut self) -> Result<u64> {
        let mut reach = self.left.unwrap_or(u64::MAX);
        if let Some(window) = self.range.window {
            if self.offset >= window {
                if let Err(why) = self.beyond.go_beyond() {
                    let message = format!(
                        "there may be more rows than the {window} that one search reaches, and {why}; read all rows with \
                         `complete()`"
                    );
                    return Err(self.fail(message));
                }
                self.restart();
            }
            reach = reach.min(window - self.offset);
        }
        Ok(reach)
    }
}
