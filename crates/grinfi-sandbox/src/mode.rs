//! Modes of a tenant: the API as observed, or as documented.
//!
//! In documented mode, [`openapi`](crate::openapi) validates requests and shapes responses. Differences in the behavior
//! of operations are here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which behavior of the API a tenant follows.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// use grinfi_sandbox::{Mode, Sandbox};
///
/// let sandbox = Sandbox::builder().mode(Mode::Documented).start().await?;
/// assert_eq!(sandbox.tenant().mode(), Mode::Documented);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Mode {
    /// The API as it was observed to respond: wrapped contacts, missing `has_more`, `[]` for an empty object, a 500 for
    /// an unknown filter key, searches that end at 10,000 rows.
    #[default]
    Observed,
    /// The API as described: requests are validated against the description and rejected with a 422 that names each
    /// invalid field, and responses have the described shape.
    Documented,
}

impl Mode {
    /// Returns the last row that searches of contacts and companies can reach: offset plus limit.
    pub(crate) fn max_search_rows(self) -> usize {
        match self {
            Mode::Observed => 10_000,
            Mode::Documented => usize::MAX,
        }
    }

    /// Whether undocumented operations and input of the vendor's own client are accepted.
    pub(crate) fn accepts_undocumented(self) -> bool {
        self == Mode::Observed
    }

    /// Whether the listing of data sources is a bare array.
    pub(crate) fn lists_data_sources_bare(self) -> bool {
        self == Mode::Observed
    }

    /// Whether deleted AI templates are still returned.
    pub(crate) fn returns_deleted_templates(self) -> bool {
        self == Mode::Observed
    }
}

/// Error of parsing a [`Mode`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownMode(String);

impl fmt::Display for UnknownMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown mode {:?}; use observed or documented", self.0)
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
