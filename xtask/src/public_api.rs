//! The public interface as committed listings, `tests/public-api/rust.txt` and `tests/public-api/python.txt`, so that a change of it is seen in review
//! and judged by SemVer.
//!
//! The listing of rustdoc, which `cargo-public-api` and `cargo-semver-checks` read, needs a nightly compiler or one that is
//! told to act as one; these listings are read off the source, with what the project builds on anyway.

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

/// A listing: which file keeps it, and how it is made.
type Listing = (&'static str, fn(&Path, &Texts) -> Result<BTreeSet<String>>);

/// The listings.
const LISTINGS: [Listing; 2] =
    [("tests/public-api/rust.txt", of_rust), ("tests/public-api/python.txt", of_python)];

/// Source that is about to be written, in the place of what is on disk.
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

/// The listings as they will be once these texts are written.
pub fn with(root: &Path, texts: &Texts) -> Result<Vec<(PathBuf, String)>> {
    LISTINGS.into_iter().map(|(file, list)| Ok((root.join(file), write(&list(root, texts)?)))).collect()
}

/// What became of the public names.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Names that are gone, or are not what they were.
    pub gone: Vec<String>,
    /// Names that are new.
    pub new: Vec<String>,
}

/// How much of a version a change asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing of the interface changed.
    Patch,
    /// It grew.
    Minor,
    /// It lost something.
    Major,
}

impl Changed {
    fn between(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Self {
        Self {
            gone: before.difference(after).cloned().collect(),
            new: after.difference(before).cloned().collect(),
        }
    }

    /// What SemVer asks for.
    pub fn bump(&self) -> Bump {
        // Whoever implements a trait of ours has to add what it asks for.
        let asked = self
            .new
            .iter()
            .any(|line| line.starts_with("trait ") && line.contains(": ") && !line.ends_with("{…}"));
        match (self.gone.is_empty() && !asked, self.new.is_empty()) {
            (false, _) => Bump::Major,
            (true, false) => Bump::Minor,
            (true, true) => Bump::Patch,
        }
    }

    fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty()
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.gone.iter().try_for_each(|line| writeln!(f, "  - {line}"))?;
        self.new.iter().try_for_each(|line| writeln!(f, "  + {line}"))
    }
}

impl Bump {
    /// The version that comes after `version`. Before 1.0 the second number counts as the first does later.
    pub fn next(self, version: &str) -> Result<String> {
        let numbers: Vec<u64> = version
            .split(['-', '+'])
            .next()
            .unwrap_or_default()
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .with_context(|| format!("{version} is no version"))?;
        let [major, minor, patch] = numbers[..] else { bail!("{version} is no version") };
        Ok(match (self, major) {
            (Self::Major, 0) => format!("0.{}.0", minor + 1),
            (Self::Major, _) => format!("{}.0.0", major + 1),
            (Self::Minor, 1..) => format!("{major}.{}.0", minor + 1),
            (Self::Minor, 0) | (Self::Patch, _) => format!("{major}.{minor}.{}", patch + 1),
        })
    }
}

/// Writes the listings, or with `check` compares them with the source and fails if they differ.
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
            let changed = Changed::between(&committed, &names);
            if !changed.is_empty() {
                print!("{file} does not list what is public:\n{changed}");
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
                let changed = Changed::between(&at_tag(root, tag, file)?, &names);
                let next = changed.bump().next(tag.trim_start_matches('v'))?;
                println!(
                    "{file}: {} names; since {tag} {} are gone or changed and {} new, so SemVer asks for {next} at least",
                    names.len(),
                    changed.gone.len(),
                    changed.new.len()
                );
            }
            None => println!("{file}: {} names; nothing is released that SemVer could bind", names.len()),
        }
    }
    if !stale.is_empty() {
        bail!(
            "the public interface changed; if it was meant to, run `cargo xtask public-api` and commit {}",
            stale.join(" and ")
        );
    }
    Ok(())
}

/// What became of the public names of both languages since a tag.
pub fn since(root: &Path, tag: &str) -> Result<Changed> {
    let mut all = Changed::default();
    for (file, list) in LISTINGS {
        let changed = Changed::between(&at_tag(root, tag, file)?, &list(root, &Texts::default())?);
        all.gone.extend(changed.gone);
        all.new.extend(changed.new);
    }
    Ok(all)
}

/// The tag of the last release, if there is one.
pub fn last_release(root: &Path) -> Result<Option<String>> {
    let output = Command::new("git")
        .args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"])
        .current_dir(root)
        .output()
        .context("cannot run git")?;
    let tag = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !tag.is_empty()).then_some(tag))
}

/// A file as it was at a tag; empty if there was none.
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
        "# The public names, by `cargo xtask public-api`; a change here is a change for users.\n",
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

    fn changed(gone: &[&str], new: &[&str]) -> Changed {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Changed { gone: own(gone), new: own(new) }
    }

    #[test]
    fn what_is_lost_asks_for_more_than_what_is_gained() {
        assert_eq!(changed(&[], &[]).bump(), Bump::Patch);
        assert_eq!(changed(&[], &["fn a::b()"]).bump(), Bump::Minor);
        assert_eq!(changed(&["fn a::b()"], &["fn a::b(x: u8)"]).bump(), Bump::Major);
        assert_eq!(changed(&[], &["trait a::T: speak(&self)"]).bump(), Bump::Major);
        assert_eq!(changed(&[], &["trait a::T: speak(&self) {…}"]).bump(), Bump::Minor);
        assert_eq!(changed(&[], &["trait a::T"]).bump(), Bump::Minor);
    }

    #[test]
    fn before_one_the_second_number_counts() {
        let next = |bump: Bump, version: &str| bump.next(version).unwrap();
        assert_eq!(next(Bump::Major, "0.3.4"), "0.4.0");
        assert_eq!(next(Bump::Minor, "0.3.4"), "0.3.5");
        assert_eq!(next(Bump::Major, "1.3.4"), "2.0.0");
        assert_eq!(next(Bump::Minor, "1.3.4"), "1.4.0");
        assert_eq!(next(Bump::Patch, "1.3.4-rc.1"), "1.3.5");
        assert!(Bump::Patch.next("one").is_err());
    }

    #[test]
    fn a_listing_reads_back() {
        let names: BTreeSet<String> = ["fn a()", "struct B"].map(str::to_owned).into();
        assert_eq!(read(&write(&names)), names);
    }
}
