//! Custom tracking domains. The sandbox does not track anything.

use serde_json::json;

use super::input::Fields;
use super::records;
use crate::call::{ApiResponse, ApiResult, Call};
use crate::rejection::FieldErrors;
use crate::store::Store;

// assumed: tracking-domain-shape
pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    records::list_unfiltered(&store.tracking_domains, call)
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    records::get(&store.tracking_domains, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let domain = Fields::of(&call.body).required_text("domain", &mut errors);
    if domain.contains(['/', ':']) || domain.contains(char::is_whitespace) {
        errors.add("domain", "The domain format is invalid.");
    }
    if store.tracking_domains.rows().any(|row| row.is("domain", domain)) {
        errors.add("domain", "The domain has already been taken.");
    }
    errors.finish()?;
    let values = json!({"domain": domain, "status": "pending"});
    Ok(ApiResponse::created(records::add(store, |it| &mut it.tracking_domains, values)))
}
