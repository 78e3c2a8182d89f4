//! The words of the API and the words of this library: `lead` is a contact here, `flow` an automation.

use heck::{ToPascalCase, ToSnakeCase};

/// Words of the API, each with the word used in public names.
const WORDS: [(&str, &str); 4] =
    [("lead", "contact"), ("leads", "contacts"), ("flow", "automation"), ("flows", "automations")];

/// Names in which these words mean something else: `lead_status_uuid` is the pipeline stage of a company.
const KEPT: [&str; 1] = ["lead_status_uuid"];

/// Returns the public name in snake case: `contact_uuid` for `lead_uuid` and for `leadUuid`.
pub fn snake(wire: &str) -> String {
    let name = wire.to_snake_case();
    if KEPT.contains(&name.as_str()) {
        return name;
    }
    let word = |word: &'_ str| {
        WORDS.iter().find(|(wire, _)| *wire == word).map_or(word.to_owned(), |(_, ours)| (*ours).to_owned())
    };
    name.split('_').map(word).collect::<Vec<_>>().join("_")
}

/// Returns the name in the API for a public name in snake case: `lead_uuid` for `contact_uuid`.
pub fn wire(public: &str) -> String {
    let word = |word: &'_ str| {
        WORDS.iter().find(|(_, ours)| *ours == word).map_or(word.to_owned(), |(wire, _)| (*wire).to_owned())
    };
    public.split('_').map(word).collect::<Vec<_>>().join("_")
}

/// Returns the public name in Pascal case: `CreateContactsBody` for `CreateLeadsBody`. A name without such a word is
/// returned as it is.
pub fn pascal(name: &str) -> String {
    let before = name.to_snake_case();
    let after = snake(name);
    if before == after { name.to_owned() } else { after.to_pascal_case() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_whole_words_only() {
        for (wire, ours) in [
            ("lead_uuid", "contact_uuid"),
            ("flowUuids", "automation_uuids"),
            ("flow_lead_uuid", "automation_contact_uuid"),
            ("lead_status_uuid", "lead_status_uuid"),
            ("workflows", "workflows"),
            ("leading", "leading"),
        ] {
            assert_eq!(snake(wire), ours);
        }
        for (wire, ours) in [
            ("CancelLeadFromFlowsBody", "CancelContactFromAutomationsBody"),
            ("SearchContactsBody", "SearchContactsBody"),
            ("HTTPMethod2", "HTTPMethod2"),
        ] {
            assert_eq!(pascal(wire), ours);
        }
    }
}
