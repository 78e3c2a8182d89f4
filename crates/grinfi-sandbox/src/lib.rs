//! The Grinfi API as a local, stateful server for development and tests: no account is needed, and no message is sent.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), grinfi_sandbox::Error> {
//! use grinfi_sandbox::{Sandbox, Seed};
//!
//! let sandbox = Sandbox::builder().seed(Seed::Empty).rate_limit(None).start().await?;
//! // Point a client at sandbox.base_url() with sandbox.key(), then check what it would have sent:
//! assert!(sandbox.outbox().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The command `grinfi-sandbox` starts the same server, with a web page at `/`.
//!
//! # Tenants and the control API
//!
//! Each key has its own [`Tenant`], created when the key is first used: records, outbox, clock, rate limit, faults,
//! logs. Endpoints under `/_sandbox` offer the methods of a tenant as JSON; `GET /_sandbox` lists them with their
//! fields. An endpoint acts on the tenant of the request's key, on that of the sandbox's default key without a key, and
//! under `/_sandbox/tenants/{id}/…` on that tenant. Unknown fields get a 422 that names them. Requests from web pages
//! of other origins get a 403.
//!
//! - The latency of a fault passes on the machine's clock, which also the timeouts of clients use, or on the tenant's
//!   clock (`latency_clock`).
//! - With a data file ([`Builder::data`]), each change is written and synced before its response, and replayed after a
//!   restart. Request logs, faults and deliveries are not stored; a webhook call that was in progress when the process
//!   was killed may be sent again.
//! - Webhooks are called only on this machine, unless [`Builder::webhooks_anywhere`] is set, and only for events that
//!   match their filters.
//!
//! # Fidelity
//!
//! Every operation of the description is implemented, and all operations share one state. By default the sandbox
//! responds as the API was observed to respond, including its quirks: wrapped contacts, missing `has_more`, the 500 for
//! an unknown filter key, ignored fields. In [`Mode::Documented`] it responds as described, and validates every request
//! against the description. `docs/sandbox.md` lists which behavior is documented, observed or assumed.
//!
//! # Time
//!
//! Work that takes time runs as jobs on the tenant's clock, each as of its due time: a message is `new` for a second,
//! `in_progress` for another, then `done`; exports and enrichments finish after a second; automations move their
//! contacts from node to node by timers and delays. Mass actions, imports and the deletion of contacts finish before
//! the response. The same requests at the same times give the same responses, ids included.
//!
//! # Automations
//!
//! A contact in an automation that is on gets a task at each node. Messages, connection requests, InMails and emails go
//! to the outbox with their variables filled in; tags, lists, stages, senders and other automations change as the node
//! says; triggers wait for their event and continue with branch 1, or with branch 2 after their timer; an A/B test
//! selects its branch by the UUID of the task; a filter is evaluated, as jsonLogic or in the format of searches. At a
//! step that the sandbox cannot do (calling another system, a decision of a person or language model, searching
//! LinkedIn), the contact waits at a manual task; completing it continues with branch 1.
//!
//! Steps that the contact sees (messages, requests, InMails, emails, visits, likes) wait for the working hours of the
//! automation, or of the sender with `use_sender_schedule`, and for the sender's `hold_tasks_till`. Emails also wait
//! for their mailbox, which sends at most `automation_daily_limit` a day with at least `automation_task_interval` in
//! between. The task's `schedule_at` contains the resulting time. Seeded senders work around the clock, so that tests
//! do not depend on the time of day. Messages sent by API calls, or by tasks created with one, do not wait.
//!
//! # Queries
//!
//! In a query, `<` and `>` must be percent-encoded (`filter[sent_at][%3E=]`), as HTTP requires and client libraries do;
//! brackets and `=` may be plain. A plain `>` makes the request malformed, and its 400 has no envelope.

mod action;
mod builder;
mod call;
mod cell;
pub mod cli;
mod clock;
mod columns;
mod contacts;
mod control;
mod decode;
mod error;
mod events;
mod faults;
mod filter;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
// Formatted by the generator.
#[rustfmt::skip]
mod generated;
mod http;
mod ids;
mod jobs;
mod journal;
mod json_logic;
mod linkedin_handle;
mod locks;
mod mailbox_calendar;
mod mode;
mod openapi;
mod operations;
mod outbox;
mod page;
mod percent;
mod prospect_event;
mod rate_limit;
mod record;
mod registry;
mod rejection;
mod request_log;
mod sandbox;
mod scheduler;
mod schema;
mod seed;
mod seed_data;
mod server;
mod snapshot;
mod store;
mod table;
mod template;
mod tenant;
mod ui;
mod webhooks;
mod working_hours;

pub use builder::Builder;
pub use clock::Clock;
pub use error::{Error, Rejected};
pub use faults::{ActiveFault, Fault, LatencyClock};
pub use generated::{OPERATIONS, Operation};
pub use mode::{Mode, UnknownMode};
pub use outbox::{Channel, OutboxMessage};
pub use prospect_event::ProspectEvent;
pub use request_log::{LoggedRequest, Reason};
pub use sandbox::Sandbox;
pub use seed::{Seed, UnknownSeed};
pub use tenant::Tenant;
pub use webhooks::{Attempt, Delivery, DeliveryState};

/// Whether the sandbox implements the operation with that `operationId`. It implements all of the description.
pub fn is_implemented(operation_id: &str) -> bool {
    operations::handler(operation_id).is_some()
}
