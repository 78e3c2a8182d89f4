//! The commands of `docs/regenerating.md`, run as they stand there, on a copy of what they read and write.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

mod support;

use support::{Said, description, root, workspace, xtask};

#[test]
fn the_commands_of_the_guide_run() {
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
            // Those take minutes, and run this test.
            words.push("--help");
        }
        let Said { out, err, status } = xtask(&words);
        assert_eq!(status, 0, "{command}: {out}{err}");
    }
    assert!(fs::read_to_string(workspace.0.join("openapi/grinfi.yaml")).unwrap().contains("version: 2.0.1"));
    let listed = fs::read_to_string(workspace.0.join("api/rust.txt")).unwrap();
    assert!(listed.contains("fn grinfi::Contacts::get("), "{}", &listed[..500]);
}
