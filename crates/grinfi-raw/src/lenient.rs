//! Readers for values that arrive in more than one dress. The generated records use them; they are public for records made by
//! hand, as `#[serde(deserialize_with = "grinfi_raw::lenient::opt_int", default)]`.
//!
//! | reader | besides its own type it takes |
//! |---|---|
//! | [`text`] | numbers and booleans |
//! | [`int`] | whole numbers in strings, numbers with a fraction of zero, booleans |
//! | [`flag`] | 0 and 1, and the strings `0`, `1`, `true`, `false` |
//! | [`number`] | numbers in strings |
//! | [`map`] | `[]` and null for an empty map |
//! | [`map_of`], [`map_of_plain`] | the same, for a map of records and for one of plain values in any dress |
//! | [`list_of_plain`] | plain values in any dress |
//! | [`time`] | a blank for the `T`, and no offset, which means UTC |
//!
//! The `opt_` forms take null, and for anything but a text an empty string, for nothing.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use crate::{ResponseValue, answer};

mod sealed {
    pub trait Sealed {}
}

/// A plain value that one of the readers reads.
pub trait Lenient: Sized + sealed::Sealed {
    /// What is expected, for messages.
    const EXPECTED: &'static str;

    #[doc(hidden)]
    fn from_text<E: Error>(text: &str) -> Result<Self, E>;
    #[doc(hidden)]
    fn from_number<E: Error>(number: i64) -> Result<Self, E>;
    #[doc(hidden)]
    fn from_flag<E: Error>(flag: bool) -> Result<Self, E>;

    #[doc(hidden)]
    fn from_float<E: Error>(number: f64) -> Result<Self, E> {
        // Past 2^53 a float no longer tells whole numbers apart.
        if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
            Self::from_number(number as i64)
        } else {
            Err(E::invalid_type(Unexpected::Float(number), &Self::EXPECTED))
        }
    }

    #[doc(hidden)]
    fn from_map<'de, A: MapAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(A::Error::invalid_type(Unexpected::Map, &Self::EXPECTED))
    }

    #[doc(hidden)]
    fn from_empty_list<E: Error>() -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Seq, &Self::EXPECTED))
    }
}

impl Lenient for String {
    const EXPECTED: &'static str = "a text";

    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        Ok(text.to_owned())
    }

    fn from_number<E: Error>(number: i64) -> Result<Self, E> {
        Ok(number.to_string())
    }

    fn from_flag<E: Error>(flag: bool) -> Result<Self, E> {
        Ok(flag.to_string())
    }

    fn from_float<E: Error>(number: f64) -> Result<Self, E> {
        Ok(number.to_string())
    }
}

impl Lenient for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        text.trim().parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &Self::EXPECTED))
    }

    fn from_number<E: Error>(number: i64) -> Result<Self, E> {
        Ok(number)
    }

    fn from_flag<E: Error>(flag: bool) -> Result<Self, E> {
        Ok(flag.into())
    }
}

impl Lenient for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        let number: Option<Self> = text.trim().parse().ok();
        // What parses besides, `inf` and `NaN`, is none that JSON has.
        number
            .filter(|number| number.is_finite())
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &Self::EXPECTED))
    }

    fn from_number<E: Error>(number: i64) -> Result<Self, E> {
        Ok(number as Self)
    }

    fn from_flag<E: Error>(flag: bool) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Bool(flag), &Self::EXPECTED))
    }

    fn from_float<E: Error>(number: f64) -> Result<Self, E> {
        Ok(number)
    }
}

impl Lenient for bool {
    const EXPECTED: &'static str = "true, false, 0 or 1";

    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        match text {
            "1" | "true" => Ok(true),
            "0" | "false" => Ok(false),
            other => Err(E::invalid_value(Unexpected::Str(other), &Self::EXPECTED)),
        }
    }

    fn from_number<E: Error>(number: i64) -> Result<Self, E> {
        match number {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(E::invalid_value(Unexpected::Signed(other), &Self::EXPECTED)),
        }
    }

    fn from_flag<E: Error>(flag: bool) -> Result<Self, E> {
        Ok(flag)
    }
}

