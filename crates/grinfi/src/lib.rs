//! Client library for the [Grinfi.io](https://grinfi.io) API: contacts, companies, automations, LinkedIn messages and email.
//!
//! ```
//! use grinfi::{Client, Order, filter::contact};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A local server with the same API, for tests and development. Nothing is sent to real people.
//! let sandbox = grinfi_sandbox::Sandbox::start().await?;
//! let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
//!
//! let mut contacts = client
//!     .contacts()
//!     .search()
//!     .filter(contact::company_name().eq("ExampleCorp") & contact::work_email().is_not_null())
//!     .order_by(contact::created_at(), Order::Desc)
//!     .stream();
//! while let Some(contact) = contacts.next().await.transpose()? {
//!     println!("{} <{}>", contact.name.as_deref().unwrap_or("?"), contact.work_email.as_deref().unwrap_or("?"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::from_env`] reads the API key from `GRINFI_API_KEY` and connects to the real API.
//!
//! # Where to find what
//!
//! - [`Client`] has one accessor per resource: `client.contacts()`, `client.tasks()`. Each resource has a module of its own,
//!   such as [`contacts`] and [`tasks`], which opens with an example.
//! - [`filter`] contains the fields that each listing filters by; [`pagination`] the listings: streams of rows and pages, and
//!   [`complete`](pagination::Search::complete) listings that neither skip nor repeat rows while data changes.
//! - [`Error`] describes a failed call. [`Error::is_unknown_outcome`] means that the request may have taken effect and was
//!   not retried; [`Error::outcome`] gives the outcome of the call.
//! - [`RequestOptions`] override the settings of a client for some of its calls, [`RetryPolicy`] configures retries,
//!   [`RateLimit`] the number of requests per key and minute.
//! - [`jobs`] contains waiting for background jobs, [`upload`] and [`download`] files, [`webhooks`] event payloads.
//! - `grinfi::blocking`, behind the feature `blocking`, is a client for programs without an async runtime.
//! - [`Client::operation`] sends any described operation as JSON, [`Client::request`] any path; [`raw`] is the generated client.

mod attempt;
mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod call_context;
mod client;
mod complete;
mod config;
mod decode;
pub mod error;
mod field_names;
pub mod filter;
mod http_client;
mod inactivity;
mod interceptor;
pub mod linkedin;
pub mod models;
mod once;
mod options;
mod page;
mod path_template;
mod rate_limit;
pub mod request;
mod resources;
mod retry;
mod search;
pub mod telemetry;
mod transport;
pub mod upload;
mod wait;

pub use grinfi_raw as raw;

pub use auth::ApiKey;
pub use call::Call;
pub use client::Client;
pub use config::{ClientBuilder, DEFAULT_BASE_URL};
pub use error::{Error, ErrorKind, Outcome, Result};
pub use options::RequestOptions;
pub use page::Page;
pub use rate_limit::RateLimit;
pub use resources::{
    activities, ai_agents, ai_templates, api_keys, attachments, automation_versions, automation_workspaces,
    automations, blacklist, bulk, companies, contacts, custom_fields, custom_tracking_domains, data_sources,
    download, email_bodies, emails, enrichment, file_exports, file_imports, linkedin_browsers,
    linkedin_conversations, linkedin_messages, lists, llms, mailbox_errors, mailboxes, notes,
    outbound_requests, pipeline_stages, selection, sender_profiles, tags, tasks, teams, users, webhooks,
};
pub use retry::RetryPolicy;
pub use search::Order;

/// Background jobs: how long to wait for them and how far they are.
pub mod jobs {
    pub use crate::wait::{Progress, Wait};
}

/// Listings: search builders, and streams of pages and rows.
pub mod pagination {
    pub use crate::{
        complete::Complete,
        page::{Cursor, Items, Pages, UndecodableRow},
        search::{KeepUndecodable, Listed, Search, Unpaged},
    };
}

/// Sending a message at most once.
pub mod send_once {
    pub use crate::once::SendLookup;
}

/// Items for the Python package only. Not covered by semantic versioning.
#[doc(hidden)]
pub mod bindings {
    pub use crate::{
        options::ResponseLog,
        page::{Elements, Fields},
        resources::custom_fields::{FieldWrites, NamedValue},
    };
}

// The crates whose types are part of public signatures.
pub use {bytes, chrono, http, reqwest, serde_json};

/// The README's example, run by the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
