//! API keys that are never printed.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderValue;

use crate::error::{Error, ErrorKind};

/// API key: a JWT that belongs to one team.
///
/// The key cannot be read back, and `Debug` shows only the team.
#[derive(Clone)]
pub struct ApiKey {
    header: HeaderValue,
    text: Arc<str>,
    team_id: Option<i64>,
}

/// API key as text or as an [`ApiKey`].
#[derive(Clone)]
pub enum ApiKeyInput {
    /// Text that is not parsed yet.
    Text(String),
    /// Parsed key.
    Key(ApiKey),
}

impl From<ApiKey> for ApiKeyInput {
    fn from(key: ApiKey) -> Self {
        Self::Key(key)
    }
}

impl From<&ApiKey> for ApiKeyInput {
    fn from(key: &ApiKey) -> Self {
        Self::Key(key.clone())
    }
}

impl From<&str> for ApiKeyInput {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for ApiKeyInput {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for ApiKeyInput {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl fmt::Debug for ApiKeyInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeyInput").finish_non_exhaustive()
    }
}

impl ApiKey {
    /// Parses a key, as the vendor shows it once when it is created.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`] if the text is empty or does not consist of three base64url parts separated by dots. The
    /// message does not contain the text.
    pub fn new(text: impl AsRef<str>) -> Result<Self, Error> {
        let text = text.as_ref().trim();
        let malformed = |why: &str| {
            Error::config(ErrorKind::MalformedKey, "api_key", format!("malformed API key: {why}"))
        };
        if text.is_empty() {
            return Err(Error::config(ErrorKind::MissingKey, "api_key", "the API key is empty"));
        }
        if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
            return Err(malformed("remove the prefix `Bearer `"));
        }
        let parts: Vec<&str> = text.split('.').collect();
        let fits = |part: &&str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        if parts.len() != 3 || !parts.iter().all(fits) {
            return Err(malformed(
                "expected three parts separated by dots; check that the key was copied completely",
            ));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {text}"))
            .map_err(|_| malformed("it contains a control character"))?;
        header.set_sensitive(true);
        Ok(Self { header, text: text.into(), team_id: decode_team_id(parts[1]) })
    }

    /// Returns the team of the key, from its claim `specific_team_id`. The signature is not verified.
    #[must_use]
    pub fn team_id(&self) -> Option<i64> {
        self.team_id
    }

    /// Returns the value of the `Authorization` header, marked as sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Hashes the key, to distinguish keys without storing them.
    pub(crate) fn hash_text(&self, hasher: &mut impl Hasher) {
        self.text.hash(hasher);
    }

    /// Replaces the key in a text from another source, before the text is stored or shown.
    pub(crate) fn redact(&self, text: String) -> String {
        if text.contains(&*self.text) { text.replace(&*self.text, "(API key)") } else { text }
    }
}

fn decode_team_id(claims: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice::<serde_json::Value>(&bytes).ok()?.get("specific_team_id")?.as_i64()
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("team_id", &self.team_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // {"specific_team_id":134}
    const KEY: &str = "eyJhbGciOiJub25lIn0.eyJzcGVjaWZpY190ZWFtX2lkIjoxMzR9.c2lnbmF0dXJl";

    #[test]
    fn decodes_the_team_and_hides_the_key() {
        let key = ApiKey::new(format!("  {KEY}\n")).unwrap();
        assert_eq!(key.team_id(), Some(134));
        let shown = format!("{key:?} {:?}", key.header());
        assert!(!shown.contains("eyJ") && shown.contains("134"), "{shown}");
        assert_eq!(key.redact(format!("got {KEY}!")), "got (API key)!");
    }

    #[test]
    fn rejects_malformed_keys_without_showing_them() {
        for (text, why) in [
            ("", "empty"),
            ("secretsecret", "three parts"),
            ("secret.secret.", "three parts"),
            ("Bearer secret.secret.secret", "remove the prefix"),
            ("sec ret.secret.secret", "three parts"),
        ] {
            let error = ApiKey::new(text).unwrap_err();
            assert!(error.is_config() && error.to_string().contains(why), "{text}: {error}");
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }
}
