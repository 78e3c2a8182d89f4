//! Generates clients for descriptions of other APIs in other styles, and compiles them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

mod support;

use support::{CommandOutput, Folder, copy, root, target, xtask};

/// The descriptions.
const UNSEEN: [&str; 7] = [
    "corners.yaml",
    "datasets.yaml",
    "nameless.json",
    "search.yaml",
    "shapes.yaml",
    "shelter.yaml",
    "uploads.json",
];

/// A workspace of crates that are copies of `grinfi-raw` except for the generated code, with the existing build cache.
struct Crates {
    folder: PathBuf,
    target: PathBuf,
}

impl Crates {
    fn new() -> Self {
        let target = target();
        let folder = target.join("unseen");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let members = manifest.lines().find(|line| line.starts_with("members = ")).unwrap();
        fs::write(folder.join("Cargo.toml"), manifest.replace(members, "members = [\"*-raw\"]")).unwrap();
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Self { folder, target }
    }

    /// A copy of `grinfi-raw` with another name, and the folder of its generated code.
    fn add(&self, name: &str) -> PathBuf {
        let from = root().join("crates/grinfi-raw");
        let to = self.folder.join(format!("{name}-raw"));
        fs::create_dir_all(to.join("src")).unwrap();
        let manifest = fs::read_to_string(from.join("Cargo.toml")).unwrap();
        let named = manifest.replacen("name = \"grinfi-raw\"", &format!("name = \"{name}-raw\""), 1);
        assert_ne!(manifest, named);
        fs::write(to.join("Cargo.toml"), named).unwrap();
        let sources = fs::read_dir(from.join("src")).unwrap().map(|entry| entry.unwrap());
        for source in sources.filter(|source| source.file_name() != "generated") {
            copy(&source.path(), &to.join("src").join(source.file_name()));
        }
        // Hand-written implementations for records of this API.
        fs::write(to.join("src/aggregated/wrapper_keys.rs"), "").unwrap();
        to.join("src/generated")
    }

    /// Checks all crates without generating machine code.
    fn check(&self) {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet", "--workspace", "--message-format", "short"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn unseen(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unseen").join(name).to_string_lossy().into_owned()
}

/// The signatures and documentation of the generated methods.
fn methods(generated: &Path) -> String {
    let client = fs::read_to_string(generated.join("client.rs")).unwrap();
    let operations = client.rsplit("impl Client {").next().unwrap();
    let operations = operations.split("/// Items consumers").next().unwrap();
    let mut out = String::new();
    let mut open = false;
    for line in operations.lines().map(str::trim) {
        open |= line.starts_with("pub fn");
        if line.starts_with("///") || open {
            out.push_str(line);
            out.push('\n');
        }
        open &= !line.ends_with('{');
    }
    out
}

#[test]
fn clients_of_other_descriptions_compile() {
    let crates = Crates::new();
    for name in UNSEEN {
        let stem = name.split('.').next().unwrap();
        let generated = crates.add(stem);
        let CommandOutput { out, err, status } =
            xtask(&["generate", "--from", &unseen(name), "--into", &generated.to_string_lossy()]);
        assert_eq!(status, 0, "{name}: {out}{err}");
        insta::assert_snapshot!(stem, methods(&generated));
    }
    crates.check();
}

#[test]
fn unsupported_operations_are_reported_or_skipped() {
    let folder = Folder::new("unsupported");
    let text = fs::read_to_string(unseen("search.yaml")).unwrap();
    // A path parameter with a leading dot, and two parameters with the same name.
    let odd = text
        .replacen("{name: point, in: path, ", "{name: point, in: path, style: label, ", 1)
        .replacen("- name: page\n", "- name: X-Count\n", 1);
    assert_eq!(odd.matches("X-Count").count(), 2);
    let kept =
        "  /health:\n    get: {operationId: health, responses: {'204': {description: Well}}}\ncomponents:\n";
    let path = folder.write("odd.yaml", odd.replacen("components:\n", kept, 1));
    let into = folder.0.join("generated").to_string_lossy().into_owned();
    let CommandOutput { err, status, .. } = xtask(&["generate", "--from", &path, "--into", &into]);
    assert_eq!(status, 1);
    for expected in [
        "2 operations cannot be generated",
        "or skip them with --skip-unsupported",
        "GET /things (searchThings): two parameters of it become one argument: `X-Count` in the query and `X-Count` in the header",
        "GET /things/{ids}/{point} (getThings): progenitor",
        "unsupported style of path parameter Label",
    ] {
        assert!(err.contains(expected), "{expected} is missing in {err}");
    }
    assert!(!folder.0.join("generated").exists(), "nothing is written");

    let CommandOutput { out, err, status } =
        xtask(&["generate", "--from", &path, "--into", &into, "--skip-unsupported"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("skipped 2 operations:\n  GET /things (searchThings)"), "{out}");
    assert!(out.contains("generated 1 operations, 0 types, 0 open enums"), "{out}");
    let client = fs::read_to_string(folder.0.join("generated/client.rs")).unwrap();
    assert!(client.contains("pub fn health") && !client.contains("search_things"));
}

#[test]
fn overlay_fixes_unsupported_operations() {
    let folder = Folder::new("fixed");
    let text = fs::read_to_string(unseen("search.yaml")).unwrap();
    let odd = text.replacen("{name: point, in: path, ", "{name: point, in: path, style: label, ", 1);
    let path = folder.write("odd.yaml", odd);
    let overlay = folder.write(
        "overlay.yaml",
        "overlay: 1.0.0\ninfo: {title: t, version: 1.0.0}\nactions:\n\
         - target: $.paths['/things/{ids}/{point}'].get.parameters[?@.name == 'point'].style\n  description: The server takes it plain.\n  remove: true\n",
    );
    let into = folder.0.join("generated").to_string_lossy().into_owned();
    let CommandOutput { out, err, status } =
        xtask(&["generate", "--from", &path, "--into", &into, "--overlay", &overlay]);
    assert!(status == 0 && out.contains("generated 2 operations"), "{out}{err}");
}
