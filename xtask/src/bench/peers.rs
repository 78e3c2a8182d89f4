//! Python clients to compare with, in a virtual environment with our wheel.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::process::output;
use crate::python::Environment;

/// An interpreter with our wheel, and possibly the peers.
pub struct Python {
    environment: Environment,
    /// The installed wheel, if this module installed it.
    wheel: Option<PathBuf>,
    /// The client that openapi-python-client generates from our description; only with the peers.
    generated: Option<PathBuf>,
}

impl Python {
    /// Creates the environment with all peers, and installs a wheel built with a cargo profile.
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

    /// Uses an environment that has our wheel and no peers.
    pub fn without_peers(environment: Environment) -> Self {
        Self { environment, wheel: None, generated: None }
    }

    /// The measured wheel.
    pub fn wheel(&self) -> Result<&Path> {
        self.wheel.as_deref().context("no wheel was built")
    }

    /// Our client, and the installed peers.
    pub fn workloads<'a>(&self, all: &'a [&'a str]) -> &'a [&'a str] {
        if self.generated.is_some() { all } else { all.get(..1).unwrap_or_default() }
    }

    /// The interpreter, with every client importable.
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
