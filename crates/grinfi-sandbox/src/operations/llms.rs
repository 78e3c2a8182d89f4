//! Language model integrations and the operations that use them. No language model is called: every response is the same
//! sentence.

use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, optional, required};
use super::input::{Fields, found};
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::page;
use crate::record::text;
use crate::rejection::FieldErrors;
use crate::store::Store;
use crate::table::Table;

const PROVIDERS: &[&str] = &["openai", "google", "anthropic", "perplexity", "deepseek", "xai", "meta"];
const OWNERS: &[&str] = &["gs", "customer"];
const JOBS: &[&str] = &["ai_variable", "ai_template", "ai_agent"];
/// Name of the token field. The token is validated and not stored.
const TOKEN: &str = "provider_api_token";
const FIELDS: &[FieldSpec] = &[
    required("name", FieldType::Text),
    required("provider", FieldType::OneOf(PROVIDERS)),
    required(TOKEN, FieldType::Text),
    optional("owner", FieldType::OneOf(OWNERS)),
];
const CHANGES: &[FieldSpec] = &[required("name", FieldType::Text), required(TOKEN, FieldType::Text)];
/// Text instead of the response of a language model.
const FIXED_TEXT: &str = "The sandbox does not call language models.";

// assumed: llm-shapes
pub(super) fn list(store: &mut Store, _: &Call) -> ApiResult {
    Ok(ApiResponse::ok(page::everything(&store.llms).data_only()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.llms, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let mut values = body_fields::read(FIELDS, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    values.remove(TOKEN);
    values.entry("owner").or_insert_with(|| json!("customer"));
    Ok(ApiResponse::created(records::add(store, |it| &mut it.llms, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.llms, call)?;
    let mut errors = FieldErrors::default();
    let mut changes = body_fields::read_changes(CHANGES, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    changes.remove(TOKEN);
    Ok(ApiResponse::ok(records::change(store, |it| &mut it.llms, &call.key(), changes)?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.llms, call)
}

/// Logs the call and returns the fixed text.
pub(super) fn generate(store: &mut Store, call: &Call) -> ApiResult {
    found(store.llms.row(&call.key()), "LLM")?;
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    let job = fields.one_of("job_type", JOBS, &mut errors);
    if fields.given("messages").is_none() {
        errors.missing("messages");
    }
    fields.list("messages", &mut errors);
    fields.map("config", &mut errors);
    errors.finish()?;
    log(store, json!({"llm_uuid": call.key(), "job_type": job}));
    Ok(ApiResponse::ok(json!({"text": FIXED_TEXT})))
}

/// Logs the question and returns the fixed text.
pub(super) fn ask(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    Fields::of(&call.body).required_text("question", &mut errors);
    errors.finish()?;
    log(store, json!({"job_type": "ask"}));
    Ok(ApiResponse::ok(json!({"answer": FIXED_TEXT})))
}

fn log(store: &mut Store, mut values: Value) {
    values["status"] = json!("done");
    values["response"] = json!(FIXED_TEXT);
    records::add(store, |it| &mut it.llm_logs, values);
}

/// Counts the calls of each integration by UUID.
pub(super) fn metrics(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut errors);
    errors.finish()?;
    let counts = uuids.into_iter().map(|uuid| {
        let calls = store.llm_logs.rows().filter(|row| row.is("llm_uuid", &uuid)).count();
        (uuid, json!({"calls_count": calls, "credits_used": 0}))
    });
    Ok(ApiResponse::ok(counts.collect::<Value>()))
}

pub(super) fn list_logs(store: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&store.llm_logs, call)
}

pub(super) fn get_log(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.llm_logs, call)
}

/// Returns no AI variables: how they are created is not known.
pub(super) fn list_variables(_: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&Table::new(&crate::schema::AI_VARIABLE), call)
}

/// Renders a saved template with the given variables.
pub(super) fn render_with_variables(store: &mut Store, call: &Call) -> ApiResult {
    let template = found(store.ai_templates.get(&call.key()), "AI template")?;
    let mut errors = FieldErrors::default();
    let variables = Fields::of(&call.body).map("variables", &mut errors).cloned().unwrap_or_default();
    errors.finish()?;
    let lookup = |name: &str| match variables.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    };
    let fill =
        |name: &str| text(&template, name).map(|body| crate::template::render(body, &lookup, &call.key()));
    let (body, prompt) = (fill("body"), fill("prompt"));
    Ok(ApiResponse::ok(json!({
        "llm_instructions": prompt,
        "rendered_body": body,
        "ai_generated_body": null,
        "fallback_body": null,
        "handling_error": prompt.is_some().then_some(FIXED_TEXT),
        "validation_history": [],
    })))
}
