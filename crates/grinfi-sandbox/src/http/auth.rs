//! API key of a request.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// Returns the key in `Authorization: Bearer <key>`, if it is valid.
pub(crate) fn api_key(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    Some(key.trim()).filter(|key| scheme.eq_ignore_ascii_case("bearer") && is_valid_key(key))
}

/// Whether a text can be a key: visible ASCII, and not empty.
pub(crate) fn is_valid_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_key_only_from_bearer_token() {
        let found = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            api_key(&headers).map(str::to_owned)
        };
        assert_eq!(found("Bearer key").as_deref(), Some("key"));
        assert_eq!(found("bearer  key ").as_deref(), Some("key"));
        for none in ["Bearer", "Bearer ", "Bearer a b", "Basic key", "key"] {
            assert_eq!(found(none), None, "{none}");
        }
        assert_eq!(api_key(&HeaderMap::new()), None);
    }
}
