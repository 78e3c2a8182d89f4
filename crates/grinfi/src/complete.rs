//! Listings that miss no row and repeat none while rows are added, changed and removed.
//!
//! An offset counts rows, and rows move. Here the listing is read by the time of its rows instead, oldest first: each
//! request asks for what is not older than the last row of the one before, so whatever happens to the rows already read
//! moves nothing that is still to come, and no request comes near the 10,000 rows that one search reaches.
//!
//! Two kinds of rows have no order in time: those without a time, and those that share one with more rows than a page
//! holds, as after an import. They are read by offset, but each page overlaps the one before, and is only gone on from where
//! a row of the overlap is found again; otherwise reading them starts over.
//!
//! Rows that do not decode are no hole in this when they are kept: their time is read off what came, and one whose time
//! cannot be read stands where the API put it, between its neighbours.
//!
//! What this promises: a row that is there from the first request to the last is handed out exactly once, and no row is
//! handed out twice. It relies on two things of the API: that a row's time does not change once it is set, and that rows of
//! one time come in the same order each time.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};

use crate::{
    error::{Error, ErrorKind, Result},
    page::{Items, Kept, Page, PageSize, Pages, Position, Slice, Source, Tracker, UndecodableRow, end},
    search::{Listed, Search, TimeColumn},
};

mod raw;

/// A listing that can be read completely: contacts, companies, LinkedIn messages, tasks and emails.
///
/// It takes a time that is set once, and that the API both filters and orders by. The others have none: activities hang when
/// they are ordered, and notes, conversations, lists and what else there is take no filter by a time.
pub trait Complete: Listed {
    /// The time that rows are ordered by: set once, never changed.
    const TIME: &'static str;

    /// The time of a row.
    fn time(row: &Self::Item) -> Option<DateTime<Utc>>;
}

impl<R: Complete> Search<R> {
    /// The rows, each exactly once, while others are added, changed and removed, and however many there are.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let mut contacts = client.contacts().search().prefetch(1).complete();
    /// while let Some(contact) = contacts.next().await.transpose()? {
    ///     println!("{:?} {:?}", contact.created_at, contact.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// They come ordered by time, oldest first, those without a time before all others. The conditions of the filter hold,
    /// those on that very time included; an order and an offset cannot be combined with this.
    ///
    /// [`Items::cursor`] tells the position, and [`resume`](Search::resume) goes on from one in a later run.
    ///
    /// It costs about one row in each page more than [`stream`](Search::stream), and a request for the rows without a time.
    ///
    /// Its errors are those of [`page`](Search::page), and [`ErrorKind::Listing`] where the API does not keep to the order, or
    /// rows change faster than they can be read.
    pub fn complete(self) -> Items<R::Item> {
        match self.rows_by_time(TimeColumn { name: R::TIME, read: R::time }) {
            Ok((rows, start)) => read_pages(rows, start).into(),
            Err(error) => Pages::failed(error).into(),
        }
    }

    pub(crate) fn complete_keeping(self) -> Items<Result<R::Item, UndecodableRow>> {
        match self.rows_by_time(TimeColumn { name: R::TIME, read: R::time }) {
            Ok((rows, start)) => read_pages(Kept { source: rows, by_text: true }, start).into(),
            Err(error) => Pages::failed(error).into(),
        }
    }
}

/// How much is read, from where, and how.
pub(crate) struct Start {
    /// The page size to ask for.
    pub(crate) limit: u32,
    /// How far the API lets offset and limit go.
    pub(crate) window: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) prefetch: usize,
    /// The `operationId` and the filter of the listing, which cursors are good for.
    pub(crate) listing: String,
    pub(crate) filter: serde_json::Map<String, serde_json::Value>,
    /// What was handed out before.
    pub(crate) position: Position,
}

/// Reads a source from end to end, as it orders its slices: by time, oldest first.
fn read_pages<S: Source>(source: S, start: Start) -> Pages<S::Item> {
    let Start { limit, window, max_items, prefetch, listing, filter, position } = start;
    let source = Arc::new(source);
    let tracker = Tracker::new(source.clone(), &listing, filter, position.clone());
    let known: HashSet<String> = position.ids.into_iter().collect();
    let (phase, timeless, resumed) = match position.time {
        Some(time) => (Phase::Walk(Slice::From(time)), HashSet::new(), known),
        None => (Phase::Group(Group::new(Slice::Timeless)), known, HashSet::new()),
    };
    let reader = Reader {
        source,
        // A page has to hold a row of the page before and one more.
        size: PageSize::new(limit.max(2)),
        window,
        phase: if max_items == Some(0) { Phase::Done } else { phase },
        timeless,
        unreadable: HashSet::new(),
        resumed,
        left: max_items,
    };
    let pages = stream::unfold(reader, |mut reader| async move {
        let page = reader.next().await.transpose()?.map(|rows| {
            let mut page = Page::default();
            page.data = rows;
            page
        });
        Some((page, reader))
    });
    Pages::from_stream(pages.fuse()).tracked(tracker).prefetch(prefetch)
}

