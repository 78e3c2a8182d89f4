//! Sender profiles: the people in whose name messages go out.

use serde_json::{Value, json};

use super::input::{Fields, found, schedule};
use super::{Answer, Call, Reply};
use crate::page;
use crate::refusal::Faults;
use crate::schema::SENDER_PROFILE;
use crate::store::{Store, new_uuid};

pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let listing = page::list(store.sender_profiles.entries(), &SENDER_PROFILE, &call.query)?;
    Ok(Reply::ok(listing.with_has_more()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    let record = found(store.sender_profiles.get(&call.parameter("uuid")), "Sender profile")?;
    Ok(Reply::ok(record.clone()))
}

/// A new profile can send at once: nobody can log in to LinkedIn here, so that it gets an account right away.
pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let first_name = fields.required_text("first_name", &mut faults);
    let last_name = fields.required_text("last_name", &mut faults);
    if fields.given("assignee_user_id").is_none() {
        faults.missing("assignee_user_id");
    }
    let assignee = fields.integer("assignee_user_id", &mut faults);
    let label = fields.text("label", &mut faults);
    let linkedin = schedule(&fields, "linkedin_schedule", &mut faults);
    schedule(&fields, "email_schedule", &mut faults);
    faults.finish()?;
    let uuid = new_uuid();
    let values = json!({
        "linkedin_account_uuid": new_uuid(),
        "assignee_user_id": assignee,
        "first_name": first_name,
        "last_name": last_name,
        "label": label,
        "schedule": linkedin.unwrap_or_else(working_hours),
        "smart_limits_enabled": true,
        "status": "enabled",
    });
    let record = store.make(&SENDER_PROFILE, &uuid, values);
    store.sender_profiles.insert(&uuid, record.clone());
    Ok(Reply::created(record))
}

/// Monday to Friday, nine to five.
pub(crate) fn working_hours() -> Value {
    let blocks: Vec<Value> = (1..=5).map(|day| json!({"dow": day, "min": 540, "max": 1020})).collect();
    json!({"timezone": "Europe/Berlin", "use_lead_timezone": false, "timeblocks": blocks})
}
