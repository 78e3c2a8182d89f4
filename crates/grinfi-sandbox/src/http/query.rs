//! Query strings as PHP parses them: `filter[f]=v`, `filter[f][]=v`, `filter[f][0]=v`, `filter[f][>=]=v`.

use serde_json::{Map, Value};

use crate::percent::percent_decode;

/// Most brackets of a parameter; limits the nesting.
const MAX_BRACKETS: usize = 8;

/// Parses a query into nested JSON. Values are texts; of duplicate keys the last one is used.
pub(crate) fn parse_query(query: &str) -> Map<String, Value> {
    let mut root = Node::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = split(pair);
        let (key, value) = (decode(key), decode(value));
        let (name, brackets) = brackets(&key);
        if name.is_empty() || brackets.len() > MAX_BRACKETS {
            continue;
        }
        root.insert(std::iter::once(name).chain(brackets), value);
    }
    root.into_map()
}

/// Inserts a form field, `a` or `a[b]`.
pub(super) fn insert(map: &mut Map<String, Value>, key: &str, value: String) {
    let (name, brackets) = brackets(key);
    match brackets.first() {
        Some(inner) if brackets.len() == 1 && !inner.is_empty() => {
            let outer = map.entry(name).or_insert_with(|| Value::Object(Map::new()));
            if let Some(outer) = outer.as_object_mut() {
                outer.insert((*inner).to_owned(), Value::String(value));
            }
        }
        _ => {
            map.insert(key.to_owned(), Value::String(value));
        }
    }
}

/// Splits at the first `=` outside of brackets: `filter[created_at][>=]=v` contains one inside.
fn split(pair: &str) -> (&str, &str) {
    let bytes = pair.as_bytes();
    let mut depth = 0usize;
    for (at, byte) in bytes.iter().enumerate() {
        let escaped = |code: &[u8]| bytes.get(at..at + 3).is_some_and(|it| it.eq_ignore_ascii_case(code));
        match byte {
            b'[' => depth += 1,
            b'%' if escaped(b"%5B") => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'%' if escaped(b"%5D") => depth = depth.saturating_sub(1),
            b'=' if depth == 0 => return (&pair[..at], &pair[at + 1..]),
            _ => {}
        }
    }
    // An unclosed bracket is part of the name.
    pair.split_once('=').unwrap_or((pair, ""))
}

fn decode(text: &str) -> String {
    percent_decode(&text.replace('+', " "))
}

/// Splits `a[b][]` into `a` and `["b", ""]`; text after the last closed bracket is dropped, as in PHP.
fn brackets(key: &str) -> (&str, Vec<&str>) {
    let Some((name, mut rest)) = key.split_once('[') else { return (key, Vec::new()) };
    let mut inner = Vec::new();
    while let Some((bracket, after)) = rest.split_once(']') {
        inner.push(bracket);
        match after.strip_prefix('[') {
            Some(next) => rest = next,
            None => break,
        }
    }
    if inner.is_empty() { (key, inner) } else { (name, inner) }
}

/// Parameter during parsing: a text, or parameters by key.
#[derive(Debug, Default)]
struct Node {
    text: Option<String>,
    inner: indexmap::IndexMap<String, Node>,
}

impl Node {
    fn insert<'a>(&mut self, mut keys: impl Iterator<Item = &'a str>, value: String) {
        let mut node = self;
        for key in &mut keys {
            let key = if key.is_empty() { node.next_index() } else { key.to_owned() };
            node.text = None;
            node = node.inner.entry(key).or_default();
        }
        node.inner.clear();
        node.text = Some(value);
    }

    fn next_index(&self) -> String {
        let indexes = self.inner.keys().filter_map(|key| key.parse::<usize>().ok());
        indexes.max().map_or(0, |last| last.saturating_add(1)).to_string()
    }

    fn into_map(self) -> Map<String, Value> {
        self.inner.into_iter().map(|(key, node)| (key, node.into_value())).collect()
    }

    fn into_value(self) -> Value {
        if let Some(text) = self.text {
            return Value::String(text);
        }
        let list = !self.inner.is_empty() && self.inner.keys().all(|key| key.parse::<usize>().is_ok());
        if list {
            self.inner.into_values().map(Node::into_value).collect()
        } else {
            Value::Object(self.into_map())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn query(text: &str) -> Value {
        Value::Object(parse_query(text))
    }

    #[test]
    fn brackets_become_objects_and_arrays() {
        assert_eq!(query("limit=5&offset="), json!({"limit": "5", "offset": ""}));
        assert_eq!(query("filter[status]=new"), json!({"filter": {"status": "new"}}));
        assert_eq!(query("filter[s][]=a&filter[s][]=b"), json!({"filter": {"s": ["a", "b"]}}));
        assert_eq!(query("filter[s][0]=a&filter[s][1]=b"), json!({"filter": {"s": ["a", "b"]}}));
        assert_eq!(
            query("filter[sent_at][>=]=2026-02-01&filter[sent_at][<]=2026-03-01"),
            json!({"filter": {"sent_at": {">=": "2026-02-01", "<": "2026-03-01"}}})
        );
    }

    #[test]
    fn encoded_and_plain_brackets_are_equal() {
        let wanted = json!({"filter": {"sent_at": {">=": "2026-02-01 10:00"}}});
        for text in [
            "filter[sent_at][>=]=2026-02-01+10:00",
            "filter[sent_at][%3E=]=2026-02-01%2010:00",
            "filter%5Bsent_at%5D%5B%3E%3D%5D=2026-02-01+10%3A00",
            "filter%5bsent_at%5d%5b%3e=%5d=2026-02-01+10%3a00",
        ] {
            assert_eq!(query(text), wanted, "{text}");
        }
        assert_eq!(query("q=a%3Db%26c[]"), json!({"q": "a=b&c[]"}));
        assert_eq!(
            query("filter=%7B%22object%22%3A%22lead%22%7D"),
            json!({"filter": r#"{"object":"lead"}"#})
        );
    }

    #[test]
    fn last_duplicate_key_is_used() {
        assert_eq!(query("a=1&a=2"), json!({"a": "2"}));
        assert_eq!(query("a=1&a[b]=2"), json!({"a": {"b": "2"}}));
        assert_eq!(query("a[b]=2&a=1"), json!({"a": "1"}));
    }

    #[test]
    fn malformed_queries_are_parsed() {
        assert_eq!(query("&&=x&[a]=1"), json!({}));
        assert_eq!(query("a[b=1"), json!({"a[b": "1"}));
        assert_eq!(query("a]=1"), json!({"a]": "1"}));
        assert_eq!(query("a[b]c=1"), json!({"a": {"b": "1"}}));
        assert_eq!(query("%FF=%E4"), json!({"%FF": "%E4"}));
        assert_eq!(query("a[18446744073709551615]=x&a[]=y")["a"][0], "y");
        let deep = format!("a{}=1", "[x]".repeat(100_000));
        assert_eq!(query(&deep), json!({}));
    }

    proptest::proptest! {
        #[test]
        fn random_queries_do_not_panic(text in "\\PC{0,60}") {
            parse_query(&text);
        }

        #[test]
        fn random_brackets_do_not_panic(text in "[a0&=%\\[\\]>5BD+]{0,40}") {
            parse_query(&text);
        }
    }
}
