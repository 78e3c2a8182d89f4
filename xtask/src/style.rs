//! `cargo xtask style`: finds words and phrases that the style guide replaces, in comments, documentation, messages, names
//! and file names. `xtask/style.toml` lists them, with the files that are left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, bail};
use clap::Args;

mod rules;
mod text;

use rules::{Finding, Rules};

/// The list of phrases and exceptions, relative to the workspace.
const RULES: &str = "xtask/style.toml";

/// Options of `cargo xtask style`.
#[derive(Debug, Default, Args)]
pub struct StyleOptions {
    /// Print only the number of findings of each folder and of each phrase.
    #[arg(long)]
    summary: bool,
    /// Only these files and folders, relative to the workspace.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
}

impl StyleOptions {
    /// All files, with the findings or only their numbers.
    pub fn summary(summary: bool) -> Self {
        Self { summary, paths: Vec::new() }
    }
}

/// What a check found.
pub struct StyleReport {
    findings: Vec<Finding>,
    /// The lines that were read, by folder.
    lines: BTreeMap<String, usize>,
    /// Exceptions that match nothing.
    unused: Vec<String>,
}

/// Prints the findings and fails if there are any.
pub fn run(root: &Path, arguments: &StyleOptions) -> Result<()> {
    let report = check(root, &arguments.paths)?;
    if !arguments.summary {
        report.print();
    }
    report.print_summary(arguments.summary);
    report.verify()
}

/// Reads every tracked file that is written by people.
pub fn check(root: &Path, paths: &[String]) -> Result<StyleReport> {
    let path = root.join(RULES);
    let rules = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let rules = Rules::parse(&rules).with_context(|| path.display().to_string())?;
    let mut report = StyleReport { findings: Vec::new(), lines: BTreeMap::new(), unused: Vec::new() };
    let mut used = BTreeSet::new();
    for name in tracked(root)? {
        let selected = paths.is_empty() || paths.iter().any(|path| rules::is_below(&name, path));
        if !selected || !rules.covers(&name) {
            continue;
        }
        let path = root.join(&name);
        // A file that is removed and not committed yet is still tracked.
        let Ok(bytes) = fs::read(&path) else { continue };
        let content = String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8 text"))?;
        *report.lines.entry(folder(&name)).or_default() += content.lines().count();
        report.findings.extend(rules.findings(&name, &content, &mut used));
    }
    if paths.is_empty() {
        report.unused = rules.unused(&used);
    }
    Ok(report)
}

impl StyleReport {
    fn print(&self) {
        self.findings.iter().for_each(|finding| println!("{finding}"));
    }

    fn print_summary(&self, with_phrases: bool) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut phrases: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(folder(&finding.path)).or_default() += 1;
            *phrases.entry(&finding.pattern).or_default() += 1;
        }
        if with_phrases {
            let mut phrases: Vec<(&str, usize)> = phrases.into_iter().collect();
            phrases.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            phrases.iter().for_each(|(phrase, count)| println!("{count:>6}  {phrase}"));
            println!();
        }
        println!("{:<28} {:>9} {:>9} {:>16}", "folder", "lines", "findings", "per 1,000 lines");
        for (folder, lines) in &self.lines {
            print_row(folder, *lines, counts.get(folder).copied().unwrap_or_default());
        }
        print_row("total", self.lines.values().sum(), self.findings.len());
    }

    fn verify(&self) -> Result<()> {
        if !self.unused.is_empty() {
            bail!("{RULES} has exceptions that match nothing; remove them: {}", self.unused.join(", "));
        }
        if !self.findings.is_empty() {
            bail!(
                "{} findings; use the term after the arrow, or add an exception with a reason to {RULES}",
                self.findings.len()
            );
        }
        Ok(())
    }
}

fn print_row(folder: &str, lines: usize, findings: usize) {
    let rate = findings as f64 * 1000.0 / lines.max(1) as f64;
    println!("{folder:<28} {lines:>9} {findings:>9} {rate:>16.1}");
}

/// The part of the workspace that a file belongs to: its first two folders.
fn folder(path: &str) -> String {
    let folders: Vec<&str> = path.split('/').collect();
    match folders[..] {
        [first, second, _, ..] => format!("{first}/{second}"),
        [first, _] => first.to_owned(),
        _ => ".".to_owned(),
    }
}

/// The files that git tracks, and those that it would.
fn tracked(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        bail!("`git ls-files` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_is_the_first_two_levels() {
        assert_eq!(folder("crates/grinfi/src/lib.rs"), "crates/grinfi");
        assert_eq!(folder("docs/sandbox.md"), "docs");
        assert_eq!(folder("README.md"), ".");
    }

    #[test]
    fn rules_of_the_workspace_are_valid() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        Rules::parse(&fs::read_to_string(root.join(RULES)).unwrap()).unwrap();
    }
}
