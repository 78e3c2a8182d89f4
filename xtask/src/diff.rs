//! `cargo xtask spec diff`: compares two API descriptions, and judges the changes for a client made from the older one.
//!
//! Both are compared after following references and merging `allOf`, so that moving a schema is not a change. Prose is
//! compared separately.

use std::{collections::BTreeSet, path::Path};

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

mod change;
mod operation;
pub mod prose;
mod report;
mod rules;
mod schema;
pub mod source;
mod view;

pub use change::{Change, Location, Owner};
pub use report::Format;
pub use rules::{ChangeKind, Direction, Verdict};

use change::Changes;
use operation::OperationView;
use schema::Schemas;
use source::DescriptionSource;

/// The result of a comparison.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// The number of changes of each verdict, and of operations.
    pub summary: DiffSummary,
    /// The changes of the texts.
    pub prose: prose::ProseChanges,
    /// The changes, worst first.
    pub changes: Vec<Change>,
}

/// The numbers of a comparison.
#[derive(Debug, Serialize)]
pub struct DiffSummary {
    /// `info.version` of both.
    pub versions: Both<String>,
    /// Operations of both.
    pub operations: Both<usize>,
    /// Breaking changes.
    pub breaking: usize,
    /// Additive changes.
    pub additive: usize,
    /// Changes without an effect on clients.
    pub neutral: usize,
}

/// A value of both descriptions.
#[derive(Debug, Serialize)]
pub struct Both<T> {
    /// Of the older description.
    pub old: T,
    /// Of the newer one.
    pub new: T,
}

/// Compares two descriptions, prints the changes, and returns whether any is breaking.
pub fn run(root: &Path, new: &str, old: Option<&str>, format: Format) -> Result<bool> {
    let ours = root.join(crate::generate::DESCRIPTION);
    let old = DescriptionSource::of(old.unwrap_or(&ours.to_string_lossy())).read()?;
    let new = DescriptionSource::of(new).read()?;
    let diff = compare(&old.doc, &new.doc);
    print!("{}", report::write(&diff, format)?);
    Ok(diff.summary.breaking > 0)
}

/// Formats a comparison as text.
pub fn text(diff: &Diff) -> String {
    report::text(diff)
}

/// Formats a comparison as Markdown for a changelog.
pub fn markdown(diff: &Diff) -> Result<String> {
    report::write(diff, Format::Markdown)
}

/// Compares two valid descriptions.
pub fn compare(old: &Value, new: &Value) -> Diff {
    let mut changes = Changes::default();
    let mut schemas = Schemas::new(old, new);
    let (before, after) = (OperationView::all(old), OperationView::all(new));
    document(&mut changes, old, new);
    let pairs = pair(&before, &after);
    for (index, op) in before.iter().enumerate() {
        if !pairs.iter().any(|(old, _)| *old == index) {
            let place = Location::of(Owner::Operation(op.label()));
            let route = Some(format!("{} {}", op.name.method.to_uppercase(), op.name.path));
            changes.note(Direction::Request, ChangeKind::OperationRemoved, &place, route, None);
        }
    }
    for (index, op) in after.iter().enumerate() {
        match pairs.iter().find(|(_, new)| *new == index) {
            Some((old_index, _)) => {
                operation::compare(&mut changes, &mut schemas, (old, new), &before[*old_index], op);
            }
            None => {
                let place = Location::of(Owner::Operation(op.label()));
                let route = Some(format!("{} {}", op.name.method.to_uppercase(), op.name.path));
                changes.note(Direction::Request, ChangeKind::OperationAdded, &place, None, route);
            }
        }
    }
    let mut list = changes.into_list();
    list.iter_mut().for_each(|change| add_operations(change, &after, new));
    let count = |verdict: Verdict| list.iter().filter(|change| change.verdict == verdict).count();
    let version =
        |doc: &Value| doc.pointer("/info/version").and_then(Value::as_str).unwrap_or("?").to_owned();
    Diff {
        summary: DiffSummary {
            versions: Both { old: version(old), new: version(new) },
            operations: Both { old: before.len(), new: after.len() },
            breaking: count(Verdict::Breaking),
            additive: count(Verdict::Additive),
            neutral: count(Verdict::Neutral),
        },
        prose: prose::compare(old, new),
        changes: list,
    }
}

/// Pairs operations by id, and the others by method and path.
fn pair(before: &[OperationView<'_>], after: &[OperationView<'_>]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let same_id =
        |a: &OperationView<'_>, b: &OperationView<'_>| a.name.id.is_some() && a.name.id == b.name.id;
    let same_route = |a: &OperationView<'_>, b: &OperationView<'_>| a.route() == b.route();
    // Identical operations first, because an id or a path may have been reused for another operation.
    for (by_id, by_route) in [(true, true), (true, false), (false, true)] {
        for (old, a) in before.iter().enumerate() {
            for (new, b) in after.iter().enumerate() {
                let free = !pairs.iter().any(|(x, y)| *x == old || *y == new);
                if free && (!by_id || same_id(a, b)) && (!by_route || same_route(a, b)) {
                    pairs.push((old, new));
                }
            }
        }
    }
    pairs
}

fn document(changes: &mut Changes, old: &Value, new: &Value) {
    let place = Location::of(Owner::Document);
    let servers = |doc: &Value| -> Vec<String> {
        let list = doc["servers"].as_array();
        list.into_iter().flatten().filter_map(|server| Some(server["url"].as_str()?.to_owned())).collect()
    };
    let (before, after) = (servers(old), servers(new));
    if before.iter().any(|url| !after.contains(url)) {
        let (before, after) = (before.join(", "), after.join(", "));
        changes.note(Direction::Request, ChangeKind::ServerChanged, &place, Some(before), Some(after));
    }
    let security = |doc: &Value| {
        let scheme = doc.pointer("/components/securitySchemes").map(schema::without_prose);
        (doc.get("security").cloned(), scheme)
    };
    if security(old) != security(new) {
        let say = |doc: &Value| doc.get("security").map(Value::to_string);
        changes.note(Direction::Request, ChangeKind::SecurityChanged, &place, say(old), say(new));
    }
}

/// Adds the operations that use a changed component.
fn add_operations(change: &mut Change, operations: &[OperationView<'_>], doc: &Value) {
    let Some(wanted) = change.place.owner.reference() else { return };
    for judged in &mut change.judged {
        judged.operations = operations
            .iter()
            .filter(|op| {
                let parts: &[&str] = match judged.direction {
                    Direction::Request => &["parameters", "requestBody"],
                    Direction::Response => &["responses"],
                };
                parts.iter().filter_map(|part| op.map.get(*part)).any(|part| reaches(doc, part, &wanted))
            })
            .map(OperationView::label)
            .collect::<BTreeSet<_>>();
    }
}

fn reaches(doc: &Value, node: &Value, wanted: &str) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match node {
            Value::Object(map) => {
                if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                    if target == wanted {
                        return true;
                    }
                    if seen.insert(target) {
                        open.extend(crate::tree::target(doc, target));
                    }
                }
                open.extend(map.iter().filter(|(key, _)| *key != "example").map(|(_, child)| child));
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
