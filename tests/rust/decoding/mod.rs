//! What the API answers, decoded: each answer as the description has it, each in the other dresses that values have been
//! seen in, and what has been seen that the description does not know. Nothing goes over a socket here but in [`seen`].

mod seen;
mod table;

use std::sync::{Arc, LazyLock};

use grinfi_raw::{Client, Operation, Transport, TransportFuture};
use serde_json::{Value, json};

use self::table::CALLS;
use crate::support::description;

/// Answers every request with the same body.
struct Canned(String);

impl Transport for Canned {
    fn send<'a>(&'a self, _: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
        let answer = http::Response::new(self.0.clone());
        Box::pin(async move { Ok(answer.into()) })
    }
}

/// What the typed method of the operation makes of this body.
async fn decode(id: &str, body: &Value) -> Result<Value, String> {
    let Some((_, call)) = CALLS.iter().find(|(other, _)| *other == id) else {
        return Err("is not called".into());
    };
    let canned = Arc::new(Canned(body.to_string()));
    call(&Client::with_transport("http://127.0.0.1:9", HTTP.clone(), canned)).await
}

/// It sends nothing; it only builds requests.
static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

/// The answers of an operation by the description: the example beside it, and one made of its schema with every field.
fn documented(schema: &'static Value, example: Option<&Value>) -> Vec<Value> {
    example.cloned().into_iter().chain([description::sample(schema, "", 0)]).collect()
}

