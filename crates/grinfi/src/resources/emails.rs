//! Emails, received and sent.

pub(crate) mod send_once;

use std::future::IntoFuture;

use chrono::{DateTime, Utc};
use grinfi_raw::{
    ids::{AttachmentId, ContactId, EmailId, SenderProfileId},
    types::{AttachmentRef, GetEmailLlmThreadBody, GetLatestEmailsByContactsBody, SendEmailBody},
};
use serde_json::Value;

use crate::{
    call::Call,
    client::Client,
    complete::Complete,
    error::{Error, Result},
    models::{Email, SentEmail},
    once::SendLookup,
    page::BoxFuture,
    resources::{
        macros::{fetch, handle},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// Emails, received and sent. Their texts are in the [email bodies](crate::email_bodies::EmailBodies).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::{emails::Address, filter::email, models::enums::LinkedinMessageType};
    ///
    /// let robin = Address::new("Robin Doe", "robin@example.com");
    /// let jane = Address::new("Jane Roe", "jane@example.com");
    /// client.emails().send(&sender, &contact, robin, jane, "The fair").body("<p>Shall we meet?</p>").await?;
    ///
    /// // Received emails often name no contact, so they are looked for by their address.
    /// let received = email::type_().eq(LinkedinMessageType::Inbox) & email::from_email().eq("jane@example.com");
    /// for email in client.emails().list().filter(received).stream().collect().await? {
    ///     println!("{:?} {:?}", email.sent_at, email.subject);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Emails
}

impl Client {
    /// Emails, received and sent.
    #[must_use]
    pub fn emails(&self) -> Emails {
        Emails::new(self.clone())
    }
}

/// A name and an email address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    name: String,
    email: String,
}

impl Address {
    /// A name and an email address.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self { name: name.into(), email: email.into() }
    }
}

impl Emails {
    /// Lists the emails (`listEmails`), without their texts.
    ///
    /// [`complete`](Search::complete) reads them by `sent_at`, the only time that emails can be filtered by. Emails
    /// that are not sent yet have none and come first.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets an email, without its text (`getEmail`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<EmailId>) -> Call<Email> {
        self.client.call(self.client.raw().get_email(uuid.into().as_str()))
    }

    /// Deletes an email from Grinfi (`deleteEmail`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: impl Into<EmailId>) -> Call<()> {
        self.client.call(self.client.raw().delete_email(uuid.into().as_str()))
    }

    /// Sends an email to a contact (`sendEmail`), that is, to a real person. Returns a builder; await it to send the
    /// request.
    ///
    /// The API has no idempotency key, so the request is not retried once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an invalid id, an invalid address or a blank subject; [`Error::is_validation`]
    /// if the API rejects it; [`Error::is_unknown_outcome`] if the email may have been sent: look for it with
    /// [`list`](Self::list) before sending again, or use [`SendEmail::once`], which does this.
    pub fn send(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        contact_uuid: impl Into<ContactId>,
        from: Address,
        to: Address,
        subject: impl Into<String>,
    ) -> SendEmail {
        SendEmail {
            client: self.client.clone(),
            body: SendEmailBody::new(
                from.email,
                from.name,
                contact_uuid,
                sender_profile_uuid,
                subject,
                to.email,
                to.name,
            ),
            lookup: SendLookup::new(),
        }
    }

    /// Gets the thread of an email (`getEmailThread`). The response is not described, so it is returned as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn thread(&self, uuid: impl Into<EmailId>) -> Call<Option<Value>> {
        self.client.call(self.client.raw().get_email_thread(uuid.into().as_str()).json())
    }

    /// Gets the latest emails of contacts (`getLatestEmailsByLeads`). The response is not described, so it is returned
    /// as JSON. Received emails without a contact are missing.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without contacts.
    pub fn latest_of_contacts(
        &self,
        contact_uuids: impl IntoIterator<Item = impl Into<ContactId>>,
    ) -> Call<Option<Value>> {
        self.client.try_call(|| {
            let body = GetLatestEmailsByContactsBody::new(validate::ids("contact_uuids", contact_uuids)?);
            Ok(self.client.raw().get_latest_emails_by_leads(&body).json())
        })
    }

    /// Gets the thread between a sender profile and a contact in a format for language models (`getEmailLLMThread`).
    /// The response is not described, so it is returned as JSON. Returns a builder; await it to send the request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an invalid id or a blank name.
    pub fn llm_thread(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        contact_uuid: impl Into<ContactId>,
        contact_name: impl Into<String>,
    ) -> GetLlmThread {
        GetLlmThread {
            client: self.client.clone(),
            body: GetEmailLlmThreadBody::new(contact_name, contact_uuid, sender_profile_uuid),
        }
    }
}

