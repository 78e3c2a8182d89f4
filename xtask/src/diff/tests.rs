//! Compares our description with edited copies of itself.

use std::{path::Path, sync::LazyLock};

use serde_json::json;

use super::*;
use crate::{generate, spec};

fn ours() -> Value {
    static OURS: LazyLock<Value> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        spec::read(&root.join(generate::DESCRIPTION)).unwrap().1
    });
    OURS.clone()
}

/// Edits and their changes, for one snapshot.
#[derive(Default)]
struct Table(String);

impl Table {
    fn add(&mut self, edit: &str, changes: String) {
        self.0.push_str(&format!("# {edit}\n{changes}\n"));
    }
}

/// The changes that an edit of our description causes, one per line.
fn changes(edit: impl FnOnce(&mut Value)) -> String {
    let old = ours();
    let mut new = old.clone();
    edit(&mut new);
    assert_ne!(old, new, "the edit must change the description");
    spec::validate(&new, Path::new("new.yaml")).unwrap();
    lines(&compare(&old, &new))
}

fn lines(diff: &Diff) -> String {
    let mut out = String::new();
    for change in &diff.changes {
        let judged: Vec<String> = change
            .judged
            .iter()
            .map(|judged| format!("{:?} in {:?}", judged.verdict, judged.direction).to_lowercase())
            .collect();
        // The list of all values of an enumeration is left out, because it grows with the description.
        let old = change.old.as_deref().filter(|_| change.kind != ChangeKind::EnumDropped);
        let arrow = match (old, &change.new) {
            (None, None) => String::new(),
            (old, new) => {
                format!(" [{} → {}]", old.unwrap_or(""), new.as_deref().unwrap_or(""))
            }
        };
        out.push_str(&format!("{}: {}{arrow}: {}\n", change.place, change.kind.words(), judged.join(", ")));
    }
    if out.is_empty() {
        out.push_str("nothing\n");
    }
    out
}

fn op<'a>(doc: &'a mut Value, id: &str) -> &'a mut Value {
    let name = crate::tree::operations(doc).into_iter().find(|op| op.id.as_deref() == Some(id)).unwrap();
    doc.pointer_mut(&name.pointer()).unwrap()
}

fn schema<'a>(doc: &'a mut Value, name: &str) -> &'a mut Value {
    doc.pointer_mut(&format!("/components/schemas/{name}")).unwrap()
}

fn at<'a>(doc: &'a mut Value, pointer: &str) -> &'a mut Value {
    doc.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

fn list<'a>(doc: &'a mut Value, pointer: &str) -> &'a mut Vec<Value> {
    at(doc, pointer).as_array_mut().unwrap()
}

fn take(value: &mut Value, key: &str) -> Value {
    value.as_object_mut().unwrap().shift_remove(key).unwrap_or_else(|| panic!("no {key} to take"))
}

