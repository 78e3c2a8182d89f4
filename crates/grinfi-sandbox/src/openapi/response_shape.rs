//! Conversion of responses to their documented shape.
//!
//! Operations respond as the API was observed to. By the schema of the response, this module unwraps wrapped records,
//! turns empty lists into empty objects, adds `has_more`, turns numbers into texts, and removes null where it is not
//! allowed.

use serde_json::{Map, Value, json};

use super::description::{documented, resolved};
use crate::call::ApiResponse;
use crate::generated::Operation;
use crate::rejection::{FieldErrors, Rejection};

/// Observed wrappers of records.
const WRAPPERS: [&str; 3] = ["lead", "company", "data"];

/// Converts a response to its documented shape.
pub(crate) fn shape_response(operation: &Operation, response: ApiResponse) -> ApiResponse {
    let responses = documented(operation.id).map(|operation_schemas| &operation_schemas.responses);
    let same = responses.and_then(|responses| responses.get_key_value(&response.status));
    let Some((status, schema)) = same.or_else(|| responses?.first_key_value()) else { return response };
    let parsed = response.json.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let body = match parsed.or(response.body) {
        Some(body) if response.csv.is_none() => Some(conform(body, schema)),
        body => body,
    };
    ApiResponse { status: *status, body, json: None, csv: response.csv }
}

/// Converts a rejection: a 500 for an unknown field becomes a 422.
pub(crate) fn shape_rejection(rejection: Rejection) -> Rejection {
    match &rejection.undefined {
        None => rejection,
        Some(name) => {
            let mut errors = FieldErrors::default();
            errors.add(name, rejection.message.clone());
            errors.finish().err().unwrap_or(rejection)
        }
    }
}

fn conform(value: Value, schema: &'static Value) -> Value {
    let schema = resolved(schema);
    match value {
        Value::Object(fields) => match unwrapped(fields, schema) {
            Ok(inner) => conform(inner, schema),
            Err(fields) => conform_object(fields, schema),
        },
        Value::Array(items) if items.is_empty() && is_map(schema) => json!({}),
        Value::Array(items) => match schema.get("items") {
            Some(of_items) => items.into_iter().map(|item| conform(item, of_items)).collect(),
            None => Value::Array(items),
        },
        // The description has company ids as numbers in one operation and as texts in another.
        Value::Number(number) if allows_only_texts(schema) => number.to_string().into(),
        value => value,
    }
}

fn conform_object(fields: Map<String, Value>, schema: &'static Value) -> Value {
    let properties = schema.get("properties");
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    let mut conformed = Map::new();
    for (name, value) in fields {
        let schema = properties.and_then(|properties| properties.get(&name)).or(others);
        if value.is_null() && schema.is_some_and(|schema| !allows_null(schema)) {
            continue;
        }
        let value = match schema {
            Some(schema) => conform(value, schema),
            None => value,
        };
        conformed.insert(name, value);
    }
    let wants_more = properties.is_some_and(|properties| properties.get("has_more").is_some());
    if wants_more && !conformed.contains_key("has_more") {
        let number = |name: &str| conformed.get(name).and_then(Value::as_u64).unwrap_or_default();
        let rows = conformed.get("data").and_then(Value::as_array).map_or(0, Vec::len);
        let has_more = number("offset").saturating_add(rows as u64) < number("total");
        conformed.insert("has_more".to_owned(), has_more.into());
    }
    Value::Object(conformed)
}

/// Unwraps a record, together with documented properties next to it; other objects are unchanged.
fn unwrapped(mut fields: Map<String, Value>, schema: &'static Value) -> Result<Value, Map<String, Value>> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Err(fields) };
    let is_wrapper = |name: &&&str| {
        !properties.contains_key(**name)
            && fields.get(**name).and_then(Value::as_object).is_some_and(|inner| inner.contains_key("uuid"))
    };
    let Some(wrapper) = WRAPPERS.iter().find(is_wrapper) else { return Err(fields) };
    let Some(Value::Object(mut inner)) = fields.remove(*wrapper) else { return Err(fields) };
    for (name, value) in fields {
        if properties.contains_key(&name) && !inner.contains_key(&name) {
            inner.insert(name, value);
        }
    }
    Ok(Value::Object(inner))
}

/// Whether a schema allows only objects, so that an empty list must be an empty object.
fn is_map(schema: &Value) -> bool {
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.contains(&json!("object")) && !kinds.contains(&json!("array")),
        kind => kind.is_some_and(|kind| kind == "object"),
    }
}

