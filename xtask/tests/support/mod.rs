//! Helpers of the tests of commands: run commands, temporary folders, a web server.
#![allow(dead_code)]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Our own description.
pub fn description() -> String {
    fs::read_to_string(root().join("openapi/grinfi.yaml")).unwrap()
}

/// Invalid descriptions, by file name.
pub fn bad_descriptions() -> Vec<(&'static str, String)> {
    let ours = description();
    let path = ours.find("\n  /leads/api/tags:").unwrap();
    let (cut, broken_line) = (&ours[..path], path + 8);
    vec![
        ("cut.yaml", cut.to_owned()),
        ("cut-in-line.yaml", format!("{}[", &ours[..broken_line])),
        ("tabs.yaml", ours.replacen("\ninfo:\n  title", "\ninfo:\n\ttitle", 1)),
        ("cut.json", r#"{"openapi": "3.0.3", "info": {"title": "t","#.to_owned()),
        ("three-one.yaml", ours.replacen("openapi: 3.0.3", "openapi: 3.1.0", 1)),
        ("swagger.json", r#"{"swagger": "2.0", "info": {}, "paths": {}}"#.to_owned()),
        (
            "dangling.yaml",
            ours.replacen("$ref: '#/components/schemas/user'", "$ref: '#/components/schemas/usr'", 1),
        ),
        (
            "circle.yaml",
            ours.replacen(
                "\n  schemas:\n",
                "\n  schemas:\n    one:\n      $ref: '#/components/schemas/two'\n    two:\n      $ref: '#/components/schemas/one'\n",
                1,
            ),
        ),
        ("twice.yaml", ours.replacen("operationId: listTags\n", "operationId: createTag\n", 1)),
        ("alike.yaml", ours.replacen("operationId: listTags\n", "operationId: create_tag\n", 1)),
        ("empty.yaml", String::new()),
    ]
}

/// The output and the exit status of a command.
#[derive(Debug)]
pub struct CommandOutput {
    pub out: String,
    pub err: String,
    pub status: i32,
}

/// Runs the built xtask, without proxy settings of the environment.
pub fn xtask(arguments: &[&str]) -> CommandOutput {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("NO_PROXY", "127.0.0.1")
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    CommandOutput {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code().unwrap(),
    }
}

/// A folder that is removed when it is dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("grinfi-xtask-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file, and returns its path.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// A text without the path of the folder.
    pub fn plain(&self, text: &str) -> String {
        text.replace(&*self.0.to_string_lossy(), "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The target directory of cargo.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A copy of the parts of the workspace that an update reads or writes.
pub fn workspace(name: &str) -> Folder {
    let folder = Folder::new(name);
    workspace_in(&folder.0);
    folder
}

/// The same, in an existing folder.
pub fn workspace_in(folder: &Path) {
    for path in [
        "Cargo.lock",
        "docs/undocumented.md",
        "openapi",
        "crates/grinfi/src",
        "crates/grinfi-raw/src",
        "crates/grinfi-sandbox/src",
        "bindings/python/python/grinfi",
        "tests/public-api",
    ] {
        copy(&root().join(path), &folder.join(path));
    }
}

/// Reduces the copy to a workspace of these crates.
pub fn crates_to_check(folder: &Path, crates: &[&str]) {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.lines().find(|line| line.starts_with("members = ")).unwrap();
    let only: Vec<String> = crates.iter().map(|name| format!("\"crates/{name}\"")).collect();
    let manifest = manifest.replace(members, &format!("members = [{}]", only.join(", ")));
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    for name in crates {
        let path = Path::new("crates").join(name).join("Cargo.toml");
        fs::copy(root().join(&path), folder.join(&path)).unwrap();
    }
}

/// Copies a file or a folder.
pub fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

/// Serves the same response to every request, and returns the URL.
pub fn serve(status: &'static str, media: &'static str, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {media}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    format!("http://{address}/openapi.yaml")
}
