//! Decoding of responses: as described, with inconsistent types, and as observed in ways that the description does not
//! mention. Only [`observed`] uses sockets.

mod observed;
mod table;

use std::sync::{Arc, LazyLock};

use grinfi_raw::{Client, Operation, Transport, TransportFuture};
use serde_json::{Value, json};

use self::table::CALLS;
use crate::support::description;

/// Transport that responds to every request with the same body.
struct FixedResponse(String);

impl Transport for FixedResponse {
    fn send<'a>(&'a self, _: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
        let response = http::Response::new(self.0.clone());
        Box::pin(async move { Ok(response.into()) })
    }
}

/// Decodes a body with the typed method of the operation.
async fn decode(id: &str, body: &Value) -> Result<Value, String> {
    let Some((_, call)) = CALLS.iter().find(|(other, _)| *other == id) else {
        return Err("is not in the table".into());
    };
    let transport = Arc::new(FixedResponse(body.to_string()));
    call(&Client::with_transport("http://127.0.0.1:9", HTTP.clone(), transport)).await
}

/// Builds requests and sends none.
static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

/// Returns the described responses of an operation: its example, and one generated from its schema with every field.
fn documented(schema: &'static Value, example: Option<&Value>) -> Vec<Value> {
    example.cloned().into_iter().chain([description::sample(schema, "", 0)]).collect()
}

