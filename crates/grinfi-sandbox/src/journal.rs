//! Write-ahead journal in the data file: each change is written and synced before the response to it is sent.
//!
//! Loading a file restores the last saved state of each tenant and replays the later actions. The result of an action
//! depends only on the store, the time and the action itself; the journal contains a checksum of each response, which
//! the replay compares.

mod entry;
mod file;
mod journaled;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, mpsc};

use tokio::sync::oneshot;

pub(crate) use entry::Entry;
pub(crate) use file::JournalError;
use file::{JournalLine, LockedFile};
pub(crate) use journaled::Journaled;
use writer::{Writer, WriterMessage};

/// Sender of journal entries to the writer thread, which ends when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Journal {
    to: mpsc::Sender<WriterMessage>,
    /// Why nothing can be written any more.
    broken: Arc<OnceLock<String>>,
    /// Number of the last entry.
    last: Arc<AtomicU64>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("broken", &self.broken).finish_non_exhaustive()
    }
}

/// Write that may not be on disk yet.
pub(crate) struct PendingWrite(oneshot::Receiver<Result<(), String>>);

impl PendingWrite {
    /// Waits until the entry is on disk.
    ///
    /// # Errors
    /// Why it could not be written.
    pub(crate) async fn synced(self) -> Result<(), String> {
        self.0.await.unwrap_or_else(|_| Err("the sandbox has stopped".to_owned()))
    }
}

/// Journal whose file is locked but not replayed yet.
pub(crate) struct UnreadJournal {
    locked: LockedFile,
    from: mpsc::Receiver<WriterMessage>,
    journal: Journal,
}

/// Opens and locks the data file, or creates it.
///
/// # Errors
/// If another sandbox has the file open, or an I/O error.
pub(crate) fn open(path: &Path) -> Result<(Journal, UnreadJournal), JournalError> {
    let locked = file::open(path)?;
    let (to, from) = mpsc::channel();
    let journal = Journal { to, broken: Arc::default(), last: Arc::default() };
    Ok((journal.clone(), UnreadJournal { locked, from, journal }))
}

impl UnreadJournal {
    /// Restores `state` from the file, rewrites the file and starts the writer thread.
    ///
    /// # Errors
    /// If the file is damaged before its end, is not a data file, or the replay of an entry differs from its record.
    pub(crate) fn replay_into<T: Journaled + 'static>(self, state: &Arc<T>) -> Result<(), JournalError> {
        let UnreadJournal { locked, from, journal } = self;
        let mut last = 0;
        let (lock, path) = locked.read(|line| match line {
            JournalLine::Tenant(saved) => {
                last = last.max(saved.entries);
                state.restore(*saved);
                Ok(())
            }
            JournalLine::Entries(entries) => entries.into_iter().try_for_each(|entry| {
                last = last.max(entry.number());
                state.replay(entry)
            }),
        })?;
        journal.last.store(last, Ordering::Relaxed);
        let state = Arc::downgrade(state);
        let writer = Writer::start(path, lock, from, Arc::clone(&journal.broken), state)?;
        std::thread::Builder::new().name("grinfi-sandbox-data".to_owned()).spawn(|| writer.run())?;
        Ok(())
    }
}

impl Journal {
    /// Returns the number for a new entry. The numbers of one tenant's entries increase.
    pub(crate) fn next_number(&self) -> u64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Queues an entry. Entries are written in the order in which they are added.
    pub(crate) fn add(&self, entry: &Entry) -> PendingWrite {
        let (ack, acked) = oneshot::channel();
        match serde_json::to_string(entry) {
            // If the writer has ended, `synced` reports it.
            Ok(line) => drop(self.to.send(WriterMessage::Add { line, ack })),
            Err(error) => drop(ack.send(Err(error.to_string()))),
        }
        PendingWrite(acked)
    }

    /// # Errors
    /// Why nothing can be written any more.
    pub(crate) fn check_writable(&self) -> Result<(), String> {
        self.broken.get().map_or(Ok(()), |why| Err(why.clone()))
    }

    /// Rewrites the file with the current state and closes it; nothing is written afterwards.
    pub(crate) async fn close(&self) -> Result<(), String> {
        let (ack, acked) = oneshot::channel();
        drop(self.to.send(WriterMessage::Close { ack }));
        PendingWrite(acked).synced().await
    }
}
