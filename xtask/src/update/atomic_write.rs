//! Writes several files, or none of them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

/// A file to write.
struct Staged {
    target: PathBuf,
    temporary: PathBuf,
    /// The old content, for restoring it.
    before: Option<Vec<u8>>,
}

/// Writes every file, or leaves all as they were and returns an error. New contents are first written to temporary files, so
/// that a full disk is noticed before anything is replaced. If a replacement fails, the earlier ones are undone.
pub fn write_all(files: &[(PathBuf, String)]) -> Result<()> {
    write_with(files, |from, to| fs::rename(from, to))
}

fn write_with(files: &[(PathBuf, String)], replace: impl Fn(&Path, &Path) -> io::Result<()>) -> Result<()> {
    let mut staged: Vec<Staged> = Vec::new();
    let done = files.iter().try_for_each(|(target, text)| stage(target, text).map(|file| staged.push(file)));
    if let Err(error) = done {
        staged.iter().for_each(|file| drop(fs::remove_file(&file.temporary)));
        return Err(error);
    }
    for (index, file) in staged.iter().enumerate() {
        let Err(error) = replace(&file.temporary, &file.target) else { continue };
        staged[index..].iter().for_each(|file| drop(fs::remove_file(&file.temporary)));
        let stuck: Vec<String> = staged[..index]
            .iter()
            .filter(|file| restore(file).is_err())
            .map(|file| format!("\n  {}", file.target.display()))
            .collect();
        let error = anyhow::Error::new(error).context(format!("cannot write {}", file.target.display()));
        if stuck.is_empty() {
            return Err(error.context("nothing was changed"));
        }
        bail!("{error:#}; and these could not be restored:{}", stuck.concat());
    }
    Ok(())
}

fn stage(target: &Path, text: &str) -> Result<Staged> {
    let failed = || format!("cannot write {}; nothing was changed", target.display());
    let mut name = target.file_name().with_context(failed)?.to_owned();
    name.push(".new");
    let temporary = target.with_file_name(name);
    let before = match fs::read(target) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(failed),
    };
    if let Err(error) = fs::write(&temporary, text) {
        let _ = fs::remove_file(&temporary);
        return Err(error).with_context(failed);
    }
    Ok(Staged { target: target.to_owned(), temporary, before })
}

fn restore(file: &Staged) -> io::Result<()> {
    match &file.before {
        Some(bytes) => fs::write(&file.target, bytes),
        None => fs::remove_file(&file.target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("grinfi-disk-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writes_all_files() {
        let folder = folder("all");
        fs::write(folder.join("a"), "old").unwrap();
        write_all(&[(folder.join("a"), "new".into()), (folder.join("b"), "fresh".into())]).unwrap();
        assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "new");
        assert_eq!(names(&folder), ["a", "b"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn restores_all_files_if_one_cannot_be_written() {
        let folder = folder("replace");
        fs::write(folder.join("a"), "old").unwrap();
        fs::write(folder.join("c"), "old").unwrap();
        let files = |last: &str| {
            [("a", "new"), ("b", "fresh"), (last, "new")]
                .map(|(name, text)| (folder.join(name), text.to_owned()))
        };
        let untouched = |error: anyhow::Error| {
            let error = format!("{error:#}");
            assert!(error.contains("nothing was changed"), "{error}");
            assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "old");
            assert_eq!(fs::read_to_string(folder.join("c")).unwrap(), "old");
            assert_eq!(names(&folder), ["a", "c"]);
        };
        // The temporary file cannot be written.
        untouched(write_all(&files("missing/c")).unwrap_err());
        // The third of three files cannot be replaced.
        let replace = |from: &Path, to: &Path| match to.ends_with("c") {
            true => Err(io::Error::other("disk failure")),
            false => fs::rename(from, to),
        };
        untouched(write_with(&files("c"), replace).unwrap_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
