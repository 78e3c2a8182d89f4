//! Saved state of a tenant.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::ClockState;
use crate::mode::Mode;
use crate::seed::{self, Seed};
use crate::store::Store;

/// State in which a tenant starts, and to which a reset returns.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InitialState {
    #[serde(with = "seed::as_text")]
    pub(crate) seed: Seed,
    pub(crate) number: u64,
    pub(crate) rate_limit: Option<u32>,
    #[serde(default)]
    pub(crate) mode: Mode,
    pub(crate) clock: ClockState,
}

/// Everything of a tenant that operations can read, as of one time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    pub(crate) at: DateTime<Utc>,
    pub(crate) clock: ClockState,
    pub(crate) store: Store,
}

/// Everything of a tenant that the data file contains.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedTenant {
    pub(crate) id: String,
    pub(crate) initial: InitialState,
    pub(crate) rate_limit: Option<u32>,
    pub(crate) snapshots: BTreeMap<String, Snapshot>,
    pub(crate) now: Snapshot,
    /// Number of the last journal entry that this state includes.
    pub(crate) entries: u64,
}