struct Reader<S: Source> {
    source: Arc<S>,
    size: PageSize,
    /// How far the API lets offset and limit go, if not everywhere.
    window: Option<u64>,
    phase: Phase,
    /// Rows handed out before they had a time; they can get one while the others are read.
    timeless: HashSet<String>,
    /// Rows of the last page that were handed out without their time being known; they can come again with the next.
    unreadable: HashSet<String>,
    /// Rows handed out in an earlier run, of the time that this one resumes from.
    resumed: HashSet<String>,
    left: Option<u64>,
}

enum Phase {
    Group(Group),
    Walk(Slice),
    Done,
}

/// How often a group may be begun again.
const RESTARTS: u32 = 1000;

/// How often a page may lead no further although there is more.
const STALLS: u32 = 5;

/// How many rows of a page are asked for again with the next one.
const OVERLAP: usize = 5;

/// Rows that time does not tell apart, read by offset with an overlap.
struct Group {
    slice: Slice,
    offset: u64,
    /// The last ids of the page before, oldest first.
    tail: VecDeque<String>,
    seen: HashSet<String>,
    restarts: u32,
    stalls: u32,
    /// Whether only a request without the overlap can tell if there is more.
    probe: bool,
}

impl Group {
    fn new(slice: Slice) -> Self {
        Self {
            slice,
            offset: 0,
            tail: VecDeque::new(),
            seen: HashSet::new(),
            restarts: 0,
            stalls: 0,
            probe: false,
        }
    }

    /// What to go on with once the group is read.
    fn then(&self) -> Phase {
        match self.slice {
            Slice::At(time) => Phase::Walk(Slice::After(time)),
            Slice::Timeless => Phase::Walk(Slice::Timed),
            Slice::Timed | Slice::From(_) | Slice::UpTo(_) | Slice::After(_) => Phase::Done,
        }
    }
}

impl<S: Source> Reader<S> {
    /// The next rows, never an empty list. After an error of a request, the next call requests the same rows again.
    async fn next(&mut self) -> Result<Option<Vec<S::Item>>> {
        loop {
            let rows = match self.phase {
                Phase::Done => return Ok(None),
                Phase::Group(_) => self.group().await,
                Phase::Walk(slice) => self.walk(slice).await,
            };
            let mut rows = rows.inspect_err(|error| {
                if matches!(error.kind(), ErrorKind::Listing | ErrorKind::InvalidInput) {
                    self.phase = Phase::Done;
                }
            })?;
            if let Some(left) = &mut self.left {
                rows.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= rows.len() as u64;
                if *left == 0 {
                    self.phase = Phase::Done;
                }
            }
            if !rows.is_empty() {
                return Ok(Some(rows));
            }
        }
    }

