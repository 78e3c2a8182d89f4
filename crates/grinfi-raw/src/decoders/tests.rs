use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Record {
    #[serde(deserialize_with = "opt_text")]
    text: Option<String>,
    #[serde(deserialize_with = "opt_int")]
    int: Option<i64>,
    #[serde(deserialize_with = "opt_flag")]
    flag: Option<bool>,
    #[serde(deserialize_with = "opt_map")]
    map: Option<Map<String, Value>>,
    #[serde(deserialize_with = "opt_time")]
    time: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "opt_number")]
    number: Option<f64>,
    #[serde(deserialize_with = "opt_map_of_scalars")]
    counts: Option<BTreeMap<String, i64>>,
    #[serde(deserialize_with = "opt_map_of")]
    lists: Option<BTreeMap<String, Vec<bool>>>,
    #[serde(deserialize_with = "opt_list_of_scalars")]
    list: Option<Vec<i64>>,
}

fn map_with<V>(key: &str, value: V) -> Option<BTreeMap<String, V>> {
    Some(BTreeMap::from([(key.to_owned(), value)]))
}

fn read(value: Value) -> Result<Record, serde_json::Error> {
    // From a string, as on the wire.
    serde_json::from_str(&value.to_string())
}

#[test]
fn accepts_inconsistent_types() {
    let at = DateTime::from_timestamp(1_770_134_104, 0);
    for (value, expected) in [
        (json!({"text": 5}), Record { text: Some("5".into()), ..Default::default() }),
        (json!({"text": true}), Record { text: Some("true".into()), ..Default::default() }),
        (json!({"text": ""}), Record { text: Some(String::new()), ..Default::default() }),
        (json!({"int": "324274"}), Record { int: Some(324_274), ..Default::default() }),
        (json!({"int": 3.0}), Record { int: Some(3), ..Default::default() }),
        (json!({"int": -3}), Record { int: Some(-3), ..Default::default() }),
        (json!({"int": ""}), Record::default()),
        (json!({"flag": 1}), Record { flag: Some(true), ..Default::default() }),
        (json!({"flag": "0"}), Record { flag: Some(false), ..Default::default() }),
        (json!({"flag": false}), Record { flag: Some(false), ..Default::default() }),
        (json!({"map": []}), Record { map: Some(Map::new()), ..Default::default() }),
        (
            json!({"map": {"a": 1}}),
            Record { map: json!({"a": 1}).as_object().cloned(), ..Default::default() },
        ),
        (json!({"time": "2026-02-03T15:55:04.000000Z"}), Record { time: at, ..Default::default() }),
        (json!({"time": "2026-02-03 15:55:04.000000Z"}), Record { time: at, ..Default::default() }),
        (json!({"time": "2026-02-03 15:55:04"}), Record { time: at, ..Default::default() }),
        (json!({"time": "2026-02-03T17:55:04+02:00"}), Record { time: at, ..Default::default() }),
        (json!({"time": ""}), Record::default()),
        (json!({"number": "1.5"}), Record { number: Some(1.5), ..Default::default() }),
        (json!({"number": 2}), Record { number: Some(2.0), ..Default::default() }),
        (json!({"number": ""}), Record::default()),
        (json!({"counts": {"a": "7"}}), Record { counts: map_with("a", 7), ..Default::default() }),
        (json!({"counts": []}), Record { counts: Some(BTreeMap::new()), ..Default::default() }),
        (json!({"lists": {"a": [true]}}), Record { lists: map_with("a", vec![true]), ..Default::default() }),
        (json!({"lists": []}), Record { lists: Some(BTreeMap::new()), ..Default::default() }),
        (json!({"list": ["7", 8]}), Record { list: Some(vec![7, 8]), ..Default::default() }),
        (json!({"number": null, "counts": null, "lists": null, "list": null}), Record::default()),
        (json!({"text": null, "int": null, "flag": null, "map": null, "time": null}), Record::default()),
        (json!({}), Record::default()),
    ] {
        assert_eq!(read(value.clone()).unwrap(), expected, "{value}");
    }
}

#[test]
fn rejects_other_types() {
    for value in [
        json!({"int": "3 or so"}),
        json!({"int": 3.5}),
        json!({"int": u64::MAX}),
        json!({"int": []}),
        json!({"flag": 2}),
        json!({"flag": "yes"}),
        json!({"map": [1]}),
        json!({"map": "x"}),
        json!({"time": "soon"}),
        json!({"time": 3}),
        json!({"text": {}}),
        json!({"text": []}),
        json!({"number": "NaN"}),
        json!({"number": true}),
        json!({"counts": {"a": "x"}}),
        json!({"counts": [1]}),
        json!({"counts": "x"}),
        json!({"lists": {"a": 1}}),
        json!({"lists": [[true]]}),
        json!({"list": {}}),
        json!({"list": [null]}),
    ] {
        assert!(read(value.clone()).is_err(), "{value}");
    }
}

#[test]
fn rejects_null_for_required_values() {
    let read = |text: &str| int(&mut serde_json::Deserializer::from_str(text));
    assert_eq!(read("\"7\"").unwrap(), 7);
    assert!(read("null").is_err() && read("\"\"").is_err());
    assert!(map(&mut serde_json::Deserializer::from_str("null")).unwrap().is_empty());
}
