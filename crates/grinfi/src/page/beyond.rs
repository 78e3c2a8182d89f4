//! Goes on where one search reaches no further: from the time of the last row, in the same order.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::Slice;
use crate::search::Order;

/// What has been read of a listing that is ordered by a time, and the slice that is being read.
pub(super) struct Beyond {
    /// The direction of the order by time; `None` if the listing has another order.
    order: Option<Order>,
    slice: Option<Slice>,
    /// The time of the last row that has one.
    last: Option<DateTime<Utc>>,
    /// The ids of the rows since the first of that time.
    recent: HashSet<String>,
    /// The ids of rows that the slice repeats.
    overlap: HashSet<String>,
    /// The ids of rows without a time.
    timeless: HashSet<String>,
    /// Why the listing cannot be continued, if it cannot.
    obstacle: Option<&'static str>,
}

impl Beyond {
    pub(super) fn new(order: Option<Order>) -> Self {
        Self {
            order,
            slice: None,
            last: None,
            recent: HashSet::new(),
            overlap: HashSet::new(),
            timeless: HashSet::new(),
            obstacle: None,
        }
    }

    /// The slice to request; `None` for the listing as it is.
    pub(super) fn slice(&self) -> Option<Slice> {
        self.slice
    }

    /// Whether another slice follows the one that is being read.
    pub(super) fn has_another_slice(&self) -> bool {
        !matches!(self.slice, None | Some(Slice::Timeless))
    }

    /// Starts with the rows without a time, which no slice by time has.
    pub(super) fn take_next_slice(&mut self) {
        self.slice = Some(Slice::Timeless);
    }

    /// Starts a slice from the time of the last row, or says why there is none.
    pub(super) fn go_beyond(&mut self) -> Result<(), &'static str> {
        let order = self.order.ok_or("this order cannot be continued by a filter")?;
        if let Some(obstacle) = self.obstacle {
            return Err(obstacle);
        }
        let last = self.last.ok_or("none of them has a time to continue from")?;
        let slice = Some(match order {
            Order::Asc => Slice::From(last),
            Order::Desc => Slice::UpTo(last),
        });
        if self.slice == slice || self.slice == Some(Slice::Timeless) {
            return Err("as many share one time or have none");
        }
        self.slice = slice;
        self.overlap.clone_from(&self.recent);
        Ok(())
    }

    /// Takes note of the rows of a page, and drops those that were read before the slice.
    pub(super) fn pass<'a, T>(
        &mut self,
        rows: impl Iterator<Item = (Option<DateTime<Utc>>, Option<&'a str>, T)>,
    ) -> Vec<T> {
        let Some(order) = self.order else { return rows.map(|(_, _, row)| row).collect() };
        let mut before = None;
        let mut passed = Vec::with_capacity(rows.size_hint().0);
        for (time, id, row) in rows {
            if let Some(time) = time {
                let is_ordered = before.is_none_or(|before| match order {
                    Order::Asc => before <= time,
                    Order::Desc => before >= time,
                });
                if !is_ordered {
                    self.obstacle = Some("the API did not return them in the order of their time");
                }
                before = Some(time);
                if self.last != Some(time) {
                    self.last = Some(time);
                    self.recent.clear();
                }
            }
            let Some(id) = id else {
                self.obstacle = Some("a row without an id cannot be recognized again");
                passed.push(row);
                continue;
            };
            let is_known = self.overlap.contains(id) || self.slice == Some(Slice::Timeless) && self.timeless.contains(id);
            self.recent.insert(id.to_owned());
            if time.is_none() {
                self.timeless.insert(id.to_owned());
            }
            if !is_known {
                passed.push(row);
            }
        }
        passed
    }
}
