//! `cargo xtask spec update`: replaces the structure of our description with that of a newer vendor description, keeps our
//! prose, and regenerates everything. It writes all files or none.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use heck::ToSnakeCase;
use serde_json::Value;

use crate::{
    coverage,
    diff::{self, source::DescriptionSource},
    generate::{self, DESCRIPTION, Generated, OVERLAY, Stale, undocumented::Undocumented},
    overlay::{self, Effect, Overlay},
    public_api, spec, tree, unimplemented,
};

mod atomic_write;
pub mod merge;
mod renames;
mod yaml_writer;

/// What an update reports.
#[derive(Debug, Default)]
struct UpdateReport {
    sections: Vec<(String, Vec<String>)>,
}

impl UpdateReport {
    fn add(&mut self, title: impl Into<String>, lines: impl IntoIterator<Item = String>) {
        let lines: Vec<String> = lines.into_iter().collect();
        if !lines.is_empty() {
            self.sections.push((title.into(), lines));
        }
    }

    fn print(&self) {
        for (title, lines) in &self.sections {
            println!("{title}:");
            lines.iter().for_each(|line| println!("  {line}"));
            println!();
        }
    }
}

/// Takes over a newer description. With `dry`, only reports what would change.
pub fn run(root: &Path, new: &str, dry: bool) -> Result<()> {
    let path = root.join(DESCRIPTION);
    let (ours_text, ours) = spec::read(&path)?;
    spec::validate(&ours, &path)?;
    let new = DescriptionSource::of(new).read()?.doc;
    let (_, overlay) = generate::overlay(root)?;

    let (head, body) = split_head(&ours_text);
    same_style(&path, head, body, &ours)?;
    let difference = diff::compare(&ours, &new);
    print!("{}", diff::text(&difference));
    println!();

    let mut report = UpdateReport::default();
    let aligned = renames::apply(&ours, &new, &difference);
    let kept = additions(&overlay, &aligned, &new, &mut report)?;
    let mut merged = merge::merge(&aligned, &new, &kept);
    keep_referenced_components(&mut merged, &aligned, &mut report);
    spec::validate(&merged, &path).context("the merged description is not valid")?;
    let text = format!("{head}{}", yaml_writer::write(&merged));

    let stale = judge_overlay(root, &overlay, &ours, &merged, &mut report)?;
    let generated = generate::generate_from(root, &text, merged.clone(), Stale::Skipped);
    let bare = uses(root, &merged, &mut report)?;
    if let Ok(generated) = &generated {
        names(root, generated, &mut report)?;
    }
    let unimplemented = update_unimplemented(root, &ours, bare)?;
    let unwritten = merge::unwritten(&merged);
    report.add(format!("Texts to write in {DESCRIPTION} (search for `{}`)", merge::MARKER), unwritten);
    report.print();

    let generated = generated.context("cannot generate from the new description; nothing was changed")?;
    if stale > 0 {
        bail!(
            "{stale} actions of {OVERLAY} no longer match anything; fix or remove them, then run this again; nothing was changed"
        );
    }
    if dry {
        println!("nothing was written (--dry-run)");
        return Ok(());
    }
    let mut files: Vec<(PathBuf, String)> = vec![(path, text)];
    files.extend(generated.outputs.into_iter().map(|output| (root.join(output.path), output.text)));
    let texts = public_api::Texts(files.iter().cloned().collect());
    files.extend(unimplemented.map(|text| (root.join(unimplemented::FILE), text)));
    // The lists of public names are updated where they exist.
    files.extend(public_api::with(root, &texts)?.into_iter().filter(|(path, _)| path.exists()));
    files.retain(|(path, text)| fs::read_to_string(path).ok().as_deref() != Some(text));
    atomic_write::write_all(&files)?;
    let list: Vec<String> =
        files.iter().map(|(path, _)| path.strip_prefix(root).unwrap_or(path).display().to_string()).collect();
    match list.is_empty() {
        true => println!("nothing to write: the description is up to date"),
        false => println!("written: {}", list.join(", ")),
    }
    Ok(())
}

/// Prints the texts that are missing, and with `check` fails if there are any.
pub fn prose(root: &Path, check: bool) -> Result<()> {
    let (_, doc) = spec::read(&root.join(DESCRIPTION))?;
    let places = merge::unwritten(&doc);
    places.iter().for_each(|place| println!("{DESCRIPTION}#{place}"));
    println!("{} texts are missing", places.len());
    if check && !places.is_empty() {
        bail!("write them in {DESCRIPTION}; search for `{}`", merge::MARKER);
    }
    Ok(())
}

/// Splits a description into the comment at the top and the rest.
pub fn split_head(text: &str) -> (&str, &str) {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if !(line.starts_with('#') || line.trim().is_empty()) {
            break;
        }
        end += line.len();
    }
    text.split_at(end)
}

