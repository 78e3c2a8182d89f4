//! Language model integrations.

use std::future::IntoFuture;

use grinfi_raw::{
    Secret,
    enums::{LlmOwner, LlmProvider},
    ids::LlmId,
    types::CreateLlmBody,
};

use crate::{
    client::Client,
    error::Result,
    models::{Llm, LlmUpdate},
    page::BoxFuture,
    resources::{
        macros::{handle, setters},
        validate,
    },
    search::Unpaged,
};

handle! {
    /// Language model integrations, which AI agents and templates write with. Undocumented: the shape of a record is inferred.
    ///
    /// The UUID of an integration is what AI templates and AI agents take as their language model.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::models::enums::LlmProvider;
    ///
    /// let llm = client.llms().create("Claude", LlmProvider::Anthropic, "the token").await?;
    /// client.ai_agents().create("Replies").llm(llm.uuid.as_str()).await?;
    /// # Ok(())
    /// # }
    /// ```
    Llms
}

impl Client {
    /// Language model integrations, which AI agents and templates write with.
    #[must_use]
    pub fn llms(&self) -> Llms {
        Llms::new(self.clone())
    }
}

impl Llms {
    /// Lists the integrations of the team (`listLlms`, undocumented). They come all at once.
    pub fn list(&self) -> Unpaged<Llm> {
        Unpaged::new(&self.client, self.client.operation("listLlms", &[]), |client| {
            Box::pin(async move { client.call(client.raw().list_llms()).await })
        })
    }

    /// Gets an integration (`getLlm`, undocumented).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<LlmId>) -> Result<Llm> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_llm(uuid.as_str())).await
    }

    /// Registers the API token of a provider (`createLlm`, undocumented), by awaiting what this returns.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name or token;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost: look for the integration with
    /// [`list`](Self::list).
    pub fn create(
        &self,
        name: impl Into<String>,
        provider: LlmProvider,
        provider_api_token: impl Into<Secret>,
    ) -> CreateLlm {
        let body = CreateLlmBody::new(name, provider, provider_api_token.into());
        CreateLlm { client: self.client.clone(), body }
    }

    /// Changes the name or the token of an integration (`updateLlm`, undocumented). What is `None` stays.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if nothing would change;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn update(&self, uuid: impl Into<LlmId>, changes: &LlmUpdate) -> Result<Llm> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("name", changes.name.as_deref())?;
        validate::optional_text(
            "provider_api_token",
            changes.provider_api_token.as_ref().map(Secret::expose),
        )?;
        self.client.call(self.client.raw().update_llm(uuid.as_str(), changes)).await
    }

    /// Deletes an integration (`deleteLlm`, undocumented). Agents and templates that name it are not changed.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<LlmId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_llm(uuid.as_str())).await
    }
}

/// A language model integration about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateLlm {
    client: Client,
    body: CreateLlmBody,
}

impl CreateLlm {
    setters! {
        /// Sets who pays the provider. The API's default is `customer`.
        owner(LlmOwner) => owner;
    }
}

impl IntoFuture for CreateLlm {
    type Output = Result<Llm>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::text("name", &self.body.name)?;
            validate::text("provider_api_token", self.body.provider_api_token.expose())?;
            self.client.call(self.client.raw().create_llm(&self.body)).await
        })
    }
}
