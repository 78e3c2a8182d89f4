//! The table of operations.

pub use crate::generated::operations::OPERATIONS;

/// One operation of the API description, with the annotations of the overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The description's `operationId`: `searchContacts`.
    pub id: &'static str,
    /// The name of its method on [`Client`](crate::Client): `search_contacts`.
    pub name: &'static str,
    /// The HTTP method, upper case.
    pub method: &'static str,
    /// The path template, parameters in braces.
    pub path: &'static str,
    /// Side effect of the operation.
    pub effect: Effect,
    /// Pagination, if the operation is a listing.
    pub paging: Option<Paging>,
    /// Format of the filter, if the operation takes one.
    pub filter: Option<FilterStyle>,
    /// Whether the operation is missing from the vendor's description. Such an operation is known from the vendor's own client
    /// and may change without notice. It has no method if its response is unknown.
    pub undocumented: bool,
}

impl Operation {
    /// Returns the operation with this `operationId`.
    #[must_use]
    pub fn by_id(id: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.id == id)
    }

    /// Returns the pagination of the operation with this `operationId`, in constants too.
    #[must_use]
    pub const fn paging_of(id: &str) -> Option<Paging> {
        let mut index = 0;
        while index < OPERATIONS.len() {
            if same(OPERATIONS[index].id.as_bytes(), id.as_bytes()) {
                return OPERATIONS[index].paging;
            }
            index += 1;
        }
        None
    }

    /// Returns the operation of a generated method, at compile time.
    #[allow(clippy::panic, reason = "only evaluated at compile time")]
    pub(crate) const fn of_method(name: &str) -> &'static Self {
        let mut index = 0;
        while index < OPERATIONS.len() {
            if same(OPERATIONS[index].name.as_bytes(), name.as_bytes()) {
                return &OPERATIONS[index];
            }
            index += 1;
        }
        panic!("a generated method has no operation")
    }

    /// Returns the operation with this method name on [`Client`](crate::Client).
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        OPERATIONS.binary_search_by(|operation| operation.name.cmp(name)).ok().map(|index| &OPERATIONS[index])
    }
}

/// Compares two byte strings; `==` is not available in constants.
const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    index == one.len() && index == other.len()
}

/// Side effect of an operation. It decides which requests may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// No side effect.
    ReadOnly,
    /// Sending it twice has the effect of sending it once.
    Idempotent,
    /// Sending it twice has the effect twice: a second message, a second charge.
    NonIdempotent,
}

/// Pagination of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// Location of `limit` and `offset`.
    pub at: PagingAt,
    /// Whether the envelope contains the number of all rows.
    pub total: bool,
    /// Whether the envelope says if more rows follow.
    pub has_more: bool,
    /// Largest sum of offset and limit that the API accepts, if there is one.
    pub window: Option<u64>,
    /// Default page size: the largest one that is safe for this listing.
    pub page_size: u32,
    /// Largest useful page size.
    pub max_page_size: u32,
}

/// Location of `limit` and `offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PagingAt {
    /// In the query.
    Query,
    /// In the JSON body.
    Body,
    /// Not paginated: one response contains all rows.
    None,
}

/// Format of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FilterStyle {
    /// As an object in the JSON body.
    JsonBody,
    /// In the query, as `filter[field][op]=value`.
    Brackets,
    /// In the query, as one JSON string.
    JsonString,
    /// In the query, as free text.
    Search,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_operations_by_both_names() {
        assert!(OPERATIONS.len() > 100);
        for operation in OPERATIONS {
            assert_eq!(Operation::by_id(operation.id), Some(operation));
            assert_eq!(Operation::by_name(operation.name), Some(operation));
            assert_eq!(Operation::paging_of(operation.id), operation.paging);
        }
        assert_eq!(Operation::by_id("nothing"), None);
    }

    #[test]
    fn searches_have_a_result_window() {
        let window = |id| Operation::by_id(id).unwrap().paging.unwrap().window;
        assert_eq!((window("searchContacts"), window("searchCompanies")), (Some(10_000), Some(10_000)));
        assert_eq!(window("listTasks"), None);
    }

    #[test]
    fn page_sizes_are_within_their_maximum() {
        for operation in OPERATIONS {
            let Some(paging) = operation.paging else { continue };
            assert!((1..=paging.max_page_size).contains(&paging.page_size), "{}", operation.id);
        }
        assert_eq!(Operation::paging_of("listEmails").unwrap().max_page_size, 500);
    }

    #[test]
    fn sending_operations_are_non_idempotent() {
        for id in
            ["sendLinkedInMessage", "sendEmail", "retryLinkedinMessage", "massRetryTasks", "addLeadToFlow"]
        {
            assert_eq!(Operation::by_id(id).unwrap().effect, Effect::NonIdempotent, "{id}");
        }
    }

    #[test]
    fn only_get_and_listed_posts_are_read_only() {
        let reading: Vec<&str> = OPERATIONS
            .iter()
            .filter(|operation| operation.effect == Effect::ReadOnly && operation.method != "GET")
            .filter(|operation| !operation.undocumented)
            .map(|operation| operation.id)
            .collect();
        assert!(reading.contains(&"searchContacts") && reading.len() == 24, "{reading:?}");
        assert!(OPERATIONS.iter().filter(|o| o.method == "GET").all(|o| o.effect == Effect::ReadOnly));
    }
}
