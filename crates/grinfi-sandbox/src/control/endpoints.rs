//! Endpoints of the control API.

use crate::call::Parameters;
use crate::http::match_template;
use crate::rejection::Rejection;

/// Endpoint of the control API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Index,
    Tenants,
    Tenant,
    RemoveTenant,
    Outbox,
    ClearOutbox,
    Requests,
    ClearRequests,
    Reset,
    Seed,
    Snapshots,
    Snapshot,
    Export,
    ExportSnapshot,
    DropSnapshot,
    Restore,
    Load,
    Clock,
    SetClock,
    AdvanceClock,
    FreezeClock,
    ResumeClock,
    Faults,
    AddFault,
    ClearFaults,
    RemoveFault,
    Limits,
    SetLimits,
    Deliveries,
    Redeliver,
    Simulate,
}

/// Every endpoint: method, path after `/_sandbox`, endpoint, and its description in the index.
pub(super) const ENDPOINTS: &[(&str, &str, Endpoint, &str)] = &[
    ("GET", "", Endpoint::Index, "Lists these endpoints"),
    ("GET", "/tenants", Endpoint::Tenants, "Lists the tenants"),
    ("GET", "/tenant", Endpoint::Tenant, "Describes the tenant"),
    (
        "DELETE",
        "/tenant",
        Endpoint::RemoveTenant,
        "Removes the tenant; the next use of its key creates a new one",
    ),
    ("GET", "/outbox", Endpoint::Outbox, "Lists the messages that would have been sent, oldest first"),
    ("DELETE", "/outbox", Endpoint::ClearOutbox, "Clears the outbox"),
    ("GET", "/requests", Endpoint::Requests, "Lists the latest requests, with errors and curl commands"),
    ("DELETE", "/requests", Endpoint::ClearRequests, "Clears the request log"),
    ("POST", "/reset", Endpoint::Reset, "Returns the tenant to its initial state"),
    (
        "POST",
        "/seed",
        Endpoint::Seed,
        "{seed, number?}: replaces all records with those of a seed (none, demo, or a number of contacts)",
    ),
    ("GET", "/snapshots", Endpoint::Snapshots, "Lists the names of the snapshots"),
    ("POST", "/snapshot", Endpoint::Snapshot, "{name}: takes a snapshot"),
    ("GET", "/export", Endpoint::Export, "Exports the tenant as JSON"),
    ("GET", "/snapshots/{name}", Endpoint::ExportSnapshot, "Exports a snapshot as JSON"),
    ("DELETE", "/snapshots/{name}", Endpoint::DropSnapshot, "Deletes a snapshot"),
    ("POST", "/restore", Endpoint::Restore, "{name}: restores a snapshot"),
    ("POST", "/load", Endpoint::Load, "{state}: loads an export"),
    ("GET", "/clock", Endpoint::Clock, "Shows the clock"),
    ("POST", "/clock/set", Endpoint::SetClock, "{time}: sets the clock"),
    ("POST", "/clock/advance", Endpoint::AdvanceClock, "{seconds}: moves the clock forward"),
    ("POST", "/clock/freeze", Endpoint::FreezeClock, "Stops the clock"),
    ("POST", "/clock/resume", Endpoint::ResumeClock, "Lets the clock run"),
    ("GET", "/faults", Endpoint::Faults, "Lists the fault rules"),
    (
        "POST",
        "/faults",
        Endpoint::AddFault,
        "{kind, operation?, nth?, times?, probability?, seed?, status?, body?, retry_after?, bytes?, latency_ms?, \
         latency_clock?}: adds a fault rule",
    ),
    ("DELETE", "/faults", Endpoint::ClearFaults, "Removes every fault rule"),
    ("DELETE", "/faults/{id}", Endpoint::RemoveFault, "Removes a fault rule"),
    ("GET", "/limits", Endpoint::Limits, "Shows the rate limit and the credits"),
    (
        "PUT",
        "/limits",
        Endpoint::SetLimits,
        "{requests_per_minute?, credits?}: changes them; null disables the rate limit",
    ),
    ("GET", "/deliveries", Endpoint::Deliveries, "Lists the webhook deliveries with their attempts"),
    ("POST", "/deliveries/{id}/redeliver", Endpoint::Redeliver, "Sends a webhook delivery again"),
    (
        "POST",
        "/simulate",
        Endpoint::Simulate,
        "{kind, …}: simulates a prospect event: linkedin_reply {lead_uuid, sender_profile_uuid, text}, \
         connection_accepted {lead_uuid, sender_profile_uuid}, email_reply {email_uuid, text}, email_event \
         {email_uuid, event}, message_failed {message_uuid, reason}",
    ),
];

/// Returns the endpoint of a method and a path, and the path parameters.
///
/// # Errors
/// 404 for an unknown path, 405 for another method.
pub(super) fn find(method: &str, path: &str) -> Result<(Endpoint, Parameters), Rejection> {
    let mut methods = Vec::new();
    for (endpoint_method, template, endpoint, _) in ENDPOINTS {
        let Some(parameters) = match_template(template, path) else { continue };
        if *endpoint_method == method {
            return Ok((*endpoint, parameters));
        }
        methods.push(*endpoint_method);
    }
    let path = format!("/_sandbox{path}");
    match methods.is_empty() {
        true => Err(Rejection::not_found(&path)),
        false => Err(Rejection::method_not_allowed(method, &path, methods.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_endpoint_by_its_path() {
        for (method, template, endpoint, _) in ENDPOINTS {
            assert_eq!(find(method, &template.replace(['{', '}'], "")).unwrap().0, *endpoint, "{template}");
            let same = ENDPOINTS.iter().filter(|(_, _, other, _)| other == endpoint);
            assert_eq!(same.count(), 1, "{endpoint:?}");
        }
    }

    #[test]
    fn lists_allowed_methods() {
        let rejection = find("PATCH", "/limits").unwrap_err();
        assert_eq!((rejection.status, rejection.allow.as_deref()), (405, Some("GET, PUT")));
        assert_eq!(find("GET", "/secrets").unwrap_err().status, 404);
    }
}
