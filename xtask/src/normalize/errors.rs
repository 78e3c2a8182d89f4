//! progenitor requires one error type for each operation. A status without a body is covered by a range with a body (404 by
//! 4XX); errors that still differ become raw bytes.

use anyhow::Result;
use serde_json::Value;

use super::{
    Findings,
    success::{BodyKind, kind, make_raw},
};
use crate::tree;

pub fn run(doc: &mut Value, _: &mut Findings) -> Result<()> {
    tree::for_each_operation(doc, |_, op| {
        let Some(responses) = op.get_mut("responses").and_then(Value::as_object_mut) else { return Ok(()) };
        for range in ["4XX", "5XX"] {
            if responses.contains_key(range) {
                responses.retain(|status, _| status == range || !status.starts_with(&range[..1]));
            }
        }
        let is_error = |status: &str| status.starts_with(['4', '5']) || status == "default";
        let mut kinds: Vec<BodyKind> = Vec::new();
        for (_, response) in responses.iter().filter(|(status, _)| is_error(status)) {
            let found = kind(response);
            if !kinds.contains(&found) {
                kinds.push(found);
            }
        }
        if kinds.len() > 1 {
            responses
                .iter_mut()
                .filter(|(status, _)| is_error(status))
                .for_each(|(_, response)| make_raw(response));
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn after(responses: Value) -> Value {
        let mut doc = json!({"paths": {"/a": {"get": {"operationId": "x", "responses": responses}}}});
        run(&mut doc, &mut Findings::default()).unwrap();
        doc["paths"]["/a"]["get"]["responses"].take()
    }

    fn body(schema: &str) -> Value {
        json!({"content": {"application/json": {"schema": {"$ref": schema}}}})
    }

    #[test]
    fn range_covers_its_statuses() {
        assert_eq!(
            after(json!({"200": {}, "404": {}, "422": body("#/e"), "4XX": body("#/e"), "5XX": body("#/e")})),
            json!({"200": {}, "4XX": body("#/e"), "5XX": body("#/e")})
        );
    }

    #[test]
    fn differing_errors_become_bytes() {
        let raw = json!({"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}});
        assert_eq!(
            after(json!({"204": {}, "404": body("#/e"), "409": body("#/f")})),
            json!({"204": {}, "404": raw, "409": raw})
        );
    }
}
