//! Responses without a described type, and maps by id.

use std::collections::BTreeMap;

use grinfi_raw::ByteStream;
use serde_json::Value;

use crate::{call::Call, client::Client};

/// Prepares a call whose response body does not matter.
pub(crate) fn done(client: &Client, call: grinfi_raw::Call<ByteStream>) -> Call<()> {
    client.call(call.ignore_body())
}

/// Prepares a call whose response is JSON of an unknown form, or empty.
pub(crate) fn json(client: &Client, call: grinfi_raw::Call<ByteStream>) -> Call<Option<Value>> {
    client.call(call.json())
}

/// Converts the keys of a map to typed ids.
pub(crate) fn by_id<I: From<String> + Ord, V>(map: BTreeMap<String, V>) -> BTreeMap<I, V> {
    map.into_iter().map(|(id, value)| (id.into(), value)).collect()
}
