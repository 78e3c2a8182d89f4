use std::sync::Mutex;

use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::*;
use crate::{error::ErrorKind, models::Row};

/// A server that answers from a script of envelopes, and notes what it was asked.
struct Script<F> {
    answer: F,
    asked: Arc<Mutex<Vec<(u32, u64)>>>,
}

impl<F: Fn(u32, u64) -> Page<u64> + Send + Sync + 'static> Source for Script<F> {
    type Item = u64;

    fn fetch(&self, _: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<u64>>> {
        self.asked.lock().unwrap().push((limit, offset));
        let page = (self.answer)(limit, offset);
        Box::pin(async move { Ok(page) })
    }

    fn id(&self, row: &u64) -> Option<String> {
        Some(row.to_string())
    }
}

const RANGE: Range = Range { limit: 4, offset: 0, max_items: None, window: None, paged: true, by_time: None };

async fn read_all(
    range: Range,
    answer: impl Fn(u32, u64) -> Page<u64> + Send + Sync + 'static,
) -> (Result<Vec<u64>>, Vec<(u32, u64)>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let items = Items::from(Pages::new(Script { answer, asked: asked.clone() }, range));
    let rows = items.collect().await;
    let asked = asked.lock().unwrap().clone();
    (rows, asked)
}

fn page(rows: impl IntoIterator<Item = u64>) -> Page<u64> {
    let mut page = Page::default();
    page.data = rows.into_iter().collect();
    page
}

fn with(mut page: Page<u64>, change: impl FnOnce(&mut Page<u64>)) -> Page<u64> {
    change(&mut page);
    page
}

fn slice(rows: u64, granted: u64) -> impl Fn(u32, u64) -> Page<u64> {
    move |limit, offset| page(offset.min(rows)..(offset + granted.min(limit.into())).min(rows))
}

#[tokio::test]
async fn the_offset_advances_by_what_came() {
    // The server grants 3 where 4 are asked, and says nothing of total or has_more. Twice, and 3 are asked.
    let (rows, asked) = read_all(RANGE, slice(8, 3)).await;
    assert_eq!(rows.unwrap(), (0..8).collect::<Vec<_>>());
    assert_eq!(asked, [(4, 0), (4, 3), (3, 6), (3, 8)]);
}

#[tokio::test]
async fn the_envelope_ends_the_listing_where_it_says_so() {
    let with_total = |limit, offset| with(slice(8, 4)(limit, offset), |page| page.total = Some(8));
    let (rows, asked) = read_all(RANGE, with_total).await;
    assert_eq!((rows.unwrap().len(), asked.len()), (8, 2));
    let with_more =
        |limit, offset| with(slice(8, 4)(limit, offset), |page| page.has_more = Some(offset == 0));
    let (rows, asked) = read_all(RANGE, with_more).await;
    assert_eq!((rows.unwrap().len(), asked.len()), (8, 2));
    // A short page with more to come is no end.
    let short = |limit, offset| with(slice(8, 2)(limit, offset), |page| page.has_more = Some(offset < 6));
    assert_eq!(read_all(RANGE, short).await.0.unwrap().len(), 8);
}

#[tokio::test]
async fn rows_that_slide_onto_the_next_page_are_not_repeated() {
    // Newest first; two rows are added on top after the first page.
    let answer = |_, offset: u64| match offset {
        0 => page([9, 8, 7, 6]),
        4 => page([7, 6, 5, 4]),
        8 => page([3, 2]),
        _ => page([]),
    };
    let (rows, _) = read_all(RANGE, answer).await;
    assert_eq!(rows.unwrap(), [9, 8, 7, 6, 5, 4, 3, 2]);
}

#[tokio::test]
async fn a_server_that_does_not_page_is_no_endless_loop() {
    let (rows, asked) = read_all(RANGE, |_, _| page([1, 2])).await;
    assert_eq!((rows.unwrap(), asked.len()), (vec![1, 2], 2));
    let (rows, asked) = read_all(RANGE, |_, _| page([1, 2, 3, 4])).await;
    assert_eq!((rows.unwrap_err().kind(), asked.len()), (ErrorKind::Listing, 4));
}

