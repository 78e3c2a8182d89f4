//! `cargo xtask release --dry-run`: checks the version, writes the release notes and builds every artifact into
//! `target/release-artifacts`, without publishing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    cargo, coverage, diff, generate,
    public_api::{self, Bump},
    python::Environment,
    semver,
    shell::shell,
    spec, update,
};

/// The folder of the artifacts.
const ARTIFACTS: &str = "target/release-artifacts";

/// The changelog, which people write.
const CHANGELOG: &str = "CHANGELOG.md";

/// The size limit of a wheel in bytes.
const WHEEL: u64 = 8_000_000;

/// The crates, in the order of their dependencies.
const CRATES: [&str; 3] = ["grinfi-raw", "grinfi-sandbox", "grinfi"];

/// Builds a release without publishing it.
pub fn dry_run(root: &Path) -> Result<()> {
    generate::run(root, true)?;
    generate::reviewed(root)?;
    update::prose(root, true)?;
    coverage::complete(root)?;
    public_api::run(root, true)?;

    let version = version(root)?;
    let last = public_api::last_release(root)?;
    let required = match &last {
        Some(tag) => {
            let checked = semver::required(root, tag)?;
            if checked.is_none() {
                println!(
                    "cargo-semver-checks is not installed; the version is checked by the lists of public names alone"
                );
            }
            let bump = public_api::since(root, tag)?.bump().max(checked.unwrap_or(Bump::Patch));
            bump.next(tag.trim_start_matches('v'))?
        }
        None => version.clone(),
    };
    println!("version {version}, required: at least {required}");
    if numbers(&version)? < numbers(&required)? {
        bail!(
            "the changes require version {required} or higher, got {version}; set `workspace.package.version`"
        );
    }

    let folder = root.join(ARTIFACTS);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let notes = release_notes(root, &version, last.as_deref())?;
    print!("\n{notes}\n");
    let path = folder.join("RELEASE_NOTES.md");
    fs::write(&path, notes).with_context(|| format!("cannot write {}", path.display()))?;

    timed("crates", || crates(root, &folder, &version))?;
    timed("sandbox", || sandbox(root, &folder, &version))?;
    timed("wheel and source distribution", || wheel(root, &folder, &version))?;
    sums(&folder)?;
    println!("{ARTIFACTS}:\n{}", sizes(&folder)?);
    println!("nothing was published");
    Ok(())
}

/// Builds artifacts and prints the time.
fn timed(what: &str, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    make().with_context(|| format!("cannot make the {what}"))?;
    println!("{what}: {:.0} s", start.elapsed().as_secs_f32());
    Ok(())
}

/// The version of the crates, of their dependencies on each other, and of the wheel, which must be the same.
fn version(root: &Path) -> Result<String> {
    let metadata = cargo::metadata(root, &["--no-deps"])?;
    let pyproject = root.join("bindings/python/pyproject.toml");
    let text =
        fs::read_to_string(&pyproject).with_context(|| format!("cannot read {}", pyproject.display()))?;
    let pyproject: toml::Table =
        text.parse().with_context(|| format!("{} is not TOML", pyproject.display()))?;
    one_version(&metadata, &pyproject)
}

fn one_version(metadata: &Value, pyproject: &toml::Table) -> Result<String> {
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let ours = CRATES.into_iter().chain(["grinfi-python"]);
    let mut version: Option<&str> = None;
    for name in ours {
        let package = packages
            .iter()
            .find(|package| package["name"] == name)
            .with_context(|| format!("the workspace has no crate {name}"))?;
        let own = package["version"].as_str().with_context(|| format!("{name} has no version"))?;
        if version.is_some_and(|version| version != own) {
            bail!(
                "{name} is {own}, and {} is {}; they must have the same version",
                CRATES[0],
                version.unwrap_or("?")
            );
        }
        version = Some(own);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            let requirement = dependency["req"].as_str().unwrap_or_default();
            // Development dependencies are not published.
            let shipped = dependency["kind"] != "dev";
            if CRATES.contains(&on) && shipped && requirement != format!("^{own}") {
                bail!(
                    "{name} requires {on} {requirement}, but its version is {own}; set it in `workspace.dependencies`"
                );
            }
        }
    }
    let project = pyproject.get("project").and_then(toml::Value::as_table);
    let project = project.context("pyproject.toml has no [project]")?;
    let dynamic = project.get("dynamic").and_then(toml::Value::as_array);
    let tied = dynamic.is_some_and(|list| list.iter().any(|item| item.as_str() == Some("version")));
    if project.contains_key("version") || !tied {
        bail!(
            "pyproject.toml must take the version from Cargo.toml: `dynamic = [\"version\"]` and no `version`"
        );
    }
    version.map(str::to_owned).context("no crate has a version")
}