/// Collects the paths of values of `expected` that `decoded` does not contain. Types may differ.
fn missing(expected: &Value, decoded: &Value, path: &str, into: &mut Vec<String>) {
    match (expected, decoded) {
        (Value::Null, _) => {}
        // A list decodes as a page.
        (Value::Array(_), Value::Object(page)) if page.contains_key("data") => {
            missing(expected, &page["data"], path, into);
        }
        (Value::Array(rows), Value::Array(others)) if rows.len() == others.len() => {
            for (index, (row, other)) in rows.iter().zip(others).enumerate() {
                missing(row, other, &format!("{path}[{index}]"), into);
            }
        }
        // Empty values may be absent, and an empty list may be an empty map.
        (Value::Array(rows), Value::Object(map)) if rows.is_empty() && map.is_empty() => {}
        (Value::Object(map), Value::Object(other)) => {
            for (key, value) in map {
                let path = format!("{path}.{key}");
                match other.get(key) {
                    Some(decoded) => missing(value, decoded, &path, into),
                    // Records are unwrapped.
                    None if ["lead", "company", "data"].contains(&key.as_str()) => {
                        missing(value, decoded, &path, into);
                    }
                    None if is_empty(value) => {}
                    None => into.push(path),
                }
            }
        }
        (one, other) if normalized(one) == normalized(other) => {}
        (one, other) => into.push(format!("{path}: {one} became {other}")),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Returns a value in one form for all types that it can have.
fn normalized(value: &Value) -> String {
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

/// Calls `change` for every value of a response, with its schema and its key.
fn for_each_value(
    schema: &'static Value,
    value: &mut Value,
    key: &str,
    change: &mut impl FnMut(&'static Value, &mut Value, &str),
) {
    let schema = description::resolve(schema);
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        for_each_value(part, value, key, change);
    }
    match value {
        Value::Array(rows) => {
            for row in rows {
                for_each_value(&schema["items"], row, "", change);
            }
        }
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                // The keys of a map are not names of fields.
                match (schema["properties"].get(key), schema.get("additionalProperties")) {
                    (Some(property), _) => for_each_value(property, value, key, change),
                    (None, Some(values)) if values.is_object() => for_each_value(values, value, "", change),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    change(schema, value, key);
}

/// Asserts that the responses of every operation decode after `change` was applied to each of their values.
async fn assert_every_response_decodes(what: &str, mut change: impl FnMut(&'static Value, &mut Value, &str)) {
    let (mut failures, mut changed) = (Vec::new(), 0);
    for (id, schema, example) in description::json_successes() {
        for response in documented(schema, example) {
            let mut variant = response.clone();
            for_each_value(schema, &mut variant, "", &mut change);
            changed += usize::from(variant != response);
            match decode(id, &variant).await {
                Ok(decoded) => {
                    let mut paths = Vec::new();
                    missing(&variant, &decoded, "$", &mut paths);
                    if !paths.is_empty() {
                        failures.push(format!("{id}: missing {}", paths.join(", ")));
                    }
                }
                Err(error) => failures.push(format!("{id}: {error}")),
            }
        }
    }
    assert!(failures.is_empty(), "{what}:\n{}", failures.join("\n"));
    assert!(what == "as described" || changed > 20, "{what}: only {changed} responses changed");
}

#[test]
fn every_response_is_in_the_table() {
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
async fn decodes_responses_as_described() {
    assert_every_response_decodes("as described", |_, _, _| {}).await;
}

#[tokio::test]
async fn decodes_numbers_in_strings() {
    assert_every_response_decodes("numbers in strings", |_, value, _| {
        if let Value::Number(number) = value {
            *value = number.to_string().into();
        }
    })
    .await;
}

#[tokio::test]
async fn decodes_zero_and_one_as_booleans() {
    assert_every_response_decodes("0 and 1", |_, value, _| {
        if let Value::Bool(flag) = value {
            *value = u8::from(*flag).into();
        }
    })
    .await;
}

#[tokio::test]
async fn decodes_times_with_a_space() {
    assert_every_response_decodes("a space in times", |schema, value, _| {
        if let Value::String(text) = value
            && schema["format"] == "date-time"
        {
            *text = text.replace('T', " ");
        }
    })
    .await;
}

#[tokio::test]
async fn decodes_unlisted_values_of_enumerations() {
    assert_every_response_decodes("unlisted values", |schema, value, _| {
        if schema.get("enum").is_some() && value.is_string() {
            *value = "brand_new".into();
        }
    })
    .await;
}

#[tokio::test]
async fn decodes_empty_lists_as_empty_maps() {
    assert_every_response_decodes("[] for maps", |schema, value, key| {
        // A row or a response without described fields is a record nevertheless.
        let is_map = schema.get("properties").is_none() && schema.get("allOf").is_none();
        let is_record = key.is_empty() && schema.get("additionalProperties").is_none();
        if value.is_object() && is_map && !is_record {
            *value = json!([]);
        }
    })
    .await;
}

#[tokio::test]
async fn ignores_unknown_fields() {
    assert_every_response_decodes("unknown fields", |schema, value, _| {
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
async fn decodes_null_for_everything_but_ids() {
    assert_every_response_decodes("null", |_, value, key| {
        let is_part = matches!(key, "" | "uuid" | "id" | "data" | "lead" | "company");
        if !is_part {
            *value = Value::Null;
        }
    })
    .await;
}

#[test]
fn reports_missing_values() {
    let missing = |expected: Value, decoded: Value| {
        let mut into = Vec::new();
        missing(&expected, &decoded, "$", &mut into);
        into
    };
    let sent = json!({"lead": {"a": 1, "at": "2026-02-03 15:55:04Z"}, "rows": [{"on": 1}], "none": [], "gone": null});
    let received = json!({"a": "1", "at": "2026-02-03T15:55:04Z", "rows": [{"on": true}]});
    assert!(missing(sent.clone(), received.clone()).is_empty(), "{:?}", missing(sent.clone(), received));
    let less = json!({"a": 2, "rows": [{}]});
    assert_eq!(missing(sent, less), ["$.lead.a: 1 became 2", "$.lead.at", "$.rows[0].on"]);
    assert_eq!(missing(json!([1]), json!({"data": []})), ["$: [1] became []"]);
}

#[tokio::test]
async fn decodes_pages_with_rows_only() {
    for (id, schema, example) in description::json_successes() {
        if Operation::by_id(id).unwrap().paging.is_none() {
            continue;
        }
        for response in documented(schema, example) {
            let rows = response.get("data").unwrap_or(&response).clone();
            for page in [
                rows.clone(),
                json!({"data": rows}),
                json!({"data": rows, "pagination": {"has_more": false, "total": "3"}}),
                json!({"pagination": {"has_more": 0, "total": 3, "limit": 5}, "data": rows, "has_more": null}),
            ] {
                let decoded = decode(id, &page).await.unwrap_or_else(|error| panic!("{id}: {error}"));
                let mut paths = Vec::new();
                missing(&rows, &decoded["data"], "$", &mut paths);
                assert!(paths.is_empty(), "{id}: {paths:?}");
                if page.get("pagination").is_some() {
                    assert_eq!((&decoded["has_more"], &decoded["total"]), (&json!(false), &json!(3)), "{id}");
                }
            }
        }
    }
}