    /// A page of the rows from some time on. All but those of its last time are settled by it.
    async fn walk(&mut self, slice: Slice) -> Result<Vec<S::Item>> {
        let page = self.fetch(slice, 0).await?;
        let received = page.data.len() as u64;
        let more = end::has_more(&page, received, self.window).unwrap_or(received > 0);
        let mut rows = page.data;
        let source = &self.source;
        let times: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| source.time(row)).collect();
        let known = || times.iter().flatten().copied();
        let is_timed = |(row, time): (&S::Item, &Option<_>)| time.is_some() || source.is_unreadable(row);
        if !known().is_sorted() || !rows.iter().zip(&times).all(is_timed) {
            let message = "the API did not keep to the order by time that was asked for";
            return Err(Error::new(ErrorKind::Listing, message));
        }
        if let (Slice::From(time) | Slice::At(time) | Slice::After(time), Some(first)) =
            (slice, known().next())
            && first < time
        {
            return Err(Error::new(
                ErrorKind::Listing,
                "the API answered with rows from before the time that was asked for",
            ));
        }
        // Only set once nothing can fail any more: after an error the same slice is read again.
        let mut next = Phase::Done;
        if more {
            match (known().next(), known().last()) {
                (None, _) | (_, None) if rows.is_empty() => {
                    let message = "the API says that there is more, and does not give it out";
                    return Err(Error::new(ErrorKind::Listing, message));
                }
                // No row tells from where to go on; what is left can only be read by offset.
                (None, _) | (_, None) => {
                    self.phase = Phase::Group(Group::new(slice));
                    return Ok(Vec::new());
                }
                (Some(first), Some(last)) => {
                    rows.truncate(times.iter().position(|time| *time == Some(last)).unwrap_or(rows.len()));
                    next = match first == last {
                        true => Phase::Group(Group::new(Slice::At(last))),
                        false => Phase::Walk(Slice::From(last)),
                    };
                }
            }
        }
        let unreadable: Vec<String> =
            rows.iter().filter(|row| source.is_unreadable(row)).filter_map(|row| source.id(row)).collect();
        rows.retain(|row| source.id(row).is_none_or(|id| !self.is_known(&id)));
        if matches!(next, Phase::Walk(_)) {
            // What was handed out before this page is older than all that is to come.
            self.unreadable.clear();
        }
        self.unreadable.extend(unreadable);
        self.phase = next;
        Ok(rows)
    }

    /// Whether a row was handed out before its time was known.
    fn is_known(&self, id: &str) -> bool {
        self.timeless.contains(id) || self.unreadable.contains(id) || self.resumed.contains(id)
    }

    async fn fetch(&mut self, slice: Slice, offset: u64) -> Result<Page<S::Item>> {
        let source = &self.source;
        let reach = self.window.unwrap_or(u64::MAX).saturating_sub(offset);
        self.size.fetch(reach, |limit| source.fetch(Some(slice), limit, offset)).await
    }

    /// A page of a group.
    async fn group(&mut self) -> Result<Vec<S::Item>> {
        let Phase::Group(Group { slice, offset, probe, ref tail, .. }) = self.phase else {
            return Ok(Vec::new());
        };
        if let Some(window) = self.window.filter(|window| offset >= *window) {
            let message = format!(
                "more than {window} rows have the same time or none, and the API reaches no further in one search; narrow \
                 it down by a filter"
            );
            return Err(Error::new(ErrorKind::Listing, message));
        }
        let start = if probe { offset } else { offset - tail.len() as u64 };
        let page = self.fetch(slice, start).await?;
        let received = page.data.len() as u64;
        let end = start + received;
        let has_more = end::has_more(&page, end, self.window);
        // From here on nothing is requested, and so the group can be changed.
        let Phase::Group(mut group) = std::mem::replace(&mut self.phase, Phase::Done) else {
            return Ok(Vec::new());
        };
        if std::mem::take(&mut group.probe) {
            self.phase = if received == 0 { group.then() } else { Phase::Group(group) };
            return Ok(Vec::new());
        }
        let ids = page.data.iter().map(|row| self.source.id(row)).collect::<Option<Vec<String>>>();
        let Some(ids) = ids else {
            return Err(Error::new(
                ErrorKind::Listing,
                "a row without an id cannot be told from others of its time",
            ));
        };
        let anchor = group.tail.iter().rev().find_map(|id| ids.iter().position(|other| other == id));
        if !group.tail.is_empty() && anchor.is_none() {
            // Everything that was read last is gone or has moved; where the rest begins is not known any more.
            group.restarts += 1;
            if group.restarts > RESTARTS {
                return Err(Error::new(ErrorKind::Listing, "the rows change faster than they can be read"));
            }
            (group.offset, group.tail) = (0, VecDeque::new());
            self.phase = Phase::Group(group);
            return Ok(Vec::new());
        }
        let further = end > group.offset;
        let over = has_more == Some(false);
        // Nothing beyond what was known, which is the end unless the API grants no more than the overlap.
        group.probe = has_more.is_none() && !further;
        if !over && !further {
            // Either rows came just now, or the API grants no more than the overlap.
            group.stalls += 1;
            if group.stalls > STALLS {
                let message = "the API grants too few rows at a time to tell where they go on";
                return Err(Error::new(ErrorKind::Listing, message));
            }
        }
        let overlap = OVERLAP.min(ids.len() / 2).max(1);
        group.tail = ids[ids.len().saturating_sub(overlap)..].iter().cloned().collect();
        group.offset = end;

        let mut fresh = ids.into_iter().map(|id| {
            let new = !self.is_known(&id) && group.seen.insert(id.clone());
            if new && group.slice == Slice::Timeless {
                self.timeless.insert(id);
            }
            new
        });
        let mut rows = page.data;
        rows.retain(|_| fresh.next().unwrap_or(false));
        drop(fresh);
        self.phase = if over { group.then() } else { Phase::Group(group) };
        Ok(rows)
    }
}

#[cfg(test)]
mod tests;
