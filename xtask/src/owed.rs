//! Operations of the description that nobody has taken up yet: no method of the ergonomic crate, nothing in the sandbox, no
//! test. `cargo xtask spec update` records them, so that taking over a description breaks nothing; whoever writes the method
//! takes the line out; a release is not made while there is one.

use std::{collections::BTreeSet, fs, io::ErrorKind, path::Path};

use anyhow::{Context, Result};

/// Where they are recorded, relative to the workspace. The tests that go over all operations read it too.
pub const FILE: &str = "openapi/owed.txt";

const HEAD: &str = "# Operations without a method, a test and a place in the sandbox, one a line. `cargo xtask spec update` adds to this;\n\
                    # take a line out with the method that you write. A release waits until none is left.\n";

/// The ids that are recorded.
pub fn read(root: &Path) -> Result<BTreeSet<String>> {
    match fs::read_to_string(root.join(FILE)) {
        Ok(text) => Ok(ids(&text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {FILE}")),
    }
}

/// The file that records these.
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
    fn what_is_written_reads_back() {
        let owed = BTreeSet::from(["listTagColors", "createTagColor"].map(str::to_owned));
        assert_eq!(ids(&text(&owed)), owed);
        assert_eq!(ids(&text(&BTreeSet::new())), BTreeSet::new());
    }
}
