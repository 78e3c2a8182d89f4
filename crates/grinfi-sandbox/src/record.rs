//! Records as the API shows them: JSON objects with every property of their schema, in its order.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use serde_json::{Map, Value};

/// One record.
pub(crate) type Record = Map<String, Value>;

/// Team of every key.
pub(crate) const TEAM_ID: u64 = 134;
/// User of every key.
pub(crate) const USER_ID: u64 = 20;

/// Formats a time as the API does: `2026-02-03T15:55:04.000000Z`.
pub(crate) fn format_time(time: DateTime<Utc>) -> String {
    // Formatted without chrono, which parses its format each time; every record has several times.
    let (date, clock) = (time.date_naive(), time.time());
    // A leap second continues after second 59.
    let micros = clock.nanosecond() / 1000;
    let (seconds, micros) = (clock.second() + micros / 1_000_000, micros % 1_000_000);
    if !(0..=9999).contains(&date.year()) {
        return time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    }
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    let parts = [
        (0..4, date.year().unsigned_abs()),
        (5..7, date.month()),
        (8..10, date.day()),
        (11..13, clock.hour()),
        (14..16, clock.minute()),
        (17..19, seconds),
        (20..26, micros),
    ];
    for (place, mut number) in parts {
        for digit in text.get_mut(place).into_iter().flatten().rev() {
            // A digit below 10.
            *digit += (number % 10) as u8;
            number /= 10;
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Parses a time: RFC 3339, with a space instead of `T`, without a zone (UTC), or only a date (midnight).
pub(crate) fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(date.and_time(chrono::NaiveTime::MIN).and_utc());
    }
    let (date, clock) = text.split_once(['T', 't', ' '])?;
    if let Ok(time) = DateTime::parse_from_rfc3339(&format!("{date}T{clock}")) {
        return Some(time.with_timezone(&Utc));
    }
    let joined = format!("{date}T{clock}");
    let naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&joined, form).ok())?;
    Some(naive.and_utc())
}

/// Parses a number or a numeric text.
pub(crate) fn parse_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// Returns the text of a property; `None` if it is absent, null or not a text.
pub(crate) fn text<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.get(name).and_then(Value::as_str)
}

/// Returns the texts of an array, without other values.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    let members = value.as_array().map(Vec::as_slice).unwrap_or_default();
    members.iter().filter_map(|member| member.as_str().map(str::to_owned)).collect()
}

/// Returns the object, or an empty one for any other value.
pub(crate) fn map(value: Value) -> Record {
    match value {
        Value::Object(map) => map,
        _ => Record::new(),
    }
}

/// Sets a property.
pub(crate) fn set(record: &mut Record, name: &str, value: impl Into<Value>) {
    record.insert(name.to_owned(), value.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_every_time_format() {
        let wanted = parse_time("2026-02-03T15:55:04.000000Z");
        assert!(wanted.is_some());
        for form in [
            "2026-02-03 15:55:04.000000Z",
            "2026-02-03 15:55:04",
            "2026-02-03T15:55:04",
            "2026-02-03T16:55:04+01:00",
            "2026-02-03 16:55:04+01:00",
            " 2026-02-03T15:55:04Z ",
        ] {
            assert_eq!(parse_time(form), wanted, "{form}");
        }
        assert_eq!(parse_time("2026-02-03"), parse_time("2026-02-03T00:00:00Z"));
        assert_eq!(parse_time("2026-02-03 15:55"), parse_time("2026-02-03T15:55:00Z"));
        for wrong in ["", "yesterday", "2026-13-01", "2026-02-03T", "T", "2026-02-03T25:00:00Z"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
        assert_eq!(wanted.map(format_time).as_deref(), Some("2026-02-03T15:55:04.000000Z"));
    }

    #[test]
    fn formats_times_like_chrono() {
        let mut micros = -62_200_000_000_000_000_i64;
        while micros < 253_500_000_000_000_000 {
            let time = DateTime::from_timestamp_micros(micros).unwrap();
            assert_eq!(format_time(time), time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
            micros += 98_765_432_109_876;
        }
        let leap =
            NaiveDate::from_ymd_opt(2016, 12, 31).unwrap().and_hms_micro_opt(23, 59, 59, 1_500_000).unwrap();
        assert_eq!(format_time(leap.and_utc()), "2016-12-31T23:59:60.500000Z");
    }

    #[test]
    fn parses_numeric_texts_except_nan() {
        assert_eq!(parse_number(&Value::from("12.5")), Some(12.5));
        assert_eq!(parse_number(&Value::from(7)), Some(7.0));
        assert_eq!(parse_number(&Value::from("NaN")), None);
        assert_eq!(parse_number(&Value::from("x")), None);
    }
}
