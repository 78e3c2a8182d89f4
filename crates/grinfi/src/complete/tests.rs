use std::sync::Mutex;

use chrono::Duration;
use proptest::prelude::*;
use serde_json::Map;

use super::*;
use crate::page::{BoxFuture, Cursor};

/// A row of the model.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    id: u32,
    time: Option<DateTime<Utc>>,
    /// Its time is there and cannot be read.
    unreadable: bool,
}

/// What happens between two requests.
#[derive(Debug, Clone)]
enum Event {
    /// A row is added, at the newest time or one later, or without a time.
    Add { later: bool, timeless: bool, unreadable: bool },
    /// The row at this place, as a share of all, is removed.
    Remove(f64),
    /// A row without a time gets the newest.
    Stamp(f64),
}

/// How the model's server answers.
#[derive(Debug, Clone, Copy)]
struct Manner {
    granted: u32,
    total: bool,
    has_more: bool,
}

struct State {
    rows: Vec<Row>,
    /// Ids of rows that were there from the start and still are.
    steady: Vec<u32>,
    next_id: u32,
    newest: DateTime<Utc>,
    events: std::vec::IntoIter<Vec<Event>>,
    requests: u32,
}

impl State {
    fn happen(&mut self, event: &Event) {
        match event {
            Event::Add { later, timeless, unreadable } => {
                if *later {
                    self.newest += Duration::seconds(1);
                }
                let time = (!timeless).then_some(self.newest);
                self.rows.push(Row { id: self.next_id, time, unreadable: *unreadable });
                self.next_id += 1;
            }
            Event::Remove(share) if !self.rows.is_empty() => {
                let index = (share * self.rows.len() as f64) as usize;
                let row = self.rows.remove(index.min(self.rows.len() - 1));
                self.steady.retain(|id| *id != row.id);
            }
            Event::Stamp(share) => {
                let newest = self.newest;
                let mut timeless: Vec<&mut Row> =
                    self.rows.iter_mut().filter(|row| row.time.is_none()).collect();
                let index = (share * timeless.len() as f64) as usize;
                if let Some(row) = timeless.get_mut(index) {
                    row.time = Some(newest);
                }
            }
            Event::Remove(_) => {}
        }
    }
}

/// A server whose rows change between any two requests, in an order that is its own but steady.
#[derive(Clone)]
struct Model {
    state: Arc<Mutex<State>>,
    manner: Manner,
}

impl Source for Model {
    type Item = Row;

    fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Row>>> {
        let mut state = self.state.lock().unwrap();
        state.requests += 1;
        assert!(offset + u64::from(limit) <= 10_000, "past the window");
        let matches = |time: Option<DateTime<Utc>>| match slice {
            None | Some(Slice::UpTo(_)) => unreachable!("complete listings are read by other slices"),
            Some(Slice::Timeless) => time.is_none(),
            Some(Slice::Timed) => time.is_some(),
            Some(Slice::From(from)) => time.is_some_and(|time| time >= from),
            Some(Slice::At(at)) => time == Some(at),
            Some(Slice::After(after)) => time.is_some_and(|time| time > after),
        };
        let mut found: Vec<Row> = state.rows.iter().filter(|row| matches(row.time)).cloned().collect();
        // Rows of one time come in an order that has nothing to do with when they were added.
        found.sort_by_key(|row| (row.time, row.id.wrapping_mul(2_654_435_761)));
        let mut page = Page::default();
        let total = found.len() as u64;
        let granted = limit.min(self.manner.granted) as usize;
        page.data = found.into_iter().skip(offset as usize).take(granted).collect();
        page.total = self.manner.total.then_some(total);
        page.has_more = self.manner.has_more.then_some(offset + (page.data.len() as u64) < total);
        for event in state.events.next().unwrap_or_default() {
            state.happen(&event);
        }
        Box::pin(async move { Ok(page) })
    }

    fn id(&self, row: &Row) -> Option<String> {
        Some(row.id.to_string())
    }

