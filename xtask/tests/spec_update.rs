//! `cargo xtask spec update`, on a copy of the workspace.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

mod support;

use support::{CommandOutput, Folder, bad_descriptions, description, serve, workspace, xtask};

/// The content of every file below a folder.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.insert(path.clone(), Vec::new());
            found.extend(tree(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

fn update(workspace: &Folder, new: &str) -> CommandOutput {
    xtask(&["--root", &workspace.0.to_string_lossy(), "spec", "update", new])
}

fn parsed() -> Value {
    serde_saphyr::from_str(&description()).unwrap()
}

/// Writes a description outside of the workspace, as JSON.
fn elsewhere(folder: &Folder, doc: &Value) -> String {
    folder.write("new.json", serde_json::to_vec(doc).unwrap())
}

/// Removes our additions from our description: prose, and the additions that the overlay records.
fn vendor_description() -> Value {
    fn strip(node: &mut Value, names: bool) {
        match node {
            Value::Object(map) => {
                if !names {
                    map.retain(|key, value| {
                        !(value.is_string()
                            && (key == "summary"
                                || key == "description" && value != "OK" && value != "Created"))
                    });
                }
                for (key, child) in map.iter_mut().filter(|(key, _)| *key != "example") {
                    strip(child, matches!(key.as_str(), "properties" | "schemas"));
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
            _ => {}
        }
    }
    let mut doc = parsed();
    strip(&mut doc, false);
    doc["paths"].as_object_mut().unwrap().shift_remove("/leads/api/leads").unwrap();
    doc["tags"].as_array_mut().unwrap().retain(|tag| tag["name"] != "Messaging");
    doc
}

#[test]
fn equal_structure_changes_nothing() {
    let (workspace, folder) = (workspace("same"), Folder::new("same-in"));
    let before = tree(&workspace.0);
    for doc in [parsed(), vendor_description()] {
        let CommandOutput { out, err, status } = update(&workspace, &elsewhere(&folder, &doc));
        assert_eq!(status, 0, "{out}{err}");
        assert!(out.contains("nothing to write: the description is up to date"), "{out}");
        assert!(before == tree(&workspace.0), "something was written:\n{out}");
    }
}

#[test]
fn takes_over_new_parts_and_keeps_ours() {
    let (workspace, folder) = (workspace("new"), Folder::new("new-in"));
    let mut new = vendor_description();
    new["info"]["version"] = json!("2.1.0");
    new["components"]["schemas"]["tag"]["properties"]["origin"] =
        json!({"type": "string", "description": "The vendor's words."});
    new["components"]["schemas"]["pipeline-stage"]["properties"]["category"]["enum"]
        .as_array_mut()
        .unwrap()
        .push(json!("frozen"));
    let mut colors = new["paths"]["/leads/api/tags"]["get"].clone();
    colors["operationId"] = json!("listTagColors");
    colors["summary"] = json!("The vendor's words.");
    let paths = new["paths"].as_object_mut().unwrap();
    paths.insert("/leads/api/tags/colors".into(), json!({"get": colors}));
    let body = "/paths/~1leads~1api~1tags/post/requestBody/content/application~1json/schema/properties";
    new.pointer_mut(body).unwrap()["origin"] = json!({"type": "string"});
    let paths = new["paths"].as_object_mut().unwrap();
    // An operation that moves keeps our texts.
    let moved = paths.shift_remove("/id/api/users/current").unwrap();
    paths.insert("/id/api/v2/users/current".into(), moved);

    let input = elsewhere(&folder, &new);
    let CommandOutput { out, err, status } = update(&workspace, &input);
    assert_eq!(status, 0, "{out}{err}");
    for expected in [
        "listTagColors: operation added, GET /leads/api/tags/colors",
        "schema tag, .origin: field added, string",
        "Kept, although it is not in the new description:\n  $.paths['/leads/api/leads'].post (Version 2.0.0",
        "Operations without a method in crates/grinfi:\n  listTagColors\n",
        "field grinfi_raw::types::Tag.origin: ",
        "variant grinfi_raw::PipelineStageCategory::Frozen\n",
        "  /components/schemas/tag/properties/origin/description\n",
        "  /paths/~1leads~1api~1tags~1colors/get/summary\n",
        "written: openapi/grinfi.yaml, ",
    ] {
        assert!(out.contains(expected), "{expected} is missing in:\n{out}");
    }

    let text = fs::read_to_string(workspace.0.join("openapi/grinfi.yaml")).unwrap();
    assert!(!text.contains("vendor's words"), "the vendor's prose was copied");
    assert!(text.contains("summary: Returns the current user") && text.contains("operationId: createLeads"));
    assert!(text.contains("description: A colored label for contacts and companies."));
    // Few other lines changed.
    let before = description();
    let known: Vec<&str> = before.lines().collect();
    let fresh: Vec<&str> = text.lines().filter(|line| !known.contains(line)).collect();
    assert!(fresh.len() < 18, "{fresh:#?}");
    let removed: Vec<&str> =
        known.iter().filter(|line| !text.lines().any(|new| new == **line)).copied().collect();
    assert_eq!(removed, ["  version: 2.0.0", "  /id/api/users/current:"]);

    let place = workspace.0.to_string_lossy().into_owned();
    let CommandOutput { err, status, .. } = xtask(&["--root", &place, "generate", "--check"]);
    assert_eq!(status, 0, "the generated files are up to date: {err}");
    let CommandOutput { out: listed, status, .. } = xtask(&["--root", &place, "public-api", "--check"]);
    assert_eq!(status, 0, "the lists of public names are up to date: {listed}");
    let CommandOutput { out, status, .. } = xtask(&["--root", &place, "spec", "prose", "--check"]);
    assert!(
        status == 1
            && out.contains("openapi/grinfi.yaml#/components/schemas/tag/properties/origin/description"),
        "{out}"
    );
    let CommandOutput { out, status, .. } = update(&workspace, &input);
    assert!(status == 0 && out.contains("nothing to write"), "a second time: {out}");
}

#[test]
fn reports_removed_parts() {
    let (workspace, folder) = (workspace("removed"), Folder::new("removed-in"));
    let before = tree(&workspace.0);
    let mut new = vendor_description();
    new["paths"]["/leads/api/tags"].as_object_mut().unwrap().shift_remove("post").unwrap();
    // The overlay makes this a string, which the new description does too ...
    new["components"]["schemas"]["company"]["properties"]["ln_id"]["type"] = json!("string");
    // ... it adds this value to a list, which has it already ...
    new["components"]["schemas"]["linkedin-message"]["properties"]["linkedin_type"]["enum"]
        .as_array_mut()
        .unwrap()
        .push(json!("inmail"));
    // ... and this target was renamed.
    new["paths"]["/leads/api/notes"]["get"]["operationId"] = json!("getNotes");
    let CommandOutput { out, err, status } = xtask(&[
        "--root",
        &workspace.0.to_string_lossy(),
        "spec",
        "update",
        "--dry-run",
        &elsewhere(&folder, &new),
    ]);
    assert_eq!(status, 0, "{out}{err}");
    for expected in [
        "Methods whose operation was removed:\n",
        "calls `create_tag`, which was removed",
        "calls `list_notes`, which was removed",
        "Removed public names:\n",
        "fn grinfi_raw::Client::create_tag",
        "no longer match everything they matched before:\n",
        "contradict the new description:\n",
        "is \"inmail\" already",
        "makes unnecessary",
        "nothing was written (--dry-run)",
    ] {
        assert!(out.contains(expected), "{expected} is missing in:\n{out}");
    }
    let section = |title: &str| out.split(title).nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    assert!(
        section("no longer match everything they matched before:").contains("/paths/~1leads~1api~1notes/get"),
        "{out}"
    );
    assert!(section("that the new description makes unnecessary:").contains("properties.ln_id"), "{out}");
    assert!(before == tree(&workspace.0));
}

#[test]
fn rejects_an_overlay_that_no_longer_matches() {
    let (workspace, folder) = (workspace("stale"), Folder::new("stale-in"));
    let before = tree(&workspace.0);
    let mut new = vendor_description();
    new["components"]["schemas"]["linkedin-browser"]["properties"]
        .as_object_mut()
        .unwrap()
        .retain(|name, _| name != "linkedin_password" && name != "ln_code");
    new["components"]["schemas"]["schedule"]["properties"]
        .as_object_mut()
        .unwrap()
        .shift_remove("timeblocks")
        .unwrap();
    let CommandOutput { out, err, status } = update(&workspace, &elsewhere(&folder, &new));
    assert_eq!(status, 1, "{out}{err}");
    // Both actions are reported, not only the first.
    let section = out.split("no longer match anything:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(section.contains("linkedin_password") && section.contains("timeblocks"), "{section}");
    assert!(
        err.contains("2 actions of openapi/overlay.yaml no longer match anything; fix or remove them"),
        "{err}"
    );
    assert!(before == tree(&workspace.0));
}

#[test]
fn write_errors_leave_all_files_unchanged() {
    let (workspace, folder) = (workspace("disk"), Folder::new("disk-in"));
    // The last file but one cannot be written.
    let obstacle = workspace.0.join("bindings/python/python/grinfi/_generated/models.py");
    fs::remove_file(&obstacle).unwrap();
    fs::create_dir_all(obstacle.join("inside")).unwrap();
    let before = tree(&workspace.0);
    let mut new = parsed();
    new["components"]["schemas"]["tag"]["properties"]["origin"] = json!({"type": "string"});
    let CommandOutput { out, err, status } = update(&workspace, &elsewhere(&folder, &new));
    assert!(status == 1 && err.contains("models.py") && err.contains("nothing was changed"), "{out}{err}");
    assert!(before == tree(&workspace.0));
}

#[test]
fn invalid_input_leaves_all_files_unchanged() {
    let (workspace, folder) = (workspace("bad"), Folder::new("bad-in"));
    let before = tree(&workspace.0);
    let ours = description();
    let odd = ours.replacen("- in: path\n", "- in: path\n        style: matrix\n", 1);
    let mut inputs: Vec<(String, String)> = bad_descriptions()
        .into_iter()
        .chain([("odd.yaml", odd)])
        .map(|(name, text)| (name.to_owned(), folder.write(name, text)))
        .collect();
    let page = "<!doctype html><p>Swagger UI</p>".to_owned();
    inputs.push(("/openapi.yaml".to_owned(), serve("200 OK", "text/html; charset=utf-8", page)));
    for (name, input) in inputs {
        let CommandOutput { out, err, status } = update(&workspace, &input);
        let says = if name == "odd.yaml" { "nothing was changed" } else { &name };
        assert!(status == 1 && err.contains(says), "{name}: {out}{err}");
        assert!(before == tree(&workspace.0), "{name}");
    }
    // A comment in our description would be lost.
    let path = workspace.0.join("openapi/grinfi.yaml");
    fs::write(&path, ours.replacen("\nservers:\n", "\n# the only one\nservers:\n", 1)).unwrap();
    let CommandOutput { err, status, .. } = update(&workspace, &folder.write("ours.yaml", &ours));
    assert!(status == 1 && err.contains("lose this comment") && err.contains("# the only one"), "{err}");
}

#[test]
fn reports_undocumented_operations_that_are_described_now() {
    let (workspace, folder) = (workspace("described-now"), Folder::new("described-now-in"));
    let before = tree(&workspace.0);
    let mut doc = parsed();
    doc["paths"]["/leads/api/notes/{uuid}"]["get"] = json!({"operationId": "readNote", "summary": "Read a note",
        "parameters": [{"$ref": "#/components/parameters/uuid-path"}],
        "responses": {"200": {"description": "OK", "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/note"}}}}}});
    let CommandOutput { out, err, status } = update(&workspace, &elsewhere(&folder, &doc));
    assert_eq!(status, 1, "{out}{err}");
    let place = "openapi/undocumented.yaml#/paths/~1leads~1api~1notes~1{uuid}/get (getNote)";
    assert!(
        out.contains(&format!("Undocumented operations that the vendor describes now:\n  {place}")),
        "{out}"
    );
    assert!(
        err.contains(&format!("{place}: the vendor's description has this operation now, as `readNote`")),
        "{err}"
    );
    assert!(before == tree(&workspace.0), "something was written:\n{out}");
}
