//! Actions that change a tenant: API calls, and what users of the sandbox do.

use serde::{Deserialize, Serialize};

use crate::prospect_event::ProspectEvent;
use crate::seed::{self, Seed};
use crate::snapshot::Snapshot;

/// Change of a tenant. The journal contains actions in this form and replays them when the data file is loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(crate) enum Action {
    Call(RecordedRequest),
    /// Return to the initial state.
    Reset,
    /// Replace all records with those of a seed.
    Seed {
        #[serde(with = "seed::as_text")]
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
    /// Replace everything with an exported snapshot.
    Load {
        saved: Box<Snapshot>,
    },
    RateLimit {
        requests: Option<u32>,
    },
    Credits {
        credits: u32,
    },
    Simulate {
        event: ProspectEvent,
    },
    ClearOutbox,
    /// Move the clock; the journal entry contains the new state of the clock.
    Clock,
    /// Remove the webhook calls that are due from the store, to send them.
    TakeWebhookCalls,
}

/// API request as it was received.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) query: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "bytes")]
    pub(crate) body: Vec<u8>,
}

/// Serializes bytes as text if they are UTF-8, otherwise as base64.
mod bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum EncodedBytes<'a> {
        Text(std::borrow::Cow<'a, str>),
        Base64(String),
    }

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => EncodedBytes::Text(text.into()),
            Err(_) => EncodedBytes::Base64(STANDARD.encode(bytes)),
        }
        .serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        match EncodedBytes::deserialize(from)? {
            EncodedBytes::Text(text) => Ok(text.into_owned().into_bytes()),
            EncodedBytes::Base64(code) => STANDARD.decode(code).map_err(de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_round_trip_through_json() {
        for body in [b"".to_vec(), b"{\"a\":\"\xc3\xa9\"}".to_vec(), vec![0, 255, 10, 13]] {
            let request = RecordedRequest {
                method: "POST".to_owned(),
                path: "/a".to_owned(),
                query: "b=1".to_owned(),
                content_type: None,
                body: body.clone(),
            };
            let json = serde_json::to_string(&Action::Call(request)).unwrap();
            assert!(!json.contains('\n'));
            let Action::Call(read) = serde_json::from_str(&json).unwrap() else { panic!("{json}") };
            assert_eq!(read.body, body);
        }
        for action in [
            Action::Reset,
            Action::Clock,
            Action::RateLimit { requests: None },
            Action::Seed { seed: Seed::Demo, number: 7 },
        ] {
            let json = serde_json::to_string(&action).unwrap();
            let read: Action = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
    }
}
