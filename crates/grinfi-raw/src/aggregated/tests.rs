use super::*;
use crate::types;

fn read(text: &str) -> Aggregated<types::Contact> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn decodes_every_wrapper() {
    for text in [
        r#"{"uuid":"u","name":"N"}"#,
        r#"{"lead":{"uuid":"u","name":"N"}}"#,
        r#"{"data":{"lead":{"uuid":"u","name":"N"}}}"#,
        r#"{"data":{"uuid":"u","name":"N"}}"#,
        r#"{"markers":[],"lead":{"uuid":"u","name":"N"}}"#,
        r#"{"custom_fields":[],"uuid":"u","flows":[],"name":"N","later_addition":{}}"#,
    ] {
        let contact = read(text);
        assert_eq!((contact.uuid.as_str(), contact.name.as_deref()), ("u", Some("N")), "{text}");
        let value: Aggregated<types::Contact> =
            serde_json::from_value(serde_json::from_str(text).unwrap()).unwrap();
        assert_eq!(value.uuid, "u", "{text} as a value");
    }
}

/// Wrapped records, with positions for other fields before (`<`), between (`|`) and after (`>`).
const SHAPES: [&str; 6] = [
    r#"{<"lead":{"uuid":"u","name":"N"}>}"#,
    r#"{<"lead":{"uuid":"u","name":"N"}|"markers":[1]>}"#,
    r#"{<"markers":[1]|"lead":{"uuid":"u","name":"N"}|"flows":[2]>}"#,
    r#"{<"custom_fields":{"k":"v"}|"markers":[1]|"lead":{"uuid":"u","name":"N"}>}"#,
    r#"{<"data":{"uuid":"u","name":"N"}>}"#,
    r#"{<"data":{<"lead":{"uuid":"u","name":"N"}|"markers":[1]>}|"flows":[2]>}"#,
];

#[test]
fn finds_wrapper_at_any_position() {
    for shape in SHAPES {
        for before in [
            "",
            r#""status":200,"#,
            r#""status":"ok","message":"done","#,
            r#""success":true,"meta":{"lead_count":1},"#,
            r#""unknown":[{"lead":{}}],"data_version":null,"#,
            r#""uuid":"outer","name":"Other","#,
            r#""id":7,"linkedin":"other","total":1,"#,
        ] {
            for (between, after) in [(",", ""), (r#","between":{"uuid":7},"#, r#""after":[]"#)] {
                let after = if after.is_empty() { String::new() } else { format!(",{after}") };
                let text = shape.replace('<', before).replace('|', between).replace('>', &after);
                let contact = serde_json::from_str::<Aggregated<types::Contact>>(&text)
                    .unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!((contact.uuid.as_str(), contact.name.as_deref()), ("u", Some("N")), "{text}");
                let has = |name: &str| shape.contains(name);
                assert_eq!(contact.markers.is_some(), has("markers"), "{text}");
                assert_eq!(contact.automations.is_some(), has("flows"), "{text}");
                assert_eq!(contact.custom_fields.is_some(), has("custom_fields"), "{text}");
                let value = serde_json::from_str::<Value>(&text).unwrap();
                let from_value: Aggregated<types::Contact> = serde_json::from_value(value).unwrap();
                assert_eq!(
                    (from_value.uuid.as_str(), &from_value.automations),
                    ("u", &contact.automations),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn finds_webhook_and_company_after_other_fields() {
    for text in [
        r#"{"status":200,"data":{"uuid":"w","status":"on"}}"#,
        r#"{"success":true,"data":{"uuid":"w","status":"on"},"message":"ok"}"#,
        r#"{"status":"on","uuid":"w"}"#,
        r#"{"extra":1,"status":"on","uuid":"w"}"#,
    ] {
        let webhook: Aggregated<types::Webhook> = serde_json::from_str(text).unwrap();
        assert_eq!((webhook.uuid.as_str(), webhook.status.is_some()), ("w", true), "{text}");
    }
    let text = r#"{"data":[],"status":true,"company":{"uuid":"c"},"more":2}"#;
    let company: Aggregated<types::Company> = serde_json::from_str(text).unwrap();
    assert_eq!((company.uuid.as_str(), &company.others["more"]), ("c", &2.into()));
}

#[test]
fn keeps_bare_record_with_data_field() {
    for text in [
        r#"{"uuid":"u","name":"N","data":{"plan":"free"}}"#,
        r#"{"uuid":"u","data":null,"name":"N"}"#,
        r#"{"data":[1],"uuid":"u","name":"N"}"#,
        r#"{"later_addition":1,"uuid":"u","name":"N"}"#,
    ] {
        let contact = read(text);
        assert_eq!((contact.uuid.as_str(), contact.name.as_deref()), ("u", Some("N")), "{text}");
        assert!(contact.others.is_empty(), "{text}");
    }
    assert!(serde_json::from_str::<Aggregated<types::Contact>>(r#"{"uuid":"u","status":[]}"#).is_err());
}

#[test]
fn keeps_extra_fields_at_any_position() {
    let wrapped =
        read(r#"{"lead":{"uuid":"u"},"markers":{"a":1},"flows":[{}],"custom_fields":{"k":"v"},"more":2}"#);
    assert_eq!(wrapped.markers, Some(serde_json::json!({"a": 1})));
    assert_eq!(wrapped.custom_fields.as_ref().unwrap()["k"], "v");
    assert_eq!(wrapped.others["more"], 2);
    let flat = read(r#"{"uuid":"u","custom_fields":{"k":"v"},"flows":[1]}"#);
    assert_eq!(flat.custom_fields, wrapped.custom_fields);
    assert_eq!(flat.automations, Some(serde_json::json!([1])));
    assert_eq!(read(r#"{"lead":{"uuid":"u"},"custom_fields":[]}"#).custom_fields, Some(Map::new()));
    assert_eq!(read(r#"{"lead":{"uuid":"u"}}"#).custom_fields, None);
}

#[test]
fn rejects_objects_without_record() {
    for text in [
        "{}",
        "[]",
        r#"{"lead":{}}"#,
        r#"{"lead":null}"#,
        r#"{"lead":{"uuid":[]}}"#,
        r#"{"uuid":"u","custom_fields":"x"}"#,
    ] {
        assert!(serde_json::from_str::<Aggregated<types::Contact>>(text).is_err(), "{text}");
    }
}
