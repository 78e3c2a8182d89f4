//! The records of the API under the names that people use for them.
//!
//! A record has the fields of the description that this version was made from. A later API may send more, and a record leaves
//! those out: keeping them would have every field of every row pass through a map. Nothing of them is lost for who wants them,
//! because each answer is also to be had as the JSON it came as, and the record is read from the same text:
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
//!         println!("{:?} {:?}", list.name, all.get("a_field_of_later"));
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What is sent is made by `new` where something is required, and by its `Default` where nothing is: end a value that is written
//! out with `..Default::default()`, and a field that a later version has breaks nothing.

use grinfi_raw::{Aggregated, types};

/// A contact, `lead` on the wire, with what the API adds to it where it was asked to: markers, automations, custom fields.
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
/// The fields of a contact to be created. Addresses go into `work_email` and `personal_email`: a plain `email` may not be
/// stored.
pub type NewContact = types::CreateContactFields;
/// The changes to a contact; what is `None` stays as it is.
pub type ContactUpdate = types::UpdateContactBody;

/// The changes to an automation; what is `None` stays as it is.
pub type AutomationUpdate = types::UpdateAutomationBody;
/// What the automations hold at the moment: contacts by state, and the queue of tasks.
pub type AutomationMetrics = types::GetAutomationMetricsResponseValue;
/// A saved version of an automation, as it is listed.
pub type AutomationVersion = types::AutomationVersion;
/// A workspace, or folder, that automations are sorted into.
pub type AutomationWorkspace = types::AutomationWorkspace;
/// The changes to a workspace; what is `None` stays as it is.
pub type AutomationWorkspaceUpdate = types::UpdateAutomationWorkspaceBody;
/// A step of an automation.
pub type AutomationNode = types::AutomationNode;
/// A link from one step of an automation to another.
pub type NodeEdge = types::NodeEdge;
/// Where the contacts of an automation come from.
pub type ContactSource = types::ContactSource;
/// Weekly hours.
pub type Schedule = types::Schedule;
/// Hours of one day in a [`Schedule`].
pub type Timeblock = types::Timeblock;
/// A task: a step of an automation for one contact, or one made by hand.
pub type Task = types::Task;
/// The changes to a sender profile; what is `None` stays as it is.
pub type SenderProfileUpdate = types::UpdateSenderProfileBody;
/// A LinkedIn conversation.
pub type LinkedinConversation = types::LinkedinConversation;
/// An email, received or sent, without its text.
pub type Email = types::Email;
/// The text of an email.
pub type EmailBody = types::EmailBody;
/// What the API answers to an email that was sent: the email and its text.
pub type SentEmail = types::SendEmailResponse;
/// A mailbox.
pub type Mailbox = types::Mailbox;
/// The changes to a mailbox; what is `None` stays as it is.
pub type MailboxUpdate = types::UpdateMailboxBody;
/// The servers and credentials of a mailbox.
pub type ConnectionSettings = types::CreateMailboxBodyConnectionSettings;
/// Something that went wrong in a mailbox.
pub type MailboxError = types::MailboxError;
/// An uploaded file.
pub type Attachment = types::Attachment;
/// An AI agent.
pub type AiAgent = types::AiAgent;
/// The changes to an AI agent; what is `None` stays as it is.
pub type AiAgentUpdate = types::UpdateAiAgentBody;
/// An AI template.
pub type AiTemplate = types::AiTemplate;
/// The changes to an AI template; what is `None` stays as it is.
pub type AiTemplateUpdate = types::UpdateAiTemplateBody;
/// The texts that a template came to for one contact.
pub type RenderedTemplate = types::RenderAiTemplateResponse;
/// A cloud browser seat that is logged in to LinkedIn.
pub type LinkedinBrowser = types::LinkedinBrowser;
/// A link through which the owner logs in to LinkedIn in the cloud browser. A secret.
pub type SmartLogin = types::GenerateBrowserAccessKeyResponse;
/// A language model integration. Undocumented.
pub type Llm = types::Llm;
/// The changes to a language model integration; what is `None` stays as it is. Undocumented.
pub type LlmUpdate = types::UpdateLlmBody;
/// A domain that links and the tracking pixel of emails lead through. Undocumented.
pub type CustomTrackingDomain = types::CustomTrackingDomain;
/// A request that the vendor made to another server. Undocumented.
pub type OutboundRequest = types::OutboundRequest;
/// A webhook.
pub type Webhook = types::Webhook;
/// The changes to a webhook; what is `None` stays as it is.
pub type WebhookUpdate = types::UpdateWebhookBody;

/// A team.
pub type Team = types::Team;
/// What it would take for a team to have more sender profiles.
pub type TeamLimits = types::CheckTeamLimitsResponse;
/// A tag.
pub type Tag = types::Tag;
/// The changes to a tag; what is `None` stays as it is.
pub type TagUpdate = types::UpdateTagBody;
/// A stage of a pipeline.
pub type PipelineStage = types::PipelineStage;
/// The changes to a stage; what is `None` stays as it is.
pub type PipelineStageUpdate = types::UpdatePipelineStageBody;
/// A custom field of contacts or of companies.
pub type CustomField = types::CustomField;
/// The changes to a custom field; what is `None` stays as it is.
pub type CustomFieldUpdate = types::UpdateCustomFieldBody;
/// The value of a custom field for one contact or company.
pub type CustomFieldValue = types::CustomFieldValue;
/// A note on a contact or a company.
pub type Note = types::Note;
/// An entry of the activity log.
pub type Activity = types::Activity;
/// A contact to be blocked.
pub type BlacklistContact = types::AddContactToBlacklistBody;
/// A contact that is blocked.
pub type BlacklistedContact = types::ContactBlacklistEntry;
/// A company to be blocked.
pub type BlacklistCompany = types::AddCompanyToBlacklistBody;
/// A company that is blocked.
pub type BlacklistedCompany = types::CompanyBlacklistEntry;
/// A company, with what the API adds to it where it was asked to.
pub type Company = Aggregated<types::Company>;
/// The fields of a company to be created.
pub type NewCompany = types::CreateCompanyFields;
/// The changes to a company; what is `None` stays as it is.
pub type CompanyUpdate = types::UpdateCompanyBody;
/// By what a company is looked up; one field is enough.
pub type CompanyLookup = types::CompanyLookup;
/// How much was enriched.
pub type EnrichmentMetrics = types::GetEnrichmentMetricsResponse;
/// A data source.
pub type DataSource = types::DataSource;
/// The changes to a data source; what is `None` stays as it is.
pub type DataSourceUpdate = types::UpdateDataSourceBody;
/// How many records a data source queued, saved and left out.
pub type DataSourceMetrics = types::GetDataSourceMetricsResponseValue;
/// An uploaded CSV file that can be imported.
pub type FileImport = types::UploadCsvFileResponse;
/// A queued export of contacts.
pub type ContactExport = types::ExportContactsToCsvResponse;
/// A queued export of companies.
pub type CompanyExport = types::ExportCompaniesToCsvResponse;

pub use grinfi_raw::{Nullable, enums, ids};

/// A record that can be told from another.
pub trait Row {
    /// What tells the record from others of its kind; `None` if it came without.
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
