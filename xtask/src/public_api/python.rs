//! Lists the public names of a Python package with Python's own parser.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use super::Texts;

const LISTING: &str = include_str!("listing.py");

/// The names of a package, by its folder.
pub fn of_package(name: &str, folder: &Path, texts: &Texts) -> Result<BTreeSet<String>> {
    let mut modules = Vec::new();
    for path in files(folder)? {
        let text = texts.read(&path)?;
        let inside = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
        let steps: Vec<String> = inside
            .iter()
            .map(|step| step.to_string_lossy().into_owned())
            // The names of a private module belong to the package that contains it.
            .filter(|step| !step.starts_with('_'))
            .collect();
        let module = std::iter::once(name.to_owned()).chain(steps).collect::<Vec<_>>().join(".");
        modules.push((module, text));
    }
    of_texts(&modules)
}

/// The names of modules, each with its source.
pub fn of_texts(modules: &[(String, String)]) -> Result<BTreeSet<String>> {
    let interpreter = crate::python::interpreter()?;
    let mut child = Command::new(interpreter)
        .args(["-c", LISTING])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {interpreter}"))?;
    let input = serde_json::to_vec(modules).context("cannot serialize the modules")?;
    child.stdin.take().context("the interpreter has no standard input")?.write_all(&input)?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("{interpreter} could not list the names of the Python modules: {}", output.status);
    }
    serde_json::from_slice(&output.stdout).context("the list of names is not JSON")
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_public_names() {
        let text = r#"
__all__ = ["Client", "connect"]
LIMIT = 3
_quiet = 1
class Client(Base):
    name: str
    _secret: str
    def __init__(self, key: str, *, base_url: str | None = None) -> None: ...
    @property
    def lists(self) -> "Lists": ...
    async def close(self) -> None: ...
    def _private(self): ...
class _Hidden: ...
def connect(url): ...
"#;
        let lines: Vec<String> = of_texts(&[("p".into(), text.into())]).unwrap().into_iter().collect();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
