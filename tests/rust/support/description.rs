//! Validates requests against the API description and generates its example responses.
//!
//! The description is the vendor's `openapi/grinfi.yaml` without corrections, and the operations of
//! `openapi/undocumented.yaml` that have methods.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::fault_server::{ReceivedRequest, Response};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let read = |file: &str| {
        let path = format!("{}/../openapi/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap().replace("grinfi.yaml#", "#")
    };
    let mut whole: Value = serde_saphyr::from_str(&read("grinfi.yaml")).unwrap();
    let undocumented: Value = serde_saphyr::from_str(&read("undocumented.yaml")).unwrap();
    for (path, methods) in undocumented["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // The other operations have no method.
            let is_typed =
                operation.get("x-grinfi-alias-of").is_none() && operation.get("x-grinfi-untyped").is_none();
            if is_typed {
                whole["paths"][path][method] = operation.clone();
            }
        }
    }
    let schemas = undocumented["components"]["schemas"].as_object().unwrap().clone();
    whole["components"]["schemas"].as_object_mut().unwrap().extend(schemas);
    whole
});

/// Operation of the description, with its path template and HTTP method.
struct Described {
    path: &'static str,
    method: &'static str,
    operation: &'static Value,
}

/// Returns whether the operation is listed as not implemented.
pub fn is_owed(id: &str) -> bool {
    include_str!("../../../openapi/unimplemented.txt").lines().any(|line| line == id)
}

/// Returns the implemented operations.
fn operations() -> impl Iterator<Item = Described> {
    DESCRIPTION["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
        methods
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, operation)| operation["operationId"].as_str().is_some_and(|id| !is_owed(id)))
            .map(move |(method, operation)| Described { path, method, operation })
    })
}

/// Returns the ids of the implemented operations.
pub fn ids() -> impl Iterator<Item = &'static str> {
    operations().map(|described| described.operation["operationId"].as_str().unwrap())
}

fn described(id: &str) -> Described {
    operations()
        .find(|described| described.operation["operationId"] == id)
        .unwrap_or_else(|| panic!("`{id}` is not described"))
}

/// Resolves a `$ref`; returns any other value unchanged.
pub fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => DESCRIPTION.pointer(&reference[1..]).unwrap(),
        None => value,
    }
}

/// Checks method, path, query and body of a request against the operation `id`. Panics if one is wrong.
pub fn check(id: &str, request: &ReceivedRequest) {
    let described = described(id);
    assert_eq!(request.method.to_ascii_lowercase(), described.method, "{id}: method");
    let url = reqwest::Url::parse(&format!("http://localhost{}", request.target)).unwrap();
    check_path(id, described.path, url.path());
    let query: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    check_query(id, &described, &query);
    check_body(id, &described, request);
}

fn check_path(id: &str, template: &str, path: &str) {
    let fits = template.split('/').count() == path.split('/').count()
        && template
            .split('/')
            .zip(path.split('/'))
            .all(|(wanted, is)| if wanted.starts_with('{') { !is.is_empty() } else { wanted == is });
    assert!(fits, "{id}: `{path}` is not {template}");
    let other = operations().find(|other| other.path == path && other.path != template);
    assert!(other.is_none(), "{id}: `{path}` is the path of another operation");
}

/// Query parameters that are missing in the description; the overlay adds each with its reason.
const ADDED_PARAMETERS: [(&str, &str); 1] = [("listActivities", "object")];

fn check_query(id: &str, described: &Described, query: &[(String, String)]) {
    let parameters: Vec<&Value> = described
        .operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(resolve)
        .filter(|parameter| parameter["in"] == "query")
        .collect();
    for (name, value) in query.iter().filter(|(name, _)| !ADDED_PARAMETERS.contains(&(id, name.as_str()))) {
        let (base, field) = match name.split_once('[') {
            Some((base, rest)) => (base, rest.split_once(']').map(|(field, _)| field)),
            None => (name.as_str(), None),
        };
        let Some(parameter) = parameters.iter().find(|parameter| parameter["name"] == base) else {
            panic!("{id}: no parameter `{name}` in the query");
        };
        let schema = resolve(&parameter["schema"]);
        match (field, schema.get("properties")) {
            (Some(field), Some(fields)) => {
                assert!(fields.get(field).is_some(), "{id}: no field `{field}` in `{base}`");
            }
            (Some(field), None) => panic!("{id}: `{base}` takes no field `{field}`"),
            (None, Some(_)) => panic!("{id}: `{base}` takes fields in brackets"),
            (None, None) => {
                let value = match schema["type"].as_str() {
                    Some("string") => Value::from(value.as_str()),
                    _ => serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into()),
                };
                validate(&format!("{id}: {name}"), schema, &value, false);
            }
        }
    }
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap();
        let is_present = query.iter().any(|(is, _)| is == name);
        assert!(is_present || parameter["required"] != true, "{id}: `{name}` is missing in the query");
    }
}

