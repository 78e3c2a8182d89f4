//! `spec update` to a newer description with additions in many parts: no public name is removed, the generated files are
//! up to date, and the crates compile without changes.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{fs, path::PathBuf, process::Command};

use serde_json::{Value, json};

mod support;

use support::{CommandOutput, crates_to_check, description, target, workspace_in, xtask};

/// Inserts an entry into the object at each JSON pointer.
fn insert(doc: &mut Value, place: &str, name: &str, value: Value) {
    let map =
        doc.pointer_mut(place).unwrap_or_else(|| panic!("there is no {place}")).as_object_mut().unwrap();
    assert!(map.insert(name.to_owned(), value).is_none(), "{place} has {name} already");
}

fn push(doc: &mut Value, place: &str, value: Value) {
    let known = doc.pointer_mut(place).unwrap_or_else(|| panic!("there is no {place}"));
    known.as_array_mut().unwrap().push(value);
}

/// Adds a parameter to every operation that lists its parameters, and a field to every body and record.
fn grown() -> Value {
    let mut doc: Value = serde_saphyr::from_str(&description()).unwrap();
    let text = || json!({"type": "string", "description": "Later."});
    // A new field in every component, and in every inline body.
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
    // The first parameter of an operation without parameters.
    insert(
        &mut doc,
        "/paths/~1leads~1api~1tags/get",
        "parameters",
        json!([{"in": "query", "name": "color", "schema": {"type": "string"}}]),
    );
    // A new value in an enumeration of records, and in one of requests.
    push(&mut doc, "/components/schemas/pipeline-stage/properties/category/enum", json!("frozen"));
    push(&mut doc, "/components/schemas/sender-profile/properties/status/enum", json!("hibernating"));
    // Operations of each method, for a new record.
    insert(
        &mut doc,
        "/components/schemas",
        "tag-color",
        json!({"type": "object", "required": ["uuid"], "properties": {
        "uuid": {"type": "string"}, "color": {"type": "string"}}}),
    );
    let color = json!({"$ref": "#/components/schemas/tag-color"});
    let responses_with = |schema: Value| json!({"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}});
    let body = json!({"content": {"application/json": {"schema": {"type": "object", "required": ["color"], "properties": {"color": {"type": "string"}}}}}});
    let uuid = json!([{"in": "path", "name": "uuid", "required": true, "schema": {"type": "string"}}]);
    let page = json!({"type": "object", "properties": {"data": {"type": "array", "items": color}}});
    insert(
        &mut doc,
        "/paths",
        "/leads/api/tag-colors",
        json!({
        "get": {"operationId": "listTagColors", "tags": ["Tags"], "responses": responses_with(page)},
        "post": {"operationId": "createTagColor", "tags": ["Tags"], "requestBody": body, "responses": responses_with(color.clone())}}),
    );
    insert(
        &mut doc,
        "/paths",
        "/leads/api/tag-colors/{uuid}",
        json!({
        "get": {"operationId": "getTagColor", "tags": ["Tags"], "parameters": uuid, "responses": responses_with(color.clone())},
        "patch": {"operationId": "changeTagColor", "tags": ["Tags"], "parameters": uuid, "requestBody": body, "responses": responses_with(color)},
        "delete": {"operationId": "deleteTagColor", "tags": ["Tags"], "parameters": uuid, "responses": {"204": {"description": "No Content"}}}}),
    );
    doc
}

#[test]
fn additive_changes_break_nothing() {
    let folder: PathBuf = target().join("additive");
    let _ = fs::remove_dir_all(&folder);
    workspace_in(&folder);
    crates_to_check(&folder, &["grinfi-raw", "grinfi-sandbox", "grinfi"]);
    let new = folder.join("new.json");
    fs::write(&new, serde_json::to_vec(&grown()).unwrap()).unwrap();
    let (place, new) = (folder.to_string_lossy().into_owned(), new.to_string_lossy().into_owned());

    let CommandOutput { out, err, status } = xtask(&["--root", &place, "spec", "diff", &new]);
    assert!(status == 0 && out.contains("\n0 breaking, "), "{out}{err}");
    let before = fs::read_to_string(folder.join("tests/public-api/rust.txt")).unwrap();
    let before_in_python = fs::read_to_string(folder.join("tests/public-api/python.txt")).unwrap();

    let CommandOutput { out, err, status } = xtask(&["--root", &place, "spec", "update", &new]);
    assert_eq!(status, 0, "{out}{err}");
    for problem in
        ["Removed public names", "changed its parameters", "constructed without", "operation was removed"]
    {
        assert!(!out.contains(problem), "{out}");
    }
    // Every line of the lists is still there, so programs that use them still compile.
    let after = fs::read_to_string(folder.join("tests/public-api/rust.txt")).unwrap();
    for (file, before) in
        [("tests/public-api/rust.txt", before), ("tests/public-api/python.txt", before_in_python)]
    {
        let after = fs::read_to_string(folder.join(file)).unwrap();
        let removed: Vec<&str> =
            before.lines().filter(|line| !after.lines().any(|new| new == *line)).collect();
        assert_eq!(removed, [] as [&str; 0], "{file}");
    }
    for line in [
        "fn grinfi_raw::client::Client::list_tags_with_options",
        "field grinfi_raw::client::options::ListTasks.later: ",
        "field grinfi_raw::client::options::GetContact.later_number: ",
    ] {
        assert!(after.contains(line), "{line}");
    }

    // Operations without a method are listed, which only stops a release.
    let unimplemented = fs::read_to_string(folder.join("openapi/unimplemented.txt")).unwrap();
    let unimplemented: Vec<&str> = unimplemented.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        unimplemented,
        ["changeTagColor", "createTagColor", "deleteTagColor", "getTagColor", "listTagColors"]
    );
    for check in [&["generate", "--check"][..], &["coverage", "--strict"], &["public-api", "--check"]] {
        let CommandOutput { out, err, status } = xtask(&[&["--root", &place], check].concat());
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
