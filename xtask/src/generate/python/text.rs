//! Python text: literals, docstrings, lines that are not too wide.

use serde_json::Value;

/// The width of lines. Only longer words exceed it.
pub const WIDTH: usize = 100;

/// A Python string literal.
pub fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    format!("\"{escaped}\"")
}

/// A JSON value as a Python expression.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => literal(text),
        Value::Array(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entries = map.iter().map(|(name, item)| format!("{}: {}", literal(name), self::value(item)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A JSON value as an example: times as objects, and long values on several lines, indented after the first.
pub fn example(value: &Value, indent: usize) -> String {
    let (open, parts, close): (char, Vec<String>, char) = match value {
        Value::String(text) => return time(text).unwrap_or_else(|| literal(text)),
        Value::Array(items) => ('[', items.iter().map(|item| example(item, indent + 4)).collect(), ']'),
        Value::Object(map) => {
            let entries =
                map.iter().map(|(name, item)| format!("{}: {}", literal(name), example(item, indent + 4)));
            ('{', entries.collect(), '}')
        }
        plain => return self::value(plain),
    };
    let line = format!("{open}{}{close}", parts.join(", "));
    if line.chars().count() + indent <= WIDTH - 16 && !line.contains('\n') {
        return line;
    }
    let pad = " ".repeat(indent);
    let parts: String = parts.iter().map(|part| format!("{pad}    {part},\n")).collect();
    format!("{open}\n{parts}{pad}{close}")
}

/// `2026-07-05T10:00:00Z` as a `datetime`, to the hour.
fn time(text: &str) -> Option<String> {
    let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let hour: u8 = clock.split_once(':')?.0.parse().ok()?;
    let mut numbers = Vec::new();
    for number in day.split('-') {
        numbers.push(number.parse::<u16>().ok()?);
    }
    let [year, month, day] = numbers.as_slice() else { return None };
    Some(format!("datetime({year}, {month}, {day}, {hour}, tzinfo=timezone.utc)"))
}

/// Splits a text into pieces that fit on a line.
pub fn pieces(text: &str) -> Vec<String> {
    let width = WIDTH - 20;
    let mut pieces = Vec::new();
    for line in text.split_inclusive('\n') {
        let mut piece = String::new();
        for word in line.split_inclusive(' ') {
            if !piece.is_empty() && piece.chars().count() + word.chars().count() > width {
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push_str(word);
        }
        pieces.push(piece);
    }
    pieces
}

/// Wraps prose into lines that fit behind `indent`.
pub fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() + indent + 1 > WIDTH {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Converts prose of the description for a docstring: code in double backticks, no triple quotes.
pub fn prose(text: &str) -> String {
    text.trim().replace('\\', "\\\\").replace("\"\"\"", "'''").replace('`', "``")
}

/// A docstring of these lines, indented.
pub fn docstring(lines: &[String], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut lines = lines.to_vec();
    // A quote at the end would join the closing quotes.
    if let Some(last) = lines.last_mut()
        && last.ends_with('"')
    {
        last.push('.');
    }
    match lines.as_slice() {
        [line] => format!("{pad}\"\"\"{line}\"\"\"\n"),
        lines => {
            let mut out = format!("{pad}\"\"\"");
            for (index, line) in lines.iter().enumerate() {
                if index > 0 && !line.is_empty() {
                    out.push_str(&pad);
                }
                out.push_str(line);
                out.push('\n');
            }
            out + &format!("{pad}\"\"\"\n")
        }
    }
}

/// `head(a, b)tail` on one line, or with a line for each part if it is too long.
pub fn call(head: &str, parts: &[String], tail: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let line = format!("{pad}{head}({}){tail}\n", parts.join(", "));
    if line.chars().count() <= WIDTH + 1 && !line.trim_end().contains('\n') {
        return line;
    }
    let inner = " ".repeat(indent + 4);
    let parts: String = parts
        .iter()
        .map(|part| if part == "*" { format!("{inner}*,\n") } else { format!("{inner}{part},\n") })
        .collect();
    format!("{pad}{head}(\n{parts}{pad}){tail}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_values_as_python() {
        assert_eq!(value(&json!({"a": [null, true, 1.5, "x\"\n"]})), r#"{"a": [None, True, 1.5, "x\"\n"]}"#);
    }

    #[test]
    fn breaks_long_examples_into_lines() {
        assert_eq!(example(&json!({"a": [1, null]}), 4), r#"{"a": [1, None]}"#);
        let wide = json!([{"text": "x".repeat(60), "at": "2026-07-05T10:00:00.000000Z"}]);
        let lines = [
            "[",
            "    {",
            &format!("        \"text\": \"{}\",", "x".repeat(60)),
            "        \"at\": datetime(2026, 7, 5, 10, tzinfo=timezone.utc),",
            "    },",
            "]",
        ];
        assert_eq!(example(&wide, 0), lines.join("\n"));
    }

    #[test]
    fn breaks_long_calls_into_lines() {
        let parts = ["self".to_owned(), "x: str".repeat(20)];
        assert_eq!(call("def f", &parts[..1], ":", 4), "    def f(self):\n");
        assert!(call("def f", &parts, ":", 4).ends_with(",\n    ):\n"));
    }

    #[test]
    fn closes_docstrings() {
        assert_eq!(docstring(&["Says \"x\"".to_owned()], 0), "\"\"\"Says \"x\".\"\"\"\n");
        assert_eq!(
            docstring(&["A.".to_owned(), String::new(), "B.".to_owned()], 2),
            "  \"\"\"A.\n\n  B.\n  \"\"\"\n"
        );
    }
}
