//! `cargo xtask spec update`: a newer description of the vendor's in the place of ours, with our prose, and what it means for
//! all that is made of it. Either everything is written or nothing.

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
    diff::{self, source::Source},
    generate::{self, DESCRIPTION, Generated, OVERLAY, Stale, undocumented::Undocumented},
    overlay::{self, Effect, Overlay},
    owed, public_api, spec, tree,
};

mod align;
mod disk;
pub mod merge;
mod yaml;

/// What an update found.
#[derive(Debug, Default)]
struct Report {
    sections: Vec<(String, Vec<String>)>,
}

impl Report {
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

/// Takes over a newer description. With `dry`, only says what would become of it.
pub fn run(root: &Path, new: &str, dry: bool) -> Result<()> {
    let path = root.join(DESCRIPTION);
    let (ours_text, ours) = spec::read(&path)?;
    spec::validate(&ours, &path)?;
    let new = Source::of(new).read()?.doc;
    let (_, overlay) = generate::overlay(root)?;

    let (head, body) = split_head(&ours_text);
    same_style(&path, head, body, &ours)?;
    let difference = diff::compare(&ours, &new);
    print!("{}", diff::text(&difference));
    println!();

    let mut report = Report::default();
    let aligned = align::align(&ours, &new, &difference);
    let kept = additions(&overlay, &aligned, &new, &mut report)?;
    let mut merged = merge::merge(&aligned, &new, &kept);
    keep_what_is_referred_to(&mut merged, &aligned, &mut report);
    spec::validate(&merged, &path).context("what the two make together does not hold")?;
    let text = format!("{head}{}", yaml::write(&merged));

    let stale = judge_overlay(root, &overlay, &ours, &merged, &mut report)?;
    let generated = generate::generate_from(root, &text, merged.clone(), Stale::Skipped);
    let bare = uses(root, &merged, &mut report)?;
    if let Ok(generated) = &generated {
        names(root, generated, &mut report)?;
    }
    let owed = owe(root, &ours, bare)?;
    let unwritten = merge::unwritten(&merged);
    report.add(format!("To be described in {DESCRIPTION} (search for `{}`)", merge::MARKER), unwritten);
    report.print();

    let generated = generated.context("the new description cannot be generated from; nothing was changed")?;
    if stale > 0 {
        bail!(
            "{stale} actions of {OVERLAY} hit nothing any more; mend or remove them and run this again; nothing was changed"
        );
    }
    if dry {
        println!("nothing was written, as asked");
        return Ok(());
    }
    let mut files: Vec<(PathBuf, String)> = vec![(path, text)];
    files.extend(generated.outputs.into_iter().map(|output| (root.join(output.path), output.text)));
    let texts = public_api::Texts(files.iter().cloned().collect());
    files.extend(owed.map(|text| (root.join(owed::FILE), text)));
    // The listings of public names go along where they are kept.
    files.extend(public_api::with(root, &texts)?.into_iter().filter(|(path, _)| path.exists()));
    files.retain(|(path, text)| fs::read_to_string(path).ok().as_deref() != Some(text));
    disk::write_all(&files)?;
    let list: Vec<String> =
        files.iter().map(|(path, _)| path.strip_prefix(root).unwrap_or(path).display().to_string()).collect();
    match list.is_empty() {
        true => println!("nothing to write: ours says the same already"),
        false => println!("written: {}", list.join(", ")),
    }
    Ok(())
}

/// Prints the places that still need prose, and with `check` fails if there are any.
pub fn prose(root: &Path, check: bool) -> Result<()> {
    let (_, doc) = spec::read(&root.join(DESCRIPTION))?;
    let places = merge::unwritten(&doc);
    places.iter().for_each(|place| println!("{DESCRIPTION}#{place}"));
    println!("{} texts are still to be written", places.len());
    if check && !places.is_empty() {
        bail!("write them in {DESCRIPTION}, where it says `{}`", merge::MARKER);
    }
    Ok(())
}

/// The comment at the top of a description, and the rest.
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

/// What would be lost by writing our description anew, a comment for instance, has to go elsewhere first.
fn same_style(path: &Path, head: &str, body: &str, doc: &Value) -> Result<()> {
    let ours = yaml::write(doc);
    let first = body.lines().zip(ours.lines()).position(|(a, b)| a != b);
    let shorter = body.lines().count().min(ours.lines().count());
    if body == ours {
        return Ok(());
    }
    let line = first.unwrap_or(shorter);
    bail!(
        "{}:{}: written in another style than `spec update` writes, or a comment that would be lost. It would be\n  {}\n\
         and it is\n  {}",
        path.display(),
        head.lines().count() + line + 1,
        ours.lines().nth(line).unwrap_or("(the end)"),
        body.lines().nth(line).unwrap_or("(the end)"),
    );
}

/// The places of what is recorded as ours. What the newer description has too is recorded needlessly.
fn additions(overlay: &Overlay, ours: &Value, new: &Value, report: &mut Report) -> Result<BTreeSet<String>> {
    let mut kept = BTreeSet::new();
    let (mut lines, mut needless) = (Vec::new(), Vec::new());
    for added in overlay.added() {
        let label = format!("{} ({})", added.target, added.description);
        let places = overlay::locate(ours, &added.target)
            .with_context(|| format!("{OVERLAY}#/x-grinfi-added: bad JSONPath {}", added.target))?;
        if places.is_empty() {
            needless.push(format!("{label}: there is no such thing in ours; remove the entry"));
        } else if !overlay::locate(new, &added.target)?.is_empty() {
            needless.push(format!("{label}: the new description has it too; remove the entry"));
        } else {
            kept.extend(places);
            lines.push(label);
        }
    }
    report.add("Kept, though the new description does not have it", lines);
    report.add("Recorded as ours without need", needless);
    Ok(kept)
}

/// What is kept may refer to components that are gone.
fn keep_what_is_referred_to(merged: &mut Value, ours: &Value, report: &mut Report) {
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
    report.add("Kept because what is kept refers to it", lines);
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

/// Compares what the overlay does to our description with what it does to the new one. Says how many actions hit nothing.
fn judge_overlay(
    root: &Path,
    overlay: &Overlay,
    ours: &Value,
    merged: &Value,
    report: &mut Report,
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
        let gone: Vec<&str> = old
            .hits
            .iter()
            .filter(|place| !new.hits.contains(place) && merged.pointer(place).is_some())
            .map(String::as_str)
            .collect();
        if !gone.is_empty() {
            lost.push(format!("{}: {}", shown(new), gone.join(", ")));
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
                    true => format!("{}: {place} has {put} already", shown(new)),
                    false => format!("{}: {place} is now {there}, and the action makes it {put}", shown(new)),
                });
            }
        }
    }
    let count = stale.len();
    report.add("Actions of the overlay that hit nothing any more", stale);
    report.add("Actions of the overlay that no longer hit what they did", lost);
    report.add("Actions of the overlay that contradict the new description", against);
    report.add(
        "Actions of the overlay that change nothing any more, since the new description says so itself",
        idle,
    );
    Ok(count)
}

