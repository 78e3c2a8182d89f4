//! Reads records that the API does not describe. What is not as expected reads as absent: the record itself is kept whole.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

type Record = Map<String, Value>;

/// The id, under `uuid` or `id`, a text or a number.
pub(crate) fn id(record: &Record) -> Option<String> {
    ["uuid", "id"].into_iter().find_map(|name| text(record, name))
}

/// A text, also where it came as a number.
pub(crate) fn text(record: &Record, name: &str) -> Option<String> {
    match record.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A time. Without an offset it is in UTC.
pub(crate) fn time(record: &Record, name: &str) -> Option<DateTime<Utc>> {
    let text = record.get(name)?.as_str()?;
    let with_offset = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    with_offset
        .or_else(|_| {
            text.trim_end_matches('Z').replace(' ', "T").parse().map(|time: NaiveDateTime| time.and_utc())
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_is_as_expected_and_nothing_else() {
        let Value::Object(record) = json!({
            "id": 7, "status": "done", "flag": true,
            "a": "2026-02-03T15:55:04.000000Z", "b": "2026-02-03 15:55:04", "c": "2026-02-03T16:55:04+01:00", "d": "soon",
        }) else {
            return;
        };
        assert_eq!(id(&record).as_deref(), Some("7"));
        assert_eq!(text(&record, "status").as_deref(), Some("done"));
        assert_eq!((text(&record, "flag"), text(&record, "none")), (None, None));
        let seconds = ["a", "b", "c", "d"].map(|name| time(&record, name).map(|time| time.timestamp()));
        assert_eq!(seconds, [Some(1_770_134_104), Some(1_770_134_104), Some(1_770_134_104), None]);
    }
}
