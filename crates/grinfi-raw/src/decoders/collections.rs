//! Decoders of lists and maps.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use super::{Lenient, required};
use crate::response::json;

/// A lenient value as an element of a list or a map.
struct Element<T>(T);

impl<'de, T: Lenient> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer).map(Self)
    }
}

/// A map, or `[]` or null for an empty map.
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

fn unwrap<V>(map: BTreeMap<String, Element<V>>) -> BTreeMap<String, V> {
    map.into_iter().map(|(key, Element(value))| (key, value)).collect()
}

/// Decodes a map of records; `[]` and null are an empty map.
///
/// # Errors
///
/// If the JSON type is another one, or a value does not decode.
pub fn map_of<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, V>, D::Error> {
    MapOf::deserialize(deserializer).map(|MapOf(map)| map)
}

/// Decodes a map of records, or `None`; `[]` is an empty map.
///
/// # Errors
///
/// If the JSON type is another one, or a value does not decode.
pub fn opt_map_of<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, V>>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(|MapOf(map)| map))
}

/// Decodes a map of lenient values; `[]` and null are an empty map.
///
/// # Errors
///
/// If the JSON type is another one, or a value does not decode.
pub fn map_of_scalars<'de, V: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, V>, D::Error> {
    map_of(deserializer).map(unwrap)
}

/// Decodes a map of lenient values, or `None`; `[]` is an empty map.
///
/// # Errors
///
/// If the JSON type is another one, or a value does not decode.
pub fn opt_map_of_scalars<'de, V: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, V>>, D::Error> {
    Ok(opt_map_of(deserializer)?.map(unwrap))
}

/// Decodes a list of lenient values.
///
/// # Errors
///
/// If the JSON type is another one, or a value does not decode.
pub fn list_of_scalars<'de, V: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<V>, D::Error> {
    Ok(Vec::deserialize(deserializer)?.into_iter().map(|Element(value)| value).collect())
}

/// Decodes a list of lenient values, or `None`.
///
/// # Errors
///
/// If the JSON type is another one, or a value does not decode.
pub fn opt_list_of_scalars<'de, V: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<V>>, D::Error> {
    let list: Option<Vec<Element<V>>> = Option::deserialize(deserializer)?;
    Ok(list.map(|list| list.into_iter().map(|Element(value)| value).collect()))
}

/// Decodes a response that is a map of records.
pub(crate) fn map_response<V: for<'de> Deserialize<'de>>(
    body: &[u8],
) -> Result<BTreeMap<String, V>, serde_json::Error> {
    json::<MapOf<V>>(body).map(|MapOf(map)| map)
}

/// Decodes a response that is a map of lenient values.
pub(crate) fn scalar_map_response<V: Lenient>(body: &[u8]) -> Result<BTreeMap<String, V>, serde_json::Error> {
    json::<MapOf<Element<V>>>(body).map(|MapOf(map)| unwrap(map))
}
