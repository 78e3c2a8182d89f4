//! Writes a description in the style of `openapi/grinfi.yaml`, so that an update changes only the lines whose content
//! changed: block style, lists not indented, plain text where YAML allows it and single quotes elsewhere, folded at 118
//! columns, several lines as a literal block.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

/// Text is folded at the first blank after this column.
const WIDTH: usize = 118;

/// Writes a tree whose root is a map or a list; a scalar is written as one line.
pub fn write(value: &Value) -> String {
    let mut writer = Writer::default();
    match value {
        Value::Object(map) if !map.is_empty() => writer.mapping(map, 0, true),
        Value::Array(items) if !items.is_empty() => writer.sequence(items, 0, true),
        other => writer.scalar(other, 0),
    }
    writer.out.push('\n');
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The length of the current line.
    column: usize,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.push_str(&" ".repeat(indent));
        self.column = indent;
    }

    fn mapping(&mut self, map: &Map<String, Value>, indent: usize, inline: bool) {
        for (index, (key, value)) in map.iter().enumerate() {
            if index > 0 || !inline {
                self.line(indent);
            }
            match style(key) {
                Style::Plain => self.put(key),
                Style::Single => self.put(&format!("'{}'", key.replace('\'', "''"))),
                Style::Literal | Style::Double => self.put(&double(key)),
            }
            self.put(":");
            match value {
                Value::Object(map) if !map.is_empty() => self.mapping(map, indent + 2, false),
                Value::Array(items) if !items.is_empty() => self.sequence(items, indent, false),
                scalar => {
                    self.put(" ");
                    self.scalar(scalar, indent + 2);
                }
            }
        }
    }

    fn sequence(&mut self, items: &[Value], indent: usize, inline: bool) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 || !inline {
                self.line(indent);
            }
            self.put("- ");
            match item {
                Value::Object(map) if !map.is_empty() => self.mapping(map, indent + 2, true),
                Value::Array(items) if !items.is_empty() => self.sequence(items, indent + 2, true),
                scalar => self.scalar(scalar, indent + 2),
            }
        }
    }

    fn scalar(&mut self, value: &Value, indent: usize) {
        match value {
            Value::String(text) => match style(text) {
                Style::Plain => self.plain(text, indent),
                Style::Single => self.single(text, indent),
                Style::Literal => self.literal(text, indent),
                Style::Double => self.put(&double(text)),
            },
            Value::Object(_) => self.put("{}"),
            Value::Array(_) => self.put("[]"),
            other => self.put(&other.to_string()),
        }
    }

    /// Writes words, with a line break at the first single blank after the width.
    fn plain(&mut self, text: &str, indent: usize) {
        for (blanks, word) in words(text) {
            if blanks == 1 && self.column > WIDTH {
                self.line(indent);
            } else {
                self.put(&" ".repeat(blanks));
            }
            self.put(word);
        }
    }

    fn single(&mut self, text: &str, indent: usize) {
        self.put("'");
        let quoted = text.replace('\'', "''");
        let words: Vec<(usize, &str)> = words(&quoted).collect();
        for (index, (blanks, word)) in words.iter().enumerate() {
            let inside = index > 0 && !word.is_empty();
            if *blanks == 1 && inside && self.column > WIDTH {
                self.line(indent);
            } else {
                self.put(&" ".repeat(*blanks));
            }
            self.put(word);
        }
        self.put("'");
    }

    fn literal(&mut self, text: &str, indent: usize) {
        let mut header = String::from("|");
        if text.starts_with([' ', '\n']) {
            header.push('2');
        }
        match text.strip_suffix('\n') {
            None => header.push('-'),
            Some(rest) if rest.is_empty() || rest.ends_with('\n') => header.push('+'),
            Some(_) => {}
        }
        self.put(&header);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            self.line(if line.is_empty() { 0 } else { indent });
            self.put(line);
        }
    }
}

/// The words of a text, each with the number of blanks before it. Trailing blanks precede an empty word.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let word = rest.trim_start_matches(' ');
        let blanks = rest.len() - word.len();
        let end = word.find(' ').unwrap_or(word.len());
        rest = &word[end..];
        Some((blanks, &word[..end]))
    })
}

