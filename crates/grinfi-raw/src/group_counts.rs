//! Counts by value.

use std::{collections::BTreeMap, fmt, ops::Deref};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

/// Counts by the value of the grouping field.
///
/// Decodes from an object from value to number and from `{"data": [{"value": …, "count": …}]}`; the API sends both. A null
/// value, such as the error code of a task without one, is the empty string.
///
/// ```
/// let counts: grinfi_raw::GroupCounts =
///     serde_json::from_str(r#"{"data": [{"value": "failed", "count": 3}, {"value": null, "count": "1"}]}"#).unwrap();
/// assert_eq!((counts["failed"], counts[""]), (3, 1));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct GroupCounts(BTreeMap<String, i64>);

impl GroupCounts {
    /// Returns the counts by value.
    #[must_use]
    pub fn into_inner(self) -> BTreeMap<String, i64> {
        self.0
    }
}

impl Deref for GroupCounts {
    type Target = BTreeMap<String, i64>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'de> Deserialize<'de> for GroupCounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GroupCountsVisitor).map(Self)
    }
}

/// Visitor that decodes both forms.
struct GroupCountsVisitor;

impl<'de> Visitor<'de> for GroupCountsVisitor {
    type Value = BTreeMap<String, i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("counts by value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut counts = BTreeMap::new();
        let mut rows = None;
        while let Some(name) = map.next_key::<String>()? {
            // `data` can be the value of a group.
            if name == "data" {
                match map.next_value()? {
                    Data::Rows(found) => rows = Some(found.0),
                    Data::Count(count) => drop(counts.insert(name, count)),
                }
            } else {
                counts.insert(name, map.next_value::<GroupCount>()?.0);
            }
        }
        Ok(rows.unwrap_or(counts))
    }

    /// Decodes an empty map, which PHP writes as `[]`, or rows without an envelope.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut counts = BTreeMap::new();
        while let Some(GroupRow { value, count }) = seq.next_element()? {
            let value = match value {
                Value::Null => String::new(),
                Value::String(text) => text,
                other => other.to_string(),
            };
            counts.insert(value, count);
        }
        Ok(counts)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }
}

/// A count, or a count as a string.
#[derive(Deserialize)]
struct GroupCount(#[serde(deserialize_with = "crate::decoders::int")] i64);

/// A row of counts.
#[derive(Deserialize)]
struct GroupRow {
    #[serde(default)]
    value: Value,
    #[serde(deserialize_with = "crate::decoders::int")]
    count: i64,
}

/// Value of `data`: rows, or the count of a group of that name.
enum Data {
    Rows(GroupCounts),
    Count(i64),
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            rows @ Value::Array(_) => GroupCounts::deserialize(rows).map(Self::Rows),
            count => crate::decoders::int(count).map(Self::Count),
        }
        .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, i64)>, String> {
        let counts: Result<GroupCounts, _> = serde_json::from_str(text);
        counts.map(|counts| counts.into_inner().into_iter().collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn decodes_object_and_rows() {
        let wanted = Ok(vec![("closed".to_owned(), 2), ("failed".to_owned(), 1)]);
        for text in [
            r#"{"failed": 1, "closed": "2"}"#,
            r#"{"total": 3, "data": [{"value": "failed", "count": 1}, {"value": "closed", "count": 2}]}"#,
            r#"[{"value": "failed", "count": 1}, {"value": "closed", "count": 2}]"#,
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
        for text in ["[]", "{}", r#"{"data": []}"#] {
            assert_eq!(read(text), Ok(Vec::new()), "{text}");
        }
        assert_eq!(read(r#"{"data": 4}"#), Ok(vec![("data".to_owned(), 4)]));
        assert_eq!(read(r#"{"data": [{"value": 7, "count": 1}]}"#), Ok(vec![("7".to_owned(), 1)]));
    }

    #[test]
    fn rejects_other_types() {
        for text in [r#"{"failed": "many"}"#, r#"{"data": [{"value": "x"}]}"#, r#"{"data": {}}"#, "5"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
