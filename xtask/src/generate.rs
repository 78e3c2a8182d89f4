//! `cargo xtask generate`: applies the overlay and the normalize passes to the API description, and generates all files.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{normalize, overlay::Overlay, spec, tree};

use self::undocumented::Undocumented;

mod blocking;
mod client;
mod construct;
mod decoders;
mod enums;
pub mod foreign;
pub mod json_schemas;
mod lock;
mod method_bodies;
mod operations;
pub mod options;
mod path_ids;
mod python;
mod rename;
pub mod undocumented;

/// The inputs, relative to the workspace.
pub const DESCRIPTION: &str = "openapi/grinfi.yaml";
pub const OVERLAY: &str = "openapi/overlay.yaml";
const LOCK: &str = "openapi/spec.lock";
const BLOCKING_BANNER: &str =
    "// Generated from the resources of the async client. Run `cargo xtask generate` to change it.\n";

/// A generated file.
#[derive(Debug)]
pub struct Output {
    /// Its path, relative to the workspace.
    pub path: String,
    /// Its content, with the banner.
    pub text: String,
}

/// The result of a run.
#[derive(Debug)]
pub struct Generated {
    /// The files, the lock last.
    pub outputs: Vec<Output>,
    /// Numbers for the summary.
    pub summary: GenerateSummary,
}

/// The numbers of a run.
#[derive(Debug)]
pub struct GenerateSummary {
    /// Operations in the client.
    pub operations: usize,
    /// Types in the client.
    pub types: usize,
    /// Fields with a lenient decoder.
    pub lenient: usize,
    /// Open enumerations.
    pub enums: usize,
    /// Actions of the overlay.
    pub actions: usize,
    /// Generated lines over all files.
    pub lines: usize,
    /// Operations whose effect is not annotated.
    pub unreviewed: Vec<String>,
}

/// Generates everything in memory.
pub fn generate(root: &Path) -> Result<Generated> {
    let (description_text, doc) = spec::read(&root.join(DESCRIPTION))?;
    spec::validate(&doc, &root.join(DESCRIPTION))?;
    generate_from(root, &description_text, doc, Stale::Refused)
}

/// Reads the overlay of the workspace; returns its text too.
pub fn overlay(root: &Path) -> Result<(String, Overlay)> {
    let path = root.join(OVERLAY);
    let (text, value) = spec::read(&path)?;
    Ok((text, Overlay::from_value(value, &path)?))
}

/// How to treat an action of the overlay that matches nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Fail.
    Refused,
    /// Ignore the action.
    Skipped,
}

/// Generates everything in memory from a description that may not be on disk yet.
pub fn generate_from(root: &Path, description_text: &str, mut doc: Value, stale: Stale) -> Result<Generated> {
    let description_path = root.join(DESCRIPTION);
    let overlay_path = root.join(OVERLAY);
    let (overlay_text, overlay) = overlay(root)?;
    let undocumented = Undocumented::read(root)?;
    undocumented.merge(&mut doc)?;
    spec::validate(&doc, &description_path)?;
    let actions = match stale {
        Stale::Refused => overlay.apply(&mut doc, &overlay_path)?,
        Stale::Skipped => overlay.effects(&mut doc, &overlay_path)?.len(),
    };
    undocumented.annotate(&mut doc);
    spec::validate(&doc, &overlay_path)?;
    normalize::name_operations(&mut doc)?;
    path_ids::describe(&mut doc);

    // The operation table and the Python models follow the description itself; the passes are for progenitor.
    let described = doc.clone();
    doc = undocumented::typed(&doc);
    let typed = doc.clone();
    let findings = normalize::run(&mut doc, lock::enums(root)?)
        .with_context(|| description_path.display().to_string())?;
    let inputs = lock::Inputs::new(description_text, &undocumented.text, &overlay_text, root)?;
    let banner = inputs.banner();

    let client = client::generate(&doc).with_context(|| description_path.display().to_string())?;
    let mut outputs = vec![
        Output { path: "crates/grinfi-raw/src/generated/mod.rs".into(), text: client::module(&banner) },
        Output {
            path: "crates/grinfi-raw/src/generated/client.rs".into(),
            text: format!("{banner}\n{}", client.text),
        },
        Output {
            path: "crates/grinfi-raw/src/generated/enums.rs".into(),
            text: format!("{banner}\n{}", enums::generate(&findings.enums)),
        },
        Output {
            path: "crates/grinfi-raw/src/generated/operations.rs".into(),
            text: format!("{banner}\n{}", operations::for_client(&described)?),
        },
        Output {
            path: "crates/grinfi-sandbox/src/generated.rs".into(),
            text: format!("{banner}\n{}", operations::for_sandbox(&described)),
        },
        Output {
            path: blocking::FILE.into(),
            text: format!("{BLOCKING_BANNER}\n{}", blocking::generate(root)?),
        },
        Output {
            path: json_schemas::FILE.into(),
            text: json_schemas::generate(
                &undocumented::documented(&described, &undocumented),
                &inputs.line(),
            ),
        },
        Output {
            path: undocumented::PAGE.into(),
            text: undocumented::page(&described, &undocumented, &inputs.line()),
        },
    ];
    outputs.extend(python::generate(&typed, &findings.enums, root, &inputs)?);
    let summary = GenerateSummary {
        operations: tree::operations(&described).len(),
        types: client.types,
        lenient: client.lenient,
        enums: findings.enums.len(),
        actions,
        lines: outputs.iter().map(|output| output.text.lines().count()).sum(),
        unreviewed: operations::unreviewed(&described),
    };
    outputs.push(Output { path: LOCK.into(), text: inputs.lock(&outputs, &findings.places) });
    Ok(Generated { outputs, summary })
}

