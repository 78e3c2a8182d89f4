use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::record::Record;
use crate::schema::{CONTACT, LINKEDIN_MESSAGE};
use crate::table::Table;

fn record(value: Value) -> Record {
    value.as_object().cloned().unwrap()
}

fn meets(filter: Value, contact: Value) -> bool {
    let mut table = Table::new(&CONTACT);
    table.insert("c", record(contact));
    Filter::parse(&filter, &CONTACT).unwrap().matches(table.row("c").unwrap())
}

fn refused(filter: Value) -> (u16, String) {
    let refusal = Filter::parse(&filter, &CONTACT).unwrap_err();
    (refusal.status, refusal.message)
}

#[test]
fn texts_compare_without_case() {
    assert!(meets(json!({"company_name": "examplecorp"}), json!({"company_name": "ExampleCorp"})));
    assert!(meets(json!({"company_name": ["x", "EXAMPLECORP"]}), json!({"company_name": "ExampleCorp"})));
    assert!(!meets(json!({"company_name": {"!=": "EXAMPLECORP"}}), json!({"company_name": "ExampleCorp"})));
    assert!(!meets(json!({"company_name": []}), json!({"company_name": "ExampleCorp"})));
}

#[test]
fn times_compare_as_times() {
    let contact = json!({"created_at": "2026-02-03T15:55:04.000000Z"});
    for bound in ["2026-02-03", "2026-02-03 15:55:04", "2026-02-03T16:55:04+01:00"] {
        assert!(meets(json!({"created_at": {">=": bound}}), contact.clone()), "{bound}");
    }
    assert!(meets(json!({"created_at": "2026-02-03 15:55:04Z"}), contact.clone()));
    assert!(meets(json!({"created_at": {">=": "2026-02-03", "<": "2026-02-04"}}), contact.clone()));
    assert!(!meets(json!({"created_at": {">=": "2026-02-03", "<": "2026-02-03 15:55:04"}}), contact));
}

#[test]
fn numbers_and_flags_are_read_from_strings() {
    assert!(meets(json!({"connections_number": {">": "9"}}), json!({"connections_number": 10})));
    assert!(meets(json!({"connections_number": ["10"]}), json!({"connections_number": "10.0"})));
    assert!(meets(json!({"has_premium": true}), json!({"has_premium": 1})));
    assert!(meets(json!({"has_premium": "0"}), json!({"has_premium": false})));
}

#[test]
fn null_meets_null_tests_only() {
    for filter in [
        json!({"position": "x"}),
        json!({"position": {"!=": "x"}}),
        json!({"position": ["x"]}),
        json!({"position": "is_not_null"}),
    ] {
        assert!(!meets(filter.clone(), json!({"position": null})), "{filter}");
        assert!(!meets(filter.clone(), json!({})), "{filter}");
    }
    assert!(meets(json!({"position": "is_null"}), json!({"position": null})));
    assert!(meets(json!({"posts": "is_null"}), json!({"posts": null})));
}

#[test]
fn lists_are_met_by_membership() {
    let tagged = json!({"tags": ["a", "b"]});
    assert!(meets(json!({"tags": "a"}), tagged.clone()));
    assert!(meets(json!({"tags": ["z", "b"]}), tagged.clone()));
    assert!(!meets(json!({"tags": "c"}), tagged.clone()));
    assert!(meets(json!({"tags": {"!=": "c"}}), tagged.clone()));
    assert!(!meets(json!({"tags": {"!=": "a"}}), tagged.clone()));
    assert!(meets(json!({"tags": {"=": "a"}}), tagged));
    assert!(meets(json!({"tags": "is_null"}), json!({"tags": []})));
}

#[test]
fn search_looks_into_several_fields() {
    let contact = json!({"name": "Ada Ivers", "work_email": "ada@example.com", "company_name": null});
    for q in ["ada iv", "EXAMPLE.com", "  ivers "] {
        assert!(meets(json!({"q": q}), contact.clone()), "{q}");
    }
    assert!(!meets(json!({"q": "corp"}), contact.clone()));
    assert!(meets(json!({"q": ""}), contact.clone()));
    assert!(meets(json!({"q": null}), contact));
}

#[test]
fn unknown_keys_are_the_servers_error() {
    assert_eq!(refused(json!({"nickname": "x"})), (500, "Undefined column: nickname".to_owned()));
    assert_eq!(refused(json!({"updated_at": "2026-02-03"})).0, 500);
    let refusal = Filter::parse(&json!({"q": "x"}), &LINKEDIN_MESSAGE).unwrap_err();
    assert_eq!(refusal.status, 500);
}

#[test]
fn values_without_sense_are_refused() {
    for filter in [
        json!({"created_at": "yesterday"}),
        json!({"connections_number": {">": "many"}}),
        json!({"name": {"~": "x"}}),
        json!({"name": {}}),
        json!({"name": null}),
        json!({"name": {"=": ["x"]}}),
        json!({"name": [["x"]]}),
        json!({"tags": {"<": "x"}}),
        json!({"posts": "x"}),
        json!({"has_premium": 2}),
        json!({"q": 7}),
        json!("name"),
        json!([1]),
    ] {
        assert_eq!(refused(filter.clone()).0, 422, "{filter}");
    }
    assert!(Filter::parse(&json!([]), &CONTACT).is_ok());
    assert!(Filter::parse(&json!(""), &CONTACT).is_ok());
    assert!(Filter::parse(&Value::Null, &CONTACT).is_ok());
}