fn numbers(version: &str) -> Result<Vec<u64>> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain
        .split('.')
        .map(|part| part.parse().with_context(|| format!("`{version}` is not a version")))
        .collect()
}

/// The changes since the last release: the unreleased section of the changelog, changes of the API and of the public names,
/// and the commits.
fn release_notes(root: &Path, version: &str, last: Option<&str>) -> Result<String> {
    let path = root.join(CHANGELOG);
    let changelog = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut out = format!("# {version}\n\n{}\n", unreleased(&changelog)?);
    match last {
        None => out.push_str("The first release.\n\n"),
        Some(tag) => {
            let before = public_api::text_at_tag(root, tag, generate::DESCRIPTION)?;
            let path = PathBuf::from(format!("{tag}:{}", generate::DESCRIPTION));
            let old = spec::parse(&before, &path)?;
            let (_, new) = spec::read(&root.join(generate::DESCRIPTION))?;
            let difference = diff::compare(&old, &new);
            if !difference.changes.is_empty() {
                out.push_str(&diff::markdown(&difference)?);
                out.push('\n');
            }
            let changed = public_api::since(root, tag)?;
            if changed.bump() == Bump::Major {
                out.push_str("## Removed or changed for callers\n\n");
                changed.removed.iter().for_each(|line| out.push_str(&format!("- `{line}`\n")));
                out.push('\n');
            }
        }
    }
    out.push_str("## Commits\n\n");
    for subject in commits(root, last)? {
        out.push_str(&format!("- {subject}\n"));
    }
    Ok(out)
}

/// The section `## Unreleased` of a changelog, without its heading.
fn unreleased(changelog: &str) -> Result<&str> {
    let start =
        changelog.find("## Unreleased\n").with_context(|| format!("{CHANGELOG} has no `## Unreleased`"))?;
    let section = changelog[start..].split_once('\n').map_or("", |(_, rest)| rest);
    let section = section.split("\n## ").next().unwrap_or_default().trim();
    if section.is_empty() {
        bail!("`## Unreleased` in {CHANGELOG} is empty; describe the changes for users");
    }
    Ok(section)
}