    fn time(&self, row: &Row) -> Option<DateTime<Utc>> {
        row.time.filter(|_| !row.unreadable)
    }

    fn is_unreadable(&self, row: &Row) -> bool {
        row.unreadable
    }
}

/// Rows by their times; one whose number is among `unreadable` cannot be read.
fn model_with(times: &[Option<u8>], unreadable: &[usize], events: Vec<Vec<Event>>, manner: Manner) -> Model {
    let model = model(times, events, manner);
    let mut state = model.state.lock().unwrap();
    state.rows.iter_mut().for_each(|row| row.unreadable = unreadable.contains(&(row.id as usize)));
    drop(state);
    model
}

fn model(times: &[Option<u8>], events: Vec<Vec<Event>>, manner: Manner) -> Model {
    let start = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
    let at = |second: u8| start + Duration::seconds(second.into());
    let rows: Vec<Row> = times
        .iter()
        .zip(0..)
        .map(|(second, id)| Row { id, time: second.map(at), unreadable: false })
        .collect();
    let state = State {
        steady: rows.iter().map(|row| row.id).collect(),
        next_id: rows.len() as u32,
        newest: rows.iter().filter_map(|row| row.time).max().unwrap_or(start),
        rows,
        events: events.into_iter(),
        requests: 0,
    };
    Model { state: Arc::new(Mutex::new(state)), manner }
}

fn range(limit: u32, max_items: Option<u64>) -> Start {
    Start {
        limit,
        window: Some(10_000),
        max_items,
        prefetch: 0,
        listing: "listModels".to_owned(),
        filter: Map::new(),
        position: Position::default(),
    }
}

/// The rows of a source.
fn read_all<S: Source>(source: S, start: Start) -> Items<S::Item> {
    read_pages(source, start).into()
}

async fn read(model: &Model, limit: u32) -> Result<Vec<u32>> {
    Ok(read_all(model.clone(), range(limit, None)).collect().await?.into_iter().map(|row| row.id).collect())
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.2))
            .prop_map(|(later, timeless, unreadable)| Event::Add { later, timeless, unreadable }),
        (0.0..1.0f64).prop_map(Event::Remove),
        (0.0..1.0f64).prop_map(Event::Stamp),
    ]
}

fn manner() -> impl Strategy<Value = Manner> {
    (2..9u32, any::<bool>(), any::<bool>()).prop_map(|(granted, total, has_more)| Manner {
        granted,
        total,
        has_more,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(10_000) })]

    /// Few different times, so that many rows share one; some rows without a time, some whose time cannot be read; changes
    /// between any two requests.
    #[test]
    fn every_steady_row_comes_exactly_once(
        times in prop::collection::vec(prop::option::weighted(0.9, 0..6u8), 0..40),
        events in prop::collection::vec(prop::collection::vec(event(), 0..4), 0..30),
        unreadable in prop_oneof![
            Just(Vec::new()),
            prop::collection::vec(0..40usize, 0..40),
        ],
        manner in manner(),
        limit in 2..12u32,
    ) {
        let model = model_with(&times, &unreadable, events, manner);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut got = runtime.block_on(read(&model, limit)).unwrap();
        let count = got.len();
        got.sort_unstable();
        got.dedup();
        prop_assert_eq!(got.len(), count, "a row came twice");
        let state = model.state.lock().unwrap();
        let missed: Vec<&u32> = state.steady.iter().filter(|id| got.binary_search(id).is_err()).collect();
        prop_assert!(missed.is_empty(), "rows {:?} were there all along and did not come", missed);
    }
}

const PLAIN: Manner = Manner { granted: 100, total: true, has_more: false };

#[tokio::test]
async fn more_rows_than_one_search_reaches_all_come() {
    let times: Vec<Option<u8>> = (0..12_345u32).map(|row| Some((row / 50 % 250) as u8)).collect();
    let model = model(&times, Vec::new(), PLAIN);
    let got = read(&model, 100).await.unwrap();
    assert_eq!(got.len(), 12_345);
}

