//! The ledger of `docs/sandbox.md`: what the sandbox does, and how that is known. An assumption in the code that is not in it,
//! or one more than was agreed to, is a failure.
// A helper of tests may fail as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// How many assumptions there are. One more is to be thought over: can it be found out instead?
const ASSUMED: usize = 96;
const MARK: &str = "// assumed: ";

/// A row of the ledger.
struct Row {
    name: String,
    grade: String,
    texts: [String; 2],
}

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox.md")).unwrap()
}

fn rows(page: &str) -> Vec<Row> {
    let (_, ledger) = page.split_once("## The ledger").unwrap();
    let lines = ledger.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [name, grade, does, from] = cells[..] else { panic!("{line}") };
            let texts = [does.to_owned(), from.to_owned()];
            Row { name: name.trim_matches('`').to_owned(), grade: grade.to_owned(), texts }
        })
        .collect()
}

/// The marks in the code, with the files that they stand in.
fn marks(folder: &Path, found: &mut BTreeMap<String, Vec<String>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            marks(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            for line in fs::read_to_string(&path).unwrap().lines() {
                if let Some(name) = line.trim_start().strip_prefix(MARK) {
                    found.entry(name.to_owned()).or_default().push(path.display().to_string());
                }
            }
        }
    }
}

#[test]
fn every_assumption_in_the_code_is_in_the_ledger_and_the_other_way_round() {
    let page = page();
    let assumed: BTreeSet<String> =
        rows(&page).into_iter().filter(|row| row.grade == "assumed").map(|row| row.name).collect();
    let mut found = BTreeMap::new();
    marks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let unlisted: Vec<_> = found.iter().filter(|(name, _)| !assumed.contains(*name)).collect();
    assert!(unlisted.is_empty(), "assumed in the code and not in docs/sandbox.md: {unlisted:?}");
    let unmarked: Vec<_> = assumed.iter().filter(|name| !found.contains_key(*name)).collect();
    assert!(unmarked.is_empty(), "in docs/sandbox.md and marked nowhere in the code: {unmarked:?}");
    assert_eq!(assumed.len(), ASSUMED, "the number of assumptions is agreed to");
}

#[test]
fn the_ledger_is_whole() {
    let page = page();
    let rows = rows(&page);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for row in &rows {
        assert!(names.insert(&row.name), "`{}` stands twice", row.name);
        assert!(["documented", "observed", "assumed"].contains(&row.grade.as_str()), "{}", row.name);
        assert!(row.texts.iter().all(|text| !text.is_empty()), "`{}` says too little", row.name);
        *counts.entry(&row.grade).or_default() += 1;
    }
    let said = format!(
        "{} documented, {} observed, {} assumed.",
        counts["documented"], counts["observed"], counts["assumed"]
    );
    assert!(page.lines().any(|line| line == said), "the page has to say: {said}");
}