impl Lenient for Map<String, Value> {
    const EXPECTED: &'static str = "a map, or an empty list for an empty one";

    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Str(text), &Self::EXPECTED))
    }

    fn from_number<E: Error>(number: i64) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Signed(number), &Self::EXPECTED))
    }

    fn from_flag<E: Error>(flag: bool) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Bool(flag), &Self::EXPECTED))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Self::deserialize(MapAccessDeserializer::new(map))
    }

    fn from_empty_list<E: Error>() -> Result<Self, E> {
        Ok(Self::new())
    }
}

impl Lenient for DateTime<Utc> {
    const EXPECTED: &'static str = "a time, as 2026-02-03T15:55:04.000000Z";

    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        let trimmed = text.trim();
        // chrono's own reader takes a blank for the T; what it does not take is a time without an offset.
        trimmed
            .parse::<Self>()
            .ok()
            .or_else(|| {
                ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
                    .iter()
                    .find_map(|format| NaiveDateTime::parse_from_str(trimmed, format).ok())
                    .map(|time| time.and_utc())
            })
            .or_else(|| {
                let date = NaiveDate::parse_from_str(trimmed, "%Y-%m-%d").ok()?;
                Some(date.and_hms_opt(0, 0, 0)?.and_utc())
            })
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &Self::EXPECTED))
    }

    fn from_number<E: Error>(number: i64) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Signed(number), &Self::EXPECTED))
    }

    fn from_flag<E: Error>(flag: bool) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Bool(flag), &Self::EXPECTED))
    }
}

/// Reads a `T`, or with `OPTIONAL` perhaps nothing.
struct Reader<T, const OPTIONAL: bool>(PhantomData<T>);

impl<'de, T: Lenient, const OPTIONAL: bool> Visitor<'de> for Reader<T, OPTIONAL> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match T::from_text(text) {
            Err(_) if OPTIONAL && text.trim().is_empty() => Ok(None),
            result => result.map(Some),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        T::from_number(number).map(Some)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        let number = i64::try_from(number)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &T::EXPECTED))?;
        T::from_number(number).map(Some)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        T::from_float(number).map(Some)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        T::from_flag(flag).map(Some)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        if OPTIONAL {
            return Ok(None);
        }
        // A required map that is null is empty; anything else that is required is not null.
        T::from_empty_list::<E>().map(Some).map_err(|_| E::invalid_type(Unexpected::Unit, &T::EXPECTED))
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::from_map(map).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let empty = T::from_empty_list::<A::Error>()?;
        match seq.next_element::<Value>()? {
            None => Ok(Some(empty)),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &T::EXPECTED)),
        }
    }
}

fn required<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer
        .deserialize_any(Reader::<T, false>(PhantomData))?
        .ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &T::EXPECTED))
}

fn optional<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(Reader::<T, true>(PhantomData))
}

/// A plain value in any dress, where it stands in a list or a map.
struct Loose<T>(T);

impl<'de, T: Lenient> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer).map(Self)
    }
}

/// A map, or an empty list for an empty one.
struct MapOf<V>(BTreeMap<String, V>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for MapOf<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapOfVisitor(PhantomData))
    }
}

struct MapOfVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for MapOfVisitor<V> {
    type Value = MapOf<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(<Map<String, Value>>::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(MapOf(BTreeMap::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(MapOf)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(MapOf(BTreeMap::new())),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }
}

fn bare<V>(map: BTreeMap<String, Loose<V>>) -> BTreeMap<String, V> {
    map.into_iter().map(|(key, Loose(value))| (key, value)).collect()
}

/// Reads a map of records, whose empty form may be `[]` or null.
///
/// # Errors
///
/// If it is neither, or one of its values does not fit.
pub fn map_of<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, V>, D::Error> {
    MapOf::deserialize(deserializer).map(|MapOf(map)| map)
}

/// Reads a map of records, or nothing; an empty one may be `[]`.
///
/// # Errors
///
/// If it is none of these, or one of its values does not fit.
pub fn opt_map_of<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, V>>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(|MapOf(map)| map))
}

