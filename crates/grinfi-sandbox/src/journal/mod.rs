//! What is kept in the file: how worlds began and what was done to them, written and synced before it is answered.
//!
//! A world is brought back from the last whole copy of it by doing again what was done since. That works because an act
//! depends on nothing but the store, its time and itself; the digest of each answer is kept and compared.

mod entry;
mod file;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, mpsc};

use tokio::sync::oneshot;

use crate::world::Start;
use crate::worlds::Worlds;
pub(crate) use entry::Entry;
pub(crate) use file::Trouble;
use file::{Line, Opened};
use writer::{Message, Writer};

/// The way to the file. Dropping the last one ends the thread that writes it.
#[derive(Clone)]
pub(crate) struct Journal {
    to: mpsc::Sender<Message>,
    /// Why nothing can be written any more.
    broken: Arc<OnceLock<String>>,
    /// The number of the last entry.
    last: Arc<AtomicU64>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("broken", &self.broken).finish_non_exhaustive()
    }
}

/// The word of the writer that something is in the file for good.
pub(crate) struct Kept(oneshot::Receiver<Result<(), String>>);

impl Kept {
    /// Returns when it is.
    ///
    /// # Errors
    /// Why it could not be written.
    pub(crate) async fn wait(self) -> Result<(), String> {
        self.0.await.unwrap_or_else(|_| Err("the sandbox has stopped".to_owned()))
    }
}

/// A file that is open, read but for its lines, and not written yet.
pub(crate) struct Unread {
    opened: Opened,
    from: mpsc::Receiver<Message>,
    journal: Journal,
}

/// Opens the file, or makes it.
///
/// # Errors
/// If another sandbox has it open, it is none of a sandbox, or the system refuses.
pub(crate) fn open(path: &Path) -> Result<(Journal, Unread), Trouble> {
    let opened = file::open(path)?;
    let (to, from) = mpsc::channel();
    let journal = Journal { to, broken: Arc::default(), last: Arc::default() };
    Ok((journal.clone(), Unread { opened, from, journal }))
}

impl Unread {
    /// Brings the worlds back, writes the file anew, and goes on to write what is done from now on.
    ///
    /// # Errors
    /// If the file is damaged before its end, or what it tells comes out otherwise than when it was written.
    pub(crate) fn bring_back(self, worlds: &Arc<Worlds>) -> Result<(), Trouble> {
        let Unread { opened, from, journal } = self;
        let mut last = 0;
        let (lock, path) = opened.read(|line| match line {
            Line::World(whole) => {
                last = last.max(whole.entries);
                worlds.put(*whole);
                Ok(())
            }
            Line::Entries(entries) => entries.into_iter().try_for_each(|entry| {
                last = last.max(entry.number());
                again(worlds, entry)
            }),
        })?;
        for world in worlds.all() {
            world.keep_delivering();
        }
        journal.last.store(last, Ordering::Relaxed);
        let writer = Writer::start(path, lock, from, Arc::clone(&journal.broken), Arc::downgrade(worlds))?;
        std::thread::Builder::new().name("grinfi-sandbox-data".to_owned()).spawn(|| writer.run())?;
        Ok(())
    }
}

fn again(worlds: &Arc<Worlds>, entry: Entry) -> Result<(), Trouble> {
    match entry {
        Entry::Begin { number, world, at, start } => {
            if worlds.get(&world).is_none_or(|there| there.entries() < number) {
                worlds.begin_again(&world, start, at, number);
            }
            Ok(())
        }
        Entry::Act { number, world, at, face, act, digest } => {
            // A world that is not there was forgotten later.
            let Some(there) = worlds.get(&world) else { return Ok(()) };
            match there.again(number, at, &act, face) {
                Some(now) if now != digest => Err(Trouble::Otherwise { number }),
                _ => Ok(()),
            }
        }
        Entry::Forget { number, world } => {
            if worlds.get(&world).is_some_and(|there| there.entries() < number) {
                worlds.forget_again(&world);
            }
            Ok(())
        }
    }
}

impl Journal {
    /// The number of an entry that is about to be made. Those of one world rise.
    pub(crate) fn next(&self) -> u64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Hands an entry to the writer. What is handed over in an order stands in the file in that order.
    pub(crate) fn add(&self, entry: &Entry) -> Kept {
        let (tell, told) = oneshot::channel();
        match serde_json::to_string(entry) {
            // That the writer is gone is heard by the one who waits.
            Ok(line) => drop(self.to.send(Message::Add { line, tell })),
            Err(error) => drop(tell.send(Err(error.to_string()))),
        }
        Kept(told)
    }

    /// Notes that a world begins; the number of that entry.
    pub(crate) fn begin(&self, world: &str, at: chrono::DateTime<chrono::Utc>, start: &Start) -> u64 {
        let number = self.next();
        // Whatever is kept of the world later is kept after this.
        drop(self.add(&Entry::Begin { number, world: world.to_owned(), at, start: start.clone() }));
        number
    }

    /// # Errors
    /// Why nothing can be written any more.
    pub(crate) fn works(&self) -> Result<(), String> {
        self.broken.get().map_or(Ok(()), |why| Err(why.clone()))
    }

    /// Writes a whole copy of every world and lets go of the file; nothing is written after this.
    pub(crate) async fn close(&self) -> Result<(), String> {
        let (tell, told) = oneshot::channel();
        drop(self.to.send(Message::Close { tell }));
        Kept(told).wait().await
    }
}