/// The subjects of the commits since a tag, oldest first.
fn commits(root: &Path, since: Option<&str>) -> Result<Vec<String>> {
    let range = since.map_or_else(|| "HEAD".to_owned(), |tag| format!("{tag}..HEAD"));
    let output = Command::new("git")
        .args(["log", "--reverse", "--no-merges", "--format=%s", &range])
        .current_dir(root)
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        bail!("git log {range}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// Packages the crates as for a registry, and compiles each from its package. They are not published yet, so each is patched
/// with the paths of the others.
fn crates(root: &Path, folder: &Path, version: &str) -> Result<()> {
    let packages = cargo::target(root)?.join("package");
    for name in CRATES {
        let others: Vec<String> = CRATES
            .iter()
            .filter(|other| **other != name)
            .map(|other| format!("patch.crates-io.{other}.path='crates/{other}'"))
            .collect();
        let mut arguments = vec!["package", "--locked", "--allow-dirty", "--package", name];
        if name == "grinfi" {
            others.iter().for_each(|patch| arguments.extend(["--config", patch]));
        }
        shell(root, "cargo", &arguments, &[])?;
        let file = format!("{name}-{version}.crate");
        copy(&packages.join(&file), &folder.join(&file))?;
    }
    Ok(())
}

/// Builds the sandbox program for this machine.
fn sandbox(root: &Path, folder: &Path, version: &str) -> Result<()> {
    let build = ["build", "--profile", "program", "--locked", "--package", "grinfi-sandbox"];
    shell(root, "cargo", &build, &[])?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let from = cargo::target(root)?.join("program").join(format!("grinfi-sandbox{suffix}"));
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    copy(&from, &folder.join(format!("grinfi-sandbox-{version}-{os}-{arch}{suffix}")))
}

/// Builds the wheel for this machine, and the source distribution.
fn wheel(root: &Path, folder: &Path, version: &str) -> Result<()> {
    let environment = Environment::prepare(root)?;
    let out = folder.to_string_lossy().into_owned();
    let python = environment.program("python").to_string_lossy().into_owned();
    let manifest = ["--manifest-path", "bindings/python/Cargo.toml", "--out", &out];
    let wheel =
        [&["build", "--profile", "wheel", "--locked", "--interpreter", &python][..], &manifest[..]].concat();
    shell(root, environment.program("maturin"), &wheel, &[])?;
    let source = [&["sdist"][..], &manifest[..]].concat();
    shell(root, environment.program("maturin"), &source, &[])?;
    let names = names(folder)?;
    for (what, start, end) in
        [("wheel", format!("grinfi-{version}-"), ".whl"), ("source", format!("grinfi-{version}"), ".tar.gz")]
    {
        if !names.iter().any(|name| name.starts_with(&start) && name.ends_with(end)) {
            bail!("maturin built no {what} of version {version}: {}", names.join(", "));
        }
    }
    check_size(
        &names.iter().filter(|name| name.ends_with(".whl")).map(|name| folder.join(name)).collect::<Vec<_>>(),
    )
}

/// Fails if a wheel is too large.
fn check_size(wheels: &[PathBuf]) -> Result<()> {
    for wheel in wheels {
        let size = fs::metadata(wheel).with_context(|| format!("cannot read {}", wheel.display()))?.len();
        if size >= WHEEL {
            bail!(
                "{} has {:.1} MB, the limit is {:.0} MB; `nm --size-sort` on the library shows what is large",
                wheel.display(),
                size as f64 / 1e6,
                WHEEL as f64 / 1e6
            );
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// Writes the hashes of the artifacts.
fn sums(folder: &Path) -> Result<()> {
    let mut text = String::new();
    for name in names(folder)? {
        let path = folder.join(&name);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        text.push_str(&format!("{hash}  {name}\n"));
    }
    let path = folder.join("SHA256SUMS");
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The artifacts with their sizes.
fn sizes(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for name in names(folder)? {
        let path = folder.join(&name);
        let size = fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?.len();
        text.push_str(&format!("{:>10.1} kB  {name}\n", size as f64 / 1e3));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(asks: &str, sandbox: &str) -> Value {
        let package = |name: &str, version: &str| {
            json!({"name": name, "version": version, "dependencies": [
                {"name": "grinfi-raw", "req": asks, "kind": null}, {"name": "grinfi-sandbox", "req": "*", "kind": "dev"}]})
        };
        json!({"packages": [package("grinfi-raw", "0.2.0"), package("grinfi-sandbox", sandbox),
            package("grinfi", "0.2.0"), package("grinfi-python", "0.2.0")]})
    }

    #[test]
    fn rejects_a_wheel_that_is_too_large() {
        let wheel = std::env::temp_dir().join(format!("grinfi-xtask-{}-abi3-any.whl", std::process::id()));
        let file = fs::File::create(&wheel).unwrap();
        file.set_len(WHEEL - 1).unwrap();
        check_size(std::slice::from_ref(&wheel)).unwrap();
        file.set_len(WHEEL + 100_000).unwrap();
        let error = check_size(std::slice::from_ref(&wheel)).unwrap_err().to_string();
        fs::remove_file(wheel).unwrap();
        assert!(error.contains("abi3-any.whl has 8.1 MB, the limit is 8 MB"), "{error}");
    }

    #[test]
    fn versions_must_be_the_same() {
        let dynamic: toml::Table = "[project]\ndynamic = [\"version\"]".parse().unwrap();
        let says =
            |metadata: Value, project: &toml::Table| one_version(&metadata, project).unwrap_err().to_string();
        assert_eq!(one_version(&metadata("^0.2.0", "0.2.0"), &dynamic).unwrap(), "0.2.0");
        assert_eq!(
            says(metadata("^0.2.0", "0.1.9"), &dynamic),
            "grinfi-sandbox is 0.1.9, and grinfi-raw is 0.2.0; they must have the same version"
        );
        assert!(says(metadata("^0.1.0", "0.2.0"), &dynamic).contains("requires grinfi-raw ^0.1.0"));
        let fixed: toml::Table = "[project]\nversion = \"0.2.0\"".parse().unwrap();
        assert!(says(metadata("^0.2.0", "0.2.0"), &fixed).contains("dynamic"));
    }

    #[test]
    fn release_notes_need_an_unreleased_section() {
        let text = "# Changelog\n\n## Unreleased\n\n### Added\n\n- Tags\n\n## 0.1.0\n\n- Lists\n";
        assert_eq!(unreleased(text).unwrap(), "### Added\n\n- Tags");
        assert!(
            unreleased("# Changelog\n\n## 0.1.0\n")
                .unwrap_err()
                .to_string()
                .contains("has no `## Unreleased`")
        );
        assert!(
            unreleased("## Unreleased\n\n## 0.1.0\n\n- Lists\n")
                .unwrap_err()
                .to_string()
                .contains("is empty")
        );
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(numbers("0.10.0").unwrap() > numbers("0.9.9").unwrap());
        assert!(numbers("x").is_err());
    }
}
