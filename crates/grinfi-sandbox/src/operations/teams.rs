//! Team of the key, its limits, and API keys.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::body_fields::{FieldSpec, FieldType, required};
use super::input::Fields;
use super::{body_fields, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::{TEAM_ID, USER_ID, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;
use crate::{page, schema};

const NAME: &[FieldSpec] = &[required("name", FieldType::Text)];
const LIMIT: &[FieldSpec] = &[required("sender_profiles_limit", FieldType::Integer)];
/// Validity of a key in years.
const KEY_DAYS: i64 = 3 * 365;

/// Lists the only team, in a usual envelope.
pub(super) fn list(store: &mut Store, call: &Call) -> ApiResult {
    let mut teams = crate::table::Table::new(&schema::TEAM);
    teams.insert(&TEAM_ID.to_string(), store.team.clone());
    Ok(ApiResponse::ok(page::list_unfiltered(&teams, &call.query)?.with_has_more()))
}

pub(super) fn get(store: &mut Store, call: &Call) -> ApiResult {
    check_team(call)?;
    Ok(ApiResponse::ok(store.team.clone()))
}

fn check_team(call: &Call) -> Result<(), Rejection> {
    if call.key() == TEAM_ID.to_string() { Ok(()) } else { Err(Rejection::not_found("Team")) }
}

/// More sender profiles than the team's features allow get a 402 (assumed).
// assumed: team-limits
pub(super) fn check_limits(store: &mut Store, call: &Call) -> ApiResult {
    check_team(call)?;
    let mut errors = FieldErrors::default();
    let given = body_fields::read(LIMIT, &Fields::of(&call.body), &mut errors);
    let parameters = given.get("sender_profiles_limit").and_then(Value::as_i64).unwrap_or(0);
    if given.contains_key("sender_profiles_limit") && parameters < 1 {
        errors.add("sender_profiles_limit", "The sender_profiles_limit must be at least 1.");
    }
    errors.finish()?;
    let granted = store.team.get("features").and_then(|it| it.get("sender_profiles")).and_then(Value::as_i64);
    if granted.is_some_and(|granted| parameters > granted) {
        return Err(Rejection::payment_required("The subscription allows fewer sender profiles."));
    }
    Ok(ApiResponse::ok(json!({"monthly": null, "yearly": null})))
}

/// Creates a key in the format of a real one, and shows it once. The sandbox does not register it (assumed).
// assumed: api-key
pub(super) fn create_key(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let given = body_fields::read(NAME, &Fields::of(&call.body), &mut errors);
    errors.finish()?;
    let jti = store.new_uuid();
    let expires = store.current_time().checked_add_signed(TimeDelta::days(KEY_DAYS));
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
    Ok(ApiResponse::ok(record))
}
