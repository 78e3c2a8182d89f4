//! User of the key.

use crate::call::{ApiResponse, ApiResult, Call};
use crate::store::Store;

pub(super) fn current(store: &mut Store, _: &Call) -> ApiResult {
    Ok(ApiResponse::ok(store.user.clone()))
}