/// Reads a map of plain values in any dress, whose empty form may be `[]` or null.
///
/// # Errors
///
/// If it is neither, or one of its values does not fit.
pub fn map_of_plain<'de, V: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, V>, D::Error> {
    map_of(deserializer).map(bare)
}

/// Reads a map of plain values in any dress, or nothing; an empty one may be `[]`.
///
/// # Errors
///
/// If it is none of these, or one of its values does not fit.
pub fn opt_map_of_plain<'de, V: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, V>>, D::Error> {
    Ok(opt_map_of(deserializer)?.map(bare))
}

/// Reads a list of plain values in any dress.
///
/// # Errors
///
/// If it is none, or one of its values does not fit.
pub fn list_of_plain<'de, V: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<V>, D::Error> {
    Ok(Vec::deserialize(deserializer)?.into_iter().map(|Loose(value)| value).collect())
}

/// Reads a list of plain values in any dress, or nothing.
///
/// # Errors
///
/// If it is neither, or one of its values does not fit.
pub fn opt_list_of_plain<'de, V: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<V>>, D::Error> {
    let list: Option<Vec<Loose<V>>> = Option::deserialize(deserializer)?;
    Ok(list.map(|list| list.into_iter().map(|Loose(value)| value).collect()))
}

/// An answer that is a map of records.
pub(crate) async fn map_answer<V: for<'de> Deserialize<'de> + fmt::Debug, E>(
    response: reqwest::Response,
) -> Result<ResponseValue<BTreeMap<String, V>>, crate::Error<E>> {
    answer::decode::<MapOf<V>, E>(response).await?.map(|MapOf(map)| map)
}

/// An answer that is a map of plain values.
pub(crate) async fn plain_map_answer<V: Lenient + fmt::Debug, E>(
    response: reqwest::Response,
) -> Result<ResponseValue<BTreeMap<String, V>>, crate::Error<E>> {
    answer::decode::<MapOf<Loose<V>>, E>(response).await?.map(|MapOf(map)| bare(map))
}

macro_rules! readers {
    ($($type:ty: $name:ident, $optional:ident, $what:literal;)*) => {
        $(
            impl sealed::Sealed for $type {}

            #[doc = concat!("Reads ", $what, ".\n\n# Errors\n\nIf the value is none in any of its dresses, null included.")]
            pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                required(deserializer)
            }

            #[doc = concat!("Reads ", $what, ", or nothing.\n\n# Errors\n\nIf the value is none in any of its dresses.")]
            pub fn $optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<$type>, D::Error> {
                optional(deserializer)
            }
        )*
    };
}

