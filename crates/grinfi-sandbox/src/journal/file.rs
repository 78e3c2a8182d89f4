//! The file: lines of a checksum and JSON, of which each was synced before the next was begun.

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Entry;
use crate::world::Whole;

/// The form of the file; another number is another form.
const FORM: u64 = 1;

/// Why a file cannot be used.
#[derive(Debug)]
pub(crate) enum Trouble {
    System(io::Error),
    /// Another sandbox has it open.
    Taken,
    /// It is something else, or of another form.
    NotOurs,
    /// A line is damaged, and it is not the last.
    Damaged {
        byte: u64,
    },
    /// What was done comes out otherwise than when it was written.
    Otherwise {
        number: u64,
    },
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        Trouble::System(error)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::System(error) => error.fmt(f),
            Trouble::Taken => f.write_str("another sandbox has it open"),
            Trouble::NotOurs => {
                f.write_str("it is not a data file of this version of the sandbox; it is left as it is")
            }
            Trouble::Damaged { byte } => {
                write!(f, "it is damaged at byte {byte}, before its end; it is left as it is")
            }
            Trouble::Otherwise { number } => write!(
                f,
                "entry {number} comes out otherwise than when it was written, most likely by another version of the \
                 sandbox; start that version once and stop it with Ctrl-C, or take another file"
            ),
        }
    }
}

impl std::error::Error for Trouble {}

/// What a line holds, the first apart.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// A whole copy of a world.
    World(Box<Whole>),
    /// Things that happened, in their order.
    Entries(Vec<Entry>),
}

/// A file that is open for this process alone.
pub(crate) struct Opened {
    path: PathBuf,
    lock: File,
    /// `None` if there is no file yet.
    file: Option<File>,
}

/// Opens a file that is there, and keeps every other process out.
pub(super) fn open(path: &Path) -> Result<Opened, Trouble> {
    let beside = |ending: &str| beside(path, ending);
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(beside(".lock"))?;
    match fs4::FileExt::try_lock(&lock) {
        Ok(()) => {}
        Err(fs4::TryLockError::WouldBlock) => return Err(Trouble::Taken),
        Err(fs4::TryLockError::Error(error)) => return Err(Trouble::System(error)),
    }
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => Some(file).filter(|file| file.metadata().is_ok_and(|about| about.len() > 0)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Trouble::System(error)),
    };
    Ok(Opened { path: path.to_owned(), lock, file })
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(OsString::from(ending));
    PathBuf::from(name)
}

impl Opened {
    /// Reads line after line. A torn last one is what was being written when the process ended; it was never answered,
    /// and is dropped.
    pub(super) fn read(
        self,
        mut each: impl FnMut(Line) -> Result<(), Trouble>,
    ) -> Result<(File, PathBuf), Trouble> {
        let Opened { path, lock, file } = self;
        let Some(file) = file else { return Ok((lock, path)) };
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        let mut at = 0u64;
        let mut torn: Option<u64> = None;
        while let length @ 1.. = reader.read_until(b'\n', &mut line)? {
            match unwrap(&line) {
                Some(_) if torn.is_some() => return Err(Trouble::Damaged { byte: torn.unwrap_or(at) }),
                None if at == 0 => return Err(Trouble::NotOurs),
                None => torn = torn.or(Some(at)),
                Some(held) if at == 0 => {
                    let first: serde_json::Value =
                        serde_json::from_slice(held).map_err(|_| Trouble::NotOurs)?;
                    if first != header() {
                        return Err(Trouble::NotOurs);
                    }
                }
                Some(held) => each(serde_json::from_slice(held).map_err(|_| Trouble::NotOurs)?)?,
            }
            at += length as u64;
            line.clear();
        }
        if let Some(torn) = torn {
            let file = reader.into_inner();
            file.set_len(torn)?;
            file.sync_all()?;
        }
        Ok((lock, path))
    }
}

pub(super) fn header() -> serde_json::Value {
    json!({"grinfi_sandbox_data": FORM})
}

/// A line with its checksum and its end.
pub(super) fn wrap(held: &str) -> String {
    format!("{:08x} {held}\n", crc32fast::hash(held.as_bytes()))
}

/// What a line holds, if it is whole.
fn unwrap(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, held) = (line.get(..8)?, line.get(8..)?.strip_prefix(b" ")?);
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    (crc32fast::hash(held) == sum).then_some(held)
}
