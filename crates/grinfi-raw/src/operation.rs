//! What is known of an operation without a request in hand.

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
    /// What repeating the request could do.
    pub effect: Effect,
    /// How the listing pages, if it is one.
    pub paging: Option<Paging>,
    /// How a filter travels, if it takes one.
    pub filter: Option<FilterStyle>,
    /// Whether the vendor's description leaves it out. Such an operation is known from the vendor's own client and may change
    /// without notice; those whose response is not known have no method.
    pub undocumented: bool,
}

impl Operation {
    /// The operation with this `operationId`.
    #[must_use]
    pub fn by_id(id: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.id == id)
    }

    /// How the listing with this `operationId` pages, for constants.
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

    /// The operation whose method on [`Client`](crate::Client) has this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        OPERATIONS.binary_search_by(|operation| operation.name.cmp(name)).ok().map(|index| &OPERATIONS[index])
    }
}

/// Whether two texts are the same; `==` does not do in a constant.
const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    index == one.len() && index == other.len()
}

/// What repeating a request could do. It decides what may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Nothing changes, however often it is asked.
    ReadOnly,
    /// A second time leaves what the first one left.
    Idempotent,
    /// A second time does it again: a second message, a second charge.
    NonIdempotent,
}

/// How a listing pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// Where `limit` and `offset` travel.
    pub at: PagingAt,
    /// Whether the envelope counts all rows.
    pub total: bool,
    /// Whether the envelope says if more rows follow.
    pub has_more: bool,
    /// How many rows one search reaches, offset and limit together, if there is an end to it.
    pub window: Option<u64>,
    /// How many rows to ask for at a time: as many as are safe here.
    pub page_size: u32,
    /// The largest page that makes sense to ask for.
    pub max_page_size: u32,
}

/// Where `limit` and `offset` travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PagingAt {
    /// In the query.
    Query,
    /// In the JSON body.
    Body,
    /// Nowhere: everything comes at once.
    None,
}

/// How a filter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FilterStyle {
    /// As an object in the JSON body.
    JsonBody,
    /// In the query, as `filter[field][op]=value`.
    Brackets,
    /// In the query, as one JSON text.
    JsonString,
    /// In the query, as a plain text.
    Search,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_both_names() {
        assert!(OPERATIONS.len() > 100);
        for operation in OPERATIONS {
            assert_eq!(Operation::by_id(operation.id), Some(operation));
            assert_eq!(Operation::by_name(operation.name), Some(operation));
            assert_eq!(Operation::paging_of(operation.id), operation.paging);
        }
        assert_eq!(Operation::by_id("nothing"), None);
    }

    #[test]
    fn both_searches_know_their_window() {
        let window = |id| Operation::by_id(id).unwrap().paging.unwrap().window;
        assert_eq!((window("searchContacts"), window("searchCompanies")), (Some(10_000), Some(10_000)));
        assert_eq!(window("listTasks"), None);
    }

    #[test]
    fn every_listing_has_a_page_size_that_it_takes() {
        for operation in OPERATIONS {
            let Some(paging) = operation.paging else { continue };
            assert!((1..=paging.max_page_size).contains(&paging.page_size), "{}", operation.id);
        }
        assert_eq!(Operation::paging_of("listEmails").unwrap().max_page_size, 500);
    }

    #[test]
    fn what_sends_to_people_is_never_called_repeatable() {
        for id in
            ["sendLinkedInMessage", "sendEmail", "retryLinkedinMessage", "massRetryTasks", "addLeadToFlow"]
        {
            assert_eq!(Operation::by_id(id).unwrap().effect, Effect::NonIdempotent, "{id}");
        }
    }

    #[test]
    fn only_a_get_or_a_named_post_reads() {
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
