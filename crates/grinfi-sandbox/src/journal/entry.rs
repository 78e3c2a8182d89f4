//! One thing that happened to a world, as it stands in the file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::Face;
use crate::world::{Act, Start};

/// One thing that happened to a world.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// It began.
    Begin { number: u64, world: String, at: DateTime<Utc>, start: Start },
    /// Something was done to it.
    Act {
        number: u64,
        world: String,
        /// By the world's clock.
        at: DateTime<Utc>,
        /// What the clock showed after it.
        face: Face,
        act: Act,
        /// Of what was answered.
        digest: u32,
    },
    /// It was forgotten.
    Forget { number: u64, world: String },
}

impl Entry {
    pub(crate) fn number(&self) -> u64 {
        match self {
            Entry::Begin { number, .. } | Entry::Act { number, .. } | Entry::Forget { number, .. } => *number,
        }
    }
}
