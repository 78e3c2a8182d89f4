//! As which of the two a world behaves: the API as it has been seen, or as it is described.
//!
//! What differs is in two places. Where a request comes in and its answer goes out, [`described`](crate::described) holds
//! both to the description. The rest is here: the quirks that lie deeper than the form of a request or an answer.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How true a sandbox is to the description of the API.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// use grinfi_sandbox::{Mode, Sandbox};
///
/// let sandbox = Sandbox::builder().mode(Mode::Documented).start().await?;
/// assert_eq!(sandbox.world().mode(), Mode::Documented);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Mode {
    /// As the API has been seen to answer, quirks included: contacts in the midst of their surroundings, the missing
    /// `has_more`, `[]` for an empty map, the 500 for an unknown filter key, searches that end at 10,000 rows.
    #[default]
    Observed,
    /// As the description has it: every request is checked against it and refused with a 422 that names each field, and
    /// every answer has the shape that is described.
    Documented,
}

impl Mode {
    /// How far into a search of contacts or companies one can look: offset and limit together.
    pub(crate) fn reach(self) -> usize {
        match self {
            Mode::Observed => 10_000,
            Mode::Documented => usize::MAX,
        }
    }

    /// Whether requests are taken that the description does not allow and the vendor's own client sends.
    pub(crate) fn takes_more_than_described(self) -> bool {
        self == Mode::Observed
    }

    /// Whether the listing of data sources is a bare array.
    pub(crate) fn lists_data_sources_bare(self) -> bool {
        self == Mode::Observed
    }

    /// Whether a deleted AI template still comes back from everywhere.
    pub(crate) fn keeps_deleted_templates(self) -> bool {
        self == Mode::Observed
    }
}

/// A word that names no [`Mode`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownMode(String);

impl fmt::Display for UnknownMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no mode; there are observed and documented", self.0)
    }
}

impl std::error::Error for UnknownMode {}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(word: &str) -> Result<Mode, UnknownMode> {
        match word {
            "observed" => Ok(Mode::Observed),
            "documented" => Ok(Mode::Documented),
            _ => Err(UnknownMode(word.to_owned())),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Observed => "observed",
            Mode::Documented => "documented",
        })
    }
}
