//! The same for a request put together by hand, row by row as raw JSON.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use grinfi_raw::operation::PagingAt;
use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::{Range, Slice, Source, read_pages};
use crate::{
    error::{Error, Result},
    page::{self, BoxFuture, Fields, Page, Pages, check_size},
    request::{Request, Rows},
};

impl Request {
    /// The rows of a described listing, each exactly once while others are added, changed and removed, as raw JSON: what
    /// [`Search::complete`](crate::Search::complete) is for rows with types. `time` is the field that the rows are ordered by,
    /// set once and never changed; `filter` holds the conditions, and none on that time.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an operation that is no listing, a page size that it does not take, or a condition on the
    /// time.
    pub fn complete(
        self,
        time: &str,
        filter: Map<String, Value>,
        limit: u32,
        max_items: Option<u64>,
    ) -> Result<Pages<Box<RawValue>>> {
        let paging = self.paging()?;
        check_size(paging, limit)?;
        if filter.contains_key(time) {
            let why = "a complete listing is cut by this time itself; filter the rows that come";
            return Err(Error::input(time, why));
        }
        let rows = RawRows { request: self, at: paging.at, time: time.to_owned(), filter };
        let pages =
            read_pages(rows, Range { limit, window: paging.window, max_items, prefetch: 0 }).map_ok(|page| {
                let mut raw = Page::default();
                raw.data = page.data.into_iter().map(|found| found.row).collect();
                raw
            });
        Ok(Pages::from_stream(pages))
    }
}

struct RawRows {
    request: Request,
    at: PagingAt,
    time: String,
    filter: Map<String, Value>,
}

/// A row with the time that it was found by.
struct Found {
    row: Box<RawValue>,
    time: Option<DateTime<Utc>>,
}

impl Source for RawRows {
    type Item = Found;

    fn fetch(&self, slice: Slice, limit: u32, offset: u64) -> BoxFuture<Result<Page<Found>>> {
        let mut filter = self.filter.clone();
        filter.insert(self.time.clone(), slice.condition());
        let request = self.request.clone();
        let request = match self.at {
            PagingAt::Body => {
                request.json(&json!({"order_field": self.time, "order_type": "asc"})).filter(&filter)
            }
            _ => request.query("order_field", &self.time).query("order_type", "asc").filter(&filter),
        };
        let (at, time) = (self.at, self.time.clone());
        Box::pin(async move {
            let page = page::Source::fetch(&Rows { request: request?, at }, limit, offset).await?;
            let mut found = Page::default();
            (found.total, found.limit, found.offset) = (page.total, page.limit, page.offset);
            found.has_more = page.has_more;
            found.data =
                page.data.into_iter().map(|row| Found { time: time_of(row.get(), &time), row }).collect();
            Ok(found)
        })
    }

    fn id(found: &Found) -> Option<String> {
        <Rows as page::Source>::row_id(&found.row)
    }

    fn time(found: &Found) -> Option<DateTime<Utc>> {
        found.time
    }
}

/// A time that may be spelled in more than one way.
#[derive(Deserialize)]
struct Time(#[serde(deserialize_with = "grinfi_raw::lenient::opt_time")] Option<DateTime<Utc>>);

/// The time of a row, flat or wrapped.
fn time_of(row: &str, field: &str) -> Option<DateTime<Utc>> {
    let (mut time, mut wrapped) = (None, None);
    for (name, value) in Fields::of(row)? {
        if name == field {
            time = Some(value);
        } else if matches!(name, "lead" | "company") {
            wrapped = wrapped.or(Some(value));
        }
    }
    match time {
        Some(time) => serde_json::from_str::<Time>(time).ok()?.0,
        None => time_of(wrapped?, field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_row_is_found_where_it_stands() {
        let time = |row: &str| time_of(row, "at");
        let expected = "2026-02-03T15:55:04Z".parse().ok();
        assert_eq!(time(r#"{"at": "2026-02-03T15:55:04.000000Z"}"#), expected);
        assert_eq!(time(r#"{"lead": {"at": "2026-02-03 15:55:04"}, "flows": []}"#), expected);
        assert_eq!(time(r#"{"at": null}"#), None);
        assert_eq!(time("[]"), None);
    }
}
