//! Whether a request carries the sandbox's key.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// Whether `Authorization: Bearer <key>` names the key.
pub(super) fn accepts(headers: &HeaderMap, key: &str) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    given
        .and_then(|value| value.split_once(' '))
        .is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case("bearer") && given.trim() == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bearer_of_the_key_is_let_in() {
        let accepted = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            accepts(&headers, "key")
        };
        assert!(accepted("Bearer key"));
        assert!(accepted("bearer key"));
        assert!(!accepted("Bearer other"));
        assert!(!accepted("Bearer"));
        assert!(!accepted("Basic key"));
        assert!(!accepted("key"));
        assert!(!accepts(&HeaderMap::new(), "key"));
    }
}
