//! `cargo xtask semver`: what SemVer asks for since a commit, by [cargo-semver-checks], which looks into types where the
//! listings in `tests/public-api` compare names.
//!
//! [cargo-semver-checks]: https://crates.io/crates/cargo-semver-checks

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{public_api, public_api::Bump};

/// The crates that users build on.
const CRATES: [&str; 3] = ["grinfi-raw", "grinfi-sandbox", "grinfi"];

/// Shows what SemVer asks for since a commit or tag; since the last release, if none is named.
pub fn run(root: &Path, since: Option<String>) -> Result<()> {
    let since = match since {
        Some(since) => since,
        None => public_api::last_release(root)?
            .context("nothing is released yet; name a commit: `cargo xtask semver COMMIT`")?,
    };
    match asked(root, &since)? {
        Some(bump) => println!("since {since} SemVer asks for {bump:?}, by cargo-semver-checks"),
        None => {
            bail!("cargo-semver-checks is missing; `cargo install --locked cargo-semver-checks` installs it")
        }
    }
    Ok(())
}

/// What SemVer asks for since a commit or tag; `None` if cargo-semver-checks is not installed.
pub fn asked(root: &Path, since: &str) -> Result<Option<Bump>> {
    let there = Command::new("cargo").args(["semver-checks", "--version"]).output();
    if !there.context("cannot run cargo")?.status.success() {
        return Ok(None);
    }
    let mut command = Command::new("cargo");
    // As for a patch, so that what is only new is told of too.
    command.args(["semver-checks", "--release-type", "patch", "--color", "never", "--baseline-rev", since]);
    for name in CRATES {
        command.args(["--package", name]);
    }
    let output = command.current_dir(root).output().context("cannot run cargo semver-checks")?;
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    print!("{said}");
    verdict(&said).map(Some)
}

/// The most that any of the crates asks for.
fn verdict(said: &str) -> Result<Bump> {
    let summaries: Vec<&str> =
        said.lines().filter_map(|line| line.trim_start().strip_prefix("Summary ")).collect();
    if summaries.len() != CRATES.len() {
        bail!(
            "cargo semver-checks came to an end for {} of {} crates:\n{said}",
            summaries.len(),
            CRATES.len()
        );
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
    fn the_most_that_a_crate_asks_for_counts() {
        let said = "     Summary no semver update required\n     Summary semver requires new minor version: 0 major and 1 minor checks failed\n";
        let nothing = "     Summary no semver update required\n";
        let major = "     Summary semver requires new major version: 2 major and 0 minor checks failed\n";
        assert_eq!(verdict(&[said, nothing].concat()).unwrap(), Bump::Minor);
        assert_eq!(verdict(&[said, major].concat()).unwrap(), Bump::Major);
        assert_eq!(verdict(&[nothing; 3].concat()).unwrap(), Bump::Patch);
        let error = verdict(&[said, "error: could not compile\n"].concat()).unwrap_err().to_string();
        assert!(error.contains("2 of 3 crates") && error.contains("could not compile"), "{error}");
    }
}
