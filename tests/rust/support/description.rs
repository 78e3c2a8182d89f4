//! What the API description says of a request that arrived, and the answer that it promises: `openapi/grinfi.yaml`, the
//! vendor's shape, without our corrections, and the operations of `openapi/undocumented.yaml` that have methods.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::fault_server::{Answer, Arrived};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let read = |file: &str| {
        let path = format!("{}/../openapi/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap().replace("grinfi.yaml#", "#")
    };
    let mut whole: Value = serde_saphyr::from_str(&read("grinfi.yaml")).unwrap();
    let undocumented: Value = serde_saphyr::from_str(&read("undocumented.yaml")).unwrap();
    for (path, methods) in undocumented["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // The others are reached by requests made by hand.
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

/// An operation of the description, with its path template and its method.
struct Described {
    path: &'static str,
    method: &'static str,
    operation: &'static Value,
}

/// Whether nobody has taken the operation up yet, which is recorded.
pub fn is_owed(id: &str) -> bool {
    include_str!("../../../openapi/unimplemented.txt").lines().any(|line| line == id)
}

/// The operations but for those that are owed.
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

/// The ids of these.
pub fn ids() -> impl Iterator<Item = &'static str> {
    operations().map(|described| described.operation["operationId"].as_str().unwrap())
}

fn described(id: &str) -> Described {
    operations()
        .find(|described| described.operation["operationId"] == id)
        .unwrap_or_else(|| panic!("`{id}` is not described"))
}

/// The thing that a `$ref` points at, or the thing itself.
pub fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => DESCRIPTION.pointer(&reference[1..]).unwrap(),
        None => value,
    }
}

/// Checks that a request is one of `id` as described: method, path, query, body. Tells what is wrong by a panic.
pub fn check(id: &str, request: &Arrived) {
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

/// Parameters that the description leaves out, each of which the overlay adds with its reason.
const SEEN: [(&str, &str); 1] = [("listActivities", "object")];

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
    for (name, value) in query.iter().filter(|(name, _)| !SEEN.contains(&(id, name.as_str()))) {
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
        let there = query.iter().any(|(is, _)| is == name);
        assert!(there || parameter["required"] != true, "{id}: `{name}` is missing in the query");
    }
}

fn check_body(id: &str, described: &Described, request: &Arrived) {
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
            // An object travels as one part for each of its properties.
            let there = [format!("name=\"{name}\""), format!("name=\"{name}[")]
                .iter()
                .any(|part| text.contains(part));
            assert!(there, "{id}: no part `{name}`");
        }
    }
}

/// Checks a value by a schema; `closed` refuses properties that the schema does not list, which the API drops without a
/// word.
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

/// A schema of OpenAPI 3.0 as one of JSON Schema: there, null is a type like any other.
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

/// Closes objects against unlisted properties, as far as no combination of schemas stands in the way.
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

/// The success that the description promises for an operation, made up from its examples.
pub fn answer(id: &str) -> Answer {
    let described = described(id);
    let responses = described.operation["responses"].as_object().unwrap();
    let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
    let status: u16 = status.parse().unwrap();
    let Some(content) = resolve(response).get("content").and_then(Value::as_object) else {
        return Answer::Whole(status, Vec::new(), String::new());
    };
    let (media, content) = content.iter().next().unwrap();
    if media != "application/json" {
        return Answer::Whole(status, vec![("content-type", media.clone())], "a,b\n1,2\n".into());
    }
    let body = content.get("example").cloned().unwrap_or_else(|| sample(&content["schema"], "", 0));
    Answer::json(status, &body.to_string())
}

/// The statuses of the failures that are documented for an operation.
pub fn failures(id: &str) -> Vec<u16> {
    let responses = described(id).operation["responses"].as_object().unwrap();
    responses.keys().filter(|status| !status.starts_with('2')).map(|status| status.parse().unwrap()).collect()
}

/// The operations that promise JSON, each with the schema of its success and the example that stands beside it.
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

/// A body that the operation takes, made up from its schema.
pub fn request(id: &str) -> Value {
    let body = resolve(&described(id).operation["requestBody"]);
    let content = &body["content"]["application/json"];
    content.get("example").cloned().unwrap_or_else(|| sample(&content["schema"], "", 0))
}

/// A value that fits a schema: its example where there is one.
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

/// The id that made-up answers carry.
pub const UUID: &str = "02dcb6ac-9b15-49f6-8882-fbca91e986ab";

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(method: &str, target: &str, body: &str) -> Arrived {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Arrived { method: method.into(), target: target.into(), headers, body: body.into() }
    }

    fn complaint(id: &'static str, request: Arrived) -> String {
        let panic = std::panic::catch_unwind(move || check(id, &request)).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn what_is_not_as_described_is_noticed() {
        let sort = "/leads/api/companies?filter%5Bq%5D=x&order_field=name&order_type=asc";
        check("listCompanies", &arrived("GET", sort, ""));
        check("createTag", &arrived("POST", "/leads/api/tags", r#"{"name": "Hot"}"#));
        check("updateLead", &arrived("PUT", "/leads/api/leads/c", r#"{"headline": null}"#));
        for (id, request, says) in [
            ("createTag", arrived("PUT", "/leads/api/tags", "{}"), "method"),
            ("getTeam", arrived("GET", "/id/api/teams", ""), "is not /id/api/teams/{id}"),
            ("getLead", arrived("GET", "/leads/api/leads/", ""), "is not /leads"),
            ("getCompany", arrived("GET", "/leads/api/companies/list", ""), "of another operation"),
            ("listTags", arrived("GET", "/leads/api/tags?limit=5", ""), "no parameter `limit`"),
            ("listCompanies", arrived("GET", "/leads/api/companies?name=x", ""), "no parameter `name`"),
            ("listCompanies", arrived("GET", "/leads/api/companies?filter%5Bx%5D=1", ""), "no field `x`"),
            ("listCompanies", arrived("GET", "/leads/api/companies?limit=x", ""), "not as described"),
            ("listActivities", arrived("GET", "/leads/api/activities", ""), "`filter` is missing"),
            ("createTag", arrived("POST", "/leads/api/tags", ""), "needs a body"),
            ("createTag", arrived("POST", "/leads/api/tags", "{}"), "required"),
            ("createTag", arrived("POST", "/leads/api/tags", r#"{"name": null}"#), "not of type"),
            ("createTag", arrived("POST", "/leads/api/tags", r#"{"name": "x", "colour": "y"}"#), "colour"),
            ("deleteTag", arrived("DELETE", "/leads/api/tags/t", "{}"), "takes no body"),
            ("addLeadToBlacklist", arrived("POST", "/leads/api/leads-blacklist", "{}"), "anyOf"),
        ] {
            let complaint = complaint(id, request);
            assert!(complaint.contains(says), "{says}: {complaint}");
        }
    }

    #[test]
    fn every_operation_has_an_answer() {
        ids().for_each(|id| drop(answer(id)));
    }
}
