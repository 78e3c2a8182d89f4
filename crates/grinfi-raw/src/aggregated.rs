use std::{
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use crate::lenient;

/// A record that arrives in several wrappings.
pub trait Aggregate {
    /// The key the record stands under when it comes wrapped.
    const KEY: &'static str;
}

/// A record with what the API adds to it where it is asked to aggregate.
///
/// Read from `{"lead": {…}, "markers": …, "flows": …, "custom_fields": …}`, from the same without the extras, from
/// `{"data": {…either…}}` and from the bare record. The fields of the record are reached directly.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Aggregated<T> {
    /// The record itself.
    #[serde(flatten)]
    pub record: T,
    /// The markers, a list or a map; `None` where the answer has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markers: Option<Value>,
    /// The automations the contact is or was in; `None` where the answer does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flows: Option<Value>,
    /// The values of custom fields by name; `None` where the answer does not say, empty where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Map<String, Value>>,
    /// What else stood beside a wrapped record.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub others: Map<String, Value>,
}

impl<T> Aggregated<T> {
    /// The record, without the extras.
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
    flows: Option<Value>,
    custom_fields: Option<Map<String, Value>>,
    others: Map<String, Value>,
}

/// A map that may be empty in the vendor's way.
#[derive(Deserialize)]
struct CustomFields(#[serde(deserialize_with = "lenient::opt_map")] Option<Map<String, Value>>);

/// The extras by their names on the wire.
const EXTRAS: [&str; 3] = ["markers", "flows", "custom_fields"];

impl Extras {
    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "markers" => self.markers = Some(map.next_value()?),
            "flows" => self.flows = Some(map.next_value()?),
            "custom_fields" => self.custom_fields = map.next_value::<CustomFields>()?.0,
            name => {
                self.others.insert(name.to_owned(), map.next_value()?);
            }
        }
        Ok(())
    }

    fn with<T>(self, record: T) -> Aggregated<T> {
        let Self { markers, flows, custom_fields, others } = self;
        Aggregated { record, markers, flows, custom_fields, others }
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
            if key == T::KEY || key == "data" {
                wrapped = Some(map.next_value()?);
            } else if wrapped.is_some() || EXTRAS.contains(&key.as_str()) {
                extras.take(&key, &mut map)?;
            } else {
                // The first key is a field of the record, so the rest is too, but for extras in between.
                let flat = Flat { first: Some(key), map, extras: &mut extras };
                let record = T::deserialize(MapAccessDeserializer::new(flat))?;
                return Ok(extras.with(record));
            }
        }
        let Some(inner) = wrapped else {
            return Err(A::Error::missing_field(T::KEY));
        };
        Ok(Aggregated {
            record: inner.record,
            markers: extras.markers.or(inner.markers),
            flows: extras.flows.or(inner.flows),
            custom_fields: extras.custom_fields.or(inner.custom_fields),
            others: inner.others.into_iter().chain(extras.others).collect(),
        })
    }
}

/// The rest of a flat record whose first key is already read, with the extras taken out on the way.
struct Flat<'a, A> {
    first: Option<String>,
    map: A,
    extras: &'a mut Extras,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Flat<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if let Some(first) = self.first.take() {
            return seed.deserialize(serde::de::value::StringDeserializer::new(first)).map(Some);
        }
        let mut seed = Some(seed);
        loop {
            match self.map.next_key_seed(Peek(&mut seed))? {
                Some(Peeked::Extra(name)) => self.extras.take(name, &mut self.map)?,
                Some(Peeked::Field(value)) => return Ok(Some(value)),
                None => return Ok(None),
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// Looks at a key without allocating: an extra is named, anything else goes to the seed.
struct Peek<'a, K>(&'a mut Option<K>);

enum Peeked<V> {
    Extra(&'static str),
    Field(V),
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Peek<'_, K> {
    type Value = Peeked<K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for Peek<'_, K> {
    type Value = Peeked<K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        if let Some(extra) = EXTRAS.into_iter().find(|extra| *extra == key) {
            return Ok(Peeked::Extra(extra));
        }
        match self.0.take() {
            Some(seed) => seed.deserialize(serde::de::value::StrDeserializer::new(key)).map(Peeked::Field),
            None => Err(E::custom("a key was asked for twice")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    fn read(text: &str) -> Aggregated<types::Lead> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_wrapping_is_read() {
        for text in [
            r#"{"uuid":"u","name":"N"}"#,
            r#"{"lead":{"uuid":"u","name":"N"}}"#,
            r#"{"data":{"lead":{"uuid":"u","name":"N"}}}"#,
            r#"{"data":{"uuid":"u","name":"N"}}"#,
            r#"{"markers":[],"lead":{"uuid":"u","name":"N"}}"#,
            r#"{"custom_fields":[],"uuid":"u","flows":[],"name":"N","later_addition":{}}"#,
        ] {
            let contact = read(text);
            assert_eq!((contact.uuid.as_str(), contact.name.as_deref()), ("u", Some("N")), "{text}");
            let value: Aggregated<types::Lead> =
                serde_json::from_value(serde_json::from_str(text).unwrap()).unwrap();
            assert_eq!(value.uuid, "u", "{text} as a value");
        }
    }

    #[test]
    fn extras_are_kept_wherever_they_stand() {
        let wrapped = read(
            r#"{"lead":{"uuid":"u"},"markers":{"a":1},"flows":[{}],"custom_fields":{"k":"v"},"more":2}"#,
        );
        assert_eq!(wrapped.markers, Some(serde_json::json!({"a": 1})));
        assert_eq!(wrapped.custom_fields.as_ref().unwrap()["k"], "v");
        assert_eq!(wrapped.others["more"], 2);
        let flat = read(r#"{"uuid":"u","custom_fields":{"k":"v"},"flows":[1]}"#);
        assert_eq!(flat.custom_fields, wrapped.custom_fields);
        assert_eq!(flat.flows, Some(serde_json::json!([1])));
        assert_eq!(read(r#"{"lead":{"uuid":"u"},"custom_fields":[]}"#).custom_fields, Some(Map::new()));
        assert_eq!(read(r#"{"lead":{"uuid":"u"}}"#).custom_fields, None);
    }

    #[test]
    fn what_is_no_record_is_an_error() {
        for text in [
            "{}",
            "[]",
            r#"{"lead":{}}"#,
            r#"{"lead":null}"#,
            r#"{"lead":{"uuid":[]}}"#,
            r#"{"uuid":"u","custom_fields":"x"}"#,
        ] {
            assert!(serde_json::from_str::<Aggregated<types::Lead>>(text).is_err(), "{text}");
        }
    }
}
