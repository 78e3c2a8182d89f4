//! Pseudo-random ids: the same start gives the same sequence.

use serde::{Deserialize, Serialize};

/// Generator of ids (SplitMix64).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ids {
    state: u64,
    /// Last id of the records with integer ids.
    number: i64,
}

impl Default for Ids {
    fn default() -> Ids {
        Ids { state: 0x6772_696e_6669, number: 1000 }
    }
}

impl Ids {
    /// Returns a generator for a seed number; 0 is the default one.
    pub(crate) fn from_number(number: u64) -> Ids {
        let start = Ids::default();
        Ids { state: start.state ^ mix(number), ..start }
    }

    /// Returns a UUID in the format of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (u128::from(self.next()), u128::from(self.next()));
        uuid::Builder::from_random_bytes((high << 64 | low).to_be_bytes()).into_uuid().to_string()
    }

    /// Returns the next integer id.
    pub(crate) fn number(&mut self) -> i64 {
        self.number = self.number.saturating_add(1);
        self.number
    }

    /// Returns 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }
}

/// Mixes a number into 64 bits (SplitMix64).
pub(crate) fn mix(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Returns a hash of a text (FNV-1a, mixed).
pub(crate) fn hash(text: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    mix(text.bytes().fold(0xcbf2_9ce4_8422_2325, fold))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_deterministic_and_unique() {
        let (mut one, mut other) = (Ids::default(), Ids::default());
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let uuid = one.uuid();
            assert_eq!(uuid, other.uuid());
            assert_eq!(uuid::Uuid::parse_str(&uuid).unwrap().get_version_num(), 4);
            assert!(seen.insert(uuid));
        }
        assert_eq!(one.number() + 1, one.number());
    }
}
