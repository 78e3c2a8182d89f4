//! Language model integrations.

use std::future::IntoFuture;

use grinfi_raw::{
    Secret,
    enums::{LlmOwner, LlmProvider},
    ids::LlmId,
    types::CreateLlmBody,
};

use crate::{
    call::Call,
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
    /// Language model integrations of AI agents and templates. Undocumented: the fields of a record are inferred.
    ///
    /// AI templates and AI agents refer to their language model by the UUID of an integration.
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
    /// Language model integrations of AI agents and templates.
    #[must_use]
    pub fn llms(&self) -> Llms {
        Llms::new(self.clone())
    }
}

impl Llms {
    /// Lists all integrations of the team (`listLlms`, undocumented), without pages.
    pub fn list(&self) -> Unpaged<Llm> {
        Unpaged::new(&self.client, self.client.operation("listLlms", &[]), |client| {
            Box::pin(async move { client.call(client.raw().list_llms()).await })
        })
    }

    /// Gets an integration (`getLlm`, undocumented).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<LlmId>) -> Call<Llm> {
        self.client.call(self.client.raw().get_llm(uuid.into().as_str()))
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
        provider: LlmProvider,
        provider_api_token: impl Into<Secret>,
    ) -> CreateLlm {
        let body = CreateLlmBody::new(name, provider, provider_api_token.into());
        CreateLlm { client: self.client.clone(), body }
    }

    /// Changes the name or the token of an integration (`updateLlm`, undocumented). Fields that are `None` stay
    /// unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(&self, uuid: impl Into<LlmId>, changes: &LlmUpdate) -> Call<Llm> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("name", changes.name.as_deref())?;
            validate::optional_text(
                "provider_api_token",
                changes.provider_api_token.as_ref().map(Secret::expose),
            )?;
            Ok(self.client.raw().update_llm(uuid.as_str(), changes))
        })
    }

    /// Deletes an integration (`deleteLlm`, undocumented). Agents and templates that use it are not changed.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<LlmId>) -> Call<()> {
        self.client.call(self.client.raw().delete_llm(uuid.into().as_str()))
    }
}

/// Builder for a new language model integration. Await it to send it.
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
