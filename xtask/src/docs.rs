//! `cargo xtask docs`: builds the documentation site of the Python package. A warning is an error.
//!
//! The builder reads only below the folder of its settings, so all inputs are copied to `target` first. Its caches stay there
//! too.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::python::{Environment, interpreter};

const PACKAGE: &str = "bindings/python";
/// The inputs of the builder: settings, pages, extension and requirements, docstrings.
const INPUTS: [&str; 4] = ["mkdocs.yml", "docs", "mkdocs", "python/grinfi"];
const BUILT: &str = "target/documentation/python";

/// Whether the installed CPython is new enough for the builder, which needs one version more than the package.
pub fn can_be_built() -> Result<bool> {
    let version = "import sys; sys.exit(sys.version_info < (3, 11))";
    let interpreter = interpreter()?;
    let status = Command::new(interpreter).args(["-c", version]).status();
    Ok(status.with_context(|| format!("cannot run {interpreter}"))?.success())
}

/// Builds the site, and returns its first page.
pub fn build(root: &Path) -> Result<PathBuf> {
    let environment =
        Environment::with(root, "target/documentation/venv", "bindings/python/mkdocs/requirements.txt")?;
    let folder = root.join(BUILT);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    for name in INPUTS {
        copy(&root.join(PACKAGE).join(name), &folder.join(name))?;
    }
    let program = environment.program("zensical");
    let output = Command::new(&program)
        .args(["build", "--strict", "--config-file", "mkdocs.yml"])
        .current_dir(&folder)
        // The tables of warnings are made for terminals.
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let output_bytes = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&output_bytes);
    print!("{text}");
    if let Some(warning) = text.lines().find(|line| is_warning(line)) {
        bail!("the documentation has warnings; the first is: {warning}");
    }
    if !output.status.success() {
        bail!("`zensical build` ended with {}", output.status);
    }
    let page = folder.join("site/index.html");
    if !page.is_file() {
        bail!("the builder did not write {}", page.display());
    }
    Ok(page)
}

/// Whether a line of the builder is a warning. Warnings of the docstring parser have no marker, so every unknown line counts.
fn is_warning(line: &str) -> bool {
    let progress = ["Build started", "No issues found", "Build finished in "];
    !line.trim().is_empty() && !progress.iter().any(|words| line.starts_with(words))
}

/// Copies a file, or a folder without the caches of interpreters.
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
    fn distinguishes_warnings_from_progress() {
        for line in [
            "Warning: unresolved autoref `grinfi.F` in reference/filters.md",
            "griffe: python/grinfi/_core.py:45: Parameter 'x' does not appear in the function signature",
            "mkdocstrings: grinfi.Nothing could not be found",
        ] {
            assert!(is_warning(line), "{line}");
        }
        for line in ["Build started", "No issues found", "Build finished in 6.67s", ""] {
            assert!(!is_warning(line), "{line}");
        }
    }
}
