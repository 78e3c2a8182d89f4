//! Validation of requests: path, query, body, in this order.

use jsonschema::error::{TypeKind, ValidationErrorKind as ErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::{Map, Value};

use super::description::{BodySchema, PartSchema, documented, resolved};
use crate::call::Parameters;
use crate::generated::Operation;
use crate::record::Record;
use crate::rejection::{FieldErrors, Rejection, RequestPart};

/// Parts of a request that are validated.
pub(crate) struct RequestParts<'a> {
    pub(crate) parameters: &'a Parameters,
    /// Values are texts.
    pub(crate) query: &'a Record,
    pub(crate) content_type: Option<&'a str>,
    pub(crate) body: SentBody<'a>,
}

/// Body of a request.
pub(crate) enum SentBody<'a> {
    /// A body that is not a form.
    Bytes(&'a [u8]),
    /// Fields of a form, and the field names of its files.
    Form(&'a Record, Vec<&'a str>),
}

/// Validates a request.
///
/// # Errors
/// 422 with every invalid field of the first invalid part: path, then query, then body. 400 for a body that is not
/// JSON, 415 for another content type.
pub(crate) fn validate(operation: &Operation, brought: &RequestParts<'_>) -> Result<(), Rejection> {
    let Some(schemas) = documented(operation.id) else { return Ok(()) };
    if let Some(path) = &schemas.path {
        let given =
            brought.parameters.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
        check(path, &read(&Value::Object(given.collect()), &path.schema), RequestPart::Path)?;
    }
    if let Some(query) = &schemas.query {
        check(query, &read(&Value::Object(brought.query.clone()), &query.schema), RequestPart::Query)?;
    }
    match &schemas.body {
        Some(body) => check_body(body, brought),
        None => Ok(()),
    }
}

/// Adds the documented defaults of missing properties.
pub(crate) fn add_defaults(operation: &Operation, query: &mut Record, body: &mut Record) {
    let Some(schemas) = documented(operation.id) else { return };
    let parts = [(schemas.query.as_ref(), query), (schemas.body.as_ref().map(|it| &it.schema), body)];
    for (part, given) in parts {
        let properties = part.and_then(|part| resolved(&part.schema).get("properties")?.as_object());
        for (name, schema) in properties.into_iter().flatten() {
            if let (false, Some(default)) = (given.contains_key(name), schema.get("default")) {
                given.insert(name.clone(), default.clone());
            }
        }
    }
}

fn check_body(schemas: &'static BodySchema, brought: &RequestParts<'_>) -> Result<(), Rejection> {
    let is_form = schemas.media.starts_with("multipart/");
    let value = match &brought.body {
        SentBody::Form(fields, files) if is_form => {
            let files = files.iter().map(|name| ((*name).to_owned(), Value::from("")));
            Value::Object((*fields).clone().into_iter().chain(files).collect())
        }
        SentBody::Bytes(bytes) if !is_form => {
            let is_json = |kind: &str| kind.to_ascii_lowercase().contains("json");
            if bytes.iter().all(u8::is_ascii_whitespace) {
                let mut errors = FieldErrors::default();
                if schemas.required {
                    errors.add_at("", "The body is required.");
                }
                return errors.finish();
            }
            if brought.content_type.is_some_and(|kind| !is_json(kind)) {
                return Err(Rejection::unsupported_media(&schemas.media));
            }
            serde_json::from_slice(bytes)
                .map_err(|error| Rejection::bad_request(format!("The body is not JSON: {error}.")))?
        }
        _ => return Err(Rejection::unsupported_media(&schemas.media)),
    };
    check(&schemas.schema, &value, RequestPart::Body)
}

fn check(schema: &PartSchema, value: &Value, part: RequestPart) -> Result<(), Rejection> {
    let Some(validator) = schema.validator() else { return Ok(()) };
    let mut errors = FieldErrors::default();
    for error in validator.iter_errors(value) {
        add_error(&error, &mut errors);
    }
    errors.finish().map_err(|rejection| Rejection { part: Some(part), ..rejection })
}

