//! Compares the table of behavior in `docs/sandbox.md` with the `// assumed:` comments in the code.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Number of assumptions. Before adding one, try to find out what the API does.
const ASSUMED: usize = 96;
const MARK: &str = "// assumed: ";

/// Row of the table.
struct Row {
    name: String,
    grade: String,
    texts: [String; 2],
}

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox.md")).unwrap()
}

fn rows(page: &str) -> Vec<Row> {
    let (_, table) = page.split_once("## Sources of the behavior").unwrap();
    let lines = table.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [name, grade, behavior, source] = cells[..] else { panic!("{line}") };
            let texts = [behavior.to_owned(), source.to_owned()];
            Row { name: name.trim_matches('`').to_owned(), grade: grade.to_owned(), texts }
        })
        .collect()
}

/// Collects the comments in the code, with their files.
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
fn assumptions_of_code_and_page_are_equal() {
    let page = page();
    let assumed: BTreeSet<String> =
        rows(&page).into_iter().filter(|row| row.grade == "assumed").map(|row| row.name).collect();
    let mut found = BTreeMap::new();
    marks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let unlisted: Vec<_> = found.iter().filter(|(name, _)| !assumed.contains(*name)).collect();
    assert!(unlisted.is_empty(), "assumed in the code, missing in docs/sandbox.md: {unlisted:?}");
    let unmarked: Vec<_> = assumed.iter().filter(|name| !found.contains_key(*name)).collect();
    assert!(unmarked.is_empty(), "assumed in docs/sandbox.md, missing in the code: {unmarked:?}");
    assert_eq!(assumed.len(), ASSUMED, "update ASSUMED with the number of assumptions");
}

#[test]
fn table_rows_are_complete_and_counted() {
    let page = page();
    let rows = rows(&page);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for row in &rows {
        assert!(names.insert(&row.name), "duplicate row `{}`", row.name);
        assert!(["documented", "observed", "assumed"].contains(&row.grade.as_str()), "{}", row.name);
        assert!(row.texts.iter().all(|text| !text.is_empty()), "`{}` has an empty cell", row.name);
        *counts.entry(&row.grade).or_default() += 1;
    }
    let counted = format!(
        "{} documented, {} observed, {} assumed.",
        counts["documented"], counts["observed"], counts["assumed"]
    );
    assert!(page.lines().any(|line| line == counted), "docs/sandbox.md must contain the line: {counted}");
}
