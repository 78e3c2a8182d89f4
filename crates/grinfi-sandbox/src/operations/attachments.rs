//! Uploaded files for messages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::input::Fields;
use super::records;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::set;
use crate::rejection::FieldErrors;
use crate::store::Store;

pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&store.attachments, call)
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.attachments, call)
}

/// Takes the file, and its name, size and type in `payload`.
// assumed: attachment-size
pub(super) fn upload(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let Some(file) = call.file("attachment") else {
        errors.missing("attachment");
        errors.finish()?;
        return Ok(ApiResponse::empty());
    };
    // The payload is one JSON text, or one form field per value: `payload[name]`.
    let parsed =
        call.body.get("payload").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
    let given = parsed.or_else(|| call.body.get("payload").cloned()).unwrap_or(Value::Null);
    let mut payload = crate::record::map(given);
    let fields = Fields::within(&payload, "payload");
    for required in ["name", "size", "type"] {
        fields.required_text(required, &mut errors);
    }
    if crate::record::text(&payload, "size").is_some_and(|size| size.trim() != file.content.len().to_string())
    {
        errors.add("payload.size", format!("The file has {} bytes.", file.content.len()));
    }
    errors.finish()?;
    let uuid = store.new_uuid();
    set(&mut payload, "path", format!("attachments/{uuid}"));
    let values = json!({"payload": payload, "body": STANDARD.encode(&file.content)});
    Ok(ApiResponse::created(records::add_as(store, |it| &mut it.attachments, &uuid, values)))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> ApiResult {
    records::delete(&mut store.attachments, call)
}