/// Adds the message for an error, in the words of the operations' own messages.
fn add_error(error: &ValidationError<'_>, errors: &mut FieldErrors) {
    let pointer = error.instance_path().as_str();
    if let ErrorKind::Required { property } = error.kind() {
        let pointer = within(pointer, property.as_str().unwrap_or_default());
        let name = FieldErrors::name(&pointer);
        return errors.add_at(&pointer, format!("The {name} field is required."));
    }
    if let ErrorKind::AnyOf { context } = error.kind()
        && let Some(groups) = required_groups(context)
    {
        let first = groups.first().and_then(|group| group.first()).copied().unwrap_or_default();
        let groups: Vec<String> = groups.iter().map(|group| group.join(" and ")).collect();
        return errors.add_at(&within(pointer, first), format!("Give one of these: {}.", groups.join("; ")));
    }
    let name = FieldErrors::name(pointer);
    let words = |options: &Value| {
        let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
        let words =
            options.iter().map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned));
        words.collect::<Vec<_>>().join(", ")
    };
    let message = match error.kind() {
        ErrorKind::Type { kind } => format!("The {name} must be {}.", kinds(kind)),
        ErrorKind::Enum { options } => format!("The {name} must be one of {}.", words(options)),
        ErrorKind::Format { format } => format!("The {name} must look like {}.", form(format)),
        ErrorKind::Minimum { limit } => format!("The {name} must be at least {limit}."),
        ErrorKind::Maximum { limit } => format!("The {name} must be at most {limit}."),
        ErrorKind::MinItems { limit } => format!("The {name} must have at least {limit} items."),
        ErrorKind::MaxItems { limit } => format!("The {name} must have at most {limit} items."),
        ErrorKind::AnyOf { .. } => format!("The {name} matches none of the allowed schemas."),
        // Keywords that later descriptions may use.
        _ => format!("The {name} is not as described: {}.", error.masked()),
    };
    errors.add_at(pointer, message);
}