fn check_body(id: &str, described: &Described, request: &ReceivedRequest) {
    let Some(body) = described.operation.get("requestBody") else {
        assert!(request.body.is_empty(), "{id}: takes no body");
        return;
    };
    let body = resolve(body);
    if request.body.is_empty() {
        assert!(body["required"] != true, "{id}: needs a body");
        return;
    }
    let sent = request.header("content-type").unwrap_or_default();
    let media = sent.split(';').next().unwrap_or_default();
    let Some(content) = body["content"].get(media) else {
        panic!("{id}: takes no {media}");
    };
    if media == "application/json" {
        let value = serde_json::from_slice(&request.body).unwrap();
        validate(&format!("{id}: body"), &content["schema"], &value, true);
    } else {
        let text = String::from_utf8_lossy(&request.body);
        let schema = resolve(&content["schema"]);
        for name in schema["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap();
            // An object is sent as one part for each property.
            let is_present = [format!("name=\"{name}\""), format!("name=\"{name}[")]
                .iter()
                .any(|part| text.contains(part));
            assert!(is_present, "{id}: no part `{name}`");
        }
    }
}

/// Validates a value against a schema. `closed` rejects properties that the schema does not list, because the API ignores
/// them.
fn validate(what: &str, schema: &Value, value: &Value, closed: bool) {
    let mut schema = as_json_schema(schema);
    if closed {
        close(&mut schema);
    }
    let components = as_json_schema(&DESCRIPTION["components"]);
    let document = json!({"allOf": [schema], "components": components});
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft4).build(&document).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} at `{}`", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what} is not as described: {}\n{value:#}", errors.join("; "));
}

/// Converts an OpenAPI 3.0 schema to JSON Schema, where null is a type.
fn as_json_schema(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(as_json_schema).collect(),
        Value::Object(object) => {
            let mut new: Map<String, Value> =
                object.iter().map(|(key, value)| (key.clone(), as_json_schema(value))).collect();
            if object.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(kind) = new.get("type").filter(|kind| kind.is_string()).cloned() {
                    new.insert("type".into(), json!([kind, "null"]));
                }
                if let Some(Value::Array(values)) = new.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            Value::Object(new)
        }
        other => other.clone(),
    }
}

/// Disallows unlisted properties, except in combined schemas.
fn close(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(close);
        object.entry("additionalProperties").or_insert(false.into());
    }
    if let Some(items) = object.get_mut("items") {
        close(items);
    }
}

/// Returns a success response of an operation, generated from its examples and schema.
pub fn answer(id: &str) -> Response {
    let described = described(id);
    let responses = described.operation["responses"].as_object().unwrap();
    let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
    let status: u16 = status.parse().unwrap();
    let Some(content) = resolve(response).get("content").and_then(Value::as_object) else {
        return Response::Whole(status, Vec::new(), String::new());
    };
    let (media, content) = content.iter().next().unwrap();
    if media != "application/json" {
        return Response::Whole(status, vec![("content-type", media.clone())], "a,b\n1,2\n".into());
    }
    let body = content.get("example").cloned().unwrap_or_else(|| sample(&content["schema"], "", 0));
    Response::json(status, &body.to_string())
}

/// Returns the documented error statuses of an operation.
pub fn failures(id: &str) -> Vec<u16> {
    let responses = described(id).operation["responses"].as_object().unwrap();
    responses.keys().filter(|status| !status.starts_with('2')).map(|status| status.parse().unwrap()).collect()
}

/// Returns the operations with JSON responses, each with schema and example of its success.
pub fn json_successes() -> impl Iterator<Item = (&'static str, &'static Value, Option<&'static Value>)> {
    operations().filter_map(|described| {
        let responses = described.operation["responses"].as_object()?;
        let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
        let content = resolve(response).get("content")?.get("application/json")?;
        let schema =
            content.get("schema").filter(|schema| schema.as_object().is_some_and(|it| !it.is_empty()))?;
        Some((described.operation["operationId"].as_str()?, schema, content.get("example")))
    })
}

/// Returns a request body of an operation, generated from its schema.
pub fn request(id: &str) -> Value {
    let body = resolve(&described(id).operation["requestBody"]);
    let content = &body["content"]["application/json"];
    content.get("example").cloned().unwrap_or_else(|| sample(&content["schema"], "", 0))
}

