//! jsonLogic conditions of webhooks and automations.

use std::sync::OnceLock;

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::{Engine, EvaluationConfig, NanHandling};
use serde_json::Value;

/// Whether a condition holds for `data`. An empty condition (null, `{}` or PHP's `[]`) always holds.
///
/// Results are converted to booleans as in JavaScript. Values that are not numbers compare as unequal.
///
/// # Errors
/// Why the condition is not valid: an unknown operator, or another structure.
pub(crate) fn holds(condition: &Value, data: &Value) -> Result<bool, String> {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let none = condition.is_null()
        || condition.as_object().is_some_and(serde_json::Map::is_empty)
        || condition.as_array().is_some_and(Vec::is_empty);
    if none {
        return Ok(true);
    }
    let engine = ENGINE.get_or_init(|| {
        let config = EvaluationConfig::default()
            .with_loose_equality_errors(false)
            .with_arithmetic_nan_handling(NanHandling::ReturnNull);
        Engine::builder().with_config(config).build()
    });
    let rule = engine.compile(condition).map_err(|error| error.to_string())?;
    let arena = Bump::new();
    let outcome = engine.evaluate(&rule, data, &arena).map_err(|error| error.to_string())?;
    Ok(engine.truthy(outcome))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn evaluate(condition: Value) -> Result<bool, String> {
        let data = json!({"event_name": "contact_created", "automation": [], "contact": {
            "company_name": "ExampleCorp", "connections_number": 120, "work_email": null, "tags": ["a", "b"],
            "about": "", "has_premium": 1,
        }});
        holds(&condition, &data)
    }

    #[test]
    fn evaluates_conditions() {
        let var = |name: &str| json!({"var": format!("contact.{name}")});
        for holds in [
            json!(null),
            json!({}),
            json!([]),
            json!({"==": [var("company_name"), "ExampleCorp"]}),
            json!({"===": [var("connections_number"), 120]}),
            json!({"and": [{">": [var("connections_number"), 100]}, {"!": [var("work_email")]}]}),
            json!({"or": [{"in": ["c", var("tags")]}, {"in": ["b", var("tags")]}]}),
            json!({"in": ["Corp", var("company_name")]}),
            json!({"<": [100, var("connections_number"), 200]}),
            json!({"!=": [var("work_email"), "x"]}),
            json!({"some": [var("tags"), {"==": [{"var": ""}, "a"]}]}),
            json!({"missing": ["contact.nothing"]}),
            json!({"==": [var("has_premium"), true]}),
            json!({"if": [var("about"), false, true]}),
        ] {
            assert_eq!(evaluate(holds.clone()), Ok(true), "{holds}");
        }
        for fails in [
            json!({"==": [var("company_name"), "examplecorp"]}),
            json!({"==": [var("company_name"), 7]}),
            json!({"!!": [var("nothing")]}),
            json!({"in": ["c", var("tags")]}),
            json!({"missing": ["contact.about", "event_name"]}),
            var("about"),
        ] {
            assert_eq!(evaluate(fails.clone()), Ok(false), "{fails}");
        }
    }

    #[test]
    fn rejects_invalid_conditions() {
        for invalid in
            [json!({"matches": [1, 2]}), json!({"==": [1, 1], "!=": [1, 2]}), json!({"company_name": "x"})]
        {
            let why = evaluate(invalid.clone()).unwrap_err();
            assert!(!why.is_empty(), "{invalid}");
        }
    }

    proptest::proptest! {
        #[test]
        fn random_conditions_do_not_panic(
            operator in "==|===|!=|<|>=|!|!!|and|or|if|var|missing|missing_some|in|cat|substr|map|filter|reduce|all|none|some|merge|min|max|[+*/%-]|log",
            text in r#"(1|0|-2\.5|null|"contact"|"a"|\[|\]|,|\{"var":"contact\.tags"\}|\{"":1\}){0,9}"#,
        ) {
            let arguments: Value = serde_json::from_str(&format!("[{text}]")).unwrap_or(Value::String(text));
            drop(evaluate(json!({operator: arguments})));
        }
    }
}
