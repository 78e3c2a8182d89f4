//! Which pages there are.

use crate::http::{Parameters, meet};
use crate::refusal::Refusal;

/// What a page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Index,
    Worlds,
    World,
    Forget,
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
    Happen,
}

/// Every page: its method, its path after `/_sandbox`, what it does, and how that is said in the index.
pub(super) const PAGES: &[(&str, &str, Page, &str)] = &[
    ("GET", "", Page::Index, "these pages"),
    ("GET", "/worlds", Page::Worlds, "every world"),
    ("GET", "/world", Page::World, "this world"),
    ("DELETE", "/world", Page::Forget, "forgets this world; its key begins a new one"),
    ("GET", "/outbox", Page::Outbox, "what would have been sent to people, oldest first"),
    ("DELETE", "/outbox", Page::ClearOutbox, "empties the outbox"),
    ("GET", "/requests", Page::Requests, "the last requests, why they were refused, and their curl lines"),
    ("DELETE", "/requests", Page::ClearRequests, "forgets the requests"),
    ("POST", "/reset", Page::Reset, "back to how the world began"),
    (
        "POST",
        "/seed",
        Page::Seed,
        "{seed, number?}: the records of a seed (none, demo, or a number of contacts)",
    ),
    ("GET", "/snapshots", Page::Snapshots, "the names of the snapshots"),
    ("POST", "/snapshot", Page::Snapshot, "{name}: takes a snapshot"),
    ("GET", "/export", Page::Export, "the world as a document"),
    ("GET", "/snapshots/{name}", Page::ExportSnapshot, "a snapshot as a document"),
    ("DELETE", "/snapshots/{name}", Page::DropSnapshot, "forgets a snapshot"),
    ("POST", "/restore", Page::Restore, "{name}: back to a snapshot"),
    ("POST", "/load", Page::Load, "{state}: back to a document"),
    ("GET", "/clock", Page::Clock, "the clock"),
    ("POST", "/clock/set", Page::SetClock, "{time}: sets the clock"),
    ("POST", "/clock/advance", Page::AdvanceClock, "{seconds}: moves the clock forward"),
    ("POST", "/clock/freeze", Page::FreezeClock, "holds the clock still"),
    ("POST", "/clock/resume", Page::ResumeClock, "lets the clock run on"),
    ("GET", "/faults", Page::Faults, "the rules by which calls go wrong"),
    (
        "POST",
        "/faults",
        Page::AddFault,
        "{kind, operation?, nth?, times?, probability?, seed?, status?, body?, retry_after?, bytes?, latency_ms?, \
         latency_clock?}: adds a rule",
    ),
    ("DELETE", "/faults", Page::ClearFaults, "removes every rule"),
    ("DELETE", "/faults/{id}", Page::RemoveFault, "removes a rule"),
    ("GET", "/limits", Page::Limits, "the rate limit and the credits"),
    (
        "PUT",
        "/limits",
        Page::SetLimits,
        "{requests_per_minute?, credits?}: changes them; null is no rate limit",
    ),
    ("GET", "/deliveries", Page::Deliveries, "the calls of webhooks, and what came of them"),
    ("POST", "/deliveries/{id}/redeliver", Page::Redeliver, "makes a call again"),
    (
        "POST",
        "/happen",
        Page::Happen,
        "{kind, …}: linkedin_reply {lead_uuid, sender_profile_uuid, text}, connection_accepted {lead_uuid, \
         sender_profile_uuid}, email_reply {email_uuid, text}, email_event {email_uuid, event}, message_failed \
         {message_uuid, reason}",
    ),
];

/// The page of a method and a path, and the parameters of the path.
///
/// # Errors
/// 404 for an unknown path, 405 for one that does not take the method.
pub(super) fn find(method: &str, path: &str) -> Result<(Page, Parameters), Refusal> {
    let mut methods = Vec::new();
    for (takes, template, page, _) in PAGES {
        let Some(parameters) = meet(template, path) else { continue };
        if *takes == method {
            return Ok((*page, parameters));
        }
        methods.push(*takes);
    }
    let path = format!("/_sandbox{path}");
    match methods.is_empty() {
        true => Err(Refusal::not_found(&path)),
        false => Err(Refusal::method_not_allowed(method, &path, methods.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_by_its_own_path_and_once() {
        for (method, template, page, _) in PAGES {
            assert_eq!(find(method, &template.replace(['{', '}'], "")).unwrap().0, *page, "{template}");
            let same = PAGES.iter().filter(|(_, _, other, _)| other == page);
            assert_eq!(same.count(), 1, "{page:?}");
        }
    }

    #[test]
    fn other_methods_are_named() {
        let refusal = find("PATCH", "/limits").unwrap_err();
        assert_eq!((refusal.status, refusal.allow.as_deref()), (405, Some("GET, PUT")));
        assert_eq!(find("GET", "/secrets").unwrap_err().status, 404);
    }
}
