//! Descriptions of path parameters that many operations share. The shared description of `uuid` cannot name the record, so
//! each operation gets one that does, derived from its path: `/leads/api/leads/{uuid}` takes the "UUID of the contact".

use serde_json::{Value, json};

use crate::tree;

/// Reference to the shared parameter.
const SHARED: &str = "#/components/parameters/uuid-path";

/// Words of paths that differ from the words of the documentation.
const WORDS: &[(&str, &str)] = &[
    ("ai", "AI"),
    ("agents", "AI agent"),
    ("bodies", "body"),
    ("companies", "company"),
    ("flow", "automation"),
    ("flows", "automation"),
    ("leads", "contact"),
    ("linkedin", "LinkedIn"),
    ("llm", "language model"),
    ("llms", "language model integration"),
    ("mailboxes", "mailbox"),
    ("templates", "AI template"),
];

/// Describes the parameter in each operation that refers to it.
pub fn describe(doc: &mut Value) {
    let Some(shared) = tree::target(doc, SHARED).cloned() else { return };
    for name in tree::operations(doc) {
        let Some(record) = record(&name.path) else { continue };
        let parameters =
            doc.pointer_mut(&format!("{}/parameters", name.pointer())).and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten().filter(|parameter| parameter["$ref"] == SHARED) {
            *parameter = shared.clone();
            parameter["description"] = json!(format!("UUID of the {record}."));
        }
    }
}

/// Returns the singular name of the record that `{uuid}` identifies in a path.
fn record(path: &str) -> Option<String> {
    let (before, _) = path.split_once("/{uuid}")?;
    let segment = before.rsplit('/').next()?;
    let (segment, suffix) = match segment.strip_suffix("-blacklist") {
        Some(listed) => (listed, " blacklist entry"),
        None if before.ends_with("/blacklist/leads") || before.ends_with("/blacklist/companies") => {
            (segment, " blacklist entry")
        }
        None => (segment, ""),
    };
    let words: Vec<&str> = segment.split('-').collect();
    // In `ai-agents`, the second word must not add a second "AI".
    let is_qualified = words.len() > 1;
    let words = words.into_iter().map(|word| match WORDS.iter().find(|(wire, _)| *wire == word) {
        Some((_, ours)) if is_qualified => ours.strip_prefix("AI ").unwrap_or(ours),
        Some((_, ours)) => ours,
        None => word.strip_suffix('s').unwrap_or(word),
    });
    Some(words.collect::<Vec<_>>().join(" ") + suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_record_of_a_path() {
        for (path, expected) in [
            ("/leads/api/leads/{uuid}", "contact"),
            ("/leads/api/companies-blacklist/{uuid}", "company blacklist entry"),
            ("/leads/api/blacklist/leads/{uuid}", "contact blacklist entry"),
            ("/emails/api/email-bodies/{uuid}", "email body"),
            ("/emails/api/mailboxes/{uuid}/activate", "mailbox"),
            ("/flows/api/flow-versions/{uuid}", "automation version"),
            ("/flows/api/ai-agents/{uuid}", "AI agent"),
            ("/ai/api/agents/{uuid}", "AI agent"),
            ("/ai/api/llm-logs/{uuid}", "language model log"),
            ("/leads/api/file-imports/{uuid}/import-leads", "file import"),
        ] {
            assert_eq!(record(path).as_deref(), Some(expected), "{path}");
        }
        assert_eq!(record("/id/api/teams/{id}"), None);
    }

    #[test]
    fn describes_the_shared_parameter_in_each_operation() {
        let mut doc = json!({
            "paths": {"/tags/{uuid}": {"get": {"parameters": [{"$ref": SHARED}, {"in": "query", "name": "q"}]}}},
            "components": {"parameters": {"uuid-path": {"in": "path", "name": "uuid", "description": "UUID."}}}});
        describe(&mut doc);
        let parameters = &doc["paths"]["/tags/{uuid}"]["get"]["parameters"];
        assert_eq!(parameters[0], json!({"in": "path", "name": "uuid", "description": "UUID of the tag."}));
        assert_eq!(parameters[1], json!({"in": "query", "name": "q"}));
    }
}
