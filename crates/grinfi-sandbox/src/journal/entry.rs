//! Entries of the journal.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::clock::ClockState;
use crate::snapshot::InitialState;

/// One change of a tenant.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// The tenant was created.
    Create { number: u64, tenant: String, at: DateTime<Utc>, initial: InitialState },
    /// The tenant was changed.
    Action {
        number: u64,
        tenant: String,
        /// Time on the tenant's clock.
        at: DateTime<Utc>,
        /// State of the clock after the action.
        clock: ClockState,
        action: Action,
        /// Checksum of the response.
        digest: u32,
    },
    /// The tenant was removed.
    Remove { number: u64, tenant: String },
}

impl Entry {
    pub(crate) fn number(&self) -> u64 {
        match self {
            Entry::Create { number, .. } | Entry::Action { number, .. } | Entry::Remove { number, .. } => {
                *number
            }
        }
    }
}
