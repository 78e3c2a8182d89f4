//! The types with a lenient decoder, and the JSON types that each accepts.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{
    Deserialize,
    de::{Error, MapAccess, Unexpected, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

pub(super) mod sealed {
    pub trait Sealed {}
}

/// A type with a lenient decoder.
pub trait Lenient: Sized + sealed::Sealed {
    /// Expected input, for error messages.
    const EXPECTED: &'static str;

    #[doc(hidden)]
    fn from_text<E: Error>(text: &str) -> Result<Self, E>;
    #[doc(hidden)]
    fn from_number<E: Error>(number: i64) -> Result<Self, E>;
    #[doc(hidden)]
    fn from_flag<E: Error>(flag: bool) -> Result<Self, E>;

    #[doc(hidden)]
    fn from_float<E: Error>(number: f64) -> Result<Self, E> {
        // Above 2^53 an f64 does not represent every integer.
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
    const EXPECTED: &'static str = "a string";

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
    const EXPECTED: &'static str = "an integer";

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
        // `inf` and `NaN` parse, but are not JSON numbers.
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
    const EXPECTED: &'static str = "a time such as 2026-02-03T15:55:04.000000Z";

    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        let trimmed = text.trim();
        // chrono accepts a space in place of the T, but not a time without an offset.
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
