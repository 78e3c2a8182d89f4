//! The thread that writes the file: what comes while it syncs goes into the next line, together.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, OnceLock, Weak};

use tokio::sync::oneshot;

use super::file;
use crate::worlds::Worlds;

/// The most entries in one line.
const MOST: usize = 4096;
/// The file is written anew when what was added is more than the copies of the worlds, and more than this.
const WORTHWHILE: u64 = 8 * 1024 * 1024;

type Tell = oneshot::Sender<Result<(), String>>;

pub(super) enum Message {
    Add { line: String, tell: Tell },
    Close { tell: Tell },
}

pub(super) struct Writer {
    path: PathBuf,
    file: File,
    /// Holding it keeps other processes out.
    _lock: File,
    from: Receiver<Message>,
    broken: Arc<OnceLock<String>>,
    /// Where the copies are taken from; it must not keep them alive.
    worlds: Weak<Worlds>,
    /// How many bytes the copies take.
    copied: u64,
    /// And the lines since.
    added: u64,
}

/// What was taken off the queue at once.
#[derive(Default)]
struct Batch {
    lines: Vec<String>,
    told: Vec<Tell>,
    close: Option<Tell>,
}

impl Batch {
    fn put(&mut self, message: Message) {
        match message {
            Message::Add { line, tell } => {
                self.lines.push(line);
                self.told.push(tell);
            }
            Message::Close { tell } => self.close = Some(tell),
        }
    }
}

impl Writer {
    /// Writes the file anew, with a copy of every world.
    pub(super) fn start(
        path: PathBuf,
        lock: File,
        from: Receiver<Message>,
        broken: Arc<OnceLock<String>>,
        worlds: Weak<Worlds>,
    ) -> io::Result<Writer> {
        let (file, copied) = copy(&path, &worlds)?;
        Ok(Writer { path, file, _lock: lock, from, broken, worlds, copied, added: 0 })
    }

    /// Writes until it is told to close, or nobody is left to tell it anything.
    pub(super) fn run(mut self) {
        while let Ok(first) = self.from.recv() {
            let mut batch = Batch::default();
            batch.put(first);
            while batch.close.is_none() && batch.lines.len() < MOST {
                let Ok(next) = self.from.try_recv() else { break };
                batch.put(next);
            }
            let written = self.write(&batch.lines);
            for tell in batch.told {
                // Who no longer waits has hung up.
                drop(tell.send(written.clone()));
            }
            if let Some(tell) = batch.close {
                let closed = self.anew();
                // Whoever is told may open the file at once.
                drop(self);
                drop(tell.send(closed));
                return;
            }
            if self.added > self.copied.max(WORTHWHILE) {
                // Should it fail, that is said with the next entry.
                drop(self.anew());
            }
        }
    }

    /// Writes and syncs one line of entries. After a failure the end of the file is not known, and nothing more is
    /// written.
    fn write(&mut self, lines: &[String]) -> Result<(), String> {
        if let Some(why) = self.broken.get() {
            return Err(why.clone());
        }
        if lines.is_empty() {
            return Ok(());
        }
        let line = file::wrap(&format!("{{\"entries\":[{}]}}", lines.join(",")));
        self.file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|error| self.breaks(&error))?;
        self.added += line.len() as u64;
        Ok(())
    }

    fn anew(&mut self) -> Result<(), String> {
        if let Some(why) = self.broken.get() {
            return Err(why.clone());
        }
        (self.file, self.copied) = copy(&self.path, &self.worlds).map_err(|error| self.breaks(&error))?;
        self.added = 0;
        Ok(())
    }

    fn breaks(&self, error: &io::Error) -> String {
        self.broken.get_or_init(|| error.to_string()).clone()
    }
}

/// Writes a copy of every world to a new file and puts it in the place of the old one; one of them stands there whole at
/// any time. Entries that are still to be written may be in a copy already; they have their numbers for that.
fn copy(path: &Path, worlds: &Weak<Worlds>) -> io::Result<(File, u64)> {
    let Some(worlds) = worlds.upgrade() else { return Err(io::Error::other("the worlds are gone")) };
    let temporary = file::beside(path, ".new");
    let file = OpenOptions::new().create(true).truncate(true).write(true).open(&temporary)?;
    let mut to = BufWriter::with_capacity(1 << 16, file);
    let mut length = 0;
    let mut put = |held: &str| {
        let line = file::wrap(held);
        length += line.len() as u64;
        to.write_all(line.as_bytes())
    };
    put(&file::header().to_string())?;
    for world in worlds.all() {
        put(&serde_json::to_string(&file::Line::World(Box::new(world.whole())))?)?;
    }
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
