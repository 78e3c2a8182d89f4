//! What Python people use today, in a virtual environment of its own, with our wheel beside it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::test::shell;

const REQUIREMENTS: &str = "tests/bench/python/requirements.txt";

/// The environment with the peers and our wheel.
pub struct Peers {
    folder: PathBuf,
    /// The client that openapi-python-client makes of our description.
    generated: PathBuf,
}

impl Peers {
    /// Makes the environment, or takes the one there is if it has what is wanted, and installs the newest wheel into it.
    pub fn prepare(root: &Path) -> Result<Self> {
        let bench = root.join("target/bench");
        let peers = Self { folder: bench.join("venv"), generated: bench.join("openapi-python-client") };
        let wanted_path = root.join(REQUIREMENTS);
        let wanted = fs::read_to_string(&wanted_path)
            .with_context(|| format!("cannot read {}", wanted_path.display()))?;
        let stamp = peers.folder.join("requirements.txt");
        if fs::read_to_string(&stamp).ok().as_deref() != Some(&wanted) {
            if peers.folder.exists() {
                fs::remove_dir_all(&peers.folder)
                    .with_context(|| format!("cannot remove {}", peers.folder.display()))?;
            }
            let target = peers.folder.to_string_lossy().into_owned();
            shell(root, crate::python::interpreter()?, &["-m", "venv", &target], &[])?;
            peers.pip(root, &["-r", REQUIREMENTS])?;
            fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
        }
        let wheels = root.join("target/python/wheels");
        let wheel = fs::read_dir(&wheels)
            .with_context(|| format!("cannot read {}", wheels.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"));
        let Some(wheel) = wheel else { bail!("there is no wheel in {}", wheels.display()) };
        peers.pip(root, &["--force-reinstall", "--no-deps", &wheel.to_string_lossy()])?;
        let out = peers.generated.to_string_lossy().into_owned();
        let arguments = ["generate", "--path", "openapi/grinfi.yaml", "--output-path", &out, "--overwrite"];
        super::process::output(
            Command::new(peers.program("openapi-python-client")).args(arguments).current_dir(root),
        )?;
        Ok(peers)
    }

    /// The interpreter, ready to import every subject.
    pub fn python(&self) -> Command {
        let mut command = Command::new(self.program("python"));
        command.env("PYTHONPATH", &self.generated);
        command
    }

    /// Draws a plot of every result.
    pub fn plot(&self, root: &Path, out: &Path) -> Result<()> {
        let script = root.join("tests/bench/python/plot.py");
        super::process::output(self.python().arg(script).arg(out)).map(|text| print!("{text}"))
    }

    fn pip(&self, root: &Path, arguments: &[&str]) -> Result<()> {
        let fixed = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        shell(root, self.program("python"), &[&fixed[..], arguments].concat(), &[])
    }

    fn program(&self, name: &str) -> PathBuf {
        let (folder, suffix) = if cfg!(windows) { ("Scripts", ".exe") } else { ("bin", "") };
        self.folder.join(folder).join(format!("{name}{suffix}"))
    }
}
