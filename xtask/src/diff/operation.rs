//! Compares two operations: parameters, bodies and responses.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    change::{Changes, Location, Owner},
    rules::{ChangeKind, Direction},
    schema::{Schemas, label, same_response},
    view::follow,
};
use crate::tree::{self, OpName};

/// An operation of a document.
pub struct OperationView<'a> {
    /// Its method, path and id.
    pub name: OpName,
    /// Its definition.
    pub map: &'a Map<String, Value>,
    /// Its own parameters and those of its path.
    parameters: Vec<Parameter<'a>>,
}

#[derive(Clone)]
struct Parameter<'a> {
    /// `query`, `path`, `header` or `cookie`.
    at: String,
    name: String,
    /// The component, if it is a reference.
    component: Option<&'a str>,
    value: &'a Value,
}

/// The name of a referenced component.
fn component<'a>(node: &'a Value, section: &str) -> Option<&'a str> {
    node.get("$ref")?.as_str()?.strip_prefix("#/components/")?.strip_prefix(section)?.strip_prefix('/')
}

/// The location of a component that both sides refer to, or `here`.
fn place_of(section: &'static str, old: Option<&str>, new: Option<&str>, here: Location) -> Location {
    match (old, new) {
        (Some(old), Some(new)) if old == new => Location::of(Owner::Shared(section, new.to_owned())),
        _ => here,
    }
}

impl<'a> OperationView<'a> {
    /// All operations of a document, in order.
    pub fn all(doc: &'a Value) -> Vec<Self> {
        tree::operations(doc)
            .into_iter()
            .filter_map(|name| {
                let map = tree::operation(doc, &name)?;
                let shared = doc.get("paths")?.get(&name.path)?.get("parameters");
                let lists = [shared, map.get("parameters")];
                let mut parameters: Vec<Parameter<'a>> = Vec::new();
                for node in lists.into_iter().flatten().filter_map(Value::as_array).flatten() {
                    let value = follow(doc, node);
                    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
                    let component = component(node, "parameters");
                    let parameter = Parameter { at: text("in"), name: text("name"), component, value };
                    // An operation's parameter overrides the parameter of the path.
                    parameters.retain(|known| (&known.at, &known.name) != (&parameter.at, &parameter.name));
                    parameters.push(parameter);
                }
                Some(Self { name, map, parameters })
            })
            .collect()
    }

    /// The id, or method and path without one.
    pub fn label(&self) -> String {
        self.name
            .id
            .clone()
            .unwrap_or_else(|| format!("{} {}", self.name.method.to_uppercase(), self.name.path))
    }

    /// Method and path, without the names of the variables.
    pub fn route(&self) -> (String, String) {
        let path: Vec<&str> =
            self.name.path.split('/').map(|step| if step.starts_with('{') { "{}" } else { step }).collect();
        (self.name.method.clone(), path.join("/"))
    }

    /// The names of the path variables, in order.
    fn variables(&self) -> Vec<String> {
        self.name
            .path
            .split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
            .collect()
    }

    fn text(&self, key: &str) -> Option<String> {
        self.map.get(key).map(|value| match value {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        })
    }
}

