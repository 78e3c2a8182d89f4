//! Interface between the journal and the state that it records.

use std::io;

use super::entry::Entry;
use super::file::JournalError;
use crate::snapshot::SavedTenant;

/// State that a journal records, restores and copies.
pub(crate) trait Journaled: Send + Sync {
    /// Puts back a saved tenant.
    fn restore(&self, saved: SavedTenant);

    /// Repeats a recorded change.
    ///
    /// # Errors
    /// [`JournalError::Diverged`] if the result differs from the recorded one.
    fn replay(&self, entry: Entry) -> Result<(), JournalError>;

    /// Passes the state of each tenant to `save`, one at a time.
    ///
    /// # Errors
    /// The first error of `save`.
    fn save_all(&self, save: &mut dyn FnMut(SavedTenant) -> io::Result<()>) -> io::Result<()>;
}
