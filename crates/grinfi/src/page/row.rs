//! The id and the time of a row that came as raw JSON, bare or wrapped.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::Fields;

/// The keys that records are wrapped under.
pub(crate) const WRAPPERS: [&str; 3] = ["lead", "company", "data"];

/// The id of a row: its `uuid`, or else its `id`, or else that of the record it wraps.
pub(crate) fn id(row: &str) -> Option<String> {
    let (mut number, mut wrapped) = (None, None);
    for (name, value) in Fields::of(row)? {
        match name {
            "uuid" if value != "null" => return serde_json::from_str(value).ok(),
            "id" => number = serde_json::from_str::<u64>(value).ok(),
            _ => wrapped = first(wrapped, name, value),
        }
    }
    number.map(|number| number.to_string()).or_else(|| id(wrapped?.1))
}

/// The time in this field of a row, or else of the record it wraps.
pub(crate) fn time(row: &str, field: &str) -> Option<DateTime<Utc>> {
    /// A time in any of the forms that the API writes.
    #[derive(Deserialize)]
    struct Time(#[serde(deserialize_with = "grinfi_raw::decoders::opt_time")] Option<DateTime<Utc>>);

    let (mut found, mut wrapped) = (None, None);
    for (name, value) in Fields::of(row)? {
        if name == field {
            found = Some(value);
        } else {
            wrapped = first(wrapped, name, value);
        }
    }
    match found {
        Some(found) => serde_json::from_str::<Time>(found).ok()?.0,
        None => time(wrapped?.1, field),
    }
}

/// Of two wrapped records, the one whose wrapper comes first in the list.
fn first<'a>(known: Option<(usize, &'a str)>, name: &str, value: &'a str) -> Option<(usize, &'a str)> {
    let rank = WRAPPERS.iter().position(|wrapper| *wrapper == name).filter(|_| value.starts_with('{'));
    match (known, rank) {
        (Some((before, _)), Some(rank)) if before <= rank => known,
        (_, Some(rank)) => Some((rank, value)),
        (known, None) => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_id_of_a_row_wherever_it_stands() {
        let id = |row: &str| id(row);
        assert_eq!(id(r#"{"name": {"uuid": "n"}, "id": 5, "uuid": "u"}"#).as_deref(), Some("u"));
        assert_eq!(id(r#"{"uuid": "\u0075"}"#).as_deref(), Some("u"));
        assert_eq!(id(r#"{"uuid": null, "id": 5}"#).as_deref(), Some("5"));
        assert_eq!(id(r#"{"lead": {"id": 5, "uuid": "l"}, "flows": [{"uuid": "f"}]}"#).as_deref(), Some("l"));
        assert_eq!(id(r#"{"data": [], "more": 1, "lead": {"uuid": "l"}}"#).as_deref(), Some("l"));
        assert_eq!(id(r#"{"status": 1, "data": {"lead": {"uuid": "l"}}}"#).as_deref(), Some("l"));
        assert_eq!(id(r#"{"data": {"uuid": "d"}, "lead": {"uuid": "l"}}"#).as_deref(), Some("l"));
        assert_eq!(id(r#"{"company": {"id": 5}}"#).as_deref(), Some("5"));
        for without in
            ["[]", "{}", r#"{"id": "5"}"#, r#"{"uuid": 5}"#, r#"{"company": "c"}"#, r#"{"lead": [1]}"#]
        {
            assert_eq!(id(without), None, "{without}");
        }
    }

    #[test]
    fn finds_time_of_a_row_wherever_it_stands() {
        let time = |row: &str| time(row, "at");
        let expected = "2026-02-03T15:55:04Z".parse().ok();
        assert_eq!(time(r#"{"at": "2026-02-03T15:55:04.000000Z"}"#), expected);
        assert_eq!(time(r#"{"lead": {"at": "2026-02-03 15:55:04"}, "flows": []}"#), expected);
        assert_eq!(time(r#"{"more": 1, "data": {"lead": {"at": "2026-02-03 15:55:04"}}}"#), expected);
        assert_eq!(time(r#"{"at": null}"#), None);
        assert_eq!(time("[]"), None);
    }
}
