//! Thread that writes the journal: entries that arrive during a sync are written together in the next line.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, OnceLock, Weak};

use tokio::sync::oneshot;

use super::file;
use super::journaled::Journaled;

/// Most entries in one line.
const MAX_BATCH: usize = 4096;
/// The file is rewritten when the added lines exceed this size and the size of the last rewrite.
const MIN_REWRITE_BYTES: u64 = 8 * 1024 * 1024;

type WriteAck = oneshot::Sender<Result<(), String>>;

pub(super) enum WriterMessage {
    Add { line: String, ack: WriteAck },
    Close { ack: WriteAck },
}

pub(super) struct Writer {
    path: PathBuf,
    file: File,
    /// Keeps other processes out.
    _lock: File,
    from: Receiver<WriterMessage>,
    broken: Arc<OnceLock<String>>,
    /// Weak, so that the writer does not keep the tenants alive.
    state: Weak<dyn Journaled>,
    /// Bytes of the last rewrite.
    rewritten: u64,
    /// Bytes added since then.
    added: u64,
}

/// Messages that are handled together.
#[derive(Default)]
struct Batch {
    lines: Vec<String>,
    acks: Vec<WriteAck>,
    close: Option<WriteAck>,
}

impl Batch {
    fn push(&mut self, message: WriterMessage) {
        match message {
            WriterMessage::Add { line, ack } => {
                self.lines.push(line);
                self.acks.push(ack);
            }
            WriterMessage::Close { ack } => self.close = Some(ack),
        }
    }
}

impl Writer {
    /// Rewrites the file with the current state.
    pub(super) fn start(
        path: PathBuf,
        lock: File,
        from: Receiver<WriterMessage>,
        broken: Arc<OnceLock<String>>,
        state: Weak<dyn Journaled>,
    ) -> io::Result<Writer> {
        let (file, rewritten) = write_new_file(&path, &state)?;
        Ok(Writer { path, file, _lock: lock, from, broken, state, rewritten, added: 0 })
    }

    /// Writes entries until the journal is closed or every sender is dropped.
    pub(super) fn run(mut self) {
        while let Ok(first) = self.from.recv() {
            let mut batch = Batch::default();
            batch.push(first);
            while batch.close.is_none() && batch.lines.len() < MAX_BATCH {
                let Ok(next) = self.from.try_recv() else { break };
                batch.push(next);
            }
            let written = self.write(&batch.lines);
            for ack in batch.acks {
                // The receiver may not wait for it.
                drop(ack.send(written.clone()));
            }
            if let Some(ack) = batch.close {
                let closed = self.rewrite();
                // Unlocks the file first: the receiver may open it at once.
                drop(self);
                drop(ack.send(closed));
                return;
            }
            if self.added > self.rewritten.max(MIN_REWRITE_BYTES) {
                // A failure is reported with the next entry.
                drop(self.rewrite());
            }
        }
    }

    /// Writes and syncs one line of entries. After a failure the end of the file is unknown, so nothing more is
    /// written.
    fn write(&mut self, lines: &[String]) -> Result<(), String> {
        if let Some(why) = self.broken.get() {
            return Err(why.clone());
        }
        if lines.is_empty() {
            return Ok(());
        }
        let line = file::with_checksum(&format!("{{\"entries\":[{}]}}", lines.join(",")));
        self.file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|error| self.mark_broken(&error))?;
        self.added += line.len() as u64;
        Ok(())
    }

    fn rewrite(&mut self) -> Result<(), String> {
        if let Some(why) = self.broken.get() {
            return Err(why.clone());
        }
        (self.file, self.rewritten) =
            write_new_file(&self.path, &self.state).map_err(|error| self.mark_broken(&error))?;
        self.added = 0;
        Ok(())
    }

    fn mark_broken(&self, error: &io::Error) -> String {
        self.broken.get_or_init(|| error.to_string()).clone()
    }
}

/// Writes the current state to a new file and renames it to `path`, so that `path` is complete at any time. The state
/// may already include entries that are still queued; the replay skips them by their numbers.
fn write_new_file(path: &Path, state: &Weak<dyn Journaled>) -> io::Result<(File, u64)> {
    let Some(state) = state.upgrade() else { return Err(io::Error::other("the sandbox has stopped")) };
    let temporary = file::with_suffix(path, ".new");
    let file = OpenOptions::new().create(true).truncate(true).write(true).open(&temporary)?;
    let mut to = BufWriter::with_capacity(1 << 16, file);
    let mut length = 0;
    let mut put = |json: &str| {
        let line = file::with_checksum(json);
        length += line.len() as u64;
        to.write_all(line.as_bytes())
    };
    put(&file::header().to_string())?;
    state.save_all(&mut |saved| put(&serde_json::to_string(&file::JournalLine::Tenant(Box::new(saved)))?))?;
    let file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok((file, length))
}
