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
//! The same as a program is `grinfi-sandbox`. Two pages of its own need no key: `GET /_sandbox/outbox` has what
//! would have been sent, `GET /_sandbox/requests` what was asked.
//!
//! # What it is true to
//!
//! The sandbox answers as the API has been seen to answer, quirks included: the shapes of contacts, the missing
//! `has_more`, the 500 for an unknown filter key, fields dropped without a word. An operation it does not have
//! answers 501 and names itself ([`is_built`] tells), never a made-up success.
//!
//! In a query, `<` and `>` must be percent-encoded (`filter[sent_at][%3E=]`), as HTTP has it and client libraries do;
//! brackets and `=` may be plain. With a plain `>` the request is malformed, and its 400 has no envelope.
//!
//! # What is assumed
//!
//! Where the API's behaviour is not known, this is what the sandbox does:
//!
//! - Texts compare without regard to case; nulls sort first; a filter value that cannot be compared is a 422.
//! - The search of contacts takes every property as a filter but `updated_at`, and no other key.
//! - `null` in the fields of a new contact is the same as leaving the field out; in an update it clears.
//! - A deleted list leaves its contacts with its uuid. A deleted contact leaves its messages.
//! - `createLeads` updates contacts that are there and leaves them in their list.
//! - Counting by `ids` and `filter` together counts what meets both; counting by nothing is a 422.
//! - A message is `new` for a second, `in_progress` for another, then `done`; none fails.
//! - A flow that is stopped or unarchived is `off`. Contacts can be added to a flow in any status.
//! - A name stands for one custom field of an object; a second one of that name is a 422.
//! - What the description has no 404 for, such as deleting or cancelling, answers 404 for an unknown uuid.
//! - An end to a flow leaves the contact's place with the status `canceled`.
//! - Mass actions are done when they are answered.
//! - A new sender profile has a LinkedIn account at once.

pub mod cli;
mod clock;
mod contacts;
mod error;
mod filter;
// Written by the generator of the workspace, in its own layout.
#[rustfmt::skip]
mod generated;
mod http;
mod linkedin;
mod ops;
mod outbox;
mod page;
mod percent;
mod record;
mod refusal;
mod sandbox;
mod schema;
mod seed;
mod store;
mod table;

pub use clock::Clock;
pub use error::Error;
pub use generated::{OPERATIONS, Operation};
pub use http::LoggedRequest;
pub use outbox::{Channel, OutboxMessage};
pub use sandbox::{Builder, Sandbox};
pub use seed::{Seed, UnknownSeed};

/// Whether the sandbox has the operation of that `operationId`; if not, it answers 501.
pub fn is_built(operation_id: &str) -> bool {
    ops::handler(operation_id).is_some()
}
