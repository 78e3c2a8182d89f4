//! What can be done to a world: calls of the API, and the acts of those who run the sandbox.

use serde::{Deserialize, Serialize};

use super::{Happening, Saved};
use crate::seed::Seed;

/// Something that may change a world. It is kept as it is written here, and done again when the world is brought back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub(crate) enum Act {
    Call(Request),
    /// Back to how the world began.
    Reset,
    /// Other records, as a seed has them.
    Seed {
        #[serde(with = "seed_word")]
        seed: Seed,
        number: u64,
    },
    Snapshot {
        name: String,
    },
    Restore {
        name: String,
    },
    DropSnapshot {
        name: String,
    },
    /// What a snapshot was written out as, in the place of what is there.
    Load {
        saved: Box<Saved>,
    },
    RateLimit {
        requests: Option<u32>,
    },
    Credits {
        credits: u32,
    },
    Happen {
        happening: Happening,
    },
    ClearOutbox,
    /// The clock was moved; where to stands beside every act.
    Clock,
    /// The calls of webhooks that were due have been taken.
    Took,
}

/// A call of the API, as it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) query: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "bytes")]
    pub(crate) body: Vec<u8>,
}

/// A seed by its word.
pub(crate) mod seed_word {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::seed::Seed;

    pub(crate) fn serialize<S: Serializer>(seed: &Seed, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(seed)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Seed, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// Bytes as the text that they mostly are, else in base64.
mod bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kept<'a> {
        Text(std::borrow::Cow<'a, str>),
        Base64(String),
    }

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Kept::Text(text.into()),
            Err(_) => Kept::Base64(STANDARD.encode(bytes)),
        }
        .serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        match Kept::deserialize(from)? {
            Kept::Text(text) => Ok(text.into_owned().into_bytes()),
            Kept::Base64(code) => STANDARD.decode(code).map_err(de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_read_as_it_was_written() {
        for body in [b"".to_vec(), b"{\"a\":\"\xc3\xa9\"}".to_vec(), vec![0, 255, 10, 13]] {
            let request = Request {
                method: "POST".to_owned(),
                path: "/a".to_owned(),
                query: "b=1".to_owned(),
                content_type: None,
                body: body.clone(),
            };
            let written = serde_json::to_string(&Act::Call(request)).unwrap();
            assert!(!written.contains('\n'));
            let Act::Call(read) = serde_json::from_str(&written).unwrap() else { panic!("{written}") };
            assert_eq!(read.body, body);
        }
        for act in [
            Act::Reset,
            Act::Clock,
            Act::RateLimit { requests: None },
            Act::Seed { seed: Seed::Demo, number: 7 },
        ] {
            let written = serde_json::to_string(&act).unwrap();
            let read: Act = serde_json::from_str(&written).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), written);
        }
    }
}
