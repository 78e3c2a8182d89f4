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
        prop::sample::select(vec!["a", "A", "b", "Bc", "10", "", "Ä", "äb", "z"]).prop_map(Value::from),
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

fn flags() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![json!(true), json!(false), json!(1), json!(0), json!("1"), json!("false")])
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
        prop::collection::vec(values.clone(), 8..12).prop_map(Value::from),
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
        ("has_premium", tests_of(flags().boxed(), SIGNS)),
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
        "has_premium" => u8::from(text == "true" || text == "1").to_string(),
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

/// Rows of a table; few values, so that filters meet some and orders have ties.
fn contacts() -> impl Strategy<Value = Vec<Value>> {
    let contact = (texts(), numbers(), times(), lists(), prop::option::of(any::<bool>()), any::<bool>())
        .prop_map(|(name, number, created_at, tags, premium, as_number)| {
            let premium = premium.map(|flag| if as_number { json!(u8::from(flag)) } else { json!(flag) });
            json!({
                "name": name, "connections_number": number, "created_at": created_at, "tags": tags,
                "has_premium": premium,
            })
        });
    prop::collection::vec(contact, 0..12)
}

fn orders() -> impl Strategy<Value = (Option<&'static str>, bool)> {
    let field = prop::sample::select(vec!["name", "connections_number", "created_at", "has_premium"]);
    (prop::option::of(field), any::<bool>())
}

/// The rows that meet the filter, ordered: all of them sorted by insertion, one by one, each behind those it does not
/// come before.
fn naive(rows: &[Value], filter: &Value, field: &str, descending: bool) -> Vec<usize> {
    let key = |at: usize| {
        let value = &rows[at][field];
        (!value.is_null()).then(|| sortable(field, value))
    };
    let before = |a: usize, b: usize| {
        let (first, second) = if descending { (key(b), key(a)) } else { (key(a), key(b)) };
        // Of equals the newest comes first.
        first < second || (first == second && a > b)
    };
    let mut ordered: Vec<usize> = Vec::new();
    for at in (0..rows.len()).filter(|at| oracle(filter, &rows[*at])) {
        let place = ordered.iter().position(|other| before(at, *other)).unwrap_or(ordered.len());
        ordered.insert(place, at);
    }
    ordered
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_listing_is_what_the_words_say(
        rows in contacts(),
        filter in filters(),
        (field, descending) in orders(),
        limit in 1usize..8,
        offset in 0usize..8,
    ) {
        let mut table = Table::new(&CONTACT);
        for (at, row) in rows.iter().enumerate() {
            let mut row = record(row.clone());
            crate::record::set(&mut row, "uuid", at.to_string());
            table.insert(&at.to_string(), row);
        }
        let asked = json!({
            "filter": filter, "order_field": field, "order_type": if descending { "desc" } else { "asc" },
            "limit": limit, "offset": offset,
        });
        let body = crate::page::search(&table, asked.as_object().unwrap()).unwrap().plain();
        let shown: Vec<usize> =
            body["data"].as_array().unwrap().iter().map(|row| row["uuid"].as_str().unwrap().parse().unwrap()).collect();
        let all = naive(&rows, &asked["filter"], field.unwrap_or("created_at"), descending);
        prop_assert_eq!(body["total"].as_u64().unwrap(), all.len() as u64);
        prop_assert_eq!(shown, all.into_iter().skip(offset).take(limit).collect::<Vec<_>>());
    }
}

proptest! {
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
