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
    /// The ids of rows without a time that came before the slice of these.
    read_timeless: HashSet<String>,
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
            read_timeless: HashSet::new(),
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
    ///
    /// The rows are in the order of their time, so that the times of the first and of the last ones tell all that is needed.
    pub(super) fn pass<T>(
        &mut self,
        mut rows: Vec<(T, Option<&str>)>,
        time: impl Fn(&T) -> Option<DateTime<Utc>>,
    ) -> Vec<T> {
        if let (Some(order), [(first, _), ..], [.., (last, _)]) = (self.order, &rows[..], &rows[..]) {
            let (first, last) = (time(first), time(last));
            let is_ordered = match (first, last, order) {
                (Some(first), Some(last), Order::Asc) => first <= last,
                (Some(first), Some(last), Order::Desc) => first >= last,
                _ => true,
            };
            if !is_ordered {
                self.obstacle = Some("the API did not return them in the order of their time");
            }
            let is_of_last = |(row, _): &(T, Option<&str>)| time(row).is_none_or(|time| Some(time) == last);
            let start = match (first, last) {
                (Some(_), Some(_)) => {
                    rows.iter().rposition(|row| !is_of_last(row)).map_or(0, |before| before + 1)
                }
                _ => 0,
            };
            if start > 0 {
                self.recent.clear();
            }
            for (row, id) in rows.iter().skip(start) {
                self.note(*id, time(row));
            }
        }
        if self.slice.is_some() {
            let is_timeless = self.slice == Some(Slice::Timeless);
            rows.retain(|(_, id)| {
                id.is_none_or(|id| {
                    !(self.overlap.contains(id) || is_timeless && self.read_timeless.contains(id))
                })
            });
        }
        rows.into_iter().map(|(row, _)| row).collect()
    }

    fn note(&mut self, id: Option<&str>, time: Option<DateTime<Utc>>) {
        if time.is_some() && time != self.last {
            self.last = time;
            self.recent.clear();
        }
        let Some(id) = id else {
            self.obstacle = Some("a row without an id cannot be recognized again");
            return;
        };
        self.recent.insert(id.to_owned());
        if time.is_none() && self.slice != Some(Slice::Timeless) {
            self.read_timeless.insert(id.to_owned());
        }
    }
}
