//! Where an answer does not fit: the place that a decoder stopped at, as a path.
//!
//! The decoder of a record says line and column. From these the path is found by looking which value stands there, so that
//! nothing has to be decoded a second time, and no type is needed.

use std::{borrow::Cow, fmt::Write};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Error, error::Category, value::RawValue};

/// The place that a decoder stopped at.
pub(crate) struct Place<'a> {
    /// What stands there, as RFC 9535 has it: `$.data[3].lead.created_at`.
    pub(crate) path: String,
    /// The row that it is a part of, if the answer is a list or a page.
    pub(crate) row: Option<&'a RawValue>,
}

/// The place in `body` that this error is about; `None` if the body is no JSON.
pub(crate) fn place<'a>(body: &'a [u8], error: &Error) -> Option<Place<'a>> {
    if error.classify() != Category::Data {
        return None;
    }
    let whole: &RawValue = serde_json::from_slice(body).ok()?;
    let offset = offset(body, error)?;
    let mut place = Place { path: "$".to_owned(), row: None };
    let mut current = whole;
    let mut depth = 0;
    while let Some((step, child)) = step(current, body, offset) {
        let in_data = depth == 1 && place.path == "$.data";
        if matches!(step, Step::Index(_)) && (depth == 0 || in_data) {
            place.row = Some(child);
        }
        step.write(&mut place.path);
        (current, depth) = (child, depth + 1);
    }
    Some(place)
}

/// The same, for a record by itself.
pub(crate) fn path(record: &[u8], error: &Error) -> Option<String> {
    place(record, error).map(|place| place.path)
}

/// How many bytes had been read.
fn offset(body: &[u8], error: &Error) -> Option<usize> {
    let mut breaks = body.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(index, _)| index + 1);
    let start = match error.line() {
        0 => return None,
        1 => 0,
        line => breaks.nth(line - 2)?,
    };
    Some(start + error.column())
}

enum Step<'a> {
    Key(Cow<'a, str>),
    Index(usize),
}

impl Step<'_> {
    fn write(&self, path: &mut String) {
        // Writing to a text does not fail.
        let _ = match self {
            Self::Index(index) => write!(path, "[{index}]"),
            Self::Key(key) if is_plain(key) => write!(path, ".{key}"),
            Self::Key(key) => write!(path, "['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
        };
    }
}

/// Whether a key needs no quotes in a path.
fn is_plain(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The part of a list or map that stands at this offset of the body.
fn step<'a>(value: &'a RawValue, body: &[u8], offset: usize) -> Option<(Step<'a>, &'a RawValue)> {
    let Parts(parts) = serde_json::from_str(value.get()).ok()?;
    parts.into_iter().find(|(_, part)| {
        let text = part.get();
        // Both are parts of the body, so that the difference is where the part begins.
        let start = (text.as_ptr() as usize).wrapping_sub(body.as_ptr() as usize);
        let is_open = text.starts_with(['{', '[']);
        // A list or a map that is not expected is not read, a number or a text is.
        (start + usize::from(!is_open)..=start + text.len()).contains(&offset)
    })
}

/// The parts of a list or map; none of anything else.
struct Parts<'a>(Vec<(Step<'a>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Parts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PartsVisitor(std::marker::PhantomData))
    }
}

