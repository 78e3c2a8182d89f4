//! Data file: lines of a checksum and JSON, each synced before the next one is written.

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entry::Entry;
use crate::snapshot::SavedTenant;

/// Version of the file format.
const FORMAT: u64 = 2;

/// Why a data file cannot be used.
#[derive(Debug)]
pub(crate) enum JournalError {
    Io(io::Error),
    /// Another sandbox has the file open.
    Locked,
    /// The file is not a data file, or has another format version.
    NotDataFile,
    /// A line other than the last one is damaged.
    Damaged {
        byte: u64,
    },
    /// The replay of an entry has another result than the recorded one.
    Diverged {
        number: u64,
    },
}

impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> JournalError {
        JournalError::Io(error)
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::Io(error) => error.fmt(f),
            JournalError::Locked => f.write_str("another sandbox has it open"),
            JournalError::NotDataFile => {
                f.write_str("not a data file of this version of the sandbox; the file was not changed")
            }
            JournalError::Damaged { byte } => {
                write!(f, "damaged at byte {byte}, before its end; the file was not changed")
            }
            JournalError::Diverged { number } => write!(
                f,
                "the replay of entry {number} differs from its record, most likely because another version of the \
                 sandbox wrote it; start that version once and stop it with Ctrl-C, or use another file"
            ),
        }
    }
}

impl std::error::Error for JournalError {}

/// Content of a line after the header.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum JournalLine {
    Tenant(Box<SavedTenant>),
    /// Changes in their order.
    Entries(Vec<Entry>),
}

/// Data file that no other process can open.
pub(crate) struct LockedFile {
    path: PathBuf,
    lock: File,
    /// `None` if there is no file yet.
    file: Option<File>,
}

/// Locks a data file and opens it if it exists.
pub(super) fn open(path: &Path) -> Result<LockedFile, JournalError> {
    let lock_path = with_suffix(path, ".lock");
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(lock_path)?;
    match fs4::FileExt::try_lock(&lock) {
        Ok(()) => {}
        Err(fs4::TryLockError::WouldBlock) => return Err(JournalError::Locked),
        Err(fs4::TryLockError::Error(error)) => return Err(JournalError::Io(error)),
    }
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => Some(file).filter(|file| file.metadata().is_ok_and(|about| about.len() > 0)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(JournalError::Io(error)),
    };
    Ok(LockedFile { path: path.to_owned(), lock, file })
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(OsString::from(suffix));
    PathBuf::from(name)
}

impl LockedFile {
    /// Reads the file line by line and returns its lock and path. An incomplete last line is removed: the process
    /// ended while writing it, so no response to it was sent.
    pub(super) fn read(
        self,
        mut each: impl FnMut(JournalLine) -> Result<(), JournalError>,
    ) -> Result<(File, PathBuf), JournalError> {
        let LockedFile { path, lock, file } = self;
        let Some(file) = file else { return Ok((lock, path)) };
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        let mut at = 0u64;
        let mut damaged: Option<u64> = None;
        while let length @ 1.. = reader.read_until(b'\n', &mut line)? {
            match verified(&line) {
                Some(_) if damaged.is_some() => {
                    return Err(JournalError::Damaged { byte: damaged.unwrap_or(at) });
                }
                None if at == 0 => return Err(JournalError::NotDataFile),
                None => damaged = damaged.or(Some(at)),
                Some(json) if at == 0 => {
                    let first: serde_json::Value =
                        serde_json::from_slice(json).map_err(|_| JournalError::NotDataFile)?;
                    if first != header() {
                        return Err(JournalError::NotDataFile);
                    }
                }
                Some(json) => each(serde_json::from_slice(json).map_err(|_| JournalError::NotDataFile)?)?,
            }
            at += length as u64;
            line.clear();
        }
        if let Some(end) = damaged {
            let file = reader.into_inner();
            file.set_len(end)?;
            file.sync_all()?;
        }
        Ok((lock, path))
    }
}

pub(super) fn header() -> serde_json::Value {
    json!({"grinfi_sandbox_data": FORMAT})
}

/// Returns a line of the file: checksum, JSON and line end.
pub(super) fn with_checksum(json: &str) -> String {
    format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes()))
}

/// Returns the JSON of a line, or `None` if its checksum does not match.
fn verified(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, json) = (line.get(..8)?, line.get(8..)?.strip_prefix(b" ")?);
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    (crc32fast::hash(json) == sum).then_some(json)
}
