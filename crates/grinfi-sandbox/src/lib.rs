//! The Grinfi API as a local, stateful server: outreach can be developed and tested on it without an account, and
//! without a message to anyone.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), grinfi_sandbox::Error> {
//! use grinfi_sandbox::{Sandbox, Seed};
//!
//! let sandbox = Sandbox::builder().seed(Seed::Empty).rate_limit(None).start().await?;
//! // Point a client at sandbox.base_url() with sandbox.key(), then look at what it would have sent:
//! assert!(sandbox.outbox().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The same as a program is `grinfi-sandbox`; at `/` it has a page for people.
//!
//! # Registry and the pages to steer them
//!
//! Each key has a [`Tenant`] of its own from its first use: records, outbox, clock, rate limit, faults, log. What a world's
//! methods do, pages under `/_sandbox` do as well, in JSON; `GET /_sandbox` lists them all with their fields. A page is about
//! the world of the key it is asked with, or of the sandbox's own key if with none, and under `/_sandbox/worlds/{id}/…` about
//! that world. A field that a page does not know is a 422 that names it. Requests from web pages of other origins are a 403.
//!
//! - A fault's latency passes by the machine's clock, which is what the time limits of clients go by, or by the world's
//!   (`latency_clock`), until that is moved.
//! - With a data file ([`Builder::data`]) a change is written and synced before it is answered, and brought back by doing it
//!   again. Logged requests, faults and the delivery log are not kept; a webhook call that was under way in a kill may be
//!   made again.
//! - Webhooks are called on this machine alone unless told otherwise ([`Builder::webhooks_anywhere`]), and only for what
//!   meets their filters.
//!
//! # What it is true to
//!
//! Every operation of the description is there, and all of them work on one state: what one does, the others show. The
//! sandbox answers as the API has been seen to answer, quirks included: the shapes of contacts, the missing `has_more`,
//! the 500 for an unknown filter key, fields dropped without a word. In [`Mode::Documented`] it answers as the description
//! has it instead, and checks every request against that. What is documented, what was observed and what is assumed is told
//! apart in the ledger of `docs/sandbox.md`.
//!
//! # Time
//!
//! What takes time is planned and done on the sandbox's clock, each at its own moment, whenever one looks: a message is
//! `new` for a second, `in_progress` for another, then `done`; an export is written and an enrichment is done after a
//! second; a flow that is on takes its contacts from node to node by its timers and delays. Mass actions, imports and the
//! deleting of contacts are done when they are answered. The same calls at the same times have the same answers, ids
//! included.
//!
//! # Automations
//!
//! A contact in a flow that is on gets a task at each node. Messages, requests to connect, InMails and emails go to the
//! outbox, filled in; tags, lists, stages, senders and other flows change as the node says; triggers wait for what they
//! are named after and take branch 1, or 2 when their timer has run out; an A/B test takes its branch by the task's uuid; a
//! filter is asked, be it jsonLogic or in the form that searches take. What the sandbox cannot do (calling another system, a
//! decision of a person or a language model, searching LinkedIn) stops the contact with a manual task that says so, and
//! completing it goes on by branch 1.
//!
//! What a sender does and the contact sees (messages, requests, InMails, emails, visits, likes) waits for the hours of the
//! flow's schedule, or of the sender's own with `use_sender_schedule`, on the world's clock, and for the sender's
//! `hold_tasks_till`; emails also for their mailbox, which sends no more a day than its `automation_daily_limit` and each no
//! sooner than `automation_task_interval` after the one before. The task's `schedule_at` tells when it will be. Seeded
//! senders work around the clock, so that a test does not depend on the hour it runs at. What is sent by a call of the API,
//! or by a task that was made by one, does not wait.
//!
//! In a query, `<` and `>` must be percent-encoded (`filter[sent_at][%3E=]`), as HTTP has it and client libraries do;
//! brackets and `=` may be plain. With a plain `>` the request is malformed, and its 400 has no envelope.

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