// The oracle: what the words of the language say, one operator at a time, without the tree.

fn texts() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        prop::sample::select(vec!["a", "A", "b", "Bc", "10", ""]).prop_map(Value::from),
    ]
}

fn numbers() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        (-3i64..12).prop_map(Value::from),
        (-3i64..12).prop_map(|number| Value::from(number.to_string())),
    ]
}

fn times() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        (1u32..4, 0u32..2).prop_map(|(day, hour)| json!(format!("2026-02-{day:02}T{hour:02}:00:00.000000Z"))),
        (1u32..4, 0u32..2).prop_map(|(day, hour)| json!(format!("2026-02-{day:02} {hour:02}:00:00"))),
        (1u32..4).prop_map(|day| json!(format!("2026-02-{day:02}"))),
    ]
}

fn lists() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        prop::collection::vec(prop::sample::select(vec!["a", "A", "b", "c"]), 0..3).prop_map(Value::from),
    ]
}

fn not_null(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    values.prop_filter("null is not a comparand", |value| !value.is_null())
}

fn tests_of(values: BoxedStrategy<Value>, signs: &'static [&'static str]) -> BoxedStrategy<Value> {
    let sign = prop::sample::select(signs.to_vec());
    prop_oneof![
        Just(json!("is_null")),
        Just(json!("is_not_null")),
        values.clone(),
        prop::collection::vec(values.clone(), 0..3).prop_map(Value::from),
        prop::collection::vec((sign, values), 1..3).prop_map(|bounds| {
            Value::Object(bounds.into_iter().map(|(sign, value)| (sign.to_owned(), value)).collect())
        }),
    ]
    .boxed()
}

const SIGNS: &[&str] = &["=", "!=", "<>", "<", "<=", ">", ">="];

fn filters() -> impl Strategy<Value = Value> {
    let tags = prop::sample::select(vec!["a", "B", "c"]).prop_map(Value::from).boxed();
    let fields = [
        ("name", tests_of(not_null(texts()).boxed(), SIGNS)),
        ("connections_number", tests_of(not_null(numbers()).boxed(), SIGNS)),
        ("created_at", tests_of(not_null(times()).boxed(), SIGNS)),
        ("tags", tests_of(tags, &["=", "!=", "<>"])),
    ];
    fields
        .map(|(name, tests)| prop::option::of(tests).prop_map(move |test| test.map(|test| (name, test))))
        .to_vec()
        .prop_map(|terms| {
            Value::Object(terms.into_iter().flatten().map(|(name, test)| (name.to_owned(), test)).collect())
        })
}

/// A text whose order is the order of the values: the naive way to compare.
fn sortable(field: &str, value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match field {
        "connections_number" => format!("{:04}", text.parse::<i64>().unwrap() + 1000),
        "created_at" => {
            let text = text.replace(' ', "T");
            if text.len() == 10 { format!("{text}T00:00:00") } else { text[..19].to_owned() }
        }
        _ => text.to_lowercase(),
    }
}

fn oracle(filter: &Value, contact: &Value) -> bool {
    filter.as_object().unwrap().iter().all(|(field, test)| {
        let value = &contact[field];
        let members: Vec<Value> = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let empty = value.is_null() || members.is_empty();
        if test == "is_null" || test == "is_not_null" {
            return empty == (test == "is_null");
        }
        if value.is_null() {
            return false;
        }
        let has = |wanted: &Value| members.iter().any(|it| sortable(field, it) == sortable(field, wanted));
        match test {
            Value::Array(wanted) => wanted.iter().any(has),
            Value::Object(bounds) => bounds.iter().all(|(sign, bound)| match sign.as_str() {
                "=" => has(bound),
                "!=" | "<>" => !has(bound),
                "<" => sortable(field, value) < sortable(field, bound),
                "<=" => sortable(field, value) <= sortable(field, bound),
                ">" => sortable(field, value) > sortable(field, bound),
                _ => sortable(field, value) >= sortable(field, bound),
            }),
            wanted => has(wanted),
        }
    })
}

proptest! {
    #[test]
    fn the_tree_agrees_with_the_words(
        filter in filters(),
        name in texts(),
        number in numbers(),
        created_at in times(),
        tags in lists(),
    ) {
        let contact = json!({
            "name": name, "connections_number": number, "created_at": created_at, "tags": tags,
        });
        let expected = oracle(&filter, &contact);
        prop_assert_eq!(meets(filter, contact), expected);
    }

    #[test]
    fn no_filter_panics(text in "\\PC{0,40}", key in "[a-z_]{1,12}") {
        let value: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let _ = Filter::parse(&value, &CONTACT);
        let mut fields = Record::new();
        fields.insert(key, value.clone());
        fields.insert("created_at".to_owned(), value);
        if let Ok(filter) = Filter::parse(&Value::Object(fields), &CONTACT) {
            let mut table = Table::new(&CONTACT);
            table.insert("c", CONTACT.blank());
            let _ = filter.matches(table.row("c").unwrap());
        }
    }
}