#[tokio::test]
async fn max_items_caps_rows_and_asks_for_no_more() {
    let range = Range { max_items: Some(6), ..RANGE };
    let (rows, asked) = read_all(range, slice(100, 4)).await;
    assert_eq!(rows.unwrap(), [0, 1, 2, 3, 4, 5]);
    assert_eq!(asked, [(4, 0), (2, 4)]);
    let (rows, asked) = read_all(Range { max_items: Some(0), ..RANGE }, slice(100, 4)).await;
    assert_eq!((rows.unwrap().len(), asked.len()), (0, 0));
}

#[tokio::test]
async fn the_window_is_an_error_and_not_an_end() {
    let range = Range { window: Some(10), ..RANGE };
    let with_total = |limit, offset| with(slice(12, 4)(limit, offset), |page| page.total = Some(12));
    let (rows, asked) = read_all(range, with_total).await;
    let error = rows.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Listing);
    assert!(
        error.to_string().contains("more rows than the 10") && error.to_string().contains("`complete()`"),
        "{error}"
    );
    assert_eq!(asked, [(4, 0), (4, 4), (2, 8)]);
    // A total that equals the window proves nothing, nor does a has_more beside it.
    for has_more in [None, Some(false)] {
        let capped = move |limit, offset| {
            with(slice(12, 4)(limit, offset), |page| {
                (page.total, page.has_more) = (Some(10), has_more.filter(|_| offset >= 8));
            })
        };
        assert_eq!(read_all(range, capped).await.0.unwrap_err().kind(), ErrorKind::Listing);
    }
    let fits = |limit, offset| with(slice(9, 4)(limit, offset), |page| page.total = Some(9));
    assert_eq!(read_all(range, fits).await.0.unwrap().len(), 9);
}

#[tokio::test]
async fn an_empty_listing_still_tells_its_total() {
    let answer = |_, _| with(page([]), |page| page.total = Some(0));
    let mut pages = Pages::new(Script { answer, asked: Arc::default() }, RANGE);
    assert_eq!(pages.total(), None);
    let first = StreamExt::next(&mut pages).await.unwrap().unwrap();
    assert_eq!((first.data.len(), pages.total()), (0, Some(0)));
    assert!(StreamExt::next(&mut pages).await.is_none());
}

#[tokio::test]
async fn a_repeated_page_with_more_to_come_is_an_error() {
    // Short, so that it could be all there is, but the envelope says otherwise.
    let answer = |_, _| with(page([1, 2]), |page| page.has_more = Some(true));
    let (rows, asked) = read_all(RANGE, answer).await;
    assert_eq!((rows.unwrap_err().kind(), asked.len()), (ErrorKind::Listing, 4));
}

#[tokio::test]
async fn more_to_come_and_nothing_given_is_an_error() {
    let answer = |_, offset| match offset {
        0 => with(page([1, 2]), |page| page.has_more = Some(true)),
        _ => with(page([]), |page| page.has_more = Some(true)),
    };
    let error = read_all(RANGE, answer).await.0.unwrap_err();
    assert!(error.to_string().contains("does not return them"), "{error}");
}

#[tokio::test]
async fn where_no_pages_are_described_only_the_envelope_leads_on() {
    let range = Range { paged: false, ..RANGE };
    let (rows, asked) = read_all(range, |_, _| page([1, 2, 3, 4])).await;
    assert_eq!((rows.unwrap(), asked.len()), (vec![1, 2, 3, 4], 1));
    let counted = |limit, offset| with(slice(6, 4)(limit, offset), |page| page.total = Some(6));
    assert_eq!(read_all(range, counted).await.0.unwrap(), [0, 1, 2, 3, 4, 5]);
    // What follows brings nothing new.
    for second in [&[] as &[u64], &[1]] {
        let stingy = move |_, offset| match offset {
            0 => with(page([1]), |page| page.total = Some(2)),
            _ => with(page(second.iter().copied()), |page| page.total = Some(2)),
        };
        assert_eq!(read_all(range, stingy).await.0.unwrap_err().kind(), ErrorKind::Listing, "{second:?}");
    }
}

