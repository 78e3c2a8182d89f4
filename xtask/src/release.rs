//! `cargo xtask release --dry-run`: everything that a release is, but for publishing it: the version, the changelog, and
//! every artefact, in `target/release-artefacts`.

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

/// Where the artefacts go.
const ARTEFACTS: &str = "target/release-artefacts";

/// So many bytes are too many for a wheel.
const WHEEL: u64 = 8_000_000;

/// The crates, each after those that it needs.
const CRATES: [&str; 3] = ["grinfi-raw", "grinfi-sandbox", "grinfi"];

/// Makes a release without publishing it.
pub fn dry_run(root: &Path) -> Result<()> {
    generate::run(root, true)?;
    generate::reviewed(root)?;
    update::prose(root, true)?;
    coverage::complete(root)?;
    public_api::run(root, true)?;

    let version = version(root)?;
    let last = public_api::last_release(root)?;
    let asked = match &last {
        Some(tag) => {
            let looked = semver::asked(root, tag)?;
            if looked.is_none() {
                println!(
                    "cargo-semver-checks is missing; what SemVer asks for is told by the listings alone"
                );
            }
            let bump = public_api::since(root, tag)?.bump().max(looked.unwrap_or(Bump::Patch));
            bump.next(tag.trim_start_matches('v'))?
        }
        None => version.clone(),
    };
    println!("version {version}, {asked} at least");
    if numbers(&version)? < numbers(&asked)? {
        bail!(
            "SemVer asks for {asked} at least, and Cargo.toml says {version}; set `workspace.package.version`"
        );
    }

    let folder = root.join(ARTEFACTS);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let changelog = changelog(root, &version, last.as_deref())?;
    print!("\n{changelog}\n");
    let path = folder.join("CHANGELOG.md");
    fs::write(&path, changelog).with_context(|| format!("cannot write {}", path.display()))?;

    timed("crates", || crates(root, &folder, &version))?;
    timed("sandbox", || sandbox(root, &folder, &version))?;
    timed("wheel and source distribution", || wheel(root, &folder, &version))?;
    sums(&folder)?;
    println!("{ARTEFACTS}:\n{}", sizes(&folder)?);
    println!("nothing was published");
    Ok(())
}

/// Makes some of the artefacts, and says how long it took.
fn timed(what: &str, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    make().with_context(|| format!("cannot make the {what}"))?;
    println!("{what}: {:.0} s", start.elapsed().as_secs_f32());
    Ok(())
}

/// The one version of all that is released: crates, what they ask of each other, and the wheel.
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
                "{name} is {own}, and {} is {}; all of them have one version",
                CRATES[0],
                version.unwrap_or("?")
            );
        }
        version = Some(own);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            let asks = dependency["req"].as_str().unwrap_or_default();
            // A crate for tests is not shipped, and asks for nothing.
            let shipped = dependency["kind"] != "dev";
            if CRATES.contains(&on) && shipped && asks != format!("^{own}") {
                bail!("{name} asks for {on} {asks}, and it is {own}; set it in `workspace.dependencies`");
            }
        }
    }
    let project = pyproject.get("project").and_then(toml::Value::as_table);
    let project = project.context("pyproject.toml has no [project]")?;
    let dynamic = project.get("dynamic").and_then(toml::Value::as_array);
    let tied = dynamic.is_some_and(|list| list.iter().any(|item| item.as_str() == Some("version")));
    if project.contains_key("version") || !tied {
        bail!(
            "pyproject.toml has to take the version from Cargo.toml: `dynamic = [\"version\"]` and no `version`"
        );
    }
    version.map(str::to_owned).context("nothing has a version")
}

fn numbers(version: &str) -> Result<Vec<u64>> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain.split('.').map(|part| part.parse().with_context(|| format!("{version} is no version"))).collect()
}

