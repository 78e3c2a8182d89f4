//! LinkedIn conversations.

use super::handle;
use crate::{
    client::Client,
    error::Result,
    model::LinkedinConversation,
    page::{BoxFuture, Page},
    search::{Listed, Query, Search},
};

handle! {
    /// LinkedIn conversations: which there are; what was said is in the [messages](crate::LinkedinMessages).
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = grinfi::Client::builder().api_key("k.k.k").base_url("http://127.0.0.1:8787").build()?;
    /// # let contact = "00000000-0000-4000-8000-000000000001";
    /// use grinfi::filter::linkedin_conversation;
    ///
    /// let with_contact = linkedin_conversation::lead_uuid().eq(contact);
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
    /// Lists the conversations (`listLinkedinConversations`). They take no order, and no filter by automation.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }
}

impl Listed for LinkedinConversations {
    type Item = LinkedinConversation;
    const OPERATION: &'static str = "listLinkedinConversations";
    const ORDERED: bool = false;

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<LinkedinConversation>>> {
        Box::pin(async move {
            let (limit, offset) = query.window();
            let filter = query.brackets();
            client.call(client.raw().list_linkedin_conversations(filter.as_ref(), limit, offset)).await
        })
    }
}
