//! Runs the commands of `docs/regenerating.md` on a copy of the workspace.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{fs, process::Command};

mod support;

use support::{CommandOutput, description, root, workspace, xtask};

#[test]
fn commands_of_the_guide_run() {
    let workspace = workspace("guide");
    let new = workspace.write("new.yaml", description().replacen("version: 2.0.0", "version: 2.0.1", 1));
    let into = workspace.0.join("other").to_string_lossy().into_owned();
    let place = workspace.0.to_string_lossy().into_owned();
    let guide = fs::read_to_string(root().join("docs/regenerating.md")).unwrap();
    let blocks = guide.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let commands: Vec<&str> = blocks.flat_map(str::lines).collect();
    assert!(commands.len() >= 9, "{commands:?}");
    for command in commands {
        let arguments = command.strip_prefix("cargo xtask ").unwrap();
        let mut words: Vec<&str> = vec!["--root", &place];
        words.extend(arguments.split(' ').map(|word| match word {
            "NEW" => new.as_str(),
            "target/other-client" => into.as_str(),
            word => word,
        }));
        if words.contains(&"test") || words.contains(&"release") {
            // These take minutes, and run this test.
            words.push("--help");
        }
        let CommandOutput { out, err, status } = xtask(&words);
        assert_eq!(status, 0, "{command}: {out}{err}");
    }
    assert!(fs::read_to_string(workspace.0.join("openapi/grinfi.yaml")).unwrap().contains("version: 2.0.1"));
    let listed = fs::read_to_string(workspace.0.join("tests/public-api/rust.txt")).unwrap();
    assert!(listed.contains("fn grinfi::contacts::Contacts::get("), "{}", &listed[..500]);
}

/// Runs git in a folder, with a fixed author.
fn git(folder: &std::path::Path, arguments: &[&str]) {
    let someone = ["-c", "user.name=Jane Roe", "-c", "user.email=jane@example.com"];
    let output = Command::new("git").args(someone).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn changed_public_names_since_a_release_are_judged() {
    let workspace = workspace("names");
    let place = workspace.0.to_string_lossy().into_owned();
    for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-qm", "All"], &["tag", "v0.1.0"]] {
        git(&workspace.0, arguments);
    }
    let check = || xtask(&["--root", &place, "public-api", "--check"]);
    let CommandOutput { out, err, status } = check();
    assert!(status == 0 && out.matches("the next version is at least 0.1.1").count() == 2, "{out}{err}");

    // An addition: the list is out of date, and before 1.0 a patch is enough.
    let module = workspace.0.join("bindings/python/python/grinfi/testing.py");
    let python = fs::read_to_string(&module).unwrap();
    fs::write(&module, format!("{python}\n\ndef later(name: str, *, color: str = \"\") -> None: ...\n"))
        .unwrap();
    let CommandOutput { out, err, status } = check();
    assert!(
        status == 1 && err.contains("run `cargo xtask public-api` and commit tests/public-api/python.txt"),
        "{err}"
    );
    assert!(out.contains("  + def grinfi.testing.later(name: str) -> None\n"), "{out}");
    assert!(
        out.contains("since v0.1.0 0 removed or changed, 2 added; the next version is at least 0.1.1"),
        "{out}"
    );

    // A removal is breaking.
    fs::write(&module, python).unwrap();
    let tags = workspace.0.join("crates/grinfi/src/resources/tags.rs");
    let rust = fs::read_to_string(&tags).unwrap();
    let changed =
        rust.replacen("pub fn delete(&self, uuid: impl Into<TagId>)", "fn delete(&self, uuid: &TagId)", 1);
    assert_ne!(rust, changed);
    fs::write(&tags, changed).unwrap();
    let CommandOutput { out, err, status } = check();
    assert!(status == 1 && err.contains("tests/public-api/rust.txt"), "{err}");
    assert!(
        out.contains("  - fn grinfi::tags::Tags::delete(")
            || out.contains("  - fn grinfi::resources::tags::Tags::delete("),
        "{out}"
    );
    assert!(out.contains("1 removed or changed, 0 added; the next version is at least 0.2.0"), "{out}");
}