/// Builder for a new email. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct SendEmail {
    client: Client,
    body: SendEmailBody,
    lookup: SendLookup,
}

impl SendEmail {
    /// Sets the text, as HTML.
    pub fn body(mut self, html: impl Into<String>) -> Self {
        self.body.body = Some(html.into());
        self
    }

    /// Adds a recipient of a copy (cc). Can be called several times.
    pub fn cc(mut self, email: impl Into<String>) -> Self {
        self.body.cc.push(email.into());
        self
    }

    /// Adds a recipient of a blind copy (bcc). Can be called several times.
    pub fn bcc(mut self, email: impl Into<String>) -> Self {
        self.body.bcc.push(email.into());
        self
    }

    /// Attaches an uploaded file. Can be called several times.
    pub fn attachment(mut self, attachment_uuid: impl Into<AttachmentId>) -> Self {
        self.body.attachments.push(AttachmentRef::new(attachment_uuid));
        self
    }

    fn check(&self) -> Result<()> {
        let body = &self.body;
        validate::id("sender_profile_uuid", &body.sender_profile_uuid)?;
        validate::id("contact_uuid", &body.contact_uuid)?;
        validate::text("from.name", &body.from_name)?;
        validate::email("from.email", &body.from_email)?;
        validate::text("to.name", &body.to_name)?;
        validate::email("to.email", &body.to_email)?;
        validate::text("subject", &body.subject)?;
        for (field, addresses) in [("cc", &body.cc), ("bcc", &body.bcc)] {
            addresses.iter().try_for_each(|address| validate::email(field, address))?;
        }
        for attachment in &body.attachments {
            validate::id("attachment_uuid", &attachment.uuid)?;
        }
        Ok(())
    }
}

impl IntoFuture for SendEmail {
    type Output = Result<SentEmail>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.check()?;
            self.client.call(self.client.raw().send_email(&self.body)).await
        })
    }
}

/// Builder for a request of a thread. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct GetLlmThread {
    client: Client,
    body: GetEmailLlmThreadBody,
}

impl GetLlmThread {
    /// Sets the maximum number of emails.
    pub fn limit(mut self, limit: u32) -> Self {
        self.body.limit = Some(limit.to_string());
        self
    }

    /// Limits the thread to emails of the last days.
    pub fn sent_within_days(mut self, days: u32) -> Self {
        self.body.sent_at_recency_in_days = Some(days.into());
        self
    }
}

impl IntoFuture for GetLlmThread {
    type Output = Result<Option<Value>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("sender_profile_uuid", &self.body.sender_profile_uuid)?;
            validate::id("contact_uuid", &self.body.contact_uuid)?;
            validate::text("contact_name", &self.body.contact_name)?;
            if self.body.limit.as_deref() == Some("0") {
                return Err(Error::input("limit", "must be at least 1"));
            }
            if self.body.sent_at_recency_in_days == Some(0) {
                return Err(Error::input("sent_within_days", "must be at least 1"));
            }
            self.client.call(self.client.raw().get_email_llm_thread(&self.body).json()).await
        })
    }
}

impl Complete for Emails {
    const TIME: &'static str = "sent_at";

    fn time(row: &Email) -> Option<DateTime<Utc>> {
        row.sent_at
    }
}

impl Listed for Emails {
    type Item = Email;
    const OPERATION: &'static str = "listEmails";

    fetch! { list_emails_with_options(ListEmails, order, filter) }
}