/// Compares two operations.
pub fn compare<'a>(
    changes: &mut Changes,
    schemas: &mut Schemas<'a>,
    (old_doc, new_doc): (&'a Value, &'a Value),
    old: &OperationView<'a>,
    new: &OperationView<'a>,
) {
    let place = Location::of(Owner::Operation(new.label()));
    let mut note = |kind: ChangeKind, old: Option<String>, new: Option<String>| {
        changes.note(Direction::Request, kind, &place, old, new);
    };
    if old.name.id != new.name.id {
        note(ChangeKind::OperationRenamed, Some(old.label()), Some(new.label()));
    }
    if old.route() != new.route() {
        let say =
            |op: &OperationView<'_>| Some(format!("{} {}", op.name.method.to_uppercase(), op.name.path));
        note(ChangeKind::OperationMoved, say(old), say(new));
    }
    if old.text("tags") != new.text("tags") {
        note(ChangeKind::TagsChanged, old.text("tags"), new.text("tags"));
    }
    let deprecated = |op: &OperationView<'_>| op.map.get("deprecated") == Some(&Value::Bool(true));
    if deprecated(old) != deprecated(new) {
        let say = |deprecated: bool| Some(if deprecated { "deprecated" } else { "in use" }.to_owned());
        note(ChangeKind::DeprecationChanged, say(deprecated(old)), say(deprecated(new)));
    }
    if old.map.get("security") != new.map.get("security") {
        note(ChangeKind::SecurityChanged, old.text("security"), new.text("security"));
    }
    parameters(changes, schemas, &place, (old_doc, new_doc), old, new);
    body(changes, schemas, &place, (old_doc, new_doc), old, new);
    responses(changes, schemas, &place, (old_doc, new_doc), old, new);
}

fn parameters<'a>(
    changes: &mut Changes,
    schemas: &mut Schemas<'a>,
    place: &Location,
    (old_doc, new_doc): (&'a Value, &'a Value),
    old: &OperationView<'a>,
    new: &OperationView<'a>,
) {
    let request = Direction::Request;
    // Path variables are matched by position.
    let renamed: BTreeMap<String, String> = old
        .variables()
        .into_iter()
        .zip(new.variables())
        .filter(|(before, after)| before != after && old.route() == new.route())
        .collect();
    let mut left: Vec<&Parameter<'a>> = new.parameters.iter().collect();
    let mut lost: Vec<&Parameter<'a>> = Vec::new();
    for before in &old.parameters {
        let Parameter { at, name, .. } = before;
        let wanted = if at == "path" { renamed.get(name).unwrap_or(name) } else { name };
        let Some(index) = left.iter().position(|after| after.at == *at && after.name == *wanted) else {
            lost.push(before);
            continue;
        };
        let after = left.remove(index);
        let here = place.part(format!("{at} parameter {wanted}"));
        let here = place_of("parameters", before.component, after.component, here);
        if wanted != name {
            let names = (Some(name.clone()), Some(wanted.clone()));
            changes.note(request, ChangeKind::PathVariableRenamed, &here, names.0, names.1);
        }
        let (old_style, new_style) = (style(before.value), style(after.value));
        if old_style != new_style {
            changes.note(request, ChangeKind::ParameterStyleChanged, &here, Some(old_style), Some(new_style));
        }
        parameter_pair(changes, schemas, &here, before.value, after.value);
    }
    for before in lost {
        let Parameter { at, name, .. } = before;
        match left.iter().position(|after| after.name == *name) {
            Some(index) => {
                let after = left.remove(index);
                let here = place.part(format!("{} parameter {name}", after.at));
                let places = (Some(at.clone()), Some(after.at.clone()));
                changes.note(request, ChangeKind::ParameterMoved, &here, places.0, places.1);
                parameter_pair(changes, schemas, &here, before.value, after.value);
            }
            None => {
                let here = place.part(format!("{at} parameter {name}"));
                let what = before.value.get("schema").map(|schema| label(old_doc, schema));
                changes.note(request, ChangeKind::ParameterRemoved, &here, what, None);
            }
        }
    }
    for after in left {
        let here = place.part(format!("{} parameter {}", after.at, after.name));
        let required = after.value["required"] == true;
        let kind = if required { ChangeKind::RequiredParameterAdded } else { ChangeKind::ParameterAdded };
        let what = after.value.get("schema").map(|schema| label(new_doc, schema));
        changes.note(request, kind, &here, None, what);
    }
}

