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

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Utc};
use futures_util::stream;
use serde_json::{Map, Value, json};

use crate::{
    error::{Error, Kind, Result},
    filter,
    model::Row,
    page::{BoxFuture, Items, Kept, Page, PageSize, Pages, Undecodable, keep},
    search::{Listed, Order, Parts, Query, Search},
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
    /// They come ordered by time, oldest first, those without a time before all others. The conditions of the filter hold
    /// as ever; conditions on that very time, an order and an offset cannot be combined with this.
    ///
    /// It costs about one row in each page more than [`stream`](Search::stream), and a request for the rows without a time.
    ///
    /// Its errors are those of [`page`](Search::page), and [`Kind::Listing`] where the API does not keep to the order, or
    /// rows change faster than they can be read.
    pub fn complete(self) -> Items<R::Item> {
        match self.into_complete() {
            Ok((rows, range)) => read_all(rows, range),
            Err(error) => Pages::failed(error).into(),
        }
    }

    pub(crate) fn complete_keeping(self) -> Items<Result<R::Item, Undecodable>> {
        match self.into_complete() {
            Ok((rows, range)) => read_all(Kept(rows), range),
            Err(error) => Pages::failed(error).into(),
        }
    }

    fn into_complete(self) -> Result<(Rows<R>, Range)> {
        let Parts { client, query, max_items, prefetch } = self.into_parts()?;
        let refused = if query.order.is_some() {
            Some(("order_by", "a complete listing has an order of its own"))
        } else if query.offset > 0 {
            Some(("offset", "a complete listing begins at the beginning"))
        } else if query.filter.contains_key(R::TIME) {
            Some((R::TIME, "a complete listing is cut by this time itself; filter the rows that come"))
        } else {
            None
        };
        if let Some((field, why)) = refused {
            return Err(Error::input(field, why));
        }
        let range = Range { limit: query.limit, window: R::PAGING.window, max_items, prefetch };
        Ok((Rows { client, query, marker: std::marker::PhantomData }, range))
    }
}

/// How much is read, and how.
struct Range {
    /// The page size to ask for.
    limit: u32,
    /// How far the API lets offset and limit go.
    window: Option<u64>,
    max_items: Option<u64>,
    prefetch: usize,
}

/// Which rows a request is about.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Slice {
    /// Those without a time.
    Timeless,
    /// All with a time.
    Timed,
    /// Those of this time and later.
    From(DateTime<Utc>),
    /// Those of this time.
    At(DateTime<Utc>),
    /// Those later than this time.
    After(DateTime<Utc>),
}

impl Slice {
    /// The condition that cuts it out.
    fn condition(self) -> Value {
        let spell = |time: DateTime<Utc>| <filter::Time as filter::Kind>::spell(time.into());
        match self {
            Self::Timeless => "is_null".into(),
            Self::Timed => "is_not_null".into(),
            Self::At(time) => spell(time),
            Self::From(time) => json!({">=": spell(time)}),
            Self::After(time) => json!({">": spell(time)}),
        }
    }
}

/// Where slices come from, ordered by time, oldest first.
trait Source: Send + Sync + 'static {
    type Item: Send + 'static;

    fn fetch(&self, slice: Slice, limit: u32, offset: u64) -> BoxFuture<Result<Page<Self::Item>>>;
    fn id(row: &Self::Item) -> Option<String>;
    fn time(row: &Self::Item) -> Option<DateTime<Utc>>;

    /// Whether the row may have a time all the same, that the API sorts it by and nobody here can read.
    fn is_unreadable(_: &Self::Item) -> bool {
        false
    }
}

struct Rows<R> {
    client: crate::client::Client,
    query: Query,
    marker: std::marker::PhantomData<fn() -> R>,
}

impl<R: Complete> Source for Rows<R> {
    type Item = R::Item;

    fn fetch(&self, slice: Slice, limit: u32, offset: u64) -> BoxFuture<Result<Page<R::Item>>> {
        let mut filter: Map<String, Value> = self.query.filter.clone();
        filter.insert(R::TIME.to_owned(), slice.condition());
        let order = Some((R::TIME.to_owned(), Order::Asc));
        R::fetch(self.client.clone(), Query { filter, order, limit, offset })
    }