fn sizes(asked: &[(u32, u64)]) -> Vec<u32> {
    asked.iter().map(|(limit, _)| *limit).collect()
}

#[tokio::test]
async fn the_size_shrinks_to_what_is_granted() {
    let range = Range { limit: 100, ..RANGE };
    // The envelope says it at once.
    let honest = |limit, offset| with(slice(50, 20)(limit, offset), |page| page.limit = Some(20));
    let (rows, asked) = read_all(range, honest).await;
    assert_eq!((rows.unwrap().len(), sizes(&asked)), (50, vec![100, 20, 20, 20]));
    // Without it, two pages on end that are equally short say it.
    let (rows, asked) = read_all(range, slice(50, 20)).await;
    assert_eq!((rows.unwrap().len(), sizes(&asked)), (50, vec![100, 100, 20, 20]));
    // One short page says nothing, nor does an envelope that only repeats what was asked.
    let once = |limit: u32, offset: u64| {
        let granted = if offset == 0 { 7 } else { limit.into() };
        with(slice(250, granted)(limit, offset), |page| page.limit = Some(limit.into()))
    };
    assert_eq!(sizes(&read_all(range, once).await.1), [100, 100, 100, 100, 100]);
}

/// A server that refuses pages of more than `largest` rows with `body`.
struct Refusing {
    largest: u32,
    status: u16,
    body: &'static str,
    asked: Arc<Mutex<Vec<u32>>>,
}

impl Source for Refusing {
    type Item = u64;

