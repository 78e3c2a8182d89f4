//! The places of contacts in flows.

use serde_json::{Value, json};

use super::input::{Fields, found};
use super::{Answer, Call, Reply, contact_fields, engine, records, tasks};
use crate::page;
use crate::record::set;
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

/// The status of a place whose contact is on its way through the flow.
pub(super) const ACTIVE: &str = "in_progress";

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(&store.flow_leads, &call.body)?.with_has_more()))
}

pub(super) fn add(store: &mut Store, call: &Call) -> Answer {
    let (flow, lead) = (call.parameter("flowUuid"), call.parameter("leadUuid"));
    found(store.flows.row(&flow), "Flow")?;
    store.contact(&lead)?;
    let source = contact_source(store, &flow, &Fields::of(&call.body))?;
    enrol_by(store, &flow, &lead, "api", source);
    Ok(Reply::no_content())
}

/// The contact source that a contact enters by, if it is named. The sister product takes it.
fn contact_source(store: &Store, flow: &str, fields: &Fields<'_>) -> Result<Option<i64>, Refusal> {
    let mut faults = Faults::default();
    let source = fields.integer("contact_source_id", &mut faults);
    if source.is_some_and(|source| !engine::has_source(store, flow, source)) {
        faults.add("contact_source_id", "The selected contact_source_id does not exist.");
    }
    faults.finish()?;
    Ok(source)
}

/// Finds or creates the contact as upsert does, and adds it.
pub(super) fn add_new(store: &mut Store, call: &Call) -> Answer {
    let flow = call.parameter("flowUuid");
    found(store.flows.row(&flow), "Flow")?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let skip = fields.flag("skip_if_lead_exists", &mut faults).unwrap_or(false);
    fields.integer("flow_segment_id", &mut faults);
    let source = contact_source(store, &flow, &fields)?;
    let upsert = contact_fields::Upsert::read(store, &fields, "update_lead_if_exists", faults)?;
    if skip && upsert.existing(store).is_some() {
        return Ok(Reply::ok(json!({"reason": "skipped"})));
    }
    let lead = upsert.apply(store);
    enrol_by(store, &flow, &lead, "api", source);
    Ok(Reply::no_content())
}

pub(super) fn cancel(store: &mut Store, call: &Call) -> Answer {
    let lead = call.parameter("leadUuid");
    store.contact(&lead)?;
    let mut faults = Faults::default();
    let flows = Fields::of(&call.body).required_texts("flow_uuids", &mut faults);
    faults.finish()?;
    leave(store, &lead, |flow| flows.iter().any(|it| it == flow));
    Ok(Reply::no_content())
}

pub(super) fn cancel_all(store: &mut Store, call: &Call) -> Answer {
    let lead = call.parameter("leadUuid");
    store.contact(&lead)?;
    leave(store, &lead, |_| true);
    Ok(Reply::no_content())
}

/// Whatever the contact was in a flow for is gone: its places, and the tasks that flows gave it.
// assumed: flow-history
pub(super) fn delete_history(store: &mut Store, call: &Call) -> Answer {
    let lead = call.parameter("leadUuid");
    store.contact(&lead)?;
    for place in store.flow_leads.keys_of(&lead, |_| true) {
        store.flow_leads.remove(&place);
    }
    for task in store.tasks.keys_of(&lead, |task| task.text("flow_uuid").is_some()) {
        store.tasks.remove(&task);
    }
    Ok(Reply::no_content())
}

/// Gives a contact a place in a flow, unless it has an active one there. It sets out at once if the flow is on.
// assumed: flow-enrol
pub(crate) fn enrol(store: &mut Store, flow: &str, lead: &str, added_by: &str) -> Option<String> {
    enrol_by(store, flow, lead, added_by, None)
}

/// The same by a contact source; by the first unless one is named.
pub(super) fn enrol_by(
    store: &mut Store,
    flow: &str,
    lead: &str,
    added_by: &str,
    source: Option<i64>,
) -> Option<String> {
    let active = |place: crate::table::Row<'_>| place.is("flow_uuid", flow) && place.is("status", ACTIVE);
    if store.flow_leads.of(lead).any(active) {
        return None;
    }
    let row = store.flows.row(flow)?;
    let (version, on) = (row.text("flow_version_uuid").map(str::to_owned), row.is("status", "on"));
    let values = json!({
        "flow_uuid": flow,
        "lead_uuid": lead,
        "status": ACTIVE,
        "flow_version_uuid": version,
        "added_by": added_by,
        "contact_source_id": source,
    });
    let record = records::add(store, |it| &mut it.flow_leads, values);
    let place = crate::record::text(&record, "uuid")?.to_owned();
    if on {
        engine::set_out(store, &place);
    }
    Some(place)
}

/// Ends the active places of a contact in those flows, and the tasks it has there.
pub(super) fn leave(store: &mut Store, lead: &str, from: impl Fn(&str) -> bool) {
    let active = |place: crate::table::Row<'_>| {
        place.is("status", ACTIVE) && place.text("flow_uuid").is_some_and(&from)
    };
    for place in store.flow_leads.keys_of(lead, active) {
        end(store, &place, "canceled");
    }
}

/// Ends a place with that status; what was still to be done for it is canceled.
// assumed: flow-place-end
pub(super) fn end(store: &mut Store, place: &str, status: &str) {
    let now = store.now();
    let changed = store.flow_leads.change(place, |record| {
        set(record, "status", status);
        set(record, "flow_node_id", Value::Null);
        set(record, "updated_at", now);
    });
    let lead = changed.as_ref().and_then(|it| crate::record::text(it, "lead_uuid")).unwrap_or_default();
    let open =
        |task: crate::table::Row<'_>| task.is("flow_lead_uuid", place) && task.is("status", "in_progress");
    for task in store.tasks.keys_of(lead, open) {
        tasks::end(store, &task, "canceled");
    }
}
