//! `cargo xtask spec diff`: output, exit status, and errors for invalid input.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use support::{CommandOutput, Folder, bad_descriptions, description, serve, xtask};

#[test]
fn exit_status_tells_if_a_change_is_breaking() {
    let folder = Folder::new("status");
    let same = folder.write("same.yaml", description());
    let CommandOutput { out, status, .. } = xtask(&["spec", "diff", &same]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("\n0 breaking, 0 additive, 0 neutral; "), "{out}");

    let line = description().lines().find(|line| line.ends_with("- approaching")).unwrap().to_owned();
    let with_one_more = format!("{line}\n{}", line.replace("approaching", "wooing"));
    let one_value = description().replacen(&line, &with_one_more, 1);
    let more = folder.write("more.yaml", one_value);
    let CommandOutput { out, status, .. } = xtask(&["spec", "diff", &more]);
    assert!(status == 0 && out.contains("enum value added, \"wooing\""), "{status} {out}");

    // In reverse, the value is removed from responses, which is not breaking.
    let CommandOutput { out, status, .. } = xtask(&["spec", "diff", &same, &more]);
    assert!(status == 0 && out.contains("enum value removed"), "{status} {out}");

    let moved = folder.write(
        "moved.yaml",
        description()
            .replace("operationId: listTags\n", "operationId: listTags\n      deprecated: true\n")
            .replacen("  /leads/api/tags:\n", "  /leads/api/labels:\n", 1),
    );
    let CommandOutput { out, status, .. } = xtask(&["spec", "diff", &moved]);
    assert!(status == 1 && out.contains("listTags: operation moved"), "{status} {out}");
}

#[test]
fn formats() {
    let folder = Folder::new("formats");
    let new =
        folder.write("new.yaml", description().replacen("  /leads/api/tags:\n", "  /leads/api/labels:\n", 1));
    let CommandOutput { out, status, .. } = xtask(&["spec", "diff", &new, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 1);
    assert!(json["summary"]["breaking"].as_u64().unwrap() >= 2, "{}", json["summary"]);
    assert_eq!(json["changes"][0]["kind"], "operation-moved");
    assert_eq!(json["changes"][0]["place"]["owner"]["operation"], "listTags");
    let CommandOutput { out, .. } = xtask(&["spec", "diff", &new, "--format", "markdown"]);
    assert!(
        out.contains(
            "### Breaking\n\n- `listTags`: operation moved, `GET /leads/api/tags` → `GET /leads/api/labels`\n"
        ),
        "{out}"
    );
    let CommandOutput { status, .. } = xtask(&["spec", "diff", &new, "--format", "xml"]);
    assert_eq!(status, 2);
}

#[test]
fn json_and_yaml_are_equivalent() {
    let folder = Folder::new("json");
    let tree: serde_json::Value = serde_saphyr::from_str(&description()).unwrap();
    let json = folder.write("api.json", serde_json::to_vec_pretty(&tree).unwrap());
    let CommandOutput { out, status, .. } = xtask(&["spec", "diff", &json]);
    assert!(status == 0 && out.contains("0 breaking, 0 additive, 0 neutral"), "{out}");
}

#[test]
fn loads_urls_and_rejects_web_pages() {
    let good = serve("200 OK", "application/yaml", description());
    let CommandOutput { out, err, status } = xtask(&["spec", "diff", &good]);
    assert!(status == 0 && out.contains("0 breaking"), "{out}{err}");

    let page = serve("200 OK", "text/html; charset=utf-8", "<!doctype html><p>Swagger UI</p>".into());
    let CommandOutput { err, status, .. } = xtask(&["spec", "diff", &page]);
    assert_eq!(status, 2);
    assert!(
        err.contains(&page)
            && err.contains("returned a web page (text/html; charset=utf-8)")
            && err.contains("give the address of the YAML or JSON file itself"),
        "{err}"
    );
    // The same page without its media type.
    let page = serve("200 OK", "text/plain", "<!doctype html><p>Swagger UI</p>".into());
    let CommandOutput { err, status, .. } = xtask(&["spec", "diff", &page]);
    assert!(status == 2 && err.contains("is markup, not YAML or JSON"), "{err}");

    let missing = serve("404 Not Found", "text/plain", "no".into());
    let CommandOutput { err, status, .. } = xtask(&["spec", "diff", &missing]);
    assert!(status == 2 && err.contains("returned 404 Not Found; check the address"), "{err}");
}

#[test]
fn errors_of_invalid_input_have_a_position_and_a_remedy() {
    let folder = Folder::new("bad");
    let mut errors = String::new();
    for (name, text) in bad_descriptions() {
        let path = folder.write(name, text);
        let CommandOutput { out, err, status } = xtask(&["spec", "diff", &path]);
        assert_eq!((status, out.as_str()), (2, ""), "{name}: {err}");
        // The YAML parser prints the surrounding lines; the first line has the error. Its position changes with the
        // description.
        let first = folder.plain(err.lines().next().unwrap());
        match first.split_once(": not valid YAML") {
            Some((place, why)) => {
                assert_eq!(place.matches(':').count(), 3, "{name}: no line and column in {place}");
                let (remedy, why) = why.split_once(": error: ").unwrap();
                let why = why.rsplit(": ").next().unwrap();
                errors.push_str(&format!("{name}\n… not valid YAML{remedy}: … {why}\n\n"));
            }
            None => errors.push_str(&format!("{name}\n{first}\n\n")),
        }
    }
    insta::assert_snapshot!(errors);
    let CommandOutput { err, status, .. } = xtask(&["spec", "diff", "/nowhere/api.yaml"]);
    assert!(status == 2 && err.contains("cannot read /nowhere/api.yaml"), "{err}");
}
