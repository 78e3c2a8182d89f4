//! The tables in the README, made by the command that measures.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::table::Table;

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// Puts the tables between the marks.
pub fn put(root: &Path, tables: &[Table]) -> Result<()> {
    let path = root.join("README.md");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let tables: Vec<String> = tables.iter().map(Table::markdown).collect();
    let text = replaced(&text, &tables.join("\n"))
        .with_context(|| format!("{} has no {BEGIN} and {END}", path.display()))?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn replaced(text: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{tables}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let new = replaced(&text, "new\n").unwrap();
        assert_eq!(new, format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n"));
        assert_eq!(replaced(&new, "new\n").unwrap(), new);
        assert!(replaced("no marks", "new").is_none());
    }
}
