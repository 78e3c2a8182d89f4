//! The filter language: an AND of fields, each with a value, a list of values, a range or a null test.
//!
//! It can say what the API can do and nothing else: a value, a list of values (IN), a list of excluded values (NOT IN), a
//! range, a null test. There is no OR, because the API has none; fields of different resources do not mix; an order (`<`,
//! `>=`) exists only where the values have one. A value of the wrong type, a name where an id is needed and a time without a
//! zone are refused before anything is sent.
//!
//! ```
//! use grinfi::filter::contact;
//!
//! let since = chrono::DateTime::from_timestamp(1_767_225_600, 0).unwrap();
//! let filter = contact::company_name().eq("ExampleCorp")
//!     & contact::created_at().ge(since)
//!     & contact::work_email().is_not_null();
//! assert_eq!(
//!     serde_json::Value::Object(filter.to_json().unwrap()).to_string(),
//!     r#"{"company_name":"ExampleCorp","created_at":{">=":"2026-01-01T00:00:00.000000Z"},"work_email":"is_not_null"}"#
//! );
//! ```

use std::{collections::BTreeSet, fmt, marker::PhantomData, ops::BitAnd};

use serde_json::{Map, Value};

use crate::error::{Error, Result};

mod field;
mod fields;
mod value;

pub use field::{Enumeration, Field, Id, Instant, Kind, Number, Ordered, Text, Time, ValueKind};
pub use fields::{
    activity, automation, company, company_text, contact, email, email_body, enrollment,
    linkedin_conversation, linkedin_message, list, mailbox, mailbox_error, outbound_request, sender_profile,
    task,
};
pub(crate) use value::time;

/// What can be filtered.
pub trait Filterable: Send + Sync + 'static {
    /// What one of it is called in messages: `contact`.
    const NAME: &'static str;
    /// The fields that the API is known to filter by.
    const FIELDS: &'static [&'static str];
    /// The names of these fields in this crate, in the same order: `contact_uuid` for the API's `lead_uuid`.
    const NAMES: &'static [&'static str];
    /// What the values of these fields are, in the same order.
    const KINDS: &'static [ValueKind];
    /// Fields that look filterable and are not, each with the reason.
    const TRAPS: &'static [(&'static str, &'static str)];
}

/// Conditions that must all hold for a record of `R`.
pub struct Filter<R> {
    conditions: Vec<Condition>,
    resource: PhantomData<fn() -> R>,
}

#[derive(Debug, Clone, PartialEq)]
struct Condition {
    field: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Compare(&'static str, Value),
    In(Vec<Value>),
    NotIn(Vec<Value>),
    Null(bool),
}

/// The operators of the API that compare.
const OPERATORS: [&str; 7] = ["=", "!=", "<>", "<", "<=", ">", ">="];

impl<R> Filter<R> {
    fn one(field: &str, test: Test) -> Self {
        Self { conditions: vec![Condition { field: field.to_owned(), test }], resource: PhantomData }
    }