/// Generates and writes, or with `check` compares with the files on disk.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let start = Instant::now();
    let generated = generate(root)?;
    let mut stale: Vec<PathBuf> = Vec::new();
    for output in &generated.outputs {
        let path = root.join(&output.path);
        if fs::read_to_string(&path).ok().as_deref() == Some(&output.text) {
            continue;
        }
        if check {
            stale.push(output.path.clone().into());
        } else {
            write(&path, &output.text)?;
        }
    }
    for path in leftovers(root, &generated.outputs)? {
        if check {
            stale.push(path);
        } else {
            fs::remove_file(root.join(&path)).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    let GenerateSummary { operations, types, lenient, enums, actions, lines, unreviewed } = generated.summary;
    let seconds = start.elapsed().as_secs_f32();
    println!(
        "{} {operations} operations, {types} types ({lenient} lenient fields), {enums} open enums, {actions} overlay actions: {lines} lines in {seconds:.1} s",
        if check { "checked" } else { "generated" }
    );
    if !unreviewed.is_empty() {
        println!("{}", unreviewed_text(&unreviewed));
    }
    if !stale.is_empty() {
        let list: Vec<String> = stale.iter().map(|path| format!("  {}", path.display())).collect();
        bail!("generated files are out of date; run `cargo xtask generate` and commit:\n{}", list.join("\n"));
    }
    Ok(())
}

/// Fails if the effect of an operation is not annotated, because a release needs them all.
pub fn reviewed(root: &Path) -> Result<()> {
    let unreviewed = generate(root)?.summary.unreviewed;
    if unreviewed.is_empty() {
        return Ok(());
    }
    bail!("{}", unreviewed_text(&unreviewed))
}

fn unreviewed_text(operations: &[String]) -> String {
    format!(
        "{} operations count as non-idempotent until {OVERLAY} sets their x-grinfi-effect (read-only, idempotent or non-idempotent): {}",
        operations.len(),
        operations.join(", ")
    )
}

/// Files in the generated folder of the Python package that are no longer generated.
fn leftovers(root: &Path, outputs: &[Output]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = python::FOLDERS.map(PathBuf::from).to_vec();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                if entry.file_name() != "__pycache__" {
                    folders.push(path);
                }
            } else if !outputs.iter().any(|output| Path::new(&output.path) == path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn write(path: &Path, text: &str) -> Result<()> {
    let failed = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    fs::write(path, text).with_context(failed)
}

/// A text as doc comments, with `prefix` at the start of each line.
fn doc_comment(text: &str, prefix: &str) -> String {
    text.trim().lines().map(|line| format!("{prefix} {}", line.trim()).trim_end().to_owned() + "\n").collect()
}

/// A string field of an operation.
fn text<'a>(op: &'a serde_json::Map<String, Value>, key: &str) -> Option<&'a str> {
    op.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
    }

    #[test]
    fn output_is_the_same_in_every_run() {
        let (first, second) = (generate(&root()).unwrap(), generate(&root()).unwrap());
        for (a, b) in first.outputs.iter().zip(&second.outputs) {
            assert!(a.text == b.text, "{} differs between two runs", a.path);
        }
    }

    /// Counts again in the generated files, so that a newer description needs no new numbers here.
    #[test]
    fn summary_matches_the_generated_files() {
        let generated = generate(&root()).unwrap();
        let GenerateSummary { operations, types, lenient, enums, actions, .. } = generated.summary;
        let files: Vec<&str> = generated.outputs.iter().map(|output| output.path.as_str()).collect();
        insta::assert_debug_snapshot!(files);
        let count = |file: &str, what: &str| {
            let output = generated.outputs.iter().find(|output| output.path.ends_with(file)).unwrap();
            output.text.matches(what).count()
        };
        assert_eq!(operations, count("grinfi-raw/src/generated/operations.rs", "Operation { id: "));
        assert_eq!(enums, count("enums.rs", "open_enum! {"));
        assert_eq!(lenient, count("client.rs", "::grinfi_raw::decoders::"));
        let overlay = fs::read_to_string(root().join(OVERLAY)).unwrap();
        assert_eq!(
            actions,
            overlay
                .lines()
                .take_while(|line| !line.starts_with("x-"))
                .filter(|line| line.starts_with("- target: "))
                .count()
        );
        let client = generated.outputs.iter().find(|output| output.path.ends_with("client.rs")).unwrap();
        let described = client.text.split("\npub mod options {").next().unwrap();
        assert_eq!(
            types,
            described.matches("\n    pub struct ").count() + described.matches("\n    pub enum ").count()
        );
    }

    /// The error of a run with one changed input.
    fn with_input(name: &str, file: &str, change: impl FnOnce(String) -> Option<String>) -> String {
        let folder = std::env::temp_dir().join(format!("grinfi-xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("openapi")).unwrap();
        for input in ["Cargo.lock", DESCRIPTION, undocumented::FILE, OVERLAY] {
            fs::copy(root().join(input), folder.join(input)).unwrap();
        }
        let path = folder.join(file);
        match change(fs::read_to_string(&path).unwrap()) {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let error = format!("{:#}", generate(&folder).expect_err("an error"));
        fs::remove_dir_all(&folder).unwrap();
        error.replace(&*folder.to_string_lossy(), "")
    }

    #[test]
    fn unreadable_description_is_named_with_its_position() {
        let error = with_input("missing", DESCRIPTION, |_| None);
        assert!(error.starts_with("cannot read /openapi/grinfi.yaml"), "{error}");
        let error = with_input("tab", DESCRIPTION, |text| {
            Some(text.replacen("\ninfo:\n  title", "\ninfo:\n\ttitle", 1))
        });
        assert!(error.starts_with("/openapi/grinfi.yaml:") && error.contains("not valid YAML"), "{error}");
        let error = with_input("cut", DESCRIPTION, |text| {
            Some(text[..text.len() / 2].rsplit_once('\n')?.0.to_owned())
        });
        assert!(error.starts_with("/openapi/grinfi.yaml"), "{error}");
        let error = with_input("html", DESCRIPTION, |_| Some("<!doctype html>".into()));
        assert!(error.contains("web page"), "{error}");
    }

    #[test]
    fn stale_overlay_is_named() {
        let error = with_input("stale", OVERLAY, |text| {
            Some(text.replace("schemas['flow-node']", "schemas['missing']"))
        });
        assert!(
            error.starts_with("/openapi/overlay.yaml#/actions/") && error.contains("matches nothing"),
            "{error}"
        );
        let error = with_input("effect", OVERLAY, |text| {
            Some(text.replace("x-grinfi-effect: non-idempotent", "x-grinfi-effect: maybe"))
        });
        assert!(
            error.contains(
                "x-grinfi-effect must be read-only, idempotent or non-idempotent, got Some(\"maybe\")"
            ),
            "{error}"
        );
    }
}