#[tokio::test]
async fn rows_that_all_share_one_time_all_come() {
    let model = model(&[Some(0); 950], Vec::new(), PLAIN);
    assert_eq!(read(&model, 100).await.unwrap().len(), 950);
    let requests = model.state.lock().unwrap().requests;
    assert!(requests <= 15, "{requests} requests for ten pages");
}

#[tokio::test]
async fn a_server_without_the_order_is_an_error_and_not_a_gap() {
    #[derive(Clone)]
    struct Backwards(Model);
    impl Source for Backwards {
        type Item = Row;
        fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Row>>> {
            let page = self.0.fetch(slice, limit, offset);
            Box::pin(async move {
                let mut page = page.await?;
                page.data.reverse();
                Ok(page)
            })
        }
        fn id(&self, row: &Row) -> Option<String> {
            self.0.id(row)
        }
        fn time(&self, row: &Row) -> Option<DateTime<Utc>> {
            self.0.time(row)
        }
    }
    let times: Vec<Option<u8>> = (0..30).map(Some).collect();
    let source = Backwards(model(&times, Vec::new(), PLAIN));
    let error = read_all(source, range(10, None)).collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Listing);
}

#[tokio::test]
async fn max_items_ends_it() {
    let times: Vec<Option<u8>> = (0..30).map(Some).collect();
    let model = model(&times, Vec::new(), PLAIN);
    assert_eq!(read_all(model.clone(), range(10, Some(12))).collect().await.unwrap().len(), 12);
    assert_eq!(read_all(model, range(10, Some(0))).collect().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_row_without_a_time_is_an_error_where_all_have_one() {
    #[derive(Clone)]
    struct Strict(Model);
    impl Source for Strict {
        type Item = Row;
        fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Row>>> {
            self.0.fetch(slice, limit, offset)
        }
        fn id(&self, row: &Row) -> Option<String> {
            self.0.id(row)
        }
        fn time(&self, row: &Row) -> Option<DateTime<Utc>> {
            self.0.time(row)
        }
    }
    let source = Strict(model_with(&[Some(0), Some(1), Some(2)], &[1], Vec::new(), PLAIN));
    let error = read_all(source, range(10, None)).collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Listing);
}

#[tokio::test]
async fn a_listing_of_rows_that_nobody_can_read_comes_whole_too() {
    let times: Vec<Option<u8>> = (0..30).map(Some).collect();
    let model = model_with(&times, &(0..30).collect::<Vec<_>>(), Vec::new(), PLAIN);
    assert_eq!(read(&model, 7).await.unwrap(), (0..30).collect::<Vec<_>>());
}

#[tokio::test]
async fn more_rows_of_one_time_than_a_search_reaches_are_an_error_and_no_hole() {
    let model = model(&[Some(0); 10_050], Vec::new(), Manner { granted: 1000, ..PLAIN });
    let error = read(&model, 1000).await.unwrap_err();
    assert!(error.to_string().contains("more than 10000 rows have the same time"), "{error}");
}

#[tokio::test]
async fn reading_ahead_changes_nothing() {
    let times: Vec<Option<u8>> = (0..200).map(|row| Some(row / 3)).collect();
    let model = model(&times, Vec::new(), PLAIN);
    let ahead = Start { prefetch: 2, ..range(10, None) };
    let got: Vec<u32> =
        read_all(model.clone(), ahead).collect().await.unwrap().iter().map(|row| row.id).collect();
    assert_eq!(got, read(&model, 10).await.unwrap());
}

/// Where a reading stops, as a share of its rows, before it is resumed from its cursor.
async fn read_in_runs(model: &Model, limit: u32, stops: &[u64]) -> Result<Vec<u32>> {
    let mut got = Vec::new();
    let mut cursor: Option<Cursor> = None;
    for most in stops.iter().copied().map(Some).chain([None]) {
        let position = match &cursor {
            Some(cursor) => cursor.position_in("listModels", &Map::new())?,
            None => Position::default(),
        };
        let mut rows = read_all(model.clone(), Start { position, ..range(limit, None) });
        let mut left = most.unwrap_or(u64::MAX);
        while left > 0
            && let Some(row) = rows.next().await.transpose()?
        {
            got.push(row.id);
            left -= 1;
        }
        let text = rows.cursor().map(|cursor| cursor.to_string()).unwrap_or_default();
        cursor = Some(text.parse()?);
    }
    Ok(got)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    /// Reading in runs gives the rows of one reading, wherever it was stopped.
    #[test]
    fn resuming_hands_out_the_rest_and_nothing_twice(
        times in prop::collection::vec(prop::option::weighted(0.8, 0..6u8), 0..40),
        unreadable in prop::collection::vec(0..40usize, 0..6),
        stops in prop::collection::vec(0..15u64, 0..5),
        manner in manner(),
        limit in 2..12u32,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let model = model_with(&times, &unreadable, Vec::new(), manner);
        let got = runtime.block_on(read_in_runs(&model, limit, &stops)).unwrap();
        let whole = runtime.block_on(read(&model, limit)).unwrap();
        let mut sorted = got.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..times.len() as u32).collect::<Vec<_>>(), "{:?}", got);
        prop_assert_eq!(whole.len(), got.len());
    }

    /// Rows that are added between runs come in the next one, and no row comes twice.
    #[test]
    fn resuming_hands_out_what_was_added_since(
        times in prop::collection::vec(0..6u8, 1..30),
        added in prop::collection::vec(any::<bool>(), 1..10),
        limit in 2..12u32,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let times: Vec<Option<u8>> = times.into_iter().map(Some).collect();
        let model = model(&times, Vec::new(), PLAIN);
        runtime.block_on(async {
            let mut rows = read_all(model.clone(), range(limit, None));
            let mut got = Vec::new();
            while let Some(row) = rows.next().await.transpose().unwrap() {
                got.push(row.id);
            }
            let cursor = rows.cursor().unwrap();
            let first = model.state.lock().unwrap().next_id;
            for later in &added {
                let event = Event::Add { later: *later, timeless: false, unreadable: false };
                model.state.lock().unwrap().happen(&event);
            }
            let position = cursor.position_in("listModels", &Map::new()).unwrap();
            let mut new: Vec<u32> = read_all(model.clone(), Start { position, ..range(limit, None) })
                .collect().await.unwrap().iter().map(|row| row.id).collect();
            new.sort_unstable();
            assert_eq!(new, (first..first + added.len() as u32).collect::<Vec<_>>());
        });
    }
}

