use std::sync::Mutex;

use super::*;

/// A server that answers from a script of envelopes, and notes what it was asked.
struct Script<F> {
    answer: F,
    asked: Arc<Mutex<Vec<(u32, u64)>>>,
}

impl<F: Fn(u32, u64) -> Page<u64> + Send + Sync + 'static> Source for Script<F> {
    type Item = u64;

    fn fetch(&self, limit: u32, offset: u64) -> BoxFuture<Result<Page<u64>>> {
        self.asked.lock().unwrap().push((limit, offset));
        let page = (self.answer)(limit, offset);
        Box::pin(async move { Ok(page) })
    }

    fn row_id(row: &u64) -> Option<String> {
        Some(row.to_string())
    }
}

const RANGE: Range = Range { limit: 4, offset: 0, max_items: None, window: None, paged: true };

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
    // The server grants 3 where 4 are asked, and says nothing of total or has_more.
    let (rows, asked) = read_all(RANGE, slice(8, 3)).await;
    assert_eq!(rows.unwrap(), (0..8).collect::<Vec<_>>());
    assert_eq!(asked, [(4, 0), (4, 3), (4, 6), (4, 8)]);
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
    assert_eq!((rows.unwrap_err().kind(), asked.len()), (Kind::Listing, 4));
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
    assert!(rows.unwrap_err().to_string().contains("no further than 10 rows"));
    assert_eq!(asked, [(4, 0), (4, 4), (2, 8)]);
    let fits = |limit, offset| with(slice(10, 4)(limit, offset), |page| page.total = Some(10));
    assert_eq!(read_all(range, fits).await.0.unwrap().len(), 10);
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
