//! A file per resource: its verbs, and how it is listed.

mod activities;
mod ai_agents;
mod ai_templates;
mod answer;
mod api_keys;
mod attachments;
mod automation_enrollment;
mod automation_statistics;
mod automation_versions;
mod automation_workspaces;
mod automations;
mod blacklist;
mod bulk;
mod bulk_job;
mod companies;
mod company_create;
mod company_update;
mod contact_create;
mod contact_metrics;
mod contact_update;
mod contacts;
mod custom_field_names;
mod custom_fields;
mod custom_tracking_domains;
mod custom_values;
mod custom_writes;
mod data_sources;
mod download;
mod email_bodies;
mod emails;
mod enrichment;
mod file_exports;
mod file_imports;
mod linkedin_browsers;
mod linkedin_conversations;
mod linkedin_message_upkeep;
mod linkedin_messages;
mod lists;
mod llms;
mod mailbox_errors;
mod mailboxes;
mod notes;
mod open_record;
mod outbound_requests;
mod partial_steps;
mod pipeline_stages;
mod selection;
mod sender_profiles;
mod tags;
mod task_restart;
mod tasks;
mod teams;
mod users;
mod validate;
mod webhook_payload;
mod webhooks;

pub use activities::{Activities, CreateActivity};
pub use ai_agents::{AiAgents, CreateAiAgent};
pub use ai_templates::{AiTemplates, CreateAiTemplate, RenderAiTemplate};
pub use api_keys::{ApiKeys, CreatedApiKey};
pub use attachments::Attachments;
pub use automation_enrollment::{AddNewContact, Enrolled, Enrollment, Enrollments};
pub use automation_statistics::{GetNodeStatistics, NodeStatistics};
pub use automation_versions::{AutomationVersions, SaveVersion};
pub use automation_workspaces::AutomationWorkspaces;
pub use automations::{Automations, CopyAutomation, CreateAutomation};
pub use blacklist::{CompanyBlacklist, ContactBlacklist};
pub use bulk::{BulkCompanies, BulkContacts};
pub use bulk_job::{CompaniesJob, ContactsJob};
pub use companies::{Companies, CompaniesByText};
pub use company_create::{CreateCompanies, CreateCompany};
pub use company_update::UpdateCompany;
pub use contact_create::{CreateContacts, Upsert};
pub use contact_metrics::ContactMetrics;
pub use contact_update::UpdateContact;
pub use contacts::{Contacts, Lookup};
pub(crate) use custom_field_names::FieldNames;
pub use custom_fields::{CreateCustomField, CustomFields};
pub use custom_tracking_domains::CustomTrackingDomains;
pub use custom_values::NamedValue;
pub use custom_writes::FieldWrites;
pub use data_sources::{CreateDataSource, DataSources};
pub use download::Download;
pub use email_bodies::EmailBodies;
pub use emails::{Address, Emails, GetLlmThread, SendEmail};
pub use enrichment::{Enrichment, EnrichmentEntry};
pub use file_exports::FileExports;
pub use file_imports::{FileImports, ImportContacts, ImportJob, Imported};
pub use linkedin_browsers::LinkedinBrowsers;
pub use linkedin_conversations::LinkedinConversations;
pub use linkedin_messages::{LinkedinMessages, SendLinkedinMessage};
pub use lists::Lists;
pub use llms::{CreateLlm, Llms};
pub use mailbox_errors::MailboxErrors;
pub use mailboxes::{CreateMailbox, Mailboxes};
pub use notes::Notes;
pub use outbound_requests::OutboundRequests;
pub use pipeline_stages::{CreatePipelineStage, PipelineStages};
pub use selection::{Selection, Subject};
pub use sender_profiles::{CreateSenderProfile, SenderProfiles};
pub use tags::{CreateTag, Tags};
pub use task_restart::RestartFromTop;
pub use tasks::{CreateTask, Tasks};
pub use teams::Teams;
pub use users::Users;
pub use webhook_payload::{WebhookPayload, WebhookSubject};
pub use webhooks::{CreateWebhook, EnsureWebhook, EnsuredWebhook, Webhooks};

use crate::error::{Error, Result};

/// Checks an id that becomes a part of a path: an empty one would reach another operation.
pub(crate) fn check_id(field: &str, id: impl AsRef<str>) -> Result<()> {
    let id = id.as_ref();
    if id.is_empty() {
        return Err(Error::input(field, "the id is empty"));
    }
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(Error::input(field, format!("`{id}` is no id")));
    }
    Ok(())
}

/// Checks a text that must not be blank.
fn check_text(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(Error::input(field, "it is empty")) } else { Ok(()) }
}

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            pub(in crate::resource) client: crate::client::Client,
        }

        impl $name {
            pub(crate) fn new(client: crate::client::Client) -> Self {
                Self { client }
            }
        }
    };
}

/// Methods of a builder that set an optional property of its `body`.
macro_rules! setters {
    ($($(#[$doc:meta])* $method:ident($kind:ty) => $field:ident;)*) => {
        $(
            $(#[$doc])*
            pub fn $method(mut self, value: impl Into<$kind>) -> Self {
                let value: $kind = value.into();
                self.body.$field = Some(value.into());
                self
            }
        )*
    };
}

use handle;
#[allow(unused_imports, reason = "not every resource has builders")]
use setters;