/// Fails if writing our description would lose something, such as a comment.
fn same_style(path: &Path, head: &str, body: &str, doc: &Value) -> Result<()> {
    let ours = yaml_writer::write(doc);
    let first = body.lines().zip(ours.lines()).position(|(a, b)| a != b);
    let shorter = body.lines().count().min(ours.lines().count());
    if body == ours {
        return Ok(());
    }
    let line = first.unwrap_or(shorter);
    bail!(
        "{}:{}: `spec update` would change this style, or lose this comment. It would write\n  {}\n\
         and it is\n  {}",
        path.display(),
        head.lines().count() + line + 1,
        ours.lines().nth(line).unwrap_or("(the end)"),
        body.lines().nth(line).unwrap_or("(the end)"),
    );
}

/// The pointers to what the overlay records as our additions. Reports additions that are no longer needed.
fn additions(
    overlay: &Overlay,
    ours: &Value,
    new: &Value,
    report: &mut UpdateReport,
) -> Result<BTreeSet<String>> {
    let mut kept = BTreeSet::new();
    let (mut lines, mut needless) = (Vec::new(), Vec::new());
    for added in overlay.added() {
        let label = format!("{} ({})", added.target, added.description);
        let places = overlay::locate(ours, &added.target)
            .with_context(|| format!("{OVERLAY}#/x-grinfi-added: bad JSONPath {}", added.target))?;
        if places.is_empty() {
            needless.push(format!("{label}: it is not in our description; remove the entry"));
        } else if !overlay::locate(new, &added.target)?.is_empty() {
            needless.push(format!("{label}: the new description has it too; remove the entry"));
        } else {
            kept.extend(places);
            lines.push(label);
        }
    }
    report.add("Kept, although it is not in the new description", lines);
    report.add("Recorded as ours needlessly", needless);
    Ok(kept)
}

/// Keeps components that the kept parts refer to.
fn keep_referenced_components(merged: &mut Value, ours: &Value, report: &mut UpdateReport) {
    let mut lines = Vec::new();
    loop {
        let mut missing: Vec<String> = Vec::new();
        dangling(merged, merged, &mut missing);
        let pair = missing.into_iter().find_map(|pointer| Some((ours.pointer(&pointer)?.clone(), pointer)));
        let Some((component, pointer)) = pair else { break };
        let mut steps = pointer.split('/').skip(1);
        let (Some("components"), Some(section), Some(name)) = (steps.next(), steps.next(), steps.next())
        else {
            break;
        };
        merged["components"][section][name.replace("~1", "/").replace("~0", "~")] = component;
        lines.push(pointer);
    }
    report.add("Kept because a kept part refers to it", lines);
}

fn dangling(doc: &Value, node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str)
                && tree::target(doc, target).is_none()
            {
                found.extend(target.strip_prefix('#').map(str::to_owned));
            }
            map.iter()
                .filter(|(key, _)| *key != "example")
                .for_each(|(_, child)| dangling(doc, child, found));
        }
        Value::Array(items) => items.iter().for_each(|child| dangling(doc, child, found)),
        _ => {}
    }
}

/// Compares the effects of the overlay on our description and on the new one. Returns the number of actions without a match.
fn judge_overlay(
    root: &Path,
    overlay: &Overlay,
    ours: &Value,
    merged: &Value,
    report: &mut UpdateReport,
) -> Result<usize> {
    let path = root.join(OVERLAY);
    let shown = |effect: &Effect| effect.label.replace(&*format!("{}/", root.display()), "");
    let before = overlay.effects(&mut ours.clone(), &path)?;
    let after = overlay.effects(&mut merged.clone(), &path)?;
    let (mut stale, mut lost, mut against, mut idle) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (old, new) in before.iter().zip(&after) {
        if new.hits.is_empty() {
            stale.push(shown(new));
            continue;
        }
        let removed: Vec<&str> = old
            .hits
            .iter()
            .filter(|place| !new.hits.contains(place) && merged.pointer(place).is_some())
            .map(String::as_str)
            .collect();
        if !removed.is_empty() {
            lost.push(format!("{}: {}", shown(new), removed.join(", ")));
        }
        if old.changes && !new.changes {
            idle.push(shown(new));
            continue;
        }
        for (place, there, put) in &new.replaced {
            let known =
                old.replaced.iter().find(|(old_place, _, old_put)| old_place == place && old_put == put);
            let existed = ours.pointer(place).is_some();
            let changed = known.is_none_or(|(_, old_there, _)| old_there != there);
            if existed && changed {
                against.push(match there == put {
                    true => format!("{}: {place} is {put} already", shown(new)),
                    false => {
                        format!("{}: {place} is {there} now, and the action sets it to {put}", shown(new))
                    }
                });
            }
        }
    }
    let count = stale.len();
    report.add("Actions of the overlay that no longer match anything", stale);
    report.add("Actions of the overlay that no longer match everything they matched before", lost);
    report.add("Actions of the overlay that contradict the new description", against);
    report.add("Actions of the overlay that the new description makes unnecessary", idle);
    Ok(count)
}

