//! From a method and a path to the operation of the description that it calls.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::generated::{OPERATIONS, Operation};
use crate::mode::Mode;
use crate::percent::percent_decode;

/// An operation and the parts of its path.
type Described = (&'static Operation, Vec<&'static str>);

/// The operations by how many parts their paths have, so that a request is held against few of them.
static BY_LENGTH: LazyLock<HashMap<usize, Vec<Described>>> = LazyLock::new(|| {
    let mut by_length: HashMap<usize, Vec<Described>> = HashMap::new();
    for operation in OPERATIONS {
        let parts: Vec<&str> = operation.path.split('/').collect();
        by_length.entry(parts.len()).or_default().push((operation, parts));
    }
    by_length
});

/// The parameters of a path, by their names.
pub(crate) type Parameters = Vec<(&'static str, String)>;

/// Where a request leads.
#[derive(Debug)]
pub(super) enum Route {
    Operation {
        operation: &'static Operation,
        parameters: Parameters,
    },
    /// The path is described, with other methods than this.
    OtherMethods(Vec<&'static str>),
    Unknown,
}

/// Finds the operation; in documented mode only what the vendor describes. Of the templates that a path meets the one with the fewest parameters is meant, whatever the
/// method: `/flows/clone` is no flow's uuid.
// assumed: other-methods
pub(super) fn find(method: &str, path: &str, mode: Mode) -> Route {
    let parts: Vec<&str> = path.split('/').collect();
    let of_length = BY_LENGTH.get(&parts.len()).into_iter().flatten();
    let of_length =
        of_length.filter(|(operation, _)| mode.takes_more_than_described() || !operation.undocumented);
    let mut described: Vec<(&'static Operation, Parameters)> =
        of_length.filter_map(|(operation, wanted)| Some((*operation, meet_parts(wanted, &parts)?))).collect();
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

/// The parameters of a path that meets a template.
pub(crate) fn meet(template: &'static str, path: &str) -> Option<Parameters> {
    let (wanted, parts): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    if wanted.len() == parts.len() { meet_parts(&wanted, &parts) } else { None }
}

/// The same of as many parts as the template has.
fn meet_parts(wanted: &[&'static str], parts: &[&str]) -> Option<Parameters> {
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
        match find(method, path, Mode::Observed) {
            Route::Operation { operation, .. } => operation.id,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        for operation in OPERATIONS {
            let path = operation.path.replace(['{', '}'], "x");
            assert_eq!(id(operation.method, &path), operation.id);
        }
    }

    #[test]
    fn fixed_paths_come_before_parameters() {
        assert_eq!(id("POST", "/flows/api/flows/clone"), "cloneFlow");
        for (method, path) in [("GET", "/flows/api/flows/clone"), ("DELETE", "/leads/api/leads/search")] {
            let Route::OtherMethods(methods) = find(method, path, Mode::Observed) else { panic!("{path}") };
            assert_eq!(methods, ["POST"], "{path}");
        }
        assert_eq!(id("POST", "/leads/api/leads/search"), "searchContacts");
    }

    #[test]
    fn hides_undocumented_operations_in_documented_mode() {
        for operation in OPERATIONS.iter().filter(|operation| operation.undocumented) {
            let path = operation.path.replace(['{', '}'], "x");
            let found = find(operation.method, &path, Mode::Documented);
            assert!(!matches!(found, Route::Operation { operation, .. } if operation.undocumented), "{path}");
        }
        assert!(matches!(find("GET", "/ai/api/agents", Mode::Documented), Route::Unknown));
    }

    #[test]
    fn parameters_are_decoded_and_never_empty() {
        let Route::Operation { parameters, .. } = find("GET", "/leads/api/leads/a%20b", Mode::Observed)
        else {
            panic!()
        };
        assert_eq!(parameters, [("uuid", "a b".to_owned())]);
        assert!(matches!(find("GET", "/leads/api/leads/", Mode::Observed), Route::Unknown));
        assert!(matches!(find("GET", "/leads/api/leads/a/b", Mode::Observed), Route::Unknown));
        assert!(matches!(find("GET", "/", Mode::Observed), Route::Unknown));
    }

    #[test]
    fn other_methods_are_named() {
        let Route::OtherMethods(methods) = find("PATCH", "/leads/api/leads/x", Mode::Observed) else {
            panic!()
        };
        assert_eq!(methods, ["DELETE", "GET", "PUT"]);
    }
}
