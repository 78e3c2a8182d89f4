//! Decoders for fields that the API sends with inconsistent types. The generated records use them; your own records can too:
//! `#[serde(deserialize_with = "grinfi_raw::decoders::opt_int", default)]`.
//!
//! | decoder | accepts besides its own type |
//! |---|---|
//! | [`text`] | numbers and booleans |
//! | [`int`] | integers in strings, numbers with a fraction of zero, booleans |
//! | [`flag`] | 0 and 1, and the strings `0`, `1`, `true`, `false` |
//! | [`number`] | numbers in strings |
//! | [`map`] | `[]` and null for an empty map |
//! | [`map_of`], [`map_of_scalars`] | the same, for a map of records and for a map of the types above |
//! | [`list_of_scalars`] | the types above as elements |
//! | [`time`] | a space in place of the `T`, and no offset, which means UTC |
//!
//! The `opt_` forms decode null as `None`, and so an empty string for every type but a string.

mod collections;
mod scalars;

use std::{fmt, marker::PhantomData};

use chrono::{DateTime, Utc};
pub use collections::{
    list_of_scalars, map_of, map_of_scalars, opt_list_of_scalars, opt_map_of, opt_map_of_scalars,
};
pub(crate) use collections::{map_response, scalar_map_response};
pub use scalars::Lenient;
use serde::{
    Deserializer,
    de::{Error, MapAccess, SeqAccess, Unexpected, Visitor},
};
use serde_json::{Map, Value};

/// Visitor that decodes a `T`; with `OPTIONAL` null is `None`.
struct LenientVisitor<T, const OPTIONAL: bool>(PhantomData<T>);

impl<'de, T: Lenient, const OPTIONAL: bool> Visitor<'de> for LenientVisitor<T, OPTIONAL> {
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
        // Null is an empty map. Other required values must not be null.
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
        .deserialize_any(LenientVisitor::<T, false>(PhantomData))?
        .ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &T::EXPECTED))
}

fn optional<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(LenientVisitor::<T, true>(PhantomData))
}

macro_rules! readers {
    ($($type:ty: $name:ident, $optional:ident, $what:literal;)*) => {
        $(
            impl scalars::sealed::Sealed for $type {}

            #[doc = concat!("Decodes ", $what, ".\n\n# Errors\n\nIf the value has none of the accepted types, or is null.")]
            pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                required(deserializer)
            }

            #[doc = concat!("Decodes ", $what, ", or `None`.\n\n# Errors\n\nIf the value has none of the accepted types.")]
            pub fn $optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<$type>, D::Error> {
                optional(deserializer)
            }
        )*
    };
}

readers! {
    String: text, opt_text, "a string";
    i64: int, opt_int, "an integer";
    f64: number, opt_number, "a number";
    bool: flag, opt_flag, "a boolean";
    Map<String, Value>: map, opt_map, "a map";
    DateTime<Utc>: time, opt_time, "a time";
}

#[cfg(test)]
mod tests;
