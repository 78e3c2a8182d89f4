//! The documentation site of the Python package, built strictly: a warning is an error.
//!
//! The builder takes no folder outside of that of its settings, so all that it reads is copied below `target` first. That also
//! keeps what it caches out of the sources, and out of the next build.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::python::{Environment, interpreter};

const PACKAGE: &str = "bindings/python";
/// What the builder reads: settings, pages, what is installed beside it and its extension, and the docstrings.
const READS: [&str; 4] = ["mkdocs.yml", "docs", "mkdocs", "python/grinfi"];
const BUILT: &str = "target/documentation/python";

/// Whether the CPython to start from is new enough for the builder; the package itself runs on one version less.
pub fn can_be_built() -> Result<bool> {
    let version = "import sys; sys.exit(sys.version_info < (3, 11))";
    let interpreter = interpreter()?;
    let status = Command::new(interpreter).args(["-c", version]).status();
    Ok(status.with_context(|| format!("cannot run {interpreter}"))?.success())
}

/// Builds the site and answers its first page.
pub fn build(root: &Path) -> Result<PathBuf> {
    let environment =
        Environment::with(root, "target/documentation/venv", "bindings/python/mkdocs/requirements.txt")?;
    let folder = root.join(BUILT);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    for name in READS {
        copy(&root.join(PACKAGE).join(name), &folder.join(name))?;
    }
    let program = environment.program("zensical");
    let output = Command::new(&program)
        .args(["build", "--strict", "--config-file", "mkdocs.yml"])
        .current_dir(&folder)
        // Its tables of warnings are for terminals.
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    print!("{said}");
    if let Some(complaint) = said.lines().find(|line| is_complaint(line)) {
        bail!("the documentation has warnings, first: {complaint}");
    }
    if !output.status.success() {
        bail!("`zensical build` ended with {}", output.status);
    }
    let page = folder.join("site/index.html");
    if !page.is_file() {
        bail!("the builder made no {}", page.display());
    }
    Ok(page)
}

/// Whether a line of the builder is anything but what it says of a build that is well. It marks its own warnings, and not those
/// of what reads the docstrings.
fn is_complaint(line: &str) -> bool {
    let well = ["Build started", "No issues found", "Build finished in "];
    !line.trim().is_empty() && !well.iter().any(|words| line.starts_with(words))
}

/// Copies a file, or a folder with all that is in it but for what interpreters leave there.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("cannot copy {} to {}", from.display(), to.display());
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap_or(to)).with_context(failed)?;
        fs::copy(from, to).with_context(failed)?;
        return Ok(());
    }
    for entry in fs::read_dir(from).with_context(failed)? {
        let name = entry.with_context(failed)?.file_name();
        if name != "__pycache__" {
            copy(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_told_from_progress() {
        for line in [
            "Warning: unresolved autoref `grinfi.F` in reference/filters.md",
            "griffe: python/grinfi/_core.py:45: Parameter 'x' does not appear in the function signature",
            "mkdocstrings: grinfi.Nothing could not be found",
        ] {
            assert!(is_complaint(line), "{line}");
        }
        for line in ["Build started", "No issues found", "Build finished in 6.67s", ""] {
            assert!(!is_complaint(line), "{line}");
        }
    }
}