    fn fetch(&self, _: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<u64>>> {
        self.asked.lock().unwrap().push(limit);
        let status = StatusCode::from_u16(self.status).unwrap();
        let refused = Error::from_status(status, HeaderMap::new(), self.body.to_owned());
        let page =
            if limit > self.largest { Err(refused) } else { Ok(slice(150, limit.into())(limit, offset)) };
        Box::pin(async move { page })
    }

    fn id(&self, row: &u64) -> Option<String> {
        Some(row.to_string())
    }
}

async fn refused(largest: u32, status: u16, body: &'static str) -> (Result<Vec<u64>>, Vec<u32>) {
    let asked: Arc<Mutex<Vec<u32>>> = Arc::default();
    let source = Refusing { largest, status, body, asked: asked.clone() };
    let rows = Items::from(Pages::new(source, Range { limit: 1000, ..RANGE })).collect().await;
    let asked = asked.lock().unwrap().clone();
    (rows, asked)
}

#[tokio::test]
async fn a_size_that_is_refused_is_made_smaller() {
    let named = r#"{"error": {"message": "Invalid.", "data": {"limit": ["The limit may not be greater than 100."]}}}"#;
    let (rows, asked) = refused(100, 422, named).await;
    assert_eq!((rows.unwrap().len(), asked), (150, vec![1000, 100, 100, 100]));
    let unnamed = r#"{"message": "The limit is too large."}"#;
    let (rows, asked) = refused(300, 400, unnamed).await;
    assert_eq!((rows.unwrap().len(), asked), (150, vec![1000, 500, 250, 250]));
    // It ends somewhere.
    let (rows, asked) = refused(0, 400, unnamed).await;
    assert!(rows.unwrap_err().status() == Some(400) && asked.len() == 8, "{asked:?}");
    // What is about something else is not asked again.
    for (status, body) in [
        (
            422,
            r#"{"error": {"message": "Invalid.", "data": {"offset": ["The offset and the limit reach too far."]}}}"#,
        ),
        (422, r#"{"error": {"message": "Invalid.", "data": {"limit": ["x"], "filter": ["x"]}}}"#),
        (400, r#"{"message": "Bad filter, no limitation."}"#),
        (402, r#"{"message": "over the limit"}"#),
        (500, r#"{"message": "limit"}"#),
    ] {
        let (rows, asked) = refused(100, status, body).await;
        assert_eq!((rows.unwrap_err().status(), asked), (Some(status), vec![1000]), "{body}");
    }
}

/// Lets every task run as far as it can.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn reading_ahead_is_bounded_and_changes_nothing() {
    for count in 1..5 {
        let asked: Arc<Mutex<Vec<(u32, u64)>>> = Arc::default();
        let source = Script { answer: slice(40, 4), asked: asked.clone() };
        let mut pages = Pages::new(source, RANGE).prefetch(count);
        settle().await;
        assert_eq!(asked.lock().unwrap().len(), 0, "sent before the first poll");
        let mut rows = Vec::new();
        let mut handed = 0;
        while let Some(page) = StreamExt::next(&mut pages).await {
            rows.extend(page.unwrap().data);
            handed += 1;
            settle().await;
            // Ten pages, and an empty one that tells the end.
            assert_eq!(asked.lock().unwrap().len(), (handed + count).min(11), "{handed} handed out");
        }
        assert_eq!(rows, (0..40).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn reading_ahead_keeps_to_max_items_and_the_window() {
    let range = Range { max_items: Some(6), ..RANGE };
    let asked: Arc<Mutex<Vec<(u32, u64)>>> = Arc::default();
    let pages = Pages::new(Script { answer: slice(100, 4), asked: asked.clone() }, range).prefetch(9);
    assert_eq!(Items::from(pages).collect().await.unwrap().len(), 6);
    assert_eq!(*asked.lock().unwrap(), [(4, 0), (2, 4)]);

    // The error of the window comes after the rows before it, and ends the stream.
    let range = Range { window: Some(8), ..RANGE };
    let pages = Pages::new(Script { answer: slice(100, 4), asked: Arc::default() }, range).prefetch(9);
    let mut rows = Items::from(pages);
    for expected in 0..8 {
        assert_eq!(rows.next().await.unwrap().unwrap(), expected);
        settle().await;
    }
    assert_eq!(rows.next().await.unwrap().unwrap_err().kind(), ErrorKind::Listing);
    assert!(rows.next().await.is_none() && rows.next().await.is_none());
}

/// A server that fails some of its requests.
struct Failing {
    rows: u64,
    /// The kinds of the failures of the requests, in their order; `None` for a success.
    failures: Mutex<Vec<Option<ErrorKind>>>,
    asked: Arc<Mutex<Vec<u64>>>,
}

impl Source for Failing {
    type Item = u64;

    fn fetch(&self, _: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<u64>>> {
        self.asked.lock().unwrap().push(offset);
        let failure = self.failures.lock().unwrap().pop().flatten();
        let page = match failure {
            Some(kind) => Err(Error::new(kind, "made to fail")),
            None => Ok(slice(self.rows, 4)(limit, offset)),
        };
        Box::pin(async move { page })
    }

    fn id(&self, row: &u64) -> Option<String> {
        Some(row.to_string())
    }
}

#[tokio::test]
async fn goes_on_after_an_error_where_it_was() {
    for prefetch in [0, 1, 3] {
        let asked: Arc<Mutex<Vec<u64>>> = Arc::default();
        let failures =
            [None, Some(ErrorKind::Timeout), Some(ErrorKind::Connect), None, Some(ErrorKind::Decode)];
        let failures = Mutex::new(failures.into_iter().rev().collect());
        let source = Failing { rows: 10, failures, asked: asked.clone() };
        let mut rows = Items::from(Pages::new(source, RANGE).prefetch(prefetch));
        let (mut got, mut failed) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next().await {
            match row {
                Ok(row) => got.push(row),
                Err(error) => {
                    let requests = asked.lock().unwrap().len();
                    settle().await;
                    assert_eq!(asked.lock().unwrap().len(), requests, "requested again before the next poll");
                    failed.push((got.len(), error.kind()));
                }
            }
        }
        assert_eq!(got, (0..10).collect::<Vec<_>>());
        assert_eq!(failed, [(4, ErrorKind::Timeout), (4, ErrorKind::Connect), (8, ErrorKind::Decode)]);
        assert_eq!(*asked.lock().unwrap(), [0, 4, 4, 4, 8, 8, 10]);
        assert!(rows.next().await.is_none());
    }
}

#[tokio::test]
async fn ends_after_an_error_that_is_final() {
    for prefetch in [0, 2] {
        let mut rows = Items::from(Pages::<u64>::failed(Error::input("limit", "x")).prefetch(prefetch));
        assert!(rows.next().await.unwrap().unwrap_err().is_invalid_input());
        assert!(rows.next().await.is_none() && rows.next().await.is_none());
    }
}

/// The slice and the offset of a request.
type Asked = (Option<Slice>, u64);

/// A search of rows by time that reaches `window` rows and counts no further, newest first or oldest first.
struct Windowed {
    /// Rows by their number, with the second that they are of.
    rows: Vec<(u64, Option<i64>)>,
    order: Order,
    window: u64,
    counts: bool,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Source for Windowed {
    type Item = (u64, Option<i64>);

    fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Self::Item>>> {
        assert!(offset + u64::from(limit) <= self.window, "past the window: {offset} {limit}");
        self.asked.lock().unwrap().push((slice, offset));
        let mut found = self.rows.clone();
        found.retain(|row| match (slice, self.time(row)) {
            (None, _) => true,
            (Some(Slice::Timeless), time) => time.is_none(),
            (Some(Slice::From(from)), Some(time)) => time >= from,
            (Some(Slice::UpTo(to)), Some(time)) => time <= to,
            (Some(_), _) => false,
        });
        // As SQL has it: rows without a time come first in one direction and last in the other.
        found.sort_by_key(|(id, second)| (*second, *id));
        if self.order == Order::Desc {
            found.reverse();
        }
        let total = (found.len() as u64).min(self.window);
        let mut page = Page::default();
        page.data = found.into_iter().skip(offset as usize).take(limit as usize).collect();
        page.total = self.counts.then_some(total);
        Box::pin(async move { Ok(page) })
    }

    fn id(&self, (id, _): &Self::Item) -> Option<String> {
        Some(id.to_string())
    }

    fn time_field(&self) -> Option<&str> {
        Some("at")
    }

    fn time(&self, (_, second): &Self::Item) -> Option<DateTime<Utc>> {
        second.and_then(|second| DateTime::from_timestamp(second, 0))
    }
}

async fn windowed(seconds: &[Option<i64>], order: Order, window: u64, counts: bool) -> Result<Vec<u64>> {
    let rows: Vec<_> = seconds.iter().copied().enumerate().map(|(id, second)| (id as u64, second)).collect();
    let source = Windowed { rows, order, window, counts, asked: Arc::default() };
    let range = Range { window: Some(window), by_time: Some(order), ..RANGE };
    Ok(Items::from(Pages::new(source, range)).collect().await?.into_iter().map(|(id, _)| id).collect())
}

#[tokio::test]
async fn goes_on_past_the_result_window_by_itself() {
    for order in [Order::Desc, Order::Asc] {
        for counts in [false, true] {
            // Two rows share each second; some have none.
            let seconds: Vec<Option<i64>> = (0..57).map(|id| (id % 10 != 9).then_some(id / 2)).collect();
            for window in [8, 12, 13, 40, 57, 60] {
                let got = windowed(&seconds, order, window, counts).await;
                let got = got.unwrap_or_else(|error| panic!("{order:?} {window}: {error}"));
                let mut sorted = got.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..57).collect::<Vec<_>>(), "{order:?} {window} {counts}");
                let times = got.iter().filter_map(|id| seconds[*id as usize]);
                assert!(match order {
                    Order::Asc => times.is_sorted(),
                    Order::Desc => times.rev().is_sorted(),
                });
            }
        }
    }
}

#[tokio::test]
async fn never_just_ends_at_the_result_window() {
    // More rows of one second than the window reaches.
    let error = windowed(&[Some(1); 20], Order::Desc, 8, true).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Listing);
    assert!(
        error.to_string().contains("share one time") && error.to_string().contains("`complete()`"),
        "{error}"
    );
    let error = windowed(&[None; 20], Order::Desc, 8, false).await.unwrap_err();
    assert!(error.to_string().contains("none of them has a time"), "{error}");
    // Exactly as many as the window reaches are all there are.
    assert_eq!(windowed(&(0..8).map(Some).collect::<Vec<_>>(), Order::Desc, 8, true).await.unwrap().len(), 8);
    // Max items end it before.
    let rows = (0..20).map(|id| (id, Some(id as i64))).collect();
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let source = Windowed { rows, order: Order::Desc, window: 8, counts: true, asked: asked.clone() };
    let range = Range { window: Some(8), by_time: Some(Order::Desc), max_items: Some(10), ..RANGE };
    assert_eq!(Items::from(Pages::new(source, range)).collect().await.unwrap().len(), 10);
    assert_eq!(asked.lock().unwrap().len(), 4);
    // The API does not keep to the order.
    let rows = [5, 3, 4, 9, 1, 2, 8, 7, 6, 0].map(|second| (second, Some(second as i64))).to_vec();
    let source = Windowed { rows, order: Order::Asc, window: 8, counts: true, asked: Arc::default() };
    let range = Range { window: Some(8), by_time: Some(Order::Desc), ..RANGE };
    let error = Items::from(Pages::new(source, range)).collect().await.unwrap_err();
    assert!(error.to_string().contains("in the order of their time"), "{error}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Every row comes once, in whatever way they share seconds, as long as fewer share one than the window reaches.
    #[test]
    fn reads_every_row_past_the_window_once(
        seconds in proptest::collection::vec(proptest::option::weighted(0.9, 0..12_i64), 0..60),
        window in 4..40_u64,
        counts: bool,
        newest_first: bool,
    ) {
        let order = if newest_first { Order::Desc } else { Order::Asc };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(windowed(&seconds, order, window, counts)) {
            Ok(mut got) => {
                got.sort_unstable();
                proptest::prop_assert_eq!(got, (0..seconds.len() as u64).collect::<Vec<_>>());
            }
            // It can only fail where as many rows share a time, or have none, as the window reaches.
            Err(error) => {
                proptest::prop_assert_eq!(error.kind(), ErrorKind::Listing);
                let most = seconds.iter().map(|one| seconds.iter().filter(|other| *other == one).count()).max();
                proptest::prop_assert!(most.unwrap_or(0) as u64 >= window, "{}", error);
            }
        }
    }
}

/// A server whose second page never comes.
struct Stalling(Arc<AtomicUsize>);

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Source for Stalling {
    type Item = u64;

    fn fetch(&self, _: Option<Slice>, _: u32, offset: u64) -> BoxFuture<Result<Page<u64>>> {
        let running = self.0.clone();
        Box::pin(async move {
            running.fetch_add(1, Ordering::SeqCst);
            let _running = Counted(running);
            if offset > 0 {
                std::future::pending::<()>().await;
            }
            Ok(page([1, 2]))
        })
    }

    fn id(&self, row: &u64) -> Option<String> {
        Some(row.to_string())
    }
}

#[tokio::test]
async fn dropping_the_stream_ends_the_request_that_was_ahead() {
    let running: Arc<AtomicUsize> = Arc::default();
    let mut rows = Items::from(Pages::new(Stalling(running.clone()), RANGE).prefetch(3));
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    settle().await;
    assert_eq!(running.load(Ordering::SeqCst), 1);
    // A wait for the next row that is given up loses nothing and stops nothing.
    rows.next().await.unwrap().unwrap();
    assert!(tokio::time::timeout(std::time::Duration::ZERO, rows.next()).await.is_err());
    assert_eq!(running.load(Ordering::SeqCst), 1);
    drop(rows);
    settle().await;
    assert_eq!(running.load(Ordering::SeqCst), 0);
}

/// A row that has to have a whole number.
#[derive(Debug, PartialEq, Deserialize)]
struct Numbered {
    uuid: String,
    n: i64,
}

impl Row for Numbered {
    fn row_id(&self) -> Option<String> {
        Some(self.uuid.clone())
    }
}

/// A server of bodies, by offset.
struct Bodies(fn(u64) -> &'static str);

impl Source for Bodies {
    type Item = Numbered;

    fn fetch(&self, _: Option<Slice>, _: u32, offset: u64) -> BoxFuture<Result<Page<Numbered>>> {
        let body = Bytes::from_static((self.0)(offset).as_bytes());
        let page = serde_json::from_slice(&body).map_err(|source| Error::decode(body, source));
        Box::pin(async move { page })
    }

    fn id(&self, row: &Numbered) -> Option<String> {
        row.row_id()
    }
}

fn odd(offset: u64) -> &'static str {
    match offset {
        0 => r#"{"data": [{"uuid": "a", "n": 1}, {"uuid": "b", "n": "x"}, {"n": []}], "total": 5}"#,
        // The odd one slid down.
        3 => r#"{"data": [{"uuid": "b", "n": "x"}, {"uuid": "c", "n": 3}], "total": 5}"#,
        _ => "[]",
    }
}

#[tokio::test]
async fn a_row_that_does_not_decode_fails_its_page_and_is_named() {
    let error = Items::from(Pages::new(Bodies(odd), RANGE)).collect().await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("$.data[1].n"));
    assert_eq!(error.record(), Some(&br#"{"uuid": "b", "n": "x"}"#[..]));
    assert!(error.to_string().contains("unexpected response at `$.data[1].n`"), "{error}");
}

#[tokio::test]
async fn a_row_that_does_not_decode_is_handed_over_when_asked() {
    let rows =
        Items::from(Pages::new(Kept { source: Bodies(odd), by_text: false }, RANGE)).collect().await.unwrap();
    let shown: Vec<String> = rows
        .iter()
        .map(|row| match row {
            Ok(row) => format!("{} {}", row.uuid, row.n),
            Err(row) => format!("{:?} {} {} {}", row.id(), row.index(), row.json_path(), row.record()),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a 1",
            r#"Some("b") 1 $.n {"uuid": "b", "n": "x"}"#,
            r#"None 2 $.n {"n": []}"#,
            // Not twice, by its id.
            "c 3",
        ]
    );
    let error = rows[1].as_ref().unwrap_err();
    assert!(!format!("{error:?}").contains("uuid"), "{error:?}");
    assert!(error.to_string().starts_with("row 1 does not fit at `$.n`: expected "), "{error}");
}

#[tokio::test]
async fn what_is_no_page_is_an_error_for_whoever_keeps_rows_too() {
    for body in [r#"{"rows": []}"#, "<html>", "", r#"{"data": 7}"#, r#"{"data": [{"uuid": "a", "n": 1}"#] {
        let source = Bodies(match body {
            "" => |_| "",
            "<html>" => |_| "<html>",
            r#"{"rows": []}"# => |_| r#"{"rows": []}"#,
            r#"{"data": 7}"# => |_| r#"{"data": 7}"#,
            _ => |_| r#"{"data": [{"uuid": "a", "n": 1}"#,
        });
        let error =
            Items::from(Pages::new(Kept { source, by_text: false }, RANGE)).collect().await.unwrap_err();
        assert!(error.is_decode(), "{body}");
    }
}
