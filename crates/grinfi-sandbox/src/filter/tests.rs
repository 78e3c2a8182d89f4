use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::record::Record;
use crate::schema::{CONTACT, LINKEDIN_MESSAGE};
use crate::table::Table;

fn record(value: Value) -> Record {
    value.as_object().cloned().unwrap()
}

fn matches(filter: Value, contact: Value) -> bool {
    let mut table = Table::new(&CONTACT);
    table.insert("c", record(contact));
    Filter::parse(&filter, &CONTACT).unwrap().matches(table.row("c").unwrap())
}

fn rejection_of(filter: Value) -> (u16, String) {
    let rejection = Filter::parse(&filter, &CONTACT).unwrap_err();
    (rejection.status, rejection.message)
}

#[test]
fn texts_compare_without_case() {
    assert!(matches(json!({"company_name": "examplecorp"}), json!({"company_name": "ExampleCorp"})));
    assert!(matches(json!({"company_name": ["x", "EXAMPLECORP"]}), json!({"company_name": "ExampleCorp"})));
    assert!(!matches(json!({"company_name": {"!=": "EXAMPLECORP"}}), json!({"company_name": "ExampleCorp"})));
    assert!(!matches(json!({"company_name": []}), json!({"company_name": "ExampleCorp"})));
}

#[test]
fn times_compare_as_times() {
    let contact = json!({"created_at": "2026-02-03T15:55:04.000000Z"});
    for bound in ["2026-02-03", "2026-02-03 15:55:04", "2026-02-03T16:55:04+01:00"] {
        assert!(matches(json!({"created_at": {">=": bound}}), contact.clone()), "{bound}");
    }
    assert!(matches(json!({"created_at": "2026-02-03 15:55:04Z"}), contact.clone()));
    assert!(matches(json!({"created_at": {">=": "2026-02-03", "<": "2026-02-04"}}), contact.clone()));
    assert!(!matches(json!({"created_at": {">=": "2026-02-03", "<": "2026-02-03 15:55:04"}}), contact));
}

#[test]
fn parses_numbers_and_booleans_from_texts() {
    assert!(matches(json!({"connections_number": {">": "9"}}), json!({"connections_number": 10})));
    assert!(matches(json!({"connections_number": ["10"]}), json!({"connections_number": "10.0"})));
    assert!(matches(json!({"has_premium": true}), json!({"has_premium": 1})));
    assert!(matches(json!({"has_premium": "0"}), json!({"has_premium": false})));
}

#[test]
fn null_matches_only_null_tests() {
    for filter in [
        json!({"position": "x"}),
        json!({"position": {"!=": "x"}}),
        json!({"position": ["x"]}),
        json!({"position": "is_not_null"}),
    ] {
        assert!(!matches(filter.clone(), json!({"position": null})), "{filter}");
        assert!(!matches(filter.clone(), json!({})), "{filter}");
    }
    assert!(matches(json!({"position": "is_null"}), json!({"position": null})));
    assert!(matches(json!({"posts": "is_null"}), json!({"posts": null})));
}

#[test]
fn lists_match_by_membership() {
    let tagged = json!({"tags": ["a", "b"]});
    assert!(matches(json!({"tags": "a"}), tagged.clone()));
    assert!(matches(json!({"tags": ["z", "b"]}), tagged.clone()));
    assert!(!matches(json!({"tags": "c"}), tagged.clone()));
    assert!(matches(json!({"tags": {"!=": "c"}}), tagged.clone()));
    assert!(!matches(json!({"tags": {"!=": "a"}}), tagged.clone()));
    assert!(matches(json!({"tags": {"=": "a"}}), tagged));
    assert!(matches(json!({"tags": "is_null"}), json!({"tags": []})));
}

