//! A newer description that only adds, in many places at once, is taken over by `spec update` alone: nothing that is public
//! goes, what is generated is what is committed, and the ergonomic crate compiles as it stands.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{fs, path::PathBuf, process::Command};

use serde_json::{Value, json};

mod support;

use support::{Said, crates_to_check, description, target, workspace_in, xtask};

/// Inserts into every object at a JSON pointer.
fn insert(doc: &mut Value, place: &str, name: &str, value: Value) {
    let map =
        doc.pointer_mut(place).unwrap_or_else(|| panic!("there is no {place}")).as_object_mut().unwrap();
    assert!(map.insert(name.to_owned(), value).is_none(), "{place} has {name} already");
}

fn push(doc: &mut Value, place: &str, value: Value) {
    let known = doc.pointer_mut(place).unwrap_or_else(|| panic!("there is no {place}"));
    known.as_array_mut().unwrap().push(value);
}

/// Every operation that lists its parameters takes one more, and every body and record has a field more.
fn grown() -> Value {
    let mut doc: Value = serde_saphyr::from_str(&description()).unwrap();
    let text = || json!({"type": "string", "description": "Later."});
    // A field more in every component, and in every body that is written out in its place.
    let schemas: Vec<String> = doc["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .map(|name| name.replace('/', "~1"))
        .collect();
    for name in schemas {
        let place = format!("/components/schemas/{name}/properties");
        if doc.pointer(&place).is_some() {
            insert(&mut doc, &place, "added_later", text());
            insert(&mut doc, &place, "numbers_later", json!({"type": "array", "items": {"type": "integer"}}));
        }
    }
    let paths = doc["paths"].as_object().unwrap().clone();
    let (mut bodies, mut parameters) = (0, 0);
    for (path, item) in &paths {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("/paths/{}/{method}", path.replace('/', "~1"));
            let body = format!("{place}/requestBody/content/application~1json/schema/properties");
            if doc.pointer(&body).is_some() {
                insert(&mut doc, &body, "added_later", text());
                bodies += 1;
            }
            if operation.get("parameters").is_some() {
                push(
                    &mut doc,
                    &format!("{place}/parameters"),
                    json!({"in": "query", "name": "later", "schema": {"type": "string"}}),
                );
                push(
                    &mut doc,
                    &format!("{place}/parameters"),
                    json!({"in": "query", "name": "later_number", "schema": {"type": "integer"}}),
                );
                parameters += 1;
            }
        }
    }
    assert!(bodies > 40 && parameters > 80, "{bodies} bodies, {parameters} lists of parameters");
    // The first parameter of an operation that has none.
    insert(
        &mut doc,
        "/paths/~1leads~1api~1tags/get",
        "parameters",
        json!([{"in": "query", "name": "color", "schema": {"type": "string"}}]),
    );
    // A value more in an enumeration of records, and in one of requests.
    push(&mut doc, "/components/schemas/pipeline-stage/properties/category/enum", json!("frozen"));
    push(&mut doc, "/components/schemas/sender-profile/properties/status/enum", json!("hibernating"));
    // Operations, one of each kind, on a record of their own.
    insert(
        &mut doc,
        "/components/schemas",
        "tag-color",
        json!({"type": "object", "required": ["uuid"], "properties": {
        "uuid": {"type": "string"}, "color": {"type": "string"}}}),
    );
    let color = json!({"$ref": "#/components/schemas/tag-color"});
    let answers = |schema: Value| json!({"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}});
    let body = json!({"content": {"application/json": {"schema": {"type": "object", "required": ["color"], "properties": {"color": {"type": "string"}}}}}});
    let uuid = json!([{"in": "path", "name": "uuid", "required": true, "schema": {"type": "string"}}]);
    let page = json!({"type": "object", "properties": {"data": {"type": "array", "items": color}}});
    insert(
        &mut doc,
        "/paths",
        "/leads/api/tag-colors",
        json!({
        "get": {"operationId": "listTagColors", "tags": ["Tags"], "responses": answers(page)},
        "post": {"operationId": "createTagColor", "tags": ["Tags"], "requestBody": body, "responses": answers(color.clone())}}),
    );
    insert(
        &mut doc,
        "/paths",
        "/leads/api/tag-colors/{uuid}",
        json!({
        "get": {"operationId": "getTagColor", "tags": ["Tags"], "parameters": uuid, "responses": answers(color.clone())},
        "patch": {"operationId": "changeTagColor", "tags": ["Tags"], "parameters": uuid, "requestBody": body, "responses": answers(color)},
        "delete": {"operationId": "deleteTagColor", "tags": ["Tags"], "parameters": uuid, "responses": {"204": {"description": "No Content"}}}}),
    );
    doc
}

#[test]
fn what_only_adds_breaks_nothing() {
    let folder: PathBuf = target().join("additive");
    let _ = fs::remove_dir_all(&folder);
    workspace_in(&folder);
    crates_to_check(&folder, &["grinfi-raw", "grinfi-sandbox", "grinfi"]);
    let new = folder.join("new.json");
    fs::write(&new, serde_json::to_vec(&grown()).unwrap()).unwrap();
    let (place, new) = (folder.to_string_lossy().into_owned(), new.to_string_lossy().into_owned());

    let Said { out, err, status } = xtask(&["--root", &place, "spec", "diff", &new]);
    assert!(status == 0 && out.contains("\n0 breaking, "), "{out}{err}");
    let before = fs::read_to_string(folder.join("tests/public-api/rust.txt")).unwrap();
    let before_in_python = fs::read_to_string(folder.join("tests/public-api/python.txt")).unwrap();

    let Said { out, err, status } = xtask(&["--root", &place, "spec", "update", &new]);
    assert_eq!(status, 0, "{out}{err}");
    for gone in
        ["Public names that are gone", "takes or answers something else", "written out in full", "vanished"]
    {
        assert!(!out.contains(gone), "{out}");
    }
    // Not one line of the listings went, so a program that was written against them still runs.
    let after = fs::read_to_string(folder.join("tests/public-api/rust.txt")).unwrap();
    for (file, before) in
        [("tests/public-api/rust.txt", before), ("tests/public-api/python.txt", before_in_python)]
    {
        let after = fs::read_to_string(folder.join(file)).unwrap();
        let gone: Vec<&str> = before.lines().filter(|line| !after.lines().any(|new| new == *line)).collect();
        assert_eq!(gone, [] as [&str; 0], "{file}");
    }
    for line in [
        "fn grinfi_raw::client::Client::list_tags_with_options",
        "field grinfi_raw::client::options::ListTasks.later: ",
        "field grinfi_raw::client::options::GetLead.later_number: ",
    ] {
        assert!(after.contains(line), "{line}");
    }

    // What nobody has taken up yet is recorded, and keeps nothing from holding but a release.
    let owed = fs::read_to_string(folder.join("openapi/owed.txt")).unwrap();
    let owed: Vec<&str> = owed.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(owed, ["changeTagColor", "createTagColor", "deleteTagColor", "getTagColor", "listTagColors"]);
    for check in [&["generate", "--check"][..], &["coverage", "--strict"], &["api", "--check"]] {
        let Said { out, err, status } = xtask(&[&["--root", &place], check].concat());
        assert_eq!(status, 0, "{check:?}: {out}{err}");
    }

    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--quiet",
            "--package",
            "grinfi",
            "--all-features",
            "--message-format",
            "short",
        ])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
