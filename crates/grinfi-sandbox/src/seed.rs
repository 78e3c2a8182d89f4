//! Seeds: the records with which a tenant starts.

use std::fmt;
use std::str::FromStr;

const MAX_CONTACTS: u32 = 1_000_000;

/// Records with which a tenant starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Seed {
    /// A user, one sender profile with its mailbox, and the pipeline stages.
    Empty,
    /// 250 contacts of 8 companies in 3 lists, 2 sender profiles with their mailboxes, tags, custom fields, and
    /// 2 automations, of which one is running and one can be started.
    #[default]
    Demo,
    /// The demo data with another number of contacts, at most 1,000,000.
    Contacts(u32),
}

/// Error of parsing a [`Seed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSeed(String);

impl fmt::Display for UnknownSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown seed {:?}; use none, demo, or a number of contacts up to {MAX_CONTACTS}", self.0)
    }
}

impl std::error::Error for UnknownSeed {}

impl FromStr for Seed {
    type Err = UnknownSeed;

    fn from_str(text: &str) -> Result<Seed, UnknownSeed> {
        match text {
            "empty" | "none" => Ok(Seed::Empty),
            "demo" => Ok(Seed::Demo),
            _ => {
                let count = text.parse().ok().filter(|count| *count <= MAX_CONTACTS);
                count.map(Seed::Contacts).ok_or_else(|| UnknownSeed(text.to_owned()))
            }
        }
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seed::Empty => f.write_str("empty"),
            Seed::Demo => f.write_str("demo"),
            Seed::Contacts(count) => write!(f, "{count}"),
        }
    }
}

/// Serializes a seed as its text.
pub(crate) mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::Seed;

    pub(crate) fn serialize<S: Serializer>(seed: &Seed, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(seed)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Seed, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_its_own_text() {
        for seed in [Seed::Empty, Seed::Demo, Seed::Contacts(0), Seed::Contacts(5000)] {
            assert_eq!(seed.to_string().parse(), Ok(seed));
        }
        assert_eq!("none".parse(), Ok(Seed::Empty));
        for wrong in ["Demo ", "-1", "1000001", "1e3", ""] {
            assert!(wrong.parse::<Seed>().is_err(), "{wrong}");
        }
    }
}
