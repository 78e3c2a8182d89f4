//! progenitor requires one success type for each operation, and ignores a body that is not described. A 200 or 201 without
//! a described body may have one, so it becomes bytes, and so do the responses of an operation with several success types.
//! Only 204 is assumed to have no body.
//!
//! The success status (200, 201 or 204) is not reliable, so all become the range 2XX.

use anyhow::Result;
use serde_json::{Value, json};

use super::Findings;
use crate::tree;

/// How progenitor treats a response.
#[derive(Debug, PartialEq)]
pub enum BodyKind {
    /// A decoded JSON value of this schema.
    Json(Value),
    /// Bytes.
    Raw,
    /// No body.
    Empty,
}

/// How progenitor treats `response`.
pub fn kind(response: &Value) -> BodyKind {
    match response.get("content").and_then(Value::as_object) {
        None => BodyKind::Empty,
        Some(content) if content.is_empty() => BodyKind::Empty,
        Some(content) => content
            .iter()
            .find(|(media, _)| *media == "application/json" || media.starts_with("application/json;"))
            .and_then(|(_, media)| media.get("schema"))
            .map_or(BodyKind::Raw, |schema| BodyKind::Json(schema.clone())),
    }
}

/// Makes `response` one that is returned as bytes.
pub fn make_raw(response: &mut Value) {
    response["content"] =
        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
}

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_operation(doc, |_, op| {
        let Some(responses) = op.get_mut("responses").and_then(Value::as_object_mut) else { return Ok(()) };
        let mut successes: Vec<&mut Value> = Vec::new();
        for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
            if status != "204" && kind(response) == BodyKind::Empty {
                make_raw(response);
            }
            successes.push(response);
        }
        if let Some((first, rest)) = successes.split_first()
            && rest.iter().any(|other| kind(other) != kind(first))
        {
            successes.into_iter().for_each(make_raw);
        }
        let first = responses.keys().find(|status| status.starts_with('2')).cloned();
        if let Some(success) = first.and_then(|status| responses.get(&status).cloned()) {
            responses.retain(|status, _| !status.starts_with('2'));
            responses.shift_insert(0, "2XX".into(), success);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(responses: Value) -> Value {
        let mut doc = json!({"paths": {"/a": {"get": {"operationId": "x", "responses": responses}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        doc["paths"]["/a"]["get"]["responses"].take()
    }

    #[test]
    fn undescribed_bodies_are_kept_and_204_is_empty() {
        let raw = json!({"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}});
        assert_eq!(after(json!({"200": {}, "404": {}})), json!({"2XX": raw, "404": {}}));
        assert_eq!(after(json!({"204": {}})), json!({"2XX": {}}));
        let json = json!({"content": {"application/json": {"schema": {"type": "object"}}}});
        assert_eq!(after(json!({"200": json})), json!({"2XX": json}));
        assert_eq!(after(json!({"200": json, "204": {}})), json!({"2XX": raw}));
        assert_eq!(after(json!({"200": json, "201": json})), json!({"2XX": json}));
    }
}
