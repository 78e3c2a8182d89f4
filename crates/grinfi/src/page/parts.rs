//! Where the parts of a JSON text are, found without reading them.
//!
//! The text is known to be JSON, so nothing is checked a second time: one pass that looks at quotes, brackets and commas alone is
//! several times quicker than a parser, also one that skips.

use std::iter::FusedIterator;

/// The fields of a JSON object as it is written: each name without its quotes, its escapes still in it, and the text of its
/// value.
///
/// This is the quick way to a few fields of a row that came as raw JSON, such as those of
/// [`Request::pages`](crate::request::Request::pages). A text that is no JSON gives fewer fields, or other ones; it never panics.
///
/// ```
/// let row = r#"{"uuid": "c-1", "tags": ["a", "b"], "name": null}"#;
/// let tags = grinfi::bindings::Fields::of(row).unwrap().find(|(name, _)| *name == "tags");
/// assert_eq!(tags, Some(("tags", r#"["a", "b"]"#)));
/// ```
#[derive(Debug, Clone)]
pub struct Fields<'a>(Parts<'a>);

impl<'a> Fields<'a> {
    /// The fields of an object; `None` for any other value.
    #[must_use]
    pub fn of(json: &'a str) -> Option<Self> {
        Parts::of(json, b'{').map(Self)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.0.next_if(|byte| byte == b'"')?;
        let value = self.0.next()?;
        Some((name.get(1..name.len().checked_sub(1)?)?, value))
    }
}

impl FusedIterator for Fields<'_> {}

/// The elements of a JSON array as it is written: the text of each.
///
/// ```
/// let texts: Vec<&str> = grinfi::bindings::Elements::of(r#"[1, "two", {"three": 3}]"#).unwrap().collect();
/// assert_eq!(texts, ["1", r#""two""#, r#"{"three": 3}"#]);
/// ```
#[derive(Debug, Clone)]
pub struct Elements<'a>(Parts<'a>);

impl<'a> Elements<'a> {
    /// The elements of an array; `None` for any other value.
    #[must_use]
    pub fn of(json: &'a str) -> Option<Self> {
        Parts::of(json, b'[').map(Self)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl FusedIterator for Elements<'_> {}

/// What is between the brackets.
#[derive(Debug, Clone)]
struct Parts<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str, open: u8) -> Option<Self> {
        let text = text.trim_ascii_start();
        (text.as_bytes().first() == Some(&open)).then_some(Self { text, at: 1 })
    }

    fn next(&mut self) -> Option<&'a str> {
        self.next_if(|_| true)
    }

    /// The next value, if it begins like this; else there are no more.
    fn next_if(&mut self, begins: impl Fn(u8) -> bool) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at)?, b' ' | b'\n' | b'\r' | b'\t' | b',' | b':') {
            self.at += 1;
        }
        let start = self.at;
        let first = *bytes.get(start)?;
        let end = if begins(first) { value_end(bytes, start) } else { start };
        if end == start {
            // The closing bracket, or nothing that JSON has.
            self.at = bytes.len();
            return None;
        }
        self.at = end;
        self.text.get(start..end)
    }
}

/// The end of the value that begins here.
fn value_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    match bytes.get(start) {
        Some(b'"') => string_end(bytes, start),
        Some(b'{' | b'[') => {
            let mut depth = 0_usize;
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'"' => {
                        at = string_end(bytes, at);
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return at + 1;
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            bytes.len()
        }
        _ => {
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':' | b' ' | b'\n' | b'\r' | b'\t');
            while bytes.get(at).is_some_and(|byte| !ends(byte)) {
                at += 1;
            }
            at
        }
    }
}

/// The end of the string whose opening quote is here.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        at += plain_length(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

/// How many bytes come before the first quote or backslash, as far as whole words of eight tell.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let (quotes, escapes) = (word ^ (ONES * u64::from(b'"')), word ^ (ONES * u64::from(b'\\')));
        // The lowest of the high bits stands where the first zero byte is.
        let found = (quotes.wrapping_sub(ONES) & !quotes | escapes.wrapping_sub(ONES) & !escapes) & HIGHS;
        if found != 0 {
            return number * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    bytes.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::*;

    fn json() -> impl Strategy<Value = Value> {
        let text = "[ -~é\u{0}\"\\\\]{0,20}";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(text, inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    /// The value, put together again of its parts.
    fn rebuilt(text: &str) -> Value {
        if let Some(fields) = Fields::of(text) {
            let name = |name| serde_json::from_str(&format!("\"{name}\"")).unwrap();
            return Value::Object(fields.map(|(key, value)| (name(key), rebuilt(value))).collect());
        }
        match Elements::of(text) {
            Some(elements) => Value::Array(elements.map(rebuilt).collect()),
            None => serde_json::from_str(text).unwrap(),
        }
    }

    proptest! {
        #[test]
        fn the_parts_make_the_whole(value in json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let text = text.unwrap();
            prop_assert_eq!(rebuilt(&text), serde_json::from_str::<Value>(&text).unwrap());
        }

        #[test]
        fn no_text_makes_it_panic(text in "[{\\[]?[{}\\[\\]\",:\\\\ a1é]{0,40}") {
            let _ = Fields::of(&text).map(Iterator::count);
            let _ = Elements::of(&text).map(Iterator::count);
        }
    }

    #[test]
    fn other_values_have_no_parts() {
        for text in ["", " ", "null", "1", "\"{}\"", "]"] {
            assert!(Fields::of(text).is_none() && Elements::of(text).is_none(), "{text}");
        }
        assert_eq!(Fields::of(" {} ").unwrap().count(), 0);
        assert!(Fields::of("[]").is_none() && Elements::of("{}").is_none());
    }
}
