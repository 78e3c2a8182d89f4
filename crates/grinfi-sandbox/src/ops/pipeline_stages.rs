//! The stages of the pipelines of contacts and of companies.

use serde_json::{Value, json};

use super::{Answer, Call, Reply};
use crate::page;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::schema::PIPELINE_STAGE;
use crate::store::Store;

/// The stages in their order. The filter is one JSON string and must say the object, `lead` or `company`.
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let Some(text) = call.query.get("filter") else {
        return Err(Refusal::invalid("filter", "The filter field is required."));
    };
    let filter: Option<Value> = text.as_str().and_then(|text| serde_json::from_str(text).ok());
    let Some(filter) = filter.filter(Value::is_object) else {
        return Err(Refusal::invalid("filter", "The filter must be a JSON object in a string."));
    };
    if filter.get("object").is_none_or(Value::is_null) {
        return Err(Refusal::invalid("filter.object", "The filter.object field is required."));
    }
    let mut asked = Record::new();
    asked.insert("filter".to_owned(), filter);
    asked.insert("limit".to_owned(), json!(1000));
    asked.insert("order_field".to_owned(), json!("order"));
    asked.insert("order_type".to_owned(), json!("asc"));
    let listing = page::list(store.pipeline_stages.entries(), &PIPELINE_STAGE, &asked)?;
    Ok(Reply::ok(listing.data_only()))
}