#[tokio::test]
async fn goes_on_after_an_error_where_it_was() {
    /// Fails every other request.
    struct Flaky(Model, Mutex<u32>);
    impl Source for Flaky {
        type Item = Row;
        fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Row>>> {
            let mut requests = self.1.lock().unwrap();
            *requests += 1;
            if *requests % 2 == 1 {
                return Box::pin(async { Err(Error::new(ErrorKind::Timeout, "made to fail")) });
            }
            self.0.fetch(slice, limit, offset)
        }
        fn id(&self, row: &Row) -> Option<String> {
            self.0.id(row)
        }
        fn time(&self, row: &Row) -> Option<DateTime<Utc>> {
            self.0.time(row)
        }
    }
    let times: Vec<Option<u8>> = (0..40).map(|row| (row % 5 != 0).then_some(row / 7)).collect();
    for (manner, prefetch) in [(PLAIN, 0), (Manner { total: false, granted: 3, ..PLAIN }, 0), (PLAIN, 3)] {
        let model = model(&times, Vec::new(), manner);
        let expected = read(&model, 4).await.unwrap();
        let source = Flaky(model, Mutex::default());
        let mut rows = read_all(source, Start { prefetch, ..range(4, None) });
        let (mut got, mut failures) = (Vec::new(), 0);
        while let Some(row) = rows.next().await {
            match row {
                Ok(row) => got.push(row.id),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Timeout);
                    failures += 1;
                }
            }
        }
        assert_eq!(got, expected);
        assert!(failures > 10, "{failures}");
    }
}
