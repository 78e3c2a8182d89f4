//! The list of operations without a method, a sandbox handler and a test. `cargo xtask spec update` adds new operations, so
//! that an update breaks nothing. Remove an operation from the list when you implement it; a release requires an empty
//! list.

use std::{collections::BTreeSet, fs, io::ErrorKind, path::Path};

use anyhow::{Context, Result};

/// The file with the list, relative to the workspace. Tests that visit all operations read it too.
pub const FILE: &str = "openapi/unimplemented.txt";

const HEAD: &str = "# Operations without a method, a test and a sandbox handler, one per line. `cargo xtask spec update` adds new ones;\n\
                    # remove a line when you implement the operation. A release requires an empty list.\n";

/// Reads the ids of the list.
pub fn read(root: &Path) -> Result<BTreeSet<String>> {
    match fs::read_to_string(root.join(FILE)) {
        Ok(text) => Ok(ids(&text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {FILE}")),
    }
}

/// The content of the file.
pub fn text(ids: &BTreeSet<String>) -> String {
    ids.iter().fold(HEAD.to_owned(), |text, id| format!("{text}{id}\n"))
}

fn ids(text: &str) -> BTreeSet<String> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_survives_a_round_trip() {
        let unimplemented = BTreeSet::from(["listTagColors", "createTagColor"].map(str::to_owned));
        assert_eq!(ids(&text(&unimplemented)), unimplemented);
        assert_eq!(ids(&text(&BTreeSet::new())), BTreeSet::new());
    }
}
