//! Reading the fields of a body; what is wrong with them is gathered, not answered one by one.

use serde_json::Value;

use crate::record::Record;
use crate::refusal::{Faults, Refusal};

/// A map of a body that is being read, and its place in the body.
pub(super) struct Fields<'a> {
    map: &'a Record,
    /// Empty, or the JSON path of the map with its dot: `lead.`
    place: String,
}

impl<'a> Fields<'a> {
    /// The body itself.
    pub(super) fn of(map: &'a Record) -> Fields<'a> {
        Fields { map, place: String::new() }
    }

    /// A map within the body.
    pub(super) fn within(map: &'a Record, place: &str) -> Fields<'a> {
        Fields { map, place: format!("{place}.") }
    }

    /// A field's JSON path.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.place)
    }

    /// The field if it is there and not null.
    pub(super) fn given(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Whether the field is there, null or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// A text that may be left out.
    pub(super) fn text(&self, name: &str, faults: &mut Faults) -> Option<&'a str> {
        self.read(name, "a string", faults, Value::as_str)
    }

    /// A text that must be there and hold more than blanks.
    // assumed: blank
    pub(super) fn required_text(&self, name: &str, faults: &mut Faults) -> &'a str {
        if self.given(name).is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty())) {
            faults.missing(&self.path(name));
            return "";
        }
        self.text(name, faults).unwrap_or_default()
    }

    /// A boolean; PHP's 0 and 1 are booleans too.
    pub(super) fn flag(&self, name: &str, faults: &mut Faults) -> Option<bool> {
        self.read(name, "true or false", faults, |value| match value {
            Value::Bool(flag) => Some(*flag),
            value => match value.as_u64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
        })
    }

    pub(super) fn integer(&self, name: &str, faults: &mut Faults) -> Option<i64> {
        self.read(name, "an integer", faults, Value::as_i64)
    }

    /// A map; PHP's empty map, `[]`, is read as none.
    pub(super) fn map(&self, name: &str, faults: &mut Faults) -> Option<&'a Record> {
        if self.given(name).is_some_and(|value| value.as_array().is_some_and(Vec::is_empty)) {
            return None;
        }
        self.read(name, "an object", faults, Value::as_object)
    }

    pub(super) fn list(&self, name: &str, faults: &mut Faults) -> Option<&'a Vec<Value>> {
        self.read(name, "an array", faults, Value::as_array)
    }

    /// An array of texts that must be there; it may be empty.
    pub(super) fn required_texts(&self, name: &str, faults: &mut Faults) -> Vec<String> {
        if self.given(name).is_none() {
            faults.missing(&self.path(name));
        }
        let mut texts = Vec::new();
        for (at, value) in self.list(name, faults).into_iter().flatten().enumerate() {
            match value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => {
                    let field = format!("{}.{at}", self.path(name));
                    faults.add(&field, format!("The {field} must be a string."));
                }
            }
        }
        texts
    }

    /// A text that must be one of a few.
    pub(super) fn one_of(&self, name: &str, words: &[&str], faults: &mut Faults) -> &'a str {
        let word = self.required_text(name, faults);
        if !word.is_empty() && !words.contains(&word) {
            let field = self.path(name);
            faults.add(&field, format!("The {field} must be one of {}.", words.join(", ")));
        }
        word
    }

    /// Checks that what a field names exists, if it names something.
    // assumed: named-exists
    pub(super) fn if_given_exists(&self, name: &str, faults: &mut Faults, exists: impl FnOnce(&str) -> bool) {
        if let Some(uuid) = self.given(name).and_then(Value::as_str)
            && !exists(uuid)
        {
            let field = self.path(name);
            faults.add(&field, format!("The selected {field} does not exist."));
        }
    }

    /// The uuid of something that must exist.
    pub(super) fn existing(
        &self,
        name: &str,
        faults: &mut Faults,
        exists: impl FnOnce(&str) -> bool,
    ) -> &'a str {
        let uuid = self.required_text(name, faults);
        if !uuid.is_empty() && !exists(uuid) {
            let field = self.path(name);
            faults.add(&field, format!("The selected {field} does not exist."));
        }
        uuid
    }

    fn read<T>(
        &self,
        name: &str,
        wanted: &str,
        faults: &mut Faults,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.given(name)?;
        let read = read(value);
        if read.is_none() {
            let field = self.path(name);
            faults.add(&field, format!("The {field} must be {wanted}."));
        }
        read
    }
}

/// A schedule: a time zone and blocks of minutes on days of the week.
pub(super) fn schedule(fields: &Fields<'_>, name: &str, faults: &mut Faults) -> Option<Value> {
    let map = fields.map(name, faults)?;
    let inner = Fields::within(map, &fields.path(name));
    inner.required_text("timezone", faults);
    inner.flag("use_lead_timezone", faults);
    if inner.given("timeblocks").is_none() {
        faults.missing(&inner.path("timeblocks"));
    }
    for (at, block) in inner.list("timeblocks", faults).into_iter().flatten().enumerate() {
        let place = format!("{}.{at}", inner.path("timeblocks"));
        let Some(block) = block.as_object() else {
            faults.add(&place, format!("The {place} must be an object."));
            continue;
        };
        let block = Fields::within(block, &place);
        for part in ["dow", "min", "max"] {
            block.integer(part, faults);
        }
    }
    Some(Value::Object(map.clone()))
}

/// The 404 of a record that is not there.
// assumed: unknown-uuid
pub(super) fn found<T>(record: Option<T>, what: &str) -> Result<T, Refusal> {
    record.ok_or_else(|| Refusal::not_found(what))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults_of(body: Value, read: impl FnOnce(&Fields<'_>, &mut Faults)) -> Value {
        let map = body.as_object().cloned().unwrap();
        let mut faults = Faults::default();
        read(&Fields::of(&map), &mut faults);
        faults.finish().map_or_else(|refusal| refusal.body()["error"]["data"].clone(), |()| json!({}))
    }

    #[test]
    fn fields_are_named_by_their_paths() {
        let data =
            faults_of(json!({"schedule": {"timeblocks": [{"dow": "x"}, 7]}, "on": 2}), |fields, faults| {
                schedule(fields, "schedule", faults);
                fields.flag("on", faults);
                fields.required_text("name", faults);
            });
        let named: Vec<&String> = data.as_object().unwrap().keys().collect();
        let wanted =
            ["schedule.timezone", "schedule.timeblocks.0.dow", "schedule.timeblocks.1", "on", "name"];
        assert_eq!(named, wanted);
    }

    #[test]
    fn null_is_left_out_and_blank_is_missing() {
        let data = faults_of(json!({"a": null, "b": " ", "c": null}), |fields, faults| {
            assert_eq!(fields.text("a", faults), None);
            fields.required_text("b", faults);
            fields.required_texts("c", faults);
        });
        assert_eq!(data.as_object().unwrap().len(), 2);
    }
}
