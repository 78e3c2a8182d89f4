//! AI templates.

use std::future::IntoFuture;

use grinfi_raw::{
    enums::AiTemplateType,
    ids::{AiTemplateId, ContactId, SenderProfileId},
    types::{CreateAiTemplateBody, RenderAiTemplateBody},
};
use serde_json::{Map, Value};

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{AiTemplate, AiTemplateUpdate, RenderedTemplate},
    page::BoxFuture,
    resources::{
        macros::{fetch, handle, setters},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// AI templates: fixed texts with variables, instructions for a language model, or both.
    ///
    /// Texts support `{{variable}}`, `{{ "a|b" | spintax }}` and `{% if %}`. An unknown variable renders as an empty
    /// text without an error, so [`render`](Self::render) a template before using it.
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
    /// Lists the templates (`listAiTemplates`), including deleted ones. They support neither a filter nor an order.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a template (`getAiTemplate`), even a deleted one.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<AiTemplateId>) -> Call<AiTemplate> {
        self.client.call(self.client.raw().get_ai_template(uuid.into().as_str()))
    }

    /// Creates a template (`createAiTemplate`), visible to the whole team if it is public. `is_public` is required,
    /// because the API returns 500 without it. Returns a builder; await it to send the request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name; [`Error::is_validation`] if the API rejects it;
    /// [`Error::is_unknown_outcome`] if the response was lost.
    pub fn create(&self, name: impl Into<String>, kind: AiTemplateType, is_public: bool) -> CreateAiTemplate {
        CreateAiTemplate {
            client: self.client.clone(),
            body: CreateAiTemplateBody::new(is_public.into(), name, kind),
        }
    }

    /// Changes a template (`updateAiTemplate`). Fields that are `None` stay unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
    pub fn update(&self, uuid: impl Into<AiTemplateId>, changes: &AiTemplateUpdate) -> Call<AiTemplate> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("name", changes.name.as_deref())?;
            Ok(self.client.raw().update_ai_template(uuid.as_str(), changes))
        })
    }

    /// Deletes a template (`deleteAiTemplate`). `get` and `list` still return it afterwards, without a mark.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: impl Into<AiTemplateId>) -> Call<()> {
        self.client.call(self.client.raw().delete_ai_template(uuid.into().as_str()))
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
        contact_uuid: impl Into<ContactId>,
        sender_profile_uuid: impl Into<SenderProfileId>,
    ) -> RenderAiTemplate {
        RenderAiTemplate {
            client: self.client.clone(),
            body: RenderAiTemplateBody::new(contact_uuid, sender_profile_uuid),
        }
    }
}

/// Builder for a new template. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateAiTemplate {
    client: Client,
    body: CreateAiTemplateBody,
}

impl CreateAiTemplate {
    setters! {
        /// Sets the subject, for emails.
        subject(String) => subject;
        /// Sets the text, with variables.
        body(String) => body;
        /// Sets the instructions for the language model.
        prompt(String) => prompt;
        /// Sets the language model, by the id of its integration.
        llm(String) => llm_uuid;
        /// Sets the configuration of the language model.
        llm_config(Map<String, Value>) => llm_config;
        /// Sets whether the texts of the language model are checked.
        validation(bool) => enable_validation;
        /// Sets whether there is a fallback text.
        fallback(bool) => enable_fallback;
    }

    /// Sets further settings.
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

/// Builder for a new template. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct RenderAiTemplate {
    client: Client,
    body: RenderAiTemplateBody,
}

impl RenderAiTemplate {
    setters! {
        /// Sets the saved template to render.
        template(AiTemplateId) => uuid;
        /// Sets the subject.
        subject(String) => subject;
        /// Sets the text, with variables.
        body(String) => body;
        /// Sets the instructions for the language model.
        prompt(String) => prompt;
        /// Sets the language model, by the id of its integration.
        llm(String) => llm_uuid;
        /// Sets whether the text of the language model is checked.
        validation(bool) => enable_validation;
        /// Sets whether there is a fallback text.
        fallback(bool) => enable_fallback;
    }

    /// Sets the purpose of the text.
    pub fn type_(mut self, type_: AiTemplateType) -> Self {
        self.body.type_ = Some(type_.to_string());
        self
    }

    /// Sets the configuration of the language model.
    pub fn llm_config(mut self, config: Map<String, Value>) -> Self {
        self.body.llm_config = config;
        self
    }

    /// Sets further settings.
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
            validate::id("contact_uuid", &body.contact_uuid)?;
            validate::id("sender_profile_uuid", &body.sender_profile_uuid)?;
            if let Some(template) = &body.uuid {
                validate::id("template_uuid", template)?;
            }
            if body.uuid.is_none() && body.body.is_none() && body.prompt.is_none() {
                let message = "a template, a text or instructions must be set";
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

    fetch! { list_ai_templates_with_options(ListAiTemplates) }
}
