use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// A page of a listing, whatever envelope it came in.
///
/// Read from `{data, limit, offset, total, has_more}` with any of these but `data` missing, from
/// `{data, pagination: {…the same}}`, and from a bare array.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows, in the API's order.
    pub data: Vec<T>,
    /// The page size the API says it used.
    pub limit: Option<u64>,
    /// How many rows the API says came before.
    pub offset: Option<u64>,
    /// How many rows there are in all, where the API counts.
    pub total: Option<u64>,
    /// Whether more rows follow, where the API says so.
    pub has_more: Option<bool>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { data: Vec::new(), limit: None, offset: None, total: None, has_more: None }
    }
}

impl<T> Page<T> {
    /// The same page with other rows made of these, in their order.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        let Self { data, limit, offset, total, has_more } = self;
        Page { data: data.into_iter().map(make).collect(), limit, offset, total, has_more }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PageVisitor(std::marker::PhantomData))
    }
}

struct PageVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page: an object with `data`, or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut data = Vec::with_capacity(seq.size_hint().unwrap_or(0));
        while let Some(row) = seq.next_element()? {
            data.push(row);
        }
        Ok(Page { data, ..Page::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut page = Page::default();
        let mut data = None;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match key.as_ref() {
                "data" => data = Some(map.next_value::<Vec<T>>()?),
                // A null beside a nested envelope takes nothing from it.
                "limit" => page.limit = map.next_value::<Count>()?.0.or(page.limit),
                "offset" => page.offset = map.next_value::<Count>()?.0.or(page.offset),
                "total" => page.total = map.next_value::<Count>()?.0.or(page.total),
                "has_more" => page.has_more = map.next_value::<Flag>()?.0.or(page.has_more),
                "pagination" => {
                    let nested: Pagination = map.next_value()?;
                    page.limit = page.limit.or(nested.limit.0);
                    page.offset = page.offset.or(nested.offset.0);
                    page.total = page.total.or(nested.total.0);
                    page.has_more = page.has_more.or(nested.has_more.0);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        // A page without rows is an empty list; a page without `data` is not a page, and taking it for the end of the
        // listing would lose what follows.
        page.data = data.ok_or_else(|| serde::de::Error::missing_field("data"))?;
        Ok(page)
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Pagination {
    limit: Count,
    offset: Count,
    total: Count,
    has_more: Flag,
}

/// A number, also as a string or null.
#[derive(Default)]
struct Count(Option<u64>);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Option::<serde_json::Value>::deserialize(deserializer)? {
            Some(serde_json::Value::Number(number)) => number.as_u64(),
            Some(serde_json::Value::String(text)) => text.parse().ok(),
            _ => None,
        }))
    }
}

/// A flag, also as 0/1 or null.
#[derive(Default)]
struct Flag(Option<bool>);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Option::<serde_json::Value>::deserialize(deserializer)? {
            Some(serde_json::Value::Bool(flag)) => Some(flag),
            Some(serde_json::Value::Number(number)) => number.as_u64().map(|number| number != 0),
            _ => None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Page<u8> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_envelope_is_read() {
        let full = read(r#"{"data":[1,2],"limit":2,"offset":4,"total":"9","has_more":1,"extra":{}}"#);
        assert_eq!(
            full,
            Page { data: vec![1, 2], limit: Some(2), offset: Some(4), total: Some(9), has_more: Some(true) }
        );
        let bare = read("[1,2]");
        assert_eq!((bare.data, bare.total, bare.has_more), (vec![1, 2], None, None));
        let nested = read(r#"{"data":[],"pagination":{"has_more":false,"total":3}}"#);
        assert_eq!((nested.total, nested.has_more), (Some(3), Some(false)));
        assert_eq!(read(r#"{"data":[1],"total":null}"#).total, None);
        let beside = read(r#"{"pagination":{"has_more":0,"total":3},"has_more":null,"data":[]}"#);
        assert_eq!((beside.total, beside.has_more), (Some(3), Some(false)));
    }

    #[test]
    fn an_object_without_rows_is_not_a_page() {
        let error = serde_json::from_str::<Page<u8>>(r#"{"items":[1]}"#).unwrap_err();
        assert!(error.to_string().contains("missing field `data`"), "{error}");
    }
}