    fn id(row: &R::Item) -> Option<String> {
        row.row_id()
    }

    fn time(row: &R::Item) -> Option<DateTime<Utc>> {
        R::time(row)
    }
}

impl<R: Complete> Source for Kept<Rows<R>> {
    type Item = Result<R::Item, Undecodable>;

    fn fetch(&self, slice: Slice, limit: u32, offset: u64) -> BoxFuture<Result<Page<Self::Item>>> {
        let page = self.0.fetch(slice, limit, offset);
        Box::pin(async move { keep(page.await) })
    }

    fn id(row: &Self::Item) -> Option<String> {
        match row {
            Ok(row) => row.row_id(),
            // A record that says nothing of itself is known by all that it says.
            Err(row) => Some(row.id().unwrap_or_else(|| row.record().to_owned())),
        }
    }

    fn time(row: &Self::Item) -> Option<DateTime<Utc>> {
        match row {
            Ok(row) => R::time(row),
            Err(row) => row.time(R::TIME),
        }
    }

    fn is_unreadable(row: &Self::Item) -> bool {
        row.is_err() && Self::time(row).is_none()
    }
}

/// Reads a source from end to end.
fn read_all<S: Source>(source: S, range: Range) -> Items<S::Item> {
    read_pages(source, range).into()
}

/// The same, by the rows that each request brought.
fn read_pages<S: Source>(source: S, range: Range) -> Pages<S::Item> {
    let Range { limit, window, max_items, prefetch } = range;
    let reader = Reader {
        source,
        // A page has to hold a row of the page before and one more.
        size: PageSize::new(limit.max(2)),
        window: window.unwrap_or(u64::MAX),
        phase: if max_items == Some(0) { Phase::Done } else { Phase::Group(Group::new(Slice::Timeless)) },
        timeless: HashSet::new(),
        unreadable: HashSet::new(),
        left: max_items,
    };
    let pages = stream::try_unfold(reader, |mut reader| async move {
        Ok(reader.next().await?.map(|rows| {
            let mut page = Page::default();
            page.data = rows;
            (page, reader)
        }))
    });
    Pages::from_stream(pages).prefetch(prefetch)
}

struct Reader<S: Source> {
    source: S,
    size: PageSize,
    window: u64,
    phase: Phase,
    /// Rows handed out before they had a time; they can get one while the others are read.
    timeless: HashSet<String>,
    /// Rows of the last page that were handed out without their time being known; they can come again with the next.
    unreadable: HashSet<String>,
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
}

impl Group {
    fn new(slice: Slice) -> Self {
        Self { slice, offset: 0, tail: VecDeque::new(), seen: HashSet::new(), restarts: 0, stalls: 0 }
    }

    /// What to go on with once the group is read.
    fn then(&self) -> Phase {
        match self.slice {
            Slice::At(time) => Phase::Walk(Slice::After(time)),
            Slice::Timeless => Phase::Walk(Slice::Timed),
            Slice::Timed | Slice::From(_) | Slice::After(_) => Phase::Done,
        }
    }
}

