//! Records of the API.
//!
//! A record has the fields of the API description that this version was generated from. Fields that the API adds later are not
//! in it. To read them, request the raw JSON of a row, which decodes as a record too:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = grinfi_sandbox::Sandbox::start().await?;
//! # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
//! # client.lists().create("Autumn").await?;
//! use futures_util::StreamExt;
//! use grinfi::models::List;
//!
//! let mut pages = client.operation("listLists", &[])?.pages(500, 0, None)?;
//! while let Some(page) = pages.next().await.transpose()? {
//!     for row in page.data {
//!         let list: List = serde_json::from_str(row.get())?;
//!         let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(row.get())?;
//!         println!("{:?} {:?}", list.name, all.get("new_field"));
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Types of requests can be written out as struct literals. To stay compatible with new optional fields, end the literal with
//! `..Default::default()`, or with `..NewCompany::new(…)` where fields are required.

use grinfi_raw::{Aggregated, types};

/// A contact, `lead` on the wire, with the extra fields that the API adds on request: markers, automations, custom fields.
pub type Contact = Aggregated<types::Contact>;
/// A list of contacts.
pub type List = types::List;
/// An automation, `flow` on the wire.
pub type Automation = types::Automation;
/// A LinkedIn message, received or sent.
pub type LinkedinMessage = types::LinkedinMessage;
/// An identity that outreach is sent from.
pub type SenderProfile = types::SenderProfile;
/// The user behind a key.
pub type User = types::User;
/// Fields of a new contact. Set `work_email` and `personal_email`: the API may not store `email`.
pub type NewContact = types::CreateContactFields;
/// Changes to a contact; `None` leaves a field unchanged.
pub type ContactUpdate = types::UpdateContactBody;

/// Changes to an automation; `None` leaves a field unchanged.
pub type AutomationUpdate = types::UpdateAutomationBody;
/// Current state of automations: contacts by state, and queued tasks.
pub type AutomationMetrics = types::GetAutomationMetricsResponseValue;
/// A saved version of an automation, as listed.
pub type AutomationVersion = types::AutomationVersion;
/// A workspace (folder) of automations.
pub type AutomationWorkspace = types::AutomationWorkspace;
/// Changes to a workspace; `None` leaves a field unchanged.
pub type AutomationWorkspaceUpdate = types::UpdateAutomationWorkspaceBody;
/// A step of an automation.
pub type AutomationNode = types::AutomationNode;
/// A link from one step of an automation to another.
pub type NodeEdge = types::NodeEdge;
/// A source of the contacts of an automation.
pub type ContactSource = types::ContactSource;
/// Weekly hours.
pub type Schedule = types::Schedule;
/// Hours of one day in a [`Schedule`].
pub type Timeblock = types::Timeblock;
/// A task: a step of an automation for one contact, or a manually created task.
pub type Task = types::Task;
/// Changes to a sender profile; `None` leaves a field unchanged.
pub type SenderProfileUpdate = types::UpdateSenderProfileBody;
/// A LinkedIn conversation.
pub type LinkedinConversation = types::LinkedinConversation;
/// An email, received or sent, without its text.
pub type Email = types::Email;
/// The text of an email.
pub type EmailBody = types::EmailBody;
/// Response to a sent email: the email and its text.
pub type SentEmail = types::SendEmailResponse;
/// A mailbox.
pub type Mailbox = types::Mailbox;
/// Changes to a mailbox; `None` leaves a field unchanged.
pub type MailboxUpdate = types::UpdateMailboxBody;
/// The servers and credentials of a mailbox.
pub type ConnectionSettings = types::CreateMailboxBodyConnectionSettings;
/// An error of a mailbox.
pub type MailboxError = types::MailboxError;
/// An uploaded file.
pub type Attachment = types::Attachment;
/// An AI agent.
pub type AiAgent = types::AiAgent;
/// Changes to an AI agent; `None` leaves a field unchanged.
pub type AiAgentUpdate = types::UpdateAiAgentBody;
/// An AI template.
pub type AiTemplate = types::AiTemplate;
/// Changes to an AI template; `None` leaves a field unchanged.
pub type AiTemplateUpdate = types::UpdateAiTemplateBody;
/// Texts rendered from a template for one contact.
pub type RenderedTemplate = types::RenderAiTemplateResponse;
/// A cloud browser seat that is logged in to LinkedIn.
pub type LinkedinBrowser = types::LinkedinBrowser;
/// A link that lets its owner log in to LinkedIn in the cloud browser. A secret.
pub type SmartLogin = types::GenerateBrowserAccessKeyResponse;
/// A language model integration. Undocumented.
pub type Llm = types::Llm;
/// Changes to a language model integration; `None` leaves a field unchanged. Undocumented.
pub type LlmUpdate = types::UpdateLlmBody;
/// A domain for the links and the tracking pixel of emails. Undocumented.
pub type CustomTrackingDomain = types::CustomTrackingDomain;
/// A request that the vendor sent to another server. Undocumented.
pub type OutboundRequest = types::OutboundRequest;
/// A webhook.
pub type Webhook = types::Webhook;
/// Changes to a webhook; `None` leaves a field unchanged.
pub type WebhookUpdate = types::UpdateWebhookBody;

