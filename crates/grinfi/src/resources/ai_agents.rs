//! AI agents.

use std::future::IntoFuture;

use grinfi_raw::{ids::AiAgentId, options, types::CreateAiAgentBody};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::Result,
    models::{AiAgent, AiAgentUpdate},
    page::{BoxFuture, Page},
    resources::{
        macros::{handle, setters},
        validate,
    },
    search::{Listed, Query, Search},
};

handle! {
    /// AI agents, which classify what contacts reply.
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
    /// AI agents, which classify what contacts reply.
    #[must_use]
    pub fn ai_agents(&self) -> AiAgents {
        AiAgents::new(self.clone())
    }
}

impl AiAgents {
    /// Lists the agents (`listAiAgents`). They take neither filter nor order.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets an agent (`getAiAgent`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<AiAgentId>) -> Result<AiAgent> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_ai_agent(uuid.as_str())).await
    }

    /// Creates an agent (`createAiAgent`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_validation`](crate::Error::is_validation) if the API refuses it;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub fn create(&self, name: impl Into<String>) -> CreateAiAgent {
        CreateAiAgent { client: self.client.clone(), body: CreateAiAgentBody::new(name) }
    }

    /// Changes an agent (`updateAiAgent`). What is `None` stays.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if nothing would change;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn update(&self, uuid: impl Into<AiAgentId>, changes: &AiAgentUpdate) -> Result<AiAgent> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("name", changes.name.as_deref())?;
        self.client.call(self.client.raw().update_ai_agent(uuid.as_str(), changes)).await
    }

    /// Deletes an agent (`deleteAiAgent`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<AiAgentId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_ai_agent(uuid.as_str())).await
    }
}

/// An AI agent about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateAiAgent {
    client: Client,
    body: CreateAiAgentBody,
}

impl CreateAiAgent {
    setters! {
        /// Describes the agent.
        description(String) => description;
        /// Where its picture is.
        avatar_url(String) => avatar_url;
        /// The id of the language model that classifies.
        llm(String) => classification_llm_uuid;
        /// The instructions for the language model.
        prompt(String) => classification_prompt;
    }

    /// Settings for the language model.
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

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<AiAgent>>> {
        Box::pin(async move {
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_ai_agents_with_options(options::ListAiAgents {
                    limit,
                    offset,
                    ..Default::default()
                }))
                .await
        })
    }
}
