//! AI templates.

use std::future::IntoFuture;

use grinfi_raw::{
    enums::AiTemplateType,
    ids::{AiTemplateId, ContactId, SenderProfileId},
    options,
    types::{CreateAiTemplateBody, RenderAiTemplateBody},
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    models::{AiTemplate, AiTemplateUpdate, RenderedTemplate},
    page::{BoxFuture, Page},
    resources::{
        macros::{handle, setters},
        validate,
    },
    search::{Listed, Query, Search},
};

handle! {
    /// AI templates: fixed texts with variables, instructions for a language models, or both.
    ///
    /// Texts take `{{variable}}`, `{{ "a|b" | spintax }}` and `{% if %}`. A variable that is not known renders empty without
    /// an error, so [`render`](Self::render) one before it is used.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::models::enums::AiTemplateType;
    ///
    /// let templates = client.ai_templates();
    /// let hello = templates.create("Hello", AiTemplateType::Message, true).body("Hi {{first_name}}!").await?;
    /// let rendered = templates.render(&contact, &sender).template(&hello.uuid).await?;
    /// println!("{:?} {:?}", rendered.rendered_body, rendered.handling_error);
    /// # Ok(())
    /// # }
    /// ```
    AiTemplates
}

impl Client {
    /// AI templates.
    #[must_use]
    pub fn ai_templates(&self) -> AiTemplates {
        AiTemplates::new(self.clone())
    }
}

impl AiTemplates {
    /// Lists the templates (`listAiTemplates`), deleted ones too. They take neither filter nor order.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a template. One that was deleted still answers (`getAiTemplate`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<AiTemplateId>) -> Result<AiTemplate> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_ai_template(uuid.as_str())).await
    }

    /// Creates a template (`createAiTemplate`), for the whole team if it is public. Without `is_public` the API answers 500;
    /// here it cannot be left out.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name; [`Error::is_validation`] if the API refuses it;
    /// [`Error::is_unknown_outcome`] if the answer was lost.
    pub fn create(&self, name: impl Into<String>, kind: AiTemplateType, is_public: bool) -> CreateAiTemplate {
        CreateAiTemplate {
            client: self.client.clone(),
            body: CreateAiTemplateBody::new(is_public.into(), name, kind),
        }
    }

    /// Changes a template (`updateAiTemplate`). What is `None` stays.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if nothing would change;
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn update(
        &self,
        uuid: impl Into<AiTemplateId>,
        changes: &AiTemplateUpdate,
    ) -> Result<AiTemplate> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("name", changes.name.as_deref())?;
        self.client.call(self.client.raw().update_ai_template(uuid.as_str(), changes)).await
    }

    /// Deletes a template. It still answers to `get` and `list`; that this succeeded is the only sign (`deleteAiTemplate`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<AiTemplateId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_ai_template(uuid.as_str())).await
    }

    /// Renders a template for a contact and a sender profile (`renderAiTemplate`): a saved one by
    /// [`template`](RenderAiTemplate::template), or one given here by its text or its instructions. Nothing goes to anyone.
    ///
    /// Success may still hold a `handling_error`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if there is nothing to render; [`Error::is_validation`] if the API refuses it.
    pub fn render(
        &self,
        contact_uuid: impl Into<ContactId>,
        sender_profile_uuid: impl Into<SenderProfileId>,
    ) -> RenderAiTemplate {
        RenderAiTemplate {
            client: self.client.clone(),
            body: RenderAiTemplateBody::new(contact_uuid, sender_profile_uuid),
        }
    }
}

/// A template about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateAiTemplate {
    client: Client,
    body: CreateAiTemplateBody,
}

impl CreateAiTemplate {
    setters! {
        /// The subject, for emails.
        subject(String) => subject;
        /// The text, with variables.
        body(String) => body;
        /// The instructions for the language model.
        prompt(String) => prompt;
        /// The id of the language model.
        llm(String) => llm_uuid;
        /// Settings for the language model.
        llm_config(Map<String, Value>) => llm_config;
        /// Whether the texts of the language model are checked.
        validation(bool) => enable_validation;
        /// Whether there is a text to fall back on.
        fallback(bool) => enable_fallback;
    }

    /// Further settings.
    pub fn settings(mut self, settings: Map<String, Value>) -> Self {
        self.body.settings = settings;
        self
    }
}

impl IntoFuture for CreateAiTemplate {
    type Output = Result<AiTemplate>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::text("name", &self.body.name)?;
            self.client.call(self.client.raw().create_ai_template(&self.body)).await
        })
    }
}

/// A template about to be rendered, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct RenderAiTemplate {
    client: Client,
    body: RenderAiTemplateBody,
}

impl RenderAiTemplate {
    setters! {
        /// The saved template.
        template(AiTemplateId) => uuid;
        /// The subject.
        subject(String) => subject;
        /// The text, with variables.
        body(String) => body;
        /// The instructions for the language model.
        prompt(String) => prompt;
        /// The id of the language model.
        llm(String) => llm_uuid;
        /// Whether the text of the language model is checked.
        validation(bool) => enable_validation;
        /// Whether there is a text to fall back on.
        fallback(bool) => enable_fallback;
    }

    /// What the text is for.
    pub fn kind(mut self, kind: AiTemplateType) -> Self {
        self.body.type_ = Some(kind.to_string());
        self
    }

    /// Settings for the language model.
    pub fn llm_config(mut self, config: Map<String, Value>) -> Self {
        self.body.llm_config = config;
        self
    }

    /// Further settings.
    pub fn settings(mut self, settings: Map<String, Value>) -> Self {
        self.body.settings = settings;
        self
    }
}

impl IntoFuture for RenderAiTemplate {
    type Output = Result<RenderedTemplate>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let body = &self.body;
            validate::id("contact_uuid", &body.lead_uuid)?;
            validate::id("sender_profile_uuid", &body.sender_profile_uuid)?;
            if let Some(template) = &body.uuid {
                validate::id("template_uuid", template)?;
            }
            if body.uuid.is_none() && body.body.is_none() && body.prompt.is_none() {
                let message = "there is nothing to render: neither a template, a text nor instructions";
                return Err(Error::input("template_uuid", message));
            }
            self.client.call(self.client.raw().render_ai_template(&self.body)).await
        })
    }
}

impl Listed for AiTemplates {
    type Item = AiTemplate;
    const OPERATION: &'static str = "listAiTemplates";
    const ORDERED: bool = false;

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<AiTemplate>>> {
        Box::pin(async move {
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_ai_templates_with_options(options::ListAiTemplates {
                    limit,
                    offset,
                    ..Default::default()
                }))
                .await
        })
    }
}
