//! What Python people use today, in a virtual environment of its own, with our wheel beside it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use super::process::output;
use crate::python::Environment;

/// The environment with the peers and our wheel.
pub struct Peers {
    environment: Environment,
    /// The client that openapi-python-client makes of our description.
    generated: PathBuf,
}

impl Peers {
    /// Makes the environment and what is generated, and installs the newest wheel.
    pub fn prepare(root: &Path) -> Result<Self> {
        let wheel = Environment::prepare(root)?.build_wheel(root)?;
        let environment =
            Environment::with(root, "target/bench/venv", "tests/bench/python/requirements.txt")?;
        environment.install_wheel(root, &wheel)?;
        let generated = root.join("target/bench/openapi-python-client");
        let mut generate = Command::new(environment.program("openapi-python-client"));
        generate.args(["generate", "--path", "openapi/grinfi.yaml", "--overwrite", "--output-path"]);
        output(generate.arg(&generated).current_dir(root))?;
        Ok(Self { environment, generated })
    }

    /// The interpreter, ready to import every subject.
    pub fn python(&self) -> Command {
        let mut command = Command::new(self.environment.program("python"));
        command.env("PYTHONPATH", &self.generated);
        command
    }

    /// Draws a plot of every result.
    pub fn plot(&self, root: &Path, out: &Path) -> Result<()> {
        let script = root.join("tests/bench/python/plot.py");
        output(self.python().arg(script).arg(out)).map(|text| print!("{text}"))
    }
}
