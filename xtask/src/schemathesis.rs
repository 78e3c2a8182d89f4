//! The sandbox in its documented mode under schemathesis, which makes requests up from the description: such as fit it, such
//! as do not, and sequences of them; and holds each answer to it.
//!
//! The description is that of the vendor with the overlay's corrections: without them it contradicts itself (a webhook can be
//! made for events that none can have), and names no refusal that any operation can answer with.

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
    generate::{self, described},
    python::Environment,
    shell::shell,
    spec, tree,
};

const REQUIREMENTS: &str = "tests/schemathesis/requirements.txt";
const SETTINGS: &str = "tests/schemathesis/schemathesis.toml";
const FOLDER: &str = "target/schemathesis";
/// What opens the sandbox, and nothing else.
const KEY: &str = "sandbox-under-schemathesis";

/// What can be asked of a run besides what the settings say.
#[derive(Debug, Default, Args)]
pub struct Arguments {
    /// Requests made up for each operation and kind, in the place of the settings' number.
    #[arg(long, value_name = "N")]
    max_examples: Option<u32>,
    /// Where the requests follow from, in the place of the settings' number.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// One operation alone, by its operationId.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// A file for everything that was asked and answered, one JSON line for each event.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs it, and fails if an answer is not as described.
pub fn run(root: &Path, arguments: &Arguments) -> Result<()> {
    let environment = Environment::with(root, &format!("{FOLDER}/venv"), REQUIREMENTS)?;
    let description = write_description(root)?;
    shell(root, "cargo", &["build", "--package", "grinfi-sandbox"], &[])?;
    let metadata = cargo::metadata(root, &["--no-deps"])?;
    let target = metadata["target_directory"].as_str().context("cargo metadata tells no target directory")?;
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

/// The description with the overlay's corrections, with alternatives as the sandbox reads them, and with filters in brackets
/// where its prose says so and its parameters do not: OpenAPI's own default is the flat form, which the API ignores.
fn write_description(root: &Path) -> Result<PathBuf> {
    let (_, mut doc) = spec::read(&root.join(generate::DESCRIPTION))?;
    let (_, overlay) = generate::overlay(root)?;
    overlay.apply(&mut doc, &root.join(generate::OVERLAY))?;
    described::any_alternative(&mut doc);
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

/// A sandbox of its own, ended when it is dropped.
struct Sandbox {
    child: Child,
    /// Held open, for what the sandbox still has to say.
    _said: Lines<BufReader<ChildStdout>>,
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
        let output = child.stdout.take().context("the sandbox has no output")?;
        let mut said = BufReader::new(output).lines();
        let url = said.find_map(|line| Some(line.ok()?.trim().strip_prefix("base URL")?.trim().to_owned()));
        match url {
            Some(url) => Ok(Self { child, _said: said, url }),
            None => bail!("the sandbox did not say where it listens: {}", child.wait()?),
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
        // Nothing can be done if it does not end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