#[test]
fn not_in_excludes_each_value() {
    let closed = json!({"status": "Closed", "tags": ["a", "b"], "connections_number": 5});
    assert!(matches(json!({"status": {"!=": ["new", "done"]}}), closed.clone()));
    assert!(!matches(json!({"status": {"!=": ["new", "closed"]}}), closed.clone()));
    assert!(!matches(json!({"status": {"<>": ["closed"]}}), closed.clone()));
    assert!(!matches(json!({"connections_number": {"!=": [4, "5"]}}), closed.clone()));
    assert!(matches(json!({"connections_number": {"!=": [4, 6], ">": 3}}), closed.clone()));
    assert!(matches(json!({"tags": {"!=": ["c", "d"]}}), closed.clone()));
    assert!(!matches(json!({"tags": {"!=": ["c", "b"]}}), closed.clone()));
    assert!(!matches(json!({"position": {"!=": ["x"]}}), closed));
    for filter in [
        json!({"status": {"=": ["new"]}}),
        json!({"connections_number": {"<": [1]}}),
        json!({"connections_number": {"!=": ["many"]}}),
        json!({"status": {"!=": [["new"]]}}),
        json!({"status": {"!=": [null]}}),
    ] {
        assert_eq!(rejection_of(filter.clone()).0, 422, "{filter}");
    }
}

#[test]
fn search_covers_several_columns() {
    let contact = json!({"name": "Ada Ivers", "work_email": "ada@example.com", "company_name": null});
    for q in ["ada iv", "EXAMPLE.com", "  ivers "] {
        assert!(matches(json!({"q": q}), contact.clone()), "{q}");
    }
    assert!(!matches(json!({"q": "corp"}), contact.clone()));
    assert!(matches(json!({"q": ""}), contact.clone()));
    assert!(matches(json!({"q": null}), contact));
}

#[test]
fn unknown_keys_get_500() {
    assert_eq!(rejection_of(json!({"nickname": "x"})), (500, "Undefined column: nickname".to_owned()));
    assert_eq!(rejection_of(json!({"updated_at": "2026-02-03"})).0, 500);
    let rejection = Filter::parse(&json!({"q": "x"}), &LINKEDIN_MESSAGE).unwrap_err();
    assert_eq!(rejection.status, 500);
}

#[test]
fn rejects_invalid_values() {
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
        assert_eq!(rejection_of(filter.clone()).0, 422, "{filter}");
    }
    assert!(Filter::parse(&json!([]), &CONTACT).is_ok());
    assert!(Filter::parse(&json!(""), &CONTACT).is_ok());
    assert!(Filter::parse(&Value::Null, &CONTACT).is_ok());
}

// Reference implementation: evaluates one operator at a time, without the parsed filter.

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
    let excluding = (prop::sample::select(vec!["!=", "<>"]), prop::collection::vec(values.clone(), 0..4));
    prop_oneof![
        Just(json!("is_null")),
        Just(json!("is_not_null")),
        values.clone(),
        prop::collection::vec(values.clone(), 0..3).prop_map(Value::from),
        prop::collection::vec(values.clone(), 8..12).prop_map(Value::from),
        excluding.prop_map(|(sign, values)| json!({sign: values})),
        prop::collection::vec((sign, values), 1..3).prop_map(|bounds| {
            Value::Object(bounds.into_iter().map(|(sign, value)| (sign.to_owned(), value)).collect())
        }),
    ]
    .boxed()
}

const SIGNS: &[&str] = &["=", "!=", "<>", "<", "<=", ">", ">="];

/// Values of a column of that type.
fn held(kind: ColumnKind) -> BoxedStrategy<Value> {
    match kind {
        ColumnKind::Text => texts().boxed(),
        ColumnKind::Number => numbers().boxed(),
        ColumnKind::Time => times().boxed(),
        ColumnKind::List => lists().boxed(),
        ColumnKind::Flag => {
            prop::sample::select(vec![json!(null), json!(true), json!(false), json!(1), json!(0)]).boxed()
        }
        ColumnKind::Json => prop::sample::select(vec![json!(null), json!({"a": 1}), json!([1])]).boxed(),
    }
}

/// Values that a filter may have for a column of that type.
fn filter_values(kind: ColumnKind) -> BoxedStrategy<Value> {
    match kind {
        ColumnKind::Text => tests_of(not_null(texts()).boxed(), SIGNS),
        ColumnKind::Number => tests_of(not_null(numbers()).boxed(), SIGNS),
        ColumnKind::Time => tests_of(not_null(times()).boxed(), SIGNS),
        ColumnKind::Flag => tests_of(flags().boxed(), SIGNS),
        ColumnKind::List => {
            let members = prop::sample::select(vec!["a", "B", "c"]).prop_map(Value::from).boxed();
            tests_of(members, &["=", "!=", "<>"])
        }
        ColumnKind::Json => prop::sample::select(vec![json!("is_null"), json!("is_not_null")]).boxed(),
    }
}

