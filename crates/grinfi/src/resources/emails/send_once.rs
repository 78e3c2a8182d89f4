//! Sending an email at most once: if the outcome is unknown, it is looked up.

use chrono::{DateTime, Utc};

use crate::{
    client::Client,
    error::Result,
    filter::email,
    models::SentEmail,
    once::{self, SendLookup, Sending, is_same},
    page::BoxFuture,
    resources::emails::{Emails, SendEmail},
    search::Order,
};

impl SendEmail {
    /// Sends the email. If the outcome is unknown, looks for it among the contact's emails and returns it if found.
    ///
    /// Guarantees: this call sends the email at most once. A value means that the API has it. An error other than an
    /// [unknown outcome](crate::Error::is_unknown_outcome) means that the API does not have it.
    ///
    /// Before sending, it lists the sent emails with this subject, sender and recipient. If the outcome is unknown, it
    /// lists the newest of them again, looking for a new one that is not older than the call and, if a text was given,
    /// contains that text. It does so 5 times within 30 s, with the back-off of the client's
    /// [`RetryPolicy`](crate::RetryPolicy); [`lookup`](Self::lookup) changes that. An email found this way has no body
    /// ([`email_body_domain`](SentEmail::email_body_domain)). If it is not found,
    /// [`Error::lookups`](crate::Error::lookups) contains the number and duration of the lookups.
    ///
    /// It cannot prove that the email was *not* sent. So it never sends again, and an email that is not found remains
    /// an unknown outcome. It cannot find an email whose subject or text the API changes, for variables or tracking,
    /// and cannot distinguish the same email that another program sends at the same time; within one process such calls
    /// wait for each other.
    ///
    /// It takes one request more than sending alone. A deadline covers everything, including waiting for an earlier
    /// send to the same address; a third of it, at most the timeout of the lookup, is reserved for the lookup.
    ///
    /// # Errors
    ///
    /// As awaiting it without `once`; also the error of the listing before, with nothing sent.
    pub fn once(self) -> BoxFuture<Result<SentEmail>> {
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

impl Sending for SendEmail {
    type Sent = SentEmail;

    fn client(&self) -> &Client {
        &self.client
    }

    fn lookup(&self) -> SendLookup {
        self.lookup
    }

    fn conversation(&self) -> (String, String) {
        (self.body.from_email.to_lowercase(), self.body.to_email.to_lowercase())
    }

    fn send(&self, client: Client) -> BoxFuture<Result<SentEmail>> {
        Self { client, body: self.body.clone(), lookup: self.lookup }.into_future()
    }

    fn list_matching(&self, client: Client) -> BoxFuture<Result<Vec<SentEmail>>> {
        let body = self.body.clone();
        Box::pin(async move {
            let outbox = grinfi_raw::enums::LinkedinMessageType::Outbox;
            let sent = email::contact_uuid().eq(&body.contact_uuid) & email::type_().eq(outbox.clone());
            let mut found = Emails::new(client)
                .list()
                .filter(sent)
                .order_by_name("created_at", Order::Desc)
                .limit(100)
                .page()
                .await?
                .data;
            let is = |address: &Option<String>, wanted: &str| {
                address.as_deref().is_none_or(|address| address.eq_ignore_ascii_case(wanted))
            };
            // Compared here too, because the API ignores unsupported filters without an error.
            found.retain(|email| {
                email.subject.as_deref().is_some_and(|subject| is_same(subject, &body.subject))
                    && is(&email.from_email, &body.from_email)
                    && is(&email.to_email, &body.to_email)
                    && email.contact_uuid.as_ref().is_none_or(|id| *id == body.contact_uuid)
                    && email.type_.as_ref().is_none_or(|kind| *kind == outbox)
            });
            let sent = |email| SentEmail { email_domain: Some(email), ..Default::default() };
            Ok(found.into_iter().map(sent).collect())
        })
    }

    fn confirm(&self, client: Client, sent: &SentEmail) -> BoxFuture<Result<bool>> {
        let wanted = self.body.body.clone();
        let at = sent.email_domain.as_ref().and_then(|email| email.email_body_uuid.clone());
        Box::pin(async move {
            let (Some(wanted), Some(at)) = (wanted, at) else { return Ok(true) };
            let found = client.email_bodies().get(at).await?;
            let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            // The API may append a signature or a tracking pixel.
            Ok(found.body.is_some_and(|text| squeezed(&text).contains(&squeezed(&wanted))))
        })
    }

    fn id(sent: &SentEmail) -> Option<String> {
        sent.email_domain.as_ref().map(|email| email.uuid.to_string())
    }

    fn time(sent: &SentEmail) -> Option<DateTime<Utc>> {
        sent.email_domain.as_ref().and_then(|email| email.created_at.or(email.sent_at))
    }
}
