//! Where a listing ends: the one rule for streams, raw pages and complete reading.

use super::Page;

/// How many rows one search reaches, `offset` and `limit` together, where the description names no other number.
pub(crate) const RESULT_WINDOW: u64 = 10_000;

/// Whether rows follow a page that ends at this offset; `None` where the envelope does not prove it either way.
///
/// A search may count no further than its result window. So a total that equals the window proves nothing beyond it, and
/// neither does a `has_more` of false beside such a total.
pub(crate) fn has_more<T>(page: &Page<T>, end: u64, window: Option<u64>) -> Option<bool> {
    let window = window.unwrap_or(RESULT_WINDOW);
    match (page.has_more, page.total) {
        (Some(true), _) => Some(true),
        (_, Some(total)) if total == window => (end < window).then_some(true),
        (Some(false), _) => Some(false),
        (None, total) => total.map(|total| total > end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn total_at_the_window_proves_nothing_beyond_it() {
        for (has_more, total, end, expected) in [
            (None, None, 5, None),
            (None, Some(5), 5, Some(false)),
            (None, Some(6), 5, Some(true)),
            (Some(false), Some(6), 5, Some(false)),
            (Some(true), Some(5), 5, Some(true)),
            (None, Some(10), 9, Some(true)),
            (None, Some(10), 10, None),
            (Some(false), Some(10), 10, None),
            (Some(true), Some(10), 10, Some(true)),
            (None, Some(11), 10, Some(true)),
        ] {
            let mut page = Page::<u8>::default();
            (page.has_more, page.total) = (has_more, total);
            assert_eq!(super::has_more(&page, end, Some(10)), expected, "{has_more:?} {total:?} {end}");
        }
    }
}
