//! `cargo xtask semver`: the version bump that SemVer requires since a commit, by [cargo-semver-checks]. It compares types, the
//! lists in `tests/public-api` only names.
//!
//! [cargo-semver-checks]: https://crates.io/crates/cargo-semver-checks

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{public_api, public_api::Bump};

/// The published crates.
const CRATES: [&str; 3] = ["grinfi-raw", "grinfi-sandbox", "grinfi"];

/// Prints the required bump since a commit or tag, by default since the last release.
pub fn run(root: &Path, since: Option<String>) -> Result<()> {
    let since = match since {
        Some(since) => since,
        None => public_api::last_release(root)?
            .context("there is no release yet; give a commit: `cargo xtask semver COMMIT`")?,
    };
    match required(root, &since)? {
        Some(bump) => println!("since {since} SemVer requires a {bump:?} bump"),
        None => {
            bail!("cargo-semver-checks is not installed; run `cargo install --locked cargo-semver-checks`")
        }
    }
    Ok(())
}

/// The required bump since a commit or tag; `None` if cargo-semver-checks is not installed.
pub fn required(root: &Path, since: &str) -> Result<Option<Bump>> {
    let there = Command::new("cargo").args(["semver-checks", "--version"]).output();
    if !there.context("cannot run cargo")?.status.success() {
        return Ok(None);
    }
    let mut command = Command::new("cargo");
    // Declared as a patch, so that additions are reported too.
    command.args(["semver-checks", "--release-type", "patch", "--color", "never", "--baseline-rev", since]);
    for name in CRATES {
        command.args(["--package", name]);
    }
    let output = command.current_dir(root).output().context("cannot run cargo semver-checks")?;
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    print!("{text}");
    verdict(&text).map(Some)
}

/// The largest bump that any of the crates requires.
fn verdict(output: &str) -> Result<Bump> {
    let summaries: Vec<&str> =
        output.lines().filter_map(|line| line.trim_start().strip_prefix("Summary ")).collect();
    if summaries.len() != CRATES.len() {
        bail!("cargo semver-checks finished for {} of {} crates:\n{output}", summaries.len(), CRATES.len());
    }
    let of = |summary: &&str| {
        if summary.contains("requires new major version") {
            Bump::Major
        } else if summary.contains("requires new minor version") {
            Bump::Minor
        } else {
            Bump::Patch
        }
    };
    Ok(summaries.iter().map(of).max().unwrap_or(Bump::Patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_bump_of_the_crates_counts() {
        let minor = "     Summary no semver update required\n     Summary semver requires new minor version: 0 major and 1 minor checks failed\n";
        let nothing = "     Summary no semver update required\n";
        let major = "     Summary semver requires new major version: 2 major and 0 minor checks failed\n";
        assert_eq!(verdict(&[minor, nothing].concat()).unwrap(), Bump::Minor);
        assert_eq!(verdict(&[minor, major].concat()).unwrap(), Bump::Major);
        assert_eq!(verdict(&[nothing; 3].concat()).unwrap(), Bump::Patch);
        let error = verdict(&[minor, "error: could not compile\n"].concat()).unwrap_err().to_string();
        assert!(error.contains("2 of 3 crates") && error.contains("could not compile"), "{error}");
    }
}
