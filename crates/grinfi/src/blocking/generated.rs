// Generated from the resources of the async client. Run `cargo xtask generate` to change it.

/// Blocking client of [`activities`](crate::activities).
pub mod activities {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::ErrorKind;
    /// The activity log of contacts and companies: stages changed, messages sent, replies received.
    #[derive(Debug, Clone)]
    pub struct Activities {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::activities::Activities,
    }
    impl Activities {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::activities::Activities,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new activity. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateActivity {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::activities::CreateActivity,
    }
    impl CreateActivity {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::activities::CreateActivity,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::activities::Activities {
        /// Lists the activities (`listActivities`) in the order of the API. Another order is rejected here, because the API
        /// hangs on it. The filter is sent as one JSON text, since the API ignores plain parameters such as `?type=…`; a
        /// filter by contact also sends `object=lead`.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::activities::Activities> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Logs an activity of a contact or a company (`createActivity`). Returns a builder, whose `send` sends the request.
        /// It only writes the log: an activity of type `email_sent` sends no email.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a blank type; [`Error::is_unknown_outcome`] if the response was lost.
        pub fn create(
            &self,
            target: impl Into<crate::resources::selection::Target>,
            kind: impl Into<String>,
        ) -> crate::blocking::activities::CreateActivity {
            <crate::blocking::activities::CreateActivity>::new(
                &self.client,
                self.inner.create(target, kind),
            )
        }
        /// Returns whether a contact is connected on LinkedIn with one of the sender profiles (`listActivities`), that is,
        /// whether it has an activity of type `linkedin_connection_request_accepted`. The payload of that activity names
        /// the sender profile.
        ///
        /// # Errors
        ///
        /// [`ErrorKind::Listing`] if the API returns activities that do not match the filter. The result would then be
        /// unreliable.
        pub fn is_connected(
            &self,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<bool> {
            self.client.wait(self.inner.is_connected(contact_uuid))
        }
    }
    impl crate::blocking::Client {
        /// The activity log of contacts and companies.
        #[must_use]
        pub fn activities(&self) -> crate::blocking::activities::Activities {
            <crate::blocking::activities::Activities>::new(
                self,
                self.asynchronous().activities(),
            )
        }
    }
    impl crate::blocking::activities::CreateActivity {
        /// Adds a field to the payload.
        pub fn detail(
            self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.detail(name, value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::activities::CreateActivity {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Activity> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`ai_agents`](crate::ai_agents).
pub mod ai_agents {
    /// AI agents, which classify the replies of contacts.
    #[derive(Debug, Clone)]
    pub struct AiAgents {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::ai_agents::AiAgents,
    }
    impl AiAgents {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::ai_agents::AiAgents,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new AI agent. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateAiAgent {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::ai_agents::CreateAiAgent,
    }
    impl CreateAiAgent {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::ai_agents::CreateAiAgent,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::ai_agents::AiAgents {
        /// Lists the agents (`listAiAgents`). They support neither a filter nor an order.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::ai_agents::AiAgents> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets an agent (`getAiAgent`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::AiAgentId>,
        ) -> crate::error::Result<crate::models::AiAgent> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates an agent (`createAiAgent`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
        /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            name: impl Into<String>,
        ) -> crate::blocking::ai_agents::CreateAiAgent {
            <crate::blocking::ai_agents::CreateAiAgent>::new(
                &self.client,
                self.inner.create(name),
            )
        }
        /// Changes an agent (`updateAiAgent`). Fields that are `None` stay unchanged.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::AiAgentId>,
            changes: &crate::models::AiAgentUpdate,
        ) -> crate::error::Result<crate::models::AiAgent> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes an agent (`deleteAiAgent`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::AiAgentId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
    }
    impl crate::blocking::Client {
        /// AI agents, which classify the replies of contacts.
        #[must_use]
        pub fn ai_agents(&self) -> crate::blocking::ai_agents::AiAgents {
            <crate::blocking::ai_agents::AiAgents>::new(
                self,
                self.asynchronous().ai_agents(),
            )
        }
    }
    impl crate::blocking::ai_agents::CreateAiAgent {
        /// Sets the description.
        pub fn description(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.description(value),
                client: self.client,
            }
        }
        /// Sets the URL of the picture.
        pub fn avatar_url(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.avatar_url(value),
                client: self.client,
            }
        }
        /// Sets the language model, by the id of its integration.
        pub fn llm(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.llm(value),
                client: self.client,
            }
        }
        /// Sets the instructions for the language model.
        pub fn prompt(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.prompt(value),
                client: self.client,
            }
        }
        /// Sets the configuration of the language model.
        pub fn llm_config(
            self,
            config: serde_json::Map<String, serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.llm_config(config),
                client: self.client,
            }
        }
    }
    impl crate::blocking::ai_agents::CreateAiAgent {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::AiAgent> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`ai_templates`](crate::ai_templates).
pub mod ai_templates {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// AI templates: fixed texts with variables, instructions for a language model, or both.
    ///
    /// Texts support `{{variable}}`, `{{ "a|b" | spintax }}` and `{% if %}`. An unknown variable renders as an empty
    /// text without an error, so [`render`](Self::render) a template before using it.
    #[derive(Debug, Clone)]
    pub struct AiTemplates {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::ai_templates::AiTemplates,
    }
    impl AiTemplates {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::ai_templates::AiTemplates,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new template. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateAiTemplate {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::ai_templates::CreateAiTemplate,
    }
    impl CreateAiTemplate {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::ai_templates::CreateAiTemplate,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new template. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct RenderAiTemplate {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::ai_templates::RenderAiTemplate,
    }
    impl RenderAiTemplate {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::ai_templates::RenderAiTemplate,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::ai_templates::AiTemplates {
        /// Lists the templates (`listAiTemplates`), including deleted ones. They support neither a filter nor an order.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::ai_templates::AiTemplates> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a template (`getAiTemplate`), even a deleted one.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::AiTemplateId>,
        ) -> crate::error::Result<crate::models::AiTemplate> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates a template (`createAiTemplate`), visible to the whole team if it is public. `is_public` is required,
        /// because the API returns 500 without it. Returns a builder, whose `send` sends the request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a blank name; [`Error::is_validation`] if the API rejects it;
        /// [`Error::is_unknown_outcome`] if the response was lost.
        pub fn create(
            &self,
            name: impl Into<String>,
            kind: grinfi_raw::enums::AiTemplateType,
            is_public: bool,
        ) -> crate::blocking::ai_templates::CreateAiTemplate {
            <crate::blocking::ai_templates::CreateAiTemplate>::new(
                &self.client,
                self.inner.create(name, kind, is_public),
            )
        }
        /// Changes a template (`updateAiTemplate`). Fields that are `None` stay unchanged.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::AiTemplateId>,
            changes: &crate::models::AiTemplateUpdate,
        ) -> crate::error::Result<crate::models::AiTemplate> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a template (`deleteAiTemplate`). `get` and `list` still return it afterwards, without a mark.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::AiTemplateId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Renders a template for a contact and a sender profile (`renderAiTemplate`): a saved one, set by
        /// [`template`](RenderAiTemplate::template), or a text or instructions set on the builder. Nothing is sent to the
        /// contact.
        ///
        /// A successful response may contain a `handling_error`.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if there is nothing to render; [`Error::is_validation`] if the API rejects it.
        pub fn render(
            &self,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
        ) -> crate::blocking::ai_templates::RenderAiTemplate {
            <crate::blocking::ai_templates::RenderAiTemplate>::new(
                &self.client,
                self.inner.render(contact_uuid, sender_profile_uuid),
            )
        }
    }
    impl crate::blocking::Client {
        /// AI templates.
        #[must_use]
        pub fn ai_templates(&self) -> crate::blocking::ai_templates::AiTemplates {
            <crate::blocking::ai_templates::AiTemplates>::new(
                self,
                self.asynchronous().ai_templates(),
            )
        }
    }
    impl crate::blocking::ai_templates::CreateAiTemplate {
        /// Sets the subject, for emails.
        pub fn subject(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.subject(value),
                client: self.client,
            }
        }
        /// Sets the text, with variables.
        pub fn body(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.body(value),
                client: self.client,
            }
        }
        /// Sets the instructions for the language model.
        pub fn prompt(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.prompt(value),
                client: self.client,
            }
        }
        /// Sets the language model, by the id of its integration.
        pub fn llm(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.llm(value),
                client: self.client,
            }
        }
        /// Sets the configuration of the language model.
        pub fn llm_config(
            self,
            value: impl Into<serde_json::Map<String, serde_json::Value>>,
        ) -> Self {
            Self {
                inner: self.inner.llm_config(value),
                client: self.client,
            }
        }
        /// Sets whether the texts of the language model are checked.
        pub fn validation(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.validation(value),
                client: self.client,
            }
        }
        /// Sets whether there is a fallback text.
        pub fn fallback(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.fallback(value),
                client: self.client,
            }
        }
        /// Sets further settings.
        pub fn settings(
            self,
            settings: serde_json::Map<String, serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.settings(settings),
                client: self.client,
            }
        }
    }
    impl crate::blocking::ai_templates::CreateAiTemplate {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::AiTemplate> {
            self.client.wait(self.inner)
        }
    }
    impl crate::blocking::ai_templates::RenderAiTemplate {
        /// Sets the saved template to render.
        pub fn template(self, value: impl Into<grinfi_raw::ids::AiTemplateId>) -> Self {
            Self {
                inner: self.inner.template(value),
                client: self.client,
            }
        }
        /// Sets the subject.
        pub fn subject(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.subject(value),
                client: self.client,
            }
        }
        /// Sets the text, with variables.
        pub fn body(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.body(value),
                client: self.client,
            }
        }
        /// Sets the instructions for the language model.
        pub fn prompt(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.prompt(value),
                client: self.client,
            }
        }
        /// Sets the language model, by the id of its integration.
        pub fn llm(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.llm(value),
                client: self.client,
            }
        }
        /// Sets whether the text of the language model is checked.
        pub fn validation(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.validation(value),
                client: self.client,
            }
        }
        /// Sets whether there is a fallback text.
        pub fn fallback(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.fallback(value),
                client: self.client,
            }
        }
        /// Sets the purpose of the text.
        pub fn type_(self, type_: grinfi_raw::enums::AiTemplateType) -> Self {
            Self {
                inner: self.inner.type_(type_),
                client: self.client,
            }
        }
        /// Sets the configuration of the language model.
        pub fn llm_config(
            self,
            config: serde_json::Map<String, serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.llm_config(config),
                client: self.client,
            }
        }
        /// Sets further settings.
        pub fn settings(
            self,
            settings: serde_json::Map<String, serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.settings(settings),
                client: self.client,
            }
        }
    }
    impl crate::blocking::ai_templates::RenderAiTemplate {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::RenderedTemplate> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`api_keys`](crate::api_keys).