    /// A filter without conditions: everything.
    #[must_use]
    pub fn all() -> Self {
        Self { conditions: Vec::new(), resource: PhantomData }
    }
}

impl<R: Filterable> Filter<R> {
    /// The filter as the API's JSON object.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] naming the field, if the conditions on it cannot be said together: the API takes either
    /// one value, one list, one null test, or each comparison once.
    pub fn to_json(&self) -> Result<Map<String, Value>> {
        let mut object: Map<String, Value> = Map::new();
        for Condition { field, test } in &self.conditions {
            let new = match &value::checked::<R>(field, test, value::Origin::Typed)? {
                // A lone equality is a bare value. Beside a range it needs its operator, and so does a text that would
                // be taken for a null test.
                Test::Compare("=", value)
                    if !is_null_test(value)
                        && self.conditions.iter().filter(|c| c.field == *field).count() == 1 =>
                {
                    value.clone()
                }
                Test::Compare(operator, value) => {
                    Value::Object(Map::from_iter([((*operator).to_owned(), value.clone())]))
                }
                Test::In(values) if values.is_empty() => {
                    return Err(Error::input(
                        name::<R>(field),
                        "an empty list of values matches nothing; leave the call out instead",
                    ));
                }
                Test::In(values) => Value::Array(values.clone()),
                Test::NotIn(values) if values.is_empty() => {
                    return Err(Error::input(
                        name::<R>(field),
                        "an empty list excludes nothing; leave the condition out instead",
                    ));
                }
                Test::NotIn(values) => {
                    Value::Object(Map::from_iter([("!=".to_owned(), Value::Array(values.clone()))]))
                }
                Test::Null(true) => "is_null".into(),
                Test::Null(false) => "is_not_null".into(),
            };
            match (object.get_mut(field), new) {
                (None, new) => {
                    object.insert(field.clone(), new);
                }
                (Some(Value::Object(range)), Value::Object(more)) => {
                    for (operator, value) in more {
                        if range.insert(operator.clone(), value).is_some() {
                            let message = format!("two conditions with {operator}; the API takes one");
                            return Err(Error::input(name::<R>(field), message));
                        }
                    }
                }
                (Some(_), _) => {
                    let message = "conditions that the API cannot take together: one value, one list, one null test, or a range";
                    return Err(Error::input(name::<R>(field), message));
                }
            }
        }
        Ok(object)
    }
}

/// Whether a bare value would be taken for a null test.
fn is_null_test(value: &Value) -> bool {
    value == "is_null" || value == "is_not_null"
}

impl<R: Filterable> Filter<R> {
    /// Reads a filter from the API's JSON object.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] naming the field: it is not one that the API filters by (it would answer 500, or with
    /// everything), or its condition is none that the API has.
    pub fn from_json(object: &Map<String, Value>) -> Result<Self> {
        let mut conditions = Vec::new();
        for (field, value) in object {
            let field = wire_name::<R>(field)?;
            let mut push = |test| {
                let test = value::checked::<R>(field, &test, value::Origin::Json)?;
                conditions.push(Condition { field: field.to_owned(), test });
                Ok::<_, Error>(())
            };
            match value {
                Value::String(text) if text == "is_null" => push(Test::Null(true))?,
                Value::String(text) if text == "is_not_null" => push(Test::Null(false))?,
                Value::Null => return Err(Error::input(field, "null is no condition; use \"is_null\"")),
                Value::Array(values) => push(Test::In(list(field, values)?))?,
                Value::Object(range) => {
                    if range.is_empty() {
                        return Err(Error::input(field, "no operator"));
                    }
                    for (operator, value) in range {
                        let Some(operator) = OPERATORS.into_iter().find(|known| known == operator) else {
                            let message =
                                format!("no operator `{operator}`; there are {}", OPERATORS.join(" "));
                            return Err(Error::input(field, message));
                        };
                        match value {
                            Value::Array(values) if matches!(operator, "!=" | "<>") => {
                                push(Test::NotIn(list(field, values)?))?;
                            }
                            Value::Array(_) | Value::Object(_) | Value::Null => {
                                let message = format!("`{operator}` compares with one text or number");
                                return Err(Error::input(field, message));
                            }
                            value => push(Test::Compare(operator, value.clone()))?,
                        }
                    }
                }
                scalar => push(Test::Compare("=", scalar.clone()))?,
            }
        }
        Ok(Self { conditions, resource: PhantomData })
    }
}

/// The values of a list, none of which may be null or a collection.
fn list(field: &str, values: &[Value]) -> Result<Vec<Value>> {
    if values.iter().any(|value| value.is_array() || value.is_object() || value.is_null()) {
        return Err(Error::input(field, "a list may hold texts, numbers and booleans only"));
    }
    Ok(values.to_vec())
}

/// Returns the name on the wire of a field that the API filters `R` by, given under that name or under this crate's.
fn wire_name<R: Filterable>(field: &str) -> Result<&'static str> {
    let position = |names: &[&str]| names.iter().position(|known| *known == field);
    if let Some(index) = position(R::NAMES).or_else(|| position(R::FIELDS)) {
        return Ok(R::FIELDS[index]);
    }
    if let Some((_, why)) = R::TRAPS.iter().find(|(trap, _)| *trap == field) {
        return Err(Error::input(field, why));
    }
    let message = format!("no field that a {} can be filtered by{}", R::NAME, choices(field, R::NAMES));
    Err(Error::input(field, message))
}

/// Returns this crate's name of a field, for error messages.
fn name<R: Filterable>(field: &str) -> &str {
    let index = R::FIELDS.iter().position(|known| *known == field);
    index.and_then(|index| R::NAMES.get(index).copied()).unwrap_or(field)
}

/// The end of a message about a name that is not known: the nearest known one, or else all of them.
pub(crate) fn choices(typed: &str, known: &[&str]) -> String {
    match nearest(typed, known) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; there are {}", known.join(", ")),
    }
}

