//! `cargo xtask public-api`: lists the public names in `tests/public-api/rust.txt` and `tests/public-api/python.txt`, so that
//! changes are visible in reviews and judged by SemVer.
//!
//! The JSON of rustdoc, which `cargo-public-api` and `cargo-semver-checks` read, needs a nightly compiler. These lists are
//! made by parsing the source.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

pub mod python;
pub mod rust;

/// The crates whose names are public.
const CRATES: [&str; 3] = ["grinfi", "grinfi-raw", "grinfi-sandbox"];

/// A list: its file, and the function that collects the names.
type NameList = (&'static str, fn(&Path, &Texts) -> Result<BTreeSet<String>>);

/// The lists.
const LISTINGS: [NameList; 2] =
    [("tests/public-api/rust.txt", of_rust), ("tests/public-api/python.txt", of_python)];

/// Source that is about to be written, and replaces the files on disk.
#[derive(Debug, Default)]
pub struct Texts(pub BTreeMap<PathBuf, String>);

impl Texts {
    fn read(&self, path: &Path) -> Result<String> {
        match self.0.get(path) {
            Some(text) => Ok(text.clone()),
            None => fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display())),
        }
    }
}

fn of_rust(root: &Path, texts: &Texts) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for name in CRATES {
        let lib = root.join("crates").join(name).join("src/lib.rs");
        names.extend(rust::of_crate(&name.replace('-', "_"), &lib, texts)?);
    }
    Ok(names)
}

fn of_python(root: &Path, texts: &Texts) -> Result<BTreeSet<String>> {
    python::of_package("grinfi", &root.join("bindings/python/python/grinfi"), texts)
}

/// The lists as they will be after these texts are written.
pub fn with(root: &Path, texts: &Texts) -> Result<Vec<(PathBuf, String)>> {
    LISTINGS.into_iter().map(|(file, list)| Ok((root.join(file), write(&list(root, texts)?)))).collect()
}

/// The changes between two lists.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct NameChanges {
    /// Names that were removed or changed.
    pub removed: Vec<String>,
    /// Names that were added.
    pub new: Vec<String>,
}

/// The version bump that a change requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// No public change.
    Patch,
    /// Names were added.
    Minor,
    /// Names were removed or changed.
    Major,
}

impl NameChanges {
    fn between(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Self {
        Self {
            removed: before.difference(after).cloned().collect(),
            new: after.difference(before).cloned().collect(),
        }
    }

    /// The bump that SemVer requires.
    pub fn bump(&self) -> Bump {
        // Implementors of a trait have to add its new required methods.
        let has_new_requirement = self
            .new
            .iter()
            .any(|line| line.starts_with("trait ") && line.contains(": ") && !line.ends_with("{…}"));
        match (self.removed.is_empty() && !has_new_requirement, self.new.is_empty()) {
            (false, _) => Bump::Major,
            (true, false) => Bump::Minor,
            (true, true) => Bump::Patch,
        }
    }

    fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.new.is_empty()
    }
}

impl fmt::Display for NameChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.removed.iter().try_for_each(|line| writeln!(f, "  - {line}"))?;
        self.new.iter().try_for_each(|line| writeln!(f, "  + {line}"))
    }
}

impl Bump {
    /// The next version after `version`. Before 1.0, the second number is for breaking changes.
    pub fn next(self, version: &str) -> Result<String> {
        let numbers: Vec<u64> = version
            .split(['-', '+'])
            .next()
            .unwrap_or_default()
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .with_context(|| format!("`{version}` is not a version"))?;
        let [major, minor, patch] = numbers[..] else { bail!("`{version}` is not a version") };
        Ok(match (self, major) {
            (Self::Major, 0) => format!("0.{}.0", minor + 1),
            (Self::Major, _) => format!("{}.0.0", major + 1),
            (Self::Minor, 1..) => format!("{major}.{}.0", minor + 1),
            (Self::Minor, 0) | (Self::Patch, _) => format!("{major}.{minor}.{}", patch + 1),
        })
    }
}