/// Text whose order is the order of the values: a naive comparison.
fn sortable(kind: ColumnKind, value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match kind {
        ColumnKind::Flag => u8::from(text == "true" || text == "1").to_string(),
        ColumnKind::Number => format!("{:04}", text.parse::<i64>().unwrap() + 1000),
        ColumnKind::Time => {
            let text = text.replace(' ', "T");
            if text.len() == 10 { format!("{text}T00:00:00") } else { text[..19].to_owned() }
        }
        ColumnKind::Text | ColumnKind::List | ColumnKind::Json => text.to_lowercase(),
    }
}

/// Column by name and type.
type Named = (&'static str, ColumnKind);

fn oracle(columns: &[Named], filter: &Value, row: &Value) -> bool {
    filter.as_object().unwrap().iter().all(|(field, test)| {
        let kind = columns.iter().find(|(name, _)| name == field).unwrap().1;
        let sortable = |value: &Value| sortable(kind, value);
        let value = &row[field];
        let members: Vec<Value> = match kind {
            ColumnKind::List => value.as_array().cloned().unwrap_or_default(),
            _ => vec![value.clone()],
        };
        let empty = value.is_null() || members.is_empty();
        if test == "is_null" || test == "is_not_null" {
            return empty == (test == "is_null");
        }
        if value.is_null() {
            return false;
        }
        let has = |wanted: &Value| members.iter().any(|it| sortable(it) == sortable(wanted));
        match test {
            Value::Array(wanted) => wanted.iter().any(has),
            Value::Object(bounds) => bounds.iter().all(|(sign, bound)| match sign.as_str() {
                "=" => has(bound),
                "!=" | "<>" if bound.is_array() => !bound.as_array().unwrap().iter().any(has),
                "!=" | "<>" => !has(bound),
                "<" => sortable(value) < sortable(bound),
                "<=" => sortable(value) <= sortable(bound),
                ">" => sortable(value) > sortable(bound),
                _ => sortable(value) >= sortable(bound),
            }),
            wanted => has(wanted),
        }
    })
}

/// Returns the matching rows in order, by insertion sort.
fn naive(
    columns: &[Named],
    rows: &[Value],
    filter: &Value,
    order: Option<Named>,
    descending: bool,
) -> Vec<usize> {
    let key = |at: usize| {
        let (field, kind) = order?;
        let value = &rows[at][field];
        (!value.is_null()).then(|| sortable(kind, value))
    };
    let before = |a: usize, b: usize| {
        let (first, second) = if descending { (key(b), key(a)) } else { (key(a), key(b)) };
        // Equal rows are sorted newest first.
        first < second || (first == second && a > b)
    };
    let mut ordered: Vec<usize> = Vec::new();
    for at in (0..rows.len()).filter(|at| oracle(columns, filter, &rows[*at])) {
        let place = ordered.iter().position(|other| before(at, *other)).unwrap_or(ordered.len());
        ordered.insert(place, at);
    }
    ordered
}

/// Random table of any type with a request: few distinct values, so that filters match and orders have ties.
#[derive(Debug, Clone)]
struct Case {
    schema: &'static Schema,
    columns: Vec<Named>,
    rows: Vec<Value>,
    filter: Value,
    order: Option<Named>,
}

fn cases() -> impl Strategy<Value = Case> {
    let schemas: Vec<&'static Schema> = Schema::all().collect();
    let of_schema = |schema: &'static Schema| {
        // The first column is the key.
        let filterable = |column: &&Column| !schema.unfilterable.contains(&column.name);
        let columns = schema.columns[1..].iter().filter(filterable).map(|column| (column.name, column.kind));
        let columns: Vec<Named> = columns.collect();
        let most = columns.len().min(4);
        prop::sample::subsequence(columns, 0..=most).prop_map(move |columns| (schema, columns))
    };
    let values = |(schema, columns): (&'static Schema, Vec<Named>)| {
        let row: Vec<_> = columns.iter().map(|(_, kind)| held(*kind)).collect();
        let tests: Vec<_> = columns.iter().map(|(_, kind)| prop::option::of(filter_values(*kind))).collect();
        // The order of lists is not defined.
        let orders: Vec<Option<Named>> = columns
            .iter()
            .filter(|(_, kind)| !matches!(kind, ColumnKind::Json | ColumnKind::List))
            .map(|named| Some(*named))
            .chain([None])
            .collect();
        (prop::collection::vec(row, 0..12), tests, prop::sample::select(orders)).prop_map(
            move |(rows, tests, order)| {
                let named = |values: Vec<Value>| -> Value {
                    columns.iter().zip(values).map(|((name, _), value)| ((*name).to_owned(), value)).collect()
                };
                let filter = columns
                    .iter()
                    .zip(tests)
                    .filter_map(|((name, _), test)| Some(((*name).to_owned(), test?)));
                let (filter, rows) = (filter.collect(), rows.into_iter().map(named).collect());
                Case { schema, columns: columns.clone(), rows, filter, order }
            },
        )
    };
    prop::sample::select(schemas).prop_flat_map(of_schema).prop_flat_map(values)
}

