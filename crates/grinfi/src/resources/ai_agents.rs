//! AI agents.

use std::future::IntoFuture;

use grinfi_raw::{ids::AiAgentId, types::CreateAiAgentBody};
use serde_json::{Map, Value};

use crate::{
    call::Call,
    client::Client,
    error::Result,
    models::{AiAgent, AiAgentUpdate},
    page::BoxFuture,
    resources::{
        macros::{fetch, handle, setters},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// AI agents, which classify the replies of contacts.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let agent = client.ai_agents().create("Replies").prompt("Is the answer a yes?").await?;
    /// for agent in client.ai_agents().list().stream().collect().await? {
    ///     println!("{} {:?}", agent.uuid, agent.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    AiAgents
}

impl Client {
    /// AI agents, which classify the replies of contacts.
    #[must_use]
    pub fn ai_agents(&self) -> AiAgents {
        AiAgents::new(self.clone())
    }
}

impl AiAgents {
    /// Lists the agents (`listAiAgents`). They support neither a filter nor an order.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets an agent (`getAiAgent`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<AiAgentId>) -> Call<AiAgent> {
        self.client.call(self.client.raw().get_ai_agent(uuid.into().as_str()))
    }

    /// Creates an agent (`createAiAgent`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(&self, name: impl Into<String>) -> CreateAiAgent {
        CreateAiAgent { client: self.client.clone(), body: CreateAiAgentBody::new(name) }
    }

    /// Changes an agent (`updateAiAgent`). Fields that are `None` stay unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(&self, uuid: impl Into<AiAgentId>, changes: &AiAgentUpdate) -> Call<AiAgent> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("name", changes.name.as_deref())?;
            Ok(self.client.raw().update_ai_agent(uuid.as_str(), changes))
        })
    }

    /// Deletes an agent (`deleteAiAgent`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<AiAgentId>) -> Call<()> {
        self.client.call(self.client.raw().delete_ai_agent(uuid.into().as_str()))
    }
}

/// Builder for a new AI agent. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateAiAgent {
    client: Client,
    body: CreateAiAgentBody,
}

impl CreateAiAgent {
    setters! {
        /// Sets the description.
        description(String) => description;
        /// Sets the URL of the picture.
        avatar_url(String) => avatar_url;
        /// Sets the language model, by the id of its integration.
        llm(String) => classification_llm_uuid;
        /// Sets the instructions for the language model.
        prompt(String) => classification_prompt;
    }

    /// Sets the configuration of the language model.
    pub fn llm_config(mut self, config: Map<String, Value>) -> Self {
        self.body.classification_llm_config = config;
        self
    }
}

impl IntoFuture for CreateAiAgent {
    type Output = Result<AiAgent>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::text("name", &self.body.name)?;
            if let Some(llm) = &self.body.classification_llm_uuid {
                validate::id("llm", llm)?;
            }
            self.client.call(self.client.raw().create_ai_agent(&self.body)).await
        })
    }
}

impl Listed for AiAgents {
    type Item = AiAgent;
    const OPERATION: &'static str = "listAiAgents";
    const ORDERED: bool = false;

    fetch! { list_ai_agents_with_options(ListAiAgents) }
}
