//! Description of JSON that does not decode, without the values that the decoder quotes.

use std::fmt;

use serde_json::error::Category;

/// Description of JSON that does not decode: the expected type, the kind of value that was found, and its position.
///
/// Source of a decode error. The message of the decoder quotes the value, which may be personal data; this contains only the
/// kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    what: What,
    line: usize,
    column: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Type { found: &'static str, expected: String },
    Missing { field: String },
    Syntax(String),
    Other,
}

/// Kinds of values: the first words of serde's description, and the name used here.
const KINDS: [(&str, &str); 12] = [
    ("boolean", "a boolean"),
    ("integer", "an integer"),
    ("floating point", "a number"),
    ("string", "a string"),
    ("character", "a string"),
    ("null", "null"),
    ("unit value", "null"),
    ("sequence", "a list"),
    ("map", "an object"),
    ("number", "a number"),
    ("variant", "an unknown variant"),
    ("field", "an unknown field"),
];

impl Mismatch {
    /// Returns what was expected, such as `a whole number`, if a value of the wrong kind was found.
    #[must_use]
    pub fn expected(&self) -> Option<&str> {
        match &self.what {
            What::Type { expected, .. } => Some(expected),
            _ => None,
        }
    }

    /// Returns the kind of value that was found, such as `a string`, if it was the wrong one.
    #[must_use]
    pub fn found(&self) -> Option<&str> {
        match &self.what {
            What::Type { found, .. } => Some(found),
            _ => None,
        }
    }

    /// Returns the line of the JSON text that the decoder had reached, counted from 1; 0 if it is not known.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in that line, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

impl From<&serde_json::Error> for Mismatch {
    fn from(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let text = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
        let what = match error.classify() {
            Category::Data => of_data(text),
            // Syntax errors quote no values.
            Category::Syntax | Category::Eof | Category::Io => What::Syntax(text.to_owned()),
        };
        Self { what, line, column }
    }
}

/// Parses a message of serde about a value: `invalid type: string "x", expected a number`, `` missing field `uuid` ``.
fn of_data(text: &str) -> What {
    // The name of a required field comes from our types, not from the response.
    if let Some(field) = text.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return What::Missing { field: field.to_owned() };
    }
    let found =
        ["invalid type: ", "invalid value: ", "unknown "].iter().find_map(|start| text.strip_prefix(start));
    // The expectation comes last and from our types. A value may contain the same words.
    match found.zip(text.rsplit_once(", expected ")) {
        Some((found, (_, expected))) => {
            let kind = KINDS.iter().find(|(start, _)| found.starts_with(start));
            What::Type {
                found: kind.map_or("another value", |(_, kind)| kind),
                expected: expected.to_owned(),
            }
        }
        None => What::Other,
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Type { found, expected } => write!(f, "expected {expected}, found {found}")?,
            What::Missing { field } => write!(f, "missing field `{field}`")?,
            What::Syntax(text) => f.write_str(text)?,
            What::Other => f.write_str("unexpected value")?,
        }
        match self.line {
            0 => Ok(()),
            line => write!(f, " at line {line} column {}", self.column),
        }
    }
}

impl std::error::Error for Mismatch {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use grinfi_raw::{Aggregated, Page, types};
    use serde::{Deserialize, de::DeserializeOwned};

    use super::*;

    fn of<T: DeserializeOwned>(text: &str) -> Mismatch {
        Mismatch::from(&serde_json::from_str::<T>(text).err().unwrap())
    }

    #[test]
    fn names_the_kind_and_not_the_value() {
        #[derive(Debug, Deserialize)]
        enum Choice {
            #[allow(dead_code, reason = "only its name matters")]
            One,
        }
        let mails = of::<BTreeMap<String, u64>>(r#"{"a": "jane@example.com, expected you"}"#);
        assert_eq!((mails.found(), mails.expected()), (Some("a string"), Some("u64")));
        assert_eq!(mails.to_string(), "expected u64, found a string at line 1 column 38");
        for (shown, kind) in [
            (of::<bool>("31337").to_string(), "an integer"),
            (of::<bool>("3133.7").to_string(), "a number"),
            (of::<u64>("true").to_string(), "a boolean"),
            (of::<u64>("null").to_string(), "null"),
            (of::<u64>("[31337]").to_string(), "a list"),
            (of::<u64>(r#"{"jane": 1}"#).to_string(), "an object"),
            (of::<Choice>(r#""jane""#).to_string(), "an unknown variant"),
            (of::<types::Contact>(r#"{"uuid": "u", "created_at": "jane"}"#).to_string(), "a string"),
            (of::<types::Contact>(r#"{"uuid": "u", "team_id": "jane"}"#).to_string(), "a string"),
        ] {
            assert!(shown.contains(kind), "{shown}");
            for value in ["31337", "3133", "true", "jane"] {
                assert!(!shown.split(" at line").next().unwrap().contains(value), "{shown}");
            }
        }
    }

    #[test]
    fn keeps_messages_without_a_value() {
        type Contacts = Page<Aggregated<types::Contact>>;
        assert_eq!(of::<Contacts>("{}").to_string(), "missing field `data` at line 1 column 2");
        assert!(of::<Contacts>("<html>").to_string().starts_with("expected value at line 1"));
        let custom = <serde_json::Error as serde::de::Error>::custom("jane is not a number");
        assert_eq!(Mismatch::from(&custom).to_string(), "unexpected value");
    }
}
