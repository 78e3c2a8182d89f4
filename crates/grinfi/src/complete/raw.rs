//! Complete listings of requests that are put together by hand, as raw JSON.

use serde_json::{Map, Value, value::RawValue};

use super::{Start, read_pages};
use crate::{
    error::{Error, Result},
    page::{Pages, Position, TimeConditions, check_size},
    request::{Request, Rows},
    search::Order,
};

impl Request {
    /// The rows of a described listing, each exactly once while others are added, changed and removed, as raw JSON: what
    /// [`Search::complete`](crate::pagination::Search::complete) is for rows with types. `time` is the field that the rows are ordered by,
    /// set once and never changed; `filter` holds conditions, on that time as well. The JSON body is kept, and a filter in it
    /// is combined with `filter`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an operation that is no listing, a page size that it does not take, an order, two
    /// conditions on one field, a body that cannot be serialized, is no object or sets what the pages set, and for a cursor
    /// of another listing or filter.
    pub fn complete(
        self,
        time: &str,
        filter: Map<String, Value>,
        limit: u32,
        max_items: Option<u64>,
    ) -> Result<Pages<Box<RawValue>>> {
        let paging = self.paging()?;
        check_size(paging, limit)?;
        if self.has_order() {
            return Err(Error::input("order_by", "a complete listing has an order of its own"));
        }
        let mut request = if filter.is_empty() { self } else { self.filter(&filter)? };
        let (listing, cursor) = request.take_resume();
        let filter = request.take_filter()?;
        let position = match cursor {
            Some(cursor) => cursor.position_in(listing, &filter)?,
            None => Position::default(),
        };
        let conditions = TimeConditions::take(time, &mut filter.clone())?;
        let request = request.filter(&filter)?.order_by(time, Order::Asc);
        request.check_page(paging.at, limit, time)?;
        let start = Start {
            limit,
            window: paging.window,
            max_items,
            prefetch: 0,
            listing: listing.to_owned(),
            filter,
            position,
        };
        Ok(read_pages(Rows { request, at: paging.at, time: Some((time.to_owned(), conditions)) }, start))
    }
}