/// Writes the lists, or with `check` compares them with the source and fails if they differ.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let mut stale = Vec::new();
    let released = last_release(root)?;
    for (file, list) in LISTINGS {
        let names = list(root, &Texts::default())?;
        let path = root.join(file);
        let known = fs::read_to_string(&path).unwrap_or_default();
        let committed = read(&known);
        let text = write(&names);
        if check {
            let changed = NameChanges::between(&committed, &names);
            if !changed.is_empty() {
                print!("{file} is out of date:\n{changed}");
                stale.push(file);
            }
        } else if known != text {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            }
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        match &released {
            Some(tag) => {
                let changed = NameChanges::between(&at_tag(root, tag, file)?, &names);
                let next = changed.bump().next(tag.trim_start_matches('v'))?;
                println!(
                    "{file}: {} names; since {tag} {} removed or changed, {} added; the next version is at least {next}",
                    names.len(),
                    changed.removed.len(),
                    changed.new.len()
                );
            }
            None => println!("{file}: {} names; there is no release to compare with", names.len()),
        }
    }
    if !stale.is_empty() {
        bail!(
            "the public names changed; if that is intended, run `cargo xtask public-api` and commit {}",
            stale.join(" and ")
        );
    }
    Ok(())
}

/// The changes of both lists since a tag.
pub fn since(root: &Path, tag: &str) -> Result<NameChanges> {
    let mut all = NameChanges::default();
    for (file, list) in LISTINGS {
        let changed = NameChanges::between(&at_tag(root, tag, file)?, &list(root, &Texts::default())?);
        all.removed.extend(changed.removed);
        all.new.extend(changed.new);
    }
    Ok(all)
}

/// The tag of the last release, if any.
pub fn last_release(root: &Path) -> Result<Option<String>> {
    let output = Command::new("git")
        .args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"])
        .current_dir(root)
        .output()
        .context("cannot run git")?;
    let tag = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !tag.is_empty()).then_some(tag))
}

/// A file at a tag; empty if it did not exist.
pub fn text_at_tag(root: &Path, tag: &str, file: &str) -> Result<String> {
    let output = Command::new("git")
        .args(["show", &format!("{tag}:{file}")])
        .current_dir(root)
        .output()
        .context("cannot run git")?;
    Ok(if output.status.success() {
        String::from_utf8_lossy(&output.stdout).into_owned()
    } else {
        String::new()
    })
}

fn at_tag(root: &Path, tag: &str, file: &str) -> Result<BTreeSet<String>> {
    Ok(read(&text_at_tag(root, tag, file)?))
}

fn read(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

fn write(names: &BTreeSet<String>) -> String {
    let mut text = String::from(
        "# Public names, written by `cargo xtask public-api`. A change here is a change for users.\n",
    );
    for name in names {
        text.push_str(name);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(removed: &[&str], new: &[&str]) -> NameChanges {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        NameChanges { removed: own(removed), new: own(new) }
    }

    #[test]
    fn removals_need_a_larger_bump_than_additions() {
        assert_eq!(changed(&[], &[]).bump(), Bump::Patch);
        assert_eq!(changed(&[], &["fn a::b()"]).bump(), Bump::Minor);
        assert_eq!(changed(&["fn a::b()"], &["fn a::b(x: u8)"]).bump(), Bump::Major);
        assert_eq!(changed(&[], &["trait a::T: call(&self)"]).bump(), Bump::Major);
        assert_eq!(changed(&[], &["trait a::T: call(&self) {…}"]).bump(), Bump::Minor);
        assert_eq!(changed(&[], &["trait a::T"]).bump(), Bump::Minor);
    }

    #[test]
    fn before_1_0_the_second_number_is_major() {
        let next = |bump: Bump, version: &str| bump.next(version).unwrap();
        assert_eq!(next(Bump::Major, "0.3.4"), "0.4.0");
        assert_eq!(next(Bump::Minor, "0.3.4"), "0.3.5");
        assert_eq!(next(Bump::Major, "1.3.4"), "2.0.0");
        assert_eq!(next(Bump::Minor, "1.3.4"), "1.4.0");
        assert_eq!(next(Bump::Patch, "1.3.4-rc.1"), "1.3.5");
        assert!(Bump::Patch.next("one").is_err());
    }

    #[test]
    fn list_survives_a_round_trip() {
        let names: BTreeSet<String> = ["fn a()", "struct B"].map(str::to_owned).into();
        assert_eq!(read(&write(&names)), names);
    }
}
