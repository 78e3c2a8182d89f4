//! AI agents and AI templates. No language model is called: templates are filled in, prompts are not processed.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::linkedin_messages::rendered;
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::{Record, set, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

const AGENT: &[FieldSpec] = &[
    required("name", FieldType::Text),
    optional("description", FieldType::Text),
    optional("avatar_url", FieldType::Text),
    optional("classification_llm_uuid", FieldType::Text),
    optional("classification_llm_config", FieldType::Map),
    optional("classification_prompt", FieldType::Text),
];
const TYPES: &[&str] = &["message", "connection_note", "email", "post_comment"];
const TEMPLATE: &[FieldSpec] = &[
    required("name", FieldType::Text),
    required("type", FieldType::OneOf(TYPES)),
    required("is_public", FieldType::Flag),
    optional("subject", FieldType::Text),
    optional("body", FieldType::Text),
    optional("prompt", FieldType::Text),
    optional("llm_uuid", FieldType::Text),
    optional("llm_config", FieldType::Map),
    optional("enable_validation", FieldType::Flag),
    optional("enable_fallback", FieldType::Flag),
    optional("settings", FieldType::Map),
];
/// Updates a template, except its type and `is_public`.
const TEMPLATE_CHANGES: &[FieldSpec] = &[
    required("name", FieldType::Text),
    optional("subject", FieldType::Text),
    optional("body", FieldType::Text),
    optional("prompt", FieldType::Text),
    optional("llm_uuid", FieldType::Text),
    optional("llm_config", FieldType::Map),
    required("enable_validation", FieldType::Flag),
    required("enable_fallback", FieldType::Flag),
    optional("settings", FieldType::Map),
];
const RENDER: &[FieldSpec] = &[
    optional("uuid", FieldType::Text),
    required("lead_uuid", FieldType::Text),
    required("sender_profile_uuid", FieldType::Text),
    optional("subject", FieldType::Text),
    optional("body", FieldType::Text),
    optional("prompt", FieldType::Text),
    optional("enable_fallback", FieldType::Flag),
];

pub(super) fn list_agents(store: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&store.ai_agents, call)
}

pub(super) fn get_agent(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.ai_agents, call)
}

pub(super) fn create_agent(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let mut values = body_fields::read(AGENT, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    set(&mut values, "public_uuid", store.new_uuid());
    Ok(ApiResponse::created(records::add(store, |it| &mut it.ai_agents, values.into())))
}

pub(super) fn update_agent(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.ai_agents, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(AGENT, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.ai_agents, &call.key(), changes)?))
}

pub(super) fn delete_agent(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.ai_agents, call)
}

/// Lists templates, including deleted ones.
pub(super) fn list_templates(store: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&store.ai_templates, call)
}

/// Returns a template, even a deleted one.
pub(super) fn get_template(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.ai_templates, call)
}

/// # Errors
/// 500 without `is_public`, as the API responds instead of a 422.
pub(super) fn create_template(store: &mut Store, call: &Call) -> ApiResult {
    let fields = Fields::of(&call.body);
    if fields.given("is_public").is_none() {
        return Err(Rejection::undefined_key("is_public"));
    }
    let mut errors = FieldErrors::default();
    let given = body_fields::read(TEMPLATE, &fields, &mut errors);
    errors.finish()?;
    let mut values = Record::new();
    set(&mut values, "enable_validation", false);
    set(&mut values, "enable_fallback", false);
    values.extend(given);
    Ok(ApiResponse::created(records::add(store, |it| &mut it.ai_templates, values.into())))
}

pub(super) fn update_template(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.ai_templates, call)?;
    let mut errors = FieldErrors::default();
    let changes = body_fields::read_changes(TEMPLATE_CHANGES, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.ai_templates, &call.key(), changes)?))
}

/// Deletes a template. In observed mode it is still returned by every operation.
pub(super) fn delete_template(store: &mut Store, call: &Call) -> ApiResult {
    if !store.mode.returns_deleted_templates() {
        return records::delete(&mut store.ai_templates, call);
    }
    found(store.ai_templates.row(&call.key()), "AI template")?;
    let now = store.now();
    store.ai_templates.change(&call.key(), |record| set(record, "deleted_at", now));
    Ok(ApiResponse::no_content())
}

/// Fills in a template by UUID, or the given text. If a prompt needs a response, the fallback is used if it is enabled,
/// and `handling_error` says why.
// assumed: ai-render
pub(super) fn render(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let given = body_fields::read(RENDER, &fields, &mut errors);
    fields.if_given_exists("uuid", &mut errors, |uuid| store.ai_templates.contains(uuid));
    fields.if_given_exists("lead_uuid", &mut errors, |uuid| store.contacts.contains(uuid));
    fields.if_given_exists("sender_profile_uuid", &mut errors, |uuid| store.sender_profiles.contains(uuid));
    if !given.contains_key("uuid") && !given.contains_key("body") && !given.contains_key("prompt") {
        errors.missing("uuid");
    }
    errors.finish()?;
    let saved = text(&given, "uuid").and_then(|uuid| store.ai_templates.get(uuid)).unwrap_or_default();
    let of = |name: &str| {
        let value = given.get(name).or_else(|| saved.get(name)).filter(|value| !value.is_null());
        value.cloned().unwrap_or(Value::Null)
    };
    let (contact, sender) = (of("lead_uuid"), of("sender_profile_uuid"));
    let fill = |value: Value| {
        let (contact, sender) = (contact.as_str().unwrap_or_default(), sender.as_str().unwrap_or_default());
        value.as_str().map(|template| rendered(store, template, contact, sender, contact))
    };
    let (body, prompt) = (fill(of("body")), fill(of("prompt")));
    let fallback = of("enable_fallback") == true;
    Ok(ApiResponse::ok(json!({
        "llm_instructions": prompt,
        "rendered_body": body,
        "ai_generated_body": null,
        "fallback_body": if fallback { body.clone() } else { None },
        "handling_error": prompt.is_some().then_some("The sandbox does not call language models."),
        "validation_history": [],
    })))
}
