//! Python virtual environments below `target/`, with pinned packages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::shell::shell;

/// The packages for tests with all optional dependencies.
const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// The packages for tests without optional dependencies.
const BARE: &str = "tests/python/requirements-bare.txt";

/// A virtual environment.
pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// The environment in which the wheel is built and tested.
    pub fn prepare(root: &Path) -> Result<Self> {
        Self::with(root, "target/python/venv", REQUIREMENTS)
    }

    /// The environment without optional dependencies.
    pub fn prepare_bare(root: &Path) -> Result<Self> {
        Self::with(root, "target/python/bare", BARE)
    }

    /// Creates an environment from a requirements file, or returns the existing one if the file is the same.
    pub fn with(root: &Path, folder: &str, requirements: &str) -> Result<Self> {
        let environment = Self { folder: root.join(folder) };
        let wanted_path = root.join(requirements);
        let wanted = fs::read_to_string(&wanted_path)
            .with_context(|| format!("cannot read {}", wanted_path.display()))?;
        let stamp = environment.folder.join("requirements.txt");
        if fs::read_to_string(&stamp).ok().as_deref() == Some(&wanted) {
            return Ok(environment);
        }
        if environment.folder.exists() {
            fs::remove_dir_all(&environment.folder)
                .with_context(|| format!("cannot remove {}", environment.folder.display()))?;
        }
        let target = environment.folder.to_string_lossy().into_owned();
        shell(root, interpreter()?, &["-m", "venv", &target], &[])?;
        environment.pip_install(root, &["-r", requirements])?;
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
        Ok(environment)
    }

    /// A program of the environment.
    pub fn program(&self, name: &str) -> PathBuf {
        let (folder, suffix) = if cfg!(windows) { ("Scripts", ".exe") } else { ("bin", "") };
        self.folder.join(folder).join(format!("{name}{suffix}"))
    }

    /// Builds the wheel for tests: nearly as fast as the published one, and much faster to build.
    pub fn build_wheel(&self, root: &Path) -> Result<PathBuf> {
        self.build_wheel_as("release", root, "target/python/wheels")
    }

    /// Builds the wheel with a cargo profile, into a folder with no other files.
    pub fn build_wheel_as(&self, profile: &str, root: &Path, folder: &str) -> Result<PathBuf> {
        let wheels = root.join(folder);
        if wheels.exists() {
            fs::remove_dir_all(&wheels).with_context(|| format!("cannot remove {}", wheels.display()))?;
        }
        let out = wheels.to_string_lossy().into_owned();
        let python = self.program("python").to_string_lossy().into_owned();
        let manifest = "bindings/python/Cargo.toml";
        let arguments = [
            "build",
            "--profile",
            profile,
            "--locked",
            "--manifest-path",
            manifest,
            "--out",
            &out,
            "--interpreter",
            &python,
        ];
        shell(root, self.program("maturin"), &arguments, &[])?;
        let built: Vec<PathBuf> = fs::read_dir(&wheels)
            .with_context(|| format!("cannot read {}", wheels.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .collect();
        let [wheel] = built.as_slice() else {
            bail!("expected one wheel from maturin, got {} in {}", built.len(), wheels.display());
        };
        let size = fs::metadata(wheel).with_context(|| format!("cannot read {}", wheel.display()))?.len();
        println!("{} is {:.1} MB", wheel.display(), size as f64 / 1e6);
        Ok(wheel.clone())
    }

    /// Installs a wheel, and replaces an older one.
    pub fn install_wheel(&self, root: &Path, wheel: &Path) -> Result<()> {
        self.pip_install(root, &["--force-reinstall", "--no-deps", &wheel.to_string_lossy()])
    }

    fn pip_install(&self, root: &Path, what: &[&str]) -> Result<()> {
        let fixed = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        shell(root, self.program("python"), &[&fixed[..], what].concat(), &[])
    }

    /// Runs mypy on the package, and on a file of expected types.
    pub fn check_types(&self, root: &Path) -> Result<()> {
        let python = self.program("python");
        shell(root, &python, &["-m", "mypy", "--strict", "bindings/python/python/grinfi"], &[])?;
        shell(root, &python, &["-m", "mypy", "--strict", "tests/python/typing_expectations.py"], &[])
    }
}

/// The name of the installed CPython.
pub fn interpreter() -> Result<&'static str> {
    for name in ["python3", "python"] {
        let version = "import sys; sys.exit(sys.version_info < (3, 10))";
        if Command::new(name).args(["-c", version]).status().is_ok_and(|status| status.success()) {
            return Ok(name);
        }
    }
    bail!("no CPython 3.10 or newer found as `python3` or `python`; install one")
}
