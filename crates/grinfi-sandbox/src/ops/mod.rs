//! The operations: one function each, from a call to a reply, on the store and nothing else.

mod activities;
mod ai;
mod attachments;
mod blacklist;
mod built;
mod call;
mod companies;
mod contact_fields;
mod contacts;
mod custom_fields;
mod data_sources;
mod emails;
pub(crate) mod engine;
pub(crate) mod enrichment;
pub(crate) mod file_exports;
mod file_imports;
mod flow_leads;
mod flow_versions;
mod flow_workspaces;
mod flows;
mod form;
pub(crate) mod inbound;
mod input;
mod linkedin_browsers;
pub(crate) mod linkedin_messages;
mod lists;
mod llms;
pub(crate) mod mailboxes;
mod mass_actions;
mod notes;
mod other_paths;
mod outbound_requests;
mod pipeline_stages;
mod records;
mod sender_profiles;
mod sending;
mod statistics;
mod tags;
mod tasks;
mod teams;
mod tracking_domains;
mod users;
mod webhooks;

pub(crate) use built::{Handler, handler};
pub(crate) use call::{Call, File, Reply};
pub(crate) use flow_leads::enrol;
pub(crate) use flow_versions::save as save_version;
pub(crate) use sender_profiles::any_time;
pub(crate) use sending::Places;
use serde_json::Value;

use self::input::Fields;
use crate::record::Record;
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

/// What notes, activities and custom fields belong to.
const OBJECTS: &[&str] = &["lead", "company"];

type Answer = Result<Reply, Refusal>;

/// Answers a call: what was due before it is done before, and what is due at once after it.
pub(crate) fn run(handler: Handler, store: &mut Store, call: &Call) -> Answer {
    store.settle();
    let answer = match handler {
        Handler::Looks(look) => look(store, call),
        Handler::Acts(act) => act(store, call),
        // The world passes the calls of webhooks; the store does not have them.
        Handler::Deliveries(look) => look(&[], call),
    };
    store.settle();
    answer
}

/// The filter of a listing that is described to need one as a JSON text. The vendor's own client sends it in brackets, or none.
fn json_filter(call: &Call) -> Result<Record, Refusal> {
    let Some(text) = call.query.get("filter") else { return Ok(Record::new()) };
    if let Value::Object(in_brackets) = text {
        return Ok(in_brackets.clone());
    }
    match text.as_str().and_then(|text| serde_json::from_str(text).ok()) {
        Some(Value::Object(filter)) => Ok(filter),
        Some(Value::Array(items)) if items.is_empty() => Ok(Record::new()),
        _ => Err(Refusal::invalid("filter", "The filter must be a JSON object in a string, or in brackets.")),
    }
}

/// Checks that `object_uuid` is that of a contact or a company, as the field named says.
fn object_exists(store: &Store, fields: &Fields<'_>, kind: &str, faults: &mut Faults) {
    let object = fields.given(kind).and_then(Value::as_str).unwrap_or_default();
    if OBJECTS.contains(&object) {
        fields.if_given_exists("object_uuid", faults, |uuid| {
            if object == "lead" { store.contacts.contains(uuid) } else { store.companies.contains(uuid) }
        });
    }
}

#[cfg(test)]
mod tests;