readers! {
    String: text, opt_text, "a text";
    i64: int, opt_int, "a whole number";
    f64: number, opt_number, "a number";
    bool: flag, opt_flag, "a flag";
    Map<String, Value>: map, opt_map, "a map";
    DateTime<Utc>: time, opt_time, "a time";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Record {
        #[serde(deserialize_with = "opt_text")]
        text: Option<String>,
        #[serde(deserialize_with = "opt_int")]
        int: Option<i64>,
        #[serde(deserialize_with = "opt_flag")]
        flag: Option<bool>,
        #[serde(deserialize_with = "opt_map")]
        map: Option<Map<String, Value>>,
        #[serde(deserialize_with = "opt_time")]
        time: Option<DateTime<Utc>>,
        #[serde(deserialize_with = "opt_number")]
        number: Option<f64>,
        #[serde(deserialize_with = "opt_map_of_plain")]
        counts: Option<BTreeMap<String, i64>>,
        #[serde(deserialize_with = "opt_map_of")]
        lists: Option<BTreeMap<String, Vec<bool>>>,
        #[serde(deserialize_with = "opt_list_of_plain")]
        list: Option<Vec<i64>>,
    }

    fn map_with<V>(key: &str, value: V) -> Option<BTreeMap<String, V>> {
        Some(BTreeMap::from([(key.to_owned(), value)]))
    }

    fn read(value: Value) -> Result<Record, serde_json::Error> {
        // Through text, as on the wire.
        serde_json::from_str(&value.to_string())
    }

    #[test]
    fn every_dress_is_read() {
        let at = DateTime::from_timestamp(1_770_134_104, 0);
        for (value, expected) in [
            (json!({"text": 5}), Record { text: Some("5".into()), ..Default::default() }),
            (json!({"text": true}), Record { text: Some("true".into()), ..Default::default() }),
            (json!({"text": ""}), Record { text: Some(String::new()), ..Default::default() }),
            (json!({"int": "324274"}), Record { int: Some(324_274), ..Default::default() }),
            (json!({"int": 3.0}), Record { int: Some(3), ..Default::default() }),
            (json!({"int": -3}), Record { int: Some(-3), ..Default::default() }),
            (json!({"int": ""}), Record::default()),
            (json!({"flag": 1}), Record { flag: Some(true), ..Default::default() }),
            (json!({"flag": "0"}), Record { flag: Some(false), ..Default::default() }),
            (json!({"flag": false}), Record { flag: Some(false), ..Default::default() }),
            (json!({"map": []}), Record { map: Some(Map::new()), ..Default::default() }),
            (
                json!({"map": {"a": 1}}),
                Record { map: json!({"a": 1}).as_object().cloned(), ..Default::default() },
            ),
            (json!({"time": "2026-02-03T15:55:04.000000Z"}), Record { time: at, ..Default::default() }),
            (json!({"time": "2026-02-03 15:55:04.000000Z"}), Record { time: at, ..Default::default() }),
            (json!({"time": "2026-02-03 15:55:04"}), Record { time: at, ..Default::default() }),
            (json!({"time": "2026-02-03T17:55:04+02:00"}), Record { time: at, ..Default::default() }),
            (json!({"time": ""}), Record::default()),
            (json!({"number": "1.5"}), Record { number: Some(1.5), ..Default::default() }),
            (json!({"number": 2}), Record { number: Some(2.0), ..Default::default() }),
            (json!({"number": ""}), Record::default()),
            (json!({"counts": {"a": "7"}}), Record { counts: map_with("a", 7), ..Default::default() }),
            (json!({"counts": []}), Record { counts: Some(BTreeMap::new()), ..Default::default() }),
            (
                json!({"lists": {"a": [true]}}),
                Record { lists: map_with("a", vec![true]), ..Default::default() },
            ),
            (json!({"lists": []}), Record { lists: Some(BTreeMap::new()), ..Default::default() }),
            (json!({"list": ["7", 8]}), Record { list: Some(vec![7, 8]), ..Default::default() }),
            (json!({"number": null, "counts": null, "lists": null, "list": null}), Record::default()),
            (json!({"text": null, "int": null, "flag": null, "map": null, "time": null}), Record::default()),
            (json!({}), Record::default()),
        ] {
            assert_eq!(read(value.clone()).unwrap(), expected, "{value}");
        }
    }

    #[test]
    fn what_is_something_else_is_an_error() {
        for value in [
            json!({"int": "3 or so"}),
            json!({"int": 3.5}),
            json!({"int": u64::MAX}),
            json!({"int": []}),
            json!({"flag": 2}),
            json!({"flag": "yes"}),
            json!({"map": [1]}),
            json!({"map": "x"}),
            json!({"time": "soon"}),
            json!({"time": 3}),
            json!({"text": {}}),
            json!({"text": []}),
            json!({"number": "NaN"}),
            json!({"number": true}),
            json!({"counts": {"a": "x"}}),
            json!({"counts": [1]}),
            json!({"counts": "x"}),
            json!({"lists": {"a": 1}}),
            json!({"lists": [[true]]}),
            json!({"list": {}}),
            json!({"list": [null]}),
        ] {
            assert!(read(value.clone()).is_err(), "{value}");
        }
    }

    #[test]
    fn a_required_value_is_not_null() {
        let read = |text: &str| int(&mut serde_json::Deserializer::from_str(text));
        assert_eq!(read("\"7\"").unwrap(), 7);
        assert!(read("null").is_err() && read("\"\"").is_err());
        assert!(map(&mut serde_json::Deserializer::from_str("null")).unwrap().is_empty());
    }
}
