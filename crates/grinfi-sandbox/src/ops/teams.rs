//! The team of the key, its limits, and keys.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::form::{Field, Want, must};
use super::input::Fields;
use super::{Answer, Call, Reply, form, records};
use crate::record::{TEAM_ID, USER_ID, text};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;
use crate::{page, schema};

const NAME: &[Field] = &[must("name", Want::Text)];
const LIMIT: &[Field] = &[must("sender_profiles_limit", Want::Integer)];
/// A key is valid for three years.
const KEY_DAYS: i64 = 3 * 365;

/// There is one, in a listing like any other.
pub(super) fn list(store: &mut Store, call: &Call) -> Answer {
    let mut teams = crate::table::Table::new(&schema::TEAM);
    teams.insert(&TEAM_ID.to_string(), store.team.clone());
    Ok(Reply::ok(page::list_unfiltered(&teams, &call.query)?.with_has_more()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> Answer {
    own(call)?;
    Ok(Reply::ok(store.team.clone()))
}

fn own(call: &Call) -> Result<(), Refusal> {
    if call.key() == TEAM_ID.to_string() { Ok(()) } else { Err(Refusal::not_found("Team")) }
}

/// Assumed: more sender profiles than the team's features grant are to be paid for.
// assumed: team-limits
pub(super) fn check_limits(store: &mut Store, call: &Call) -> Answer {
    own(call)?;
    let mut faults = Faults::default();
    let given = form::read(LIMIT, &Fields::of(&call.body), &mut faults);
    let asked = given.get("sender_profiles_limit").and_then(Value::as_i64).unwrap_or(0);
    if given.contains_key("sender_profiles_limit") && asked < 1 {
        faults.add("sender_profiles_limit", "The sender_profiles_limit must be at least 1.");
    }
    faults.finish()?;
    let granted = store.team.get("features").and_then(|it| it.get("sender_profiles")).and_then(Value::as_i64);
    if granted.is_some_and(|granted| asked > granted) {
        return Err(Refusal::payment_required("The subscription grants fewer sender profiles."));
    }
    Ok(Reply::ok(json!({"monthly": null, "yearly": null})))
}

/// A key of the shape of a real one, shown this once. Assumed: the sandbox does not know it by itself.
// assumed: api-key
pub(super) fn create_key(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let given = form::read(NAME, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    let jti = store.new_uuid();
    let expires = store.present().checked_add_signed(TimeDelta::days(KEY_DAYS));
    let part = |value: Value| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let claims = json!({
        "specific_team_id": TEAM_ID,
        "sub": USER_ID.to_string(),
        "jti": jti,
        "exp": expires.map(|time| time.timestamp()),
    });
    let signature = format!("{:016x}", crate::ids::hash(&jti));
    let token = format!("{}.{}.{}", part(json!({"alg": "none"})), part(claims), part(json!(signature)));
    let values = json!({"jti": jti, "name": text(&given, "name")});
    let mut record = records::add_as(store, |it| &mut it.api_keys, &jti, values);
    crate::record::set(&mut record, "last_token", token);
    Ok(Reply::ok(record))
}
