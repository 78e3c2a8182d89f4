//! `cargo xtask schemathesis`: tests the sandbox in its documented mode with requests that schemathesis generates from the
//! description, valid and invalid ones and sequences of them, and validates each response.
//!
//! The overlay is applied first, because the vendor's description contradicts itself (a webhook can be created for events
//! that no webhook can have) and lists no common error responses.

use std::{
    fs,
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::{
    cargo,
    generate::{self, json_schemas},
    python::Environment,
    shell::shell,
    spec, tree,
};

const REQUIREMENTS: &str = "tests/schemathesis/requirements.txt";
const SETTINGS: &str = "tests/schemathesis/schemathesis.toml";
const FOLDER: &str = "target/schemathesis";
/// The only key that the sandbox accepts.
const KEY: &str = "sandbox-under-schemathesis";

/// Options of `cargo xtask schemathesis`.
#[derive(Debug, Default, Args)]
pub struct SchemathesisOptions {
    /// The number of requests for each operation and phase; overrides the settings.
    #[arg(long, value_name = "N")]
    max_examples: Option<u32>,
    /// The seed of the generated requests; overrides the settings.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Only this operation, by its operationId.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// Write all requests and responses to this file, one JSON object per line.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs schemathesis, and fails if a response does not match the description.
pub fn run(root: &Path, arguments: &SchemathesisOptions) -> Result<()> {
    let environment = Environment::with(root, &format!("{FOLDER}/venv"), REQUIREMENTS)?;
    let description = write_description(root)?;
    shell(root, "cargo", &["build", "--package", "grinfi-sandbox"], &[])?;
    let metadata = cargo::metadata(root, &["--no-deps"])?;
    let target = metadata["target_directory"].as_str().context("cargo metadata has no target directory")?;
    let program = format!("grinfi-sandbox{}", std::env::consts::EXE_SUFFIX);
    let mut sandbox = Sandbox::start(&Path::new(target).join("debug").join(program))?;

    let (url, key) = (sandbox.url.clone(), format!("Authorization: Bearer {KEY}"));
    let description = description.to_string_lossy();
    let mut line: Vec<String> =
        ["--config-file", SETTINGS, "run", &description, "--url", &url, "-H", &key].map(str::to_owned).into();
    let mut option = |name: &str, value: Option<String>| {
        line.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]))
    };
    option("--max-examples", arguments.max_examples.map(|number| number.to_string()));
    option("--seed", arguments.seed.map(|number| number.to_string()));
    option("--include-operation-id", arguments.operation.clone());
    option("--report-ndjson-path", arguments.report.as_ref().map(|path| path.to_string_lossy().into_owned()));
    let line: Vec<&str> = line.iter().map(String::as_str).collect();
    let outcome = shell(root, environment.program("schemathesis"), &line, &[]);
    sandbox.is_running()?;
    outcome
}

/// Writes the description with the overlay applied, with `oneOf` as the sandbox validates it, and with deep-object filters
/// where only the prose mentions them: the default style of OpenAPI is a flat form that the API ignores.
fn write_description(root: &Path) -> Result<PathBuf> {
    let (_, mut doc) = spec::read(&root.join(generate::DESCRIPTION))?;
    let (_, overlay) = generate::overlay(root)?;
    overlay.apply(&mut doc, &root.join(generate::OVERLAY))?;
    json_schemas::any_alternative(&mut doc);
    tree::for_each_operation(&mut doc, |_, operation| {
        let in_brackets = operation.get("x-grinfi-filter").is_some_and(|style| style == "brackets");
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten().filter(|it| in_brackets && it["name"] == "filter") {
            parameter["style"] = "deepObject".into();
            parameter["explode"] = true.into();
        }
        Ok(())
    })?;
    let path = root.join(FOLDER).join("openapi.json");
    let failed = || format!("cannot write {}", path.display());
    fs::create_dir_all(root.join(FOLDER)).with_context(failed)?;
    fs::write(&path, doc.to_string()).with_context(failed)?;
    Ok(path)
}

/// A running sandbox, stopped when it is dropped.
struct Sandbox {
    child: Child,
    /// Kept open, so that the sandbox can continue to write.
    _output: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Sandbox {
    fn start(program: &Path) -> Result<Self> {
        let line =
            ["--port", "0", "--mode", "documented", "--key", KEY, "--only-keys", "--rate-limit", "off"];
        let mut child = Command::new(program)
            .args(line)
            .args(["--clock", "2026-02-03T12:00:00Z"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let stdout = child.stdout.take().context("the sandbox has no output")?;
        let mut output = BufReader::new(stdout).lines();
        let url = output.find_map(|line| Some(line.ok()?.trim().strip_prefix("base URL")?.trim().to_owned()));
        match url {
            Some(url) => Ok(Self { child, _output: output, url }),
            None => bail!("the sandbox did not print its URL: {}", child.wait()?),
        }
    }

    fn is_running(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the sandbox ended with {status}"),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // A failure to stop it cannot be handled here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