fn parameter_pair<'a>(
    changes: &mut Changes,
    schemas: &mut Schemas<'a>,
    here: &Location,
    before: &'a Value,
    after: &'a Value,
) {
    let request = Direction::Request;
    match (before["required"] == true, after["required"] == true) {
        (false, true) => changes.note(request, ChangeKind::ParameterRequired, here, None, None),
        (true, false) => changes.note(request, ChangeKind::ParameterOptional, here, None, None),
        _ => {}
    }
    let deprecated = |parameter: &Value| parameter["deprecated"] == true;
    if deprecated(before) != deprecated(after) {
        changes.note(request, ChangeKind::DeprecationChanged, here, None, None);
    }
    if let (Some(before), Some(after)) = (parameter_schema(before), parameter_schema(after)) {
        schemas.compare(changes, request, here, before, after);
    }
}

/// The serialization style, with the defaults of OpenAPI.
fn style(parameter: &Value) -> String {
    if let Some(media) = parameter["content"].as_object().and_then(|content| content.keys().next()) {
        return media.clone();
    }
    let default = match parameter["in"].as_str() {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = parameter["style"].as_str().unwrap_or(default);
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    format!("{style}{}", if explode { ", exploded" } else { "" })
}

fn parameter_schema(parameter: &Value) -> Option<&Value> {
    parameter.get("schema").or_else(|| parameter.get("content")?.as_object()?.values().next()?.get("schema"))
}

fn body<'a>(
    changes: &mut Changes,
    schemas: &mut Schemas<'a>,
    place: &Location,
    (old_doc, new_doc): (&'a Value, &'a Value),
    old: &OperationView<'a>,
    new: &OperationView<'a>,
) {
    let request = Direction::Request;
    let here = place.part("request body");
    let (old, new) = (old.map.get("requestBody"), new.map.get("requestBody"));
    let shared = |body: Option<&'a Value>| body.and_then(|body| component(body, "requestBodies"));
    let here = place_of("requestBodies", shared(old), shared(new), here);
    let required = |body: &Value| body["required"] == true;
    match (old.map(|body| follow(old_doc, body)), new.map(|body| follow(new_doc, body))) {
        (None, Some(new)) => {
            let kind = if required(new) { ChangeKind::RequiredBodyAdded } else { ChangeKind::BodyAdded };
            changes.note(request, kind, &here, None, None);
        }
        (Some(_), None) => changes.note(request, ChangeKind::BodyRemoved, &here, None, None),
        (Some(old), Some(new)) => {
            match (required(old), required(new)) {
                (false, true) => changes.note(request, ChangeKind::BodyRequired, &here, None, None),
                (true, false) => changes.note(request, ChangeKind::BodyOptional, &here, None, None),
                _ => {}
            }
            content(changes, schemas, request, &here, old, new);
        }
        (None, None) => {}
    }
}

fn content<'a>(
    changes: &mut Changes,
    schemas: &mut Schemas<'a>,
    direction: Direction,
    place: &Location,
    old: &'a Value,
    new: &'a Value,
) {
    static NOTHING: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    let (before, after) = (old["content"].as_object(), new["content"].as_object());
    let (before, after) = (before.unwrap_or(&NOTHING), after.unwrap_or(&NOTHING));
    if direction == Direction::Response && before.is_empty() != after.is_empty() {
        let kind =
            if before.is_empty() { ChangeKind::ResponseBodyAdded } else { ChangeKind::ResponseBodyRemoved };
        changes.note(direction, kind, place, None, None);
        return;
    }
    for (media, old) in before {
        let Some(new) = after.get(media) else {
            changes.note(direction, ChangeKind::MediaTypeRemoved, place, Some(media.clone()), None);
            continue;
        };
        if let (Some(old), Some(new)) = (old.get("schema"), new.get("schema")) {
            let here =
                if media == "application/json" { place.at(" ") } else { place.at(&format!(" ({media}) ")) };
            schemas.compare(changes, direction, &here, old, new);
        }
    }
    for media in after.keys().filter(|media| !before.contains_key(*media)) {
        changes.note(direction, ChangeKind::MediaTypeAdded, place, None, Some(media.clone()));
    }
}

