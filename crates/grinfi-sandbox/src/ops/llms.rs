//! Language model integrations and the operations that use them. No language model is called: every text is the same sentence.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::{Fields, found};
use super::{Answer, Call, Reply, form, records};
use crate::page;
use crate::record::text;
use crate::refusal::Faults;
use crate::store::Store;
use crate::table::Table;

const PROVIDERS: &[&str] = &["openai", "google", "anthropic", "perplexity", "deepseek", "xai", "meta"];
const OWNERS: &[&str] = &["gs", "customer"];
const JOBS: &[&str] = &["ai_variable", "ai_template", "ai_agent"];
/// Name of the token field. The token is validated and not stored.
const TOKEN: &str = "provider_api_token";
const FORM: &[Field] = &[
    must("name", Want::Text),
    must("provider", Want::OneOf(PROVIDERS)),
    must(TOKEN, Want::Text),
    may("owner", Want::OneOf(OWNERS)),
];
const CHANGES: &[Field] = &[must("name", Want::Text), must(TOKEN, Want::Text)];
/// Text in place of what a language model would write.
const WORDS: &str = "The sandbox asks no language model.";

// assumed: llm-shapes
pub(super) fn list(store: &mut Store, _: &Call) -> Answer {
    Ok(Reply::ok(page::everything(&store.llms).data_only()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.llms, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let mut values = form::read(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    values.remove(TOKEN);
    values.entry("owner").or_insert_with(|| json!("customer"));
    Ok(Reply::created(records::add(store, |it| &mut it.llms, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.llms, call)?;
    let mut faults = Faults::default();
    let mut changes = form::read_changes(CHANGES, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    changes.remove(TOKEN);
    Ok(Reply::ok(records::change(store, |it| &mut it.llms, &call.key(), changes)?))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.llms, call)
}

/// Logs the call and returns the fixed text.
pub(super) fn generate(store: &mut Store, call: &Call) -> Answer {
    found(store.llms.row(&call.key()), "LLM")?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let job = fields.one_of("job_type", JOBS, &mut faults);
    if fields.given("messages").is_none() {
        faults.missing("messages");
    }
    fields.list("messages", &mut faults);
    fields.map("config", &mut faults);
    faults.finish()?;
    log(store, json!({"llm_uuid": call.key(), "job_type": job}));
    Ok(Reply::ok(json!({"text": WORDS})))
}

/// Logs the question and returns the fixed text.
pub(super) fn ask(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    Fields::of(&call.body).required_text("question", &mut faults);
    faults.finish()?;
    log(store, json!({"job_type": "ask"}));
    Ok(Reply::ok(json!({"answer": WORDS})))
}

fn log(store: &mut Store, mut values: Value) {
    values["status"] = json!("done");
    values["response"] = json!(WORDS);
    records::add(store, |it| &mut it.llm_logs, values);
}

/// Counts the calls of each integration, as a map by uuid.
pub(super) fn metrics(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let uuids = Fields::of(&call.body).required_texts("uuids", &mut faults);
    faults.finish()?;
    let counts = uuids.into_iter().map(|uuid| {
        let calls = store.llm_logs.rows().filter(|row| row.is("llm_uuid", &uuid)).count();
        (uuid, json!({"calls_count": calls, "credits_used": 0}))
    });
    Ok(Reply::ok(counts.collect::<Value>()))
}

pub(super) fn list_logs(store: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&store.llm_logs, call)
}

pub(super) fn get_log(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.llm_logs, call)
}

/// Lists no AI variables: how they are created is not known.
pub(super) fn list_variables(_: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&Table::new(&crate::schema::AI_VARIABLE), call)
}

/// Renders a saved template with the given variables.
pub(super) fn render_with_variables(store: &mut Store, call: &Call) -> Answer {
    let template = found(store.ai_templates.get(&call.key()), "AI template")?;
    let mut faults = Faults::default();
    let variables = Fields::of(&call.body).map("variables", &mut faults).cloned().unwrap_or_default();
    faults.finish()?;
    let lookup = |name: &str| match variables.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    };
    let fill =
        |name: &str| text(&template, name).map(|body| crate::template::render(body, &lookup, &call.key()));
    let (body, prompt) = (fill("body"), fill("prompt"));
    Ok(Reply::ok(json!({
        "llm_instructions": prompt,
        "rendered_body": body,
        "ai_generated_body": null,
        "fallback_body": null,
        "handling_error": prompt.is_some().then_some(WORDS),
        "validation_history": [],
    })))
}
