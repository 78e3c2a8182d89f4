//! AI agents and AI templates. No language model is asked here: a template is filled in, and its prompt is not.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::linkedin_messages::rendered;
use super::{Answer, Call, Reply, form, records};
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

const AGENT: &[Field] = &[
    must("name", Want::Text),
    may("description", Want::Text),
    may("avatar_url", Want::Text),
    may("classification_llm_uuid", Want::Text),
    may("classification_llm_config", Want::Map),
    may("classification_prompt", Want::Text),
];
const TYPES: &[&str] = &["message", "connection_note", "email", "post_comment"];
const TEMPLATE: &[Field] = &[
    must("name", Want::Text),
    must("type", Want::OneOf(TYPES)),
    must("is_public", Want::Flag),
    may("subject", Want::Text),
    may("body", Want::Text),
    may("prompt", Want::Text),
    may("llm_uuid", Want::Text),
    may("llm_config", Want::Map),
    may("enable_validation", Want::Flag),
    may("enable_fallback", Want::Flag),
    may("settings", Want::Map),
];
/// Neither the type nor whether it is public can be changed.
const TEMPLATE_CHANGES: &[Field] = &[
    must("name", Want::Text),
    may("subject", Want::Text),
    may("body", Want::Text),
    may("prompt", Want::Text),
    may("llm_uuid", Want::Text),
    may("llm_config", Want::Map),
    must("enable_validation", Want::Flag),
    must("enable_fallback", Want::Flag),
    may("settings", Want::Map),
];
const RENDER: &[Field] = &[
    may("uuid", Want::Text),
    must("lead_uuid", Want::Text),
    must("sender_profile_uuid", Want::Text),
    may("subject", Want::Text),
    may("body", Want::Text),
    may("prompt", Want::Text),
    may("enable_fallback", Want::Flag),
];

pub(super) fn list_agents(store: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&store.ai_agents, call)
}

pub(super) fn get_agent(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.ai_agents, call)
}

pub(super) fn create_agent(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let mut values = form::read(AGENT, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    set(&mut values, "public_uuid", store.new_uuid());
    Ok(Reply::created(records::add(store, |it| &mut it.ai_agents, values.into())))
}

pub(super) fn update_agent(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.ai_agents, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(AGENT, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.ai_agents, &call.key(), changes)?))
}

pub(super) fn delete_agent(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.ai_agents, call)
}

/// Deleted templates are in it.
pub(super) fn list_templates(store: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&store.ai_templates, call)
}

/// A deleted template is answered like any other.
pub(super) fn get_template(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.ai_templates, call)
}

/// # Errors
/// 500 without `is_public`, where a 422 is due, as the API does.
pub(super) fn create_template(store: &mut Store, call: &Call) -> Answer {
    let fields = Fields::of(&call.body);
    if fields.given("is_public").is_none() {
        return Err(Refusal::undefined_key("is_public"));
    }
    let mut faults = Faults::default();
    let given = form::read(TEMPLATE, &fields, &mut faults);
    faults.finish()?;
    let mut values = Record::new();
    set(&mut values, "enable_validation", false);
    set(&mut values, "enable_fallback", false);
    values.extend(given);
    Ok(Reply::created(records::add(store, |it| &mut it.ai_templates, values.into())))
}

pub(super) fn update_template(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.ai_templates, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(TEMPLATE_CHANGES, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.ai_templates, &call.key(), changes)?))
}

/// The 204 is the only sign: the template still comes back from everywhere, unless the description is followed.
pub(super) fn delete_template(store: &mut Store, call: &Call) -> Answer {
    if !store.mode.keeps_deleted_templates() {
        return records::delete(&mut store.ai_templates, call);
    }
    found(store.ai_templates.row(&call.key()), "AI template")?;
    let now = store.now();
    store.ai_templates.change(&call.key(), |record| set(record, "deleted_at", now));
    Ok(Reply::no_content())
}

/// Fills in the template of that uuid, or the text that is given. Where a prompt would have to be answered, the fallback
/// stands in if it is enabled, and `handling_error` says why.
// assumed: ai-render
pub(super) fn render(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let given = form::read(RENDER, &fields, &mut faults);
    fields.if_given_exists("uuid", &mut faults, |uuid| store.ai_templates.contains(uuid));
    fields.if_given_exists("lead_uuid", &mut faults, |uuid| store.contacts.contains(uuid));
    fields.if_given_exists("sender_profile_uuid", &mut faults, |uuid| store.sender_profiles.contains(uuid));
    if !given.contains_key("uuid") && !given.contains_key("body") && !given.contains_key("prompt") {
        faults.missing("uuid");
    }
    faults.finish()?;
    let saved = text(&given, "uuid").and_then(|uuid| store.ai_templates.get(uuid)).unwrap_or_default();
    let of = |name: &str| {
        let value = given.get(name).or_else(|| saved.get(name)).filter(|value| !value.is_null());
        value.cloned().unwrap_or(Value::Null)
    };
    let (lead, sender) = (of("lead_uuid"), of("sender_profile_uuid"));
    let fill = |value: Value| {
        let (lead, sender) = (lead.as_str().unwrap_or_default(), sender.as_str().unwrap_or_default());
        value.as_str().map(|template| rendered(store, template, lead, sender, lead))
    };
    let (body, prompt) = (fill(of("body")), fill(of("prompt")));
    let fallback = of("enable_fallback") == true;
    Ok(Reply::ok(json!({
        "llm_instructions": prompt,
        "rendered_body": body,
        "ai_generated_body": null,
        "fallback_body": if fallback { body.clone() } else { None },
        "handling_error": prompt.is_some().then_some("The sandbox asks no language model."),
        "validation_history": [],
    })))
}