/// Says what of `expected` is not in what it decoded to; a value may have come in another dress.
fn lost(expected: &Value, decoded: &Value, path: &str, into: &mut Vec<String>) {
    match (expected, decoded) {
        (Value::Null, _) => {}
        // A page is a page, also where it comes as a bare list.
        (Value::Array(_), Value::Object(page)) if page.contains_key("data") => {
            lost(expected, &page["data"], path, into);
        }
        (Value::Array(rows), Value::Array(others)) if rows.len() == others.len() => {
            for (index, (row, other)) in rows.iter().zip(others).enumerate() {
                lost(row, other, &format!("{path}[{index}]"), into);
            }
        }
        // What is empty may be left out, and an empty list is an empty map too.
        (Value::Array(rows), Value::Object(map)) if rows.is_empty() && map.is_empty() => {}
        (Value::Object(map), Value::Object(other)) => {
            for (key, value) in map {
                let path = format!("{path}.{key}");
                match other.get(key) {
                    Some(decoded) => lost(value, decoded, &path, into),
                    // The record itself, unwrapped.
                    None if ["lead", "company", "data"].contains(&key.as_str()) => {
                        lost(value, decoded, &path, into);
                    }
                    None if is_empty(value) => {}
                    None => into.push(path),
                }
            }
        }
        (one, other) if plain(one) == plain(other) => {}
        (one, other) => into.push(format!("{path}: {one} became {other}")),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// A value without its dress.
fn plain(value: &Value) -> String {
    match value {
        Value::Bool(flag) => u8::from(*flag).to_string(),
        Value::Number(number) => number.as_f64().unwrap().to_string(),
        Value::String(text) => match time(text) {
            Some(time) => time.to_rfc3339(),
            None => text.parse::<f64>().map_or_else(|_| text.clone(), |number| number.to_string()),
        },
        other => other.to_string(),
    }
}

fn time(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    text.parse().ok()
}

/// Visits every value of an answer with the schema that it has there.
fn dress(
    schema: &'static Value,
    value: &mut Value,
    key: &str,
    change: &mut impl FnMut(&'static Value, &mut Value, &str),
) {
    let schema = description::resolve(schema);
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        dress(part, value, key, change);
    }
    match value {
        Value::Array(rows) => {
            for row in rows {
                dress(&schema["items"], row, "", change);
            }
        }
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                // What stands in a map has no name of its own.
                match (schema["properties"].get(key), schema.get("additionalProperties")) {
                    (Some(property), _) => dress(property, value, key, change),
                    (None, Some(values)) if values.is_object() => dress(values, value, "", change),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    change(schema, value, key);
}

/// Decodes the answers of every operation in some dress; `change` does nothing to a value that it is no dress for.
async fn every_answer_decodes(what: &str, mut change: impl FnMut(&'static Value, &mut Value, &str)) {
    let (mut failures, mut changed) = (Vec::new(), 0);
    for (id, schema, example) in description::json_successes() {
        for answer in documented(schema, example) {
            let mut dressed = answer.clone();
            dress(schema, &mut dressed, "", &mut change);
            changed += usize::from(dressed != answer);
            match decode(id, &dressed).await {
                Ok(decoded) => {
                    let mut gone = Vec::new();
                    lost(&dressed, &decoded, "$", &mut gone);
                    if !gone.is_empty() {
                        failures.push(format!("{id}: lost {}", gone.join(", ")));
                    }
                }
                Err(error) => failures.push(format!("{id}: {error}")),
            }
        }
    }
    assert!(failures.is_empty(), "{what}:\n{}", failures.join("\n"));
    assert!(what == "as described" || changed > 20, "{what}: only {changed} answers hold anything to change");
}

#[test]
fn every_answer_is_in_the_table() {
    let mut described: Vec<&str> = description::json_successes().map(|(id, ..)| id).collect();
    let mut called: Vec<&str> = CALLS.iter().map(|(id, _)| *id).collect();
    described.sort_unstable();
    called.sort_unstable();
    let only = |of: &[&'static str], others: &[&str]| -> Vec<&str> {
        of.iter().copied().filter(|id| !others.contains(id)).collect()
    };
    assert_eq!((only(&called, &described), only(&described, &called)), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn as_described() {
    every_answer_decodes("as described", |_, _, _| {}).await;
}

#[tokio::test]
async fn numbers_in_texts() {
    every_answer_decodes("numbers in texts", |_, value, _| {
        if let Value::Number(number) = value {
            *value = number.to_string().into();
        }
    })
    .await;
}

#[tokio::test]
async fn zero_and_one_for_booleans() {
    every_answer_decodes("0 and 1", |_, value, _| {
        if let Value::Bool(flag) = value {
            *value = u8::from(*flag).into();
        }
    })
    .await;
}

#[tokio::test]
async fn a_blank_in_times() {
    every_answer_decodes("a blank in times", |schema, value, _| {
        if let Value::String(text) = value
            && schema["format"] == "date-time"
        {
            *text = text.replace('T', " ");
        }
    })
    .await;
}

#[tokio::test]
async fn values_that_no_enumeration_lists() {
    every_answer_decodes("unlisted values", |schema, value, _| {
        if schema.get("enum").is_some() && value.is_string() {
            *value = "brand_new".into();
        }
    })
    .await;
}

#[tokio::test]
async fn empty_maps_as_empty_lists() {
    every_answer_decodes("[] for maps", |schema, value, key| {
        // A row or an answer that is an object with nothing said of its fields is a record all the same.
        let is_map = schema.get("properties").is_none() && schema.get("allOf").is_none();
        let is_record = key.is_empty() && schema.get("additionalProperties").is_none();
        if value.is_object() && is_map && !is_record {
            *value = json!([]);
        }
    })
    .await;
}

#[tokio::test]
async fn fields_that_nobody_has_heard_of() {
    every_answer_decodes("unheard-of fields", |schema, value, _| {
        if let Value::Object(map) = value
            && schema.get("properties").is_some()
        {
            map.insert("later_addition".into(), json!(null));
            map.insert("later".into(), json!({}));
        }
    })
    .await;
}

#[tokio::test]
async fn null_for_all_that_is_not_an_id() {
    every_answer_decodes("null", |_, value, key| {
        let is_part = matches!(key, "" | "uuid" | "id" | "data" | "lead" | "company");
        if !is_part {
            *value = Value::Null;
        }
    })
    .await;
}

#[test]
fn what_is_lost_on_the_way_is_noticed() {
    let lost = |expected: Value, decoded: Value| {
        let mut into = Vec::new();
        lost(&expected, &decoded, "$", &mut into);
        into
    };
    let sent = json!({"lead": {"a": 1, "at": "2026-02-03 15:55:04Z"}, "rows": [{"on": 1}], "none": [], "gone": null});
    let came = json!({"a": "1", "at": "2026-02-03T15:55:04Z", "rows": [{"on": true}]});
    assert!(lost(sent.clone(), came.clone()).is_empty(), "{:?}", lost(sent.clone(), came));
    let less = json!({"a": 2, "rows": [{}]});
    assert_eq!(lost(sent, less), ["$.lead.a: 1 became 2", "$.lead.at", "$.rows[0].on"]);
    assert_eq!(lost(json!([1]), json!({"data": []})), ["$: [1] became []"]);
}

#[tokio::test]
async fn a_page_without_all_but_its_rows() {
    for (id, schema, example) in description::json_successes() {
        if Operation::by_id(id).unwrap().paging.is_none() {
            continue;
        }
        for answer in documented(schema, example) {
            let rows = answer.get("data").unwrap_or(&answer).clone();
            for page in [
                rows.clone(),
                json!({"data": rows}),
                json!({"data": rows, "pagination": {"has_more": false, "total": "3"}}),
                json!({"pagination": {"has_more": 0, "total": 3, "limit": 5}, "data": rows, "has_more": null}),
            ] {
                let decoded = decode(id, &page).await.unwrap_or_else(|error| panic!("{id}: {error}"));
                let mut gone = Vec::new();
                lost(&rows, &decoded["data"], "$", &mut gone);
                assert!(gone.is_empty(), "{id}: {gone:?}");
                if page.get("pagination").is_some() {
                    assert_eq!((&decoded["has_more"], &decoded["total"]), (&json!(false), &json!(3)), "{id}");
                }
            }
        }
    }
}