#[derive(Debug, PartialEq)]
enum Style {
    Plain,
    Single,
    Literal,
    Double,
}

fn style(text: &str) -> Style {
    let special = text.chars().any(|c| {
        !(c == '\n'
            || (' '..='~').contains(&c)
            || c == '\u{85}'
            || (c >= '\u{a0}' && c != '\u{feff}' && c != '\u{2028}' && c != '\u{2029}'))
    });
    if special || text.contains(" \n") {
        return Style::Double;
    }
    if text.contains('\n') {
        return if text.ends_with(' ') { Style::Double } else { Style::Literal };
    }
    if text.starts_with(' ') || text.ends_with(' ') || indicates(text) || OTHER_TYPE.is_match(text) {
        return Style::Single;
    }
    Style::Plain
}

/// Whether a character has a meaning in YAML at its position.
fn indicates(text: &str) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let chars: Vec<char> = text.chars().collect();
    let blank = |index: usize| chars.get(index).is_none_or(|c| *c == ' ');
    chars.iter().enumerate().any(|(index, c)| match (index, c) {
        (
            0,
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`',
        ) => true,
        (0, '?' | '-') => blank(1),
        (_, ':') => blank(index + 1),
        (1.., '#') => blank(index - 1),
        _ => false,
    })
}

/// Text that YAML 1.1 or 1.2 would parse as another type if it were plain.
static OTHER_TYPE: LazyLock<Regex> = LazyLock::new(|| {
    let parts = [
        "",
        "~|null|Null|NULL|=|<<",
        "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF",
        "[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+",
        r"[-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?|[-+]?\.[0-9][0-9_]*([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+",
        r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?",
    ];
    #[allow(clippy::expect_used, reason = "a constant, covered by the tests")]
    Regex::new(&format!("^({})$", parts.join("|"))).expect("a valid expression")
});

fn double(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || c == '\u{feff}' || c == '\u{2028}' || c == '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::{generate, spec, update};

    #[test]
    fn our_description_is_written_unchanged() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (text, doc) = spec::read(&root.join(generate::DESCRIPTION)).unwrap();
        let (head, body) = update::split_head(&text);
        assert!(!head.is_empty());
        let ours = write(&doc);
        for (number, (a, b)) in body.lines().zip(ours.lines()).enumerate() {
            assert_eq!(a, b, "line {number} of the body");
        }
        assert_eq!(body.len(), ours.len());
    }

    #[test]
    fn texts_survive_a_round_trip() {
        let long = "word ".repeat(60) + "end";
        let texts = [
            "",
            " ",
            "a",
            "a b",
            " a",
            "a ",
            "a  b",
            "true",
            "on",
            "null",
            "~",
            "1",
            "1.5",
            "1e3",
            "0x1f",
            "0o17",
            "2024-01-01",
            "12:30",
            "- a",
            "-a",
            "? a",
            "a: b",
            "a:b",
            "a #b",
            "a#b",
            "#",
            "'",
            "it's",
            "\"",
            "{}",
            "[a]",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%",
            "@",
            "`a`",
            "a\nb",
            "a\n",
            "a\n\n",
            "\na",
            " a\nb",
            "a \nb",
            "a\n\nb",
            "tab\there",
            "bell\u{7}",
            "ä — …",
            "---",
            "...",
            "=",
            "<<",
            "a:",
            "\u{feff}",
            "a\\b",
            "line\u{2028}break",
            &long,
            &long.replace("word", "it's: a"),
            &format!("{long}\n{long}"),
            &long.replace(' ', "  "),
        ];
        for text in texts {
            let tree =
                json!({"k": text, "l": [text, {"m": text}, [text]], (text): 1, "n": {}, "o": [], "p": null});
            let written = write(&tree);
            let read: Value = serde_saphyr::from_str(&written).unwrap_or_else(|e| panic!("{e}\n{written}"));
            assert_eq!(read, tree, "{written}");
        }
    }
}
