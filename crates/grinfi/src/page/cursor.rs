//! Positions in a complete listing that outlive the process.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// A position in a complete listing: after the last row that it handed out.
///
/// Store it as text ([`Display`](fmt::Display), [`FromStr`], or serde) and give it to [`Search::resume`](crate::pagination::Search::resume)
/// in a later run, with the same listing and the same filter. Reading then goes on with the rows that come after it, ordered
/// by time; rows of the very time of the last row are told apart by their ids, which the cursor holds.
///
/// Reading on from a cursor misses what has no later time: edits and deletes of rows that were handed out, and rows that were
/// added since with an earlier time. Rows without a time come before all others; one that gets a time later comes then.
///
/// The text is opaque. Its length grows with the number of rows that share the last time.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    listing: String,
    filter: String,
    position: Position,
}

/// What has been handed out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Position {
    /// The time of the last row; `None` while no row with a time has been handed out.
    pub(crate) time: Option<DateTime<Utc>>,
    /// The ids of the rows of that time, or of the rows without a time.
    pub(crate) ids: Vec<String>,
    /// How many of these, from the end, are rows whose time cannot be decoded. They may be of the time that comes next.
    pub(crate) unreadable: usize,
}

/// What a position takes note of.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) id: Option<String>,
    pub(crate) time: Option<DateTime<Utc>>,
    /// Whether the row may have a time that cannot be decoded.
    pub(crate) is_unreadable: bool,
}

impl Position {
    /// Takes note of a row that was handed out.
    pub(crate) fn advance(&mut self, Mark { id, time, is_unreadable }: Mark) {
        if time.is_some() && time != self.time {
            self.time = time;
            self.ids.drain(..self.ids.len().saturating_sub(self.unreadable));
        }
        self.unreadable = if is_unreadable && id.is_some() { self.unreadable + 1 } else { 0 };
        self.ids.extend(id);
    }
}

/// The text of a cursor before it is encoded.
#[derive(Serialize, Deserialize)]
struct Encoded {
    #[serde(rename = "l")]
    listing: String,
    #[serde(rename = "f")]
    filter: String,
    #[serde(rename = "t")]
    micros: Option<i64>,
    #[serde(rename = "i")]
    ids: Vec<String>,
    #[serde(rename = "u", default, skip_serializing_if = "is_zero")]
    unreadable: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Cursor {
    /// A position in the listing of an operation with a filter.
    pub(crate) fn new(listing: &str, filter: &Map<String, Value>, position: Position) -> Self {
        Self { listing: listing.to_owned(), filter: fingerprint(filter), position }
    }

    /// The `operationId` of the listing.
    #[must_use]
    pub fn listing(&self) -> &str {
        &self.listing
    }

    /// The time of the last row that was handed out; `None` before the first row with a time.
    #[must_use]
    pub fn time(&self) -> Option<DateTime<Utc>> {
        self.position.time
    }

    /// The position, if the cursor is one of this listing with this filter.
    pub(crate) fn position_in(&self, listing: &str, filter: &Map<String, Value>) -> Result<Position> {
        if self.listing != listing {
            let message = format!("is a position in `{}`, not in `{listing}`", self.listing);
            return Err(Error::input("cursor", message));
        }
        if self.filter != fingerprint(filter) {
            let message = "is a position in this listing with another filter; resume with the filter that it was taken with";
            return Err(Error::input("cursor", message));
        }
        Ok(self.position.clone())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = Encoded {
            listing: self.listing.clone(),
            filter: self.filter.clone(),
            micros: self.position.time.map(|time| time.timestamp_micros()),
            ids: self.position.ids.clone(),
            unreadable: self.position.unreadable,
        };
        let json = serde_json::to_vec(&encoded).map_err(|_| fmt::Error)?;
        write!(f, "1.{}", URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let decoded = || {
            let json = URL_SAFE_NO_PAD.decode(text.trim().strip_prefix("1.")?).ok()?;
            let Encoded { listing, filter, micros, ids, unreadable } = serde_json::from_slice(&json).ok()?;
            let time = match micros {
                Some(micros) => Some(DateTime::from_timestamp_micros(micros)?),
                None => None,
            };
            Some(Self { listing, filter, position: Position { time, ids, unreadable } })
        };
        decoded().ok_or_else(|| Error::input("cursor", "is not the text of a cursor"))
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("listing", &self.listing)
            .field("time", &self.position.time)
            .field("ids", &self.position.ids.len())
            .finish_non_exhaustive()
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Tells filters apart: FNV-1a of the filter with its fields and lists sorted.
fn fingerprint(filter: &Map<String, Value>) -> String {
    fn sorted(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let mut fields: Vec<String> =
                    map.iter().map(|(key, value)| format!("{key:?}:{}", sorted(value))).collect();
                fields.sort_unstable();
                format!("{{{}}}", fields.join(","))
            }
            Value::Array(items) => {
                let mut items: Vec<String> = items.iter().map(sorted).collect();
                items.sort_unstable();
                format!("[{}]", items.join(","))
            }
            scalar => scalar.to_string(),
        }
    }
    let text = sorted(&Value::Object(filter.clone()));
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filter(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn survives_as_text_and_as_json() {
        let mut position = Position::default();
        for (id, second) in [("a", None), ("b", Some(1)), ("c", Some(1)), ("d", None)] {
            let time = second.and_then(|second| DateTime::from_timestamp(second, 123_456_000));
            position.advance(Mark { id: Some(id.to_owned()), time, is_unreadable: id == "d" });
        }
        let empty = Map::new();
        for position in [position, Position::default()] {
            let cursor = Cursor::new("searchContacts", &empty, position.clone());
            let parsed: Cursor = cursor.to_string().parse().unwrap();
            assert_eq!(parsed, cursor);
            let json = serde_json::to_string(&cursor).unwrap();
            assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
            assert_eq!(parsed.position_in("searchContacts", &empty).unwrap(), position);
        }
        for text in ["", "1.", "2.e30", "1.e30", "1.????", "abc"] {
            assert_eq!(text.parse::<Cursor>().unwrap_err().field(), Some("cursor"), "{text}");
        }
    }

    #[test]
    fn is_refused_in_another_listing_or_with_another_filter() {
        let with = |value| Cursor::new("searchContacts", &filter(value), Position::default());
        let cursor = with(json!({"tags": ["a", "b"], "name": "x"}));
        assert!(
            cursor.position_in("searchContacts", &filter(json!({"name": "x", "tags": ["b", "a"]}))).is_ok()
        );
        let error = cursor.position_in("searchContacts", &filter(json!({"name": "x"}))).unwrap_err();
        assert!(error.to_string().contains("another filter"), "{error}");
        let error = cursor.position_in("listTasks", &Map::new()).unwrap_err();
        assert!(error.to_string().contains("`searchContacts`, not in `listTasks`"), "{error}");
    }
}
