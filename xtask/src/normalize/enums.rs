//! Enumerations grow. A closed Rust enum would fail a whole page over one new value, so each enumeration of strings becomes
//! an open one in a file of its own, and the schema only names it. Equal sets of values share one type.

use std::collections::BTreeSet;

use anyhow::Result;
use heck::ToPascalCase;
use serde_json::Value;

use super::{Findings, replace_by_native};
use crate::tree;

/// An enumeration found in the description.
#[derive(Debug, Clone)]
pub struct OpenEnum {
    /// The name of the Rust type.
    pub name: String,
    /// What the description says of it.
    pub description: Option<String>,
    /// The listed values, in the order of the description.
    pub values: Vec<String>,
}

pub fn run(doc: &mut Value, findings: &mut Findings) -> Result<()> {
    let mut taken: BTreeSet<String> = doc
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .map(|schemas| schemas.keys().map(|name| name.to_pascal_case()).collect())
        .unwrap_or_default();
    tree::for_each_schema(doc, &mut |name, schema| {
        let Some(values) = values(schema) else { return };
        let known = findings.enums.iter().position(|known| same(&known.values, &values));
        let index = known.unwrap_or_else(|| {
            let title = schema.get("title").and_then(Value::as_str).unwrap_or(name);
            let mut rust_name = title.to_pascal_case();
            while !taken.insert(rust_name.clone()) {
                rust_name.push_str("Value");
            }
            let description = schema.get("description").and_then(Value::as_str).map(str::to_owned);
            findings.enums.push(OpenEnum { name: rust_name, description, values });
            findings.enums.len() - 1
        });
        replace_by_native(schema, &format!("enums::{}", findings.enums[index].name));
    });
    Ok(())
}

fn values(schema: &Value) -> Option<Vec<String>> {
    if schema.get("type").and_then(Value::as_str) != Some("string") {
        return None;
    }
    let listed = schema.get("enum")?.as_array()?;
    // A nullable enumeration may list null, which is not a value of its own.
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
    fn equal_sets_share_a_type_and_names_do_not_clash() {
        let mut doc = json!({"components": {"schemas": {
            "flow-status": {"type": "object"},
            "flow": {"properties": {"status": {"type": "string", "enum": ["on", "off"], "nullable": true}}},
            "hook": {"properties": {
                "state": {"type": "string", "enum": ["off", "on"]},
                "method": {"type": "string", "title": "http-method", "enum": ["GET", null], "description": "How."}}}}}});
        let mut findings = Findings::default();
        run(&mut doc, &mut findings).unwrap();
        let names: Vec<_> = findings.enums.iter().map(|e| (e.name.as_str(), e.values.len())).collect();
        assert_eq!(names, [("FlowStatusValue", 2), ("HttpMethod", 1)]);
        let schemas = &doc["components"]["schemas"];
        let path = |schema: &Value| schema["x-rust-type"]["path"].as_str().unwrap().to_owned();
        assert_eq!(path(&schemas["flow"]["properties"]["status"]), "grinfi_raw::enums::FlowStatusValue");
        assert_eq!(path(&schemas["hook"]["properties"]["state"]), "grinfi_raw::enums::FlowStatusValue");
        assert_eq!(schemas["flow"]["properties"]["status"]["nullable"], true);
        assert_eq!(schemas["hook"]["properties"]["method"]["description"], "How.");
    }
}
