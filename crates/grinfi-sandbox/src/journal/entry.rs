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
    #[serde(rename = "begin")]
    Create {
        number: u64,
        #[serde(rename = "world")]
        tenant: String,
        at: DateTime<Utc>,
        #[serde(rename = "start")]
        initial: InitialState,
    },
    /// The tenant was changed.
    #[serde(rename = "act")]
    Action {
        number: u64,
        #[serde(rename = "world")]
        tenant: String,
        /// Time on the tenant's clock.
        at: DateTime<Utc>,
        /// State of the clock after the action.
        #[serde(rename = "face")]
        clock: ClockState,
        #[serde(rename = "act")]
        action: Action,
        /// Checksum of the response.
        digest: u32,
    },
    /// The tenant was removed.
    #[serde(rename = "forget")]
    Remove {
        number: u64,
        #[serde(rename = "world")]
        tenant: String,
    },
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