fn kinds(kind: &TypeKind) -> String {
    let word = |kind: JsonType| match kind {
        JsonType::String => "a string",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::Boolean => "true or false",
        JsonType::Array => "an array",
        JsonType::Object => "an object",
        JsonType::Null => "null",
    };
    match kind {
        TypeKind::Single(kind) => word(*kind).to_owned(),
        TypeKind::Multiple(kinds) => {
            let mut kinds: Vec<JsonType> = kinds.iter().collect();
            kinds.sort_by_key(|kind| *kind == JsonType::Null);
            kinds.into_iter().map(word).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn form(format: &str) -> &str {
    match format {
        "date-time" => "2026-02-03T15:55:04Z",
        "date" => "2026-02-03",
        "email" => "an email address",
        "uri" => "a URL",
        "uuid" => "a UUID",
        other => other,
    }
}

/// Returns the missing fields of each alternative, if nothing else is invalid.
fn required_groups<'a>(context: &'a [Vec<ValidationError<'static>>]) -> Option<Vec<Vec<&'a str>>> {
    let group = |errors: &'a Vec<ValidationError<'static>>| {
        let names: Option<Vec<&str>> = errors
            .iter()
            .map(|error| match error.kind() {
                ErrorKind::Required { property } => property.as_str(),
                _ => None,
            })
            .collect();
        names.filter(|names| !names.is_empty())
    };
    context.iter().map(group).collect()
}

fn within(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Converts texts of a query or path by their schema: numbers and booleans, if possible.
fn read(value: &Value, schema: &'static Value) -> Value {
    let schema = resolved(schema);
    match value {
        Value::String(text) => {
            let kind = schema.get("type").and_then(Value::as_str);
            let read = match kind {
                Some("integer") => text.parse::<i64>().ok().map(Value::from),
                Some("number") => text.parse::<f64>().ok().map(Value::from),
                Some("boolean") => match text.as_str() {
                    "true" | "1" => Some(true.into()),
                    "false" | "0" => Some(false.into()),
                    _ => None,
                },
                _ => None,
            };
            read.unwrap_or_else(|| value.clone())
        }
        Value::Object(fields) => {
            let inner = |name: &String, value: &Value| {
                let of_name = schema.get("properties").and_then(|properties| properties.get(name));
                let schema = of_name.or_else(|| schema.get("additionalProperties"));
                schema.map_or_else(|| value.clone(), |schema| read(value, schema))
            };
            Value::Object(
                fields.iter().map(|(name, value)| (name.clone(), inner(name, value))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => match schema.get("items") {
            Some(schema) => items.iter().map(|item| read(item, schema)).collect(),
            None => value.clone(),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::generated::OPERATIONS;

    fn operation(id: &str) -> &'static Operation {
        OPERATIONS.iter().find(|operation| operation.id == id).unwrap()
    }

    /// Validates a body.
    fn of_body(id: &str, body: &Value) -> Result<(), Rejection> {
        of_bytes(id, Some("application/json"), body.to_string().as_bytes())
    }

    fn of_bytes(id: &str, content_type: Option<&str>, bytes: &[u8]) -> Result<(), Rejection> {
        let parameters = vec![("uuid", "u".to_owned()), ("id", "7".to_owned()), ("flowUuid", "f".to_owned())];
        let brought = RequestParts {
            parameters: &parameters,
            query: &Record::new(),
            content_type,
            body: SentBody::Bytes(bytes),
        };
        validate(operation(id), &brought)
    }

    fn of_query(id: &str, query: &str) -> Result<(), Rejection> {
        let query = crate::http::parse_query(query);
        let brought = RequestParts {
            parameters: &Vec::new(),
            query: &query,
            content_type: None,
            body: SentBody::Bytes(b""),
        };
        validate(operation(id), &brought)
    }

    fn errors_of(outcome: Result<(), Rejection>) -> Vec<String> {
        let rejection = outcome.unwrap_err();
        assert_eq!(rejection.status, 422);
        rejection.fields.each().map(|error| format!("{} {}", error.pointer, error.message)).collect()
    }

    #[test]
    fn rejects_body_with_each_invalid_field() {
        for (id, body, expected) in [
            ("createTag", json!({}), vec!["/name The name field is required."]),
            ("createTag", json!({"name": 1}), vec!["/name The name must be a string."]),
            ("createTag", json!([]), vec![" The body must be an object."]),
            ("updateLead", json!({"headline": 7}), vec!["/headline The headline must be a string or null."]),
            ("updateLead", json!({"email": "x"}), vec!["/email The email must look like an email address."]),
            (
                "createPipelineStage",
                json!({"name": "x", "object": "deal", "category": "cold", "order": "1"}),
                vec![
                    "/object The object must be one of lead, company.",
                    "/order The order must be an integer.",
                ],
            ),
            (
                "createLeads",
                json!({"list_uuid": "l", "leads": [{}, {"linkedin_id": 7}, 8]}),
                vec![
                    "/leads/1/linkedin_id The leads.1.linkedin_id must be a string.",
                    "/leads/2 The leads.2 must be an object.",
                ],
            ),
            (
                "findOneContact",
                json!({}),
                vec!["/linkedin_id Give one of these: linkedin_id; email; name and company_name."],
            ),
            ("searchContacts", json!({"limit": 0}), vec!["/limit The limit must be at least 1."]),
            (
                "createFlowVersion",
                json!({"nodes": [{"id": 1, "type": "end", "before": [{"node_id": 1}]}], "contact_sources": []}),
                vec![
                    "/contact_sources The contact_sources must have at least 1 items.",
                    "/nodes/0/after The nodes.0.after field is required.",
                    "/nodes/0/before/0/branch_id The nodes.0.before.0.branch_id field is required.",
                ],
            ),
            (
                "updateAiAgent",
                json!({"classification_llm_uuid": "x"}),
                vec!["/classification_llm_uuid The classification_llm_uuid must look like a UUID."],
            ),
        ] {
            let mut found = errors_of(of_body(id, &body));
            found.sort();
            assert_eq!(found, expected, "{id}");
        }
        assert!(of_body("createTag", &json!({"name": "x", "more": [1]})).is_ok());
        assert!(of_body("updateLead", &json!({"headline": null})).is_ok());
        assert!(of_body("findOneContact", &json!({"email": null})).is_ok());
    }

    #[test]
    fn converts_query_before_validation() {
        assert!(of_query("listEmails", "limit=5&offset=0&filter[status]=sent&filter[type][]=inbox").is_ok());
        assert!(
            of_query("listTasks", "filter[executed_at][%3E=]=2026-02-01&filter[flow_uuid]=is_null").is_ok()
        );
        assert!(
            of_query("listTasks", "status=closed&limits=x").is_ok(),
            "undocumented parameters are ignored"
        );
        for (id, query, expected) in [
            ("listTasks", "limit=many", "/limit The limit must be an integer."),
            ("listTasks", "limit=", "/limit The limit must be an integer."),
            ("listTasks", "order_type=up", "/order_type The order_type must be one of asc, desc."),
            ("listTasks", "filter=x", "/filter The filter must be an object."),
            ("listActivities", "", "/filter The filter field is required."),
            (
                "getTasksSchedule",
                "sender_profile_uuid=x&date=noon",
                "/date The date must look like 2026-02-03.",
            ),
        ] {
            assert_eq!(errors_of(of_query(id, query)), [expected], "{id}?{query}");
        }
        let path = vec![("id", "me".to_owned())];
        let brought = RequestParts {
            parameters: &path,
            query: &Record::new(),
            content_type: None,
            body: SentBody::Bytes(b""),
        };
        let rejection = validate(operation("getTeam"), &brought).unwrap_err();
        assert_eq!(rejection.part, Some(RequestPart::Path));
        assert_eq!(errors_of(Err(rejection)), ["/id The id must be an integer."]);
    }

    #[test]
    fn rejects_other_content_types() {
        let status =
            |outcome: Result<(), Rejection>| outcome.map_or_else(|rejection| rejection.status, |()| 200);
        assert_eq!(status(of_bytes("createTag", None, b"{\"name\": \"x\"}")), 200);
        assert_eq!(
            status(of_bytes("createTag", Some("application/json; charset=utf-8"), b"{\"name\": \"x\"}")),
            200
        );
        assert_eq!(status(of_bytes("createTag", Some("text/plain"), b"{}")), 415);
        assert_eq!(status(of_bytes("createTag", None, b" ")), 422);
        assert_eq!(status(of_bytes("createTag", None, b"{")), 400);
        assert_eq!(status(of_bytes("deleteMailbox", None, b"")), 200);
        assert_eq!(status(of_bytes("uploadCsvFile", None, b"{}")), 415);
        let form = |id: &str, files: Vec<&str>| {
            let fields = Record::from_iter([("type".to_owned(), json!("csv_leads"))]);
            let body = SentBody::Form(&fields, files);
            let brought =
                RequestParts { parameters: &Vec::new(), query: &Record::new(), content_type: None, body };
            status(validate(operation(id), &brought))
        };
        assert_eq!(form("uploadCsvFile", vec!["file"]), 200);
        assert_eq!(form("uploadCsvFile", vec!["attachment"]), 422);
        assert_eq!(form("createTag", vec![]), 415);
    }

    #[test]
    fn adds_documented_defaults() {
        let mut body = Record::from_iter([("status".to_owned(), json!("off"))]);
        add_defaults(operation("createWebhook"), &mut Record::new(), &mut body);
        assert_eq!(Value::Object(body), json!({"status": "off", "request_method": "POST"}));
        let (mut query, mut body) = (crate::http::parse_query("limit=5"), Record::new());
        add_defaults(operation("listLists"), &mut query, &mut body);
        assert!(body.is_empty());
        let expected = json!({"limit": "5", "offset": 0, "order_field": "created_at", "order_type": "asc"});
        assert_eq!(Value::Object(query), expected);
    }
}
