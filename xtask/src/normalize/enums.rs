//! Makes enumerations open. A closed Rust enum would fail a whole page because of one new value, so each string enumeration
//! becomes an open type in a separate file, and the schema refers to it. Equal sets of values share a type. The name of the
//! type and the locations that share it are recorded, so that a new value at one location does not change the types.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use heck::ToPascalCase;
use serde_json::Value;

use super::{Findings, replace_by_native};
use crate::{terms, tree};

/// An enumeration of the description.
#[derive(Debug, Clone)]
pub struct OpenEnum {
    /// The name of the Rust type.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// The values, in the order of the description.
    pub values: Vec<String>,
}

pub fn run(doc: &mut Value, findings: &mut Findings) -> Result<()> {
    let mut taken: BTreeSet<String> = doc
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .map(|schemas| schemas.keys().map(|name| terms::pascal(&name.to_pascal_case())).collect())
        .unwrap_or_default();
    let recorded: BTreeMap<String, String> =
        std::mem::take(&mut findings.places).into_iter().filter(|(_, name)| !taken.contains(name)).collect();
    taken.extend(recorded.values().cloned());
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    tree::for_each_schema(doc, &mut |place, schema| {
        let Some(values) = values(schema) else { return };
        let named = |enums: &[OpenEnum], name: &str| enums.iter().position(|known| known.name == name);
        let index = match recorded.get(place) {
            Some(name) => named(&findings.enums, name),
            None => findings.enums.iter().position(|known| same(&known.values, &values)),
        };
        let index = index.unwrap_or_else(|| {
            let rust_name = recorded.get(place).cloned().unwrap_or_else(|| {
                let title = schema.get("title").and_then(Value::as_str).unwrap_or(place);
                let mut rust_name = terms::pascal(&title.to_pascal_case());
                while !taken.insert(rust_name.clone()) {
                    rust_name.push_str("Value");
                }
                rust_name
            });
            let description = schema.get("description").and_then(Value::as_str).map(str::to_owned);
            findings.enums.push(OpenEnum { name: rust_name, description, values: Vec::new() });
            findings.enums.len() - 1
        });
        let shared = &mut findings.enums[index];
        for value in values {
            if !shared.values.contains(&value) {
                shared.values.push(value);
            }
        }
        places.entry(place.to_owned()).or_default().insert(shared.name.clone());
        replace_by_native(schema, &format!("enums::{}", shared.name));
    });
    // If two types are recorded for one location, the values decide.
    let one = places.into_iter().filter(|(_, names)| names.len() == 1);
    findings.places =
        one.flat_map(|(place, names)| names.into_iter().map(move |name| (place.clone(), name))).collect();
    Ok(())
}

fn values(schema: &Value) -> Option<Vec<String>> {
    if schema.get("type").and_then(Value::as_str) != Some("string") {
        return None;
    }
    let listed = schema.get("enum")?.as_array()?;
    // A nullable enumeration may list null, which is not a value.
    Some(listed.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn same(a: &[String], b: &[String]) -> bool {
    a.iter().collect::<BTreeSet<_>>() == b.iter().collect::<BTreeSet<_>>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn locations_with_a_shared_type_keep_sharing_it() {
        let doc = |first: &str, of_flow: Value, of_body: Value| {
            json!({"components": {"schemas": {
                (first): {"properties": {"status": {"type": "string", "enum": ["on", "off"]}}},
                "flow": {"properties": {"status": {"type": "string", "enum": of_flow}}},
                "hook": {"properties": {"state": {"type": "string", "enum": of_body}}}}}})
        };
        let mut findings = Findings::default();
        run(&mut doc("flow", json!(["on", "off"]), json!(["on", "off"])), &mut findings).unwrap();
        let recorded = findings.places.clone();
        assert_eq!(recorded.get("hook-state").map(String::as_str), Some("AutomationStatus"));
        // One of them gets a new value, and a new one comes first: the type keeps its name and includes the value.
        let mut findings = Findings { places: recorded, ..Default::default() };
        run(&mut doc("alarm", json!(["on", "off", "paused"]), json!(["on", "off"])), &mut findings).unwrap();
        assert_eq!(findings.places["flow-status"], "AutomationStatus");
        assert_eq!(findings.places["hook-state"], "AutomationStatus");
        let grown = findings.enums.iter().find(|item| item.name == "AutomationStatus").unwrap();
        assert_eq!(grown.values, ["on", "off", "paused"]);
    }

    #[test]
    fn equal_sets_share_a_type_and_names_are_unique() {
        let mut doc = json!({"components": {"schemas": {
            "flow-status": {"type": "object"},
            "flow": {"properties": {"status": {"type": "string", "enum": ["on", "off"], "nullable": true}}},
            "hook": {"properties": {
                "state": {"type": "string", "enum": ["off", "on"]},
                "method": {"type": "string", "title": "http-method", "enum": ["GET", null], "description": "How."}}}}}});
        let mut findings = Findings::default();
        run(&mut doc, &mut findings).unwrap();
        let names: Vec<_> = findings.enums.iter().map(|e| (e.name.as_str(), e.values.len())).collect();
        assert_eq!(names, [("AutomationStatusValue", 2), ("HttpMethod", 1)]);
        let schemas = &doc["components"]["schemas"];
        let path = |schema: &Value| schema["x-rust-type"]["path"].as_str().unwrap().to_owned();
        assert_eq!(
            path(&schemas["flow"]["properties"]["status"]),
            "grinfi_raw::enums::AutomationStatusValue"
        );
        assert_eq!(path(&schemas["hook"]["properties"]["state"]), "grinfi_raw::enums::AutomationStatusValue");
        assert_eq!(schemas["flow"]["properties"]["status"]["nullable"], true);
        assert_eq!(schemas["hook"]["properties"]["method"]["description"], "How.");
    }
}
