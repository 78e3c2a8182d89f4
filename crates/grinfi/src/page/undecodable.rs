//! Rows that do not decode, handed over in place of failing the page.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};

use super::{BoxFuture, Page, Slice, Source, row::WRAPPERS};
use crate::{
    decode,
    error::{Mismatch, Result},
    models::Row,
};

/// A row of a listing that does not fit what is known of it, as it came.
///
/// `Debug` and `Display` say where it does not fit; the record itself, which is about people, they leave out.
pub struct UndecodableRow {
    operation: Option<&'static str>,
    index: usize,
    path: String,
    record: Box<RawValue>,
    source: Mismatch,
}

impl UndecodableRow {
    /// The `operationId` of the listing.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation
    }

    /// Its place in the page that it came with, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// What does not fit, as a path in the record (RFC 9535): `$.lead.created_at`.
    #[must_use]
    pub fn json_path(&self) -> &str {
        &self.path
    }

    /// The record, JSON as it came.
    #[must_use]
    pub fn record(&self) -> &str {
        self.record.get()
    }

    /// The id of the record, `uuid` or `id`, if that much can be read.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        find(&self.value(), &|record| {
            let id = record.get("uuid").or_else(|| record.get("id"))?;
            id.as_str().map(str::to_owned).or_else(|| id.as_number().map(ToString::to_string))
        })
    }

    /// The time under this name, if that much can be read.
    pub(crate) fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        find(&self.value(), &|record| grinfi_raw::decoders::opt_time(record.get(name)?).ok()?)
    }

    fn value(&self) -> Value {
        serde_json::from_str(self.record.get()).unwrap_or_default()
    }
}

/// Looks in a record, or in the record that it wraps.
fn find<T>(record: &Value, look: &impl Fn(&Value) -> Option<T>) -> Option<T> {
    let inner = || WRAPPERS.iter().find_map(|key| find(record.get(key)?, look));
    look(record).or_else(inner)
}

impl fmt::Display for UndecodableRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, "{operation}: ")?;
        }
        write!(f, "row {} does not fit at `{}`: {}", self.index, self.path, self.source)
    }
}

impl fmt::Debug for UndecodableRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UndecodableRow")
            .field("operation", &self.operation)
            .field("index", &self.index)
            .field("json_path", &self.path)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for UndecodableRow {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl<T: Row> Row for Result<T, UndecodableRow> {
    fn row_id(&self) -> Option<String> {
        match self {
            Ok(row) => row.row_id(),
            Err(row) => row.id(),
        }
    }
}

/// The rows of a page, those that do not decode for themselves. Takes what fetching the page came to, so that a page that
/// decodes is decoded once.
pub(crate) fn keep<T: DeserializeOwned>(page: Result<Page<T>>) -> Result<Page<Result<T, UndecodableRow>>> {
    let error = match page {
        Ok(page) => return Ok(page.map(Ok)),
        Err(error) => error,
    };
    let Some(body) = error.undecoded() else { return Err(error) };
    // Not a page envelope.
    let Ok(page) = serde_json::from_slice::<Page<&RawValue>>(body) else { return Err(error) };
    let operation = error.operation_id();
    let mut index = 0..;
    Ok(page.map(|row| {
        let index = index.next().unwrap_or_default();
        serde_json::from_str(row.get()).map_err(|source| {
            let path = decode::path(row.get().as_bytes(), &source).unwrap_or_else(|| "$".to_owned());
            UndecodableRow { operation, index, path, record: row.to_owned(), source: Mismatch::from(&source) }
        })
    }))
}

/// A source whose rows that do not decode are handed over.
pub(crate) struct Kept<S> {
    pub(crate) source: S,
    /// Whether a record without an id is identified by its text.
    pub(crate) by_text: bool,
}

impl<S: Source<Item: DeserializeOwned>> Source for Kept<S> {
    type Item = Result<S::Item, UndecodableRow>;

    fn fetch(&self, slice: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<Self::Item>>> {
        let page = self.source.fetch(slice, limit, offset);
        Box::pin(async move { keep(page.await) })
    }

    fn id(&self, row: &Self::Item) -> Option<String> {
        match row {
            Ok(row) => self.source.id(row),
            Err(row) => row.id().or_else(|| self.by_text.then(|| row.record().to_owned())),
        }
    }

    fn time_field(&self) -> Option<&str> {
        self.source.time_field()
    }

    fn time(&self, row: &Self::Item) -> Option<DateTime<Utc>> {
        match row {
            Ok(row) => self.source.time(row),
            Err(row) => row.time(self.time_field()?),
        }
    }

    fn is_unreadable(&self, row: &Self::Item) -> bool {
        row.is_err() && self.time(row).is_none()
    }
}