/// The known field that shares most letter pairs with a mistyped one, if any comes near.
pub(crate) fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    fn pairs(text: &str) -> BTreeSet<(char, char)> {
        text.chars().zip(text.chars().skip(1)).collect()
    }
    let wanted = pairs(typed);
    known
        .iter()
        .map(|candidate| {
            let has = pairs(candidate);
            let shared = wanted.intersection(&has).count();
            (2 * shared * 100 / (wanted.len() + has.len()).max(1), *candidate)
        })
        .filter(|(score, _)| *score >= 55)
        .max()
        .map(|(_, candidate)| candidate)
}

impl<R> BitAnd for Filter<R> {
    type Output = Self;

    fn bitand(mut self, mut other: Self) -> Self {
        self.conditions.append(&mut other.conditions);
        self
    }
}

impl<R> Clone for Filter<R> {
    fn clone(&self) -> Self {
        Self { conditions: self.conditions.clone(), resource: PhantomData }
    }
}

impl<R> fmt::Debug for Filter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.conditions).finish()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::resources::contacts::Contacts;

    const ID: &str = "0b5b7a3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b";
    const OTHER_ID: &str = "0b5b7a3e-1c2d-4e5f-8a9b-0c1d2e3f4a5c";

    fn read(value: Value) -> Result<Filter<Contacts>> {
        Filter::from_json(value.as_object().unwrap())
    }

    #[test]
    fn conditions_that_cannot_be_said_together_are_refused() {
        let time = |second| DateTime::from_timestamp(second, 0).unwrap();
        let at = contact::created_at;
        for (filter, says) in [
            (at().ge(time(1)) & at().ge(time(2)), "two conditions with >="),
            (at().eq(time(1)) & at().is_null(), "cannot take together"),
            (at().in_([time(1)]) & at().lt(time(2)), "cannot take together"),
            (at().in_(Vec::<DateTime<chrono::Utc>>::new()), "empty list"),
        ] {
            let error = filter.to_json().unwrap_err();
            assert_eq!(error.field(), Some("created_at"));
            assert!(error.to_string().contains(says), "{error}");
        }
        let range = (at().between(time(1), time(2)) & at().ne(time(1))).to_json().unwrap();
        assert_eq!(range["created_at"].as_object().unwrap().len(), 3);
    }

    #[test]
    fn a_text_that_spells_a_null_test_stays_a_text() {
        let filter = contact::name().eq("is_null").to_json().unwrap();
        assert_eq!(Value::Object(filter.clone()), json!({"name": {"=": "is_null"}}));
        assert_eq!(Filter::<Contacts>::from_json(&filter).unwrap().to_json().unwrap(), filter);
    }

    #[test]
    fn json_goes_through_unchanged() {
        let value = json!({"company_name": "ExampleCorp", "list_uuid": [ID, OTHER_ID],
            "created_at": {">=": "2026-02-03T15:55:04.000000Z", "<": "2026-02-04T00:00:00.000000Z"},
            "work_email": "is_not_null", "headline": {"!=": "z"}, "connections_number": 5,
            "email_status": {"!=": ["ok", "unknown"]}});
        assert_eq!(Value::Object(read(value.clone()).unwrap().to_json().unwrap()), value);
    }

    #[test]
    fn excludes_values_with_not_in() {
        let filter = contact::email_status().not_in(["ok", "unknown"]) & contact::name().ne("x");
        let object = filter.to_json().unwrap();
        assert_eq!(
            Value::Object(object.clone()),
            json!({"email_status": {"!=": ["ok", "unknown"]}, "name": {"!=": "x"}})
        );
        assert_eq!(Filter::<Contacts>::from_json(&object).unwrap().to_json().unwrap(), object);
        let brackets = grinfi_raw::Brackets::new("filter", &object);
        assert_eq!(brackets.pairs()[1], ("filter[email_status][!=][]".to_owned(), "unknown".to_owned()));
        let time = |second| DateTime::from_timestamp(second, 0).unwrap();
        let range = contact::created_at().ge(time(1)) & contact::created_at().not_in([time(2), time(3)]);
        assert_eq!(range.to_json().unwrap()["created_at"]["!="].as_array().unwrap().len(), 2);
        for (filter, says) in [
            (contact::name().not_in(Vec::<String>::new()), "excludes nothing"),
            (contact::name().not_in(["a"]) & contact::name().ne("b"), "two conditions with !="),
            (contact::name().not_in(["a"]) & contact::name().in_(["b"]), "cannot take together"),
        ] {
            let error = filter.to_json().unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains(says), "{error}");
        }
    }

    #[test]
    fn sends_times_in_utc() {
        for text in ["2026-02-03T16:55:04+01:00", "2026-02-03 15:55:04Z", "2026-02-03T15:55:04.000000Z"] {
            let filter = read(json!({"created_at": {"<": text}})).unwrap().to_json().unwrap();
            assert_eq!(filter["created_at"]["<"], "2026-02-03T15:55:04.000000Z", "{text}");
        }
    }

    #[test]
    fn refuses_names_where_typed_filters_need_ids() {
        for filter in
            [contact::tags().eq("VIP"), contact::tags().not_in(["VIP"]), contact::list_uuid().in_(["Autumn"])]
        {
            let error = filter.to_json().unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains("an id (a UUID)"), "{error}");
        }
        assert!(contact::tags().eq(ID).to_json().is_ok());
    }

    #[test]
    fn a_linkedin_name_is_looked_for_in_its_one_form() {
        let urls = ["https://www.linkedin.com/in/J%C3%BCrgen/de/", "@ada"];
        let filter = contact::linkedin().in_(urls).to_json().unwrap();
        assert_eq!(Value::Object(filter), json!({"linkedin": ["jürgen", "ada"]}));
        let filter = read(json!({"sn_id": {"!=": "linkedin.com/sales/lead/ACwAAAx,y"}})).unwrap();
        assert_eq!(Value::Object(filter.to_json().unwrap()), json!({"sn_id": {"!=": "ACwAAAx"}}));
        let page = company::linkedin().eq("linkedin.com/company/ExampleCorp").to_json().unwrap();
        assert_eq!(Value::Object(page), json!({"linkedin": "examplecorp"}));
        for (filter, says) in [
            (contact::linkedin().eq("linkedin.com/company/x"), "company"),
            (contact::linkedin().eq("ACoAAAx"), "nickname"),
            (contact::linkedin().eq("Ada Ivers"), "spaces"),
        ] {
            let error = filter.to_json().unwrap_err();
            assert_eq!((error.is_invalid_input(), error.field()), (true, Some("linkedin")));
            assert!(error.to_string().contains(says), "{error}");
        }
    }

    #[test]
    fn what_the_api_does_not_know_is_named() {
        for (value, field, says) in [
            (json!({"compny_name": "x"}), "compny_name", "did you mean `company_name`?"),
            (json!({"zzz": 1}), "zzz", "no field that a contact can be filtered by"),
            (json!({"zzz": 1}), "zzz", "there are q, uuid, list_uuid"),
            (json!({"updated_at": {">": "x"}}), "updated_at", "500"),
            (json!({"company_name": 5}), "company_name", "a text, got 5"),
            (json!({"company_name": ["x", true]}), "company_name", "a text, got true"),
            (json!({"company_name": {"!=": ["x", 5]}}), "company_name", "a text, got 5"),
            (json!({"user_id": "five"}), "user_id", "a whole number, got \"five\""),
            (json!({"user_id": 1.5}), "user_id", "a whole number, got 1.5"),
            (json!({"tags": "VIP"}), "tags", "an id (a UUID), got \"VIP\""),
            (json!({"tags": ["Hot lead"]}), "tags", "an id (a UUID)"),
            (json!({"list_uuid": {"!=": [ID, "Autumn"]}}), "list_uuid", "an id (a UUID)"),
            (json!({"uuid": "Jane Roe"}), "uuid", "an id, got \"Jane Roe\""),
            (json!({"created_at": {">=": "2026-02-03T15:55:04"}}), "created_at", "a time with a zone"),
            (json!({"created_at": {">=": "2026-02-03"}}), "created_at", "a time with a zone"),
            (json!({"created_at": 1770000000}), "created_at", "a time with a zone"),
            (json!({"q": ["a", "b"]}), "q", "one text"),
            (json!({"q": {"!=": "a"}}), "q", "one text"),
            (json!({"name": {">": ["x"]}}), "name", "compares with one"),
            (json!({"name": {"!=": [["x"]]}}), "name", "a list may hold"),
            (json!({"name": {"like": "x"}}), "name", "no operator `like`"),
            (json!({"name": null}), "name", "is_null"),
            (json!({"name": {}}), "name", "no operator"),
            (json!({"name": {"=": []}}), "name", "compares with one"),
            (json!({"name": [["x"]]}), "name", "a list may hold"),
        ] {
            let error = read(value.clone()).unwrap_err();
            assert_eq!(error.field(), Some(field), "{value}");
            assert!(error.is_invalid_input() && error.to_string().contains(says), "{error}");
        }
    }
}