/// What changed since the last release: in the API, in the interface, and by the commits.
fn changelog(root: &Path, version: &str, last: Option<&str>) -> Result<String> {
    let mut out = format!("# {version}\n\n");
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
                out.push_str("## Gone or changed for callers\n\n");
                changed.gone.iter().for_each(|line| out.push_str(&format!("- `{line}`\n")));
                out.push('\n');
            }
        }
    }
    out.push_str("## Changes\n\n");
    for subject in commits(root, last)? {
        out.push_str(&format!("- {subject}\n"));
    }
    Ok(out)
}

/// The first lines of the commits since a tag, oldest first.
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

/// The crates as a registry would get them, each compiled from its package. They are in no registry yet, so each is told where
/// the others are.
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
        take(&packages.join(&file), &folder.join(&file))?;
    }
    Ok(())
}

/// The sandbox as a program for this machine.
fn sandbox(root: &Path, folder: &Path, version: &str) -> Result<()> {
    let build = ["build", "--profile", "program", "--locked", "--package", "grinfi-sandbox"];
    shell(root, "cargo", &build, &[])?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let from = cargo::target(root)?.join("program").join(format!("grinfi-sandbox{suffix}"));
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    take(&from, &folder.join(format!("grinfi-sandbox-{version}-{os}-{arch}{suffix}")))
}

/// The wheel for this machine, and the source for any other.
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
            bail!("maturin made no {what} of version {version}: {}", names.join(", "));
        }
    }
    small(
        &names.iter().filter(|name| name.ends_with(".whl")).map(|name| folder.join(name)).collect::<Vec<_>>(),
    )
}

/// Whether the wheels are as small as they are meant to be.
fn small(wheels: &[PathBuf]) -> Result<()> {
    for wheel in wheels {
        let size = fs::metadata(wheel).with_context(|| format!("cannot read {}", wheel.display()))?.len();
        if size >= WHEEL {
            bail!(
                "{} has {:.1} MB, and {:.0} MB is too much; `nm --size-sort` on the library shows what is large",
                wheel.display(),
                size as f64 / 1e6,
                WHEEL as f64 / 1e6
            );
        }
    }
    Ok(())
}

fn take(from: &Path, to: &Path) -> Result<()> {
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

/// Writes the hash of every artefact beside them.
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

/// The artefacts with their sizes.
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
    fn a_wheel_that_has_grown_too_large_stops_it() {
        let wheel = std::env::temp_dir().join(format!("grinfi-xtask-{}-abi3-any.whl", std::process::id()));
        let file = fs::File::create(&wheel).unwrap();
        file.set_len(WHEEL - 1).unwrap();
        small(std::slice::from_ref(&wheel)).unwrap();
        file.set_len(WHEEL + 100_000).unwrap();
        let error = small(std::slice::from_ref(&wheel)).unwrap_err().to_string();
        fs::remove_file(wheel).unwrap();
        assert!(error.contains("abi3-any.whl has 8.1 MB, and 8 MB is too much"), "{error}");
    }

    #[test]
    fn all_have_one_version() {
        let dynamic: toml::Table = "[project]\ndynamic = [\"version\"]".parse().unwrap();
        let says =
            |metadata: Value, project: &toml::Table| one_version(&metadata, project).unwrap_err().to_string();
        assert_eq!(one_version(&metadata("^0.2.0", "0.2.0"), &dynamic).unwrap(), "0.2.0");
        assert_eq!(
            says(metadata("^0.2.0", "0.1.9"), &dynamic),
            "grinfi-sandbox is 0.1.9, and grinfi-raw is 0.2.0; all of them have one version"
        );
        assert!(says(metadata("^0.1.0", "0.2.0"), &dynamic).contains("asks for grinfi-raw ^0.1.0"));
        let fixed: toml::Table = "[project]\nversion = \"0.2.0\"".parse().unwrap();
        assert!(says(metadata("^0.2.0", "0.2.0"), &fixed).contains("dynamic"));
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(numbers("0.10.0").unwrap() > numbers("0.9.9").unwrap());
        assert!(numbers("x").is_err());
    }
}
