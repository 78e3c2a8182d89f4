//! The user behind the key.

use super::{Answer, Call, Reply};
use crate::store::Store;

pub(super) fn current(store: &mut Store, _: &Call) -> Answer {
    Ok(Reply::ok(store.user.clone()))
}
