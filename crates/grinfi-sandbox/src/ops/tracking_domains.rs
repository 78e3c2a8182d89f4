//! Custom tracking domains. The sandbox tracks nothing.

use serde_json::json;

use super::input::Fields;
use super::{Answer, Call, Reply, records};
use crate::refusal::Faults;
use crate::store::Store;

// assumed: tracking-domain-shape
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    records::list_unfiltered(&store.tracking_domains, call)
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.tracking_domains, call)
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let domain = Fields::of(&call.body).required_text("domain", &mut faults);
    if domain.contains(['/', ':']) || domain.contains(char::is_whitespace) {
        faults.add("domain", "The domain format is invalid.");
    }
    if store.tracking_domains.rows().any(|row| row.is("domain", domain)) {
        faults.add("domain", "The domain has already been taken.");
    }
    faults.finish()?;
    let values = json!({"domain": domain, "status": "pending"});
    Ok(Reply::created(records::add(store, |it| &mut it.tracking_domains, values)))
}
