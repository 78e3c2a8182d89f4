//! The places of contacts in flows.

use serde_json::json;

use super::input::{Fields, found};
use super::{Answer, Call, Reply, contact_fields};
use crate::page;
use crate::record::{set, stamp, text};
use crate::refusal::Faults;
use crate::schema::FLOW_LEAD;
use crate::store::{Store, new_uuid};

const ACTIVE: &str = "in_progress";

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    Ok(Reply::ok(page::list(store.flow_leads.entries(), &FLOW_LEAD, &call.body)?.with_has_more()))
}

pub(super) fn add(store: &mut Store, call: &Call) -> Answer {
    let (flow, lead) = (call.parameter("flowUuid"), call.parameter("leadUuid"));
    found(store.flows.get(&flow), "Flow")?;
    store.contact(&lead)?;
    enrol(store, &flow, &lead, &new_uuid());
    Ok(Reply::no_content())
}

/// Finds or creates the contact as upsert does, and adds it.
pub(super) fn add_new(store: &mut Store, call: &Call) -> Answer {
    let flow = call.parameter("flowUuid");
    found(store.flows.get(&flow), "Flow")?;
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let skip = fields.flag("skip_if_lead_exists", &mut faults).unwrap_or(false);
    fields.integer("flow_segment_id", &mut faults);
    let upsert = contact_fields::Upsert::read(store, &fields, "update_lead_if_exists", faults)?;
    if skip && upsert.existing(store).is_some() {
        return Ok(Reply::ok(json!({"reason": "skipped"})));
    }
    let lead = upsert.apply(store);
    enrol(store, &flow, &lead, &new_uuid());
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

/// Gives a contact a place in a flow, unless it has an active one there.
pub(crate) fn enrol(store: &mut Store, flow: &str, lead: &str, uuid: &str) {
    let there = store.flow_leads.records().any(|place| {
        text(place, "flow_uuid") == Some(flow)
            && text(place, "lead_uuid") == Some(lead)
            && text(place, "status") == Some(ACTIVE)
    });
    if !there {
        let values = json!({"flow_uuid": flow, "lead_uuid": lead, "status": ACTIVE});
        let record = store.make(&FLOW_LEAD, uuid, values);
        store.flow_leads.insert(uuid, record);
    }
}

/// Ends the active places of a contact in those flows.
pub(super) fn leave(store: &mut Store, lead: &str, from: impl Fn(&str) -> bool) {
    let now = stamp(store.clock.now());
    for place in store.flow_leads.records_mut() {
        let active = text(place, "lead_uuid") == Some(lead) && text(place, "status") == Some(ACTIVE);
        if active && text(place, "flow_uuid").is_some_and(&from) {
            set(place, "status", "canceled");
            set(place, "updated_at", now.clone());
        }
    }
}
