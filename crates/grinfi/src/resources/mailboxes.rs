//! Mailboxes.

use std::{fmt, future::IntoFuture};

use grinfi_raw::{
    ids::{MailboxId, SenderProfileId},
    types::{CreateMailboxBody, DeleteMailboxBody},
};

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{ConnectionSettings, Mailbox, MailboxUpdate},
    page::BoxFuture,
    resources::{
        macros::{fetch, handle, setters},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// Mailboxes: the email accounts of sender profiles.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::filter::mailbox;
    ///
    /// let found = client.mailboxes().list().filter(mailbox::q().eq("example.com")).stream().collect().await?;
    /// for mailbox in found {
    ///     println!("{:?} {:?}", mailbox.email, mailbox.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Mailboxes
}

impl Client {
    /// Mailboxes: the email accounts of sender profiles.
    #[must_use]
    pub fn mailboxes(&self) -> Mailboxes {
        Mailboxes::new(self.clone())
    }
}

impl Mailboxes {
    /// Lists the mailboxes (`listMailboxes`).
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a mailbox (`getMailbox`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<MailboxId>) -> Call<Mailbox> {
        self.client.call(self.client.raw().get_mailbox(uuid.into().as_str()))
    }

    /// Connects an email account to a sender profile (`createMailbox`). Set its servers and passwords with
    /// [`connection_settings`](CreateMailbox::connection_settings). Returns a builder; await it to send the request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an invalid address, a blank name, or a number out of range;
    /// [`Error::is_unknown_outcome`] if the response was lost.
    pub fn create(
        &self,
        email: impl Into<String>,
        sender_name: impl Into<String>,
        sender_profile_uuid: impl Into<SenderProfileId>,
    ) -> CreateMailbox {
        CreateMailbox {
            client: self.client.clone(),
            body: CreateMailboxBody::new(email, sender_name, sender_profile_uuid),
        }
    }

    /// Changes the sender name, the limits, the tracking domain or the servers of a mailbox (`updateMailbox`). Fields
    /// that are `None` stay unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
    pub fn update(&self, uuid: impl Into<MailboxId>, changes: &MailboxUpdate) -> Call<Mailbox> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("sender_name", changes.sender_name.as_deref())?;
            check_limits(changes.automation_daily_limit, changes.automation_task_interval)?;
            Ok(self.client.raw().update_mailbox(uuid.as_str(), changes))
        })
    }

    /// Deletes a mailbox (`deleteMailbox`) without a replacement in its automations.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: impl Into<MailboxId>) -> Call<()> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            let body = DeleteMailboxBody::new(false);
            Ok(self.client.raw().delete_mailbox(uuid.as_str(), &body))
        })
    }

    /// Deletes a mailbox (`deleteMailbox`) and replaces it in its automations by another.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if both are the same; [`Error::is_not_found`] if the id is unknown.
    pub fn delete_and_reassign(&self, uuid: impl Into<MailboxId>, to: impl Into<MailboxId>) -> Call<()> {
        self.client.try_call(|| {
            let (uuid, to) = (uuid.into(), to.into());
            validate::id("to", &to)?;
            if uuid == to {
                return Err(Error::input("to", "must not be the deleted mailbox"));
            }
            let mut body = DeleteMailboxBody::new(true);
            body.automation_mailbox_to_reassign = Some(to.into());
            Ok(self.client.raw().delete_mailbox(uuid.as_str(), &body))
        })
    }

    /// Activates a mailbox for sending (`activateMailbox`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn activate(&self, uuid: impl Into<MailboxId>) -> Call<Mailbox> {
        self.client.call(self.client.raw().activate_mailbox(uuid.into().as_str()))
    }

    /// Deactivates a mailbox (`deactivateMailbox`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn deactivate(&self, uuid: impl Into<MailboxId>) -> Call<Mailbox> {
        self.client.call(self.client.raw().deactivate_mailbox(uuid.into().as_str()))
    }
}

fn check_limits(daily: Option<i64>, interval: Option<i64>) -> Result<()> {
    for (field, value) in [("automation_daily_limit", daily), ("automation_task_interval", interval)] {
        if value.is_some_and(|value| value < 0) {
            return Err(Error::input(field, "must not be negative"));
        }
    }
    Ok(())
}

/// Builder for a new mailbox. Await it to send it.
#[derive(Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateMailbox {
    client: Client,
    body: CreateMailboxBody,
}

impl CreateMailbox {
    setters! {
        /// Sets the email provider.
        provider(String) => provider;
        /// Sets servers and credentials for sending (SMTP) and reading (IMAP).
        connection_settings(ConnectionSettings) => connection_settings;
        /// Sets how many emails automations may send per day.
        daily_limit(i64) => automation_daily_limit;
        /// Sets the time between two emails of automations. The unit is not documented.
        task_interval(i64) => automation_task_interval;
    }
}

impl IntoFuture for CreateMailbox {
    type Output = Result<Mailbox>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::email("email", &self.body.email)?;
            validate::text("sender_name", &self.body.sender_name)?;
            validate::id("sender_profile_uuid", &self.body.sender_profile_uuid)?;
            check_limits(self.body.automation_daily_limit, self.body.automation_task_interval)?;
            if let Some(settings) = &self.body.connection_settings {
                for (field, port) in [("smtp_port", settings.smtp_port), ("imap_port", settings.imap_port)] {
                    if port.is_some_and(|port| !(1..=65_535).contains(&port)) {
                        return Err(Error::input(
                            format!("connection_settings.{field}"),
                            "must be a port from 1 to 65535",
                        ));
                    }
                }
            }
            self.client.call(self.client.raw().create_mailbox(&self.body)).await
        })
    }
}

// Not derived, because the settings contain passwords.
impl fmt::Debug for CreateMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateMailbox").field("email", &self.body.email).finish_non_exhaustive()
    }
}

impl Listed for Mailboxes {
    type Item = Mailbox;
    const OPERATION: &'static str = "listMailboxes";

    fetch! { list_mailboxes_with_options(ListMailboxes, order, filter) }
}