/// Reports and returns the operations without a method, and reports the methods whose operation was removed.
fn uses(root: &Path, merged: &Value, report: &mut UpdateReport) -> Result<BTreeSet<String>> {
    let wrapped = coverage::of_workspace(root)?;
    let undocumented = Undocumented::read(root)?;
    report.add("Undocumented operations that the vendor describes now", undocumented.described_in(merged));
    let operations: BTreeMap<String, String> = tree::operations(merged)
        .into_iter()
        .map(|op| (crate::normalize::names::name_of(&op).to_snake_case(), op.label().to_owned()))
        .collect();
    let bare: BTreeSet<String> = operations
        .iter()
        .filter(|(name, _)| !wrapped.contains_key(*name))
        .map(|(_, id)| id.clone())
        .collect();
    report.add("Operations without a method in crates/grinfi", bare.iter().cloned());
    let broken =
        wrapped.iter().filter(|(name, _)| !operations.contains_key(*name) && !undocumented.has(name));
    let broken = broken.map(|(name, methods)| {
        let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
        format!("{}: calls `{name}`, which was removed", methods.join(", "))
    });
    report.add("Methods whose operation was removed", broken);
    Ok(bare)
}

/// The list of unimplemented operations, if it changes: new operations without a method are added, removed ones dropped. An
/// operation that loses its method is a mistake, so it is not added.
fn update_unimplemented(root: &Path, ours: &Value, bare: BTreeSet<String>) -> Result<Option<String>> {
    let before = unimplemented::read(root)?;
    let known: BTreeSet<String> = tree::operations(ours).iter().map(|op| op.label().to_owned()).collect();
    let after: BTreeSet<String> =
        bare.into_iter().filter(|id| before.contains(id) || !known.contains(id)).collect();
    Ok((after != before).then(|| unimplemented::text(&after)))
}

/// Reports changed public names of the generated code.
fn names(root: &Path, generated: &Generated, report: &mut UpdateReport) -> Result<()> {
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for output in &generated.outputs {
        let before = fs::read_to_string(root.join(&output.path)).unwrap_or_default();
        if before == output.text {
            continue;
        }
        let listing = |text: &str| -> Result<BTreeSet<String>> {
            if output.path.ends_with("client.rs") || output.path.ends_with("enums.rs") {
                public_api::rust::of_text("grinfi_raw", text)
            } else if let Some(module) = output.path.strip_suffix(".py") {
                let module = module.rsplit("/python/").next().unwrap_or(module).replace('/', ".");
                public_api::python::of_texts(&[(module, text.to_owned())])
            } else {
                Ok(BTreeSet::new())
            }
        };
        let (before, after) = (listing(&before)?, listing(&output.text)?);
        removed.extend(before.difference(&after).cloned());
        added.extend(after.difference(&before).cloned());
    }
    let wrapped = coverage::of_workspace(root)?;
    let method = |line: &str| -> Option<String> {
        let name = line.strip_prefix("fn grinfi_raw::Client::")?.split(['(', '<']).next()?;
        Some(name.to_owned())
    };
    let now: BTreeSet<String> = added.iter().filter_map(|line| method(line)).collect();
    let callers =
        removed.iter().filter_map(|line| method(line)).filter(|name| now.contains(name)).filter_map(|name| {
            let operation = name.strip_suffix(generate::options::SUFFIX).unwrap_or(&name);
            let methods: Vec<&str> = wrapped.get(operation)?.iter().map(String::as_str).collect();
            Some(format!("{}: calls `{name}`", methods.join(", ")))
        });
    report.add("Methods whose raw method changed its parameters or its result", callers);
    let grown: BTreeSet<String> = added
        .iter()
        .filter_map(|line| line.strip_prefix("field grinfi_raw::types::")?.split('.').next())
        .map(str::to_owned)
        .collect();
    let literals = coverage::written_out(root, &grown)?;
    report.add(
        "Types with a new or retyped field that are constructed without `..Default::default()`",
        literals,
    );
    report.add("Removed public names", removed);
    report.add("New public names", added);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_the_comment_at_the_top() {
        assert_eq!(
            split_head("# a\n\n# b\nopenapi: 3.0.3\n# c\n"),
            ("# a\n\n# b\n", "openapi: 3.0.3\n# c\n")
        );
        assert_eq!(split_head("openapi: 3.0.3\n"), ("", "openapi: 3.0.3\n"));
    }
}
