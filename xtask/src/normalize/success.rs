//! progenitor asserts that all successes of one operation have one type, and it drops the body of one that describes none.
//! A 200 or 201 without a described body may well carry one, so it is handed over as bytes; and so is everything of an
//! operation that can succeed in more than one way. Only 204 is taken at its word.
//!
//! Which of 200, 201 and 204 comes is no promise worth failing over: what is left is one range, 2XX.

use anyhow::Result;
use serde_json::{Value, json};

use super::Findings;
use crate::tree;

/// What progenitor makes of a response.
#[derive(Debug, PartialEq)]
pub enum Kind {
    /// A decoded JSON value of this schema.
    Json(Value),
    /// Bytes.
    Raw,
    /// Nothing.
    Empty,
}

/// What progenitor would make of `response`.
pub fn kind(response: &Value) -> Kind {
    match response.get("content").and_then(Value::as_object) {
        None => Kind::Empty,
        Some(content) if content.is_empty() => Kind::Empty,
        Some(content) => content
            .iter()
            .find(|(media, _)| *media == "application/json" || media.starts_with("application/json;"))
            .and_then(|(_, media)| media.get("schema"))
            .map_or(Kind::Raw, |schema| Kind::Json(schema.clone())),
    }
}

/// Turns `response` into one that is handed over as bytes.
pub fn make_raw(response: &mut Value) {
    response["content"] =
        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
}

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_operation(doc, |_, op| {
        let Some(responses) = op.get_mut("responses").and_then(Value::as_object_mut) else { return Ok(()) };
        let mut successes: Vec<&mut Value> = Vec::new();
        for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
            if status != "204" && kind(response) == Kind::Empty {
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
