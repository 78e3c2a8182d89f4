//! Uploaded files that messages refer to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::input::Fields;
use super::{Answer, Call, Reply, records};
use crate::record::set;
use crate::refusal::Faults;
use crate::store::Store;

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&store.attachments, call)
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.attachments, call)
}

/// The file, and in `payload` its name, size and type.
// assumed: attachment-size
pub(super) fn upload(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let Some(file) = call.file("attachment") else {
        faults.missing("attachment");
        faults.finish()?;
        return Ok(Reply::empty());
    };
    // As one JSON text or as a field each, `payload[name]`.
    let parsed =
        call.body.get("payload").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
    let given = parsed.or_else(|| call.body.get("payload").cloned()).unwrap_or(Value::Null);
    let mut payload = crate::record::map(given);
    let fields = Fields::within(&payload, "payload");
    for required in ["name", "size", "type"] {
        fields.required_text(required, &mut faults);
    }
    if crate::record::text(&payload, "size").is_some_and(|size| size.trim() != file.content.len().to_string())
    {
        faults.add("payload.size", format!("The file has {} bytes.", file.content.len()));
    }
    faults.finish()?;
    let uuid = store.new_uuid();
    set(&mut payload, "path", format!("attachments/{uuid}"));
    let values = json!({"payload": payload, "body": STANDARD.encode(&file.content)});
    Ok(Reply::created(records::add_as(store, |it| &mut it.attachments, &uuid, values)))
}

pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::delete(&mut store.attachments, call)
}