/// A team.
pub type Team = types::Team;
/// Requirements for more sender profiles of a team.
pub type TeamLimits = types::CheckTeamLimitsResponse;
/// A tag.
pub type Tag = types::Tag;
/// Changes to a tag; `None` leaves a field unchanged.
pub type TagUpdate = types::UpdateTagBody;
/// A stage of a pipeline.
pub type PipelineStage = types::PipelineStage;
/// Changes to a stage; `None` leaves a field unchanged.
pub type PipelineStageUpdate = types::UpdatePipelineStageBody;
/// A custom field of contacts or of companies.
pub type CustomField = types::CustomField;
/// Changes to a custom field; `None` leaves a field unchanged.
pub type CustomFieldUpdate = types::UpdateCustomFieldBody;
/// The value of a custom field for one contact or company.
pub type CustomFieldValue = types::CustomFieldValue;
/// A note on a contact or a company.
pub type Note = types::Note;
/// An entry of the activity log.
pub type Activity = types::Activity;
/// A contact to block.
pub type BlacklistContact = types::AddContactToBlacklistBody;
/// A blocked contact.
pub type BlacklistedContact = types::ContactBlacklistEntry;
/// A company to block.
pub type BlacklistCompany = types::AddCompanyToBlacklistBody;
/// A blocked company.
pub type BlacklistedCompany = types::CompanyBlacklistEntry;
/// A company, with the extra fields that the API adds on request.
pub type Company = Aggregated<types::Company>;
/// Fields of a new company.
pub type NewCompany = types::CreateCompanyFields;
/// Changes to a company; `None` leaves a field unchanged.
pub type CompanyUpdate = types::UpdateCompanyBody;
/// Key for the lookup of a company; one field is enough.
pub type CompanyLookup = types::CompanyLookup;
/// Numbers of enriched records.
pub type EnrichmentMetrics = types::GetEnrichmentMetricsResponse;
/// A data source.
pub type DataSource = types::DataSource;
/// Changes to a data source; `None` leaves a field unchanged.
pub type DataSourceUpdate = types::UpdateDataSourceBody;
/// Numbers of records that a data source queued, saved and skipped.
pub type DataSourceMetrics = types::GetDataSourceMetricsResponseValue;
/// An uploaded CSV file that can be imported.
pub type FileImport = types::UploadCsvFileResponse;
/// A queued export of contacts.
pub type ContactExport = types::ExportContactsToCsvResponse;
/// A queued export of companies.
pub type CompanyExport = types::ExportCompaniesToCsvResponse;

pub use grinfi_raw::{Nullable, enums, ids};

/// A record with an identity.
pub trait Row {
    /// Returns the id of the record, unique among records of its type; `None` if the record has none.
    fn row_id(&self) -> Option<String>;
}

macro_rules! rows {
    ($($record:ty),*) => {
        $(impl Row for $record {
            fn row_id(&self) -> Option<String> {
                Some(self.uuid.to_string())
            }
        })*
    };
}

rows!(Contact, List, Automation, LinkedinMessage, SenderProfile);
rows!(
    AutomationWorkspace,
    Task,
    LinkedinConversation,
    Email,
    Mailbox,
    Attachment,
    AiAgent,
    AiTemplate,
    Llm,
    CustomTrackingDomain,
    Webhook
);

impl Row for OutboundRequest {
    fn row_id(&self) -> Option<String> {
        self.uuid.clone()
    }
}

impl Row for EmailBody {
    fn row_id(&self) -> Option<String> {
        self.uuid.as_ref().map(ToString::to_string)
    }
}

impl Row for MailboxError {
    fn row_id(&self) -> Option<String> {
        self.uuid.clone()
    }
}

impl Row for LinkedinBrowser {
    fn row_id(&self) -> Option<String> {
        self.id.map(|id| id.to_string())
    }
}
rows!(Tag, PipelineStage, CustomField, Note, Activity, Company, DataSource);

impl Row for Team {
    fn row_id(&self) -> Option<String> {
        self.id.map(|id| id.to_string())
    }
}

impl Row for AutomationVersion {
    fn row_id(&self) -> Option<String> {
        self.uuid.clone()
    }
}

impl Row for BlacklistedContact {
    fn row_id(&self) -> Option<String> {
        self.uuid.clone()
    }
}

impl Row for BlacklistedCompany {
    fn row_id(&self) -> Option<String> {
        self.uuid.clone()
    }
}
