use std::{
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer},
};
use serde_json::{Map, Value};

use self::bare::Bare;
use crate::decoders;

mod bare;
mod wrapper_keys;

/// A record that the API sends flat or wrapped.
pub trait Aggregate {
    /// Key of the record in its wrapper.
    const KEY: &'static str;
}

/// A record with the extra fields that the API adds on request.
///
/// Decodes from `{"lead": {…}, "markers": …, "flows": …, "custom_fields": …}`, from the same without the extra fields, from
/// `{"data": {…either…}}` and from the bare record. A wrapper is recognized by its key, at any position. Dereferences to the
/// record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Aggregated<T> {
    /// The record itself.
    #[serde(flatten)]
    pub record: T,
    /// Markers, a list or a map; `None` if the response has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markers: Option<Value>,
    /// Automations that the contact is or was in; `None` if the response does not contain them.
    #[serde(rename = "flows", skip_serializing_if = "Option::is_none")]
    pub automations: Option<Value>,
    /// Values of custom fields by name; `None` if the response does not contain them, empty if the record has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Map<String, Value>>,
    /// Other fields next to a wrapped record, except those before it that are fields of the record too.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub others: Map<String, Value>,
}

impl<T> Aggregated<T> {
    /// Returns the record without the extra fields.
    pub fn into_record(self) -> T {
        self.record
    }
}

impl<T> From<T> for Aggregated<T> {
    fn from(record: T) -> Self {
        Extras::default().with(record)
    }
}

impl<T> Deref for Aggregated<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.record
    }
}

impl<T> DerefMut for Aggregated<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.record
    }
}

#[derive(Default)]
struct Extras {
    markers: Option<Value>,
    automations: Option<Value>,
    custom_fields: Option<Map<String, Value>>,
    others: Map<String, Value>,
}

/// A map that is `[]` when it is empty.
#[derive(Deserialize)]
struct CustomFields(#[serde(deserialize_with = "decoders::opt_map")] Option<Map<String, Value>>);

/// Key that wraps any record.
const DATA: &str = "data";

/// Names of the extra fields on the wire.
const EXTRAS: [&str; 3] = ["markers", "flows", "custom_fields"];

impl Extras {
    fn insert<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "markers" => self.markers = Some(map.next_value()?),
            "flows" => self.automations = Some(map.next_value()?),
            "custom_fields" => self.custom_fields = map.next_value::<CustomFields>()?.0,
            name => {
                self.others.insert(name.to_owned(), map.next_value()?);
            }
        }
        Ok(())
    }

    fn with<T>(self, record: T) -> Aggregated<T> {
        let Self { markers, automations, custom_fields, others } = self;
        Aggregated { record, markers, automations, custom_fields, others }
    }
}

impl<'de, T: Aggregate + Deserialize<'de>> Deserialize<'de> for Aggregated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Wrapping(PhantomData))
    }
}

struct Wrapping<T>(PhantomData<T>);

impl<'de, T: Aggregate + Deserialize<'de>> Visitor<'de> for Wrapping<T> {
    type Value = Aggregated<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a record, or an object with one under `{}`", T::KEY)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut extras = Extras::default();
        let mut wrapped: Option<Aggregated<T>> = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == T::KEY {
                wrapped = Some(map.next_value()?);
            } else if key == DATA && wrapped.is_none() {
                match map.next_value()? {
                    Inner::Object(inner) => wrapped = Some(inner),
                    Inner::Other(value) => {
                        extras.others.insert(key, value);
                    }
                }
            } else if wrapped.is_some() || EXTRAS.contains(&key.as_str()) {
                extras.insert(&key, &mut map)?;
            } else {
                let record = T::deserialize(Bare::new(key, &mut map, &mut extras, &mut wrapped));
                if wrapped.is_none() {
                    extras.others.clear();
                    return Ok(extras.with(record?));
                }
            }
        }
        let Some(inner) = wrapped else {
            return Err(A::Error::missing_field(T::KEY));
        };
        Ok(Aggregated {
            record: inner.record,
            markers: extras.markers.or(inner.markers),
            automations: extras.automations.or(inner.automations),
            custom_fields: extras.custom_fields.or(inner.custom_fields),
            others: inner.others.into_iter().chain(extras.others).collect(),
        })
    }
}

/// Value of a wrapper key: an object contains the record, anything else is an extra field.
#[allow(clippy::large_enum_variant, reason = "it is destructured at once")]
enum Inner<T> {
    Object(Aggregated<T>),
    Other(Value),
}

impl<'de, T: Aggregate + Deserialize<'de>> Deserialize<'de> for Inner<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InnerVisitor(PhantomData))
    }
}

struct InnerVisitor<T>(PhantomData<T>);

impl<'de, T: Aggregate + Deserialize<'de>> Visitor<'de> for InnerVisitor<T> {
    type Value = Inner<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Wrapping(PhantomData).visit_map(map).map(Inner::Object)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(Inner::Other)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Inner::Other(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Inner::Other(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Inner::Other(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Inner::Other(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Inner::Other(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Inner::Other(value.into()))
    }
}

#[cfg(test)]
mod tests;
