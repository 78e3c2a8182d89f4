//! Sending a message at most once: if the outcome is unknown, it is looked up.

use chrono::{DateTime, Utc};

use crate::{
    client::Client,
    error::Result,
    filter::linkedin_message,
    models::LinkedinMessage,
    once::{self, SendLookup, Sending, is_same},
    page::BoxFuture,
    resources::linkedin_messages::{LinkedinMessages, SendLinkedinMessage},
    search::Order,
};

impl SendLinkedinMessage {
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// match client.linkedin_messages().send(&sender, &contact, "Thanks for connecting!").once().await {
    ///     Ok(message) => println!("queued as {:?}", message.uuid),
    ///     Err(error) if error.is_unknown_outcome() => println!("look again later, and do not send: {error}"),
    ///     Err(error) => println!("not sent: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As awaiting it without `once`; also the error of the listing before, with nothing sent.
    pub fn once(self) -> BoxFuture<Result<LinkedinMessage>> {
        Box::pin(async move {
            self.check()?;
            self.lookup.check()?;
            once::once(&self).await
        })
    }

    /// Sets how often and how long [`once`](Self::once) looks if the outcome is unknown. Default [`SendLookup::new`].
    pub fn lookup(mut self, lookup: SendLookup) -> Self {
        self.lookup = lookup;
        self
    }
}

impl Sending for SendLinkedinMessage {
    type Sent = LinkedinMessage;

    fn client(&self) -> &Client {
        &self.client
    }

    fn lookup(&self) -> SendLookup {
        self.lookup
    }

    fn conversation(&self) -> (String, String) {
        (self.body.sender_profile_uuid.to_string(), self.body.contact_uuid.to_string())
    }

    fn send(&self, client: Client) -> BoxFuture<Result<LinkedinMessage>> {
        Self { client, body: self.body.clone(), lookup: self.lookup }.into_future()
    }

    fn list_matching(&self, client: Client) -> BoxFuture<Result<Vec<LinkedinMessage>>> {
        let body = self.body.clone();
        Box::pin(async move {
            let (sender, contact) = (&body.sender_profile_uuid, &body.contact_uuid);
            let outbox = grinfi_raw::enums::LinkedinMessageType::Outbox;
            let conversation = linkedin_message::contact_uuid().eq(contact)
                & linkedin_message::sender_profile_uuid().eq(sender)
                & linkedin_message::type_().eq(outbox.clone());
            let messages = LinkedinMessages::new(client);
            let mut found = messages
                .list()
                .filter(conversation)
                .order_by_name("created_at", Order::Desc)
                .limit(100)
                .page()
                .await?
                .data;
            // Compared here too, because the API ignores unsupported filters without an error.
            found.retain(|message| {
                message.text.as_deref().is_some_and(|text| is_same(text, &body.text))
                    && message.contact_uuid.as_ref().is_none_or(|id| id == contact)
                    && message.sender_profile_uuid.as_ref().is_none_or(|id| id == sender)
                    && message.type_.as_ref().is_none_or(|kind| *kind == outbox)
            });
            Ok(found)
        })
    }

    fn confirm(&self, _: Client, _: &LinkedinMessage) -> BoxFuture<Result<bool>> {
        Box::pin(async { Ok(true) })
    }

    fn id(sent: &LinkedinMessage) -> Option<String> {
        Some(sent.uuid.to_string())
    }

    fn time(sent: &LinkedinMessage) -> Option<DateTime<Utc>> {
        sent.created_at.or(sent.sent_at)
    }
}
