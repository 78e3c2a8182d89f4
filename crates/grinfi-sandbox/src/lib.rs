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
//! # Worlds and the pages to steer them
//!
//! Each key has a [`World`] of its own from its first use: records, outbox, clock, rate limit, faults, log. What a world's
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
//! the 500 for an unknown filter key, fields dropped without a word.
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
//!
//! # What is assumed
//!
//! Where the API's behaviour is not known, this is what the sandbox does:
//!
//! - Texts compare without regard to case; nulls sort first; a filter value that cannot be compared is a 422.
//! - A listing takes every property of its records as a filter, and no other key; contacts but for `updated_at`.
//! - No listing grants more than 1000 rows; searches of contacts and companies alone end at 10,000.
//! - `null` in the fields of a new contact is the same as leaving the field out; in an update it clears.
//! - A contact belongs to the company whose name its `company_name` is, if there is one.
//! - A deleted list leaves its contacts with its uuid; a deleted tag is carried no more; contacts in a deleted stage go back to
//!   the first, which cannot be deleted; a deleted company leaves its contacts without one; a deleted workspace leaves its flows;
//!   a deleted sender profile takes its mailboxes and browser seats along.
//! - A deleted contact takes its places in flows, its notes and its custom values along, and its open tasks are canceled; its
//!   messages, emails and activities stay.
//! - `createLeads` updates contacts that are there and leaves them in their list.
//! - Counting by `ids` and `filter` together counts what meets both; counting by nothing is a 422.
//! - No message fails by itself; a retry sends again what has failed and nothing else.
//! - A flow that is stopped or unarchived is `off`. Contacts can be added to a flow in any status.
//! - A name stands for one custom field of an object; a second one of that name is a 422.
//! - What the description has no 404 for, such as deleting or cancelling, answers 404 for an unknown uuid.
//! - A place in a flow ends as `finished`, `failed` or `canceled`; canceling or failing a task of a flow ends its contact's place
//!   alike. A reply ends the places whose messages say to stop on one.
//! - Two nodes of one id and an edge to no node are a 422.
//! - A new sender profile has a LinkedIn account at once, and a new mailbox is active; sending an email from a sender without an
//!   active mailbox is a 422.
//! - A browser seat counts as logged in once its Smart Login link was made.
//! - An import matches each line as upsert does, leaves out who is blacklisted, makes a list named after the file when none is
//!   given, and takes a file once.
//! - An export answers its `file_name`; before it is written its download is a 404.
//! - Enrichment costs a credit each, of the 100 that a team starts with, and finds nothing new.
//! - More sender profiles than the team's features grant are a 402.
//! - Nobody asks a language model: rendering a template with a prompt says so in `handling_error`.
//! - The filters of a webhook are asked about the body of its call, jsonLogic in a flow about the same body with the contact's
//!   `custom_fields`, and the contact as `lead`. A webhook whose filters are no jsonLogic is never called, and the delivery
//!   log says why. A test call does not ask them.
//! - A schedule without blocks is never; the time zone of a contact is not known, and the schedule's stands for it; a time zone
//!   that nobody knows is UTC. A mailbox's interval is in seconds, and its day that of the schedule's time zone. The numbers
//!   behind smart limits are not known, and they are not kept; neither are the limits of contact sources.
//! - A webhook call that is not answered with a success within 10 seconds is made again after 10 s, 1 min, 5 min and 30 min; a
//!   `GET` is sent without a body; redirects are not followed.
//! - Where the shape of an answer is nowhere described: the metrics of lists and tags are maps by uuid of counts; a sender's
//!   schedule and an email's thread are `{data}`; the latest emails are a map by contact; a thread for a language model is
//!   `{thread}`, a text.

mod agenda;
mod cell;
pub mod cli;
mod clock;
mod columns;
mod contacts;
mod control;
mod error;
mod events;
mod fault;
mod filter;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
// Written by the generator of the workspace, in its own layout.
#[rustfmt::skip]
mod generated;
mod hours;
mod http;
mod ids;
mod journal;
mod linkedin;
mod log;
mod ops;
mod outbox;
mod page;
mod percent;
mod record;
mod refusal;
mod rule;
mod sandbox;
mod schema;
mod seed;
mod store;
mod table;
mod template;
mod ui;
mod webhooks;
mod world;
mod worlds;

pub use clock::Clock;
pub use error::{Error, Refused};
pub use fault::{ActiveFault, Fault, LatencyClock};
pub use generated::{OPERATIONS, Operation};
pub use log::{LoggedRequest, Reason};
pub use outbox::{Channel, OutboxMessage};
pub use sandbox::{Builder, Sandbox};
pub use seed::{Seed, UnknownSeed};
pub use webhooks::{Attempt, Delivery, DeliveryState};
pub use world::{Happening, World};

/// Whether there is an operation of that `operationId`. All of the description are.
pub fn is_built(operation_id: &str) -> bool {
    ops::handler(operation_id).is_some()
}
