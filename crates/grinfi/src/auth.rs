//! A key that cannot be printed.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderValue;

use crate::error::{Error, ErrorKind};

/// An API key: a JWT that is bound to one team.
///
/// Its text cannot be got back out of it, and `Debug` shows only the team.
#[derive(Clone)]
pub struct ApiKey {
    header: HeaderValue,
    text: Arc<str>,
    team_id: Option<i64>,
}

impl ApiKey {
    /// Takes the text of a key as the vendor shows it once, at creation.
    ///
    /// # Errors
    ///
    /// [`Error::is_config`] if the text is empty or is not three base64url parts with dots between, as every key is. The
    /// message does not repeat the text.
    pub fn new(text: impl AsRef<str>) -> Result<Self, Error> {
        let text = text.as_ref().trim();
        let malformed = |why: &str| {
            Error::config(ErrorKind::MalformedKey, "api_key", format!("malformed API key: {why}"))
        };
        if text.is_empty() {
            return Err(Error::config(ErrorKind::MissingKey, "api_key", "the API key is empty"));
        }
        if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
            return Err(malformed("give the key alone, without the word Bearer"));
        }
        let parts: Vec<&str> = text.split('.').collect();
        let fits = |part: &&str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        if parts.len() != 3 || !parts.iter().all(fits) {
            return Err(malformed("a key is three parts with dots between; was it cut off in copying?"));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {text}"))
            .map_err(|_| malformed("it holds a control character"))?;
        header.set_sensitive(true);
        Ok(Self { header, text: text.into(), team_id: team(parts[1]) })
    }

    /// The team that the key is bound to, as its claim `specific_team_id` says. Nothing is verified.
    #[must_use]
    pub fn team_id(&self) -> Option<i64> {
        self.team_id
    }

    /// The value of the `Authorization` header, marked sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Feeds the key to a hash, for telling keys apart without keeping them.
    pub(crate) fn hash_text(&self, hasher: &mut impl Hasher) {
        self.text.hash(hasher);
    }

    /// Takes the key out of a text that came from elsewhere, before the text is kept or shown.
    pub(crate) fn redact(&self, text: String) -> String {
        if text.contains(&*self.text) { text.replace(&*self.text, "(API key)") } else { text }
    }
}

fn team(claims: &str) -> Option<i64> {
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
    fn a_key_knows_its_team_and_hides_its_text() {
        let key = ApiKey::new(format!("  {KEY}\n")).unwrap();
        assert_eq!(key.team_id(), Some(134));
        let shown = format!("{key:?} {:?}", key.header());
        assert!(!shown.contains("eyJ") && shown.contains("134"), "{shown}");
        assert_eq!(key.redact(format!("got {KEY}!")), "got (API key)!");
    }

    #[test]
    fn a_malformed_key_is_refused_without_being_repeated() {
        for (text, why) in [
            ("", "empty"),
            ("secretsecret", "three parts"),
            ("secret.secret.", "three parts"),
            ("Bearer secret.secret.secret", "without the word Bearer"),
            ("sec ret.secret.secret", "three parts"),
        ] {
            let error = ApiKey::new(text).unwrap_err();
            assert!(error.is_config() && error.to_string().contains(why), "{text}: {error}");
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }
}
