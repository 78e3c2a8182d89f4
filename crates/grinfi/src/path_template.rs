//! Path templates for errors, spans and metrics of custom requests, which must not show ids.

use grinfi_raw::operation::OPERATIONS;
use http::Method;

/// Placeholder for a segment that may be an id.
const HIDDEN: &str = "{id}";
/// Maximum length of a word that is shown.
const MAX_WORD_LENGTH: usize = 24;

/// Returns the path template of the operation with this method and path. If no operation matches, returns the path with a
/// placeholder for each segment that may be an id or a name.
///
/// Shows segments that occur in paths of the API, and lower-case words.
pub(crate) fn of(method: &Method, path: &str) -> String {
    let known = OPERATIONS
        .iter()
        .filter(|known| known.method == method.as_str() && matches(known.path, path))
        // Literal segments take precedence over parameters.
        .min_by_key(|known| known.path.matches('{').count());
    if let Some(known) = known {
        return known.path.to_owned();
    }
    let shown = |segment| if is_shown(segment) { segment } else { HIDDEN };
    path.split('/').map(shown).collect::<Vec<_>>().join("/")
}

fn matches(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(known), Some(segment)) if known == segment || known.starts_with('{') => {}
            _ => return false,
        }
    }
}

fn is_shown(segment: &str) -> bool {
    let is_word = segment.len() <= MAX_WORD_LENGTH && segment.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word || OPERATIONS.iter().any(|known| known.path.split('/').any(|other| other == segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_segments_that_may_be_ids() {
        for (path, expected) in [
            ("/leads/api/leads/0a1b", "/leads/api/leads/{uuid}"),
            ("/leads/api/leads/0a1b/notes", "/leads/api/leads/{id}/notes"),
            ("/extra/api/things", "/extra/api/things"),
            ("/extra/api/things/7f1c2f3e-0000-4000-8000-000000000000", "/extra/api/things/{id}"),
            ("/extra/api/Jane/jane-roe-example/42/a%20b", "/extra/api/{id}/{id}/{id}/{id}"),
            ("/flows/api/flow-versions", "/flows/api/flow-versions"),
            ("", ""),
        ] {
            assert_eq!(of(&Method::GET, path), expected, "{path}");
        }
    }

    #[test]
    fn prefers_literal_segments_over_parameters() {
        let count = of(&Method::POST, "/leads/api/leads/count");
        assert_eq!(count, "/leads/api/leads/count");
    }
}