pub mod api_keys {
    /// API keys. They can be created, but neither listed nor revoked.
    #[derive(Debug, Clone)]
    pub struct ApiKeys {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::api_keys::ApiKeys,
    }
    impl ApiKeys {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::api_keys::ApiKeys,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::api_keys::ApiKeys {
        /// Creates a key for the team of the current key (`createApiKey`), valid for three years.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost: a key may then exist
        /// whose token is lost.
        pub fn create(
            &self,
            name: &str,
        ) -> crate::error::Result<crate::resources::api_keys::CreatedApiKey> {
            self.client.wait(self.inner.create(name))
        }
    }
    impl crate::blocking::Client {
        /// API keys.
        #[must_use]
        pub fn api_keys(&self) -> crate::blocking::api_keys::ApiKeys {
            <crate::blocking::api_keys::ApiKeys>::new(
                self,
                self.asynchronous().api_keys(),
            )
        }
    }
}
/// Blocking client of [`attachments`](crate::attachments).
pub mod attachments {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Files that are sent with messages. Upload a file once, then attach it by its id.
    #[derive(Debug, Clone)]
    pub struct Attachments {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::attachments::Attachments,
    }
    impl Attachments {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::attachments::Attachments,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::attachments::Attachments {
        /// Lists the files (`listAttachments`). They support no filter.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::attachments::Attachments> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets the metadata of a file (`getAttachment`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::AttachmentId>,
        ) -> crate::error::Result<crate::models::Attachment> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Deletes a file (`deleteAttachment`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::AttachmentId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Uploads a file from memory (`uploadAttachment`): its name with the extension, its media type such as
        /// `image/png`, and its contents. Uploading sends nothing to contacts.
        ///
        /// # Errors
        ///
        /// As [`upload_from`](Self::upload_from).
        pub fn upload(
            &self,
            name: &str,
            media_type: &str,
            contents: impl Into<bytes::Bytes>,
        ) -> crate::error::Result<crate::models::Attachment> {
            self.client.wait(self.inner.upload(name, media_type, contents))
        }
        /// Uploads a file from disk (`uploadAttachment`), with the media type of its extension. The file is read while it
        /// is sent.
        ///
        /// # Errors
        ///
        /// As [`upload_from`](Self::upload_from).
        pub fn upload_file(
            &self,
            path: impl AsRef<std::path::Path>,
        ) -> crate::error::Result<crate::models::Attachment> {
            self.client.wait(self.inner.upload_file(path))
        }
        /// Uploads a file from memory, from disk or from a stream (`uploadAttachment`). Uploading sends nothing to
        /// contacts.
        ///
        /// The API requires the size and the media type: a stream needs a length, and the media type is derived from the
        /// extension of the name unless it is given. The API documents no maximum size.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`], before anything is sent, for a blank name, an invalid media type, an unknown
        /// extension, an empty or unreadable file and a stream without a length; also if the size of the file changed while
        /// it was sent, in which case the API has not stored it. [`Error::is_validation`] if the API rejects it;
        /// [`Error::is_unknown_outcome`] if the response was lost.
        pub fn upload_from(
            &self,
            upload: crate::upload::Upload,
        ) -> crate::error::Result<crate::models::Attachment> {
            self.client.wait(self.inner.upload_from(upload))
        }
    }
    impl crate::blocking::Client {
        /// Files that are sent with messages.
        #[must_use]
        pub fn attachments(&self) -> crate::blocking::attachments::Attachments {
            <crate::blocking::attachments::Attachments>::new(
                self,
                self.asynchronous().attachments(),
            )
        }
    }
}
/// Blocking client of [`automation_versions`](crate::automation_versions).
pub mod automation_versions {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Versions of automations: the graph of steps and the sources of contacts.
    ///
    /// An automation in three calls. Once started, it sends messages from its sender profiles:
    #[derive(Debug, Clone)]
    pub struct AutomationVersions {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automation_versions::AutomationVersions,
    }
    impl AutomationVersions {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automation_versions::AutomationVersions,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new version. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct SaveVersion {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automation_versions::SaveVersion,
    }
    impl SaveVersion {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automation_versions::SaveVersion,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::automation_versions::AutomationVersions {
        /// Lists all versions of an automation (`listFlowVersions`), without pages.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if there is no such automation.
        pub fn list(
            &self,
            automation_uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<Vec<crate::models::AutomationVersion>> {
            self.client.wait(self.inner.list(automation_uuid))
        }
        /// Gets a version (`getFlowVersion`). Its format is not described, so it is returned as JSON; an empty payload of a
        /// step is `[]`.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationVersionId>,
        ) -> crate::error::Result<serde_json::Map<String, serde_json::Value>> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Saves a new version of an automation (`createFlowVersion`). The response is not described, so it is returned as
        /// JSON. Returns a builder, whose `send` sends the request.
        ///
        /// Required fields with only one sensible value are filled in: `created_at` and `updated_at` with the current time,
        /// `automation` with its only value. The graph is validated before it is sent, for errors that the API rejects and
        /// for those that it accepts but that the web editor cannot open: no steps or no sources, a duplicate number, a
        /// link to a missing step or one that only one side names, a branch that leads to two steps, does not end in an
        /// `end` step or is missing (1 and 0 of `rule_filter`; 1 and 2 of an A/B test, of triggers and of the search for an
        /// email), a source without its entry step, branches that merge without a
        /// [`first_common_node`](SaveVersion::first_common_node), and A/B shares that do not sum to 100.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for these, with the step; [`Error::is_validation`] for other errors that the API
        /// finds; [`Error::is_unknown_outcome`] if the response was lost.
        pub fn save(
            &self,
            automation_uuid: impl Into<grinfi_raw::ids::AutomationId>,
            nodes: impl IntoIterator<Item = crate::models::AutomationNode>,
            contact_sources: impl IntoIterator<Item = crate::models::ContactSource>,
        ) -> crate::blocking::automation_versions::SaveVersion {
            <crate::blocking::automation_versions::SaveVersion>::new(
                &self.client,
                self.inner.save(automation_uuid, nodes, contact_sources),
            )
        }
        /// Deletes a version (`deleteFlowVersion`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationVersionId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Validates one step without saving it (`validateFlowNode`).
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`] with the details if it is not valid.
        pub fn validate_node(
            &self,
            node: &crate::models::AutomationNode,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.validate_node(node))
        }
        /// Validates one source of contacts without saving it (`validateContactSource`): its number, its type such as
        /// `manual`, and the options of the type.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`] with the details if it is not valid.
        pub fn validate_contact_source(
            &self,
            id: i64,
            kind: &str,
            options: serde_json::Map<String, serde_json::Value>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.validate_contact_source(id, kind, options))
        }
    }
    impl crate::blocking::Client {
        /// Versions of automations.
        #[must_use]
        pub fn automation_versions(
            &self,
        ) -> crate::blocking::automation_versions::AutomationVersions {
            <crate::blocking::automation_versions::AutomationVersions>::new(
                self,
                self.asynchronous().automation_versions(),
            )
        }
    }
    impl crate::blocking::automation_versions::SaveVersion {
        /// Sets the step where the branches merge. Without it the graph counts as linear.
        pub fn first_common_node(self, id: i64) -> Self {
            Self {
                inner: self.inner.first_common_node(id),
                client: self.client,
            }
        }
    }
    impl crate::blocking::automation_versions::SaveVersion {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`automation_workspaces`](crate::automation_workspaces).
pub mod automation_workspaces {
    /// Workspaces, or folders, that group automations.
    #[derive(Debug, Clone)]
    pub struct AutomationWorkspaces {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automation_workspaces::AutomationWorkspaces,
    }
    impl AutomationWorkspaces {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automation_workspaces::AutomationWorkspaces,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::automation_workspaces::AutomationWorkspaces {
        /// Lists all workspaces (`listFlowWorkspaces`). The API documents no pages here but returns them; this reads all of
        /// them.
        ///
        /// # Errors
        ///
        /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API reports more rows than it returns.
        pub fn list(
            &self,
        ) -> crate::error::Result<Vec<crate::models::AutomationWorkspace>> {
            self.client.wait(self.inner.list())
        }
        /// Creates a workspace (`createFlowWorkspace`), at a position or at the end.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            name: &str,
            order: Option<i64>,
        ) -> crate::error::Result<crate::models::AutomationWorkspace> {
            self.client.wait(self.inner.create(name, order))
        }
        /// Changes a workspace (`updateFlowWorkspace`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationWorkspaceId>,
            changes: &crate::models::AutomationWorkspaceUpdate,
        ) -> crate::error::Result<crate::models::AutomationWorkspace> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a workspace (`deleteFlowWorkspace`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationWorkspaceId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Workspaces that group automations.
        #[must_use]
        pub fn automation_workspaces(
            &self,
        ) -> crate::blocking::automation_workspaces::AutomationWorkspaces {
            <crate::blocking::automation_workspaces::AutomationWorkspaces>::new(
                self,
                self.asynchronous().automation_workspaces(),
            )
        }
    }
}
/// Blocking client of [`automations`](crate::automations).
pub mod automations {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Builder for the enrollment of a new contact. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct AddNewContact {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automations::enrollment::AddNewContact,
    }
    impl AddNewContact {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automations::enrollment::AddNewContact,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::automations::Automations {
        /// Lists the contacts in automations (`listFlowLeads`), by [`filter::enrollment`](crate::filter::enrollment).
        pub fn enrollments(
            &self,
        ) -> crate::blocking::Listing<
            crate::resources::automations::enrollment::Enrollments,
        > {
            crate::blocking::Listing::new(&self.client, self.inner.enrollments())
        }
        /// Creates a contact, or finds the existing one, and enrolls it (`addNewLeadToFlow`). A running automation can send
        /// to the contact at once. Returns a builder, whose `send` sends the request.
        ///
        /// The API also returns 200, with a reason, if the contact was not enrolled. The contact needs a `linkedin_id`: a
        /// nickname, a profile URL or a member id.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without a `linkedin_id`; [`Error::is_validation`] if the API rejects the contact;
        /// [`Error::is_unknown_outcome`] if the response was lost.
        pub fn add_new_contact(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
            list_uuid: impl Into<grinfi_raw::ids::ListId>,
            contact: crate::models::NewContact,
        ) -> crate::blocking::automations::AddNewContact {
            <crate::blocking::automations::AddNewContact>::new(
                &self.client,
                self.inner.add_new_contact(uuid, list_uuid, contact),
            )
        }
        /// Removes a contact from some automations (`cancelLeadFromFlows`), for example after a reply. Its history is kept.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without automations, which would not mean all of them.
        pub fn cancel_contact(
            &self,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
            automation_uuids: impl IntoIterator<
                Item = impl Into<grinfi_raw::ids::AutomationId>,
            >,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.cancel_contact(contact_uuid, automation_uuids))
        }
        /// Removes a contact from all its automations (`cancelLeadFromAllFlows`). Its history is kept.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the contact does not exist.
        pub fn cancel_contact_from_all(
            &self,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.cancel_contact_from_all(contact_uuid))
        }
        /// Deletes the history of a contact in all automations (`deleteFlowLeadHistory`).
        /// [`cancel_contact`](Self::cancel_contact) removes the contact and keeps the history.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the contact does not exist.
        pub fn delete_contact_history(
            &self,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete_contact_history(contact_uuid))
        }
    }
    impl crate::blocking::automations::AddNewContact {
        /// Sets the value of a custom field, by its name. Can be called several times. Unknown names are rejected, as in an
        /// [upsert](crate::contacts::Upsert::custom_field).
        pub fn custom_field(
            self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.custom_field(name, value),
                client: self.client,
            }
        }
        /// Sets whether an existing contact is updated. The API's default is yes.
        pub fn update_if_exists(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.update_if_exists(value),
                client: self.client,
            }
        }
        /// Sets whether an existing contact moves to the list. The API's default is no.
        pub fn move_to_list(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.move_to_list(value),
                client: self.client,
            }
        }
        /// Sets whether an existing contact is skipped.
        pub fn skip_if_exists(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.skip_if_exists(value),
                client: self.client,
            }
        }
        /// Sets the segment of the automation. The API's default is 1.
        pub fn segment(self, value: impl Into<i64>) -> Self {
            Self {
                inner: self.inner.segment(value),
                client: self.client,
            }
        }
        /// Sets the contact source. Undocumented: taken from a related product.
        pub fn contact_source(self, value: impl Into<i64>) -> Self {
            Self {
                inner: self.inner.contact_source(value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::automations::AddNewContact {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(
            self,
        ) -> crate::error::Result<crate::resources::automations::enrollment::Enrolled> {
            self.client.wait(self.inner)
        }
    }
    /// Builder for a request of step statistics. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct GetNodeStatistics {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automations::statistics::GetNodeStatistics,
    }
    impl GetNodeStatistics {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automations::statistics::GetNodeStatistics,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::automations::Automations {
        /// Counts the contacts and the queued tasks of several automations (`getFlowMetrics`).
        ///
        /// `task_counts` counts queued tasks, not sent messages. [`Tasks::group_counts`](crate::tasks::Tasks::group_counts)
        /// and [`node_statistics`](Self::node_statistics) count those.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without ids.
        pub fn metrics(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::AutomationId>>,
        ) -> crate::error::Result<
            std::collections::BTreeMap<
                grinfi_raw::ids::AutomationId,
                crate::models::AutomationMetrics,
            >,
        > {
            self.client.wait(self.inner.metrics(uuids))
        }
        /// Counts the tasks of each step by status, and the events that followed (`getFlowNodeStatistics`): the funnel of
        /// an automation. The ids are those of the steps in the version. Returns a builder, whose `send` sends the request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without ids; [`Error::is_validation`] if the API rejects one.
        pub fn node_statistics(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
            node_ids: impl IntoIterator<Item = i64>,
        ) -> crate::blocking::automations::GetNodeStatistics {
            <crate::blocking::automations::GetNodeStatistics>::new(
                &self.client,
                self.inner.node_statistics(uuid, node_ids),
            )
        }
        /// Counts the contacts of each source by status, origin and events (`getFlowContactSourceStatistics`). The counts
        /// are not described, so they are returned as JSON.
        ///
        /// # Errors
        ///
        /// As [`node_statistics`](Self::node_statistics).
        pub fn contact_source_statistics(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
            contact_source_ids: impl IntoIterator<Item = i64>,
        ) -> crate::error::Result<
            std::collections::BTreeMap<i64, serde_json::Map<String, serde_json::Value>>,
        > {
            self.client
                .wait(self.inner.contact_source_statistics(uuid, contact_source_ids))
        }
    }
    impl crate::blocking::automations::GetNodeStatistics {
        /// Sets a filter, as JSON in the API's format.
        pub fn filter(self, filter: serde_json::Map<String, serde_json::Value>) -> Self {
            Self {
                inner: self.inner.filter(filter),
                client: self.client,
            }
        }
    }
    impl crate::blocking::automations::GetNodeStatistics {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(
            self,
        ) -> crate::error::Result<
            std::collections::BTreeMap<
                i64,
                crate::resources::automations::statistics::NodeStatistics,
            >,
        > {
            self.client.wait(self.inner)
        }
    }
    /// Automations, `flows` on the wire: graphs of steps that contacts pass through.
    #[derive(Debug, Clone)]
    pub struct Automations {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automations::Automations,
    }
    impl Automations {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automations::Automations,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new automation. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateAutomation {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automations::CreateAutomation,
    }
    impl CreateAutomation {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automations::CreateAutomation,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new copy of an automation. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CopyAutomation {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::automations::CopyAutomation,
    }
    impl CopyAutomation {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::automations::CopyAutomation,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::automations::Automations {
        /// Lists the automations (`listFlows`).
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::automations::Automations> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets an automation (`getFlow`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates an automation (`createFlow`): a draft without steps, which sends nothing. Save a version of it next
        /// ([`AutomationVersions::save`](crate::automation_versions::AutomationVersions::save)), then
        /// [`start`](Self::start) it. Returns a builder, whose `send` sends the request.
        ///
        /// The API requires the schedule even if the schedules of the sender profiles are used.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name or invalid hours;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            name: impl Into<String>,
            schedule: crate::models::Schedule,
        ) -> crate::blocking::automations::CreateAutomation {
            <crate::blocking::automations::CreateAutomation>::new(
                &self.client,
                self.inner.create(name, schedule),
            )
        }
        /// Changes the name, the description or the schedule of an automation (`updateFlow`). Save a version to change its
        /// steps; `start`, `stop` and `archive` change its status.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
            changes: &crate::models::AutomationUpdate,
        ) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes an automation (`deleteFlow`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Copies an automation under a new name (`cloneFlow`). Returns a builder, whose `send` sends the request.
        ///
        /// # Errors
        ///
        /// As [`create`](Self::create), and [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn copy(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
            name: impl Into<String>,
        ) -> crate::blocking::automations::CopyAutomation {
            <crate::blocking::automations::CopyAutomation>::new(
                &self.client,
                self.inner.copy(uuid, name),
            )
        }
        /// Archives an automation (`archiveFlow`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn archive(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner.archive(uuid))
        }
        /// Restores an automation from the archive (`unarchiveFlow`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn unarchive(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner.unarchive(uuid))
        }
        /// Starts an automation (`startFlow`). It then sends messages from its sender profiles.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`](crate::Error::is_validation) if it cannot start, for example without a saved version.
        pub fn start(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner.start(uuid))
        }
        /// Stops an automation (`stopFlow`). Nothing is sent until it is started again.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn stop(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner.stop(uuid))
        }
        /// Enrolls an existing contact (`addLeadToFlow`). A running automation can send to the contact at once.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if there is no such automation or contact;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn add_contact(
            &self,
            uuid: impl Into<grinfi_raw::ids::AutomationId>,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.add_contact(uuid, contact_uuid))
        }
    }
    impl crate::blocking::Client {
        /// Automations, `flows` on the wire.
        #[must_use]
        pub fn automations(&self) -> crate::blocking::automations::Automations {
            <crate::blocking::automations::Automations>::new(
                self,
                self.asynchronous().automations(),
            )
        }
    }
    impl crate::blocking::automations::CreateAutomation {
        /// Sets the description.
        pub fn description(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.description(value),
                client: self.client,
            }
        }
        /// Sets the priority.
        pub fn priority(self, value: impl Into<i64>) -> Self {
            Self {
                inner: self.inner.priority(value),
                client: self.client,
            }
        }
        /// Sets whether it is public.
        pub fn public(self, value: impl Into<bool>) -> Self {
            Self {
                inner: self.inner.public(value),
                client: self.client,
            }
        }
        /// Sets whether each sender profile's own schedule is used instead.
        pub fn use_sender_schedule(self, own: bool) -> Self {
            Self {
                inner: self.inner.use_sender_schedule(own),
                client: self.client,
            }
        }
        /// Sets the workspace.
        pub fn workspace(
            self,
            uuid: impl Into<grinfi_raw::ids::AutomationWorkspaceId>,
        ) -> Self {
            Self {
                inner: self.inner.workspace(uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::automations::CreateAutomation {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner)
        }
    }
    impl crate::blocking::automations::CopyAutomation {
        /// Sets the workspace of the copy.
        pub fn workspace(
            self,
            value: impl Into<grinfi_raw::ids::AutomationWorkspaceId>,
        ) -> Self {
            Self {
                inner: self.inner.workspace(value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::automations::CopyAutomation {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Automation> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`blacklist`](crate::blacklist).
pub mod blacklist {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Blocked contacts. Data sources skip them.
    #[derive(Debug, Clone)]
    pub struct ContactBlacklist {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::blacklist::ContactBlacklist,
    }
    impl ContactBlacklist {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::blacklist::ContactBlacklist,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Blocked companies. Data sources skip them.
    #[derive(Debug, Clone)]
    pub struct CompanyBlacklist {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::blacklist::CompanyBlacklist,
    }
    impl CompanyBlacklist {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::blacklist::CompanyBlacklist,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::blacklist::ContactBlacklist {
        /// Lists the entries (`listLeadsBlacklist`). The API supports neither a filter nor an order here.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::blacklist::ContactBlacklist> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Adds a contact (`addLeadToBlacklist`), identified by its LinkedIn nickname, its email or its name. A company
        /// name narrows a name and is not sufficient alone.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without any of the three and for an invalid LinkedIn name; [`Error::is_validation`]
        /// if the API rejects it.
        pub fn add(
            &self,
            contact: &crate::models::BlacklistContact,
        ) -> crate::error::Result<crate::models::BlacklistedContact> {
            self.client.wait(self.inner.add(contact))
        }
        /// Removes an entry (`deleteLeadBlacklistEntry`). `uuid` is the id of the entry, not of a contact.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(&self, uuid: &str) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
    }
    impl crate::blocking::blacklist::CompanyBlacklist {
        /// Lists the entries (`listCompaniesBlacklist`). The API supports neither a filter nor an order here.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::blacklist::CompanyBlacklist> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Adds a company (`addCompanyToBlacklist`), identified by its LinkedIn nickname, its domain or its name.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without any of the three and for an invalid LinkedIn name; [`Error::is_validation`]
        /// if the API rejects it.
        pub fn add(
            &self,
            company: &crate::models::BlacklistCompany,
        ) -> crate::error::Result<crate::models::BlacklistedCompany> {
            self.client.wait(self.inner.add(company))
        }
        /// Removes an entry (`deleteCompanyBlacklistEntry`). `uuid` is the id of the entry, not of a company.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(&self, uuid: &str) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Blocked contacts.
        #[must_use]
        pub fn contact_blacklist(&self) -> crate::blocking::blacklist::ContactBlacklist {
            <crate::blocking::blacklist::ContactBlacklist>::new(
                self,
                self.asynchronous().contact_blacklist(),
            )
        }
        /// Blocked companies.
        #[must_use]
        pub fn company_blacklist(&self) -> crate::blocking::blacklist::CompanyBlacklist {
            <crate::blocking::blacklist::CompanyBlacklist>::new(
                self,
                self.asynchronous().company_blacklist(),
            )
        }
    }
}
/// Blocking client of [`bulk`](crate::bulk).
pub mod bulk {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::resources::selection::Selection;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::wait;
    /// A bulk action that the API accepted. Dropping it without waiting does not cancel the action.
    #[derive(Debug)]
    pub struct BulkJob<R: crate::resources::bulk::operations::BulkOperations> {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::bulk::job::BulkJob<R>,
    }
    impl<R: crate::resources::bulk::operations::BulkOperations> BulkJob<R> {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::bulk::job::BulkJob<R>,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl<
        R: crate::resources::bulk::operations::BulkOperations,
    > crate::blocking::bulk::BulkJob<R> {
        /// Waits until the action has reached every selected record. Each check sends two counts (`countContacts`,
        /// `searchCompanies`).
        ///
        /// Counts may lag behind the records. Waiting therefore ends only when all selected ids are counted. If the very first
        /// count finds nothing left to do, the records themselves are read to confirm it (`getLead`, `getCompany`, at most 100
        /// records). An id without a record is waited for until the limit.
        ///
        /// This cannot detect that the API gave up on some records (waiting then ends at the limit), or that someone else made the
        /// same change (which counts as done). With [`Selection::All`], records that are added meanwhile count too.
        ///
        /// # Errors
        ///
        /// [`Error::is_still_running`](crate::Error::is_still_running) at the limit; call this again to continue waiting. Otherwise
        /// the error of a count.
        pub fn wait(
            &self,
            wait: &crate::wait::Wait,
        ) -> crate::error::Result<crate::wait::Progress> {
            self.client.wait(self.inner.wait(wait))
        }
    }
    /// Contacts or companies to run one bulk action on (`leadsMassAction`, `companiesMassAction`).
    ///
    /// The API runs the action in the background: a successful call means that it was accepted. Where the effect is visible, the
    /// method returns a [`BulkJob`] to wait for.
    ///
    /// # Errors
    ///
    /// Every action fails with [`Error::is_invalid_input`] for an empty selection or an invalid id, [`Error::is_validation`] if the
    /// API rejects it, and [`Error::is_unknown_outcome`] if the response was lost.
    #[derive(Debug)]
    #[must_use = "nothing is sent until one of the actions is called"]
    pub struct Bulk<R: crate::resources::bulk::operations::BulkOperations> {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::bulk::Bulk<R>,
    }
    impl<R: crate::resources::bulk::operations::BulkOperations> Bulk<R> {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::bulk::Bulk<R>,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl<
        R: crate::resources::bulk::operations::BulkOperations,
    > crate::blocking::bulk::Bulk<R> {
        /// Adds a tag.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn add_tag(
            &self,
            tag_uuid: impl Into<grinfi_raw::ids::TagId>,
        ) -> crate::error::Result<crate::blocking::bulk::BulkJob<R>> {
            let inner = self.client.wait(self.inner.add_tag(tag_uuid))?;
            Ok(<crate::blocking::bulk::BulkJob<R>>::new(&self.client, inner))
        }
        /// Removes a tag.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn remove_tag(
            &self,
            tag_uuid: impl Into<grinfi_raw::ids::TagId>,
        ) -> crate::error::Result<crate::blocking::bulk::BulkJob<R>> {
            let inner = self.client.wait(self.inner.remove_tag(tag_uuid))?;
            Ok(<crate::blocking::bulk::BulkJob<R>>::new(&self.client, inner))
        }
        /// Replaces all tags by these. Waiting checks that these were added, not that the others were removed.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn replace_tags(
            &self,
            tag_uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::TagId>>,
        ) -> crate::error::Result<crate::blocking::bulk::BulkJob<R>> {
            let inner = self.client.wait(self.inner.replace_tags(tag_uuids))?;
            Ok(<crate::blocking::bulk::BulkJob<R>>::new(&self.client, inner))
        }
        /// Moves the records to a pipeline stage. For contacts this is the way that works: an update drops the stage without an
        /// error.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn change_pipeline_stage(
            &self,
            pipeline_stage_uuid: impl Into<grinfi_raw::ids::PipelineStageId>,
        ) -> crate::error::Result<crate::blocking::bulk::BulkJob<R>> {
            let inner = self
                .client
                .wait(self.inner.change_pipeline_stage(pipeline_stage_uuid))?;
            Ok(<crate::blocking::bulk::BulkJob<R>>::new(&self.client, inner))
        }
        /// Allows [`delete`](Self::delete) to delete every record of the team, or every one except a few.
        pub fn confirm_all(self) -> Self {
            Self {
                inner: self.inner.confirm_all(),
                client: self.client,
            }
        }
        /// Deletes the records.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors); also [`Error::is_invalid_input`] for [`Selection::All`] and [`Selection::AllBut`] without
        /// [`confirm_all`](Self::confirm_all).
        pub fn delete(&self) -> crate::error::Result<crate::blocking::bulk::BulkJob<R>> {
            let inner = self.client.wait(self.inner.delete())?;
            Ok(<crate::blocking::bulk::BulkJob<R>>::new(&self.client, inner))
        }
    }
}
/// Blocking client of [`companies`](crate::companies).
pub mod companies {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::search::Search;
    /// Companies to run one bulk action on (`companiesMassAction`).
    pub type BulkCompanies = crate::blocking::bulk::Bulk<
        crate::resources::companies::Companies,
    >;
    /// A bulk action on companies that the API accepted.
    pub type CompaniesJob = crate::blocking::bulk::BulkJob<
        crate::resources::companies::Companies,
    >;
    impl crate::blocking::companies::Companies {
        /// Starts a bulk action on companies (`companiesMassAction`). Nothing is sent until one of its actions is called.
        pub fn bulk(
            &self,
            selection: crate::resources::selection::Selection<grinfi_raw::ids::CompanyId>,
        ) -> crate::blocking::companies::BulkCompanies {
            <crate::blocking::companies::BulkCompanies>::new(
                &self.client,
                self.inner.bulk(selection),
            )
        }
    }
    /// Builder for new companies. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateCompanies {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::companies::create::CreateCompanies,
    }
    impl CreateCompanies {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::companies::create::CreateCompanies,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new company. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateCompany {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::companies::create::CreateCompany,
    }
    impl CreateCompany {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::companies::create::CreateCompany,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::companies::Companies {
        /// Creates a company (`createCompanies`). Returns a builder, whose `send` sends the request.
        ///
        /// # Errors
        ///
        /// As [`create_many`](Self::create_many).
        pub fn create(
            &self,
            company: crate::models::NewCompany,
        ) -> crate::blocking::companies::CreateCompany {
            <crate::blocking::companies::CreateCompany>::new(
                &self.client,
                self.inner.create(company),
            )
        }
        /// Creates companies (`createCompanies`). Returns a builder, whose `send` sends the request. LinkedIn names are taken
        /// in [any form](crate::linkedin::normalize_company).
        ///
        /// One request creates the companies, and each value of a [custom field](CreateCompanies::custom_field) takes one
        /// more (`upsertCustomFieldValue`), because companies have no bulk action for values. Looking up the names of
        /// custom fields takes two more, at most once in ten minutes.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without companies, for one without a name, a domain, a website or a LinkedIn
        /// nickname, and for an unknown custom field; [`Error::is_unknown_outcome`] if the response was lost;
        /// [`Error::is_partial`] if the companies were created and a custom field could not be set: creating them again
        /// would duplicate them.
        pub fn create_many(
            &self,
            companies: Vec<crate::models::NewCompany>,
        ) -> crate::blocking::companies::CreateCompanies {
            <crate::blocking::companies::CreateCompanies>::new(
                &self.client,
                self.inner.create_many(companies),
            )
        }
    }
    impl crate::blocking::companies::CreateCompanies {
        /// Sets a custom field, by its name, of the company at this index. Can be called several times.
        ///
        /// The API accepts none in a creation, so each takes a request of its own afterwards (`upsertCustomFieldValue`).
        pub fn custom_field(
            self,
            index: usize,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.custom_field(index, name, value),
                client: self.client,
            }
        }
        /// Adds the companies to a list. Can be called several times.
        pub fn list(self, list_uuid: impl Into<grinfi_raw::ids::ListId>) -> Self {
            Self {
                inner: self.inner.list(list_uuid),
                client: self.client,
            }
        }
        /// Sets the data source of the companies.
        pub fn data_source(
            self,
            data_source_uuid: impl Into<grinfi_raw::ids::DataSourceId>,
        ) -> Self {
            Self {
                inner: self.inner.data_source(data_source_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::companies::CreateCompanies {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<Vec<crate::models::Company>> {
            self.client.wait(self.inner)
        }
    }
    impl crate::blocking::companies::CreateCompany {
        /// Adds the company to a list. Can be called several times.
        pub fn list(self, list_uuid: impl Into<grinfi_raw::ids::ListId>) -> Self {
            Self {
                inner: self.inner.list(list_uuid),
                client: self.client,
            }
        }
        /// Sets the data source of the company.
        pub fn data_source(
            self,
            data_source_uuid: impl Into<grinfi_raw::ids::DataSourceId>,
        ) -> Self {
            Self {
                inner: self.inner.data_source(data_source_uuid),
                client: self.client,
            }
        }
        /// Sets a custom field by its name. Can be called several times. The API accepts none in a creation, so each takes
        /// a request of its own afterwards (`upsertCustomFieldValue`).
        pub fn custom_field(
            self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.custom_field(name, value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::companies::CreateCompany {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Company> {
            self.client.wait(self.inner)
        }
    }
    /// Builder for changes to a company. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct UpdateCompany {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::companies::update::UpdateCompany,
    }
    impl UpdateCompany {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::companies::update::UpdateCompany,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::companies::Companies {
        /// Changes a company. Returns a builder; await it to send the requests. In `changes`, fields that are `None` stay
        /// unchanged; custom fields and the pipeline stage are set on the builder.
        ///
        /// The API's own update (`updateCompany`) accepts no custom fields. Here they are set by their ids
        /// (`upsertCustomFieldValue`), and the stage by a bulk action on this company (`companiesMassAction`), as for
        /// contacts.
        ///
        /// # Requests
        ///
        /// In this order: one for the fields; one for each custom field; one for the stage; and one to read the company,
        /// unless only fields were changed. Looking up the names of custom fields takes two more, at most once in ten
        /// minutes.
        ///
        /// Everything is validated before the first request. If one fails after others took effect, the error is
        /// [partial](Error::is_partial), and its [steps](Error::partial_failure) contain what was done; repeating the whole
        /// update is safe. Dropping the future keeps what was done.
        ///
        /// Returns the company after the change. A new stage may not be visible in it yet.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if no changes are given, for an invalid LinkedIn name, and for an unknown custom
        /// field; [`Error::is_not_found`] if there is no company with this id; [`Error::is_partial`] as above.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::CompanyId>,
            changes: &crate::models::CompanyUpdate,
        ) -> crate::blocking::companies::UpdateCompany {
            <crate::blocking::companies::UpdateCompany>::new(
                &self.client,
                self.inner.update(uuid, changes),
            )
        }
        /// Moves a company to a pipeline stage with a bulk action on this company (`companiesMassAction`). The job can be
        /// waited for.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost.
        pub fn move_to_stage(
            &self,
            uuid: impl Into<grinfi_raw::ids::CompanyId>,
            pipeline_stage_uuid: impl Into<grinfi_raw::ids::PipelineStageId>,
        ) -> crate::error::Result<crate::blocking::companies::CompaniesJob> {
            let inner = self
                .client
                .wait(self.inner.move_to_stage(uuid, pipeline_stage_uuid))?;
            Ok(<crate::blocking::companies::CompaniesJob>::new(&self.client, inner))
        }
    }
    impl crate::blocking::companies::UpdateCompany {
        /// Sets a custom field by its name. Can be called several times. The API stores all values as texts.
        ///
        /// Unknown names are rejected. Names are looked up once and cached for ten minutes, see
        /// [`CustomFields::forget_names`](crate::custom_fields::CustomFields::forget_names).
        pub fn custom_field(
            self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.custom_field(name, value),
                client: self.client,
            }
        }
        /// Clears a custom field by its name.
        pub fn clear_custom_field(self, name: impl Into<String>) -> Self {
            Self {
                inner: self.inner.clear_custom_field(name),
                client: self.client,
            }
        }
        /// Moves the company to a pipeline stage.
        pub fn pipeline_stage(
            self,
            pipeline_stage_uuid: impl Into<grinfi_raw::ids::PipelineStageId>,
        ) -> Self {
            Self {
                inner: self.inner.pipeline_stage(pipeline_stage_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::companies::UpdateCompany {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Company> {
            self.client.wait(self.inner)
        }
    }
    /// Companies, which contacts work for.
    #[derive(Debug, Clone)]
    pub struct Companies {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::companies::Companies,
    }
    impl Companies {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::companies::Companies,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::companies::Companies {
        /// Searches companies by their fields (`searchCompanies`). One search returns at most 10,000 rows; a stream that
        /// reaches this limit fails with [`ErrorKind::Listing`](crate::ErrorKind::Listing). [`complete`](Search::complete)
        /// has no such limit.
        pub fn search(
            &self,
        ) -> crate::blocking::Listing<crate::resources::companies::Companies> {
            crate::blocking::Listing::new(&self.client, self.inner.search())
        }
        /// Lists companies (`listCompanies`), optionally filtered by free text with `filter::company_text::q()`.
        /// [`search`](Self::search) filters by field.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::companies::CompaniesByText> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a company (`getCompany`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::CompanyId>,
        ) -> crate::error::Result<crate::models::Company> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Looks up companies (`lookupCompanies`) and returns those that were found, in no defined order. Each lookup needs
        /// one of its fields.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without lookups, for an empty one and for a blank value.
        pub fn lookup(
            &self,
            lookups: Vec<crate::models::CompanyLookup>,
        ) -> crate::error::Result<Vec<crate::models::Company>> {
            self.client.wait(self.inner.lookup(lookups))
        }
        /// Returns the contacts of companies by company (`getCompanyLeads`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without companies.
        pub fn contacts(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::CompanyId>>,
        ) -> crate::error::Result<
            std::collections::BTreeMap<
                grinfi_raw::ids::CompanyId,
                Vec<crate::models::Contact>,
            >,
        > {
            self.client.wait(self.inner.contacts(uuids))
        }
        /// Deletes a company (`deleteCompany`).
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`] if the API rejects it.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::CompanyId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Enriches companies (`enrichCompanies`) and returns how many were accepted, if the API reports it. This spends
        /// credits.
        ///
        /// # Errors
        ///
        /// [`Error::is_out_of_credits`] without credits; [`Error::is_invalid_input`] without companies.
        pub fn enrich(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::CompanyId>>,
        ) -> crate::error::Result<Option<u64>> {
            self.client.wait(self.inner.enrich(uuids))
        }
        /// Enriches the companies that match a filter (`enrichCompanies`). A wide filter can spend many credits.
        ///
        /// # Errors
        ///
        /// As [`enrich`](Self::enrich); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a filter
        /// without conditions.
        pub fn enrich_matching(
            &self,
            filter: crate::filter::Filter<crate::resources::companies::Companies>,
        ) -> crate::error::Result<Option<u64>> {
            self.client.wait(self.inner.enrich_matching(filter))
        }
    }
    impl crate::blocking::Client {
        /// Companies, which contacts work for.
        #[must_use]
        pub fn companies(&self) -> crate::blocking::companies::Companies {
            <crate::blocking::companies::Companies>::new(
                self,
                self.asynchronous().companies(),
            )
        }
    }
}
/// Blocking client of [`contacts`](crate::contacts).
pub mod contacts {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::blocking::bulk::Bulk;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::ErrorKind;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::filter;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::filter::Filter;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::models::Contact;
    /// Contacts to run one bulk action on (`leadsMassAction`). A running automation can send to all contacts that are
    /// [added](Self::add_to_automation) at once.
    pub type BulkContacts = crate::blocking::bulk::Bulk<
        crate::resources::contacts::Contacts,
    >;
    /// A bulk action on contacts that the API accepted.
    pub type ContactsJob = crate::blocking::bulk::BulkJob<
        crate::resources::contacts::Contacts,
    >;
    impl crate::blocking::contacts::Contacts {
        /// Starts a bulk action on contacts (`leadsMassAction`). Nothing is sent until one of its actions is called.
        pub fn bulk(
            &self,
            selection: crate::resources::selection::Selection<grinfi_raw::ids::ContactId>,
        ) -> crate::blocking::contacts::BulkContacts {
            <crate::blocking::contacts::BulkContacts>::new(
                &self.client,
                self.inner.bulk(selection),
            )
        }
        /// Moves a contact to a pipeline stage with a bulk action on this contact (`leadsMassAction`).
        ///
        /// The API runs it in the background and accepts unknown ids without an error; the job can be waited for.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn move_to_stage(
            &self,
            uuid: impl Into<grinfi_raw::ids::ContactId>,
            pipeline_stage_uuid: impl Into<grinfi_raw::ids::PipelineStageId>,
        ) -> crate::error::Result<crate::blocking::contacts::ContactsJob> {
            let inner = self
                .client
                .wait(self.inner.move_to_stage(uuid, pipeline_stage_uuid))?;
            Ok(<crate::blocking::contacts::ContactsJob>::new(&self.client, inner))
        }
        /// Moves a contact to a list with a bulk action on this contact (`leadsMassAction`).
        ///
        /// The API runs it in the background and accepts unknown ids without an error; the job can be waited for.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn move_to_list(
            &self,
            uuid: impl Into<grinfi_raw::ids::ContactId>,
            list_uuid: impl Into<grinfi_raw::ids::ListId>,
        ) -> crate::error::Result<crate::blocking::contacts::ContactsJob> {
            let inner = self.client.wait(self.inner.move_to_list(uuid, list_uuid))?;
            Ok(<crate::blocking::contacts::ContactsJob>::new(&self.client, inner))
        }
    }
    impl crate::blocking::contacts::BulkContacts {
        /// Moves the contacts to a list.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn change_list(
            &self,
            list_uuid: impl Into<grinfi_raw::ids::ListId>,
        ) -> crate::error::Result<crate::blocking::contacts::ContactsJob> {
            let inner = self.client.wait(self.inner.change_list(list_uuid))?;
            Ok(<crate::blocking::contacts::ContactsJob>::new(&self.client, inner))
        }
        /// Sets the value of a custom field, or clears it with [`Nullable::Null`](grinfi_raw::Nullable::Null).
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn change_custom_field(
            &self,
            custom_field_uuid: impl Into<grinfi_raw::ids::CustomFieldId>,
            value: impl Into<grinfi_raw::Nullable<String>>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.change_custom_field(custom_field_uuid, value))
        }
        /// Sets the value of a custom field by its name. Unknown names are rejected before anything is sent, as in an
        /// [update](crate::contacts::UpdateContact::custom_field).
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an unknown name and
        /// for a value that is a list or an object.
        pub fn set_custom_field(
            &self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.set_custom_field(name, value))
        }
        /// Adds the contacts to an automation. A running automation can send to all of them at once.
        /// [`Automations::enrollments`](crate::automations::Automations::enrollments) lists who is enrolled.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn add_to_automation(
            &self,
            automation_uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.add_to_automation(automation_uuid))
        }
        /// Removes the contacts from automations.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn cancel_from_automations(
            &self,
            automation_uuids: impl IntoIterator<
                Item = impl Into<grinfi_raw::ids::AutomationId>,
            >,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.cancel_from_automations(automation_uuids))
        }
        /// Exports the contacts to a CSV file. [`FileExports::contacts`](crate::file_exports::FileExports::contacts) does the same
        /// and returns the id of the export.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn export_csv(&self) -> crate::error::Result<()> {
            self.client.wait(self.inner.export_csv())
        }
        /// Marks the conversations with the contacts as read.
        ///
        /// # Errors
        ///
        /// As all [actions](Bulk#errors).
        pub fn mark_read(&self) -> crate::error::Result<()> {
            self.client.wait(self.inner.mark_read())
        }
    }
    /// Builder for an upsert. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct Upsert {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::contacts::create::Upsert,
    }
    impl Upsert {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::contacts::create::Upsert,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for new contacts. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateContacts {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::contacts::create::CreateContacts,
    }
    impl CreateContacts {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::contacts::create::CreateContacts,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::contacts::Contacts {
        /// Creates a contact in a list, or updates the existing one (`upsertContact`). Returns a builder; await it to send
        /// the request.
        ///
        /// The API looks for an existing contact by the first of these that is set: member id, `ln_id`, `sn_id`, LinkedIn
        /// nickname, work email, personal email, name together with company. One request sets everything, including custom fields; looking up their names takes two more,
        /// at most once in ten minutes. `linkedin_id` is required and accepts a nickname, a profile URL in [any
        /// form](crate::linkedin) or a member id. A plain `email` may not be stored; `work_email` and `personal_email` are.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without a `linkedin_id`, for an invalid LinkedIn name and for an unknown custom
        /// field; [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost.
        pub fn upsert(
            &self,
            list_uuid: impl Into<grinfi_raw::ids::ListId>,
            contact: crate::models::NewContact,
        ) -> crate::blocking::contacts::Upsert {
            <crate::blocking::contacts::Upsert>::new(
                &self.client,
                self.inner.upsert(list_uuid, contact),
            )
        }
        /// Creates contacts in a list, or updates the existing ones (`createLeads`), and returns them in the same order.
        /// Returns a builder, whose `send` sends the request.
        ///
        /// LinkedIn names are accepted in [any form](crate::linkedin).
        ///
        /// # Requests
        ///
        /// One request creates the contacts. Values of [custom fields](CreateContacts::custom_field) are written
        /// afterwards: a value that several contacts share takes one request for all of them (`leadsMassAction`, which the
        /// API runs in the background), another value one request (`upsertCustomFieldValue`), and a contact with a LinkedIn
        /// name at most one for all its values (`upsertContact`). Values that the response to the creation contains are
        /// skipped. So 1,000 contacts with LinkedIn names and any number of values take at most 1,001 requests, and 3 if
        /// two values are the same for all. Looking up the names of custom fields takes two more, at most once in ten
        /// minutes. For many different values, [importing a file](crate::file_imports::FileImports) takes two requests.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without contacts, for one without an identifying field, for an invalid LinkedIn
        /// name, and for an unknown custom field; [`Error::is_validation`] if the API rejects one;
        /// [`Error::is_unknown_outcome`] if the response was lost; [`Error::is_partial`] if the contacts were created and a
        /// custom field could not be set.
        pub fn create_many(
            &self,
            list_uuid: impl Into<grinfi_raw::ids::ListId>,
            contacts: Vec<crate::models::NewContact>,
        ) -> crate::blocking::contacts::CreateContacts {
            <crate::blocking::contacts::CreateContacts>::new(
                &self.client,
                self.inner.create_many(list_uuid, contacts),
            )
        }
    }
    impl crate::blocking::contacts::Upsert {
        /// Sets a custom field by its name. Can be called several times.
        ///
        /// The API drops unknown names without an error, so names are looked up first and unknown ones are rejected. They
        /// are cached for ten minutes, see
        /// [`CustomFields::forget_names`](crate::custom_fields::CustomFields::forget_names).
        pub fn custom_field(
            self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.custom_field(name, value),
                client: self.client,
            }
        }
        /// Sets whether an existing contact is updated. The API's default is yes.
        pub fn update_if_exists(self, update: bool) -> Self {
            Self {
                inner: self.inner.update_if_exists(update),
                client: self.client,
            }
        }
        /// Sets whether an existing contact moves to the list. The API's default is no.
        pub fn move_to_list(self, move_to_list: bool) -> Self {
            Self {
                inner: self.inner.move_to_list(move_to_list),
                client: self.client,
            }
        }
    }
    impl crate::blocking::contacts::Upsert {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Contact> {
            self.client.wait(self.inner)
        }
    }
    impl crate::blocking::contacts::CreateContacts {
        /// Sets a custom field, by its name, of the contact at this index. Can be called several times.
        ///
        /// The API accepts none in a creation of many, so they are written afterwards; see
        /// [`create_many`](Contacts::create_many) for the number of requests.
        pub fn custom_field(
            self,
            index: usize,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.custom_field(index, name, value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::contacts::CreateContacts {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<Vec<crate::models::Contact>> {
            self.client.wait(self.inner)
        }
    }
    /// Builder for a request of metrics. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct ContactMetrics {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::contacts::metrics::ContactMetrics,
    }
    impl ContactMetrics {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::contacts::metrics::ContactMetrics,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::contacts::Contacts {
        /// Counts sent messages and replies within a period for the whole team (`getLeadMetrics`), by name of the metric.
        /// Returns a builder, whose `send` sends the request.
        ///
        /// The API accepts a filter and a grouping here and ignores both without an error, so neither can be set. The group
        /// counts of tasks and of LinkedIn messages count by automation or sender profile.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without metrics, for an unknown one, or for a period that ends before it begins.
        pub fn metrics(
            &self,
            from: impl Into<chrono::DateTime<chrono::Utc>>,
            to: impl Into<chrono::DateTime<chrono::Utc>>,
            metrics: impl IntoIterator<Item = grinfi_raw::enums::ContactMetric>,
        ) -> crate::blocking::contacts::ContactMetrics {
            <crate::blocking::contacts::ContactMetrics>::new(
                &self.client,
                self.inner.metrics(from, to, metrics),
            )
        }
        /// Queues the enrichment of contacts (`enrichLeadsAdvanced`). This spends credits.
        ///
        /// # Errors
        ///
        /// [`Error::is_out_of_credits`] without credits; [`Error::is_invalid_input`] without contacts.
        pub fn enrich(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::ContactId>>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.enrich(uuids))
        }
        /// Queues the enrichment of the contacts that match a filter (`enrichLeadsAdvanced`). A wide filter can spend many
        /// credits; [`count`](Self::count) counts the matches.
        ///
        /// # Errors
        ///
        /// As [`enrich`](Self::enrich); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a filter
        /// without conditions.
        pub fn enrich_matching(
            &self,
            filter: crate::filter::Filter<crate::resources::contacts::Contacts>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.enrich_matching(filter))
        }
    }
    impl crate::blocking::contacts::ContactMetrics {
        /// Adds an automation to count for. Can be called several times. The API may nevertheless return totals of the
        /// team.
        pub fn automation(
            self,
            automation_uuid: impl Into<grinfi_raw::ids::AutomationId>,
        ) -> Self {
            Self {
                inner: self.inner.automation(automation_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::contacts::ContactMetrics {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(
            self,
        ) -> crate::error::Result<std::collections::BTreeMap<String, i64>> {
            self.client.wait(self.inner)
        }
    }
    /// Builder for changes to a contact. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct UpdateContact {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::contacts::update::UpdateContact,
    }
    impl UpdateContact {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::contacts::update::UpdateContact,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::contacts::Contacts {
        /// Changes a contact. Returns a builder; await it to send the requests. In `changes`, fields that are `None` stay
        /// unchanged and [`Nullable::Null`](grinfi_raw::Nullable::Null) clears a field; custom fields, the pipeline stage and the list are set on the
        /// builder.
        ///
        /// The API's own update (`updateLead`) accepts custom fields, a stage and a list and drops them without an error.
        /// Here custom fields are set by their ids (`upsertCustomFieldValue`), stage and list by a bulk action on this
        /// contact (`leadsMassAction`), which the API runs in the background.
        ///
        /// # Requests
        ///
        /// In this order: with custom fields, one to read the contact (`getLead`); one for the fields; one for each custom
        /// field whose value differs; one for the stage; one for the list. Without custom fields but with a stage or a
        /// list, a last one reads the contact. Looking up the names of custom fields takes two more, at most once in ten
        /// minutes.
        ///
        /// Everything is validated before the first request. If one fails after others took effect, the error is
        /// [partial](Error::is_partial), and its [steps](Error::partial_failure) contain what was done; repeating the whole
        /// update is safe. Dropping the future keeps what was done.
        ///
        /// Returns the contact after the change. A new stage or list may not be visible in it yet.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if no changes are given, for an invalid LinkedIn name, and for an unknown custom
        /// field; [`Error::is_not_found`] if there is no contact with this id; [`Error::is_partial`] as above.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::ContactId>,
            changes: &crate::models::ContactUpdate,
        ) -> crate::blocking::contacts::UpdateContact {
            <crate::blocking::contacts::UpdateContact>::new(
                &self.client,
                self.inner.update(uuid, changes),
            )
        }
    }
    impl crate::blocking::contacts::UpdateContact {
        /// Sets a custom field by its name. Can be called several times. The API stores all values as texts.
        ///
        /// Unknown names are rejected. Names are looked up once and cached for ten minutes, see
        /// [`CustomFields::forget_names`](crate::custom_fields::CustomFields::forget_names).
        pub fn custom_field(
            self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.custom_field(name, value),
                client: self.client,
            }
        }
        /// Clears a custom field by its name.
        pub fn clear_custom_field(self, name: impl Into<String>) -> Self {
            Self {
                inner: self.inner.clear_custom_field(name),
                client: self.client,
            }
        }
        /// Moves the contact to a pipeline stage.
        pub fn pipeline_stage(
            self,
            pipeline_stage_uuid: impl Into<grinfi_raw::ids::PipelineStageId>,
        ) -> Self {
            Self {
                inner: self.inner.pipeline_stage(pipeline_stage_uuid),
                client: self.client,
            }
        }
        /// Moves the contact to a list.
        pub fn list(self, list_uuid: impl Into<grinfi_raw::ids::ListId>) -> Self {
            Self {
                inner: self.inner.list(list_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::contacts::UpdateContact {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Contact> {
            self.client.wait(self.inner)
        }
    }
    /// Contacts, `leads` on the wire.
    ///
    /// The API wraps contacts differently per operation. Here they are always a [`Contact`], with the extra fields that
    /// the API returned.
    #[derive(Debug, Clone)]
    pub struct Contacts {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::contacts::Contacts,
    }
    impl Contacts {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::contacts::Contacts,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::contacts::Contacts {
        /// Searches contacts (`searchContacts`). One search returns at most 10,000 rows; a stream that reaches this limit
        /// fails with [`ErrorKind::Listing`].
        pub fn search(
            &self,
        ) -> crate::blocking::Listing<crate::resources::contacts::Contacts> {
            crate::blocking::Listing::new(&self.client, self.inner.search())
        }
        /// Gets a contact (`getLead`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<crate::models::Contact> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Looks up one contact (`findOneContact`) with its custom fields; `None` if it does not exist.
        ///
        /// Sends one request, and a second one (`getLead`) if the first response contains no custom fields.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a blank value, an invalid LinkedIn name and an invalid email address.
        pub fn lookup(
            &self,
            by: crate::resources::contacts::Lookup,
        ) -> crate::error::Result<Option<crate::models::Contact>> {
            self.client.wait(self.inner.lookup(by))
        }
        /// Deletes a contact (`deleteLead`). The API deletes it in the background;
        /// [`wait_until_deleted`](Self::wait_until_deleted) waits for that.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`] if the API rejects it.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Waits until a deleted contact is found neither by its id (`getLead`) nor in a count (`countContacts`).
        ///
        /// # Errors
        ///
        /// [`Error::is_still_running`] if it still exists at the limit; call this again to continue waiting.
        pub fn wait_until_deleted(
            &self,
            uuid: impl Into<grinfi_raw::ids::ContactId>,
            wait: &crate::wait::Wait,
        ) -> crate::error::Result<crate::wait::Progress> {
            self.client.wait(self.inner.wait_until_deleted(uuid, wait))
        }
        /// Counts the contacts that match a filter (`countContacts`); all of them for [`Filter::all`].
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for conditions that cannot be combined.
        pub fn count(
            &self,
            filter: crate::filter::Filter<crate::resources::contacts::Contacts>,
        ) -> crate::error::Result<u64> {
            self.client.wait(self.inner.count(filter))
        }
    }
    impl crate::blocking::Client {
        /// Contacts, `leads` on the wire.
        #[must_use]
        pub fn contacts(&self) -> crate::blocking::contacts::Contacts {
            <crate::blocking::contacts::Contacts>::new(
                self,
                self.asynchronous().contacts(),
            )
        }
    }
}
/// Blocking client of [`custom_fields`](crate::custom_fields).
pub mod custom_fields {
    /// Custom fields of contacts and companies, and their values.
    ///
    /// The API's own update of a contact drops custom fields without an error, and its upsert drops unknown names. In
    /// this library, [updates](crate::contacts::UpdateContact::custom_field),
    /// [upserts](crate::contacts::Upsert::custom_field) and creations accept values by name, look up the names and
    /// reject unknown ones; [`set_value`](Self::set_value) sets a value by id.
    #[derive(Debug, Clone)]
    pub struct CustomFields {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::custom_fields::CustomFields,
    }
    impl CustomFields {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::custom_fields::CustomFields,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new custom field. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateCustomField {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::custom_fields::CreateCustomField,
    }
    impl CreateCustomField {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::custom_fields::CreateCustomField,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::custom_fields::CustomFields {
        /// Lists the custom fields of contacts and of companies together (`listCustomFields`). The API supports no filter
        /// here.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::custom_fields::CustomFields> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Creates a field for contacts, [`ObjectKind::Contact`](grinfi_raw::enums::ObjectKind::Contact), or companies (`createCustomField`). Returns a builder; await
        /// it to send the request. A team can have 100 fields of each.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a name that is not `[A-Za-z_][A-Za-z0-9_]*` and
        /// for an object that the API does not know, such as `contact`;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            object: grinfi_raw::enums::ObjectKind,
            name: impl Into<String>,
        ) -> crate::blocking::custom_fields::CreateCustomField {
            <crate::blocking::custom_fields::CreateCustomField>::new(
                &self.client,
                self.inner.create(object, name),
            )
        }
        /// Changes a field (`updateCustomField`). Fields that are `None` stay unchanged.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given, or for a name as in
        /// [`create`](Self::create); [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::CustomFieldId>,
            changes: &crate::models::CustomFieldUpdate,
        ) -> crate::error::Result<crate::models::CustomField> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a field and its values (`deleteCustomField`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::CustomFieldId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Sets the value of a field for a contact or a company (`upsertCustomFieldValue`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) or [`Error::is_validation`](crate::Error::is_validation) if
        /// there is no such field or target.
        pub fn set_value(
            &self,
            uuid: impl Into<grinfi_raw::ids::CustomFieldId>,
            target: impl Into<crate::resources::selection::Target>,
            value: impl Into<String>,
        ) -> crate::error::Result<crate::models::CustomFieldValue> {
            self.client.wait(self.inner.set_value(uuid, target, value))
        }
        /// Clears the value of a field for a contact or a company (`upsertCustomFieldValue` with null).
        ///
        /// # Errors
        ///
        /// As [`set_value`](Self::set_value).
        pub fn clear_value(
            &self,
            uuid: impl Into<grinfi_raw::ids::CustomFieldId>,
            target: impl Into<crate::resources::selection::Target>,
        ) -> crate::error::Result<crate::models::CustomFieldValue> {
            self.client.wait(self.inner.clear_value(uuid, target))
        }
        /// Clears the cached names of custom fields, so that the next call that sets one by name lists them again.
        ///
        /// Clones of a client share the cache. It is filled when a name is first needed, and refreshed for an unknown name,
        /// after ten minutes, and after a field was created, changed or deleted through the same client. Call this after a
        /// field was renamed or deleted elsewhere: the API would accept an upsert with the old name and drop the value.
        pub fn forget_names(&self) -> crate::error::Result<()> {
            self.client
                .wait(async {
                    self.inner.forget_names().await;
                    Ok(())
                })
        }
    }
    impl crate::blocking::Client {
        /// Custom fields of contacts and companies, and their values.
        #[must_use]
        pub fn custom_fields(&self) -> crate::blocking::custom_fields::CustomFields {
            <crate::blocking::custom_fields::CustomFields>::new(
                self,
                self.asynchronous().custom_fields(),
            )
        }
    }
    impl crate::blocking::custom_fields::CreateCustomField {
        /// Sets the position among the fields.
        pub fn order(self, order: i64) -> Self {
            Self {
                inner: self.inner.order(order),
                client: self.client,
            }
        }
    }
    impl crate::blocking::custom_fields::CreateCustomField {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::CustomField> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`custom_tracking_domains`](crate::custom_tracking_domains).
pub mod custom_tracking_domains {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::client::Client;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Domains of the links and the tracking pixel of emails. Undocumented: the fields of a record are inferred.
    #[derive(Debug, Clone)]
    pub struct CustomTrackingDomains {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::custom_tracking_domains::CustomTrackingDomains,
    }
    impl CustomTrackingDomains {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::custom_tracking_domains::CustomTrackingDomains,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::custom_tracking_domains::CustomTrackingDomains {
        /// Lists the domains (`listCustomTrackingDomains`, undocumented). They support no filter.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<
            crate::resources::custom_tracking_domains::CustomTrackingDomains,
        > {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a domain (`getCustomTrackingDomain`, undocumented). The response also contains the state of the DNS
        /// entries, in fields of unknown names; [`Client::operation`] returns it as JSON.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::CustomTrackingDomainId>,
        ) -> crate::error::Result<crate::models::CustomTrackingDomain> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Registers a domain, such as `track.example.com` (`createCustomTrackingDomain`, undocumented). It works once its DNS
        /// entries are set.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a blank name and for one with a scheme or a path;
        /// [`Error::is_unknown_outcome`] if the response was lost: look for the domain with [`list`](Self::list).
        pub fn create(
            &self,
            domain: impl Into<String>,
        ) -> crate::error::Result<crate::models::CustomTrackingDomain> {
            self.client.wait(self.inner.create(domain))
        }
    }
    impl crate::blocking::Client {
        /// Domains of the links and the tracking pixel of emails.
        #[must_use]
        pub fn custom_tracking_domains(
            &self,
        ) -> crate::blocking::custom_tracking_domains::CustomTrackingDomains {
            <crate::blocking::custom_tracking_domains::CustomTrackingDomains>::new(
                self,
                self.asynchronous().custom_tracking_domains(),
            )
        }
    }
}
/// Blocking client of [`data_sources`](crate::data_sources).
pub mod data_sources {
    /// Data sources, which collect contacts and companies into lists: a LinkedIn search, a CSV file, the people who
    /// reacted to a post.
    ///
    /// A data source without a `sender_profile_uuid` never runs, without an error: check the response of
    /// [`create`](Self::create).
    #[derive(Debug, Clone)]
    pub struct DataSources {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::data_sources::DataSources,
    }
    impl DataSources {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::data_sources::DataSources,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new data source. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateDataSource {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::data_sources::CreateDataSource,
    }
    impl CreateDataSource {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::data_sources::CreateDataSource,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::data_sources::DataSources {
        /// Lists the data sources (`listDataSources`). The API supports no filter here.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::data_sources::DataSources> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a data source (`getDataSource`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::DataSourceId>,
        ) -> crate::error::Result<crate::models::DataSource> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates a data source that collects into a list (`createDataSource`). Returns a builder; await it to send the
        /// request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid id;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            kind: grinfi_raw::enums::DataSourceType,
            list_uuid: impl Into<grinfi_raw::ids::ListId>,
        ) -> crate::blocking::data_sources::CreateDataSource {
            <crate::blocking::data_sources::CreateDataSource>::new(
                &self.client,
                self.inner.create(kind, list_uuid),
            )
        }
        /// Changes a data source (`updateDataSource`). Fields that are `None` stay unchanged; a `payload` that is not empty
        /// replaces the current one.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::DataSourceId>,
            changes: &crate::models::DataSourceUpdate,
        ) -> crate::error::Result<crate::models::DataSource> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a data source (`deleteDataSource`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::DataSourceId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Counts the records that data sources queued, saved and skipped (`getDataSourceMetrics`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without data sources.
        pub fn metrics(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::DataSourceId>>,
        ) -> crate::error::Result<
            std::collections::BTreeMap<
                grinfi_raw::ids::DataSourceId,
                crate::models::DataSourceMetrics,
            >,
        > {
            self.client.wait(self.inner.metrics(uuids))
        }
    }
    impl crate::blocking::Client {
        /// Data sources, which collect contacts and companies into lists.
        #[must_use]
        pub fn data_sources(&self) -> crate::blocking::data_sources::DataSources {
            <crate::blocking::data_sources::DataSources>::new(
                self,
                self.asynchronous().data_sources(),
            )
        }
    }
    impl crate::blocking::data_sources::CreateDataSource {
        /// Sets one of the settings of this kind of source (`payload` on the wire). The API does not describe them.
        pub fn setting(
            self,
            name: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            Self {
                inner: self.inner.setting(name, value),
                client: self.client,
            }
        }
        /// Adds a tag to the records. Can be called several times.
        pub fn tag(self, tag: impl Into<String>) -> Self {
            Self {
                inner: self.inner.tag(tag),
                client: self.client,
            }
        }
    }
    impl crate::blocking::data_sources::CreateDataSource {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::DataSource> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`download`](crate::download).
pub mod download {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// A download, as a stream of bytes.
    ///
    /// It has no total timeout. It fails if the connection delivers nothing for the duration of the
    /// [timeout](crate::ClientBuilder::timeout).
    #[derive(Debug)]
    #[must_use = "streams do nothing unless polled"]
    pub struct Download {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::download::Download,
    }
    impl Download {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::download::Download,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::download::Download {
        /// Returns the next bytes, without an import of `StreamExt`.
        ///
        /// Cancel-safe: a dropped future loses no bytes.
        ///
        /// # Errors
        ///
        /// [`ErrorKind::Transport`](crate::ErrorKind::Transport) or [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if
        /// the connection broke before the end; the file is then incomplete.
        pub fn next(&mut self) -> Option<crate::error::Result<bytes::Bytes>> {
            self.client.wait(async { self.inner.next().await.transpose() }).transpose()
        }
        /// Reads the whole file into memory.
        ///
        /// # Errors
        ///
        /// As [`next`](Self::next).
        pub fn bytes(self) -> crate::error::Result<bytes::Bytes> {
            self.client.wait(self.inner.bytes())
        }
        /// Writes the rest of the file to `path` and returns the number of bytes.
        ///
        /// The bytes are written to a temporary file in the same folder, which is renamed to `path` when it is complete,
        /// and removed if the download fails or the future is dropped. An existing file at `path` is replaced.
        ///
        /// # Errors
        ///
        /// As [`next`](Self::next); [`Error::is_invalid_input`] with the field `path` if the file cannot be written.
        pub fn save(
            &mut self,
            path: impl Into<std::path::PathBuf>,
        ) -> crate::error::Result<u64> {
            self.client.wait(self.inner.save(path))
        }
    }
}
/// Blocking client of [`email_bodies`](crate::email_bodies).
pub mod email_bodies {
    /// Texts of emails. Senders, recipients and times are in the [emails](crate::emails::Emails).
    #[derive(Debug, Clone)]
    pub struct EmailBodies {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::email_bodies::EmailBodies,
    }
    impl EmailBodies {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::email_bodies::EmailBodies,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::email_bodies::EmailBodies {
        /// Lists the texts (`listEmailBodies`). The API supports only free-text search here, and reports no total.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::email_bodies::EmailBodies> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a text, by the `email_body_uuid` of its email (`getEmailBody`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::EmailBodyId>,
        ) -> crate::error::Result<crate::models::EmailBody> {
            self.client.wait(self.inner.get(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Texts of emails.
        #[must_use]
        pub fn email_bodies(&self) -> crate::blocking::email_bodies::EmailBodies {
            <crate::blocking::email_bodies::EmailBodies>::new(
                self,
                self.asynchronous().email_bodies(),
            )
        }
    }
}
/// Blocking client of [`emails`](crate::emails).
pub mod emails {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::models::SentEmail;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::once;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::once::SendLookup;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::search::Search;
    impl crate::blocking::emails::SendEmail {
        /// Sends the email. If the outcome is unknown, looks for it among the contact's emails and returns it if found.
        ///
        /// Guarantees: this call sends the email at most once. A value means that the API has it. An error other than an
        /// [unknown outcome](crate::Error::is_unknown_outcome) means that the API does not have it.
        ///
        /// Before sending, it lists the sent emails with this subject, sender and recipient. If the outcome is unknown, it
        /// lists the newest of them again, looking for a new one that is not older than the call and, if a text was given,
        /// contains that text. It does so 5 times within 30 s, with the back-off of the client's
        /// [`RetryPolicy`](crate::RetryPolicy); [`lookup`](Self::lookup) changes that. An email found this way has no body
        /// ([`email_body_domain`](SentEmail::email_body_domain)). If it is not found,
        /// [`Error::lookups`](crate::Error::lookups) contains the number and duration of the lookups.
        ///
        /// It cannot prove that the email was *not* sent. So it never sends again, and an email that is not found remains
        /// an unknown outcome. It cannot find an email whose subject or text the API changes, for variables or tracking,
        /// and cannot distinguish the same email that another program sends at the same time; within one process such calls
        /// wait for each other.
        ///
        /// It takes one request more than sending alone. A deadline covers everything, including waiting for an earlier
        /// send to the same address; a third of it, at most the timeout of the lookup, is reserved for the lookup.
        ///
        /// # Errors
        ///
        /// As awaiting it without `once`; also the error of the listing before, with nothing sent.
        pub fn once(self) -> crate::error::Result<crate::models::SentEmail> {
            self.client.wait(self.inner.once())
        }
        /// Sets how often and how long [`once`](Self::once) looks if the outcome is unknown. Default [`SendLookup::new`].
        pub fn lookup(self, lookup: crate::once::SendLookup) -> Self {
            Self {
                inner: self.inner.lookup(lookup),
                client: self.client,
            }
        }
    }
    /// Emails, received and sent. Their texts are in the [email bodies](crate::email_bodies::EmailBodies).
    #[derive(Debug, Clone)]
    pub struct Emails {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::emails::Emails,
    }
    impl Emails {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::emails::Emails,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new email. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct SendEmail {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::emails::SendEmail,
    }
    impl SendEmail {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::emails::SendEmail,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a request of a thread. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct GetLlmThread {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::emails::GetLlmThread,
    }
    impl GetLlmThread {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::emails::GetLlmThread,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::emails::Emails {
        /// Lists the emails (`listEmails`), without their texts.
        ///
        /// [`complete`](Search::complete) reads them by `sent_at`, the only time that emails can be filtered by. Emails
        /// that are not sent yet have none and come first.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::emails::Emails> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets an email, without its text (`getEmail`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::EmailId>,
        ) -> crate::error::Result<crate::models::Email> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Deletes an email from Grinfi (`deleteEmail`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::EmailId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Sends an email to a contact (`sendEmail`), that is, to a real person. Returns a builder; await it to send the
        /// request.
        ///
        /// The API has no idempotency key, so the request is not retried once it may have arrived.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for an invalid id, an invalid address or a blank subject; [`Error::is_validation`]
        /// if the API rejects it; [`Error::is_unknown_outcome`] if the email may have been sent: look for it with
        /// [`list`](Self::list) before sending again, or use [`SendEmail::once`], which does this.
        pub fn send(
            &self,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
            from: crate::resources::emails::Address,
            to: crate::resources::emails::Address,
            subject: impl Into<String>,
        ) -> crate::blocking::emails::SendEmail {
            <crate::blocking::emails::SendEmail>::new(
                &self.client,
                self.inner.send(sender_profile_uuid, contact_uuid, from, to, subject),
            )
        }
        /// Gets the thread of an email (`getEmailThread`). The response is not described, so it is returned as JSON.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn thread(
            &self,
            uuid: impl Into<grinfi_raw::ids::EmailId>,
        ) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner.thread(uuid))
        }
        /// Gets the latest emails of contacts (`getLatestEmailsByLeads`). The response is not described, so it is returned
        /// as JSON. Received emails without a contact are missing.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without contacts.
        pub fn latest_of_contacts(
            &self,
            contact_uuids: impl IntoIterator<
                Item = impl Into<grinfi_raw::ids::ContactId>,
            >,
        ) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner.latest_of_contacts(contact_uuids))
        }
        /// Gets the thread between a sender profile and a contact in a format for language models (`getEmailLLMThread`).
        /// The response is not described, so it is returned as JSON. Returns a builder, whose `send` sends the request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for an invalid id or a blank name.
        pub fn llm_thread(
            &self,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
            contact_name: impl Into<String>,
        ) -> crate::blocking::emails::GetLlmThread {
            <crate::blocking::emails::GetLlmThread>::new(
                &self.client,
                self.inner.llm_thread(sender_profile_uuid, contact_uuid, contact_name),
            )
        }
    }
    impl crate::blocking::Client {
        /// Emails, received and sent.
        #[must_use]
        pub fn emails(&self) -> crate::blocking::emails::Emails {
            <crate::blocking::emails::Emails>::new(self, self.asynchronous().emails())
        }
    }
    impl crate::blocking::emails::SendEmail {
        /// Sets the text, as HTML.
        pub fn body(self, html: impl Into<String>) -> Self {
            Self {
                inner: self.inner.body(html),
                client: self.client,
            }
        }
        /// Adds a recipient of a copy (cc). Can be called several times.
        pub fn cc(self, email: impl Into<String>) -> Self {
            Self {
                inner: self.inner.cc(email),
                client: self.client,
            }
        }
        /// Adds a recipient of a blind copy (bcc). Can be called several times.
        pub fn bcc(self, email: impl Into<String>) -> Self {
            Self {
                inner: self.inner.bcc(email),
                client: self.client,
            }
        }
        /// Attaches an uploaded file. Can be called several times.
        pub fn attachment(
            self,
            attachment_uuid: impl Into<grinfi_raw::ids::AttachmentId>,
        ) -> Self {
            Self {
                inner: self.inner.attachment(attachment_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::emails::SendEmail {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::SentEmail> {
            self.client.wait(self.inner)
        }
    }
    impl crate::blocking::emails::GetLlmThread {
        /// Sets the maximum number of emails.
        pub fn limit(self, limit: u32) -> Self {
            Self {
                inner: self.inner.limit(limit),
                client: self.client,
            }
        }
        /// Limits the thread to emails of the last days.
        pub fn sent_within_days(self, days: u32) -> Self {
            Self {
                inner: self.inner.sent_within_days(days),
                client: self.client,
            }
        }
    }
    impl crate::blocking::emails::GetLlmThread {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`enrichment`](crate::enrichment).
pub mod enrichment {
    /// Queue of enrichments. [`Contacts::enrich`](crate::contacts::Contacts::enrich) and
    /// [`Companies::enrich`](crate::companies::Companies::enrich) start them.
    #[derive(Debug, Clone)]
    pub struct Enrichment {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::enrichment::Enrichment,
    }
    impl Enrichment {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::enrichment::Enrichment,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::enrichment::Enrichment {
        /// Lists the queue (`listEnrichmentQueue`).
        pub fn queue(
            &self,
        ) -> crate::blocking::Listing<crate::resources::enrichment::Enrichment> {
            crate::blocking::Listing::new(&self.client, self.inner.queue())
        }
        /// Counts the enrichments of this month (`getEnrichmentMetrics`).
        ///
        /// # Errors
        ///
        /// Errors of the request.
        pub fn metrics(&self) -> crate::error::Result<crate::models::EnrichmentMetrics> {
            self.client.wait(self.inner.metrics())
        }
    }
    impl crate::blocking::Client {
        /// Queue of enrichments.
        #[must_use]
        pub fn enrichment(&self) -> crate::blocking::enrichment::Enrichment {
            <crate::blocking::enrichment::Enrichment>::new(
                self,
                self.asynchronous().enrichment(),
            )
        }
    }
}
/// Blocking client of [`file_exports`](crate::file_exports).
pub mod file_exports {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::resources::selection::Selection;
    /// Exports of contacts and companies to CSV files. The API runs them in the background; the file is downloaded by
    /// its name when it is complete.
    #[derive(Debug, Clone)]
    pub struct FileExports {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::file_exports::FileExports,
    }
    impl FileExports {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::file_exports::FileExports,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::file_exports::FileExports {
        /// Queues an export of contacts (`exportLeadsToCsv`). The response describes the job; it does not contain the name
        /// of the file.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for an empty selection; [`Error::is_job_failed`] if the job failed at once;
        /// [`Error::is_unknown_outcome`] if the response was lost.
        pub fn contacts(
            &self,
            selection: crate::resources::selection::Selection<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<crate::models::ContactExport> {
            self.client.wait(self.inner.contacts(selection))
        }
        /// Queues an export of companies (`exportCompaniesToCsv`). The response describes the job; it does not contain the
        /// name of the file.
        ///
        /// # Errors
        ///
        /// As [`contacts`](Self::contacts).
        pub fn companies(
            &self,
            selection: crate::resources::selection::Selection<grinfi_raw::ids::CompanyId>,
        ) -> crate::error::Result<crate::models::CompanyExport> {
            self.client.wait(self.inner.companies(selection))
        }
        /// Queues an export of the contacts that match a filter (`exportLeadsToCsv`), with the named fields only, or with all of
        /// them if none are named. Undocumented: the vendor's own client exports by the filter of a search.
        ///
        /// # Errors
        ///
        /// As [`contacts`](Self::contacts); [`Error::is_invalid_input`] also for an empty filter ([`Selection::all`]
        /// exports everything) and for conditions that cannot be combined.
        pub fn contacts_matching(
            &self,
            filter: crate::filter::Filter<crate::resources::contacts::Contacts>,
            fields: impl IntoIterator<Item = impl Into<String>>,
        ) -> crate::error::Result<crate::models::ContactExport> {
            self.client.wait(self.inner.contacts_matching(filter, fields))
        }
        /// Queues an export of the companies that match a filter (`exportCompaniesToCsv`), with the named fields only, or with all
        /// of them if none are named. Undocumented: the vendor's own client exports by the filter of a search.
        ///
        /// # Errors
        ///
        /// As [`contacts_matching`](Self::contacts_matching).
        pub fn companies_matching(
            &self,
            filter: crate::filter::Filter<crate::resources::companies::Companies>,
            fields: impl IntoIterator<Item = impl Into<String>>,
        ) -> crate::error::Result<crate::models::CompanyExport> {
            self.client.wait(self.inner.companies_matching(filter, fields))
        }
        /// Waits until a file exists and downloads it (`downloadExportFile`).
        ///
        /// The API reports neither the progress of an export nor the name of its file. Until the file exists, the download
        /// returns 404, so a mistyped name cannot be distinguished from a file that is not complete yet.
        ///
        /// # Errors
        ///
        /// [`Error::is_still_running`] if it does not exist at the limit; call this again to continue waiting.
        pub fn wait_for(
            &self,
            file_name: &str,
            wait: &crate::wait::Wait,
        ) -> crate::error::Result<crate::blocking::download::Download> {
            let inner = self.client.wait(self.inner.wait_for(file_name, wait))?;
            Ok(<crate::blocking::download::Download>::new(&self.client, inner))
        }
        /// Downloads a file by its name (`downloadExportFile`) as a stream.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the file does not exist, or not yet.
        pub fn download(
            &self,
            file_name: &str,
        ) -> crate::error::Result<crate::blocking::download::Download> {
            let inner = self.client.wait(self.inner.download(file_name))?;
            Ok(<crate::blocking::download::Download>::new(&self.client, inner))
        }
    }
    impl crate::blocking::Client {
        /// Exports to CSV files.
        #[must_use]
        pub fn file_exports(&self) -> crate::blocking::file_exports::FileExports {
            <crate::blocking::file_exports::FileExports>::new(
                self,
                self.asynchronous().file_exports(),
            )
        }
    }
}
/// Blocking client of [`file_imports`](crate::file_imports).
pub mod file_imports {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::wait;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::wait::Wait;
    /// Imports of contacts and companies from CSV files, in two steps: the upload, then the import with a mapping of
    /// columns.
    #[derive(Debug, Clone)]
    pub struct FileImports {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::file_imports::FileImports,
    }
    impl FileImports {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::file_imports::FileImports,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for an import of contacts. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct ImportContacts {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::file_imports::ImportContacts,
    }
    impl ImportContacts {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::file_imports::ImportContacts,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// A running import of contacts.
    #[derive(Debug, Clone)]
    pub struct ImportJob {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::file_imports::ImportJob,
    }
    impl ImportJob {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::file_imports::ImportJob,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::file_imports::FileImports {
        /// Uploads a CSV file from memory (`uploadCsvFile`). Nothing is imported yet.
        ///
        /// # Errors
        ///
        /// As [`upload_from`](Self::upload_from).
        pub fn upload(
            &self,
            file_name: &str,
            content: impl Into<bytes::Bytes>,
        ) -> crate::error::Result<crate::models::FileImport> {
            self.client.wait(self.inner.upload(file_name, content))
        }
        /// Uploads a CSV file from disk (`uploadCsvFile`), reading it while it is sent. Nothing is imported yet.
        ///
        /// # Errors
        ///
        /// As [`upload_from`](Self::upload_from).
        pub fn upload_file(
            &self,
            path: impl AsRef<std::path::Path>,
        ) -> crate::error::Result<crate::models::FileImport> {
            self.client.wait(self.inner.upload_file(path))
        }
        /// Uploads a CSV file from memory, from disk or from a stream (`uploadCsvFile`). Nothing is imported yet. The media
        /// type is `text/csv` unless it is given; the API documents no maximum size.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`], before anything is sent, for a blank name and an empty or unreadable file; also if
        /// the size of the file changed while it was sent, in which case the API has not stored it.
        /// [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost:
        /// uploading again is safe.
        pub fn upload_from(
            &self,
            upload: crate::upload::Upload,
        ) -> crate::error::Result<crate::models::FileImport> {
            self.client.wait(self.inner.upload_from(upload))
        }
        /// Imports contacts from an uploaded file (`importLeadsFromFile`). The response does not contain how many were
        /// created. Returns a builder, whose `send` sends the request.
        ///
        /// `columns` maps the headers of the file to fields of a contact. Addresses go into `work_email` and
        /// `personal_email`; a plain `email` may not be stored.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without columns, for a blank one and for two with the same target;
        /// [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost.
        pub fn contacts<S: Into<String>, T: Into<String>>(
            &self,
            file_import_uuid: impl Into<String>,
            columns: impl IntoIterator<Item = (S, T)>,
        ) -> crate::blocking::file_imports::ImportContacts {
            <crate::blocking::file_imports::ImportContacts>::new(
                &self.client,
                self.inner.contacts(file_import_uuid, columns),
            )
        }
        /// Imports companies from an uploaded file (`importCompaniesFromFile`). The response does not contain how many were
        /// created.
        ///
        /// `columns` maps the headers of the file to fields of a company.
        ///
        /// # Errors
        ///
        /// As [`contacts`](Self::contacts).
        pub fn companies<S: Into<String>, T: Into<String>>(
            &self,
            file_import_uuid: &str,
            columns: impl IntoIterator<Item = (S, T)>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.companies(file_import_uuid, columns))
        }
    }
    impl crate::blocking::Client {
        /// Imports from CSV files.
        #[must_use]
        pub fn file_imports(&self) -> crate::blocking::file_imports::FileImports {
            <crate::blocking::file_imports::FileImports>::new(
                self,
                self.asynchronous().file_imports(),
            )
        }
    }
    impl crate::blocking::file_imports::ImportContacts {
        /// Starts the import and returns a job to wait for.
        ///
        /// The API does not report the progress of an import. The job watches the list that the contacts are added to, so a
        /// list is required, and its contacts are counted before the import (`countContacts`).
        ///
        /// # Errors
        ///
        /// As [`send`](Self::send); and [`Error::is_invalid_input`] without a list.
        pub fn start(
            self,
        ) -> crate::error::Result<crate::blocking::file_imports::ImportJob> {
            let inner = self.client.wait(self.inner.start())?;
            Ok(<crate::blocking::file_imports::ImportJob>::new(&self.client, inner))
        }
        /// Sets the list that the contacts are added to.
        pub fn list(self, list_uuid: impl Into<grinfi_raw::ids::ListId>) -> Self {
            Self {
                inner: self.inner.list(list_uuid),
                client: self.client,
            }
        }
        /// Sets the data source of new contacts. Undocumented: the vendor's own client sends it.
        pub fn data_source(
            self,
            data_source_uuid: impl Into<grinfi_raw::ids::DataSourceId>,
        ) -> Self {
            Self {
                inner: self.inner.data_source(data_source_uuid),
                client: self.client,
            }
        }
        /// Sets whether contacts that exist already are updated. Undocumented: the vendor's own client sends it.
        pub fn update_existing(self, update: bool) -> Self {
            Self {
                inner: self.inner.update_existing(update),
                client: self.client,
            }
        }
        /// Sets whether contacts that exist already move to the list. Undocumented: the vendor's own client sends it.
        pub fn move_to_list(self, move_to_list: bool) -> Self {
            Self {
                inner: self.inner.move_to_list(move_to_list),
                client: self.client,
            }
        }
        /// Sets whether the first row names the columns. Undocumented: the vendor's own client sends it.
        pub fn skip_first_row(self, skip: bool) -> Self {
            Self {
                inner: self.inner.skip_first_row(skip),
                client: self.client,
            }
        }
        /// Adds a tag to the contacts. Can be called several times.
        pub fn tag(self, tag_uuid: impl Into<grinfi_raw::ids::TagId>) -> Self {
            Self {
                inner: self.inner.tag(tag_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::file_imports::ImportContacts {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<()> {
            self.client.wait(self.inner)
        }
    }
    impl crate::blocking::file_imports::ImportJob {
        /// Sets the number of rows of the file, so that the end can be distinguished from a pause.
        #[must_use]
        pub fn expect(self, rows: u64) -> Self {
            Self {
                inner: self.inner.expect(rows),
                client: self.client,
            }
        }
        /// Returns the number of contacts that the list contained before, for `resume`.
        #[must_use]
        pub fn before(&self) -> u64 {
            self.inner.before()
        }
        /// Waits until the list has gained as many contacts as [expected](Self::expect), or has gained some and then not
        /// changed for the duration of [`Wait::settle`] (`countContacts`).
        ///
        /// An import that adds nothing, because every contact existed, cannot be distinguished from one that has not
        /// started; both are waited for until the limit. Contacts that others add to the same list meanwhile are counted
        /// too, so use a separate list per import.
        ///
        /// # Errors
        ///
        /// [`Error::is_still_running`] at the limit; call this again to continue waiting.
        pub fn wait(
            &self,
            wait: &crate::wait::Wait,
        ) -> crate::error::Result<crate::resources::file_imports::Imported> {
            self.client.wait(self.inner.wait(wait))
        }
    }
}
/// Blocking client of [`linkedin_browsers`](crate::linkedin_browsers).
pub mod linkedin_browsers {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Cloud browser seats that are logged in to LinkedIn. Their ids are numbers.
    #[derive(Debug, Clone)]
    pub struct LinkedinBrowsers {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::linkedin_browsers::LinkedinBrowsers,
    }
    impl LinkedinBrowsers {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::linkedin_browsers::LinkedinBrowsers,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::linkedin_browsers::LinkedinBrowsers {
        /// Lists the seats (`listLinkedInBrowsers`). They support no filter.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<
            crate::resources::linkedin_browsers::LinkedinBrowsers,
        > {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a seat (`getLinkedInBrowser`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            id: i64,
        ) -> crate::error::Result<crate::models::LinkedinBrowser> {
            self.client.wait(self.inner.get(id))
        }
        /// Creates a seat for a sender profile (`createLinkedInBrowser`), optionally with a proxy in a country such as
        /// `DE`.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a country code that is not two letters; [`Error::is_unknown_outcome`] if the
        /// response was lost.
        pub fn create(
            &self,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
            proxy_country: Option<&str>,
        ) -> crate::error::Result<crate::models::LinkedinBrowser> {
            self.client.wait(self.inner.create(sender_profile_uuid, proxy_country))
        }
        /// Updates a seat and returns it (`updateLinkedInBrowser`). The API describes no fields to change.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn update(
            &self,
            id: i64,
        ) -> crate::error::Result<crate::models::LinkedinBrowser> {
            self.client.wait(self.inner.update(id))
        }
        /// Deletes a seat (`deleteLinkedInBrowser`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(&self, id: i64) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(id))
        }
        /// Creates a link for the owner to log in to LinkedIn (`generateBrowserAccessKey`). It is secret, valid for seven
        /// days, and replaces the previous link.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn smart_login(
            &self,
            id: i64,
        ) -> crate::error::Result<crate::models::SmartLogin> {
            self.client.wait(self.inner.smart_login(id))
        }
        /// Starts a seat (`runLinkedInBrowser`). Its `status` shows the result: a seat without a login ends in
        /// `login_issue`, and its owner needs [`smart_login`](Self::smart_login) first.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn run(&self, id: i64) -> crate::error::Result<()> {
            self.client.wait(self.inner.run(id))
        }
        /// Stops a seat (`stopLinkedInBrowser`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn stop(&self, id: i64) -> crate::error::Result<()> {
            self.client.wait(self.inner.stop(id))
        }
        /// Sets the country of the proxy (`setLinkedInBrowserProxy`), such as `DE`.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a country code that is not two letters; [`Error::is_not_found`] if the id is
        /// unknown.
        pub fn set_proxy(&self, id: i64, country: &str) -> crate::error::Result<()> {
            self.client.wait(self.inner.set_proxy(id, country))
        }
        /// Shares a seat with people by their email addresses (`shareLinkedInBrowser`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without addresses and for an invalid one.
        pub fn share(
            &self,
            id: i64,
            recipients: impl IntoIterator<Item = impl Into<String>>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.share(id, recipients))
        }
    }
    impl crate::blocking::Client {
        /// Cloud browser seats that are logged in to LinkedIn.
        #[must_use]
        pub fn linkedin_browsers(
            &self,
        ) -> crate::blocking::linkedin_browsers::LinkedinBrowsers {
            <crate::blocking::linkedin_browsers::LinkedinBrowsers>::new(
                self,
                self.asynchronous().linkedin_browsers(),
            )
        }
    }
}
/// Blocking client of [`linkedin_conversations`](crate::linkedin_conversations).
pub mod linkedin_conversations {
    /// LinkedIn conversations. Their texts are in the [messages](crate::linkedin_messages::LinkedinMessages).
    #[derive(Debug, Clone)]
    pub struct LinkedinConversations {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::linkedin_conversations::LinkedinConversations,
    }
    impl LinkedinConversations {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::linkedin_conversations::LinkedinConversations,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::linkedin_conversations::LinkedinConversations {
        /// Lists the conversations (`listLinkedinConversations`). They support no order, and no filter by automation.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<
            crate::resources::linkedin_conversations::LinkedinConversations,
        > {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
    }
    impl crate::blocking::Client {
        /// LinkedIn conversations.
        #[must_use]
        pub fn linkedin_conversations(
            &self,
        ) -> crate::blocking::linkedin_conversations::LinkedinConversations {
            <crate::blocking::linkedin_conversations::LinkedinConversations>::new(
                self,
                self.asynchronous().linkedin_conversations(),
            )
        }
    }
}
/// Blocking client of [`linkedin_messages`](crate::linkedin_messages).
pub mod linkedin_messages {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::once;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::once::SendLookup;
    impl crate::blocking::linkedin_messages::LinkedinMessages {
        /// Deletes a message from Grinfi (`deleteLinkedinMessage`). A delivered message is probably not recalled.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::LinkedinMessageId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Sends a message again (`retryLinkedinMessage`), usually one with the status `failed`. The request is not retried
        /// once it may have arrived.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the message may have been sent: read its
        /// status before trying again.
        pub fn retry(
            &self,
            uuid: impl Into<grinfi_raw::ids::LinkedinMessageId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.retry(uuid))
        }
        /// Counts messages by status, type, sender profile or LinkedIn account (`groupCountLinkedinMessages`). These are
        /// sent and received messages, while the metrics of automations count the queue.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for conditions that cannot be combined and for an
        /// unsupported field.
        pub fn group_counts(
            &self,
            group_by: grinfi_raw::enums::LinkedinMessageGroup,
            filter: crate::filter::Filter<
                crate::resources::linkedin_messages::LinkedinMessages,
            >,
        ) -> crate::error::Result<std::collections::BTreeMap<String, i64>> {
            self.client.wait(self.inner.group_counts(group_by, filter))
        }
    }
    impl crate::blocking::linkedin_messages::SendLinkedinMessage {
        /// Sends the message. If the outcome is unknown, looks for the message in the conversation and returns it if found.
        ///
        /// Guarantees: this call sends the message at most once. A value means that the API has it. An error other than an
        /// [unknown outcome](crate::Error::is_unknown_outcome) means that the API does not have it.
        ///
        /// Before sending, it lists the messages with this text in the conversation. If the outcome is unknown, it lists
        /// the sender's newest messages to the contact, looking for a new one with this text that is not older than the
        /// call. It does so 5 times within 30 s, with the back-off of the client's [`RetryPolicy`](crate::RetryPolicy);
        /// [`lookup`](Self::lookup) changes that. If the message is not found, [`Error::lookups`](crate::Error::lookups)
        /// contains the number and duration of the lookups.
        ///
        /// It cannot prove that the message was *not* sent: the request may still be queued behind a gateway. So it never
        /// sends again, and a message that is not found remains an unknown outcome. (Requests that cannot have arrived,
        /// after a refused connection or a 429, are retried before that.) It cannot find a text that the API changes, such
        /// as one with template variables, and cannot distinguish a message with the same text that another program sends
        /// to the same contact at the same time; within one process such calls wait for each other.
        ///
        /// It takes one request more than sending alone. A deadline covers everything, including waiting for an earlier
        /// send to the same contact; a third of it, at most the timeout of the lookup, is reserved for the lookup.
        ///
        /// # Errors
        ///
        /// As awaiting it without `once`; also the error of the listing before, with nothing sent.
        pub fn once(self) -> crate::error::Result<crate::models::LinkedinMessage> {
            self.client.wait(self.inner.once())
        }
        /// Sets how often and how long [`once`](Self::once) looks if the outcome is unknown. Default [`SendLookup::new`].
        pub fn lookup(self, lookup: crate::once::SendLookup) -> Self {
            Self {
                inner: self.inner.lookup(lookup),
                client: self.client,
            }
        }
    }
    /// LinkedIn messages, received and sent.
    #[derive(Debug, Clone)]
    pub struct LinkedinMessages {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::linkedin_messages::LinkedinMessages,
    }
    impl LinkedinMessages {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::linkedin_messages::LinkedinMessages,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new message. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct SendLinkedinMessage {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::linkedin_messages::SendLinkedinMessage,
    }
    impl SendLinkedinMessage {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::linkedin_messages::SendLinkedinMessage,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::linkedin_messages::LinkedinMessages {
        /// Lists the messages (`listLinkedinMessages`).
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<
            crate::resources::linkedin_messages::LinkedinMessages,
        > {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Waits until a queued message is sent, that is, until its status is `done` (`listLinkedinMessages`).
        ///
        /// The API cannot get a single message, so this lists the newest hundred from the same sender profile to the same
        /// contact. The schedule and limits of the sender profile decide when it is sent, which can be the next day.
        ///
        /// # Errors
        ///
        /// [`Error::is_job_failed`](crate::Error::is_job_failed), with the API's reason, if sending failed;
        /// [`Error::is_still_running`](crate::Error::is_still_running) at the limit: call this again to continue waiting;
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a message without a contact or a sender profile.
        pub fn wait_until_sent(
            &self,
            message: &crate::models::LinkedinMessage,
            wait: &crate::wait::Wait,
        ) -> crate::error::Result<crate::models::LinkedinMessage> {
            self.client.wait(self.inner.wait_until_sent(message, wait))
        }
        /// Sends a message to a contact (`sendLinkedInMessage`). Returns a builder, whose `send` sends the request.
        ///
        /// The response means that the message is queued, not delivered. Its status changes from `new` to `in_progress` to
        /// `done` or `failed`; [`wait_until_sent`](Self::wait_until_sent) waits for that.
        ///
        /// The API has no idempotency key, so the request is not retried once it may have arrived.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid id or a blank text;
        /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the message may have been sent: look for it
        /// with [`list`](Self::list) before sending again, or use [`once`](SendLinkedinMessage::once), which does this.
        pub fn send(
            &self,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
            text: impl Into<String>,
        ) -> crate::blocking::linkedin_messages::SendLinkedinMessage {
            <crate::blocking::linkedin_messages::SendLinkedinMessage>::new(
                &self.client,
                self.inner.send(sender_profile_uuid, contact_uuid, text),
            )
        }
    }
    impl crate::blocking::Client {
        /// LinkedIn messages, received and sent.
        #[must_use]
        pub fn linkedin_messages(
            &self,
        ) -> crate::blocking::linkedin_messages::LinkedinMessages {
            <crate::blocking::linkedin_messages::LinkedinMessages>::new(
                self,
                self.asynchronous().linkedin_messages(),
            )
        }
    }
    impl crate::blocking::linkedin_messages::SendLinkedinMessage {
        /// Sets the template that the text is based on.
        pub fn template(
            self,
            template_uuid: impl Into<grinfi_raw::ids::TemplateId>,
        ) -> Self {
            Self {
                inner: self.inner.template(template_uuid),
                client: self.client,
            }
        }
        /// Sets the subject of an InMail, up to 511 characters. Undocumented: taken from a related product.
        pub fn subject(self, subject: impl Into<String>) -> Self {
            Self {
                inner: self.inner.subject(subject),
                client: self.client,
            }
        }
        /// Sets the LinkedIn product that sends the message, such as `basic`. Undocumented: taken from a related product.
        pub fn messenger_type(self, messenger_type: impl Into<String>) -> Self {
            Self {
                inner: self.inner.messenger_type(messenger_type),
                client: self.client,
            }
        }
        /// Attaches an uploaded file. Can be called several times.
        pub fn attachment(
            self,
            attachment_uuid: impl Into<grinfi_raw::ids::AttachmentId>,
        ) -> Self {
            Self {
                inner: self.inner.attachment(attachment_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::linkedin_messages::SendLinkedinMessage {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::LinkedinMessage> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`lists`](crate::lists).
pub mod lists {
    /// Lists of contacts.
    #[derive(Debug, Clone)]
    pub struct Lists {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::lists::Lists,
    }
    impl Lists {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::lists::Lists,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::lists::Lists {
        /// Lists the lists (`listLists`).
        pub fn list(&self) -> crate::blocking::Listing<crate::resources::lists::Lists> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a list (`getList`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::ListId>,
        ) -> crate::error::Result<crate::models::List> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates a list (`createList`). Two lists may have the same name.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(&self, name: &str) -> crate::error::Result<crate::models::List> {
            self.client.wait(self.inner.create(name))
        }
        /// Renames a list (`updateList`).
        ///
        /// # Errors
        ///
        /// As [`get`](Self::get) and [`create`](Self::create).
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::ListId>,
            name: &str,
        ) -> crate::error::Result<crate::models::List> {
            self.client.wait(self.inner.update(uuid, name))
        }
        /// Deletes a list (`deleteList`).
        ///
        /// # Errors
        ///
        /// As [`get`](Self::get).
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::ListId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Returns metrics of lists (`getListMetrics`). The format of the response is not described; `None` if it is empty.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without lists.
        pub fn metrics(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::ListId>>,
        ) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner.metrics(uuids))
        }
    }
    impl crate::blocking::Client {
        /// Lists of contacts.
        #[must_use]
        pub fn lists(&self) -> crate::blocking::lists::Lists {
            <crate::blocking::lists::Lists>::new(self, self.asynchronous().lists())
        }
    }
}
/// Blocking client of [`llms`](crate::llms).
pub mod llms {
    /// Language model integrations of AI agents and templates. Undocumented: the fields of a record are inferred.
    ///
    /// AI templates and AI agents refer to their language model by the UUID of an integration.
    #[derive(Debug, Clone)]
    pub struct Llms {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::llms::Llms,
    }
    impl Llms {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::llms::Llms,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new language model integration. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateLlm {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::llms::CreateLlm,
    }
    impl CreateLlm {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::llms::CreateLlm,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::llms::Llms {
        /// Lists all integrations of the team (`listLlms`, undocumented), without pages.
        pub fn list(&self) -> crate::error::Result<Vec<crate::models::Llm>> {
            self.client.wait(self.inner.list())
        }
        /// Gets an integration (`getLlm`, undocumented).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::LlmId>,
        ) -> crate::error::Result<crate::models::Llm> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Registers the API token of a provider (`createLlm`, undocumented). Returns a builder; await it to send the
        /// request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name or token;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost: look for the integration with
        /// [`list`](Self::list).
        pub fn create(
            &self,
            name: impl Into<String>,
            provider: grinfi_raw::enums::LlmProvider,
            provider_api_token: impl Into<grinfi_raw::Secret>,
        ) -> crate::blocking::llms::CreateLlm {
            <crate::blocking::llms::CreateLlm>::new(
                &self.client,
                self.inner.create(name, provider, provider_api_token),
            )
        }
        /// Changes the name or the token of an integration (`updateLlm`, undocumented). Fields that are `None` stay
        /// unchanged.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::LlmId>,
            changes: &crate::models::LlmUpdate,
        ) -> crate::error::Result<crate::models::Llm> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes an integration (`deleteLlm`, undocumented). Agents and templates that use it are not changed.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::LlmId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Language model integrations of AI agents and templates.
        #[must_use]
        pub fn llms(&self) -> crate::blocking::llms::Llms {
            <crate::blocking::llms::Llms>::new(self, self.asynchronous().llms())
        }
    }
    impl crate::blocking::llms::CreateLlm {
        /// Sets who pays the provider. The API's default is `customer`.
        pub fn owner(self, value: impl Into<grinfi_raw::enums::LlmOwner>) -> Self {
            Self {
                inner: self.inner.owner(value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::llms::CreateLlm {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Llm> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`mailbox_errors`](crate::mailbox_errors).
pub mod mailbox_errors {
    /// Errors of mailboxes, such as failed logins and rejected mail.
    #[derive(Debug, Clone)]
    pub struct MailboxErrors {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::mailbox_errors::MailboxErrors,
    }
    impl MailboxErrors {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::mailbox_errors::MailboxErrors,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::mailbox_errors::MailboxErrors {
        /// Lists the errors (`listMailboxErrors`). The API supports only free-text search here, and reports no total.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::mailbox_errors::MailboxErrors> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
    }
    impl crate::blocking::Client {
        /// Errors of mailboxes.
        #[must_use]
        pub fn mailbox_errors(&self) -> crate::blocking::mailbox_errors::MailboxErrors {
            <crate::blocking::mailbox_errors::MailboxErrors>::new(
                self,
                self.asynchronous().mailbox_errors(),
            )
        }
    }
}
/// Blocking client of [`mailboxes`](crate::mailboxes).
pub mod mailboxes {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Mailboxes: the email accounts of sender profiles.
    #[derive(Debug, Clone)]
    pub struct Mailboxes {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::mailboxes::Mailboxes,
    }
    impl Mailboxes {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::mailboxes::Mailboxes,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new mailbox. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateMailbox {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::mailboxes::CreateMailbox,
    }
    impl CreateMailbox {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::mailboxes::CreateMailbox,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::mailboxes::Mailboxes {
        /// Lists the mailboxes (`listMailboxes`).
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<crate::resources::mailboxes::Mailboxes> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a mailbox (`getMailbox`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::MailboxId>,
        ) -> crate::error::Result<crate::models::Mailbox> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Connects an email account to a sender profile (`createMailbox`). Set its servers and passwords with
        /// [`connection_settings`](CreateMailbox::connection_settings). Returns a builder, whose `send` sends the request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for an invalid address, a blank name, or a number out of range;
        /// [`Error::is_unknown_outcome`] if the response was lost.
        pub fn create(
            &self,
            email: impl Into<String>,
            sender_name: impl Into<String>,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
        ) -> crate::blocking::mailboxes::CreateMailbox {
            <crate::blocking::mailboxes::CreateMailbox>::new(
                &self.client,
                self.inner.create(email, sender_name, sender_profile_uuid),
            )
        }
        /// Changes the sender name, the limits, the tracking domain or the servers of a mailbox (`updateMailbox`). Fields
        /// that are `None` stay unchanged.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::MailboxId>,
            changes: &crate::models::MailboxUpdate,
        ) -> crate::error::Result<crate::models::Mailbox> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a mailbox (`deleteMailbox`) without a replacement in its automations.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::MailboxId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Deletes a mailbox (`deleteMailbox`) and replaces it in its automations by another.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if both are the same; [`Error::is_not_found`] if the id is unknown.
        pub fn delete_and_reassign(
            &self,
            uuid: impl Into<grinfi_raw::ids::MailboxId>,
            to: impl Into<grinfi_raw::ids::MailboxId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete_and_reassign(uuid, to))
        }
        /// Activates a mailbox for sending (`activateMailbox`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn activate(
            &self,
            uuid: impl Into<grinfi_raw::ids::MailboxId>,
        ) -> crate::error::Result<crate::models::Mailbox> {
            self.client.wait(self.inner.activate(uuid))
        }
        /// Deactivates a mailbox (`deactivateMailbox`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn deactivate(
            &self,
            uuid: impl Into<grinfi_raw::ids::MailboxId>,
        ) -> crate::error::Result<crate::models::Mailbox> {
            self.client.wait(self.inner.deactivate(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Mailboxes: the email accounts of sender profiles.
        #[must_use]
        pub fn mailboxes(&self) -> crate::blocking::mailboxes::Mailboxes {
            <crate::blocking::mailboxes::Mailboxes>::new(
                self,
                self.asynchronous().mailboxes(),
            )
        }
    }
    impl crate::blocking::mailboxes::CreateMailbox {
        /// Sets the email provider.
        pub fn provider(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.provider(value),
                client: self.client,
            }
        }
        /// Sets servers and credentials for sending (SMTP) and reading (IMAP).
        pub fn connection_settings(
            self,
            value: impl Into<crate::models::ConnectionSettings>,
        ) -> Self {
            Self {
                inner: self.inner.connection_settings(value),
                client: self.client,
            }
        }
        /// Sets how many emails automations may send per day.
        pub fn daily_limit(self, value: impl Into<i64>) -> Self {
            Self {
                inner: self.inner.daily_limit(value),
                client: self.client,
            }
        }
        /// Sets the time between two emails of automations. The unit is not documented.
        pub fn task_interval(self, value: impl Into<i64>) -> Self {
            Self {
                inner: self.inner.task_interval(value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::mailboxes::CreateMailbox {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Mailbox> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`notes`](crate::notes).
pub mod notes {
    /// Notes on contacts and companies.
    #[derive(Debug, Clone)]
    pub struct Notes {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::notes::Notes,
    }
    impl Notes {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::notes::Notes,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::notes::Notes {
        /// Lists the notes of the team (`listNotes`). The API supports no filter here; each note contains the id of its
        /// contact or company.
        pub fn list(&self) -> crate::blocking::Listing<crate::resources::notes::Notes> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a note (`getNote`, undocumented).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::NoteId>,
        ) -> crate::error::Result<crate::models::Note> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates a note on a contact or a company (`createNote`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank note;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            target: impl Into<crate::resources::selection::Target>,
            note: &str,
        ) -> crate::error::Result<crate::models::Note> {
            self.client.wait(self.inner.create(target, note))
        }
        /// Replaces the text of a note (`updateNote`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::NoteId>,
            note: &str,
        ) -> crate::error::Result<crate::models::Note> {
            self.client.wait(self.inner.update(uuid, note))
        }
        /// Deletes a note (`deleteNote`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::NoteId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Notes on contacts and companies.
        #[must_use]
        pub fn notes(&self) -> crate::blocking::notes::Notes {
            <crate::blocking::notes::Notes>::new(self, self.asynchronous().notes())
        }
    }
}
/// Blocking client of [`outbound_requests`](crate::outbound_requests).
pub mod outbound_requests {
    /// Log of the requests that the vendor sent to other servers: calls of webhooks, of automations and of enrichment.
    ///
    /// The log shows which webhook calls failed. Undocumented: the fields of an entry are inferred.
    #[derive(Debug, Clone)]
    pub struct OutboundRequests {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::outbound_requests::OutboundRequests,
    }
    impl OutboundRequests {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::outbound_requests::OutboundRequests,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::outbound_requests::OutboundRequests {
        /// Lists the requests (`listOutboundRequests`, undocumented), newest first unless another order is set.
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<
            crate::resources::outbound_requests::OutboundRequests,
        > {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
    }
    impl crate::blocking::Client {
        /// Log of the requests that the vendor sent to other servers.
        #[must_use]
        pub fn outbound_requests(
            &self,
        ) -> crate::blocking::outbound_requests::OutboundRequests {
            <crate::blocking::outbound_requests::OutboundRequests>::new(
                self,
                self.asynchronous().outbound_requests(),
            )
        }
    }
}
/// Blocking client of [`pipeline_stages`](crate::pipeline_stages).
pub mod pipeline_stages {
    /// Stages of the pipelines. Contacts and companies have one pipeline each.
    #[derive(Debug, Clone)]
    pub struct PipelineStages {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::pipeline_stages::PipelineStages,
    }
    impl PipelineStages {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::pipeline_stages::PipelineStages,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new stage. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreatePipelineStage {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::pipeline_stages::CreatePipelineStage,
    }
    impl CreatePipelineStage {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::pipeline_stages::CreatePipelineStage,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::pipeline_stages::PipelineStages {
        /// Lists the stages of one pipeline (`listPipelineStages`): that of contacts, [`ObjectKind::Contact`](grinfi_raw::enums::ObjectKind::Contact), or that of companies.
        ///
        /// The API requires the pipeline as a JSON text in `filter`, and supports no pages, order or further filter.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an object that the API does not know, such as
        /// `contact`.
        pub fn list(
            &self,
            object: grinfi_raw::enums::ObjectKind,
        ) -> crate::error::Result<Vec<crate::models::PipelineStage>> {
            self.client.wait(self.inner.list(object))
        }
        /// Creates a stage in one of the pipelines (`createPipelineStage`). Returns a builder; await it to send the
        /// request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            object: grinfi_raw::enums::ObjectKind,
            category: grinfi_raw::enums::PipelineStageCategory,
            name: impl Into<String>,
        ) -> crate::blocking::pipeline_stages::CreatePipelineStage {
            <crate::blocking::pipeline_stages::CreatePipelineStage>::new(
                &self.client,
                self.inner.create(object, category, name),
            )
        }
        /// Changes a stage (`updatePipelineStage`). Fields that are `None` stay unchanged; a stage cannot move to the other
        /// pipeline.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::PipelineStageId>,
            changes: &crate::models::PipelineStageUpdate,
        ) -> crate::error::Result<crate::models::PipelineStage> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a stage (`deletePipelineStage`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::PipelineStageId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Stages of the pipelines of contacts and companies.
        #[must_use]
        pub fn pipeline_stages(
            &self,
        ) -> crate::blocking::pipeline_stages::PipelineStages {
            <crate::blocking::pipeline_stages::PipelineStages>::new(
                self,
                self.asynchronous().pipeline_stages(),
            )
        }
    }
    impl crate::blocking::pipeline_stages::CreatePipelineStage {
        /// Sets the position within the pipeline.
        pub fn order(self, order: i64) -> Self {
            Self {
                inner: self.inner.order(order),
                client: self.client,
            }
        }
    }
    impl crate::blocking::pipeline_stages::CreatePipelineStage {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::PipelineStage> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`sender_profiles`](crate::sender_profiles).
pub mod sender_profiles {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Sender profiles, the identities that messages are sent from: a LinkedIn account, a mailbox, a schedule.
    #[derive(Debug, Clone)]
    pub struct SenderProfiles {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::sender_profiles::SenderProfiles,
    }
    impl SenderProfiles {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::sender_profiles::SenderProfiles,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new sender profile. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateSenderProfile {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::sender_profiles::CreateSenderProfile,
    }
    impl CreateSenderProfile {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::sender_profiles::CreateSenderProfile,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::sender_profiles::SenderProfiles {
        /// Lists the sender profiles (`listSenderProfiles`).
        pub fn list(
            &self,
        ) -> crate::blocking::Listing<
            crate::resources::sender_profiles::SenderProfiles,
        > {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a sender profile (`getSenderProfile`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
        ) -> crate::error::Result<crate::models::SenderProfile> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates a sender profile (`createSenderProfile`) assigned to a user of the team. Returns a builder; await it to
        /// send the request.
        ///
        /// LinkedIn and email have separate schedules here, while the returned profile has only one.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a blank name or invalid hours; [`Error::is_unknown_outcome`] if the response was
        /// lost.
        pub fn create(
            &self,
            first_name: impl Into<String>,
            last_name: impl Into<String>,
            assignee_user_id: i64,
        ) -> crate::blocking::sender_profiles::CreateSenderProfile {
            <crate::blocking::sender_profiles::CreateSenderProfile>::new(
                &self.client,
                self.inner.create(first_name, last_name, assignee_user_id),
            )
        }
        /// Changes the name, the label or the schedule of a sender profile (`updateSenderProfile`). Its status is changed by
        /// [`enable`](Self::enable) and [`disable`](Self::disable).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
            changes: &crate::models::SenderProfileUpdate,
        ) -> crate::error::Result<crate::models::SenderProfile> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a sender profile (`deleteSenderProfile`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Allows automations to send from a sender profile (`enableSenderProfile`). Queued messages can be sent at once.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn enable(
            &self,
            uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.enable(uuid))
        }
        /// Stops automations from sending from a sender profile (`disableSenderProfile`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn disable(
            &self,
            uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.disable(uuid))
        }
    }
    impl crate::blocking::Client {
        /// Sender profiles, the identities that messages are sent from.
        #[must_use]
        pub fn sender_profiles(
            &self,
        ) -> crate::blocking::sender_profiles::SenderProfiles {
            <crate::blocking::sender_profiles::SenderProfiles>::new(
                self,
                self.asynchronous().sender_profiles(),
            )
        }
    }
    impl crate::blocking::sender_profiles::CreateSenderProfile {
        /// Sets the label.
        pub fn label(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.label(value),
                client: self.client,
            }
        }
        /// Sets the schedule for LinkedIn.
        pub fn linkedin_schedule(
            self,
            value: impl Into<crate::models::Schedule>,
        ) -> Self {
            Self {
                inner: self.inner.linkedin_schedule(value),
                client: self.client,
            }
        }
        /// Sets the schedule for email.
        pub fn email_schedule(self, value: impl Into<crate::models::Schedule>) -> Self {
            Self {
                inner: self.inner.email_schedule(value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::sender_profiles::CreateSenderProfile {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::SenderProfile> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`tags`](crate::tags).
pub mod tags {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Tags of contacts and companies.
    #[derive(Debug, Clone)]
    pub struct Tags {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::tags::Tags,
    }
    impl Tags {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::tags::Tags,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new tag. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateTag {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::tags::CreateTag,
    }
    impl CreateTag {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::tags::CreateTag,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::tags::Tags {
        /// Lists all tags of the team (`listTags`). The API supports no pages, filter or order here. If it reports more
        /// rows than it returned, the others are requested too.
        ///
        /// # Errors
        ///
        /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API reports more rows than it returns.
        pub fn list(&self) -> crate::error::Result<Vec<crate::models::Tag>> {
            self.client.wait(self.inner.list())
        }
        /// Creates a tag (`createTag`). Returns a builder, whose `send` sends the request.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for a blank name or color; [`Error::is_unknown_outcome`] if the response was lost.
        pub fn create(
            &self,
            name: impl Into<String>,
        ) -> crate::blocking::tags::CreateTag {
            <crate::blocking::tags::CreateTag>::new(
                &self.client,
                self.inner.create(name),
            )
        }
        /// Changes a tag (`updateTag`). Fields that are `None` stay unchanged.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::TagId>,
            changes: &crate::models::TagUpdate,
        ) -> crate::error::Result<crate::models::Tag> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a tag (`deleteTag`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::TagId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Counts the records with the tags (`getTagMetrics`). The format of the response is not described; `None` if it is
        /// empty.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] without tags or without metrics, for an id that is not a UUID and for an unknown metric.
        pub fn metrics(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::TagId>>,
            metrics: impl IntoIterator<Item = grinfi_raw::enums::TagMetric>,
        ) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner.metrics(uuids, metrics))
        }
    }
    impl crate::blocking::Client {
        /// Tags of contacts and companies.
        #[must_use]
        pub fn tags(&self) -> crate::blocking::tags::Tags {
            <crate::blocking::tags::Tags>::new(self, self.asynchronous().tags())
        }
    }
    impl crate::blocking::tags::CreateTag {
        /// Sets the color, such as `#ff5733`.
        pub fn color(self, color: impl Into<String>) -> Self {
            Self {
                inner: self.inner.color(color),
                client: self.client,
            }
        }
    }
    impl crate::blocking::tags::CreateTag {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Tag> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`tasks`](crate::tasks).
pub mod tasks {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::search::Search;
    /// Builder for a restart of contacts. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct RestartFromTop {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::tasks::restart::RestartFromTop,
    }
    impl RestartFromTop {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::tasks::restart::RestartFromTop,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::tasks::Tasks {
        /// Restarts the contacts of the matching tasks from the first step of their automation (`massRestartTasksFromTop`,
        /// undocumented). Returns a builder, whose `send` sends the request.
        ///
        /// **The first messages of the automation are sent to these people again.** Count the matching tasks with
        /// [`group_counts`](Self::group_counts) first, and exclude contacts who replied (`automation_error_code` is
        /// `replied`). The request is not retried once it may have arrived.
        ///
        /// `contact_source_id` is the contact source of the automation, usually 1. The response is not described, so it is
        /// returned as JSON.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for an empty filter, which would restart everyone, and for conditions that cannot be
        /// combined; [`Error::is_unknown_outcome`] if the response was lost.
        pub fn restart_from_top(
            &self,
            automation_uuid: impl Into<grinfi_raw::ids::AutomationId>,
            filter: crate::filter::Filter<crate::resources::tasks::Tasks>,
            contact_source_id: i64,
        ) -> crate::blocking::tasks::RestartFromTop {
            <crate::blocking::tasks::RestartFromTop>::new(
                &self.client,
                self.inner.restart_from_top(automation_uuid, filter, contact_source_id),
            )
        }
    }
    impl crate::blocking::tasks::RestartFromTop {
        /// Sets the sender profile for the contacts. Without it each contact keeps its own.
        pub fn sender_profile(
            self,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
        ) -> Self {
            Self {
                inner: self.inner.sender_profile(sender_profile_uuid),
                client: self.client,
            }
        }
    }
    impl crate::blocking::tasks::RestartFromTop {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner)
        }
    }
    /// Tasks: the steps of automations per contact, and manually created ones.
    ///
    /// Messages sent in a week, by sender profile:
    #[derive(Debug, Clone)]
    pub struct Tasks {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::tasks::Tasks,
    }
    impl Tasks {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::tasks::Tasks,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new task. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateTask {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::tasks::CreateTask,
    }
    impl CreateTask {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::tasks::CreateTask,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::tasks::Tasks {
        /// Lists the tasks (`listTasks`).
        ///
        /// [`complete`](Search::complete) reads them by `executed_at`: `schedule_at` can change, and tasks cannot be
        /// filtered by `created_at`. Pending tasks have no `executed_at` and come first. A task that is retried meanwhile
        /// may get a new time and is then returned again.
        pub fn list(&self) -> crate::blocking::Listing<crate::resources::tasks::Tasks> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a task (`getTask`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::TaskId>,
        ) -> crate::error::Result<crate::models::Task> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Creates a task outside of automations (`createTask`), by default a LinkedIn message to the contact that is sent
        /// when it is due. Returns a builder, whose `send` sends the request.
        ///
        /// The API has no idempotency key, so the request is not retried once it may have arrived.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid id or a blank text;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the task may have been created: look for it
        /// with [`list`](Self::list) before creating it again.
        pub fn create<Tz: chrono::TimeZone>(
            &self,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
            text: impl Into<String>,
            schedule_at: chrono::DateTime<Tz>,
        ) -> crate::blocking::tasks::CreateTask {
            <crate::blocking::tasks::CreateTask>::new(
                &self.client,
                self.inner.create(contact_uuid, sender_profile_uuid, text, schedule_at),
            )
        }
        /// Marks a task as completed (`completeTask`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn close(
            &self,
            uuid: impl Into<grinfi_raw::ids::TaskId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.close(uuid))
        }
        /// Cancels a task (`cancelTask`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn cancel(
            &self,
            uuid: impl Into<grinfi_raw::ids::TaskId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.cancel(uuid))
        }
        /// Marks a task as failed (`failTask`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn fail(
            &self,
            uuid: impl Into<grinfi_raw::ids::TaskId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.fail(uuid))
        }
        /// Retries a task (`retryTask`, undocumented), usually a failed one. This can send a message to its contact: read
        /// `automation_error_code` and `error_msg` first. The request itself is not retried once it may have arrived.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn retry(
            &self,
            uuid: impl Into<grinfi_raw::ids::TaskId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.retry(uuid))
        }
        /// Skips a task (`skipTask`, undocumented). The automation continues with the next step, which can send to the
        /// contact.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn skip(
            &self,
            uuid: impl Into<grinfi_raw::ids::TaskId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.skip(uuid))
        }
        /// Continues the automation of a contact (`continueAutomation`). The following steps can send to the contact.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn continue_automation(
            &self,
            contact_uuid: impl Into<grinfi_raw::ids::ContactId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.continue_automation(contact_uuid))
        }
        /// Gets the schedule of a sender profile for a day (`getTasksSchedule`). The response is not described, so it is
        /// returned as JSON.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid id.
        pub fn schedule(
            &self,
            sender_profile_uuid: impl Into<grinfi_raw::ids::SenderProfileId>,
            date: chrono::NaiveDate,
        ) -> crate::error::Result<Option<serde_json::Value>> {
            self.client.wait(self.inner.schedule(sender_profile_uuid, date))
        }
        /// Cancels several tasks (`massCancelTasks`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
        pub fn cancel_many(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::TaskId>>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.cancel_many(uuids))
        }
        /// Marks several tasks as completed (`massCompleteTasks`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
        pub fn close_many(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::TaskId>>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.close_many(uuids))
        }
        /// Retries several tasks (`massRetryTasks`), usually failed ones. This can send messages to their contacts: read
        /// `automation_error_code` and `error_msg` first. The request itself is not retried once it may have arrived.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
        pub fn retry_many(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::TaskId>>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.retry_many(uuids))
        }
        /// Skips several tasks (`massSkipTasks`).
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
        pub fn skip_many(
            &self,
            uuids: impl IntoIterator<Item = impl Into<grinfi_raw::ids::TaskId>>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.skip_many(uuids))
        }
        /// Counts tasks by automation, sender profile, type, status or error code (`groupCountTasks`). To count sent
        /// messages, filter by the status `closed` and a range of `executed_at`.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for conditions that cannot be combined and for an
        /// unsupported field.
        pub fn group_counts(
            &self,
            group_by: grinfi_raw::enums::TaskGroup,
            filter: crate::filter::Filter<crate::resources::tasks::Tasks>,
        ) -> crate::error::Result<std::collections::BTreeMap<String, i64>> {
            self.client.wait(self.inner.group_counts(group_by, filter))
        }
    }
    impl crate::blocking::Client {
        /// Tasks: the steps of automations per contact, and manually created ones.
        #[must_use]
        pub fn tasks(&self) -> crate::blocking::tasks::Tasks {
            <crate::blocking::tasks::Tasks>::new(self, self.asynchronous().tasks())
        }
    }
    impl crate::blocking::tasks::CreateTask {
        /// Sets the type. The API's default is `linkedin_send_message`.
        pub fn type_(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.type_(value),
                client: self.client,
            }
        }
        /// Sets a note.
        pub fn note(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.note(value),
                client: self.client,
            }
        }
        /// Sets the time zone, such as `Europe/Berlin`. The API's default is UTC.
        pub fn timezone(self, value: impl Into<String>) -> Self {
            Self {
                inner: self.inner.timezone(value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::tasks::CreateTask {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Task> {
            self.client.wait(self.inner)
        }
    }
}
/// Blocking client of [`teams`](crate::teams).
pub mod teams {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::client::Client;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    /// Teams, with their plans and credits. Each API key belongs to one team.
    #[derive(Debug, Clone)]
    pub struct Teams {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::teams::Teams,
    }
    impl Teams {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::teams::Teams,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::teams::Teams {
        /// Lists the teams of the user (`listTeams`). The API supports neither a filter nor an order here.
        pub fn list(&self) -> crate::blocking::Listing<crate::resources::teams::Teams> {
            crate::blocking::Listing::new(&self.client, self.inner.list())
        }
        /// Gets a team (`getTeam`). [`Client::team_id`] returns the id of the key's team.
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`] if the id is unknown.
        pub fn get(&self, id: i64) -> crate::error::Result<crate::models::Team> {
            self.client.wait(self.inner.get(id))
        }
        /// Returns the cost of this many sender profiles for a team (`checkTeamLimits`). Nothing is changed or bought.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`] for less than one sender profile; [`Error::is_out_of_credits`] if the plan of the team
        /// does not allow it.
        pub fn check_limits(
            &self,
            id: i64,
            sender_profiles: u32,
        ) -> crate::error::Result<crate::models::TeamLimits> {
            self.client.wait(self.inner.check_limits(id, sender_profiles))
        }
    }
    impl crate::blocking::Client {
        /// Teams, with their plans and credits.
        #[must_use]
        pub fn teams(&self) -> crate::blocking::teams::Teams {
            <crate::blocking::teams::Teams>::new(self, self.asynchronous().teams())
        }
    }
}
/// Blocking client of [`users`](crate::users).
pub mod users {
    /// The user of the API key.
    #[derive(Debug, Clone)]
    pub struct Users {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::users::Users,
    }
    impl Users {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::users::Users,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::users::Users {
        /// Gets the user of the API key (`getCurrentUser`). This is the simplest way to test a key.
        ///
        /// # Errors
        ///
        /// [`Error::is_unauthorized`](crate::Error::is_unauthorized) if the key is not accepted.
        pub fn current(&self) -> crate::error::Result<crate::models::User> {
            self.client.wait(self.inner.current())
        }
    }
    impl crate::blocking::Client {
        /// The user of the API key.
        #[must_use]
        pub fn users(&self) -> crate::blocking::users::Users {
            <crate::blocking::users::Users>::new(self, self.asynchronous().users())
        }
    }
}
/// Blocking client of [`webhooks`](crate::webhooks).
pub mod webhooks {
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::error::Error;
    #[allow(unused_imports, reason = "for links in doc comments")]
    use crate::resources::webhooks::EnsuredWebhook;
    /// Webhooks: HTTP requests that Grinfi sends on events, one event each.
    ///
    /// The requests are not signed. Put a secret into the target URL to authenticate them, and parse their bodies with
    /// [`WebhookPayload`](crate::webhooks::WebhookPayload).
    #[derive(Debug, Clone)]
    pub struct Webhooks {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::webhooks::Webhooks,
    }
    impl Webhooks {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::webhooks::Webhooks,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for a new webhook. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct CreateWebhook {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::webhooks::CreateWebhook,
    }
    impl CreateWebhook {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::webhooks::CreateWebhook,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    /// Builder for `ensure`. [`send`](Self::send) sends it.
    #[derive(Debug, Clone)]
    #[must_use = "nothing is sent until `send` is called"]
    pub struct EnsureWebhook {
        pub(crate) client: crate::blocking::Client,
        pub(crate) inner: crate::resources::webhooks::EnsureWebhook,
    }
    impl EnsureWebhook {
        pub(crate) fn new(
            client: &crate::blocking::Client,
            inner: crate::resources::webhooks::EnsureWebhook,
        ) -> Self {
            Self {
                client: client.clone(),
                inner,
            }
        }
    }
    impl crate::blocking::webhooks::Webhooks {
        /// Lists all webhooks (`listWebhooks`). The API documents no pages here but returns them; this reads all of them.
        ///
        /// # Errors
        ///
        /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API reports more rows than it returns.
        pub fn list(&self) -> crate::error::Result<Vec<crate::models::Webhook>> {
            self.client.wait(self.inner.list())
        }
        /// Gets a webhook (`getWebhook`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn get(
            &self,
            uuid: impl Into<grinfi_raw::ids::WebhookId>,
        ) -> crate::error::Result<crate::models::Webhook> {
            self.client.wait(self.inner.get(uuid))
        }
        /// Registers a webhook (`createWebhook`). Registering the same webhook again creates a second one, and each event
        /// then arrives twice: use [`ensure`](Self::ensure) in programs that run repeatedly. Returns a builder; await it to
        /// send the request.
        ///
        /// The HTTP method, which the API requires although it documents a default, is POST unless it is set.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name or an invalid target URL;
        /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
        /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
        pub fn create(
            &self,
            name: impl Into<String>,
            event: impl Into<grinfi_raw::enums::WebhookEvent>,
            target_url: impl Into<grinfi_raw::Secret>,
        ) -> crate::blocking::webhooks::CreateWebhook {
            <crate::blocking::webhooks::CreateWebhook>::new(
                &self.client,
                self.inner.create(name, event, target_url),
            )
        }
        /// Ensures that exactly one webhook exists for an event and a target, with this method and these filters. Returns a
        /// builder; await it to send the requests.
        ///
        /// The existing webhooks (`listWebhooks`) decide:
        ///
        /// - none for this event and target: it is registered (`createWebhook`);
        /// - one that has the same method and filters: it is handed out as it is, with its own name and status; one that
        ///   somebody switched off stays off;
        /// - one that has others: its method and filters are changed (`updateWebhook`), unless
        ///   [`beside_others`](EnsureWebhook::beside_others) says that such a one is somebody else's;
        /// - several: none is deleted. If one of them is as wanted it is handed out and the others are named in
        ///   [`duplicates`](EnsuredWebhook::duplicates); if none is, that is an error, because which to change cannot be known.
        ///
        /// Targets are compared as URLs: `https://example.com` and `https://EXAMPLE.com:443/` are equal.
        ///
        /// If the response to the registration is lost, this lists the webhooks again. Two programs that do this at the
        /// same time can still register two.
        ///
        /// # Errors
        ///
        /// As [`list`](Self::list), [`create`](Self::create) and [`update`](Self::update);
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) with the field `target_url` if several webhooks
        /// exist and none matches.
        pub fn ensure(
            &self,
            name: impl Into<String>,
            event: impl Into<grinfi_raw::enums::WebhookEvent>,
            target_url: impl Into<grinfi_raw::Secret>,
        ) -> crate::blocking::webhooks::EnsureWebhook {
            <crate::blocking::webhooks::EnsureWebhook>::new(
                &self.client,
                self.inner.ensure(name, event, target_url),
            )
        }
        /// Changes a webhook (`updateWebhook`). Fields that are `None` stay unchanged; the status `off` pauses it.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn update(
            &self,
            uuid: impl Into<grinfi_raw::ids::WebhookId>,
            changes: &crate::models::WebhookUpdate,
        ) -> crate::error::Result<crate::models::Webhook> {
            self.client.wait(self.inner.update(uuid, changes))
        }
        /// Deletes a webhook (`deleteWebhook`).
        ///
        /// # Errors
        ///
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn delete(
            &self,
            uuid: impl Into<grinfi_raw::ids::WebhookId>,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.delete(uuid))
        }
        /// Sends a test request to a webhook (`testWebhook`). The API requires all four arguments.
        ///
        /// # Errors
        ///
        /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid target URL;
        /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
        pub fn test(
            &self,
            uuid: impl Into<grinfi_raw::ids::WebhookId>,
            event: impl Into<grinfi_raw::enums::WebhookEvent>,
            request_method: impl Into<grinfi_raw::enums::HttpMethod>,
            target_url: &str,
        ) -> crate::error::Result<()> {
            self.client.wait(self.inner.test(uuid, event, request_method, target_url))
        }
    }
    impl crate::blocking::Client {
        /// Webhooks: HTTP requests that Grinfi sends on events.
        #[must_use]
        pub fn webhooks(&self) -> crate::blocking::webhooks::Webhooks {
            <crate::blocking::webhooks::Webhooks>::new(
                self,
                self.asynchronous().webhooks(),
            )
        }
    }
    impl crate::blocking::webhooks::CreateWebhook {
        /// Sets the HTTP method. Default POST.
        pub fn request_method(
            self,
            value: impl Into<grinfi_raw::enums::HttpMethod>,
        ) -> Self {
            Self {
                inner: self.inner.request_method(value),
                client: self.client,
            }
        }
        /// Sets the status; `off` registers it paused.
        pub fn status(self, value: impl Into<grinfi_raw::enums::WebhookStatus>) -> Self {
            Self {
                inner: self.inner.status(value),
                client: self.client,
            }
        }
        /// Sets a JsonLogic condition for sending a request.
        pub fn filters(
            self,
            value: impl Into<serde_json::Map<String, serde_json::Value>>,
        ) -> Self {
            Self {
                inner: self.inner.filters(value),
                client: self.client,
            }
        }
    }
    impl crate::blocking::webhooks::CreateWebhook {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(self) -> crate::error::Result<crate::models::Webhook> {
            self.client.wait(self.inner)
        }
    }
    impl crate::blocking::webhooks::EnsureWebhook {
        /// Sets the HTTP method. Default POST.
        pub fn request_method(
            self,
            method: impl Into<grinfi_raw::enums::HttpMethod>,
        ) -> Self {
            Self {
                inner: self.inner.request_method(method),
                client: self.client,
            }
        }
        /// Sets a JsonLogic condition for sending a request.
        pub fn filters(
            self,
            filters: impl Into<serde_json::Map<String, serde_json::Value>>,
        ) -> Self {
            Self {
                inner: self.inner.filters(filters),
                client: self.client,
            }
        }
        /// Leaves webhooks with another method or other filters unchanged, for several webhooks of one event and target
        /// with different filters.
        pub fn beside_others(self) -> Self {
            Self {
                inner: self.inner.beside_others(),
                client: self.client,
            }
        }
    }
    impl crate::blocking::webhooks::EnsureWebhook {
        /// Sends the request and waits for the response.
        ///
        /// # Errors
        ///
        /// As described at the method that returned this builder.
        pub fn send(
            self,
        ) -> crate::error::Result<crate::resources::webhooks::EnsuredWebhook> {
            self.client.wait(self.inner)
        }
    }
}