struct PartsVisitor<'a>(std::marker::PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for PartsVisitor<'a> {
    type Value = Parts<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list or a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some((Key(key), value)) = map.next_entry()? {
            parts.push((Step::Key(key), value));
        }
        Ok(Parts(parts))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some(value) = seq.next_element()? {
            parts.push((Step::Index(parts.len()), value));
        }
        Ok(Parts(parts))
    }
}

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use grinfi_raw::{Aggregated, Page, types};
    use proptest::prelude::*;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;

    fn found<T: DeserializeOwned>(body: &str) -> (String, Option<&str>) {
        let error = serde_json::from_str::<T>(body).err().unwrap();
        let place = place(body.as_bytes(), &error).unwrap();
        (place.path, place.row.map(RawValue::get))
    }

    type Contacts = Page<Aggregated<types::Contact>>;

    #[test]
    fn the_place_is_named_and_the_row_cut_out() {
        let flat = r#"{"data": [{"uuid": "a"}, {"uuid": "b", "created_at": "soon"}], "total": 2}"#;
        assert_eq!(
            found::<Contacts>(flat),
            ("$.data[1].created_at".into(), Some(r#"{"uuid": "b", "created_at": "soon"}"#))
        );
        let wrapped = "{\"data\": [\n  {\"lead\": {\"uuid\": \"a\",\n \"posts\": [{}, 7]}}\n]}";
        assert_eq!(found::<Contacts>(wrapped).0, "$.data[0].lead.posts[1]");
        let bare = r#"[{"uuid": "a"}, {"name": "no id"}]"#;
        assert_eq!(found::<Contacts>(bare), ("$[1]".into(), Some(r#"{"name": "no id"}"#)));
        let extras = r#"{"data": [{"lead": {"uuid": "a"}, "custom_fields": "x"}]}"#;
        assert_eq!(found::<Contacts>(extras).0, "$.data[0].custom_fields");
        for row in ["null", "7", "[]", "[1]", "{}", r#""x""#] {
            let body = format!(r#"{{"data": [{{"uuid": "a"}}, {row}]}}"#);
            assert_eq!(found::<Contacts>(&body), ("$.data[1]".into(), Some(row)));
        }
        assert_eq!(found::<types::Contact>(r#"{"uuid": {"a": 1}}"#), ("$.uuid".into(), None));
        assert_eq!(found::<Contacts>(r#"{"items": []}"#), ("$".into(), None));
    }

    #[test]
    fn odd_keys_are_quoted() {
        type Maps = std::collections::BTreeMap<String, Vec<i64>>;
        assert_eq!(found::<Maps>(r#"{"a-b'c": [1, 2, "x"]}"#).0, r"$['a-b\'c'][2]");
        assert_eq!(found::<Maps>(r#"{"\u00e4": 1}"#).0, "$['ä']");
    }

    #[test]
    fn what_is_no_json_has_no_place() {
        for body in ["<html>", "", r#"{"data": [{"uuid": "a"}"#] {
            let error = serde_json::from_str::<Contacts>(body).err().unwrap();
            assert!(place(body.as_bytes(), &error).is_none(), "{body}");
        }
    }

    /// Decodes like a record would: lists and maps of whatever, and numbers at the leaves.
    struct Strict;

    impl<'de> Deserialize<'de> for Strict {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Any;
            impl<'de> Visitor<'de> for Any {
                type Value = Strict;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("numbers")
                }
                fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
                    Ok(Strict)
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
                    while map.next_entry::<String, Strict>()?.is_some() {}
                    Ok(Strict)
                }
                fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
                    while seq.next_element::<Strict>()?.is_some() {}
                    Ok(Strict)
                }
            }
            deserializer.deserialize_any(Any)
        }
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = any::<u32>().prop_map(Value::from);
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..5).prop_map(Value::from),
                prop::collection::btree_map("[a-z\u{e4}\"' ]{1,4}", inner, 1..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// Puts `wrong` in the place of a leaf, chosen by `choice`, and says where that is.
    fn plant(tree: &mut Value, wrong: Value, mut choice: usize) -> String {
        let mut path = "$".to_owned();
        let mut current = tree;
        loop {
            let step = match current {
                Value::Array(items) => {
                    let index = choice % items.len();
                    Step::Index(index).write(&mut path);
                    &mut items[index]
                }
                Value::Object(map) => {
                    let key = map.keys().nth(choice % map.len()).unwrap().clone();
                    Step::Key(Cow::Borrowed(&key)).write(&mut path);
                    &mut map[&key]
                }
                leaf => {
                    *leaf = wrong;
                    return path;
                }
            };
            (current, choice) = (step, choice.rotate_right(3));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn whatever_does_not_fit_is_found(
            mut tree in tree(),
            wrong in prop_oneof![Just(json!("x\n")), Just(json!(null)), Just(json!(true)), Just(json!(-1.5))],
            choice in any::<usize>(),
            pretty in any::<bool>(),
        ) {
            let path = plant(&mut tree, wrong, choice);
            let body = if pretty { serde_json::to_string_pretty(&tree) } else { serde_json::to_string(&tree) };
            let body = body.unwrap();
            let error = serde_json::from_str::<Strict>(&body).err().unwrap();
            prop_assert_eq!(super::path(body.as_bytes(), &error), Some(path), "{}", body);
        }
    }
}
