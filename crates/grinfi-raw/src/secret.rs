use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// A string that must not be printed: a password, a key, a link that works without a login.
///
/// `Debug` does not show it and there is no `Display`. It serializes as the string.
///
/// ```
/// let password: grinfi_raw::Secret = "hush".into();
/// assert_eq!(format!("{password:?}"), "Secret(…)");
/// assert_eq!(password.expose(), "hush");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Returns the string.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::decoders::text(deserializer).map(Self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use crate::types::{CreateApiKeyResponse, LinkedinBrowser};

    #[test]
    fn debug_output_hides_secrets() {
        let key: CreateApiKeyResponse = serde_json::from_str(r#"{"last_token": "hush-token"}"#).unwrap();
        let seat: LinkedinBrowser =
            serde_json::from_str(r#"{"id": 1, "linkedin_password": "hush-word"}"#).unwrap();
        let shown = format!("{key:?} {seat:?}");
        assert!(!shown.contains("hush") && shown.contains("Secret(…)"), "{shown}");
        assert_eq!(key.last_token.unwrap().expose(), "hush-token");
        assert!(serde_json::to_string(&seat).unwrap().contains("hush-word"), "it is sent");
    }
}