/// New operations that no method wraps, which it answers, and methods that wrap an operation that is gone.
fn uses(root: &Path, merged: &Value, report: &mut Report) -> Result<BTreeSet<String>> {
    let wrapped = coverage::of_workspace(root)?;
    let undocumented = Undocumented::read(root)?;
    report.add("Undocumented operations that are described now", undocumented.described_in(merged));
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
        format!("{}: calls `{name}`, which is gone", methods.join(", "))
    });
    report.add("Methods whose operation vanished", broken);
    Ok(bare)
}

/// The record of what is owed, if it changes: what is new and has no method comes in, what is gone goes. What had a method
/// before and has none now is no debt but a mistake, and stays out.
fn owe(root: &Path, ours: &Value, bare: BTreeSet<String>) -> Result<Option<String>> {
    let before = owed::read(root)?;
    let known: BTreeSet<String> = tree::operations(ours).iter().map(|op| op.label().to_owned()).collect();
    let after: BTreeSet<String> =
        bare.into_iter().filter(|id| before.contains(id) || !known.contains(id)).collect();
    Ok((after != before).then(|| owed::text(&after)))
}

/// The public names of what is generated, before and after.
fn names(root: &Path, generated: &Generated, report: &mut Report) -> Result<()> {
    let (mut gone, mut come) = (Vec::new(), Vec::new());
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
        gone.extend(before.difference(&after).cloned());
        come.extend(after.difference(&before).cloned());
    }
    let wrapped = coverage::of_workspace(root)?;
    let method = |line: &str| -> Option<String> {
        let name = line.strip_prefix("fn grinfi_raw::Client::")?.split(['(', '<']).next()?;
        Some(name.to_owned())
    };
    let now: BTreeSet<String> = come.iter().filter_map(|line| method(line)).collect();
    let callers =
        gone.iter().filter_map(|line| method(line)).filter(|name| now.contains(name)).filter_map(|name| {
            let operation = name.strip_suffix(generate::options::SUFFIX).unwrap_or(&name);
            let methods: Vec<&str> = wrapped.get(operation)?.iter().map(String::as_str).collect();
            Some(format!("{}: calls `{name}`", methods.join(", ")))
        });
    report.add("Methods whose raw method takes or answers something else", callers);
    let grown: BTreeSet<String> = come
        .iter()
        .filter_map(|line| line.strip_prefix("field grinfi_raw::types::")?.split('.').next())
        .map(str::to_owned)
        .collect();
    let literals = coverage::written_out(root, &grown)?;
    report.add("Types with a new or retyped field that are written out in full", literals);
    report.add("Public names that are gone", gone);
    report.add("Public names that are new", come);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_at_the_top_is_told_apart() {
        assert_eq!(
            split_head("# a\n\n# b\nopenapi: 3.0.3\n# c\n"),
            ("# a\n\n# b\n", "openapi: 3.0.3\n# c\n")
        );
        assert_eq!(split_head("openapi: 3.0.3\n"), ("", "openapi: 3.0.3\n"));
    }
}
