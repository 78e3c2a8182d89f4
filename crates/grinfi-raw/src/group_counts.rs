//! Counts by value, as an object or as rows.

use std::{collections::BTreeMap, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;

/// Counts by the value that was grouped by.
///
/// The API answers an object from value to number, or `{"data": [{"value": …, "count": …}]}`; both are read. A value that is
/// null, such as the error code of a task without one, is the empty text.
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
        let whole = Value::deserialize(deserializer)?;
        let rows = match whole {
            Value::Object(mut object) => match object.get_mut("data").map(Value::take) {
                Some(Value::Array(rows)) => rows,
                data => {
                    // A group may be called `data`.
                    if let Some(count) = data {
                        object.insert("data".to_owned(), count);
                    }
                    let counts = object.into_iter().map(|(value, count)| Ok((value, number(&count)?)));
                    return counts.collect::<Result<_, String>>().map(Self).map_err(D::Error::custom);
                }
            },
            // An empty map as PHP writes it, or rows without an envelope.
            Value::Array(rows) => rows,
            Value::Null => Vec::new(),
            other => return Err(D::Error::custom(format!("counts must be an object, got {other}"))),
        };
        let row = |row: &Value| {
            let value = match &row["value"] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            Ok((value, number(&row["count"])?))
        };
        rows.iter().map(row).collect::<Result<_, String>>().map(Self).map_err(D::Error::custom)
    }
}

/// Numbers arrive as texts, too.
fn number(count: &Value) -> Result<i64, String> {
    let number = match count {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    };
    number.ok_or_else(|| format!("a count must be an integer, got {count}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, i64)>, String> {
        let counts: Result<GroupCounts, _> = serde_json::from_str(text);
        counts.map(|counts| counts.into_inner().into_iter().collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_an_object_and_rows() {
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
    fn names_what_is_no_count() {
        assert!(
            read(r#"{"failed": "many"}"#).unwrap_err().contains("a count must be an integer, got \"many\"")
        );
        assert!(read(r#"{"data": [{"value": "x"}]}"#).unwrap_err().contains("got null"));
        assert!(read("5").unwrap_err().contains("counts must be an object, got 5"));
    }
}