/// Returns a value that matches a schema: its example if it has one.
pub fn sample(schema: &'static Value, name: &str, depth: usize) -> Value {
    let schema = resolve(schema);
    if let Some(example) = schema.get("example").filter(|example| !example.is_null()) {
        return example.clone();
    }
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    if depth > 6 {
        return Value::Null;
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            match sample(part, name, depth + 1) {
                Value::Object(part) => whole.extend(part),
                other => return other,
            }
        }
        return Value::Object(whole);
    }
    if let Some(first) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.get(0)) {
        return sample(first, name, depth + 1);
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("date-time")) => "2026-02-03T15:55:04.000000Z".into(),
        (Some("string"), Some("date")) => "2026-02-03".into(),
        (Some("string"), Some("email")) => "jane@example.com".into(),
        (Some("string"), Some("uri")) => "https://example.com/hook".into(),
        (Some("string"), Some("uuid")) => UUID.into(),
        (Some("string"), _) if name == "uuid" || name.ends_with("_uuid") => UUID.into(),
        (Some("string"), _) => format!("a {name}").into(),
        (Some("integer"), _) => 7.into(),
        (Some("number"), _) => json!(1.5),
        (Some("boolean"), _) => true.into(),
        (Some("array"), _) => match schema.get("items") {
            Some(items) => json!([sample(items, name, depth + 1)]),
            None => json!([]),
        },
        _ => {
            let mut object = Map::new();
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                object.insert(name.clone(), sample(property, name, depth + 1));
            }
            if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
                object.insert(UUID.into(), sample(values, name, depth + 1));
            }
            Value::Object(object)
        }
    }
}

/// Id in generated responses.
pub const UUID: &str = "02dcb6ac-9b15-49f6-8882-fbca91e986ab";

#[cfg(test)]
mod tests {
    use super::*;

    fn request_of(method: &str, target: &str, body: &str) -> ReceivedRequest {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        ReceivedRequest { method: method.into(), target: target.into(), headers, body: body.into() }
    }

    fn failure(id: &'static str, request: ReceivedRequest) -> String {
        let panic = std::panic::catch_unwind(move || check(id, &request)).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn rejects_requests_that_do_not_match_the_description() {
        let sort = "/leads/api/companies?filter%5Bq%5D=x&order_field=name&order_type=asc";
        check("listCompanies", &request_of("GET", sort, ""));
        check("createTag", &request_of("POST", "/leads/api/tags", r#"{"name": "Hot"}"#));
        check("updateLead", &request_of("PUT", "/leads/api/leads/c", r#"{"headline": null}"#));
        for (id, request, expected) in [
            ("createTag", request_of("PUT", "/leads/api/tags", "{}"), "method"),
            ("getTeam", request_of("GET", "/id/api/teams", ""), "is not /id/api/teams/{id}"),
            ("getLead", request_of("GET", "/leads/api/leads/", ""), "is not /leads"),
            ("getCompany", request_of("GET", "/leads/api/companies/list", ""), "of another operation"),
            ("listTags", request_of("GET", "/leads/api/tags?limit=5", ""), "no parameter `limit`"),
            ("listCompanies", request_of("GET", "/leads/api/companies?name=x", ""), "no parameter `name`"),
            ("listCompanies", request_of("GET", "/leads/api/companies?filter%5Bx%5D=1", ""), "no field `x`"),
            ("listCompanies", request_of("GET", "/leads/api/companies?limit=x", ""), "not as described"),
            ("listActivities", request_of("GET", "/leads/api/activities", ""), "`filter` is missing"),
            ("createTag", request_of("POST", "/leads/api/tags", ""), "needs a body"),
            ("createTag", request_of("POST", "/leads/api/tags", "{}"), "required"),
            ("createTag", request_of("POST", "/leads/api/tags", r#"{"name": null}"#), "not of type"),
            ("createTag", request_of("POST", "/leads/api/tags", r#"{"name": "x", "shade": "y"}"#), "shade"),
            ("deleteTag", request_of("DELETE", "/leads/api/tags/t", "{}"), "takes no body"),
            ("addLeadToBlacklist", request_of("POST", "/leads/api/leads-blacklist", "{}"), "anyOf"),
        ] {
            let failure = failure(id, request);
            assert!(failure.contains(expected), "{expected}: {failure}");
        }
    }

    #[test]
    fn generates_a_response_for_every_operation() {
        ids().for_each(|id| drop(answer(id)));
    }
}
