//! Reads fields of records that the API does not describe. Fields of an unexpected type read as absent.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

type Record = Map<String, Value>;

/// Returns the id, under `uuid` or `id`, a text or a number.
pub(crate) fn id(record: &Record) -> Option<String> {
    ["uuid", "id"].into_iter().find_map(|name| text(record, name))
}

/// Returns a text, or a number as a text.
pub(crate) fn text(record: &Record, name: &str) -> Option<String> {
    match record.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns a time, in UTC unless it has an offset.
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
