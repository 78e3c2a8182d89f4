//! Routing of a method and a path to an operation.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::call::Parameters;
use crate::generated::{OPERATIONS, Operation};
use crate::mode::Mode;
use crate::percent::percent_decode;

/// Operation and the segments of its path.
type RouteTemplate = (&'static Operation, Vec<&'static str>);

/// Operations by number of path segments.
static BY_LENGTH: LazyLock<HashMap<usize, Vec<RouteTemplate>>> = LazyLock::new(|| {
    let mut by_length: HashMap<usize, Vec<RouteTemplate>> = HashMap::new();
    for operation in OPERATIONS {
        let parts: Vec<&str> = operation.path.split('/').collect();
        by_length.entry(parts.len()).or_default().push((operation, parts));
    }
    by_length
});

/// Result of routing.
#[derive(Debug)]
pub(crate) enum Route {
    Operation {
        operation: &'static Operation,
        parameters: Parameters,
    },
    /// The path exists with other methods.
    OtherMethods(Vec<&'static str>),
    Unknown,
}

/// Returns the operation of a method and a path; in documented mode only documented ones. Of several matching
/// templates, the one with the fewest parameters is used for every method: `clone` in `/flows/clone` is not a UUID.
// assumed: other-methods
pub(crate) fn find_route(method: &str, path: &str, mode: Mode) -> Route {
    let parts: Vec<&str> = path.split('/').collect();
    let of_length = BY_LENGTH.get(&parts.len()).into_iter().flatten();
    let of_length = of_length.filter(|(operation, _)| mode.accepts_undocumented() || !operation.undocumented);
    let mut described: Vec<(&'static Operation, Parameters)> = of_length
        .filter_map(|(operation, wanted)| Some((*operation, match_parts(wanted, &parts)?)))
        .collect();
    let fewest = described.iter().map(|(_, parameters)| parameters.len()).min();
    described.retain(|(_, parameters)| Some(parameters.len()) == fewest);
    let mut methods: Vec<&'static str> = described.iter().map(|(operation, _)| operation.method).collect();
    match described.into_iter().find(|(operation, _)| operation.method == method) {
        Some((operation, parameters)) => Route::Operation { operation, parameters },
        None if methods.is_empty() => Route::Unknown,
        None => {
            methods.sort_unstable();
            methods.dedup();
            Route::OtherMethods(methods)
        }
    }
}

/// Returns the path parameters, if the path matches the template.
pub(crate) fn match_template(template: &'static str, path: &str) -> Option<Parameters> {
    let (wanted, parts): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    if wanted.len() == parts.len() { match_parts(&wanted, &parts) } else { None }
}

/// Matches segments of equal number.
fn match_parts(wanted: &[&'static str], parts: &[&str]) -> Option<Parameters> {
    let mut parameters = Vec::new();
    for (wanted, part) in wanted.iter().zip(parts) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if part.is_empty() => return None,
            Some(name) => parameters.push((name, percent_decode(part))),
            None if wanted == part => {}
            None => return None,
        }
    }
    Some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(method: &str, path: &str) -> &'static str {
        match find_route(method, path, Mode::Observed) {
            Route::Operation { operation, .. } => operation.id,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn routes_every_operation_by_its_path() {
        for operation in OPERATIONS {
            let path = operation.path.replace(['{', '}'], "x");
            assert_eq!(id(operation.method, &path), operation.id);
        }
    }

    #[test]
    fn fixed_paths_take_precedence_over_parameters() {
        assert_eq!(id("POST", "/flows/api/flows/clone"), "cloneFlow");
        for (method, path) in [("GET", "/flows/api/flows/clone"), ("DELETE", "/leads/api/leads/search")] {
            let Route::OtherMethods(methods) = find_route(method, path, Mode::Observed) else {
                panic!("{path}")
            };
            assert_eq!(methods, ["POST"], "{path}");
        }
        assert_eq!(id("POST", "/leads/api/leads/search"), "searchContacts");
    }

    #[test]
    fn hides_undocumented_operations_in_documented_mode() {
        for operation in OPERATIONS.iter().filter(|operation| operation.undocumented) {
            let path = operation.path.replace(['{', '}'], "x");
            let found = find_route(operation.method, &path, Mode::Documented);
            assert!(!matches!(found, Route::Operation { operation, .. } if operation.undocumented), "{path}");
        }
        assert!(matches!(find_route("GET", "/ai/api/agents", Mode::Documented), Route::Unknown));
    }

    #[test]
    fn parameters_are_decoded_and_not_empty() {
        let Route::Operation { parameters, .. } = find_route("GET", "/leads/api/leads/a%20b", Mode::Observed)
        else {
            panic!()
        };
        assert_eq!(parameters, [("uuid", "a b".to_owned())]);
        assert!(matches!(find_route("GET", "/leads/api/leads/", Mode::Observed), Route::Unknown));
        assert!(matches!(find_route("GET", "/leads/api/leads/a/b", Mode::Observed), Route::Unknown));
        assert!(matches!(find_route("GET", "/", Mode::Observed), Route::Unknown));
    }

    #[test]
    fn lists_supported_methods() {
        let Route::OtherMethods(methods) = find_route("PATCH", "/leads/api/leads/x", Mode::Observed) else {
            panic!()
        };
        assert_eq!(methods, ["DELETE", "GET", "PUT"]);
    }
}
