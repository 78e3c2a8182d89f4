//! Lists and maps of records and of plain values.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use super::{Lenient, required};
use crate::response::json;

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

/// Decodes a response that is a map of records.
pub(crate) fn map_answer<V: for<'de> Deserialize<'de>>(
    body: &[u8],
) -> Result<BTreeMap<String, V>, serde_json::Error> {
    json::<MapOf<V>>(body).map(|MapOf(map)| map)
}

/// Decodes a response that is a map of plain values.
pub(crate) fn plain_map_answer<V: Lenient>(body: &[u8]) -> Result<BTreeMap<String, V>, serde_json::Error> {
    json::<MapOf<Loose<V>>>(body).map(|MapOf(map)| bare(map))
}
