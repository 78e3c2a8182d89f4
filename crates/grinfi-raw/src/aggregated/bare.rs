//! Objects that do not begin with a wrapper: a bare record, or a wrapped record after other fields.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error as _, MapAccess, Visitor,
        value::{StrDeserializer, StringDeserializer},
    },
};
use serde_json::Value;

use super::{Aggregate, Aggregated, DATA, EXTRAS, Extras, Inner};

/// Deserializer for an object that does not begin with a wrapper. Decodes it as a bare record.
///
/// Extra fields are removed. A field that the record does not have does not prove a wrapper, because it can be an addition to
/// the record. If a wrapper follows, the bare record ends there and its result is dropped.
pub(super) struct Bare<'a, A, T> {
    first: Option<String>,
    map: &'a mut A,
    extras: &'a mut Extras,
    wrapped: &'a mut Option<Aggregated<T>>,
    /// The fields of the record.
    fields: &'static [&'static str],
    /// Whether a field of the record has been seen.
    is_record: bool,
    /// Fields that records and envelopes both have, until a field shows which of them this is.
    ambiguous: Vec<(String, Value)>,
    /// Value of the ambiguous field whose key was returned last.
    value: Option<Value>,
}

impl<'a, A, T> Bare<'a, A, T> {
    /// Starts with a key that is neither a wrapper nor an extra field. A wrapped record is stored in `wrapped`.
    pub(super) fn new(
        first: String,
        map: &'a mut A,
        extras: &'a mut Extras,
        wrapped: &'a mut Option<Aggregated<T>>,
    ) -> Self {
        Self {
            first: Some(first),
            map,
            extras,
            wrapped,
            fields: &[],
            is_record: false,
            ambiguous: Vec::new(),
            value: None,
        }
    }
}

/// Field of records and of envelopes: `{"status": 200, "data": {…}}`.
const SHARED: &str = "status";

impl<'de, A: MapAccess<'de>, T: Aggregate + Deserialize<'de>> Deserializer<'de> for Bare<'_, A, T> {
    type Error = A::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.fields = fields;
        visitor.visit_map(self)
    }

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, A::Error> {
        self.is_record = true;
        visitor.visit_map(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>, T: Aggregate + Deserialize<'de>> Bare<'_, A, T> {
    /// Reads the value of a wrapper key. Returns whether it contains the record, which ends the bare record.
    fn unwrap(&mut self, key: &'static str) -> Result<bool, A::Error> {
        if self.is_record && key == DATA {
            // The record may gain a field of this name; an object that does not decode as a record is that field.
            let value: Value = self.map.next_value()?;
            *self.wrapped = value.is_object().then(|| Aggregated::deserialize(value).ok()).flatten();
        } else {
            match self.map.next_value()? {
                Inner::Object(inner) => *self.wrapped = Some(inner),
                Inner::Other(value) => {
                    self.extras.others.insert(key.to_owned(), value);
                }
            }
        }
        if self.wrapped.is_some() {
            self.extras.others.extend(self.ambiguous.drain(..));
        }
        Ok(self.wrapped.is_some())
    }
}

impl<'de, A: MapAccess<'de>, T: Aggregate + Deserialize<'de>> MapAccess<'de> for Bare<'_, A, T> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let mut seed = Some(seed);
        loop {
            if self.is_record
                && let Some((key, value)) = self.ambiguous.pop()
                && let Some(seed) = seed.take()
            {
                self.value = Some(value);
                return seed.deserialize(StringDeserializer::new(key)).map(Some);
            }
            let peek = Peek::<T, K> {
                seed: &mut seed,
                fields: (!self.is_record).then_some(self.fields),
                record: PhantomData,
            };
            let peeked = match self.first.take() {
                Some(first) => Some(peek.deserialize(StringDeserializer::new(first))?),
                None => self.map.next_key_seed(peek)?,
            };
            match peeked {
                Some(Peeked::Field(value)) => {
                    self.is_record = true;
                    return Ok(Some(value));
                }
                Some(Peeked::Extra(name)) => self.extras.insert(name, self.map)?,
                Some(Peeked::Wrapper(key)) => {
                    if self.unwrap(key)? {
                        return Ok(None);
                    }
                }
                Some(Peeked::Ambiguous(key)) => self.ambiguous.push((key, self.map.next_value()?)),
                Some(Peeked::Other(key)) => {
                    self.extras.others.insert(key, self.map.next_value()?);
                }
                None if self.ambiguous.is_empty() => return Ok(None),
                None => self.is_record = true,
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// Classifies a key without allocating; a field of the record is passed to the seed.
struct Peek<'a, T, K> {
    seed: &'a mut Option<K>,
    /// The fields of the record, until one of them has been seen.
    fields: Option<&'static [&'static str]>,
    record: PhantomData<T>,
}

enum Peeked<V> {
    Extra(&'static str),
    Wrapper(&'static str),
    Ambiguous(String),
    Other(String),
    Field(V),
}

impl<'de, T: Aggregate, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Peek<'_, T, K> {
    type Value = Peeked<K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, T: Aggregate, K: DeserializeSeed<'de>> Visitor<'de> for Peek<'_, T, K> {
    type Value = Peeked<K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        if let Some(extra) = EXTRAS.into_iter().find(|extra| *extra == key) {
            return Ok(Peeked::Extra(extra));
        }
        if let Some(wrapper) = [T::KEY, DATA].into_iter().find(|wrapper| *wrapper == key) {
            return Ok(Peeked::Wrapper(wrapper));
        }
        if let Some(fields) = self.fields {
            if !fields.contains(&key) {
                return Ok(Peeked::Other(key.to_owned()));
            }
            if key == SHARED {
                return Ok(Peeked::Ambiguous(key.to_owned()));
            }
        }
        match self.seed.take() {
            Some(seed) => seed.deserialize(StrDeserializer::new(key)).map(Peeked::Field),
            None => Err(E::custom("a key was asked for twice")),
        }
    }
}
