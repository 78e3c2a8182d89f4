//! Maps by id.

use std::collections::BTreeMap;

/// Converts the keys of a map to typed ids.
pub(crate) fn by_id<I: From<String> + Ord, V>(map: BTreeMap<String, V>) -> BTreeMap<I, V> {
    map.into_iter().map(|(id, value)| (id.into(), value)).collect()
}
