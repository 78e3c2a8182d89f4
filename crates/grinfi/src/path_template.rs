//! Paths without ids: what errors, spans and metrics show of a request that was put together by hand.

use grinfi_raw::operation::OPERATIONS;
use http::Method;

/// What stands for a segment that may be an id.
const HIDDEN: &str = "{id}";
/// The longest word that is shown.
const LONGEST_WORD: usize = 24;

/// Returns the template of a path: that of the operation with this method and path if there is one, otherwise the path with
/// each segment hidden that may be an id or a name.
///
/// Segments that occur in the paths of the API are shown, and plain lower-case words.
pub(crate) fn of(method: &Method, path: &str) -> String {
    let known = OPERATIONS
        .iter()
        .filter(|known| known.method == method.as_str() && matches(known.path, path))
        // A literal segment goes before a parameter.
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
    let is_word = segment.len() <= LONGEST_WORD && segment.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word || OPERATIONS.iter().any(|known| known.path.split('/').any(|other| other == segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_whatever_may_be_an_id() {
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
    fn prefers_a_literal_segment_to_a_parameter() {
        let count = of(&Method::POST, "/leads/api/leads/count");
        assert_eq!(count, "/leads/api/leads/count");
    }
}