/// Redirects every reference to `from` to `to`.
fn repoint(node: &mut Value, from: &str, to: &str) {
    match node {
        Value::Object(map) => {
            if map.get("$ref") == Some(&json!(from)) {
                map.insert("$ref".into(), json!(to));
            }
            map.values_mut().for_each(|child| repoint(child, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|child| repoint(child, from, to)),
        _ => {}
    }
}

const BODY: &str = "/requestBody/content/application~1json/schema";
const CREATED: &str = "/responses/201/content/application~1json/schema";

#[test]
fn equal_descriptions_have_no_changes() {
    let ours = ours();
    assert_eq!(lines(&compare(&ours, &ours)), "nothing\n");
}

#[test]
fn operations() {
    let mut table = Table::default();
    table.add(
        "operation added",
        changes(|doc| {
            let mut new = op(doc, "listTags").clone();
            new["operationId"] = json!("listTagColors");
            at(doc, "/paths")
                .as_object_mut()
                .unwrap()
                .insert("/leads/api/tags/colors".into(), json!({"get": new}));
        }),
    );
    table.add(
        "operation removed",
        changes(|doc| {
            take(at(doc, "/paths/~1leads~1api~1tags"), "get");
        }),
    );
    table.add("operation renamed", changes(|doc| op(doc, "listTags")["operationId"] = json!("getTags")));
    table.add(
        "operation moved",
        changes(|doc| {
            let moved = take(at(doc, "/paths/~1leads~1api~1tags"), "get");
            at(doc, "/paths")
                .as_object_mut()
                .unwrap()
                .insert("/leads/api/v2/tags".into(), json!({"get": moved}));
        }),
    );
    table.add(
        "method changed",
        changes(|doc| {
            let item = at(doc, "/paths/~1leads~1api~1tags");
            let moved = take(item, "post");
            item["put"] = moved;
        }),
    );
    table.add("tag moved", changes(|doc| op(doc, "listTags")["tags"] = json!(["Labels"])));
    table.add("deprecated", changes(|doc| op(doc, "listTags")["deprecated"] = json!(true)));
    table.add(
        "path variable renamed",
        changes(|doc| {
            let mut item = take(at(doc, "/paths"), "/id/api/teams/{id}");
            item["get"]["parameters"][0]["name"] = json!("teamId");
            at(doc, "/paths").as_object_mut().unwrap().insert("/id/api/teams/{teamId}".into(), item);
        }),
    );
    insta::assert_snapshot!(table.0);
}

#[test]
fn parameters_and_bodies() {
    let mut table = Table::default();
    let parameter = |required: bool| json!({"in": "query", "name": "color", "required": required, "schema": {"type": "string"}});
    table.add(
        "optional parameter added",
        changes(|doc| op(doc, "listTags")["parameters"] = json!([parameter(false)])),
    );
    table.add(
        "required parameter added",
        changes(|doc| op(doc, "listTags")["parameters"] = json!([parameter(true)])),
    );
    table.add(
        "parameter removed",
        changes(|doc| {
            list(op(doc, "listTeams"), "/parameters").pop().unwrap();
        }),
    );
    table.add(
        "parameter moved",
        changes(|doc| {
            list(op(doc, "listTeams"), "/parameters")[0] =
                json!({"in": "header", "name": "limit", "schema": {"type": "integer", "default": 20}});
        }),
    );
    table.add(
        "shared parameter made required",
        changes(|doc| {
            at(doc, "/components/parameters/limit")["required"] = json!(true);
        }),
    );
    table.add(
        "body removed",
        changes(|doc| {
            take(op(doc, "createTag"), "requestBody");
        }),
    );
    table.add(
        "body made optional",
        changes(|doc| {
            op(doc, "createTag")["requestBody"]["required"] = json!(false);
        }),
    );
    table.add(
        "media type exchanged",
        changes(|doc| {
            let content = at(op(doc, "createTag"), "/requestBody/content");
            let json = take(content, "application/json");
            content["application/x-www-form-urlencoded"] = json;
        }),
    );
    insta::assert_snapshot!(table.0);
}

#[test]
fn fields() {
    let mut table = Table::default();
    let text = || json!({"type": "string"});
    table
        .add("field added to a response", changes(|doc| schema(doc, "tag")["properties"]["origin"] = text()));
    table.add(
        "field added to a request",
        changes(|doc| {
            at(op(doc, "createTag"), BODY)["properties"]["origin"] = text();
        }),
    );
    table.add(
        "required field added to a request",
        changes(|doc| {
            let body = at(op(doc, "createTag"), BODY);
            body["properties"]["origin"] = text();
            list(body, "/required").push(json!("origin"));
        }),
    );
    table.add(
        "field removed from a response",
        changes(|doc| {
            take(&mut schema(doc, "tag")["properties"], "color");
        }),
    );
    table.add(
        "field removed from a request",
        changes(|doc| {
            take(&mut at(op(doc, "createTag"), BODY)["properties"], "color");
        }),
    );
    table.add(
        "field of both directions removed",
        changes(|doc| {
            let fields = &mut schema(doc, "schedule")["properties"];
            let first = fields.as_object().unwrap().keys().next().unwrap().clone();
            take(fields, &first);
        }),
    );
    table.add(
        "field retyped",
        changes(|doc| {
            schema(doc, "tag")["properties"]["team_id"]["type"] = json!("string");
        }),
    );
    table.add(
        "field widened",
        changes(|doc| {
            schema(doc, "tag")["properties"]["team_id"]["type"] = json!("number");
        }),
    );
    table.add(
        "format dropped",
        changes(|doc| {
            take(&mut schema(doc, "tag")["properties"]["created_at"], "format");
        }),
    );
    table
        .add("response field made required", changes(|doc| schema(doc, "tag")["required"] = json!(["name"])));
    table.add(
        "field of a request made required",
        changes(|doc| {
            list(at(op(doc, "createTag"), BODY), "/required").push(json!("color"));
        }),
    );
    table.add(
        "field of a request made optional",
        changes(|doc| {
            take(at(op(doc, "createTag"), BODY), "required");
        }),
    );
    table.add(
        "optional field made nullable",
        changes(|doc| {
            schema(doc, "tag")["properties"]["name"]["nullable"] = json!(true);
        }),
    );
    table.add(
        "null no longer allowed",
        changes(|doc| {
            schema(doc, "tag")["properties"]["color"]["nullable"] = json!(false);
        }),
    );
    table.add(
        "default added",
        changes(|doc| {
            at(op(doc, "createTag"), BODY)["properties"]["color"]["default"] = json!("#000000");
        }),
    );
    table.add(
        "bound tightened",
        changes(|doc| {
            at(op(doc, "createTag"), BODY)["properties"]["name"]["maxLength"] = json!(20);
        }),
    );
    insta::assert_snapshot!(table.0);
}

#[test]
fn enumerations() {
    let mut table = Table::default();
    let values = "/properties/category/enum";
    table.add(
        "enum value added",
        changes(|doc| list(schema(doc, "pipeline-stage"), values).push(json!("frozen"))),
    );
    table.add(
        "enum value removed",
        changes(|doc| {
            list(schema(doc, "pipeline-stage"), values).remove(0);
        }),
    );
    table.add(
        "enum value added to a request",
        changes(|doc| {
            list(at(op(doc, "leadsMassAction"), BODY), "/properties/type/enum").push(json!("contact_sing"));
        }),
    );
    table.add(
        "enum value removed from a request",
        changes(|doc| {
            list(at(op(doc, "leadsMassAction"), BODY), "/properties/type/enum").remove(0);
        }),
    );
    table.add(
        "enum dropped",
        changes(|doc| {
            take(&mut schema(doc, "pipeline-stage")["properties"]["category"], "enum");
        }),
    );
    insta::assert_snapshot!(table.0);
}

#[test]
fn responses() {
    let mut table = Table::default();
    table.add(
        "error added",
        changes(|doc| {
            at(op(doc, "createTag"), "/responses")["409"] = json!({"description": "Conflict"});
        }),
    );
    table.add(
        "success of the known shape added",
        changes(|doc| {
            let responses = at(op(doc, "createTag"), "/responses");
            responses["200"] = responses["201"].clone();
        }),
    );
    table.add(
        "success of another shape added",
        changes(|doc| {
            at(op(doc, "createTag"), "/responses")["202"] = json!({"description": "Accepted", "content":
            {"application/json": {"schema": {"type": "object", "properties": {"job": {"type": "string"}}}}}});
        }),
    );
    table.add(
        "status of the success changed",
        changes(|doc| {
            let responses = at(op(doc, "createTag"), "/responses");
            let created = take(responses, "201");
            responses["200"] = created;
        }),
    );
    table.add(
        "response body removed",
        changes(|doc| {
            take(at(op(doc, "createTag"), "/responses/201"), "content");
        }),
    );
    table.add(
        "header added",
        changes(|doc| {
            at(op(doc, "createTag"), "/responses/201")["headers"] =
                json!({"Location": {"schema": {"type": "string"}}});
        }),
    );
    insta::assert_snapshot!(table.0);
}

#[test]
fn moving_a_schema_is_not_a_change() {
    let mut table = Table::default();
    table.add(
        "component renamed",
        changes(|doc| {
            let tag = take(at(doc, "/components/schemas"), "tag");
            at(doc, "/components/schemas")["label"] = tag;
            repoint(doc, "#/components/schemas/tag", "#/components/schemas/label");
        }),
    );
    table.add(
        "component renamed and a field removed",
        changes(|doc| {
            let mut tag = take(at(doc, "/components/schemas"), "tag");
            take(&mut tag["properties"], "color");
            at(doc, "/components/schemas")["label"] = tag;
            repoint(doc, "#/components/schemas/tag", "#/components/schemas/label");
        }),
    );
    table.add(
        "inline schema made a component",
        changes(|doc| {
            let body = at(op(doc, "createTag"), BODY).take();
            *at(op(doc, "createTag"), BODY) = json!({"$ref": "#/components/schemas/create-tag"});
            at(doc, "/components/schemas")["create-tag"] = body;
        }),
    );
    table.add(
        "component inlined",
        changes(|doc| {
            let tag = schema(doc, "tag").clone();
            *at(op(doc, "createTag"), CREATED) = tag;
        }),
    );
    table.add(
        "schema composed by allOf",
        changes(|doc| {
            let body = at(op(doc, "createTag"), BODY);
            let color = take(&mut body["properties"], "color");
            let rest = body.take();
            *body = json!({"allOf": [rest, {"properties": {"color": color}}]});
        }),
    );
    table.add(
        "another component of the same structure",
        changes(|doc| {
            let tag = schema(doc, "tag").clone();
            at(doc, "/components/schemas")["fresh-tag"] = tag;
            at(op(doc, "createTag"), CREATED)["$ref"] = json!("#/components/schemas/fresh-tag");
        }),
    );
    table.add(
        "another component altogether",
        changes(|doc| {
            at(op(doc, "createTag"), CREATED)["$ref"] = json!("#/components/schemas/list");
        }),
    );
    insta::assert_snapshot!(table.0);
}

#[test]
fn alternatives() {
    let shape = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let mut old = ours();
    *at(op(&mut old, "createTag"), BODY) = json!({"oneOf": [shape("tag"), shape("list")]});
    *at(op(&mut old, "createTag"), CREATED) = json!({"oneOf": [shape("tag"), shape("list")]});
    let mut new = old.clone();
    *at(op(&mut new, "createTag"), BODY) = json!({"oneOf": [shape("tag"), shape("note")]});
    *at(op(&mut new, "createTag"), CREATED) = json!({"oneOf": [shape("tag"), shape("list"), shape("note")], "discriminator": {"propertyName": "uuid"}});
    insta::assert_snapshot!("alternatives", lines(&compare(&old, &new)));
}

#[test]
fn document() {
    let mut table = Table::default();
    table.add("server changed", changes(|doc| doc["servers"][0]["url"] = json!("https://api.example.com")));
    table.add(
        "security changed",
        changes(|doc| doc["security"] = json!([{"bearerAuth": []}, {"cookie": []}])),
    );
    insta::assert_snapshot!(table.0);
}

#[test]
fn prose_is_counted_separately() {
    let mut old = ours();
    schema(&mut old, "tag")["properties"]["created_at"] = json!({"type": "string", "format": "date-time"});
    let mut new = old.clone();
    op(&mut new, "listTags")["summary"] = json!("Tags");
    schema(&mut new, "tag")["properties"]["created_at"]["description"] = json!("When.");
    let diff = compare(&old, &new);
    assert!(diff.changes.is_empty());
    assert_eq!(diff.prose, prose::ProseChanges { changed: 1, added: 1, removed: 0 });
}

#[test]
fn recursive_schema_is_compared_once() {
    let tree = |of: &str| {
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "x", "responses": {"200": {"description": "d", "content":
                {"application/json": {"schema": {"$ref": format!("#/components/schemas/{of}")}}}}}}}},
            "components": {"schemas": {
                (of): {"type": "object", "properties": {
                    "children": {"type": "array", "items": {"$ref": format!("#/components/schemas/{of}")}},
                    "self": {"allOf": [{"$ref": format!("#/components/schemas/{of}")}, {"properties": {"extra": {}}}]},
                    "value": {"type": if of == "node" {"string"} else {"integer"}}}}}}})
    };
    insta::assert_snapshot!("recursive", lines(&compare(&tree("node"), &tree("branch"))));
}

#[test]
fn reports() {
    let old = ours();
    let mut new = old.clone();
    take(&mut schema(&mut new, "tag")["properties"], "color");
    schema(&mut new, "note")["properties"]["pinned"] = json!({"type": "boolean"});
    op(&mut new, "listTags")["operationId"] = json!("getTags");
    let mut diff = compare(&old, &new);
    // The number of operations that use a schema is left out, because it changes with the description.
    for change in &mut diff.changes {
        for judged in &mut change.judged {
            judged.operations = judged.operations.iter().take(2).cloned().collect();
        }
    }
    diff.summary.operations = Both { old: 2, new: 2 };
    insta::assert_snapshot!("as text", report::write(&diff, Format::Text).unwrap());
    insta::assert_snapshot!("as markdown", report::write(&diff, Format::Markdown).unwrap());
    insta::assert_snapshot!("as json", report::write(&diff, Format::Json).unwrap());
}
