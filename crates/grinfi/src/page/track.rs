//! Tracks the position after the rows that a stream has handed out.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    Source,
    cursor::{Cursor, Mark, Position},
};

/// The position in a complete listing.
pub(crate) struct Tracker<T> {
    listing: String,
    filter: Map<String, Value>,
    mark: Arc<dyn Fn(&T) -> Mark + Send + Sync>,
    position: Position,
    /// The rows of the last page, not yet in the position.
    page: Vec<Mark>,
}

impl<T> Tracker<T> {
    /// Starts at a position in the listing of an operation with a filter.
    pub(crate) fn new<S: Source<Item = T>>(
        source: Arc<S>,
        listing: &str,
        filter: Map<String, Value>,
        position: Position,
    ) -> Self {
        let mark = Arc::new(move |row: &T| Mark {
            id: source.id(row),
            time: source.time(row),
            is_unreadable: source.is_unreadable(row),
        });
        Self { listing: listing.to_owned(), filter, mark, position, page: Vec::new() }
    }

    /// Takes note of a row that was handed out.
    pub(crate) fn advance(&mut self, row: &T) {
        self.position.advance((self.mark)(row));
    }

    /// Moves the position behind the last page.
    pub(crate) fn finish_page(&mut self) {
        self.page.drain(..).for_each(|mark| self.position.advance(mark));
    }

    /// Takes note of a page that was handed out.
    pub(crate) fn start_page(&mut self, rows: &[T]) {
        self.finish_page();
        self.page.extend(rows.iter().map(|row| (self.mark)(row)));
    }

    /// The position after everything that was handed out.
    pub(crate) fn cursor(&self) -> Cursor {
        self.cursor_after(self.page.len())
    }

    /// The position after the first `rows` rows of the last page.
    pub(crate) fn cursor_after(&self, rows: usize) -> Cursor {
        let mut position = self.position.clone();
        self.page.iter().take(rows).cloned().for_each(|mark| position.advance(mark));
        Cursor::new(&self.listing, &self.filter, position)
    }
}