fn allows_only_texts(schema: &Value) -> bool {
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().all(|kind| kind == "string" || kind == "null"),
        kind => kind.is_some_and(|kind| kind == "string"),
    }
}

fn allows_null(schema: &'static Value) -> bool {
    let schema = resolved(schema);
    let any = |key: &str| {
        schema.get(key).and_then(Value::as_array).is_some_and(|parts| parts.iter().any(allows_null))
    };
    let all = |key: &str| {
        schema.get(key).and_then(Value::as_array).is_none_or(|parts| parts.iter().all(allows_null))
    };
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.contains(&json!("null")),
        Some(kind) => kind == "null",
        None => (schema.get("anyOf").is_none() || any("anyOf")) && all("allOf"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::OPERATIONS;

    fn shaped_response(id: &str, response: ApiResponse) -> Value {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id).unwrap();
        let response = shape_response(operation, response);
        assert!(response.json.is_none());
        json!([response.status, response.body])
    }

    #[test]
    fn unwraps_documented_records() {
        let lead = json!({"lead": {"uuid": "l", "name": null}, "markers": [], "tags": ["t"], "flows": []});
        let flat = json!({"uuid": "l", "name": null, "tags": ["t"]});
        assert_eq!(shaped_response("getLead", ApiResponse::ok(lead.clone())), json!([200, flat]));
        let page = json!({"data": [lead], "limit": 20, "offset": 0, "total": 1}).to_string();
        let json = ApiResponse { json: Some(page), body: None, ..ApiResponse::ok(Value::Null) };
        assert_eq!(
            shaped_response("searchContacts", json),
            json!([200, {"data": [flat], "limit": 20, "offset": 0, "total": 1}])
        );
    }

    #[test]
    fn empty_lists_become_objects_and_has_more_is_added() {
        let statistics = json!({"1": {"node_statuses": {}, "node_conversions": []}});
        let wanted = json!({"1": {"node_statuses": {}, "node_conversions": {}}});
        assert_eq!(
            shaped_response("getFlowNodeStatistics", ApiResponse::ok(statistics)),
            json!([200, wanted])
        );
        for (total, more) in [(3, true), (2, false)] {
            let page = json!({"data": [{"uuid": "a"}], "limit": 1, "offset": 1, "total": total});
            let shaped = shaped_response("searchCompanies", ApiResponse::ok(page));
            assert_eq!(shaped[1]["has_more"], more);
        }
        let page = json!({"data": [], "limit": 1, "offset": 0, "total": 0});
        assert_eq!(shaped_response("listLists", ApiResponse::ok(page.clone())), json!([200, page]));
    }

    #[test]
    fn removes_null_where_not_allowed() {
        let tag = json!({"uuid": "t", "color": null, "name": null, "more": null});
        assert_eq!(
            shaped_response("createTag", ApiResponse::created(tag)),
            json!([201, {"uuid": "t", "color": null, "more": null}])
        );
    }

    #[test]
    fn converts_numbers_to_documented_texts() {
        let company = json!({"uuid": "c", "ln_id": 162_479, "team_id": 134});
        let wanted = json!({"uuid": "c", "ln_id": "162479", "team_id": 134});
        assert_eq!(shaped_response("getCompany", ApiResponse::ok(company)), json!([200, wanted]));
    }

    #[test]
    fn uses_documented_status() {
        let status = |id: &str, response| shaped_response(id, response)[0].clone();
        assert_eq!(status("addNewLeadToFlow", ApiResponse::no_content()), 204);
        assert_eq!(status("addNewLeadToFlow", ApiResponse::ok(json!({"reason": "skipped"}))), 200);
        assert_eq!(status("createTag", ApiResponse::ok(json!({"uuid": "t"}))), 201);
    }

    #[test]
    fn server_error_for_unknown_field_becomes_422() {
        let rejection = shape_rejection(Rejection::undefined_column("shade"));
        assert_eq!(rejection.status, 422);
        assert_eq!(rejection.body()["error"]["data"], json!({"filter.shade": ["Undefined column: shade"]}));
        assert_eq!(
            shape_rejection(Rejection::undefined_key("is_public")).body()["error"]["data"]["is_public"][0],
            "Undefined array key: is_public"
        );
        assert_eq!(shape_rejection(Rejection::server_error()).status, 500);
    }
}
