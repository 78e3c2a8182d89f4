//! LinkedIn conversations.

use crate::{
    client::Client,
    models::LinkedinConversation,
    resources::macros::{fetch, handle},
    search::{Listed, Search},
};

handle! {
    /// LinkedIn conversations. Their texts are in the [messages](crate::linkedin_messages::LinkedinMessages).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::filter::linkedin_conversation;
    ///
    /// let with_contact = linkedin_conversation::contact_uuid().eq(&contact);
    /// for conversation in client.linkedin_conversations().list().filter(with_contact).stream().collect().await? {
    ///     println!("{} {:?}", conversation.uuid, conversation.last_activity_at);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    LinkedinConversations
}

impl Client {
    /// LinkedIn conversations.
    #[must_use]
    pub fn linkedin_conversations(&self) -> LinkedinConversations {
        LinkedinConversations::new(self.clone())
    }
}

impl LinkedinConversations {
    /// Lists the conversations (`listLinkedinConversations`). They support no order, and no filter by automation.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }
}

impl Listed for LinkedinConversations {
    type Item = LinkedinConversation;
    const OPERATION: &'static str = "listLinkedinConversations";
    const ORDERED: bool = false;

    fetch! { list_linkedin_conversations_with_options(ListLinkedinConversations, filter) }
}