/// Query parameters for a JSON filter.
fn in_brackets(name: &str, value: &Value) -> String {
    let mut pairs = Vec::new();
    match value {
        Value::Object(map) => {
            pairs.extend(map.iter().map(|(key, value)| in_brackets(&format!("{name}[{key}]"), value)))
        }
        Value::Array(items) => pairs.extend(items.iter().map(|item| in_brackets(&format!("{name}[]"), item))),
        Value::String(text) => pairs.push(format!("{}={}", encoded(name), encoded(text))),
        other => pairs.push(format!("{}={}", encoded(name), encoded(&other.to_string()))),
    }
    pairs.retain(|pair| !pair.is_empty());
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Whether a query can express it: an empty list has no parameters.
fn is_expressible(filter: &Value) -> bool {
    match filter {
        Value::Object(map) => map.values().all(is_expressible),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn listing_equals_reference_implementation(
        case in cases(), descending: bool, limit in 1usize..8, offset in 0usize..8,
    ) {
        let Case { schema, columns, rows, filter, order } = case;
        let mut table = Table::new(schema);
        for (at, row) in rows.iter().enumerate() {
            let mut row = record(row.clone());
            crate::record::set(&mut row, schema.columns[0].name, at.to_string());
            table.insert(&at.to_string(), row);
        }
        let filter_value = json!({
            "filter": filter, "order_field": order.map(|(name, _)| name),
            "order_type": if descending { "desc" } else { "asc" }, "limit": limit, "offset": offset,
        });
        let body = crate::page::list(&table, filter_value.as_object().unwrap()).unwrap().plain();
        // The same filter as a query.
        let read = crate::http::parse_query(&in_brackets("filter", &filter_value["filter"]));
        let mut queried = filter_value.as_object().unwrap().clone();
        queried.insert("filter".to_owned(), read.get("filter").cloned().unwrap_or(Value::Null));
        if is_expressible(&filter_value["filter"]) {
            let by_query = crate::page::list(&table, &queried).unwrap().plain();
            prop_assert_eq!(&by_query["data"], &body["data"], "{:?}", queried);
        }
        let number = |row: &Value| row[schema.columns[0].name].as_str().unwrap().parse().unwrap();
        let shown: Vec<usize> = body["data"].as_array().unwrap().iter().map(number).collect();
        let by_age = columns.iter().find(|(name, _)| *name == "created_at").copied();
        let all = naive(&columns, &rows, &filter_value["filter"], order.or(by_age), descending);
        prop_assert_eq!(body["total"].as_u64().unwrap(), all.len() as u64);
        prop_assert_eq!(shown, all.into_iter().skip(offset).take(limit).collect::<Vec<_>>());
    }
}

proptest! {
    #[test]
    fn random_filters_do_not_panic(text in "\\PC{0,40}", key in "[a-z_]{1,12}") {
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
