//! What Python people use today, in a virtual environment of its own, with our wheel beside it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::process::output;
use crate::python::Environment;

/// An interpreter that has our wheel, and perhaps the peers.
pub struct Python {
    environment: Environment,
    /// What was installed; none if somebody else did that.
    wheel: Option<PathBuf>,
    /// The client that openapi-python-client makes of our description; none without the peers.
    generated: Option<PathBuf>,
}

impl Python {
    /// Makes the environment and what is generated, and installs the newest wheel, built by a profile of cargo's.
    pub fn with_peers(root: &Path, profile: &str) -> Result<Self> {
        let wheel = Environment::prepare(root)?.build_wheel_as(profile, root, "target/bench/wheels")?;
        let environment =
            Environment::with(root, "target/bench/venv", "tests/bench/python/requirements.txt")?;
        environment.install_wheel(root, &wheel)?;
        let generated = root.join("target/bench/openapi-python-client");
        let mut generate = Command::new(environment.program("openapi-python-client"));
        generate.args(["generate", "--path", "openapi/grinfi.yaml", "--overwrite", "--output-path"]);
        output(generate.arg(&generated).current_dir(root))?;
        Ok(Self { environment, wheel: Some(wheel), generated: Some(generated) })
    }

    /// Takes an environment with our wheel and nothing else of interest.
    pub fn without_peers(environment: Environment) -> Self {
        Self { environment, wheel: None, generated: None }
    }

    /// The wheel that is measured.
    pub fn wheel(&self) -> Result<&Path> {
        self.wheel.as_deref().context("no wheel was built")
    }

    /// Ours, and the peers that are there.
    pub fn subjects<'a>(&self, all: &'a [&'a str]) -> &'a [&'a str] {
        if self.generated.is_some() { all } else { all.get(..1).unwrap_or_default() }
    }

    /// The interpreter, ready to import every subject.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.environment.program("python"));
        if let Some(generated) = &self.generated {
            command.env("PYTHONPATH", generated);
        }
        command
    }

    /// Draws a plot of every result.
    pub fn plot(&self, root: &Path, out: &Path) -> Result<()> {
        let script = root.join("tests/bench/python/plot.py");
        output(self.command().arg(script).arg(out)).map(|text| print!("{text}"))
    }
}