fn responses<'a>(
    changes: &mut Changes,
    schemas: &mut Schemas<'a>,
    place: &Location,
    (old_doc, new_doc): (&'a Value, &'a Value),
    old: &OperationView<'a>,
    new: &OperationView<'a>,
) {
    let response = Direction::Response;
    let shared = |op: &OperationView<'a>, status: &str| -> Option<&'a str> {
        component(op.map.get("responses")?.get(status)?, "responses")
    };
    let collect = |doc: &'a Value, op: &OperationView<'a>| -> Vec<(&'a str, &'a Value)> {
        let responses = op.map.get("responses").and_then(Value::as_object);
        responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| !status.starts_with("x-"))
            .map(|(status, response)| (status.as_str(), follow(doc, response)))
            .collect()
    };
    let (before, after) = (collect(old_doc, old), collect(new_doc, new));
    let success = |status: &str| status.starts_with('2');
    let find = |list: &[(&'a str, &'a Value)], wanted: &str| {
        list.iter().find(|(status, _)| *status == wanted).map(|(_, response)| *response)
    };
    let mut removed: Vec<(&str, &'a Value)> =
        before.iter().filter(|(status, _)| find(&after, status).is_none()).copied().collect();
    let mut added: Vec<(&str, &'a Value)> =
        after.iter().filter(|(status, _)| find(&before, status).is_none()).copied().collect();
    let mut pairs: Vec<(&str, &'a Value, &'a Value)> =
        before.iter().filter_map(|(status, old)| Some((*status, *old, find(&after, status)?))).collect();
    // A removed and an added success response are the same one with another status.
    let lone = |list: &[(&str, &'a Value)]| {
        let found: Vec<usize> = (0..list.len()).filter(|index| success(list[*index].0)).collect();
        (found.len() == 1).then(|| found[0])
    };
    if let (Some(from), Some(to)) = (lone(&removed), lone(&added)) {
        let ((from, old), (to, new)) = (removed.remove(from), added.remove(to));
        let here = place.part(format!("response {to}"));
        let statuses = (Some(from.to_owned()), Some(to.to_owned()));
        changes.note(response, ChangeKind::SuccessStatusChanged, &here, statuses.0, statuses.1);
        pairs.push((to, old, new));
    }
    for (status, _) in removed {
        let kind = if success(status) { ChangeKind::SuccessRemoved } else { ChangeKind::ErrorRemoved };
        changes.note(response, kind, &place.part(format!("response {status}")), None, None);
    }
    for (status, new) in added {
        let known = |response: &'a Value| response.pointer("/content/application~1json/schema");
        let same_schema = || {
            before.iter().filter(|(status, _)| success(status)).any(|(_, old)| {
                match (known(old), known(new)) {
                    (Some(old), Some(new)) => same_response((old_doc, new_doc), old, new),
                    (None, None) => old.get("content").is_some() == new.get("content").is_some(),
                    _ => false,
                }
            })
        };
        let kind = match success(status) {
            false => ChangeKind::ErrorAdded,
            true if same_schema() => ChangeKind::SuccessAdded,
            true => ChangeKind::OtherSuccessAdded,
        };
        changes.note(response, kind, &place.part(format!("response {status}")), None, None);
    }
    for (status, before, after) in pairs {
        let here = place.part(format!("response {status}"));
        let here = place_of("responses", shared(old, status), shared(new, status), here);
        content(changes, schemas, response, &here, before, after);
        headers(changes, &here, before, after);
    }
}

fn headers(changes: &mut Changes, place: &Location, old: &Value, new: &Value) {
    let names = |response: &Value| -> Vec<String> {
        response["headers"].as_object().into_iter().flatten().map(|(name, _)| name.to_lowercase()).collect()
    };
    let (before, after) = (names(old), names(new));
    for name in before.iter().filter(|name| !after.contains(name)) {
        changes.note(Direction::Response, ChangeKind::HeaderRemoved, place, Some(name.clone()), None);
    }
    for name in after.iter().filter(|name| !before.contains(name)) {
        changes.note(Direction::Response, ChangeKind::HeaderAdded, place, None, Some(name.clone()));
    }
}
