use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

/// An object in the query, spelled `filter[field]=v`, `filter[field][]=v` and `filter[field][>=]=v`.
///
/// The API ignores a flat `?field=v` without an error and answers with everything, so this is the only spelling there is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brackets {
    pairs: Vec<(String, String)>,
}

impl Brackets {
    /// Spells `object` under `name`. A list becomes repeated `[]` pairs, a map one pair for each key, null the text
    /// `is_null`, true and false `1` and `0`.
    #[must_use]
    pub fn new(name: &str, object: &serde_json::Map<String, Value>) -> Self {
        let mut pairs = Vec::new();
        for (field, value) in object {
            spell(format!("{name}[{field}]"), value, &mut pairs);
        }
        Self { pairs }
    }

    /// The pairs, before percent-encoding.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Whether nothing would be sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

fn spell(key: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => pairs.push((key, "is_null".to_owned())),
        Value::Bool(flag) => pairs.push((key, u8::from(*flag).to_string())),
        Value::Number(number) => pairs.push((key, number.to_string())),
        Value::String(text) => pairs.push((key, text.clone())),
        Value::Array(items) => items.iter().for_each(|item| spell(format!("{key}[]"), item, pairs)),
        Value::Object(map) => {
            map.iter().for_each(|(step, item)| spell(format!("{key}[{step}]"), item, pairs))
        }
    }
}

impl Serialize for Brackets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.pairs.len()))?;
        for (key, value) in &self.pairs {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_form_has_its_spelling() {
        let object = json!({"status": "closed", "flow_uuid": ["a", "b"], "executed_at": {">=": "2026-01-01", "<": 3},
            "lead_uuid": "is_null", "read": true});
        let brackets = Brackets::new("filter", object.as_object().unwrap());
        let spelled: Vec<String> =
            brackets.pairs().iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(
            spelled,
            [
                "filter[status]=closed",
                "filter[flow_uuid][]=a",
                "filter[flow_uuid][]=b",
                "filter[executed_at][>=]=2026-01-01",
                "filter[executed_at][<]=3",
                "filter[lead_uuid]=is_null",
                "filter[read]=1",
            ]
        );
    }
}
