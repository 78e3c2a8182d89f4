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

mod collections;
mod plain;

use std::{fmt, marker::PhantomData};

use chrono::{DateTime, Utc};
pub use collections::{list_of_plain, map_of, map_of_plain, opt_list_of_plain, opt_map_of, opt_map_of_plain};
pub(crate) use collections::{map_answer, plain_map_answer};
pub use plain::Lenient;
use serde::{
    Deserializer,
    de::{Error, MapAccess, SeqAccess, Unexpected, Visitor},
};
use serde_json::{Map, Value};

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

macro_rules! readers {
    ($($type:ty: $name:ident, $optional:ident, $what:literal;)*) => {
        $(
            impl plain::sealed::Sealed for $type {}

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
mod tests;
