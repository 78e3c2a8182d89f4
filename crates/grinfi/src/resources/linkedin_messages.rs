//! LinkedIn messages, received and sent.

pub(crate) mod manage;
pub(crate) mod send_once;

use std::future::IntoFuture;

use chrono::{DateTime, Utc};
use grinfi_raw::{
    enums::{LinkedinMessageStatus, LinkedinMessageType},
    ids::{AttachmentId, ContactId, SenderProfileId, TemplateId},
    types::{AttachmentRef, SendLinkedInMessageBody},
};

use crate::{
    client::Client,
    complete::Complete,
    error::{Error, ErrorKind, Result},
    filter::linkedin_message,
    models::LinkedinMessage,
    once::SendLookup,
    page::BoxFuture,
    resources::{
        macros::{fetch, handle},
        validate,
    },
    search::{Listed, Search},
    wait::{self, Look, Wait},
};

/// Maximum length of a subject, in characters.
const LONGEST_SUBJECT: usize = 511;

handle! {
    /// LinkedIn messages, received and sent.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::filter::linkedin_message;
    ///
    /// let message = client.linkedin_messages().send(&sender, &contact, "Thanks for connecting!").await?;
    /// assert_eq!(message.status.unwrap(), "new");
    ///
    /// let thread = linkedin_message::contact_uuid().eq(&contact);
    /// let mut messages = client.linkedin_messages().list().filter(thread).stream();
    /// while let Some(message) = messages.next().await.transpose()? {
    ///     println!("{:?}: {:?}", message.sent_at, message.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    LinkedinMessages
}

impl Client {
    /// LinkedIn messages, received and sent.
    #[must_use]
    pub fn linkedin_messages(&self) -> LinkedinMessages {
        LinkedinMessages::new(self.clone())
    }
}

impl LinkedinMessages {
    /// Lists the messages (`listLinkedinMessages`).
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Waits until a queued message is sent, that is, until its status is `done` (`listLinkedinMessages`).
    ///
    /// The API cannot get a single message, so this lists the newest hundred from the same sender profile to the same
    /// contact. The schedule and limits of the sender profile decide when it is sent, which can be the next day.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// let message = client.linkedin_messages().send(&sender, &contact, "Thanks for connecting!").await?;
    /// let a_look = grinfi::jobs::Wait::new().max_looks(1);
    /// match client.linkedin_messages().wait_until_sent(&message, &a_look).await {
    ///     Ok(message) => println!("sent at {:?}", message.sent_at),
    ///     Err(error) if error.is_still_running() => println!("in the queue: {:?}", error.progress()),
    ///     Err(error) => println!("not sent: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_job_failed`](crate::Error::is_job_failed), with the API's reason, if sending failed;
    /// [`Error::is_still_running`](crate::Error::is_still_running) at the limit: call this again to continue waiting;
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a message without a contact or a sender profile.
    pub fn wait_until_sent(
        &self,
        message: &LinkedinMessage,
        wait: &Wait,
    ) -> BoxFuture<Result<LinkedinMessage>> {
        let this = self.clone();
        let (message, wait) = (message.clone(), wait.clone());
        Box::pin(async move {
            let (Some(contact), Some(sender)) = (&message.contact_uuid, &message.sender_profile_uuid) else {
                return Err(Error::input("message", "must have a contact and a sender profile"));
            };
            let conversation = linkedin_message::contact_uuid().eq(contact)
                & linkedin_message::sender_profile_uuid().eq(sender)
                & linkedin_message::type_().eq(LinkedinMessageType::Outbox);
            let look = || async {
                let messages = this.list().filter(conversation.clone()).limit(100).page().await?.data;
                let found = messages.into_iter().find(|found| found.uuid == message.uuid);
                let status = found.as_ref().and_then(|found| found.status.clone());
                let word = status.as_ref().map(ToString::to_string);
                match status {
                    Some(LinkedinMessageStatus::Failed) => {
                        let why = found.and_then(|found| found.fail_reason);
                        let why = why.unwrap_or_else(|| "the API gives no reason".to_owned());
                        Err(Error::new(ErrorKind::JobFailed, format!("the message was not sent: {why}")))
                    }
                    Some(LinkedinMessageStatus::Done) => Ok(Look::new(found).status(word)),
                    _ => Ok(Look::new(None).status(word)),
                }
            };
            wait::until(&wait, "sending the message", look).await.map(|(sent, _)| sent)
        })
    }

    /// Sends a message to a contact (`sendLinkedInMessage`). Returns a builder; await it to send the request.
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
        sender_profile_uuid: impl Into<SenderProfileId>,
        contact_uuid: impl Into<ContactId>,
        text: impl Into<String>,
    ) -> SendLinkedinMessage {
        SendLinkedinMessage {
            client: self.client.clone(),
            body: SendLinkedInMessageBody::new(contact_uuid, sender_profile_uuid, text),
            lookup: SendLookup::new(),
        }
    }
}

/// Builder for a new message. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct SendLinkedinMessage {
    client: Client,
    body: SendLinkedInMessageBody,
    lookup: SendLookup,
}

impl SendLinkedinMessage {
    /// Sets the template that the text is based on.
    pub fn template(mut self, template_uuid: impl Into<TemplateId>) -> Self {
        self.body.template_uuid = Some(template_uuid.into());
        self
    }

    /// Sets the subject of an InMail, up to 511 characters. Undocumented: taken from a related product.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.body.subject = Some(subject.into());
        self
    }

    /// Sets the LinkedIn product that sends the message, such as `basic`. Undocumented: taken from a related product.
    pub fn messenger_type(mut self, messenger_type: impl Into<String>) -> Self {
        self.body.linkedin_messenger_type = Some(messenger_type.into());
        self
    }

    /// Attaches an uploaded file. Can be called several times.
    pub fn attachment(mut self, attachment_uuid: impl Into<AttachmentId>) -> Self {
        self.body.attachments.push(AttachmentRef::new(attachment_uuid));
        self
    }

    fn check(&self) -> Result<()> {
        validate::id("sender_profile_uuid", &self.body.sender_profile_uuid)?;
        validate::id("contact_uuid", &self.body.contact_uuid)?;
        validate::text("text", &self.body.text)?;
        if let Some(template) = &self.body.template_uuid {
            validate::id("template_uuid", template)?;
        }
        if let Some(subject) = &self.body.subject {
            validate::text("subject", subject)?;
            let length = subject.chars().count();
            if length > LONGEST_SUBJECT {
                let message = format!("must have at most {LONGEST_SUBJECT} characters, got {length}");
                return Err(Error::input("subject", message));
            }
        }
        if let Some(messenger_type) = &self.body.linkedin_messenger_type {
            validate::text("messenger_type", messenger_type)?;
        }
        for attachment in &self.body.attachments {
            validate::id("attachment_uuid", &attachment.uuid)?;
        }
        Ok(())
    }
}

impl IntoFuture for SendLinkedinMessage {
    type Output = Result<LinkedinMessage>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.check()?;
            self.client.call(self.client.raw().send_linked_in_message(&self.body)).await
        })
    }
}

impl Complete for LinkedinMessages {
    const TIME: &'static str = "sent_at";

    fn time(row: &LinkedinMessage) -> Option<DateTime<Utc>> {
        row.sent_at
    }
}

impl Listed for LinkedinMessages {
    type Item = LinkedinMessage;
    const OPERATION: &'static str = "listLinkedinMessages";

    fetch! { list_linkedin_messages_with_options(ListLinkedinMessages, order, filter) }
}
