//! The client library for the [Grinfi.io](https://grinfi.io) API: contacts, lists, automations and LinkedIn messages, with
//! typed filters, listings that neither skip nor repeat, retries that never send twice, and errors that say what happened.
//!
//! ```
//! use grinfi::{Client, Order, filter::contact};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The sandbox is the API as a local server: nothing here reaches a person.
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
//! With [`Client::from_env`] the key comes from `GRINFI_API_KEY`, and the calls are real: messages go to people.
//!
//! - [`Client`] has one accessor for each resource; each resource's page opens with an example.
//! - [`filter`] is the filter language, [`Search`] the listing that it goes into: [`stream`](Search::stream) reads it page by
//!   page, [`complete`](Search::complete) without a hole while rows come and go, [`keep_undecodable`](Search::keep_undecodable)
//!   past rows that do not decode, [`prefetch`](Search::prefetch) ahead of the work on them.
//! - [`Error`] says what happened. [`Error::is_unknown_outcome`] is the one to know: the request may have taken effect and was
//!   not retried. [`Error::outcome`] says what became of every request.
//! - [`RetryPolicy`] says what is repeated and when, [`RateLimit`] how many requests a key may send, [`RequestOptions`] what some calls have
//!   otherwise.
//! - `grinfi::blocking`, with the feature of that name, is for programs without an async runtime.
//! - [`Client::request`] reaches what the description leaves out, [`Client::raw`] the generated client below.

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
mod error;
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
mod resource;
mod retry;
mod search;
mod telemetry;
mod transport;
mod upload;
mod wait;

pub use auth::ApiKey;
pub use call::Call;
pub use client::Client;
pub use complete::Complete;
pub use config::{ClientBuilder, DEFAULT_BASE_URL};
pub use error::{
    Error, ErrorKind, Lookups, Mismatch, Outcome, PartialFailure, Result, Step, StepStatus,
    UnconfirmedRequest,
};
pub use grinfi_raw as raw;
// The crates whose types are part of public signatures.
pub use once::SendLookup;
pub use options::{RequestOptions, ResponseLog};
pub use page::{Cursor, Elements, Fields, Items, Page, Pages, UndecodableRow};
pub use rate_limit::RateLimit;
pub use resource::{
    Activities, AddNewContact, Address, AiAgents, AiTemplates, ApiKeys, Attachments, AutomationVersions,
    AutomationWorkspaces, Automations, BulkCompanies, BulkContacts, Companies, CompaniesByText, CompaniesJob,
    CompanyBlacklist, ContactBlacklist, ContactMetrics, Contacts, ContactsJob, CopyAutomation,
    CreateActivity, CreateAiAgent, CreateAiTemplate, CreateAutomation, CreateCompanies, CreateCompany,
    CreateContacts, CreateCustomField, CreateDataSource, CreateLlm, CreateMailbox, CreatePipelineStage,
    CreateSenderProfile, CreateTag, CreateTask, CreateWebhook, CreatedApiKey, CustomFields,
    CustomTrackingDomains, DataSources, Download, EmailBodies, Emails, Enrichment, Enrolled, Enrollment,
    Enrollments, EnsureWebhook, EnsuredWebhook, FieldWrites, FileExports, FileImports, GetLlmThread,
    GetNodeStatistics, ImportContacts, ImportJob, Imported, LinkedinBrowsers, LinkedinConversations,
    LinkedinMessages, Lists, Llms, Lookup, MailboxErrors, Mailboxes, NamedValue, NodeStatistics, Notes,
    OutboundRequests, PipelineStages, RenderAiTemplate, RestartFromTop, SaveVersion, Selection, SendEmail,
    SendLinkedinMessage, SenderProfiles, Subject, Tags, Tasks, Teams, UpdateCompany, UpdateContact, Upsert,
    Users, WebhookPayload, WebhookSubject, Webhooks,
};
pub use retry::RetryPolicy;
pub use search::{KeepUndecodable, Listed, Order, Search, Unpaged};
pub use telemetry::{AttemptMetrics, CallMetrics, Metrics};
pub use upload::{Upload, UploadProgress};
pub use wait::{Progress, Wait};
pub use {bytes, chrono, http, reqwest, serde_json};

/// The README's example, run by the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