impl<S: Source> Reader<S> {
    /// The next rows, never an empty list.
    async fn next(&mut self) -> Result<Option<Vec<S::Item>>> {
        loop {
            let mut rows = match std::mem::replace(&mut self.phase, Phase::Done) {
                Phase::Done => return Ok(None),
                Phase::Group(group) => self.group(group).await?,
                Phase::Walk(slice) => self.walk(slice).await?,
            };
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
        let source = &self.source;
        let page = self.size.fetch(self.window, |limit| source.fetch(slice, limit, 0)).await?;
        let received = page.data.len() as u64;
        let more = match (page.has_more, page.total) {
            (Some(more), _) => more,
            (None, Some(total)) => total > received,
            (None, None) => received > 0,
        };
        let mut rows = page.data;
        let times: Vec<Option<DateTime<Utc>>> = rows.iter().map(S::time).collect();
        let known = || times.iter().flatten().copied();
        let is_timed = |(row, time): (&S::Item, &Option<_>)| time.is_some() || S::is_unreadable(row);
        if !known().is_sorted() || !rows.iter().zip(&times).all(is_timed) {
            let message = "the API did not keep to the order by time that was asked for";
            return Err(Error::new(Kind::Listing, message));
        }
        if let (Slice::From(time) | Slice::At(time) | Slice::After(time), Some(first)) =
            (slice, known().next())
            && first < time
        {
            return Err(Error::new(
                Kind::Listing,
                "the API answered with rows from before the time that was asked for",
            ));
        }
        if more {
            match (known().next(), known().last()) {
                (None, _) | (_, None) if rows.is_empty() => {
                    let message = "the API says that there is more, and does not give it out";
                    return Err(Error::new(Kind::Listing, message));
                }
                // No row tells from where to go on; what is left can only be read by offset.
                (None, _) | (_, None) => {
                    self.phase = Phase::Group(Group::new(slice));
                    return Ok(Vec::new());
                }
                (Some(first), Some(last)) => {
                    rows.truncate(times.iter().position(|time| *time == Some(last)).unwrap_or(rows.len()));
                    self.phase = match first == last {
                        true => Phase::Group(Group::new(Slice::At(last))),
                        false => Phase::Walk(Slice::From(last)),
                    };
                }
            }
        }
        let unreadable: Vec<String> =
            rows.iter().filter(|row| S::is_unreadable(row)).filter_map(S::id).collect();
        rows.retain(|row| S::id(row).is_none_or(|id| !self.is_known(&id)));
        if matches!(self.phase, Phase::Walk(_)) {
            // What was handed out before this page is older than all that is to come.
            self.unreadable.clear();
        }
        self.unreadable.extend(unreadable);
        Ok(rows)
    }

    /// Whether a row was handed out before its time was known.
    fn is_known(&self, id: &str) -> bool {
        self.timeless.contains(id) || self.unreadable.contains(id)
    }

    async fn fetch(&mut self, slice: Slice, offset: u64) -> Result<Page<S::Item>> {
        let source = &self.source;
        let reach = self.window.saturating_sub(offset);
        self.size.fetch(reach, |limit| source.fetch(slice, limit, offset)).await
    }

    /// A page of a group.
    async fn group(&mut self, mut group: Group) -> Result<Vec<S::Item>> {
        if group.offset >= self.window {
            let message = format!(
                "more than {} rows have the same time or none, and the API reaches no further in one search; narrow it down \
                 by a filter",
                self.window
            );
            return Err(Error::new(Kind::Listing, message));
        }
        let start = group.offset - group.tail.len() as u64;
        let page = self.fetch(group.slice, start).await?;
        let received = page.data.len() as u64;
        let ids = page.data.iter().map(S::id).collect::<Option<Vec<String>>>();
        let Some(ids) = ids else {
            return Err(Error::new(
                Kind::Listing,
                "a row without an id cannot be told from others of its time",
            ));
        };
        let anchor = group.tail.iter().rev().find_map(|id| ids.iter().position(|other| other == id));
        if !group.tail.is_empty() && anchor.is_none() {
            // Everything that was read last is gone or has moved; where the rest begins is not known any more.
            group.restarts += 1;
            if group.restarts > RESTARTS {
                return Err(Error::new(Kind::Listing, "the rows change faster than they can be read"));
            }
            (group.offset, group.tail) = (0, VecDeque::new());
            self.phase = Phase::Group(group);
            return Ok(Vec::new());
        }
        let end = start + received;
        let further = end > group.offset;
        let over = match (page.has_more, page.total) {
            (Some(more), _) => !more,
            (None, Some(total)) => end >= total,
            // Nothing beyond what was known, which is the end unless the API grants no more than the overlap.
            (None, None) => !further && self.fetch(group.slice, group.offset).await?.data.is_empty(),
        };
        if !over && !further {
            // Either rows came just now, or the API grants no more than the overlap.
            group.stalls += 1;
            if group.stalls > STALLS {
                let message = "the API grants too few rows at a time to tell where they go on";
                return Err(Error::new(Kind::Listing, message));
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
